import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { conflict, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { countFlow, exchanged, type FlowEvent } from '../../flow/index.ts';
import type { decide as endpoint } from '../contract.ts';
import { flowFactsOf } from '../queries.ts';
import {
  isPlaced,
  requireDerogations,
  requireEnoughDemands,
  requireQuorum,
  requireWholeDecisions,
} from '../rules/committee.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';
import { requireSession } from './sessions.ts';

/**
 * Decides on a vacancy in an open sitting: one decision a candidate, a reasoned derogation for each candidate of the
 * register who is passed over. Of two officers who decide at once, one wins; the other is told who, and when.
 * @throws Problem E-COMMITTEE-*, E-DECISION-*, E-DEROGATION-*, E-CONFLICT-02
 */
export async function decide(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  itemId: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const session = await requireSession(tx, actor, sessionId, ['open']);
  const item = await lockItem(tx, actor, sessionId, itemId);
  if (item.state === 'decided')
    throw conflict('E-CONFLICT-02', { name: item.decidedBy ?? '', at: item.decidedAt ?? '' });
  if (item.state !== 'pending') throw refused('E-SESSION-01', { state: item.state });
  if (item.version !== body.version) throw conflict('E-CONFLICT-01', { version: item.version });
  const vacancy = await requireOpenVacancy(tx, actor, item.vacancyId);
  requireQuorum(session.presentVoting, session.quorum);

  const candidates = await tx
    .selectFrom('allocation.candidates')
    .select([
      'id',
      'household_id as householdId',
      'application_id as applicationId',
      'register_rank as registerRank',
      'priority_group as priorityGroup',
      sql<string>`coalesce(file_number, unique_number, '')`.as('fileNumber'),
    ])
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', item.vacancyId)
    .where('state', '=', 'named')
    .orderBy('position')
    .forUpdate()
    .execute();
  requireWholeDecisions(candidates, body.decisions);
  const demands = sharesFlow(actor) ? requireEnoughDemands(candidates, body.fewerThanThree ?? null) : null;
  const derogation = requireDerogations(candidates, body.decisions, body.derogations);

  await tx
    .insertInto('allocation.decisions')
    .values(
      body.decisions.map((decision) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        agenda_item_id: itemId,
        vacancy_id: item.vacancyId,
        candidate_id: decision.candidateId,
        kind: decision.kind,
        rank: decision.rank,
        condition: decision.condition,
        condition_due_on: decision.conditionDueOn ?? null,
        reason: decision.reason,
      })),
    )
    .execute();
  const first = body.decisions.find((decision) => decision.rank === 1);
  if (derogation) {
    await tx
      .insertInto('allocation.derogations')
      .values(
        body.derogations.map((given) => ({
          organisation_id: actor.organisationId,
          id: newId(),
          agenda_item_id: itemId,
          chosen_candidate_id: first!.candidateId,
          passed_candidate_id: given.passedCandidateId,
          kind: given.kind,
          reason: given.reason,
        })),
      )
      .execute();
  }
  await sql`update allocation.candidates c set state = d.kind, version = version + 1
    from jsonb_to_recordset(${JSON.stringify(body.decisions)}::jsonb) as d("candidateId" uuid, kind text)
    where c.organisation_id = ${actor.organisationId} and c.id = d."candidateId"`.execute(tx);
  const { rows } = await sql<{
    version: number;
  }>`update allocation.agenda_items set state = 'decided', decided_at = now(),
      decided_by = ${actor.userId}, fewer_than_three = ${body.fewerThanThree ?? null}, version = version + 1
    where organisation_id = ${actor.organisationId} and id = ${itemId} returning version`.execute(tx);

  const proposal = await nominatedProposal(tx, actor, item.vacancyId);
  const granted = body.decisions.some((decision) => isPlaced(decision.kind));
  if (granted && sharesFlow(actor)) {
    const attributed: FlowEvent = {
      kind: 'attributed',
      on: today,
      vacancyId: item.vacancyId,
      baseClass: vacancy.baseClass,
      agreement: proposal ? { id: proposal.agreementId, holderId: proposal.holderId } : null,
      facts: flowFactsOf(vacancy),
    };
    await countFlow(tx, actor.organisationId, ...exchanged(attributed, proposal?.receiver ?? null));
  }
  if (proposal && !granted) await endProposal(tx, actor, proposal.id, 'unsuccessful', today);
  await refreshStage(tx, actor, item.vacancyId, today);
  const numbers = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  await recordEvent(tx, {
    kind: derogation ? 'allocation.decided-with-derogation' : 'allocation.decided',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'session', id: sessionId },
      { kind: 'vacancy', id: item.vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
      ...candidates.flatMap(({ householdId, applicationId }) => [
        ...(householdId ? [{ kind: 'household', id: householdId }] : []),
        ...(applicationId ? [{ kind: 'application', id: applicationId }] : []),
      ]),
    ],
    after: {
      session: session.reference,
      first: first ? numbers.get(first.candidateId)?.fileNumber : null,
      decisions: body.decisions.map((decision) => ({
        file: numbers.get(decision.candidateId)?.fileNumber,
        kind: decision.kind,
        rank: decision.rank,
      })),
    },
    journal: {
      session: session.reference,
      vacancy: item.vacancyId,
      present: session.presentVoting,
      quorum: session.quorum,
      demands: demands?.label ?? null,
      exception: body.fewerThanThree ?? null,
      decisions: body.decisions.map((decision) => ({
        file: numbers.get(decision.candidateId)?.fileNumber,
        registerRank: numbers.get(decision.candidateId)?.registerRank ?? null,
        kind: decision.kind,
        rank: decision.rank,
      })),
      derogations: body.derogations.map((given) => ({
        file: numbers.get(given.passedCandidateId)?.fileNumber,
        registerRank: numbers.get(given.passedCandidateId)?.registerRank ?? null,
        kind: given.kind,
      })),
    },
  });
  return { version: rows[0]!.version };
}

