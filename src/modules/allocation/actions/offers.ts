import { sentenceOf } from '../../../kernel/describe.ts';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { formatCents, formatDay } from '../../../kernel/format.ts';
import { newId } from '../../../kernel/id.ts';
import { addDays, type LocalDate, latest } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import type { Step } from '../../../kernel/steps.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../platform/jobs/reminders.ts';
import { translate } from '../../../platform/messages.ts';
import { countFlow, exchanged, type FlowEvent } from '../../flow/index.ts';
import { makeDocument } from '../../knowledge/index.ts';
import { settingOn } from '../../organisations/index.ts';
import type { sendOffer as sendEndpoint } from '../contract.ts';
import { flowFactsOf, type VacancyCard } from '../queries.ts';
import { answerDeadline } from '../rules/deadlines.ts';
import { nominatedProposal } from './decide.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';

/**
 * Offers the dwelling to the next household in rank. Its letter is made in its language, with its deadline and how it
 * was computed.
 * @throws Problem E-OFFER-01 too few days; E-OFFER-02 not the next in rank; E-OFFER-OPEN an offer waits already
 */
export async function sendOffer(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  body: BodyOf<typeof sendEndpoint>,
  today: LocalDate,
): Promise<{ id: string; answerBy: LocalDate; letterId: string; steps: Step[] }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, body.version);
  if (vacancy.stageFacts.offer) throw refused('E-OFFER-OPEN');
  if (body.notifiedOn < body.sentOn)
    throw invalid('E-FIELDS-01', {}, [{ path: 'notifiedOn', code: 'E-FIELD-BEFORE-START' }]);
  if (body.sentOn > today) throw invalid('E-FIELDS-01', {}, [{ path: 'sentOn', code: 'E-FIELD-FUTURE' }]);
  const next = await nextInRank(tx, actor, vacancyId);
  if (!next) throw refused('E-OFFER-03');
  if (next.candidateId !== body.candidateId)
    throw refused('E-OFFER-02', { rank: next.rank, name: `${next.familyName} ${next.givenName}` });
  const days = body.responseDays ?? (await settingOn(tx, actor, 'allocation.offer-response-days', today));
  const deadline = answerDeadline({ jurisdiction: actor.jurisdiction as 'be-bru', notifiedOn: body.notifiedOn, days });
  const id = newId();
  const language = next.language === 'nl' ? 'nl' : 'fr';
  const letter = await makeDocument(tx, actor, {
    template: 'offer-letter',
    language,
    title: `${translate(language)('documents.offer-letter')} ${next.fileNumber ?? ''}`.trim(),
    facts: letterFacts(actor, vacancy, next, {
      ...body,
      days,
      answerBy: deadline.result,
      steps: deadline.steps,
      language,
    }),
    subject: { kind: 'vacancy', id: vacancyId },
  });
  await tx
    .insertInto('allocation.offers')
    .values({
      organisation_id: actor.organisationId,
      id,
      vacancy_id: vacancyId,
      candidate_id: next.candidateId,
      rank: next.rank,
      channel: body.channel,
      sent_on: body.sentOn,
      notified_on: body.notifiedOn,
      response_days: days,
      answer_by: deadline.result,
      steps: JSON.stringify(deadline.steps),
      letter_id: letter.fileId,
    })
    .execute();
  await setCandidate(tx, actor, next.candidateId, 'offered');
  await refreshStage(tx, actor, vacancyId, today);
  await remind(tx, actor.organisationId, [
    {
      dueOn: latest(addDays(deadline.result, 1), addDays(today, 1)),
      kind: 'offers.deadline-passed',
      subject: { kind: 'vacancy', id: vacancyId },
      forOrganisationId: actor.organisationId,
      forRole: 'allocation-officer',
    },
  ]);
  await recordEvent(tx, {
    kind: 'allocation.offer-sent',
    organisationId: actor.organisationId,
    subjects: subjectsOf(vacancy, next),
    after: { rank: next.rank, sentOn: body.sentOn, answerBy: deadline.result, channel: body.channel },
    journal: {
      vacancy: vacancyId,
      file: next.fileNumber,
      rank: next.rank,
      notifiedOn: body.notifiedOn,
      days,
      answerBy: deadline.result,
    },
  });
  return { id, answerBy: deadline.result, letterId: letter.fileId, steps: deadline.steps };
}

