import { expect, test } from 'vitest';
import {
  agreementAbilities,
  type KeptState,
  type LifeState,
  lifeStates,
  movesFrom,
  nextStepOf,
  type Party,
  parties,
} from './life-cycle.ts';

test.each<[LifeState, Party, KeptState[], string]>([
  ['draft', 'landlord', ['negotiation', 'abandoned'], 'sent to the holder, or given up'],
  ['draft', 'holder', [], 'the holder does not see a draft'],
  ['negotiation', 'landlord', ['to-sign', 'abandoned'], 'APiLos: instruction → à signer'],
  ['negotiation', 'holder', [], 'the holder answers; the landlord puts to signature'],
  ['to-sign', 'landlord', ['negotiation', 'abandoned'], 'reopened'],
  ['to-sign', 'holder', ['negotiation'], 'sent back'],
  ['signed', 'landlord', [], 'only an amendment or an end changes a signed one'],
  ['ended', 'landlord', [], 'over'],
])('from %s the %s may move to %j (%s)', (state, party, expected) => expect(movesFrom(state, party)).toEqual(expected));

test.each<[LifeState, Party[], boolean, boolean, string]>([
  ['draft', [], false, false, 'send'],
  ['negotiation', [], false, false, 'agree'],
  ['to-sign', [], false, false, 'sign-both'],
  ['to-sign', ['landlord'], false, false, 'sign-holder'],
  ['to-sign', ['holder'], false, false, 'sign-landlord'],
  ['signed', ['landlord', 'holder'], true, false, 'sign-amendment'],
  ['amended', ['landlord', 'holder'], false, true, 'renew'],
  ['signed', ['landlord', 'holder'], false, false, 'run'],
  ['ended', ['landlord', 'holder'], false, false, 'none'],
])('%s, signed by %j: next is %s', (state, signed, amending, endsSoon, expected) =>
  expect(nextStepOf(state, { signed, amending, endsSoon })).toBe(expected),
);

test('nobody changes the terms of what is signed, and a holder never manages', () => {
  for (const state of lifeStates) {
    for (const party of parties) {
      const can = agreementAbilities(state, party, { signed: [], amending: false, ending: false, contingent: 'other' });
      if (!['draft', 'negotiation'].includes(state)) expect(can.change).toBe(false);
      if (party === 'holder')
        expect([can.amend, can.end, can.setTargets, can.derogate, can.change]).not.toContain(true);
    }
  }
});
