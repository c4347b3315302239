import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueOf } from './due.ts';

const period = (share: string, freed: number, from = '2026-01-01', until: string | null = null) => ({
  from,
  until,
  share,
  freed,
});

test.each([
  [[period('0.3', 500)], '150.00', 'flux-fr C4: préfet'],
  [[period('0.18', 500)], '90.00', 'flux-fr C4: communes'],
  [[period('0.27', 500)], '135.00', 'flux-fr C4: Action Logement'],
  [[period('0.3', 487)], '146.10', 'flux-fr C5'],
  [[period('0.02', 487)], '9.74', 'flux-fr C5'],
  [
    [period('0.2', 100, '2026-01-01', '2026-06-30'), period('0.3', 80, '2026-07-01')],
    '44.00',
    'L-10: an amendment of 1 July leaves the first half as it was: 20 + 24',
  ],
  [[period('0.2', 100, '2026-01-01', '2026-06-30')], '20.00', 'ended on 30 June: nothing after'],
  [[], '0.00', 'no vacancy yet'],
  [[period('0.333333', 1)], '0.33', 'two decimals, once'],
  [[period('0.2', 3), period('0.2', -1)], '0.40', 'a vacancy taken back takes back its own share'],
])('%j: %s (%s)', (periods, due) => expect(dueOf({ reference: 'CR-1', periods }).result).toBe(due));

test('an amendment from a day on never changes what the days before gave', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      (before, after, first, second) => {
        const [a, b] = [(first / 1_000).toFixed(3), (second / 1_000).toFixed(3)];
        const kept = Number(dueOf({ reference: '', periods: [period(a, before)] }).result);
        const amended = Number(dueOf({ reference: '', periods: [period(a, before), period(b, after)] }).result);
        expect(Math.abs(amended - kept - (second * after) / 1_000)).toBeLessThan(0.011);
      },
    ),
  );
});

test('says how: one line a period', () => {
  const { steps } = dueOf({ reference: 'CR-1', periods: [period('0.2', 100), period('0.3', 80)] });
  expect(steps.map(({ label }) => label)).toEqual(['standing.freed', 'due.period', 'due.period', 'standing.due']);
});
