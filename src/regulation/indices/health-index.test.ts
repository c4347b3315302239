import { describe, expect, test } from 'vitest';
import { decimal, exact, roundHalfUp } from '../../kernel/money.ts';
import { admissionIncome } from '../ceilings/admission-income-brussels.ts';
import { healthIndex } from './health-index.ts';

/** Hundredths of a point of a month, 'YYYY-MM'. */
const indexOf = (month: string) => healthIndex[Number(month.slice(0, 4))]?.[Number(month.slice(5)) - 1] ?? null;

const ratio = (over: string, under: string) => exact(indexOf(over)!).div(indexOf(under)!);

test.each([
  // month     hundredths  where the expected value comes from
  ['2014-01', 10_060, 'ais-brussels 4.4'],
  ['2016-11', 10_397, 'ais-brussels 4.4: Nov 2016 103.97'],
  ['2016-12', 10_405, 'ais-brussels 4.4: Dec 2016 104.05'],
  ['2018-05', 10_699, 'ais-brussels 4.6, I1: May 2018 106.99'],
  ['2018-09', 10_752, 'ais-brussels 4.6, I8: Sep 2018 107.52'],
  ['2020-01', 10_972, 'ais-brussels 4.6, I2: Jan 2020 109.72'],
  ['2020-09', 10_978, 'ais-brussels 4.6, I9: Sep 2020 109.78'],
  ['2022-10', 12_792, 'ais-brussels 4.6, I11: Oct 2022 127.92'],
  ['2022-11', 12_744, 'ais-brussels 4.6, I10: Nov 2022 127.44'],
  ['2023-11', 12_855, 'ais-brussels 4.6, I11: Nov 2023 128.55'],
  ['2025-05', 13_454, 'ais-brussels 4.6, I1: May 2025 134.54'],
  ['2025-10', 13_576, 'ais-brussels 4.6, I8: Oct 2025 135.76'],
  ['2025-12', 13_669, 'ais-brussels 4.6, I10: Dec 2025 136.69'],
  ['2016-10', null, 'ais-brussels 4.4: only November and December'],
  ['2017-12', null, 'ais-brussels 4.4: ?'],
  ['2019-06', null, 'ais-brussels 4.4: derived, do not ship'],
  ['2024-06', null, 'ais-brussels 4.4: derived, do not ship'],
  ['2026-01', null, 'ais-brussels R-70: base 2025 from then on'],
] as const)('%s: %s (%s)', (month, expected, _source) => expect(indexOf(month)).toBe(expected));

describe('gives the correction factors of the certificate, the proof that a table is not invented (4.4)', () => {
  test.each([
    // a: a year earlier  b: frozen  F and G        E              where the expected values come from
    ['2021-09', '2022-09', '0.898895293', '0.949447646', 'ais-brussels 4.5, 14–31 Oct'],
    ['2021-10', '2022-10', '0.890712946', '0.945356473', 'ais-brussels 4.5, Nov'],
    ['2021-11', '2022-11', '0.903954802', '0.951977401', 'ais-brussels 4.5, Dec'],
    ['2021-12', '2022-12', '0.903901791', '0.951950895', 'ais-brussels 4.5, Jan'],
    ['2022-01', '2023-01', '0.923515625', '0.961757813', 'ais-brussels 4.5, Feb'],
    ['2022-02', '2023-02', '0.935992433', '0.967996216', 'ais-brussels 4.5, Mar'],
    ['2022-03', '2023-03', '0.931533646', '0.965766823', 'ais-brussels 4.5, Apr'],
    ['2022-04', '2023-04', '0.943883189', '0.971941594', 'ais-brussels 4.5, May'],
    ['2022-05', '2023-05', '0.944248135', '0.972124068', 'ais-brussels 4.5, Jun'],
    ['2022-06', '2023-06', '0.952238571', '0.976119286', 'ais-brussels 4.5, Jul'],
    ['2022-07', '2023-07', '0.954219311', '0.977109655', 'ais-brussels 4.5, Aug'],
    ['2022-08', '2023-08', '0.960099363', '0.980049682', 'ais-brussels 4.5, Sep'],
    ['2022-09', '2023-09', '0.979611041', '0.989805521', 'ais-brussels 4.5, 1–13 Oct'],
  ] as const)('%s ÷ %s: %s, and %s for E (%s)', (a, b, frozen, half, _source) => {
    const factor = ratio(a, b);
    expect(decimal(factor, 9)).toBe(frozen);
    expect(decimal(factor.add(1).div(2), 9)).toBe(half);
  });
});

test.each([
  // base     starting    new        cents    where the expected value comes from
  [60_000, '2018-05', '2025-05', 75_450, 'ais-brussels 4.6, I1'],
  [50_000, '2020-01', '2021-01', 50_287, 'ais-brussels 4.6, I2: 2021'],
  [50_000, '2020-01', '2022-01', 53_869, 'ais-brussels 4.6, I2: 2022'],
  [50_000, '2020-01', '2023-01', 58_330, 'ais-brussels 4.6, I2: 2023'],
  [50_000, '2020-01', '2025-01', 61_757, 'ais-brussels 4.6, I2: 2025'],
  [65_000, '2018-09', '2025-10', 82_072, 'ais-brussels 4.6, I8: label D'],
  [70_000, '2020-09', '2025-09', 86_247, 'ais-brussels 4.6, I9: before the factor'],
  [62_000, '2022-11', '2025-12', 66_500, 'ais-brussels 4.6, I10: no factor'],
  [55_000, '2022-10', '2023-11', 55_271, 'ais-brussels 4.6, I11'],
] as const)('%i cents from %s to %s: %i (%s)', (base, starting, next, expected, _source) =>
  expect(roundHalfUp(exact(base).mul(ratio(next, starting)))).toBe(expected),
);

test('the admission income of 2024 is that of 2023 by the index of August (ais-brussels R-37, up to rounding)', () => {
  const [of2023, of2024] = admissionIncome.values.map(({ value }) => value);
  for (const [name, cents] of Object.entries(of2023!) as [keyof typeof of2023, number][]) {
    const indexed = Number(exact(cents).mul(ratio('2023-08', '2022-08')).valueOf());
    expect([name, Math.abs(indexed - of2024![name]) < 150]).toEqual([name, true]);
  }
});
