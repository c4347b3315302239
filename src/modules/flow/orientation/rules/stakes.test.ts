import { expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { stakesOf } from './stakes.ts';

const counted = (leases: number, known: number, met: number) => ({ leases, known, met });

test.each<[boolean, string, string, string | null, string, string, string]>([
  [false, 'first-quartile', 'missed', '0.2000', '0.2381', '0.1905', 'flux-fr L-60: 4 of 20, then 5 or 4 of 21'],
  [true, 'social-mix', 'reached', '0.6667', '0.7000', '0.6000', 'flux-fr L-61: 6 of 9, then 7 or 6 of 10'],
])('a dwelling in a priority area: %s, weighs on %s', (inPriorityArea, objective, state, before, ifMet, ifNot) => {
  const { objectives: result } = stakesOf({
    inPriorityArea,
    firstQuartile: counted(22, 20, 4),
    socialMix: counted(9, 9, 6),
    priority: counted(3, 0, 0),
  }).result;
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

type Residence = NonNullable<Parameters<typeof stakesOf>[0]['residence']>;
const calm: Residence = { firstQuartileRate: '0.3', listedUntil: null };

test.each<[string, boolean, ReturnType<typeof counted> & { committed?: string }, Residence, string | null, string]>([
  ['outside, first quartile behind', false, counted(20, 20, 4), calm, 'state-priority', 'flux-fr L-60: 20 % of 25 %'],
  ['outside, reached', false, counted(20, 20, 6), calm, null, 'flux-fr L-60: 30 %'],
  [
    'outside, behind what was committed',
    false,
    { ...counted(20, 20, 6), committed: '0.35' },
    calm,
    'state-priority',
    'flux-fr L-65: 30 % of 35 %',
  ],
  ['inside, mix behind', true, counted(10, 10, 4), calm, 'others', 'flux-fr L-61: 40 % of 50 %'],
  [
    'a fragile residence',
    false,
    counted(20, 20, 4),
    { ...calm, firstQuartileRate: '0.51' },
    'others',
    'F-52: fragility of the residence',
  ],
  [
    'a listed residence',
    false,
    counted(20, 20, 4),
    { ...calm, listedUntil: day('2028-12-31') },
    'others',
    'flux-fr L-65: list of the CIA',
  ],
  ['nothing known', false, counted(5, 0, 0), calm, null, 'never concluded from nothing'],
])('whom the objectives lean to: %s', (_case, inPriorityArea, first, residence, leaning, _source) => {
  const input = { inPriorityArea, firstQuartile: first, socialMix: first, priority: counted(3, 3, 1), residence };
  expect(stakesOf(input).result.leaning).toBe(leaning);
});
