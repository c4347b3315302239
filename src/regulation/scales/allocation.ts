import { law, policy, secondary, unverified } from '../sources.ts';

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

/** What part of the yearly allocations, leases signed, the law asks for (flux-fr L-60 to L-62). */
export const allocationObjectives = {
  /** Outside priority neighbourhoods: to the quarter of demanders with the lowest incomes, or rehoused for urban renewal. */
  'first-quartile': { target: '0.25', source: law('Code de la construction et de l’habitation', 'L441-1') },
  /** In priority neighbourhoods: to the three other quarters; the local conference may set another part. */
  'social-mix': {
    target: '0.5',
    source: secondary('Projet de loi égalité et citoyenneté, débats ; 50 % à défaut d’objectif local', 'L441-1-5'),
  },
  /** Of each contingent that is not the State’s: to DALO and other priority households. */
  priority: { target: '0.25', source: secondary('Précarité logement 92, glossaire des contingents', 'L441-1') },
} as const;
