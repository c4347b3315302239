import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { countFlow, type FlowEvent } from '../../actions/flow-events.ts';
import type { FlowFacts } from '../../queries.ts';

type Party = { id: string; holderId: string };

/** A dwelling proposed to a holder, and for whom it is let when that is another one. */
export type ExchangedDwelling = {
  vacancyId: string;
  dwellingId: string;
  proposalId: string;
  baseClass: string;
  facts: FlowFacts;
  owner: Party;
  receiver: Party | null;
};

/**
 * An attribution or a lease as it is counted: once for the holder to whom the dwelling was proposed, and when it was
 * exchanged once more for the one whose candidate is housed. Which of both makes points is a choice of their phases; the
 * plain counters count it in the flow of the first alone (class `exchanged` is no base).
 */
export function exchanged(event: FlowEvent, receiver: Party | null): FlowEvent[] {
  if (!receiver) return [event];
  const baseClass = event.baseClass === 'in-base' ? 'exchanged' : event.baseClass;
  return [
    { ...event, exchange: 'owner' },
    { ...event, agreement: receiver, baseClass, exchange: 'receiver' },
  ];
}

/**
 * Writes that a dwelling is exchanged, to another holder of the same landlord, or no longer; an attribution counted before
 * is taken back and counted anew on its own day. The caller holds the vacancy.
 * @param receiverId the agreement that receives it; null takes the exchange back
 * @throws Problem E-EXCHANGE-02 no agreement in force of another holder; -03 exchanged already; -04 not exchanged
 */
export async function sayExchange(
  tx: Tx,
  actor: Actor,
  dwelling: ExchangedDwelling,
  said: { receiverId: string | null; note: string },
  today: LocalDate,
): Promise<{ id: string }> {
  const { vacancyId, proposalId, owner, receiver: before } = dwelling;
  if (said.receiverId && before) throw refused('E-EXCHANGE-03');
  if (!said.receiverId && !before) throw refused('E-EXCHANGE-04');
  const named = said.receiverId ?? before!.id;
  const { rows } = await sql<{ id: string; holderId: string; name: string; mayReceive: boolean }>`
    select a.id, a.holder_id as "holderId", h.name, a.state = 'signed' and a.starts_on <= ${today}::date
        and (a.ends_on is null or a.ends_on >= ${today}::date) as "mayReceive"
    from flow.agreements a join organisations.organisations h on h.id = a.holder_id
    where a.organisation_id = ${actor.organisationId} and a.id in (${owner.id}::uuid, ${named}::uuid)`.execute(tx);
  const giver = rows.find(({ id }) => id === owner.id)!;
  const receiver = rows.find(({ id }) => id === named);
  if (said.receiverId && (!receiver?.mayReceive || receiver.holderId === owner.holderId))
    throw refused('E-EXCHANGE-02');
  const id = newId();
  await tx
    .insertInto('flow.exchange_acts')
    .values({
      organisation_id: actor.organisationId,
      id,
      act: said.receiverId ? 'recorded' : 'withdrawn',
      vacancy_id: vacancyId,
      proposal_id: proposalId,
      owner_agreement_id: owner.id,
      owner_holder_id: owner.holderId,
      owner_name: giver.name,
      receiver_agreement_id: receiver!.id,
      receiver_holder_id: receiver!.holderId,
      receiver_name: receiver!.name,
      municipality_code: dwelling.facts.municipalityCode,
      rooms: dwelling.facts.rooms,
      on_day: today,
      note: said.note,
      said_by: actor.userId,
    })
    .execute();
  await countAttributionAnew(tx, actor.organisationId, dwelling, said.receiverId ? receiver! : null);
  await recordEvent(tx, {
    kind: said.receiverId ? 'flow.exchange-recorded' : 'flow.exchange-withdrawn',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: dwelling.dwellingId },
      { kind: 'proposal', id: proposalId },
      { kind: 'agreement', id: owner.id },
      { kind: 'agreement', id: receiver!.id },
    ],
    reason: said.note,
    after: { giver: giver.name, receiver: receiver!.name },
    journal: { vacancy: vacancyId, proposal: proposalId, owner: owner.id, receiver: receiver!.id, note: said.note },
  });
  return { id };
}

/** What the committee had granted before the exchange was written, or taken back, counts for those it now concerns. */
async function countAttributionAnew(
  tx: Tx,
  landlordId: string,
  { vacancyId, baseClass, facts, owner, receiver: before }: ExchangedDwelling,
  now: Party | null,
): Promise<void> {
  const { rows } = await sql<{ on: LocalDate | null; standing: number }>`
    select max(e.on_day) filter (where e.kind = 'attributed') as on,
      (count(*) filter (where e.kind = 'attributed') - count(*) filter (where e.kind = 'unattributed'))::int as standing
    from flow.events e where e.organisation_id = ${landlordId} and e.vacancy_id = ${vacancyId} and e.agreement_id = ${owner.id}
      and e.kind in ('attributed', 'unattributed')`.execute(tx);
  const { on, standing } = rows[0]!;
  if (!on || standing <= 0) return;
  const event = { on, vacancyId, baseClass, agreement: owner, facts };
  await countFlow(
    tx,
    landlordId,
    ...exchanged({ ...event, kind: 'unattributed', reason: 'exchanged' }, before),
    ...exchanged({ ...event, kind: 'attributed' }, now),
  );
}
