import { expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { projectToYearEnd } from './projection.ts';

test.each<[number, string, string, number, number, string]>([
  // count  on            expected low high  why
  [29, '2026-11-22', '32.5', 28 + 1, 37, '326 of 365 days: 29 × 365 ÷ 326; band ± 2√3.5, never below 29'],
  [0, '2026-06-30', '0.0', 0, 0, 'nothing yet, nothing expected'],
  [10, '2026-12-31', '10.0', 10, 10, 'the year is over'],
  [1, '2024-01-01', '366.0', 327, 405, 'one day of a leap year: 365 to come, ± 2√365'],
])('%i on %s: %s, between %i and %i (%s)', (count, on, expected, low, high) =>
  expect(projectToYearEnd({ count, on: day(on) }).result).toEqual({ expected, low, high }),
);
