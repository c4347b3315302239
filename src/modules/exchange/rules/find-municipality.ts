import { foldWord } from './cells.ts';

export type KnownMunicipality = { code: string; nameFr: string; nameNl: string | null; postalCodes: readonly string[] };

/** @returns the code of the municipality, or null when it is not one of those of the region */
export type FindMunicipality = (typed: string, postalCode: string) => string | null;

/**
 * Finds municipalities by code (NIS, INSEE) or by name in French or Dutch: « Saint » and « St » are the same, and a district
 * of Paris (« Paris 12e », 75112) is Paris. The postal code only tells homonyms apart: parts of the City of Brussels have
 * the postal codes of its neighbours.
 */
export function municipalityFinder(known: readonly KnownMunicipality[]): FindMunicipality {
  const codes = new Set(known.map(({ code }) => code));
  const byName = new Map<string, KnownMunicipality[]>();
  for (const municipality of known) {
    for (const name of new Set([nameKey(municipality.nameFr), nameKey(municipality.nameNl ?? municipality.nameFr)])) {
      byName.set(name, [...(byName.get(name) ?? []), municipality]);
    }
  }
  return (typed, postalCode) => {
    const code = typed.trim().replace(/\.0$/, '');
    if (codes.has(code)) return code;
    if (/^751(0[1-9]|1\d|20)$/.test(code) && codes.has('75056')) return '75056';
    const found = byName.get(nameKey(typed)) ?? [];
    if (found.length <= 1) return found[0]?.code ?? null;
    const near = found.filter(({ postalCodes }) => postalCodes.includes(postalCode));
    return near.length === 1 ? near[0]!.code : null;
  };
}

function nameKey(name: string): string {
  const folded = foldWord(name)
    .replace(/\bste\b/g, 'sainte')
    .replace(/\bst\b/g, 'saint');
  return /^paris (\d{1,2}( ?(er|e|eme))?|cedex)( arrondissement)?( \d+)?$/.test(folded) ? 'paris' : folded;
}
