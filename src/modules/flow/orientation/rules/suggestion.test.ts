import { describe, expect, test } from 'vitest';
import { orientationInput, suggestOrientation } from './suggestion.ts';

const party = (id: string, share: string, freed: number, proposed: number) => ({
  id,
  name: id,
  scale: 'department' as const,
  share,
  freed,
  proposed,
});
const need = (target: number, served: number) => ({ criterion: 'rooms-min', value: '4', target, served });

describe('the orientation of a freed dwelling', () => {
  test('who is already a dwelling late comes first, with its computation', () => {
    const { result, steps } = suggestOrientation({
      parties: [
        party('ville', '0.2', 62, 12),
        party('als', '0.27', 116, 29),
        party('region', '0.02', 116, 3),
        party('own', '0.2', 116, 25),
      ],
    });
    expect(result.suggested).toBe('als');
    expect(
      result.alternatives.map(({ id, due, gapBefore, gapAfter, waits, why }) => [
        id,
        due,
        gapBefore,
        gapAfter,
        waits,
        why,
      ]),
    ).toEqual([
      // (13 − 12.40) ÷ 0.2 = 3 more vacancies of its own before it is a dwelling late
      ['ville', '12.40', '-0.40', '0.60', 3, 'can-wait'],
      ['als', '31.32', '-2.32', '-1.32', 0, 'only-one'],
      ['region', '2.32', '0.68', '1.68', 84, 'ahead'],
      ['own', '23.20', '1.80', '2.80', 14, 'ahead'],
    ]);
    expect(steps.find((step) => step.label === 'orientation.gap')?.result).toEqual({ unit: 'number', value: '-2.32' });
  });

  test.each<[string, Parameters<typeof suggestOrientation>[0]['parties'], string, string, string]>([
    ['equal gaps', [party('a', '0.1', 10, 0), party('b', '0.5', 2, 0)], 'b', 'deficit', 'the larger share'],
    [
      'equal gaps and shares',
      [party('b', '0.5', 2, 0), party('a', '0.5', 2, 0)],
      'a',
      'deficit',
      'the older agreement',
    ],
    ['nobody is behind', [party('a', '0.1', 10, 3), party('b', '0.2', 10, 3)], 'b', 'least-ahead', 'the least ahead'],
    ['0.1 × 3 is 0.3', [party('a', '0.1', 3, 0), party('b', '0.3', 1, 0)], 'b', 'deficit', 'no floating number'],
    [
      'it gave this dwelling back',
      [{ ...party('a', '0.9', 10, 0), returned: true }, party('b', '0.1', 10, 3)],
      'b',
      'least-ahead',
      'never the same dwelling twice',
    ],
    [
      'an amendment of the year',
      [{ ...party('a', '0.5', 10, 3), due: '3.2' }, party('b', '0.5', 10, 4)],
      'b',
      'only-one',
      'what is due is what the days gave, not the share of today × the year',
    ],
    [
      'a need',
      [{ ...party('a', '0.5', 7, 3), needs: [need(5, 1)] }, party('b', '0.5', 7, 3)],
      'a',
      'need',
      'F-31, F-52: equally late, the dwelling serves one',
    ],
    [
      'a need of who is ahead',
      [{ ...party('a', '0.5', 6, 3), needs: [need(5, 1)] }, party('b', '0.5', 7, 3)],
      'b',
      'only-one',
      'F-32: indicative never blocks contractual',
    ],
  ])('%s: %s', (_case, parties, expected, why) => {
    const { result } = suggestOrientation({ parties, on: '2026-06-30' });
    expect(result.suggested).toBe(expected);
    expect(result.alternatives.find(({ id }) => id === expected)?.why).toBe(why);
  });

  test('a need stops counting when the year ends: it lands on what is due', () => {
    const parties = [{ ...party('a', '0.5', 7, 3), needs: [need(9, 1)] }, party('b', '0.45', 8, 3)];
    const on = (date: string) => suggestOrientation({ parties, waiting: 3, on: date }).result.suggested;
    expect(on('2026-03-01')).toBe('a');
    expect(on('2026-12-31')).toBe('b');
  });

  test('dwellings that wait beside it leave room: another may be served first', () => {
    const parties = [{ ...party('a', '0.5', 11, 5), needs: [need(20, 1)] }, party('b', '0.5', 12, 5)];
    const suggested = (waiting: number) => suggestOrientation({ parties, waiting, on: '2026-03-01' }).result.suggested;
    expect(suggested(1)).toBe('b');
    expect(suggested(4)).toBe('a');
  });

  test('refuses when nobody may receive it', () => {
    for (const parties of [[], [{ ...party('a', '0.5', 1, 0), returned: true }]])
      expect(() => suggestOrientation({ parties })).toThrow(expect.objectContaining({ code: 'E-ORIENTATION-01' }));
  });

  test.each([['1.5'], ['0.1234567891'], ['-0.1'], ['.5']])('a share of %s is not one', (share) =>
    expect(orientationInput.safeParse({ parties: [party('a', share, 1, 0)] }).success).toBe(false),
  );
});

describe('what the objectives of the place lean to', () => {
  const both = (share: string) => [
    { ...party('etat', share, 10, 0), contingent: 'state-priority' },
    { ...party('als', share, 10, 0), contingent: 'action-logement' },
  ];
  test.each<['state-priority' | 'others' | null, string, string]>([
    [null, 'als', 'the older agreement'],
    ['state-priority', 'etat', 'F-52: tie-breaker'],
    ['others', 'als', 'F-52: tie-breaker'],
  ])('decides between equals: %s', (leaning, suggested, _source) => {
    expect(suggestOrientation({ parties: both('0.3'), leaning }).result.suggested).toBe(suggested);
  });

  test('never passes what an agreement gives: the smallest lead of another decides', () => {
    const [etat, als] = both('0.3');
    const parties = [etat!, { ...als!, share: '0.300001' }];
    expect(suggestOrientation({ parties, leaning: 'state-priority' }).result.suggested).toBe('als');
    const equal = suggestOrientation({ parties: both('0.3'), leaning: 'state-priority' }).result;
    expect(equal.alternatives.map(({ why }) => why)).toEqual(['stake', 'smaller-deficit']);
  });
});
