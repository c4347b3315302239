import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CommitteeCandidate,
  type DecisionKind,
  type FewerThanThree,
  type ProposedDecision,
  passedOver,
  requireDerogations,
  requireEnoughDemands,
  requireQuorum,
  requireWholeDecisions,
} from './committee.ts';

const candidate = (registerRank: number | null, more: Partial<CommitteeCandidate> = {}): CommitteeCandidate => ({
  id: `c${registerRank}`,
  fileNumber: `2023-${registerRank}`,
  registerRank,
  priorityGroup: null,
  ...more,
});
const four = [1, 2, 3, 4].map((rank) => candidate(rank));
const decide = (
  id: string,
  kind: DecisionKind,
  rank: number | null = null,
  reason: string | null = 'dit en séance',
): ProposedDecision => ({
  candidateId: id,
  kind,
  rank,
  reason,
});
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('quorum', () => {
  test('three of three decide, two do not', () => {
    expect(() => requireQuorum(3, 3)).not.toThrow();
    expect(() => requireQuorum(2, 3)).toThrow(code('E-COMMITTEE-01'));
  });
});

describe('three demands or an exception (L-40)', () => {
  const dalo = candidate(null, { priorityGroup: 'dalo' });
  test.each<[string, CommitteeCandidate[], FewerThanThree | null, string | null]>([
    ['three demands', four.slice(0, 3), null, null],
    ['two, no exception', four.slice(0, 2), null, 'E-COMMITTEE-02'],
    ['two, not enough candidates', four.slice(0, 2), 'not-enough-candidates', null],
    ['one, DALO', [dalo], 'dalo', null],
    ['one, said DALO but is not', four.slice(0, 1), 'dalo', 'E-COMMITTEE-03'],
    ['two, one of them DALO', [dalo, candidate(2)], 'dalo', 'E-COMMITTEE-03'],
    ['one, subsidised', four.slice(0, 1), 'subsidised', null],
  ])('%s', (_case, candidates, exception, refusal) => {
    const check = () => requireEnoughDemands(candidates, exception);
    if (refusal) expect(check).toThrow(code(refusal));
    else expect(check().source?.article).toBe('R441-3');
  });
});

describe('one decision a candidate (L-41)', () => {
  const whole = [
    decide('c1', 'granted', 1),
    decide('c2', 'ranked', 2),
    decide('c3', 'not-granted'),
    decide('c4', 'inadmissible'),
  ];
  test('a whole set passes', () => expect(() => requireWholeDecisions(four, whole)).not.toThrow());
  test.each<[string, ProposedDecision[], string]>([
    ['a stranger', [...whole, decide('c9', 'not-granted')], 'E-DECISION-01'],
    ['twice the same', [...whole, decide('c4', 'not-granted')], 'E-DECISION-02'],
    ['one forgotten', whole.slice(0, 3), 'E-DECISION-03'],
    ['granted without rank', [decide('c1', 'granted'), ...whole.slice(1)], 'E-DECISION-04'],
    ['refused with a rank', [...whole.slice(0, 3), decide('c4', 'not-granted', 3)], 'E-DECISION-04'],
    ['a condition not named', [decide('c1', 'conditional', 1), ...whole.slice(1)], 'E-DECISION-05'],
    ['a refusal without reason', [...whole.slice(0, 3), decide('c4', 'not-granted', null, ' ')], 'E-DECISION-06'],
    ['two at rank 1', [whole[0]!, decide('c2', 'ranked', 1), ...whole.slice(2)], 'E-DECISION-07'],
    ['a gap in ranks', [whole[0]!, decide('c2', 'ranked', 3), ...whole.slice(2)], 'E-DECISION-07'],
  ])('refuses %s', (_case, decisions, expected) => {
    expect(() => requireWholeDecisions(four, decisions)).toThrow(code(expected));
  });
});

describe('the order of the register (H-093)', () => {
  const chooseFourth = [
    decide('c1', 'not-granted'),
    decide('c2', 'not-granted'),
    decide('c3', 'not-granted'),
    decide('c4', 'granted', 1),
  ];
  const reason = 'Logement au 4e étage sans ascenseur';
  const derogation = (id: string) => ({ passedCandidateId: id, kind: 'unsuitable-dwelling' as const, reason });

  test('choosing rank 4 passes over ranks 1 to 3', () =>
    expect(passedOver(four, chooseFourth).map(({ registerRank }) => registerRank)).toEqual([1, 2, 3]));

  test('demands a reason for each of them', () => {
    expect(() => requireDerogations(four, chooseFourth, [])).toThrow(
      expect.objectContaining({
        code: 'E-DEROGATION-01',
        params: { ranks: '1, 2, 3', files: '2023-1, 2023-2, 2023-3' },
      }),
    );
    expect(() => requireDerogations(four, chooseFourth, [derogation('c1'), derogation('c2')])).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ ranks: '3' }) }),
    );
    expect(requireDerogations(four, chooseFourth, ['c1', 'c2', 'c3'].map(derogation))?.result).toEqual({
      unit: 'count',
      value: 3,
    });
  });

  test('a reason of a few letters is none', () =>
    expect(() =>
      requireDerogations(
        four,
        chooseFourth,
        ['c1', 'c2', 'c3'].map((id) => ({ ...derogation(id), reason: 'mixité' })),
      ),
    ).toThrow(code('E-DEROGATION-02')));

  test('the register order needs none, nor does an inadmissible demand', () => {
    expect(
      requireDerogations(
        four,
        [decide('c1', 'granted', 1), decide('c2', 'ranked', 2), decide('c3', 'ranked', 3), decide('c4', 'not-granted')],
        [],
      ),
    ).toBeNull();
    expect(
      requireDerogations(
        four,
        [
          decide('c1', 'inadmissible'),
          decide('c2', 'granted', 1),
          decide('c3', 'not-granted'),
          decide('c4', 'not-granted'),
        ],
        [],
      ),
    ).toBeNull();
  });

  test('candidates a holder named have no register rank to respect', () => {
    const named = ['a', 'b', 'c'].map((id) => candidate(null, { id }));
    expect(
      passedOver(named, [decide('c', 'granted', 1), decide('a', 'ranked', 2), decide('b', 'not-granted')]),
    ).toEqual([]);
  });

  test('whatever is decided, those passed over are exactly those placed after someone behind them', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1, maxLength: 4 }), (order) => {
        const decisions = four.map(({ id }, index) => {
          const place = order.indexOf(index);
          return place < 0 ? decide(id, 'not-granted') : decide(id, place === 0 ? 'granted' : 'ranked', place + 1);
        });
        const expected = four.filter((_, index) => {
          const place = order.indexOf(index);
          return order.some((other, otherPlace) => other > index && (place < 0 || otherPlace < place));
        });
        expect(passedOver(four, decisions)).toEqual(expected);
      }),
    );
  });
});
