import type { ImportRecord } from '../contract.ts';
import { applicantFields } from '../rules/applicant-fields.ts';
import { type DateOrder, day, foldWord } from '../rules/cells.ts';
import { dwellingFields } from '../rules/dwelling-fields.ts';
import type { ImportField, ImportKindName, Mapping } from '../rules/fields.ts';
import { closureFields, labelFields, nominationFields } from '../rules/national-fields.ts';
import { proposeMapping } from '../rules/propose-mapping.ts';
import { rowReader } from '../rules/read-row.ts';
import { rightsFields } from '../rules/rights-fields.ts';

const fieldsOf: Record<ImportKindName, readonly ImportField[]> = {
  dwellings: dwellingFields,
  applicants: applicantFields,
  'reservation-rights': rightsFields,
  'sne-closures': closureFields,
  'syplo-labels': labelFields,
  'alin-nominations': nominationFields,
  'choice-candidacies': nominationFields,
};

/** How sure the place of a column is: its heading is the name of the field, nearly so, or somebody chose it. */
export type Match = 'same-name' | 'close-name' | 'chosen' | 'ignored';

export function matchOf(kind: ImportKindName, fieldName: string | null, heading: string): Match {
  const field = fieldsOf[kind].find(({ name }) => name === fieldName);
  if (!field) return 'ignored';
  const folded = foldWord(heading);
  if ([field.name, ...field.headings].some((name) => foldWord(name) === folded)) return 'same-name';
  return proposeMapping([field], [heading])[field.name] === 0 ? 'close-name' : 'chosen';
}

/** What the first cells of a column tell of a choice: how many can be read so, which cannot, how many lack. */
export type Trial = { readable: number; unreadable: string[]; missing: number };

/**
 * Reads the first rows of a file as the import would, with the same rules. Guarded fields are left out: their cells are masked.
 * @returns by field
 */
export function tryMapping(
  record: Pick<ImportRecord, 'kind' | 'sample'>,
  mapping: Mapping,
  order: DateOrder,
): Map<string, Trial> {
  const fields = fieldsOf[record.kind].filter(({ name, guarded }) => !guarded && (mapping[name] ?? null) !== null);
  const read = rowReader(fields, mapping, order, null);
  const trials = new Map<string, Trial>(fields.map(({ name }) => [name, { readable: 0, unreadable: [], missing: 0 }]));
  for (const cells of record.sample) {
    const { values, problems } = read({ cells });
    for (const { name } of fields) {
      const trial = trials.get(name)!;
      const problem = problems.find(({ field }) => field === name);
      if (values[name] !== null) trial.readable++;
      else if (problem?.code === 'E-IMPORT-REQUIRED') trial.missing++;
      else if (problem) trial.unreadable.push(cells[mapping[name]!] ?? '');
    }
  }
  return trials;
}

/** The first day of the sample, as typed and as an order reads it; null without a column of days. */
export function exampleDay(
  record: Pick<ImportRecord, 'kind' | 'sample'>,
  mapping: Mapping,
  order: DateOrder,
): { typed: string; read: string | null } | null {
  const places = fieldsOf[record.kind].flatMap((field) => (field.read === day ? [mapping[field.name] ?? -1] : []));
  const typed = record.sample
    .flatMap((cells) => places.map((place) => cells[place] ?? ''))
    .find((cell) => /\d/.test(cell));
  if (!typed) return null;
  const read = day(typed, order);
  return { typed, read: typeof read === 'string' ? read : null };
}

/** The letter a spreadsheet gives a column: 0 → A, 27 → AB. */
export function columnLetter(place: number): string {
  const rest = String.fromCharCode(65 + (place % 26));
  return place < 26 ? rest : columnLetter(Math.floor(place / 26) - 1) + rest;
}
