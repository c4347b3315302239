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

/**
 * Adds what the counters count, in the transaction of what happened. Nothing is ever changed or removed: a mistake is
 * taken back by its contrary, so that anyone can recount. The closing of a year waits for events under way, and events
 * wait for a closing: what was counted before it and what comes after are told apart by their moment.
 */
export async function countFlow(
  tx: Tx,
  landlordId: string,
  event: {
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
  },
): Promise<void> {
  const { facts, agreement } = event;
  const link = event.leftTenancyId
    ? sql`with linked as (update flow.linked_vacancies set freed_vacancy_id = ${event.vacancyId}::uuid
        where organisation_id = ${landlordId}::uuid and left_tenancy_id = ${event.leftTenancyId}::uuid
          and freed_vacancy_id is null)`
    : sql``;
  await sql`${link} insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id,
      department, municipality_code, territory, rooms, funding, in_priority_area, construction_year, reason, exchange, at)
    select ${landlordId}::uuid, ${newId()}::uuid, ${event.on}::date, ${event.kind}, ${event.vacancyId}::uuid,
      ${event.baseClass}, ${agreement?.id ?? null}::uuid, ${agreement?.holderId ?? null}::uuid, ${facts.department},
      ${facts.municipalityCode}, ${facts.territory}, ${facts.rooms}::smallint, ${facts.funding},
      ${facts.inPriorityArea}::boolean, ${facts.constructionYear}::smallint, ${event.reason ?? null},
      ${event.exchange ?? null}, clock_timestamp()
    from (select pg_advisory_xact_lock_shared(${closingLock(landlordId)}) offset 0) as waited`.execute(tx);
}

/** The lock that closing a year takes alone, and counting an event shares. */
export const closingLock = (landlordId: string) => sql`hashtextextended(${`flow.closing ${landlordId}`}, 0)`;