/**
 * Records a household's answer. After the last day silence has been a refusal already: an acceptance is too late.
 * @throws Problem E-OFFER-04 answered already; E-OFFER-05 too late; E-OFFER-06 answered before it was sent
 */
export async function answerOffer(
  tx: Tx,
  actor: Actor,
  offerId: string,
  body: { answer: 'accepted' | 'refused'; on: LocalDate; reason: string | null; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const offer = await lockOffer(tx, actor, offerId);
  if (offer.version !== body.version) throw conflict('E-CONFLICT-01', { version: offer.version });
  if (offer.state !== 'pending') throw refused('E-OFFER-04');
  if (body.on > today) throw invalid('E-FIELDS-01', {}, [{ path: 'on', code: 'E-FIELD-FUTURE' }]);
  if (body.on < offer.sentOn) throw refused('E-OFFER-06', { sentOn: offer.sentOn });
  if (body.answer === 'accepted' && body.on > offer.answerBy) throw refused('E-OFFER-05', { answerBy: offer.answerBy });
  await closeOffer(tx, actor, offer, body.answer, body.on, body.reason, today);
  return { version: offer.version + 1 };
}

export type HeldOffer = {
  id: string;
  vacancyId: string;
  candidateId: string;
  householdId: string | null;
  fileNumber: string | null;
  rank: number;
  sentOn: LocalDate;
  answerBy: LocalDate;
  state: string;
  version: number;
};

/** Closes an offer: accepted, refused, or silent once its last day has passed. */
export async function closeOffer(
  tx: Tx,
  actor: Actor,
  offer: HeldOffer,
  outcome: 'accepted' | 'refused' | 'silent',
  on: LocalDate,
  reason: string | null,
  today: LocalDate,
): Promise<void> {
  const vacancy = await requireOpenVacancy(tx, actor, offer.vacancyId);
  await tx
    .updateTable('allocation.offers')
    .set({ state: outcome, answered_on: on, answer_reason: reason, version: offer.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', offer.id)
    .execute();
  await setCandidate(
    tx,
    actor,
    offer.candidateId,
    outcome === 'accepted' ? 'accepted' : outcome === 'refused' ? 'declined' : 'silent',
  );
  if (outcome !== 'accepted') await countRefusal(tx, actor, vacancy, today);
  await refreshStage(tx, actor, offer.vacancyId, today);
  await settleReminders(tx, actor.organisationId, { kind: 'vacancy', id: offer.vacancyId }, 'done');
  await recordEvent(tx, {
    kind: `allocation.offer-${outcome}`,
    organisationId: actor.organisationId,
    subjects: subjectsOf(vacancy, offer),
    reason,
    after: { rank: offer.rank, on },
    journal: { vacancy: offer.vacancyId, file: offer.fileNumber, rank: offer.rank, outcome, on },
  });
}

/** When nobody is left in rank, what the committee granted comes to nothing: it is taken back from what was counted. */
async function countRefusal(tx: Tx, actor: Actor, vacancy: VacancyCard, today: LocalDate): Promise<void> {
  const proposal = await nominatedProposal(tx, actor, vacancy.id);
  if (!proposal || (await nextInRank(tx, actor, vacancy.id))) return;
  const refusedBy: FlowEvent = {
    kind: 'unattributed',
    on: today,
    vacancyId: vacancy.id,
    baseClass: vacancy.baseClass,
    agreement: { id: proposal.agreementId, holderId: proposal.holderId },
    facts: flowFactsOf(vacancy),
    reason: 'candidate-refused',
  };
  await countFlow(tx, actor.organisationId, ...exchanged(refusedBy, proposal.receiver));
}

export async function lockOffer(tx: Tx, actor: Pick<Actor, 'organisationId'>, offerId: string): Promise<HeldOffer> {
  const offer = await tx
    .selectFrom('allocation.offers as f')
    .innerJoin('allocation.candidates as c', (join) =>
      join.onRef('c.organisation_id', '=', 'f.organisation_id').onRef('c.id', '=', 'f.candidate_id'),
    )
    .select([
      'f.id',
      'f.vacancy_id as vacancyId',
      'f.candidate_id as candidateId',
      'c.household_id as householdId',
      'c.file_number as fileNumber',
      'f.rank',
      'f.sent_on as sentOn',
      'f.answer_by as answerBy',
      'f.state',
      'f.version',
    ])
    .where('f.organisation_id', '=', actor.organisationId)
    .where('f.id', '=', offerId)
    .forUpdate('f')
    .executeTakeFirst();
  if (!offer) throw notFound();
  return offer as HeldOffer;
}

type NextInRank = {
  candidateId: string;
  householdId: string | null;
  rank: number;
  familyName: string;
  givenName: string;
  fileNumber: string | null;
  language: string;
  condition: string | null;
  street: string | null;
  postalCode: string | null;
  city: string | null;
};

/** The household to whom the dwelling is offered now: the best rank among those placed and not yet asked. */
async function nextInRank(tx: Tx, actor: Actor, vacancyId: string): Promise<NextInRank | undefined> {
  return tx
    .selectFrom('allocation.candidates as c')
    .innerJoin('allocation.decisions as e', (join) =>
      join.onRef('e.organisation_id', '=', 'c.organisation_id').onRef('e.candidate_id', '=', 'c.id'),
    )
    .leftJoin('applicants.household_cards as h', (join) =>
      join.onRef('h.organisation_id', '=', 'c.organisation_id').onRef('h.id', '=', 'c.household_id'),
    )
    .select([
      'c.id as candidateId',
      'c.household_id as householdId',
      'e.rank',
      'c.family_name as familyName',
      'c.given_name as givenName',
      'c.file_number as fileNumber',
      'c.language',
      'e.condition',
      'h.street',
      'h.postal_code as postalCode',
      'h.city',
    ])
    .where('c.organisation_id', '=', actor.organisationId)
    .where('c.vacancy_id', '=', vacancyId)
    .where('c.state', 'in', ['granted', 'ranked', 'conditional'])
    .where('e.annulled_at', 'is', null)
    .where('e.rank', 'is not', null)
    .orderBy('e.created_at', 'desc')
    .orderBy('e.rank')
    .limit(1)
    .executeTakeFirst() as Promise<NextInRank | undefined>;
}

/** What the letter of an offer prints, in the words of its language. */
export function letterFacts(
  actor: Pick<Actor, 'jurisdiction' | 'givenName' | 'familyName'>,
  vacancy: Pick<
    VacancyCard,
    | 'address'
    | 'postalCode'
    | 'municipality'
    | 'kind'
    | 'bedrooms'
    | 'rooms'
    | 'areaM2'
    | 'rentCents'
    | 'chargesCents'
    | 'expectedFreeOn'
  >,
  household: Pick<
    NextInRank,
    'rank' | 'familyName' | 'givenName' | 'fileNumber' | 'condition' | 'street' | 'postalCode' | 'city'
  >,
  offer: { days: number; answerBy: LocalDate; sentOn: LocalDate; steps: Step[]; language: 'fr' | 'nl' },
): Record<string, unknown> {
  const t = translate(offer.language);
  const size =
    sharesFlow(actor) && vacancy.rooms ? `T${vacancy.rooms}` : t('units.bedrooms', { count: vacancy.bedrooms });
  return {
    reference: household.fileNumber ?? '',
    caleol: sharesFlow(actor),
    household: {
      name: `${household.givenName} ${household.familyName}`,
      street: household.street,
      city: [household.postalCode, household.city].filter(Boolean).join(' '),
    },
    dwelling: {
      address: `${vacancy.address}, ${vacancy.postalCode} ${vacancy.municipality}`,
      kind: [t(`values.dwelling-kind.${vacancy.kind}`), size, vacancy.areaM2 && `${Number(vacancy.areaM2)} m²`]
        .filter(Boolean)
        .join(', '),
      rent: formatCents(vacancy.rentCents, offer.language),
      charges: formatCents(vacancy.chargesCents, offer.language),
      freeOn: formatDay(addDays(vacancy.expectedFreeOn, 1), offer.language),
    },
    rank: household.rank,
    condition: household.condition,
    answerBy: formatDay(offer.answerBy, offer.language),
    days: offer.days,
    steps: offer.steps.map((step) => sentenceOf(step, offer.language, t)),
    sentOn: formatDay(offer.sentOn, offer.language),
    signatory: `${actor.givenName} ${actor.familyName}`,
  };
}

const setCandidate = (tx: Tx, actor: Actor, candidateId: string, state: string) =>
  tx
    .updateTable('allocation.candidates')
    .set({ state })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', candidateId)
    .execute();

const subjectsOf = (vacancy: VacancyCard, household: { householdId: string | null }) => [
  { kind: 'vacancy', id: vacancy.id },
  { kind: 'dwelling', id: vacancy.dwellingId },
  ...(household.householdId ? [{ kind: 'household', id: household.householdId }] : []),
];
