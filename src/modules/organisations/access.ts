import { type Role, roleNames } from './rules/roles.ts';

export const organisationsAccess = {
  /** Sees who works here and how they may be reached. */
  'organisations.read': roleNames,
  /** Invites people, gives and takes roles, chooses settings and identity providers. */
  'organisations.manage': ['administrator', 'director'],
  /** Lends own roles to a colleague for a time. */
  'organisations.delegate': roleNames.filter((role) => role !== 'reader' && role !== 'observer'),
  /** Follows long work, stops it and starts it again. */
  'jobs.read': roleNames,
  /** Reads the events and the journal of the organisation. */
  'journal.read': ['director', 'administrator', 'allocation-officer', 'rental-manager', 'holder-officer', 'observer'],
} satisfies Record<string, readonly Role[]>;
