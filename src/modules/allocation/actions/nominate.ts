import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { settleReminders } from '../../../platform/jobs/reminders.ts';
import { caleol } from '../../../regulation/scales/allocation.ts';
import { countFlow } from '../../flow/index.ts';
import type { nameCandidate as endpoint } from '../contract.ts';
import type { SharedDwelling } from '../queries.ts';

type HeldProposal = {
  id: string;
  landlordId: string;
  vacancyId: string;
  agreementId: string;
  nominateBy: LocalDate;
  state: string;
  dwelling: SharedDwelling;
  version: number;
};

/** Holds a proposal received, for the rest of the transaction. */
async function requireOpenProposal(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  today: LocalDate,
  version?: number,
): Promise<HeldProposal> {
  const proposal = (await tx
    .selectFrom('allocation.proposals')
    .select([
      'id',
      'organisation_id as landlordId',
      'vacancy_id as vacancyId',
      'agreement_id as agreementId',
      'nominate_by as nominateBy',
      'state',
      'dwelling',
      'version',
    ])
    .where('holder_id', '=', actor.organisationId)
    .where('id', '=', proposalId)
    .forUpdate()
    .executeTakeFirst()) as HeldProposal | undefined;
  if (!proposal) throw notFound();
  if (proposal.state !== 'open') throw refused('E-PROPOSAL-02', { state: proposal.state });
  if (proposal.nominateBy < today) throw refused('E-PROPOSAL-03', { deadline: proposal.nominateBy });
  if (version !== undefined && proposal.version !== version) throw conflict('E-CONFLICT-01');
  return proposal;
}

const subjectsOf = (proposal: HeldProposal) => [
  { kind: 'proposal', id: proposal.id },
  { kind: 'vacancy', id: proposal.vacancyId },
];

/**
 * Names a candidate for a dwelling received.
 * @throws Problem E-PROPOSAL-02 no longer open; E-PROPOSAL-03 after the deadline; E-CANDIDATE-TWICE named already
 */
export async function nameCandidate(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const proposal = await requireOpenProposal(tx, actor, proposalId, today);
  const id = newId();
  await sql`insert into allocation.candidates (organisation_id, id, vacancy_id, source, proposal_id, holder_id, family_name,
      given_name, unique_number, persons, adults, children, income_cents, income_year, priority_group, quartile,
      registered_on, language, email, phone, position, named_by)
    values (${proposal.landlordId}, ${id}, ${proposal.vacancyId}, 'nomination', ${proposal.id}, ${actor.organisationId},
      ${body.familyName}, ${body.givenName}, ${body.uniqueNumber}, ${body.adults + body.children}, ${body.adults},
      ${body.children}, ${body.incomeCents}, ${body.incomeYear}, ${body.priorityGroup}, ${body.quartile},
      ${body.registeredOn}, ${body.language}, ${body.email}, ${body.phone},
      (select coalesce(max(c.position), 0) + 1 from allocation.candidates c
        where c.organisation_id = ${proposal.landlordId} and c.vacancy_id = ${proposal.vacancyId}), ${actor.userId})`.execute(
    tx,
  );
  await recordEvent(tx, {
    kind: 'allocation.candidate-named',
    organisationId: proposal.landlordId,
    subjects: [...subjectsOf(proposal), { kind: 'candidate', id }],
    after: { uniqueNumber: body.uniqueNumber, persons: body.adults + body.children },
    journal: { vacancy: proposal.vacancyId, proposal: proposal.id, candidate: id, uniqueNumber: body.uniqueNumber },
  });
  return { id };
}

export async function withdrawCandidate(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  candidateId: string,
  today: LocalDate,
): Promise<void> {
  const proposal = await requireOpenProposal(tx, actor, proposalId, today);
  const { numUpdatedRows } = await tx
    .updateTable('allocation.candidates')
    .set({ state: 'withdrawn' })
    .where('organisation_id', '=', proposal.landlordId)
    .where('proposal_id', '=', proposalId)
    .where('id', '=', candidateId)
    .where('state', '=', 'named')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound();
  await recordEvent(tx, {
    kind: 'allocation.candidate-withdrawn',
    organisationId: proposal.landlordId,
    subjects: [...subjectsOf(proposal), { kind: 'candidate', id: candidateId }],
    journal: { vacancy: proposal.vacancyId, proposal: proposal.id, candidate: candidateId },
  });
}

/**
 * Hands the candidates to the landlord, who puts them before the committee.
 * @throws Problem E-PROPOSAL-04 fewer than three without a reason
 */
