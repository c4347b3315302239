import { type Role, staff } from '../organisations/index.ts';

export const applicantsAccess = {
  'applicants.read': [...staff.filter((role) => role !== 'technician'), 'holder-officer'],
  'applicants.manage': ['director', 'rental-manager', 'allocation-officer', 'social-worker', 'holder-officer'],
  /** The register of the order: without names. */
  'register.read': [...staff, 'committee-member', 'observer'],
  /** Reads a national number; each reading is logged. */
  'applicants.read-national-number': ['director', 'rental-manager', 'social-worker'],
} satisfies Record<string, readonly Role[]>;
