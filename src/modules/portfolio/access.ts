import { type Role, staff } from '../organisations/index.ts';

export const portfolioAccess = {
  'portfolio.read': [...staff, 'committee-member'],
  'portfolio.manage': ['director', 'rental-manager'],
  /** Owners' bank accounts: read by those who pay them, each reading being logged. */
  'portfolio.read-accounts': ['director', 'rental-manager', 'accountant'],
} satisfies Record<string, readonly Role[]>;
