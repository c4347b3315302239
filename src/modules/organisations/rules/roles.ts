/**
 * Roles a person may hold in an organisation. What each may do is said by the access tables of the modules
 * (`access.ts`), as permissions; here only which kinds of organisation know the role.
 */
export const roles = {
  director: ['agency', 'landlord'],
  'rental-manager': ['agency', 'landlord'],
  'allocation-officer': ['agency', 'landlord'],
  accountant: ['agency', 'landlord'],
  technician: ['agency', 'landlord'],
  'social-worker': ['agency', 'landlord'],
  'committee-member': ['agency', 'landlord'],
  'holder-officer': ['holder', 'municipality', 'state', 'territory'],
  observer: ['state', 'federation', 'territory', 'municipality'],
  reader: ['agency', 'landlord', 'holder', 'municipality', 'state', 'federation', 'territory'],
  administrator: ['agency', 'landlord', 'holder', 'municipality', 'state', 'federation', 'territory'],
} as const satisfies Record<string, readonly OrganisationKind[]>;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as Role[];

export const organisationKinds = [
  'agency',
  'landlord',
  'holder',
  'municipality',
  'state',
  'federation',
  'territory',
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** The roles an organisation of a kind may give. */
export const rolesFor = (kind: string): Role[] =>
  roleNames.filter((role) => (roles[role] as readonly string[]).includes(kind));

/** Everyone who works at an agency or a landlord, whatever the trade. */
export const staff = [
  'director',
  'rental-manager',
  'allocation-officer',
  'accountant',
  'technician',
  'social-worker',
  'reader',
] as const satisfies Role[];

/** Those who let dwellings. */
export const letting = ['director', 'rental-manager', 'allocation-officer'] as const satisfies Role[];
