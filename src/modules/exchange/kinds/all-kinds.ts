import type { ImportKindName } from '../rules/fields.ts';
import { applicantImport } from './applicants/kind.ts';
import { dwellingImport } from './dwellings/kind.ts';
import type { ImportKind } from './kind.ts';
import { closureImport } from './national/closures.ts';
import { labelImport } from './national/labels.ts';
import { candidacyImport, nominationImport } from './national/nominations.ts';
import { rightsImport } from './reservation-rights/kind.ts';

export const kindOf = (name: ImportKindName): ImportKind =>
  ({
    dwellings: dwellingImport,
    applicants: applicantImport,
    'reservation-rights': rightsImport,
    'sne-closures': closureImport,
    'syplo-labels': labelImport,
    'alin-nominations': nominationImport,
    'choice-candidacies': candidacyImport,
  })[name];
