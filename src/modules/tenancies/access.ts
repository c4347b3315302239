import { type Role, staff } from '../organisations/index.ts';

export const tenanciesAccess = {
  'tenancies.read': staff,
  'tenancies.manage': ['director', 'rental-manager'],
} satisfies Record<string, readonly Role[]>;
