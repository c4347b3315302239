import type { CellReader } from './cells.ts';

export const importKinds = ['dwellings', 'applicants'] as const;
export type ImportKindName = (typeof importKinds)[number];

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
