import { sql } from 'kysely';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { FlowFacts } from '../queries.ts';

export type FlowEventKind =
  | 'freed'
  | 'unfreed'
  | 'proposed'
  | 'withdrawn'
  | 'returned'
  | 'expired'
  | 'attributed'
  | 'unattributed'
  | 'leased'
  | 'unleased';

/** Something counted of a vacancy, on a day. */
export type FlowEvent = {
  kind: FlowEventKind;
  on: LocalDate;
  vacancyId: string;
  baseClass: string;
  agreement: { id: string; holderId: string } | null;
  facts: FlowFacts;
  /** Why it is returned or taken back: a code, never words about a household. */
  reason?: string;
  /** Of a dwelling exchanged between holders: whether this agreement gave it or received it. */
  exchange?: 'owner' | 'receiver';
  /** The lease that ended, of a dwelling that is freed: if its tenant moved within the stock, the two vacancies are linked. */
  leftTenancyId?: string;
};

/**
 * Adds what the counters count, in the transaction of what happened: one event, or several at once. Nothing is ever
 * changed or removed: a mistake is taken back by its contrary, so that anyone can recount. The closing of a year waits for
 * events under way, and events wait for a closing: what was counted before it and what comes after are told apart by
 * their moment. The counters that overseers read (flow.counters) move with it.
 */
export async function countFlow(tx: Tx, landlordId: string, ...events: readonly FlowEvent[]): Promise<void> {
  const rows = events.map(({ facts, agreement, ...event }) => ({
    id: newId(),
    on_day: event.on,
    kind: event.kind,
    vacancy_id: event.vacancyId,
    base_class: event.baseClass,
    agreement_id: agreement?.id ?? null,
    holder_id: agreement?.holderId ?? null,
    department: facts.department,
    municipality_code: facts.municipalityCode,
    territory: facts.territory,
    rooms: facts.rooms,
    funding: facts.funding,
    in_priority_area: facts.inPriorityArea,
    construction_year: facts.constructionYear,
    reason: event.reason ?? null,
    exchange: event.exchange ?? null,
    left_tenancy_id: event.leftTenancyId ?? null,
  }));
  const link = events.some(({ leftTenancyId }) => leftTenancyId)
    ? sql`, linked as (update flow.linked_vacancies l set freed_vacancy_id = e.vacancy_id from given e
        where l.organisation_id = ${landlordId}::uuid and l.left_tenancy_id = e.left_tenancy_id
          and l.freed_vacancy_id is null)`
    : sql``;
  await sql`with given as (select * from json_to_recordset(${JSON.stringify(rows)}::json) as e(id uuid, on_day date,
        kind text, vacancy_id uuid, base_class text, agreement_id uuid, holder_id uuid, department text,
        municipality_code text, territory text, rooms smallint, funding text, in_priority_area boolean,
        construction_year smallint, reason text, exchange text, left_tenancy_id uuid)) ${link},
      written as (insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id,
        department, municipality_code, territory, rooms, funding, in_priority_area, construction_year, reason, exchange, at)
      select ${landlordId}::uuid, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id, department,
        municipality_code, territory, rooms, funding, in_priority_area, construction_year, reason, exchange, clock_timestamp()
      from (select pg_advisory_xact_lock_shared(${closingLock(landlordId)}) offset 0) as waited, given
      returning id, kind)
    select flow.count_events(${landlordId}::uuid, array_agg(id)) from written
    where kind not in ('returned', 'expired') having count(*) > 0`.execute(tx);
}

/**
 * An agreement was signed, amended or ended: its counters are counted anew in the transaction that changes its shares, so
 * that what was freed from that day on is due by them.
 */
export async function recountAgreement(tx: Tx, landlordId: string, agreementId: string): Promise<void> {
  await sql`select flow.recount_agreement(${landlordId}::uuid, ${agreementId}::uuid)`.execute(tx);
}

/** The lock that closing a year takes alone, and counting an event shares. */
export const closingLock = (landlordId: string) => sql`hashtextextended(${`flow.closing ${landlordId}`}, 0)`;
