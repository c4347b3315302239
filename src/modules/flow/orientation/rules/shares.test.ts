import { describe, expect, test } from 'vitest';
import { ownShare, remainingShare } from './shares.ts';

describe('shares', () => {
  test.each([
    [['0.3', '0.18', '0.27', '0.03', '0.02'], '0.200000', 'flux-fr C4'],
    [['0.5', '0.5'], '0.000000', 'nothing left'],
    [[], '1.000000', 'no agreement'],
  ])('%s leaves %s (%s)', (shares, expected) => expect(remainingShare(shares)).toBe(expected));

  test.each([
    [500, '400', '0.200000', 'flux-fr C4: 150 + 90 + 135 + 15 + 10 of 500'],
    [40, '30', '0.250000', 'flux-fr C6: 8 + 12 + 10 of 40'],
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
