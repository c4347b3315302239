import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import {
  decisionsOpen,
  type Proposal,
  type ProposalState,
  proposalState,
  type SettingDecision,
  settingDecisions,
} from './proposal-state.ts';

const answerBy = day('2026-04-11');

const aProposal = (scope: Proposal['scope'], said: readonly string[]): Proposal => ({
  scope,
  proposerId: scope === 'own' ? 'landlord' : 'state',
  partyIds: scope === 'own' ? ['als', 'city'] : ['landlord', 'als'],
  answerBy,
  decisions: said.map((line) => {
    const [partyId, decision] = line.split(' ') as [string, SettingDecision];
    return { partyId, decision };
  }),
});

describe('where a proposed setting stands', () => {
  test.each<[Proposal['scope'], string[], string, ProposalState, string]>([
    ['own', [], '2026-03-12', 'waiting', 'F-89: the parties are asked'],
    ['own', ['als approved'], '2026-03-12', 'waiting', 'F-89: all of them'],
    ['own', ['als approved', 'city approved'], '2026-03-12', 'adopted', 'F-89: approved by the parties concerned'],
    ['own', ['als refused'], '2026-03-12', 'blocked', 'one refusal is enough'],
    ['own', ['als approved'], '2026-04-11', 'waiting', 'its last day counts'],
    ['own', ['als approved'], '2026-04-12', 'blocked', 'setting flow.approval-days: silent after it'],
    ['own', ['als approved', 'city approved'], '2026-05-01', 'adopted', 'approved late is approved'],
    ['own', ['als refused', 'landlord arbitration-asked'], '2026-03-20', 'arbitration', 'F-85: the consolidation body'],
    ['own', ['als refused', 'landlord arbitration-asked', 'state adopted'], '2026-03-20', 'adopted', 'F-85'],
    ['own', ['als refused', 'landlord arbitration-asked', 'state dismissed'], '2026-03-20', 'dismissed', 'F-85'],
    ['own', ['als approved', 'landlord withdrawn'], '2026-03-20', 'withdrawn', 'who proposes may withdraw'],
    [
      'regional',
      ['landlord unfavourable', 'als favourable'],
      '2026-03-20',
      'waiting',
      'F-90: an opinion decides nothing',
    ],
    ['regional', ['state adopted'], '2026-03-20', 'adopted', 'F-90: the State adopts'],
    ['regional', ['state withdrawn'], '2026-03-20', 'withdrawn', 'F-90'],
  ])('%s, %j on %s: %s (%s)', (scope, said, today, state) => {
    expect(proposalState(aProposal(scope, said), day(today))).toBe(state);
  });

  test('nobody to ask: adopted at once', () => {
    expect(proposalState({ ...aProposal('own', []), partyIds: [] }, day('2026-03-12'))).toBe('adopted');
  });
});

describe('what may be said of it', () => {
  test.each<[Proposal['scope'], string[], string, string, SettingDecision[], string]>([
    ['own', [], 'als', '2026-03-12', ['approved', 'refused'], 'F-89'],
    ['own', ['als approved'], 'als', '2026-03-12', [], 'once'],
    ['own', ['als refused'], 'city', '2026-03-12', ['approved', 'refused'], 'the others are still heard'],
    ['own', [], 'landlord', '2026-03-12', ['withdrawn'], 'no arbitration while time is left'],
    ['own', ['als refused'], 'landlord', '2026-03-12', ['arbitration-asked', 'withdrawn'], 'F-85'],
    ['own', [], 'landlord', '2026-04-12', ['arbitration-asked', 'withdrawn'], 'silence'],
    ['own', ['als refused'], 'state', '2026-03-12', [], 'the State arbitrates when asked'],
    ['own', ['als refused', 'landlord arbitration-asked'], 'state', '2026-03-12', ['adopted', 'dismissed'], 'F-85'],
    ['own', ['als refused', 'landlord arbitration-asked'], 'city', '2026-03-12', [], 'too late to answer'],
    ['own', ['landlord withdrawn'], 'als', '2026-03-12', [], 'it ended'],
    ['regional', [], 'state', '2026-03-12', ['adopted', 'withdrawn'], 'F-90'],
    ['regional', [], 'landlord', '2026-03-12', ['favourable', 'unfavourable'], 'F-90: opinions with a reason'],
    ['regional', [], 'city', '2026-03-12', [], 'not asked'],
    ['regional', ['state adopted'], 'als', '2026-03-12', [], 'it ended'],
  ])('%s, %j: %s on %s may %j (%s)', (scope, said, organisationId, today, open) => {
    const actor = { organisationId, arbitrates: organisationId === 'state' };
    expect(decisionsOpen(aProposal(scope, said), actor, day(today))).toEqual(open);
  });
});

test('what ended never moves again, whatever is added', () => {
  const said = fc.array(
    fc.record({
      partyId: fc.constantFrom('als', 'city', 'landlord', 'state'),
      decision: fc.constantFrom(...settingDecisions),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom('own' as const, 'regional' as const), said, (scope, decisions) => {
      const proposal = { ...aProposal(scope, []), decisions };
      const today = day('2026-04-12');
      const state = proposalState(proposal, today);
      const isEnded = ['adopted', 'dismissed', 'withdrawn'].includes(state);
      for (const organisationId of ['als', 'city', 'landlord', 'state'])
        if (isEnded) expect(decisionsOpen(proposal, { organisationId, arbitrates: true }, today)).toEqual([]);
    }),
  );
});
