import { type Role, staff } from '../../modules/organisations/index.ts';

export const workspaceAccess = {
  'timeline.read': [...staff, 'committee-member', 'holder-officer', 'administrator'],
  'sector.read': ['observer'],
} satisfies Record<string, readonly Role[]>;

/** Which kinds of search hits each permission opens. */
export const searchableKinds: readonly { kind: string; permission: string }[] = [
  { kind: 'dwelling', permission: 'portfolio.read' },
  { kind: 'owner', permission: 'portfolio.read' },
  { kind: 'application', permission: 'applicants.read' },
  { kind: 'tenancy', permission: 'tenancies.read' },
];
