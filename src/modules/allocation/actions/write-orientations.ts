import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { recordEvents } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { remind, remindersBefore } from '../../../platform/jobs/reminders.ts';
import { countFlow } from '../../flow/index.ts';
import { flowFactsOf, type SharedDwelling, type VacancyCard } from '../queries.ts';
import { nominationDeadline } from '../rules/deadlines.ts';
import { refreshStages } from './refresh-stage.ts';

export type OrientationDecision = {
  vacancy: VacancyCard;
  /** Null: the landlord's own contingent. */
  chosen: { id: string; holderId: string; name: string; nominationDays: number | null } | null;
  /** The agreement, or `own`. */
  suggested: string;
  followed: boolean;
  reason: string | null;
  /** What was shown to whoever decided. */
  suggestion: unknown;
  /** The figures of each party, for the journal. */
  alternatives: { party: string; due: string; gapBefore: string }[];
};

export type Oriented = { id: string; proposalId: string | null; nominateBy: LocalDate | null };

/**
 * Writes orientations decided together, one or many: each is its own orientation, its own proposal with its clock, its own
 * count and its own event. The same statements whatever their number. Vacancies are held by the caller.
 * @returns what became of each, in their order
 */
export async function writeOrientations(
  tx: Tx,
  actor: Actor,
  decisions: readonly OrientationDecision[],
  today: LocalDate,
  batchId: string | null = null,
): Promise<Oriented[]> {
  const organisationId = actor.organisationId;
  const rows = decisions.map((decision) => {
    const { chosen, vacancy } = decision;
    const nominateBy = chosen && nominationDeadline({ proposedOn: today, days: chosen.nominationDays }).result;
    return { ...decision, id: newId(), vacancyId: vacancy.id, nominateBy, proposalId: chosen && newId() };
  });
  const again = rows.filter(({ vacancy }) => vacancy.stageFacts.orientation !== null);
  if (again.length > 0)
    await tx
      .updateTable('allocation.orientations')
      .set({ superseded_at: new Date() })
      .where('organisation_id', '=', organisationId)
      .where(
        'vacancy_id',
        'in',
        again.map(({ vacancyId }) => vacancyId),
      )
      .where('superseded_at', 'is', null)
      .execute();
  await tx
    .insertInto('allocation.orientations')
    .values(
      rows.map((row) => ({
        organisation_id: organisationId,
        id: row.id,
        vacancy_id: row.vacancyId,
        suggested_agreement_id: row.suggested === 'own' ? null : row.suggested,
        chosen_agreement_id: row.chosen?.id ?? null,
        chosen_holder_id: row.chosen?.holderId ?? null,
        followed: row.followed,
        reason: row.reason,
        suggestion: JSON.stringify(row.suggestion),
        decided_by: actor.userId,
        batch_id: batchId,
      })),
    )
    .execute();
  await propose(tx, organisationId, rows, today);
  await countFlow(
    tx,
    organisationId,
    ...rows.map(({ vacancy, chosen }) => ({
      kind: 'proposed' as const,
      on: today,
      vacancyId: vacancy.id,
      baseClass: vacancy.baseClass,
      agreement: chosen && { id: chosen.id, holderId: chosen.holderId },
      facts: flowFactsOf(vacancy),
    })),
  );
  await refreshStages(
    tx,
    actor,
    rows.map(({ vacancyId, chosen }) => ({ id: vacancyId, holder: chosen?.holderId ?? null })),
    today,
  );
  await recordEvents(
    tx,
    rows.map((row) => ({
      kind: row.chosen ? 'allocation.oriented-to-holder' : 'allocation.oriented-to-own',
      organisationId,
      subjects: [
        { kind: 'vacancy', id: row.vacancyId },
        { kind: 'dwelling', id: row.vacancy.dwellingId },
        ...(row.proposalId ? [{ kind: 'proposal', id: row.proposalId }] : []),
      ],
      reason: row.reason,
      after: { holder: row.chosen?.name ?? null, followed: row.followed, nominateBy: row.nominateBy },
      batchId,
      journal: {
        vacancy: row.vacancyId,
        suggested: row.suggested,
        chosen: row.chosen?.id ?? 'own',
        followed: row.followed,
        reason: row.reason,
        alternatives: row.alternatives,
      },
    })),
  );
  return rows.map(({ id, proposalId, nominateBy }) => ({ id, proposalId, nominateBy }));
}

/** Proposes the dwellings: each holder has its time, and is reminded ten and three days before it is over. */
async function propose(
  tx: Tx,
  organisationId: string,
  rows: readonly (OrientationDecision & Oriented)[],
  today: LocalDate,
): Promise<void> {
  const proposed = rows.flatMap(({ id, vacancy, chosen, proposalId, nominateBy }) =>
    chosen && proposalId && nominateBy ? [{ id, vacancy, chosen, proposalId, nominateBy }] : [],
  );
  if (proposed.length === 0) return;
  await tx
    .insertInto('allocation.proposals')
    .values(
      proposed.map(({ id, vacancy, chosen, proposalId, nominateBy }) => ({
        organisation_id: organisationId,
        id: proposalId,
        vacancy_id: vacancy.id,
        agreement_id: chosen.id,
        holder_id: chosen.holderId,
        orientation_id: id,
        proposed_on: today,
        nominate_by: nominateBy,
        dwelling: JSON.stringify(sharedWith(vacancy)),
      })),
    )
    .execute();
  await remind(
    tx,
    organisationId,
    proposed.flatMap(({ vacancy, chosen, proposalId, nominateBy }) =>
      [today, ...remindersBefore(nominateBy, today, [10, 3])].map((dueOn, index) => ({
        dueOn,
        kind: index === 0 ? 'proposals.received' : 'proposals.deadline-near',
        subject: { kind: 'proposal', id: proposalId },
        forOrganisationId: chosen.holderId,
        forRole: 'holder-officer',
        facts: { address: vacancy.address, municipality: vacancy.municipality, deadline: nominateBy },
      })),
    ),
  );
}

/** What a holder is told of a dwelling. */
const sharedWith = (vacancy: VacancyCard): SharedDwelling => ({
  address: vacancy.address,
  municipality: vacancy.municipality,
  rooms: vacancy.rooms,
  areaM2: vacancy.areaM2,
  floor: vacancy.floor,
  energyLabel: vacancy.energyLabel,
  accessible: vacancy.accessible,
  funding: vacancy.funding,
  inPriorityArea: vacancy.priorityArea !== null,
  constructionYear: vacancy.constructionYear,
  rentCents: vacancy.rentCents,
  chargesCents: vacancy.chargesCents,
  freeOn: vacancy.expectedFreeOn,
});
