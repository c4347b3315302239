import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownShare, remainingShare, suggestOrientation } from './orientation.ts';

const party = (id: string, share: string, freed: number, proposed: number) => ({
  id,
  name: id,
  scale: 'department' as const,
  share,
  freed,
  proposed,
  needs: [],
});

describe('orientation by largest deficit', () => {
  test('the party furthest behind its due is suggested, with its computation', () => {
    const { result, steps } = suggestOrientation({
      parties: [
        party('ville', '0.2', 62, 12),
        party('als', '0.27', 116, 29),
        party('region', '0.02', 116, 3),
        party('own', '0.2', 116, 25),
      ],
    });
    expect(result.suggested).toBe('als');
    expect(result.alternatives.map(({ id, due, gapBefore, gapAfter }) => [id, due, gapBefore, gapAfter])).toEqual([
      ['ville', '12.40', '-0.40', '0.60'],
      ['als', '31.32', '-2.32', '-1.32'],
      ['region', '2.32', '0.68', '1.68'],
      ['own', '23.20', '1.80', '2.80'],
    ]);
    expect(steps.find((step) => step.label === 'orientation.gap')?.result).toEqual({ unit: 'number', value: '-2.32' });
  });

  test.each<[string, ReturnType<typeof party>[], string, string]>([
    ['equal gaps: larger share', [party('a', '0.1', 10, 0), party('b', '0.5', 2, 0)], 'b', 'rule'],
    ['equal gaps and shares: older agreement', [party('b', '0.5', 2, 0), party('a', '0.5', 2, 0)], 'a', 'rule'],
    ['nobody behind: least ahead', [party('a', '0.1', 10, 3), party('b', '0.2', 10, 3)], 'b', 'rule'],
    [
      'exact: 0.1 × 3 is 0.3',
      [party('a', '0.1', 3, 0), party('b', '0.3', 1, 0)],
      'b',
      'no floating number: the gaps are equal',
    ],
  ])('%s', (_case, parties, expected) => expect(suggestOrientation({ parties }).result.suggested).toBe(expected));

  test('refuses when nobody may receive it', () =>
    expect(() => suggestOrientation({ parties: [] })).toThrow(expect.objectContaining({ code: 'E-ORIENTATION-01' })));

  test('following it, with everyone admissible, nobody is ever as far behind as there are parties', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 8 }), (weights) => {
        const total = weights.reduce((a, b) => a + b);
        const proposed = weights.map(() => 0);
        for (let freed = 1; freed <= 200; freed++) {
          const parties = weights.map((weight, index) =>
            party(`p${index}`, (weight / total).toFixed(6), freed, proposed[index]!),
          );
          const { suggested } = suggestOrientation({ parties }).result;
          proposed[Number(suggested.slice(1))]! += 1;
          for (const [index, weight] of weights.entries()) {
            expect(proposed[index]! - (weight / total) * freed).toBeGreaterThan(-weights.length);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('shares', () => {
  test.each([
    [['0.3', '0.18', '0.27', '0.03', '0.02'], '0.200000', 'flux-fr C4'],
    [['0.5', '0.5'], '0.000000', 'nothing left'],
    [[], '1.000000', 'no agreement'],
  ])('%s leaves %s (%s)', (shares, expected) => expect(remainingShare(shares)).toBe(expected));

  test.each([
    [100, '60', '0.400000', 'one perimeter: the same as 1 − the shares'],
    [100, '57.2', '0.428000', '0,5 × 100 + 0,18 × 40 in one municipality of the département'],
    [3, '2', '0.333333', 'rounded to six decimals'],
    [10, '10.5', '0', 'promised more than there is'],
    [0, '0', '0', 'no vacancy yet this year'],
  ])('of %s vacancies with %s promised, %s is the own contingent (%s)', (freed, promised, expected) =>
    expect(ownShare({ freed, promised })).toBe(expected),
  );

  test('refuses more than the whole (L-29)', () =>
    expect(() => remainingShare(['0.6', '0.41'])).toThrow(
      expect.objectContaining({ code: 'E-AGREEMENT-01', params: { total: '101.00' } }),
    ));
});
