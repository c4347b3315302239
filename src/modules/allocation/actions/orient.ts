import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { invalid, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { remind, remindersBefore, settleReminders } from '../../../platform/jobs/reminders.ts';
import { countFlow, orientationFor } from '../../flow/index.ts';
import { flowFactsOf, type SharedDwelling, type VacancyCard } from '../queries.ts';
import { nominationDeadline } from '../rules/deadlines.ts';
import { refreshStage, requireOpenVacancy } from './refresh-stage.ts';

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
): Promise<{ id: string; proposalId: string | null; nominateBy: LocalDate | null }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, choice.version);
  const { proposal, orientation: standing, candidates, session } = vacancy.stageFacts;
  if (proposal || candidates > 0 || (session && !session.decided) || standing === 'own')
    throw refused('E-ORIENTATION-02');
  const facts = flowFactsOf(vacancy);
  const suggestion = await orientationFor(tx, actor.organisationId, { id: vacancyId, facts }, today);
  const chosen = suggestion.parties.find((party) => party.id === choice.agreementId);
  if (!chosen && choice.agreementId !== 'own') throw refused('E-ORIENTATION-03');
  const followed = suggestion.result.suggested === choice.agreementId;
  if (!followed && !choice.reason)
    throw invalid('E-ORIENTATION-04', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);

  const id = newId();
  if (standing) {
    await tx
      .updateTable('allocation.orientations')
      .set({ superseded_at: new Date() })
      .where('organisation_id', '=', actor.organisationId)
      .where('vacancy_id', '=', vacancyId)
      .where('superseded_at', 'is', null)
      .execute();
  }
  const suggested = suggestion.result.suggested === 'own' ? null : suggestion.result.suggested;
  await tx
    .insertInto('allocation.orientations')
    .values({
      organisation_id: actor.organisationId,
      id,
      vacancy_id: vacancyId,
      suggested_agreement_id: suggested,
      chosen_agreement_id: chosen?.id ?? null,
      chosen_holder_id: chosen?.holderId ?? null,
      followed,
      reason: choice.reason,
      suggestion: JSON.stringify({ ...suggestion.result, steps: suggestion.steps }),
      decided_by: actor.userId,
    })
    .execute();
  const proposal$ = chosen ? await propose(tx, actor, vacancy, id, chosen, today) : null;
  await countFlow(tx, actor.organisationId, {
    kind: 'proposed',
    on: today,
    vacancyId,
    baseClass: vacancy.baseClass,
    agreement: chosen ? { id: chosen.id, holderId: chosen.holderId } : null,
    facts,
  });
  await refreshStage(tx, actor, vacancyId, today, { id: chosen?.holderId ?? null });
  await recordEvent(tx, {
    kind: chosen ? 'allocation.oriented-to-holder' : 'allocation.oriented-to-own',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
      ...(proposal$ ? [{ kind: 'proposal', id: proposal$.id }] : []),
    ],
    reason: choice.reason,
    after: { holder: chosen?.name ?? null, followed, nominateBy: proposal$?.nominateBy ?? null },
    journal: {
      vacancy: vacancyId,
      suggested: suggestion.result.suggested,
      chosen: choice.agreementId,
      followed,
      reason: choice.reason,
      alternatives: suggestion.result.alternatives.map(({ id: party, due, proposed, gapBefore }) => ({
        party,
        due,
        proposed,
        gapBefore,
      })),
    },
  });
  return { id, proposalId: proposal$?.id ?? null, nominateBy: proposal$?.nominateBy ?? null };
}

/** Proposes the dwelling: the holder has its time, and is reminded ten and three days before it is over. */
async function propose(
  tx: Tx,
  actor: Actor,
  vacancy: VacancyCard,
  orientationId: string,
  party: { id: string; holderId: string; nominationDays: number | null },
  today: LocalDate,
): Promise<{ id: string; nominateBy: LocalDate }> {
  const id = newId();
  const nominateBy = nominationDeadline({ proposedOn: today, days: party.nominationDays }).result;
  const dwelling: SharedDwelling = {
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
  };
  await tx
    .insertInto('allocation.proposals')
    .values({
      organisation_id: actor.organisationId,
      id,
      vacancy_id: vacancy.id,
      agreement_id: party.id,
      holder_id: party.holderId,
      orientation_id: orientationId,
      proposed_on: today,
      nominate_by: nominateBy,
      dwelling: JSON.stringify(dwelling),
    })
    .execute();
  const facts = { address: vacancy.address, municipality: vacancy.municipality, deadline: nominateBy };
  await remind(
    tx,
    actor.organisationId,
    [today, ...remindersBefore(nominateBy, today, [10, 3])].map((dueOn, index) => ({
      dueOn,
      kind: index === 0 ? 'proposals.received' : 'proposals.deadline-near',
      subject: { kind: 'proposal', id },
      forOrganisationId: party.holderId,
      forRole: 'holder-officer',
      facts,
    })),
  );
  return { id, nominateBy };
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
