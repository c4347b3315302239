import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent, recordEvents } from '../../../platform/audit/events.ts';
import { holdBatch, moveBatch, openBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { settleReminders } from '../../../platform/jobs/reminders.ts';
import { countFlow, planFor } from '../../flow/index.ts';
import { flowFactsOf, lockVacancies, type VacancyCard } from '../queries.ts';
import { refreshStages, sharesFlow } from './refresh-stage.ts';
import { type OrientationDecision, writeOrientations } from './write-orientations.ts';

/** The kind of batch a plan applied is. */
export const planKind = 'allocation.orientation-plan';

type Choice = { vacancyId: string; agreementId: string; version: number };

/**
 * Applies a plan as it was looked at: all its vacancies are oriented, or none. Each is an orientation of its own, and
 * « followed » when one by one it would have gone there too; the reason stands for the others (F-53).
 * @throws Problem E-ORIENTATION-06 some were oriented or changed meanwhile; E-ORIENTATION-03 one may not go there;
 *   E-ORIENTATION-04 some differ from the suggestion, without a reason
 */
export async function applyPlan(
  tx: Tx,
  actor: Actor,
  { choices, reason }: { choices: Choice[]; reason: string | null },
  today: LocalDate,
): Promise<{ batchId: string; dwellings: number }> {
  if (!sharesFlow(actor)) throw notFound();
  const chosen = new Map(choices.map((choice) => [choice.vacancyId, choice]));
  const vacancies = await lockVacancies(tx, actor.organisationId, [...chosen.keys()]);
  if (vacancies.length < chosen.size) throw notFound();
  const changed = vacancies.filter(
    (vacancy) => !isWaiting(vacancy) || vacancy.version !== chosen.get(vacancy.id)!.version,
  );
  if (changed.length > 0) throw refused('E-ORIENTATION-06', told(changed));
  const { result, steps, cells, options } = await planFor(
    tx,
    actor.organisationId,
    vacancies.map((vacancy) => ({ id: vacancy.id, facts: flowFactsOf(vacancy) })),
    today,
  );
  const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
  const figureOf = new Map(result.cells.map((cell) => [cell.id, cell]));
  const decisions = vacancies.map((vacancy, index): OrientationDecision => {
    const { agreementId } = chosen.get(vacancy.id)!;
    const open = options.get(vacancy.id)!;
    const cell = open.map((id) => cellOf.get(id)!).find(({ party }) => party === agreementId);
    if (!cell) throw refused('E-ORIENTATION-03');
    const suggested = cellOf.get(result.choices[index]!.oneByOne)!.party;
    const followed = suggested === agreementId;
    if (!followed && !reason) throw invalid('E-ORIENTATION-04', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
    const { holderId, name, nominationDays } = cell;
    return {
      vacancy,
      chosen: holderId === null ? null : { id: agreementId, holderId, name, nominationDays },
      suggested,
      followed,
      reason,
      suggestion: { suggested, together: result.together, oneByOne: result.oneByOne, steps },
      alternatives: open.map((id) => {
        const { party, due, gapBefore } = figureOf.get(id)!;
        return { party, due, gapBefore };
      }),
    };
  });
  const batchId = newId();
  await openBatch(tx, actor, {
    id: batchId,
    kind: planKind,
    label: reason ?? today,
    parameters: { on: today, choices },
  });
  await writeOrientations(tx, actor, decisions, today, batchId);
  const counts = { dwellings: decisions.length };
  await moveBatch(tx, actor, batchId, { state: 'preparing' }, 'previewed');
  await moveBatch(tx, actor, batchId, { state: 'previewed' }, 'applying');
  await moveBatch(tx, actor, batchId, { state: 'applying' }, 'applied', { counts });
  await recordEvent(tx, {
    kind: 'allocation.plan-applied',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'batch', id: batchId }],
    reason,
    after: counts,
    batchId,
  });
  return { batchId, ...counts };
}

/** Oriented by nobody, or back from whom it was proposed to. */
const isWaiting = ({ closedOn, stageFacts: { proposal, orientation, candidates, session, offer } }: VacancyCard) =>
  closedOn === null &&
  !proposal &&
  orientation !== 'own' &&
  candidates === 0 &&
  !offer &&
  (!session || session.decided);

/** The first of them by their address; the others by their number. */
const told = (vacancies: readonly VacancyCard[]) => ({
  count: vacancies.length,
  address: vacancies[0]!.address,
});