type LockedItem = {
  vacancyId: string;
  state: string;
  version: number;
  decidedAt: string | null;
  decidedBy: string | null;
};

async function lockItem(tx: Tx, actor: Actor, sessionId: string, itemId: string): Promise<LockedItem> {
  const { rows } = await sql<LockedItem>`select i.vacancy_id as "vacancyId", i.state, i.version,
      to_char(i.decided_at at time zone 'Europe/Brussels', 'DD/MM/YYYY HH24:MI') as "decidedAt",
      (select u.given_name || ' ' || u.family_name from organisations.users u where u.id = i.decided_by) as "decidedBy"
    from allocation.agenda_items i
    where i.organisation_id = ${actor.organisationId} and i.session_id = ${sessionId} and i.id = ${itemId} for update of i`.execute(
    tx,
  );
  if (!rows[0]) throw notFound();
  return rows[0];
}

/** The proposal whose candidates are before the committee, if the vacancy was oriented to a holder. */
export async function nominatedProposal(tx: Tx, actor: Actor, vacancyId: string) {
  const proposal = await tx
    .selectFrom('allocation.proposals as p')
    .innerJoin('flow.agreement_cards as a', (join) =>
      join.onRef('a.organisation_id', '=', 'p.organisation_id').onRef('a.id', '=', 'p.agreement_id'),
    )
    .leftJoin('flow.exchanges as x', (join) =>
      join.onRef('x.organisation_id', '=', 'p.organisation_id').onRef('x.proposal_id', '=', 'p.id'),
    )
    .select([
      'p.id',
      'p.agreement_id as agreementId',
      'p.holder_id as holderId',
      'a.contingent',
      'x.receiver_agreement_id as receiverId',
      'x.receiver_holder_id as receiverHolderId',
    ])
    .where('p.organisation_id', '=', actor.organisationId)
    .where('p.vacancy_id', '=', vacancyId)
    .where('p.state', '=', 'nominated')
    .executeTakeFirst();
  if (!proposal) return undefined;
  const { receiverId, receiverHolderId, ...rest } = proposal;
  return { ...rest, receiver: receiverId ? { id: receiverId, holderId: receiverHolderId! } : null };
}

export async function endProposal(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  state: 'unsuccessful' | 'housed',
  today: LocalDate,
): Promise<void> {
  await tx
    .updateTable('allocation.proposals')
    .set({ state, closed_on: today })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', proposalId)
    .execute();
}
