import type { CellReader } from './cells.ts';

export const importKinds = [
  'dwellings',
  'applicants',
  'reservation-rights',
  'sne-closures',
  'syplo-labels',
  'alin-nominations',
  'choice-candidacies',
] as const;
export type ImportKindName = (typeof importKinds)[number];

/** Reservation rights and the registers of the State: there are none in Brussels. */
const onlyInFrance: readonly ImportKindName[] = [
  'reservation-rights',
  'sne-closures',
  'syplo-labels',
  'alin-nominations',
  'choice-candidacies',
];

/** The kinds that mean something where the organisation works. */
export const importKindsFor = (jurisdiction: string): readonly ImportKindName[] =>
  importKinds.filter((kind) => jurisdiction === 'fr-idf' || !onlyInFrance.includes(kind));

/** A field one may import; its name on screen is the message `import.fields.<kind>.<name>`. */
export type ImportField = {
  name: string;
  /** Column of the staging table. */
  column: string;
  read: CellReader;
  /** No row is accepted without it. */
  required?: true;
  /** National numbers and bank accounts: shown to nobody on the way. */
  guarded?: true;
  /** Headings under which files carry it, in French, Dutch and English. */
  headings: readonly string[];
};

/** Field → place of its column in the file, from 0; null when the file does not carry it. */
export type Mapping = Record<string, number | null>;
