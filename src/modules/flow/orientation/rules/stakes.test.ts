import { expect, test } from 'vitest';
import { stakesOf } from './stakes.ts';

const counted = (leases: number, known: number, met: number) => ({ leases, known, met });

test.each<[boolean, string, string, string | null, string, string, string]>([
  [false, 'first-quartile', 'missed', '0.2000', '0.2381', '0.1905', 'flux-fr L-60: 4 of 20, then 5 or 4 of 21'],
  [true, 'social-mix', 'reached', '0.6667', '0.7000', '0.6000', 'flux-fr L-61: 6 of 9, then 7 or 6 of 10'],
])('a dwelling in a priority area: %s, weighs on %s', (inPriorityArea, objective, state, before, ifMet, ifNot) => {
  const { result } = stakesOf({
    inPriorityArea,
    firstQuartile: counted(22, 20, 4),
    socialMix: counted(9, 9, 6),
    priority: counted(3, 0, 0),
  });
  expect(result[0]).toMatchObject({ objective, state, before, ifMet, ifNot });
  // flux-fr L-62: nothing is known of three leases; the next tells all there is to tell.
  expect(result[1]).toMatchObject({
    objective: 'priority',
    state: 'not-measured',
    before: null,
    ifMet: '1.0000',
    ifNot: '0.0000',
  });
});
