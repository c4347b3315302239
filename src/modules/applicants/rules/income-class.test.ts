import { describe, expect, test } from 'vitest';
import { day } from '../../../kernel/local-date.ts';
import { brusselsIncomeClass, frenchIncomeClass, type IncomeClass } from './income-class.ts';
import { moderateQuota } from './moderate-quota.ts';

const family = { adults: 2, earners: 1, children: 2, disabledChildren: 0, disabledAdults: 0, on: day('2024-06-01') };

describe('Brussels', () => {
  test.each<[string, number | null, IncomeClass, string]>([
    ['at the ceiling', 3_579_250, 'admission', 'ais-brussels 3.5: 30,554.58 + 2 × 2,618.96 = 35,792.50'],
    ['one cent above', 3_579_251, 'moderate', 'ais-brussels 3.5'],
    ['H-100', 4_000_000, 'moderate', 'ais-brussels H-100'],
    ['at 150 %', 5_368_875, 'moderate', 'ais-brussels 3.5: 53,688.75'],
    ['above 150 %', 5_368_876, 'over', 'ais-brussels 3.5'],
    ['not known', null, 'unknown', 'no income, no class'],
  ])('%s: %s is %s', (_case, income, expected) => {
    const { result } = brusselsIncomeClass({ ...family, income });
    expect(result).toEqual({ class: expected, ceiling: 3_579_250, verified: true });
  });

  test.each<[string, Partial<typeof family>, number, string]>([
    ['single', { adults: 1, children: 0 }, 2_749_910, 'R-31 table 2024'],
    ['single parent', { adults: 1, children: 1 }, 3_055_458 + 261_896, 'one income, one child'],
    ['two incomes', { earners: 2, children: 0 }, 3_491_957, 'R-31 table 2024'],
    ['disabled child', { children: 1, disabledChildren: 1 }, 3_055_458 + 2 * 261_896, 'R-34: counts as two'],
    ['disabled adult', { children: 0, disabledAdults: 1 }, 3_055_458 + 523_791, 'R-34: a fixed amount'],
  ])('ceiling of %s', (_who, change, expected) => {
    expect(brusselsIncomeClass({ ...family, ...change, income: 0 }).result.ceiling).toBe(expected);
  });

  test('an estimated scale is never presented as verified', () => {
    const { result, steps } = brusselsIncomeClass({ ...family, income: 0, on: day('2026-11-22') });
    expect(result.verified).toBe(false);
    expect(steps[0]?.source?.confidence).toBe('unverified');
  });

  test('does not guess before its first year', () => {
    expect(() => brusselsIncomeClass({ ...family, income: 0, on: day('2022-12-31') })).toThrow('no value recorded');
  });

  test.each([
    // stock  most  source
    [305, 101, 'ais-brussels 3.5: floor(305/3)'],
    [300, 100, 'exact third'],
    [2, 0, 'no third of two'],
  ])('of %i dwellings at most %i go to moderate incomes (%s)', (stock, expected) => {
    expect(moderateQuota({ stock, moderate: expected }).result).toEqual({ limit: expected, reached: true });
    if (expected > 0) expect(moderateQuota({ stock, moderate: expected - 1 }).result.reached).toBe(false);
  });
});

describe('Île-de-France', () => {
  const household = {
    persons: 3,
    adults: 2,
    funding: 'PLUS' as 'PLAI' | 'PLUS' | 'PLS',
    innerRing: true,
    on: day('2026-06-01'),
  };
  test.each<[string, Partial<typeof household>, number, boolean, string]>([
    ['one person', { persons: 1, adults: 1 }, 2_692_000, true, 'flux-fr 6.5'],
    ['three, Paris ring', {}, 5_274_000, true, 'flux-fr 6.5'],
    ['three, elsewhere', { innerRing: false }, 4_836_200, true, 'flux-fr 6.5'],
    ['parent and one child', { persons: 2, adults: 1 }, 5_274_000, true, 'single parent: next category'],
    ['seven', { persons: 7 }, 8_430_400 + 939_400, true, 'flux-fr 6.5: per extra person'],
    [
      'PLS, one person',
      { persons: 1, adults: 1, funding: 'PLS' },
      3_499_600,
      false,
      'flux-fr 6.5: 34,996, from memory',
    ],
  ])('%s', (_who, change, ceiling, verified) => {
    const at = frenchIncomeClass({ ...household, ...change, income: ceiling }).result;
    expect(at).toEqual({ class: 'admission', ceiling, verified });
    expect(frenchIncomeClass({ ...household, ...change, income: ceiling + 1 }).result.class).toBe('over');
  });
});
