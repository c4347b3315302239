import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTarget } from './next-target.ts';
import { basisOf } from './target-basis.ts';

const years = (...freed: number[]) => freed.map((count, index) => ({ year: 2023 + index, freed: count }));

test.each<[number, number, number[], number, string]>([
  // target served  freed           next  source
  [40, 30, [100, 100, 100], 35, '(40 + 30) ÷ 2'],
  [5, 2, [10, 10, 10], 4, '3.5, halves up'],
  [10, 14, [50, 50, 50], 12, 'more was done: it rises by half of it'],
  [10, 10, [50, 50, 50], 10, 'as asked: it stays'],
  [5, 2, [2, 3, 4], 3, 'a mean year frees 3: never above'],
  [5, 2, [2, 3, 3], 2, 'mean 2.67, down'],
  [2, 0, [0, 0, 0], 0, 'nothing of this kind becomes free'],
  [8, 0, [], 4, 'no year known: no ceiling'],
  [8, -1, [20], 4, 'what was taken back counts as none'],
])('%d asked, %d served, %j freed: %d (%s)', (target, served, freed, next) =>
  expect(nextTarget({ target, served, freed: years(...freed) }).result).toBe(next),
);

test('it lies between what was asked and what was done, and doing more never lowers it', () => {
  const count = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(count, count, count, (target, served, more) => {
      const { result } = nextTarget({ target, served, freed: [] });
      expect(result).toBeGreaterThanOrEqual(Math.min(target, served));
      expect(result).toBeLessThanOrEqual(Math.max(target, served));
      expect(nextTarget({ target, served: served + more, freed: [] }).result).toBeGreaterThanOrEqual(result);
    }),
  );
});

test.each<[number, number[] | null, number, boolean, string | null, string]>([
  // dwellings freed       rights founded  mean    source
  [120, [6, 4, 5], 0, true, '5.0', 'F-35: vacancies observed'],
  [120, [0, 0, 0], 0, false, '0.0', 'F-35: no vacancy and no right of this kind'],
  [120, [0, 0, 0], 8, true, '0.0', 'F-35: a right of the inventory'],
  [120, null, 0, true, null, 'no year known: the stock alone'],
  [0, [3], 4, false, '3.0', 'no dwelling of this kind any more'],
])('%d dwellings, %j freed, %d rights: founded %s', (dwellings, freed, rights, founded, mean) =>
  expect(basisOf({ residences: 3, dwellings, freed: freed && years(...freed), rights })).toEqual({ mean, founded }),
);
