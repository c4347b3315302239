import { law, secondary, unverified } from '../sources.ts';

/** Notice of a tenant, by jurisdiction. */
export const tenantNotice = {
  /** Tenant of a nine-year lease: three months, from the first day of the month after receipt. */
  'be-bru': {
    months: 3,
    startsNextMonth: true,
    monthsSource: secondary('Bruxelles-J, durées du bail', 'CBL titre XI'),
    startSource: law('Brussels Commissioner, mettre fin à un bail', undefined, 'https://commissioner.brussels'),
  },
  /** One month where housing is tense, as in all of the Paris agglomeration; from the day of receipt (L-76). */
  'fr-idf': {
    months: 1,
    startsNextMonth: false,
    monthsSource: unverified('Zone tendue : un mois, de mémoire', 'loi du 6 juillet 1989, art. 15'),
    startSource: unverified('Du jour de la réception', 'loi du 6 juillet 1989, art. 15'),
  },
} as const;

/** Notice of the landlord at the end of the term. */
export const landlordNotice = {
  'be-bru': { months: 6, startsNextMonth: true, source: secondary('Droits quotidiens, bail de 9 ans', 'CBL titre XI') },
  'fr-idf': {
    months: 6,
    startsNextMonth: false,
    source: unverified('Six mois avant le terme, de mémoire', 'loi du 6 juillet 1989, art. 15'),
  },
} as const;