export async function transmitCandidates(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  body: { reason: string | null; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const proposal = await requireOpenProposal(tx, actor, proposalId, today, body.version);
  const { named } = await tx
    .selectFrom('allocation.candidates')
    .select(sql<number>`count(*)::int`.as('named'))
    .where('organisation_id', '=', proposal.landlordId)
    .where('proposal_id', '=', proposalId)
    .where('state', '=', 'named')
    .executeTakeFirstOrThrow();
  const minimum = caleol.minimumDemands.value;
  if (named === 0) throw refused('E-PROPOSAL-06');
  if (named < minimum && !body.reason) {
    throw invalid('E-PROPOSAL-04', { named, minimum }, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
  }
  const version = await closeProposal(tx, proposal, 'nominated', today, null);
  await sql`select allocation.holder_moves(${proposal.landlordId}, ${proposal.id}, 'committee', ${today}::date, ${today}::date, 'schedule')`.execute(
    tx,
  );
  await settleReminders(tx, proposal.landlordId, { kind: 'proposal', id: proposal.id }, 'done');
  await recordEvent(tx, {
    kind: 'allocation.candidates-transmitted',
    organisationId: proposal.landlordId,
    subjects: subjectsOf(proposal),
    reason: body.reason,
    after: { candidates: named },
    journal: { vacancy: proposal.vacancyId, proposal: proposal.id, candidates: named, reason: body.reason },
  });
  return { version };
}

/** Gives the dwelling back. The proposal was made and stays counted (flux-fr 4.2), unless the landlord withdraws it. */
export async function returnProposal(
  tx: Tx,
  actor: Actor,
  proposalId: string,
  body: { reason: string; detail: string; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const proposal = await requireOpenProposal(tx, actor, proposalId, today, body.version);
  await tx
    .updateTable('allocation.candidates')
    .set({ state: 'withdrawn' })
    .where('organisation_id', '=', proposal.landlordId)
    .where('proposal_id', '=', proposalId)
    .where('state', '=', 'named')
    .execute();
  await sql`select allocation.holder_moves(${proposal.landlordId}, ${proposal.id}, 'to-orient', ${today}::date, ${today}::date, 'orient-again')`.execute(
    tx,
  );
  const version = await closeProposal(tx, proposal, 'returned', today, `${body.reason}: ${body.detail}`);
  await countReturn(tx, actor, proposal, body.reason, today);
  await settleReminders(tx, proposal.landlordId, { kind: 'proposal', id: proposal.id }, 'done');
  await recordEvent(tx, {
    kind: 'allocation.proposal-returned',
    organisationId: proposal.landlordId,
    subjects: subjectsOf(proposal),
    reason: body.detail,
    after: { reason: body.reason },
    journal: { vacancy: proposal.vacancyId, proposal: proposal.id, reason: body.reason },
  });
  return { version };
}

async function closeProposal(
  tx: Tx,
  proposal: HeldProposal,
  state: 'nominated' | 'returned',
  today: LocalDate,
  reason: string | null,
): Promise<number> {
  await tx
    .updateTable('allocation.proposals')
    .set({ state, closed_on: today, return_reason: reason, version: proposal.version + 1 })
    .where('organisation_id', '=', proposal.landlordId)
    .where('id', '=', proposal.id)
    .execute();
  return proposal.version + 1;
}

/** The holder's own counter of returns, from the events it may read of this vacancy. */
async function countReturn(
  tx: Tx,
  actor: Actor,
  proposal: HeldProposal,
  reason: string,
  today: LocalDate,
): Promise<void> {
  const proposed = await tx
    .selectFrom('flow.counted_events')
    .selectAll()
    .where('organisation_id', '=', proposal.landlordId)
    .where('vacancy_id', '=', proposal.vacancyId)
    .where('agreement_id', '=', proposal.agreementId)
    .where('kind', '=', 'proposed')
    .limit(1)
    .executeTakeFirst();
  if (!proposed) return;
  await countFlow(tx, proposal.landlordId, {
    kind: 'returned',
    on: today,
    vacancyId: proposal.vacancyId,
    baseClass: proposed.base_class!,
    agreement: { id: proposal.agreementId, holderId: actor.organisationId },
    reason,
    facts: {
      department: proposed.department!,
      municipalityCode: proposed.municipality_code!,
      territory: proposed.territory,
      rooms: proposed.rooms,
      funding: proposed.funding,
      inPriorityArea: proposed.in_priority_area!,
      constructionYear: proposed.construction_year,
    },
  });
}
