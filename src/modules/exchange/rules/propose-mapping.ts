import { foldWord } from './cells.ts';
import type { ImportField, Mapping } from './fields.ts';

/**
 * Which column of a file carries which field, by their names: accents, capitals and punctuation do not count, nor what
 * a heading says in brackets (« Loyer (€) »). Exact names win over names in brackets; a column is proposed once at most,
 * to the first field that knows it; of two columns of the same name the first is taken.
 */
export function proposeMapping(fields: readonly ImportField[], header: readonly string[]): Mapping {
  const exact = header.map(foldWord);
  const bare = header.map((heading) => foldWord(heading.replace(/[([].*?[)\]]/g, ' ')));
  const taken = new Set<number>();
  const mapping: Mapping = Object.fromEntries(fields.map(({ name }) => [name, null]));
  for (const headings of [exact, bare]) {
    for (const field of fields) {
      if (mapping[field.name] !== null) continue;
      const found = placeOf(field, headings, taken);
      if (found === undefined) continue;
      mapping[field.name] = found;
      taken.add(found);
    }
  }
  return mapping;
}

/** Headings are listed by preference: the first one that the file has wins. */
function placeOf(field: ImportField, headings: readonly string[], taken: ReadonlySet<number>): number | undefined {
  for (const heading of [field.name, ...field.headings]) {
    const folded = foldWord(heading);
    const place = headings.findIndex((candidate, index) => candidate === folded && !taken.has(index));
    if (place >= 0) return place;
  }
  return undefined;
}
