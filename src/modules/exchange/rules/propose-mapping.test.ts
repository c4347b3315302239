import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { applicantFields } from './applicant-fields.ts';
import { foldWord } from './cells.ts';
import { dwellingFields } from './dwelling-fields.ts';
import { proposeMapping } from './propose-mapping.ts';
import { rightsFields } from './rights-fields.ts';

/** Field → heading proposed for it; fields without a column left out. */
function proposed(fields: typeof dwellingFields, header: string[]): Record<string, string> {
  const mapping = proposeMapping(fields, header);
  return Object.fromEntries(
    Object.entries(mapping).flatMap(([field, place]) => (place === null ? [] : [[field, header[place]!]])),
  );
}

const kinds = [
  ['dwellings', dwellingFields],
  ['applicants', applicantFields],
  ['reservation-rights', rightsFields],
] as const;
const languages = ['fr', 'nl', 'en'] as const;

describe('columns are recognised by their names', () => {
  test.each<[string[], Record<string, string>, string]>([
    [
      ['RÉFÉRENCE DU LOGEMENT', 'Rue', 'N°', 'Code postal', 'Commune', 'Loyer (€)'],
      {
        reference: 'RÉFÉRENCE DU LOGEMENT',
        street: 'Rue',
        houseNumber: 'N°',
        postalCode: 'Code postal',
        municipality: 'Commune',
        rent: 'Loyer (€)',
      },
      'French: capitals, accents and what is in brackets do not count',
    ],
    [
      ['Referentie', 'Straat', 'Huisnummer', 'Postcode', 'Gemeente', 'Huurprijs', 'Slaapkamers'],
      {
        reference: 'Referentie',
        street: 'Straat',
        houseNumber: 'Huisnummer',
        postalCode: 'Postcode',
        municipality: 'Gemeente',
        rent: 'Huurprijs',
        bedrooms: 'Slaapkamers',
      },
      'Dutch',
    ],
    [['reference', 'houseNumber'], { reference: 'reference', houseNumber: 'houseNumber' }, 'the names of the API'],
    [['Loyer', 'Loyer'], { rent: 'Loyer' }, 'of two columns of one name, the first'],
    [['Colonne A', 'Divers', ''], {}, 'nothing is guessed'],
  ])('%j', (header, expected) => expect(proposed(dwellingFields, header)).toEqual(expected));

  test('a column is proposed once at most', () => {
    const header = [
      'Référence',
      'Adresse',
      'Numéro',
      'Propriétaire',
      'Locataire',
      'Loyer',
      'Contrat',
      'Type',
      'Immeuble',
    ];
    const places = Object.values(proposeMapping(dwellingFields, header)).filter((place) => place !== null);
    expect(new Set(places).size).toBe(places.length);
  });

  test.each(kinds.flatMap(([kind, fields]) => languages.map((language) => [kind, language, fields] as const)))(
    'the names of fields on screen are known: %s, %s',
    (kind, language, fields) => {
      const file = path.join(import.meta.dirname, `../messages/${language}.json`);
      const messages = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>;
      const header = fields.map(({ name }) => messages[`import.fields.${kind}.${name}`]!);
      const expected = Object.fromEntries(fields.map(({ name }, place) => [name, header[place]]));
      expect(proposed(fields, header)).toEqual(expected);
    },
  );

  test.each(kinds)('no two fields of %s claim the same heading', (_kind, fields) => {
    const claims = new Map<string, string[]>();
    for (const { name, headings } of fields) {
      for (const heading of new Set(headings.map(foldWord)))
        claims.set(heading, [...(claims.get(heading) ?? []), name]);
    }
    expect([...claims].filter(([, names]) => names.length > 1)).toEqual([]);
  });
});
