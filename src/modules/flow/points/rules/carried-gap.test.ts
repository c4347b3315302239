import { expect, test } from 'vitest';
import { carriedGap } from './carried-gap.ts';

const closed = [
  { year: 2024, due: '10.5', points: { total: '9.00' } },
  { year: 2025, due: '5', points: { total: '7.25' } },
];

test.each<['none' | 'one-year' | 'until-end', number, string | null, string]>([
  ['none', 2026, null, 'flux-fr § 3.4: carryGap none'],
  ['one-year', 2026, '-2.25', 'flux-fr § 3.4: one year, given too much'],
  ['one-year', 2025, '1.50', 'flux-fr § 3.4: one year, left to give'],
  ['one-year', 2027, null, 'the year before is not closed'],
  ['until-end', 2026, '-0.75', 'flux-fr § 3.4: until the end: 1.50 − 2.25'],
  ['until-end', 2025, '1.50', 'a later year changes nothing'],
  ['until-end', 2024, null, 'its first year'],
])('%s into %i: %s (%s)', (policy, year, gap) => {
  expect(carriedGap({ year, policy, closed })?.gap ?? null).toBe(gap);
});

test('tells each year it comes from', () => {
  expect(carriedGap({ year: 2026, policy: 'until-end', closed })?.steps.map(({ label }) => label)).toEqual([
    'points.gap-of-year',
    'points.gap-of-year',
    'points.gap-carried',
  ]);
});
