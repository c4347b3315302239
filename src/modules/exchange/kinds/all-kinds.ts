import type { ImportKindName } from '../rules/fields.ts';
import { applicantImport } from './applicants/kind.ts';
import { dwellingImport } from './dwellings/kind.ts';
import type { ImportKind } from './kind.ts';

export const kindOf = (name: ImportKindName): ImportKind =>
  ({ dwellings: dwellingImport, applicants: applicantImport })[name];
