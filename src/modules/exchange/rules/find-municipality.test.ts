import { describe, expect, test } from 'vitest';
import { municipalityFinder } from './find-municipality.ts';

const find = municipalityFinder([
  { code: '21015', nameFr: 'Schaerbeek', nameNl: 'Schaarbeek', postalCodes: ['1030'] },
  { code: '21014', nameFr: 'Saint-Josse-ten-Noode', nameNl: 'Sint-Joost-ten-Node', postalCodes: ['1210'] },
  { code: '75056', nameFr: 'Paris', nameNl: null, postalCodes: ['75001', '75012'] },
  { code: '77001', nameFr: 'Villiers', nameNl: null, postalCodes: ['77100'] },
  { code: '78002', nameFr: 'Villiers', nameNl: null, postalCodes: ['78200'] },
]);

describe('a municipality is found', () => {
  test.each<[string, string, string | null, string]>([
    ['Schaerbeek', '1030', '21015', 'by its French name'],
    ['SCHAARBEEK', '', '21015', 'by its Dutch name, in capitals'],
    ['21015', '', '21015', 'by its code'],
    ['St Josse ten Noode', '1210', '21014', '« St » is « Saint »'],
    ['Paris 12e', '75012', '75056', 'a district of Paris is Paris'],
    ['75112', '75012', '75056', 'as its code is'],
    ['Villiers', '78200', '78002', 'of two of one name, by the postal code'],
    ['Villiers', '', null, 'two of one name, and nothing to tell them apart'],
    ['Schaerbeek', '1000', '21015', 'a postal code of the neighbour does not matter'],
    ['Liège', '4000', null, 'another region'],
  ])('%s %s → %s (%s)', (typed, postalCode, expected) => expect(find(typed, postalCode)).toBe(expected));
});
