import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DuePart, type GapLevel, gapOf } from './gap.ts';

test.each<[DuePart[], number, number, string, string, GapLevel, string]>([
  // parts, proposed, tolerance, due, gap, level, source
  [[{ share: '0.3', freed: 500 }], 150, 1, '150.00', '0.00', 'within', 'flux-fr C4: préfet 30 % of 500'],
  [[{ share: '0.18', freed: 487 }], 87, 1, '87.66', '-0.66', 'within', 'flux-fr C5: communes 87.66 exact'],
  [[{ share: '0.27', freed: 487 }], 130, 1, '131.49', '-1.49', 'behind', 'flux-fr C5: ALS 131.49 exact'],
  [[{ share: '0.2', freed: 40 }], 12, 1, '8.00', '4.00', 'far-ahead', 'flux-fr C6: commune 8, three tolerances passed'],
  [
    [{ share: '0.2', freed: 40 }],
    11,
    1,
    '8.00',
    '3.00',
    'ahead',
    'flux-fr C6: exactly three tolerances is not yet far',
  ],
  [[{ share: '0.25', freed: 4 }], 0, 1, '1.00', '-1.00', 'within', 'the edge of the band is within it'],
  [[{ share: '0.25', freed: 4 }], 0, 0, '1.00', '-1.00', 'far-behind', 'no tolerance: any gap is far'],
  [
    [
      { share: '0.1', freed: 10 },
      { share: '0.2', freed: 10 },
    ],
    3,
    1,
    '3.00',
    '0.00',
    'within',
    'L-10, an amendment: each vacancy at the share of its day',
  ],
  [[], 2, 1, '0.00', '2.00', 'ahead', 'proposed where nothing was due'],
])('%j, %i proposed, ± %i: due %s, gap %s, %s (%s)', (parts, proposed, tolerance, due, gap, level) =>
  expect(gapOf({ parts, proposed, tolerance }).result).toMatchObject({ due, gap, level }),
);

const part = fc.record({
  share: fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => (millionths / 1_000_000).toFixed(6)),
  freed: fc.integer({ min: 0, max: 10_000 }),
});

test('due + gap = proposed, whatever the parts and their order', () =>
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.integer({ min: 0, max: 5_000 }), (parts, proposed) => {
      const { result } = gapOf({ parts, proposed, tolerance: 1 });
      expect(Math.abs(Number(result.due) + Number(result.gap) - proposed)).toBeLessThan(0.011);
      expect(gapOf({ parts: parts.toReversed(), proposed, tolerance: 1 }).result).toEqual(result);
    }),
  ));

test('one more proposal never makes a gap smaller', () =>
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.integer({ min: 0, max: 500 }), (parts, proposed) => {
      const gap = (count: number) => Number(gapOf({ parts, proposed: count, tolerance: 1 }).result.gap);
      expect(gap(proposed + 1)).toBeGreaterThan(gap(proposed));
    }),
  ));
