import { law, policy, unverified } from '../sources.ts';

/** Time limits and numbers of the allocation procedure. */
export const caleol = {
  /** At least three demands examined a dwelling, save three exceptions (L-40). */
  minimumDemands: { value: 3, source: law('Code de la construction et de l’habitation', 'R441-3') },
  /** Five decisions, one a candidate (L-41). */
  decisions: { source: law('Code de la construction et de l’habitation', 'R441-3') },
  /** The household has the days the offer states, ten at least; silence is a refusal (L-44). */
  minimumResponseDays: { value: 10, source: law('Code de la construction et de l’habitation', 'R441-10') },
  /** The day of notice does not count; the last day runs to midnight; a day off carries over (L-45). */
  countingOfDays: { source: law('Code de procédure civile', '641 et 642') },
} as const;

/** The reservation holder has one month to name candidates (L-38: stated by the concertation, not read in a text). */
export const nominationDelay = {
  months: 1,
  source: unverified('Concertation DRIHL 2021 : un mois', 'R441-5'),
} as const;

/** Brussels: the register's order is the criterion; passing over demands reasons. */
export const registerOrder = {
  source: law('Code bruxellois du Logement, art. 29', 'arrêté AIS 2015, art. 39/3'),
  derogation: unverified('Dérogation motivée, pratique du secteur (R-44)'),
} as const;

/** Part of the Brussels subsidy for temporary vacancy, which agencies and their federation compare themselves to. */
export const subsidyVacancyThreshold = {
  value: 0.07,
  source: unverified('Arrêté ministériel du 19 juillet 2016 : 7 %, base de calcul au choix (R-53)'),
} as const;

/** No text read gives Brussels households a time to answer: the agency's rules do. */
export const brusselsOfferDays = policy('Règlement d’attribution de l’agence');
