import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exclusionCategories } from './categories.ts';
import { beyondCap, expectedVolume, flowBase } from './exclusion-forecast.ts';

const past = (...counts: number[]) => counts.map((count, index) => ({ year: 2023 + index, count }));
const volume = (given: Partial<Parameters<typeof expectedVolume>[0]>) =>
  expectedVolume({ category: 'mutation', planned: null, past: [], years: 3, method: 'mean', ...given });

describe('the volume of a category', () => {
  test.each<[Partial<Parameters<typeof expectedVolume>[0]>, number, string, string]>([
    [{ past: past(84, 91, 98) }, 91, 'past-years', 'flux-fr C9'],
    [
      { past: past(84, 91, 98), planned: { count: 60, documents: ['ANRU'], year: 2026 } },
      60,
      'document',
      'flux-fr F-09',
    ],
    [
      { past: past(84, 91, 98), planned: { count: 0, documents: ['ANRU'], year: 2026 } },
      0,
      'document',
      'a plan of none',
    ],
    [{ past: past(10, 84, 91, 98) }, 91, 'past-years', 'flux-fr L-75: the last three'],
    [{ past: past(10, 84, 91, 98), years: 4 }, 71, 'past-years', '283 ÷ 4 = 70.75, halves up'],
    [{ past: past(1, 100, 2), method: 'median' }, 2, 'past-years', '§ 5.1: median option'],
    [{ past: past(3, 4), method: 'median' }, 4, 'past-years', '3.5, halves up'],
    [{ past: past(5, 6) }, 6, 'past-years', '5.5, halves up: two years are known'],
    [{ past: [] }, 0, 'past-years', 'nothing is known'],
  ])('%j → %i by %s (%s)', (given, expected, origin) => {
    expect(volume(given).result).toEqual({ volume: expected, origin });
  });

  test('says every year it counted, from old to new', () => {
    const { steps } = volume({ past: past(84, 91, 98) });
    expect(steps.map(({ label, result }) => [label, result?.value])).toEqual([
      ['base.past-year', 84],
      ['base.past-year', 91],
      ['base.past-year', 98],
      ['base.mean', '91.00'],
      ['base.rounded', 91],
    ]);
    expect(steps[3]!.source?.confidence).toBe('unverified');
  });
});

const c4 = [
  { category: 'mutation' as const, volume: 110 },
  { category: 'urban-renewal' as const, volume: 60 },
  { category: 'substandard' as const, volume: 5 },
  { category: 'condominium' as const, volume: 3 },
  { category: 'sale' as const, volume: 30 },
];

describe('the base of a year', () => {
  type Lines = Parameters<typeof flowBase>[0]['exclusions'];
  type Expected = Parameters<typeof flowBase>[0]['expected'];
  test.each<[number, number, Expected, Lines, number, number, number, string]>([
    [12_000, 200, { rotation: '0.06' }, c4, 708, 208, 500, 'flux-fr C4'],
    [900, 0, { rotation: '0.055' }, [{ category: 'mutation' as const, volume: 9 }], 49, 9, 40, 'flux-fr C6: 49.5 → 49'],
    [12_000, 200, { count: 695 }, c4, 695, 208, 487, 'flux-fr C5: F = 487'],
    [100, 0, { count: 3 }, [{ category: 'sale' as const, volume: 5 }], 3, 5, 0, 'never below zero'],
    [100, 100, { rotation: '0.06' }, [], 0, 0, 0, 'all in retained stock'],
  ])(
    '%i dwellings, %i retained, %j, %j → L %i − X %i = F %i (%s)',
    (stock, retained, expected, exclusions, l, x, f) => {
      const { result } = flowBase({ stock, retained, firstLettings: 0, expected, exclusions, capPercent: null });
      expect(result).toMatchObject({ expected: l, excluded: x, base: f, beyondCap: 0 });
    },
  );

  test.each<[string | null, number, number, string]>([
    ['2', 208, 0, '2 % of 12,000 is 240'],
    ['1.5', 208, 28, '1.5 % is 180'],
    ['1.73', 208, 1, '207.6 is 207: a limit is not passed by a rounding'],
    [null, 9_999, 0, 'F-08: none by default'],
  ])('a cap of %s %% on %i leaves %i beyond (%s)', (capPercent, excluded, expected) => {
    expect(beyondCap({ stock: 12_000, excluded, capPercent })).toBe(expected);
  });

  test('F = max(0, L − X), whatever the numbers; more exclusions never enlarge the base', () => {
    const lines = fc.array(
      fc.record({ category: fc.constantFrom(...exclusionCategories), volume: fc.integer({ min: 0, max: 500 }) }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }),
        lines,
        fc.integer({ min: 0, max: 500 }),
        (count, exclusions, more) => {
          const of = (list: typeof exclusions) =>
            flowBase({
              stock: 10_000,
              retained: 0,
              firstLettings: 0,
              expected: { count },
              exclusions: list,
              capPercent: null,
            }).result;
          const { expected, excluded, base } = of(exclusions);
          expect(base).toBe(Math.max(expected - excluded, 0));
          expect(of([...exclusions, { category: 'sale', volume: more }]).base).toBeLessThanOrEqual(base);
        },
      ),
    );
  });
});
