import type { LocalDate } from '../../../kernel/local-date.ts';

/** Where a vacancy stands. Closed list; each is reached from the facts alone, so that two screens never disagree. */
export const stages = [
  'to-orient',
  'with-holder',
  'to-select',
  'committee',
  'to-offer',
  'offer',
  'to-sign',
  'signed',
  'let',
  'cancelled',
] as const;
export type Stage = (typeof stages)[number];

/** What must happen next, and by when. Its sentence is the message `vacancies.next.<what>`. */
export type NextStep = { stage: Stage; dueOn: LocalDate | null; what: string };

export type VacancyFacts = {
  expectedFreeOn: LocalDate;
  /** The organisation shares its flow with reservation holders: each vacancy is oriented first. */
  oriented: boolean;
  /** Where it was oriented: to a holder, to the landlord's own list, or not yet. */
  orientation: 'holder' | 'own' | null;
  proposal: { state: 'open' | 'nominated'; nominateBy: LocalDate } | null;
  candidates: number;
  session: { heldOn: LocalDate; decided: boolean } | null;
  /** Candidates granted or ranked who were not offered the dwelling yet. */
  toOffer: number;
  offer: { state: 'pending' | 'accepted'; answerBy: LocalDate } | null;
  leaseStartsOn: LocalDate | null;
  closedAs: 'let' | 'cancelled' | null;
};

/** The facts of a vacancy on the day it opens: nothing happened yet. */
export const justOpened = (given: Pick<VacancyFacts, 'expectedFreeOn' | 'oriented'>): VacancyFacts => ({
  ...given,
  orientation: null,
  proposal: null,
  candidates: 0,
  session: null,
  toOffer: 0,
  offer: null,
  leaseStartsOn: null,
  closedAs: null,
});

/** The stage of a vacancy and its next step, from the facts. The later the fact, the stronger. */
export function stageOf(facts: VacancyFacts, today: LocalDate): NextStep {
  if (facts.closedAs === 'cancelled') return { stage: 'cancelled', dueOn: null, what: 'none' };
  if (facts.leaseStartsOn) {
    return facts.leaseStartsOn <= today
      ? { stage: 'let', dueOn: null, what: 'none' }
      : { stage: 'signed', dueOn: facts.leaseStartsOn, what: 'entry' };
  }
  if (facts.offer?.state === 'accepted') return { stage: 'to-sign', dueOn: facts.expectedFreeOn, what: 'sign' };
  if (facts.offer) return { stage: 'offer', dueOn: facts.offer.answerBy, what: 'answer' };
  if (facts.toOffer > 0) return { stage: 'to-offer', dueOn: today, what: 'offer' };
  if (facts.session && !facts.session.decided)
    return { stage: 'committee', dueOn: facts.session.heldOn, what: 'session' };
  if (facts.oriented && facts.orientation === null) return { stage: 'to-orient', dueOn: today, what: 'orient' };
  if (facts.proposal?.state === 'open')
    return { stage: 'with-holder', dueOn: facts.proposal.nominateBy, what: 'nominate' };
  if (facts.oriented && facts.orientation === 'holder' && !facts.proposal)
    return { stage: 'to-orient', dueOn: today, what: 'orient-again' };
  if (facts.candidates > 0) return { stage: 'committee', dueOn: today, what: 'schedule' };
  return { stage: 'to-select', dueOn: facts.expectedFreeOn, what: 'select' };
}
