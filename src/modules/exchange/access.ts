import { type Role, roleNames } from '../organisations/index.ts';

export const exchangeAccess = {
  /** Sends files of dwellings and applicants, applies and undoes them. */
  'exchange.import': ['director', 'rental-manager', 'administrator'],
  /** Takes out a list: besides, one must be allowed to see that list. */
  'exchange.extract': roleNames,
} satisfies Record<string, readonly Role[]>;
