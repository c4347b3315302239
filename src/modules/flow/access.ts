import { type Role, staff } from '../organisations/index.ts';

export const flowAccess = {
  /** Agreements and counters, of the landlord or of the holder, each its own. */
  'flow.read': [...staff, 'holder-officer', 'observer', 'committee-member'],
  'flow.orient': ['director', 'allocation-officer', 'rental-manager'],
  'flow.manage-agreements': ['director'],
} satisfies Record<string, readonly Role[]>;
