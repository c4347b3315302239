import { expect, test } from 'vitest';
import { inForce } from '../../kernel/dated.ts';
import { day } from '../../kernel/local-date.ts';
import { exact } from '../../kernel/money.ts';
import { admissionIncome } from './admission-income-brussels.ts';
import { ceilingRatios, plusCeilings } from './plus-idf.ts';

const plus = inForce(plusCeilings, day('2026-01-01')).value;

test.each([
  // category  Paris and ring  rest of the region  where the expected values come from
  [1, 2_692_000, 2_692_000, 'flux-fr 6.5: 26,920 / 26,920'],
  [2, 4_023_300, 4_023_300, 'flux-fr 6.5: 40,233 / 40,233'],
  [3, 5_274_000, 4_836_200, 'flux-fr 6.5: 52,740 / 48,362'],
  [4, 6_296_800, 5_793_000, 'flux-fr 6.5: 62,968 / 57,930'],
  [5, 7_491_900, 6_857_700, 'flux-fr 6.5: 74,919 / 68,577'],
  [6, 8_430_400, 7_717_100, 'flux-fr 6.5: 84,304 / 77,171'],
] as const)('PLUS 2026, category %i: %i and %i (%s)', (category, paris, region, _source) => {
  expect(plus.parisAndRing.categories[category - 1]).toBe(paris);
  expect(plus.restOfRegion.categories[category - 1]).toBe(region);
});

test('PLUS 2026 per extra person (flux-fr 6.5: 9,394 / 8,598)', () => {
  expect([plus.parisAndRing.perExtraPerson, plus.restOfRegion.perExtraPerson]).toEqual([939_400, 859_800]);
});

test('PLS of category 1 is 34,996 (flux-fr 6.5: PLUS × 1.3), and is not presented as law', () => {
  expect(exact(plus.parisAndRing.categories[0]).mul(ceilingRatios.PLS.ratio).valueOf()).toBe(3_499_600);
  expect([ceilingRatios.PLS.source.confidence, ceilingRatios.PLAI.source.confidence]).toEqual([
    'unverified',
    'unverified',
  ]);
});

test.each([
  // day          single     one        several    child    adult    confidence    where the expected values come from
  ['2023-06-01', 2_640_083, 2_933_427, 3_352_493, 251_436, 502_872, 'verified', 'ais-brussels 3.5: 2023 [V 20]'],
  ['2024-06-01', 2_749_910, 3_055_458, 3_491_957, 261_896, 523_791, 'verified', 'ais-brussels 3.5: 2024 [V 25]'],
  ['2025-06-01', 2_837_900, 3_153_200, 3_603_600, 270_300, 540_600, 'unverified', 'ais-brussels 3.5: 2025 [D]'],
  ['2026-06-01', 2_895_400, 3_217_100, 3_676_700, 275_800, 551_500, 'unverified', 'ais-brussels 3.5: 2026 [D]'],
] as const)(
  'admission income on %s: %i (%s)',
  (on, single, oneIncome, severalIncomes, perChild, perDisabledAdult, confidence, _source) => {
    const { value, source } = inForce(admissionIncome, day(on));
    expect(value).toEqual({ single, oneIncome, severalIncomes, perChild, perDisabledAdult });
    expect(source.confidence).toBe(confidence);
  },
);
