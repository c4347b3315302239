import { describe, expect, test } from 'vitest';
import { columnLetter, exampleDay, type Match, matchOf, tryMapping } from './column-matches.ts';

describe('How sure the place of a column is', () => {
  test.each<[string | null, string, Match, string]>([
    ['rent', 'Loyer mensuel', 'same-name', 'a heading the field knows, to the letter'],
    ['rent', 'LOYER_MENSUEL', 'same-name', 'capitals and punctuation do not count'],
    ['rent', 'Loyer mensuel (hors charges)', 'close-name', 'the same once the brackets are taken off'],
    ['rent', 'Truc', 'chosen', 'nothing in the heading says so: somebody chose'],
    [null, 'Loyer mensuel', 'ignored', 'no field at all'],
  ])('%s under « %s » is %s: %s', (field, heading, match) => {
    expect(matchOf('dwellings', field, heading)).toBe(match);
  });
});

describe('What the first rows say of a choice', () => {
  const record = {
    kind: 'dwellings' as const,
    sample: [
      ['A1', '650,00', '22/11/2026', '•••'],
      ['', 'six cents', '11/22/2026', '•••'],
      ['A3', '', '', ''],
    ],
  };
  const mapping = { reference: 0, rent: 1, contractStartsOn: 2, ownerIban: 3 };

  test('counts what can be read, what cannot, and what lacks where it is required', () => {
    const trials = tryMapping(record, mapping, 'dmy');
    expect(trials.get('reference')).toEqual({ readable: 2, unreadable: [], missing: 1 });
    expect(trials.get('rent')).toEqual({ readable: 1, unreadable: ['six cents'], missing: 1 });
    expect(trials.get('contractStartsOn')).toEqual({ readable: 1, unreadable: ['11/22/2026'], missing: 0 });
  });

  test('another order of dates reads other days', () => {
    expect(tryMapping(record, mapping, 'mdy').get('contractStartsOn')?.unreadable).toEqual(['22/11/2026']);
    expect(exampleDay(record, mapping, 'dmy')).toEqual({ typed: '22/11/2026', read: '2026-11-22' });
    expect(exampleDay(record, mapping, 'mdy')).toEqual({ typed: '22/11/2026', read: null });
    expect(exampleDay(record, { rent: 1 }, 'dmy')).toBeNull();
  });

  test('masked cells are not tried', () => {
    expect(tryMapping(record, mapping, 'dmy').has('ownerIban')).toBe(false);
  });
});

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('column %i is %s, as in a spreadsheet', (place, letter) => {
  expect(columnLetter(place)).toBe(letter);
});
