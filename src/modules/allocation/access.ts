import { letting, type Role, staff } from '../organisations/index.ts';

export const allocationAccess = {
  'vacancies.read': [...staff, 'committee-member'],
  'vacancies.manage': letting,
  'allocation.orient': ['director', 'allocation-officer', 'rental-manager'],
  /** Proposals received from landlords: the holder's own space. */
  'proposals.read': ['holder-officer'],
  'proposals.answer': ['holder-officer'],
  'committee.read': [...letting, 'committee-member', 'social-worker', 'reader'],
  'committee.manage': letting,
  /** Signs the minutes one sat in. */
  'committee.sign': [...letting, 'committee-member'],
} satisfies Record<string, readonly Role[]>;
