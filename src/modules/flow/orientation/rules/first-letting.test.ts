import { expect, test } from 'vitest';
import { suggestFirstLetting } from './first-letting.ts';

type Party = Parameters<typeof suggestFirstLetting>[0]['parties'][number];

const party = (id: string, part: number, oriented: number, whole = part, orientedInAll = oriented): Party => ({
  ...{ id, name: id, scale: 'department' as const },
  ...{ part, oriented, whole, orientedInAll },
});

test.each<[string, Party[], string, string, string]>([
  [
    'nobody was served',
    [party('als', 4, 0), party('etat', 9, 0), party('own', 17, 0)],
    'own',
    'programme-part',
    'ties: the larger part',
  ],
  [
    'in proportion',
    [party('als', 4, 1), party('etat', 9, 6), party('own', 17, 9)],
    'als',
    'programme-part',
    '3 of 4 left, 3 of 9, 8 of 17',
  ],
  [
    'the State keeps its part to the end',
    [party('als', 4, 4), party('etat', 9, 8), party('own', 17, 17)],
    'etat',
    'programme-part',
    'F-79: a part for the State',
  ],
  [
    'this size is shared out',
    [party('als', 4, 4, 9, 4), party('own', 17, 17, 20, 20)],
    'als',
    'programme-other-size',
    'the totals of the meeting hold',
  ],
  [
    'all is shared out',
    [party('als', 4, 4), party('own', 17, 17)],
    'own',
    'programme-aside',
    'what was kept for rehousing',
  ],
  [
    'it gave this dwelling back',
    [{ ...party('als', 4, 0), returned: true }, party('own', 17, 16)],
    'own',
    'programme-part',
    'never the same dwelling twice',
  ],
])('a first letting: %s', (_case, parties, suggested, why, _source) => {
  const { result, steps } = suggestFirstLetting({ programme: 'Les Forges', parties });
  expect(result.suggested).toBe(suggested);
  expect(result.alternatives.find(({ id }) => id === suggested)!.why).toBe(why);
  expect(steps[0]!.result).toEqual({ unit: 'text', value: 'Les Forges' });
});

test('followed to the end, everyone has its part, size by size', () => {
  const parties = [party('als', 4, 0), party('etat', 9, 0), party('ville', 2, 0), party('own', 15, 0)];
  for (let letting = 0; letting < 30; letting++) {
    const { suggested } = suggestFirstLetting({ programme: 'Les Forges', parties }).result;
    const first = parties.find(({ id }) => id === suggested)!;
    first.oriented += 1;
    first.orientedInAll += 1;
  }
  expect(parties.map(({ oriented }) => oriented)).toEqual([4, 9, 2, 15]);
});
