import type { LocalDate } from '../../../kernel/local-date.ts';
import { invalid, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { settleReminders } from '../../../platform/jobs/reminders.ts';
import { countFlow, orientationFor, stakesFor } from '../../flow/index.ts';
import { flowFactsOf, type VacancyCard } from '../queries.ts';
import { refreshStage, requireOpenVacancy } from './refresh-stage.ts';
import { type Oriented, writeOrientations } from './write-orientations.ts';

/**
 * Orients a vacancy: to a reservation holder, to whom it is proposed at once, or to the landlord's own contingent. The
 * suggestion is computed anew here, so that what is followed or overridden is today's; overriding takes a reason (F-53).
 * @throws Problem E-ORIENTATION-02 nothing to orient now; E-ORIENTATION-03 the holder is not admitted;
 *   E-ORIENTATION-04 an override without a reason; E-CONFLICT-02 someone was faster
 */
export async function orient(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  choice: { agreementId: string; reason: string | null; version: number },
  today: LocalDate,
): Promise<Oriented> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, choice.version);
  const { proposal, orientation: standing, candidates, session } = vacancy.stageFacts;
  if (proposal || candidates > 0 || (session && !session.decided) || standing === 'own')
    throw refused('E-ORIENTATION-02');
  const { suggestion } = await suggestionFor(tx, actor.organisationId, vacancy, today);
  const chosen = suggestion.parties.find((party) => party.id === choice.agreementId);
  if (!chosen && choice.agreementId !== 'own') throw refused('E-ORIENTATION-03');
  const followed = suggestion.result.suggested === choice.agreementId;
  if (!followed && !choice.reason)
    throw invalid('E-ORIENTATION-04', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);

  const [oriented] = await writeOrientations(
    tx,
    actor,
    [
      {
        vacancy,
        chosen: chosen ?? null,
        suggested: suggestion.result.suggested,
        followed,
        reason: choice.reason,
        suggestion: { ...suggestion.result, steps: suggestion.steps },
        alternatives: suggestion.result.alternatives.map(({ id: party, due, proposed, gapBefore }) => ({
          party,
          due,
          proposed,
          gapBefore,
        })),
      },
    ],
    today,
  );
  return oriented!;
}

/** The suggestion for a vacancy, with what its dwelling weighs on: what is shown is what is decided upon. */
export async function suggestionFor(tx: Tx, landlordId: string, vacancy: VacancyCard, today: LocalDate) {
  const facts = flowFactsOf(vacancy);
  const stakes = await stakesFor(tx, landlordId, { ...facts, id: vacancy.dwellingId }, today);
  const suggestion = await orientationFor(
    tx,
    landlordId,
    {
      id: vacancy.id,
      facts,
      firstLettingOf: vacancy.baseClass === 'first-letting' ? vacancy.dwellingId : undefined,
      leaning: stakes.result.leaning,
    },
    today,
  );
  return { suggestion, stakes };
}

/** Takes a proposal back: it no longer counts for the holder, and the vacancy is to be oriented again. */
export async function withdrawProposal(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  withdrawal: { reason: string; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, withdrawal.version);
  const proposal = await tx
    .updateTable('allocation.proposals')
    .set({ state: 'withdrawn', closed_on: today, return_reason: withdrawal.reason })
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', vacancyId)
    .where('state', 'in', ['open', 'nominated'])
    .returning(['id', 'agreement_id as agreementId', 'holder_id as holderId'])
    .executeTakeFirst();
  if (!proposal) throw refused('E-PROPOSAL-01');
  if (vacancy.stageFacts.session && !vacancy.stageFacts.session.decided) throw refused('E-PROPOSAL-05');
  await releaseCandidates(tx, actor.organisationId, proposal.id);
  await countFlow(tx, actor.organisationId, {
    kind: 'withdrawn',
    on: today,
    vacancyId,
    baseClass: vacancy.baseClass,
    agreement: { id: proposal.agreementId, holderId: proposal.holderId },
    facts: flowFactsOf(vacancy),
  });
  await settleReminders(tx, actor.organisationId, { kind: 'proposal', id: proposal.id }, 'void');
  const version = await refreshStage(tx, actor, vacancyId, today, { id: null });
  await recordEvent(tx, {
    kind: 'allocation.proposal-withdrawn',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
      { kind: 'proposal', id: proposal.id },
    ],
    reason: withdrawal.reason,
    journal: { vacancy: vacancyId, proposal: proposal.id, holder: proposal.holderId, reason: withdrawal.reason },
  });
  return { version };
}

export async function releaseCandidates(tx: Tx, organisationId: string, proposalId: string): Promise<void> {
  await tx
    .updateTable('allocation.candidates')
    .set({ state: 'withdrawn' })
    .where('organisation_id', '=', organisationId)
    .where('proposal_id', '=', proposalId)
    .where('state', '=', 'named')
    .execute();
}
