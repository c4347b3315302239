import { expect, test } from 'vitest';
import { type ObjectiveName, type ObjectiveState, objectiveOf } from './objectives.ts';

test.each<[ObjectiveName, number, number, number, ObjectiveState, string | null, string | null, string]>([
  // objective, leases, known, met, state, rate, why, source
  ['first-quartile', 4, 4, 1, 'reached', '0.2500', null, 'flux-fr L-60: 25 % is enough'],
  ['first-quartile', 100, 100, 24, 'missed', '0.2400', null, 'flux-fr L-60: at least 25 %'],
  ['social-mix', 10, 10, 5, 'reached', '0.5000', null, 'flux-fr L-61: 50 % by default'],
  ['social-mix', 10, 8, 3, 'missed', '0.3750', 'partly', 'flux-fr L-61, quartile known of eight'],
  ['priority', 8, 8, 2, 'reached', '0.2500', null, 'flux-fr L-62: 25 % of each contingent'],
  ['first-quartile', 6, 0, 0, 'not-measured', null, 'unknown', 'no quartile recorded: not measured, not nought'],
  ['priority', 0, 0, 0, 'not-measured', null, 'no-lease', 'no lease: not measured'],
])('%s, %i leases, %i known, %i met: %s %s %s (%s)', (objective, leases, known, met, state, rate, why) =>
  expect(objectiveOf({ objective, leases, known, met }).result).toMatchObject({ state, rate, why }),
);

test('what was committed to in the place stands instead of the law, and is said so (L-65)', () => {
  const given = { objective: 'first-quartile', leases: 10, known: 10, met: 3 } as const;
  expect(objectiveOf(given).result).toMatchObject({ state: 'reached', target: '0.25' });
  const { result, steps } = objectiveOf({ ...given, committed: '0.35' });
  expect(result).toMatchObject({ state: 'missed', target: '0.35' });
  expect(steps.at(-1)).toMatchObject({ label: 'objectives.committed', source: { article: 'L441-1-6' } });
});