/**
 * Takes a plan back: its dwellings wait again, and count for nobody. All or none: not once a holder or an officer went on
 * with one of them.
 * @throws Problem E-ORIENTATION-07 some went on; E-BATCH-01 already taken back; E-NOT-FOUND-01; E-BUSY-01
 */
export async function undoPlan(
  tx: Tx,
  actor: Actor,
  batchId: string,
  { reason }: { reason: string },
  today: LocalDate,
): Promise<{ dwellings: number }> {
  const held = await holdBatch(tx, actor.organisationId, batchId, planKind, { wait: false });
  await moveBatch(tx, actor, batchId, held, 'reverting');
  const orientations = await tx
    .selectFrom('allocation.orientations as o')
    .leftJoin('allocation.proposals as p', (join) =>
      join.onRef('p.organisation_id', '=', 'o.organisation_id').onRef('p.orientation_id', '=', 'o.id'),
    )
    .select([
      'o.vacancy_id as vacancyId',
      'o.superseded_at as supersededAt',
      'p.id as proposalId',
      'p.agreement_id as agreementId',
      'p.holder_id as holderId',
      'p.state',
    ])
    .where('o.organisation_id', '=', actor.organisationId)
    .where('o.batch_id', '=', batchId)
    .execute();
  const orientationOf = new Map(orientations.map((orientation) => [orientation.vacancyId, orientation]));
  const vacancies = await lockVacancies(tx, actor.organisationId, [...orientationOf.keys()]);
  const goneOn = vacancies.filter(({ id, closedOn, stageFacts: { proposal, candidates, session, offer, toOffer } }) => {
    const { supersededAt, proposalId } = orientationOf.get(id)!;
    const untouched = proposalId ? proposal?.state === 'open' : proposal === null;
    return (
      closedOn || supersededAt || !untouched || candidates > 0 || (session && !session.decided) || offer || toOffer > 0
    );
  });
  if (goneOn.length > 0) throw refused('E-ORIENTATION-07', told(goneOn));
  const proposals = orientations.flatMap(({ proposalId }) => (proposalId ? [proposalId] : []));
  if (proposals.length > 0) {
    await tx
      .updateTable('allocation.proposals')
      .set({ state: 'withdrawn', closed_on: today, return_reason: reason })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', 'in', proposals)
      .execute();
    await settleReminders(tx, actor.organisationId, { kind: 'proposal', id: proposals }, 'void');
  }
  await tx
    .updateTable('allocation.orientations')
    .set({ superseded_at: new Date() })
    .where('organisation_id', '=', actor.organisationId)
    .where('batch_id', '=', batchId)
    .execute();
  await countFlow(
    tx,
    actor.organisationId,
    ...vacancies.map((vacancy) => {
      const { agreementId, holderId } = orientationOf.get(vacancy.id)!;
      return {
        kind: 'withdrawn' as const,
        on: today,
        vacancyId: vacancy.id,
        baseClass: vacancy.baseClass,
        agreement: agreementId && holderId ? { id: agreementId, holderId } : null,
        facts: flowFactsOf(vacancy),
      };
    }),
  );
  await refreshStages(
    tx,
    actor,
    vacancies.map(({ id }) => ({ id, holder: null })),
    today,
  );
  const counts = { dwellings: vacancies.length };
  await moveBatch(tx, actor, batchId, { state: 'reverting' }, 'reverted', {
    revertReport: { on: today, reason, ...counts },
  });
  await recordEvents(tx, [
    ...vacancies.map((vacancy) => {
      const { proposalId, holderId } = orientationOf.get(vacancy.id)!;
      return {
        kind: 'allocation.orientation-undone',
        organisationId: actor.organisationId,
        subjects: [
          { kind: 'vacancy', id: vacancy.id },
          { kind: 'dwelling', id: vacancy.dwellingId },
          ...(proposalId ? [{ kind: 'proposal', id: proposalId }] : []),
        ],
        reason,
        batchId,
        journal: { vacancy: vacancy.id, proposal: proposalId, holder: holderId, plan: batchId, reason },
      };
    }),
    {
      kind: 'allocation.plan-undone',
      organisationId: actor.organisationId,
      subjects: [{ kind: 'batch', id: batchId }],
      reason,
      after: counts,
      batchId,
    },
  ]);
  return counts;
}
