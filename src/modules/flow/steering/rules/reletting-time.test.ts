import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RelettingBin, relettingTime } from './reletting-time.ts';

const bins = (...days: number[]): RelettingBin[] => days.map((one) => ({ days: one, dwellings: 1 }));

test.each<[RelettingBin[], string | null, string | null, string]>([
  [bins(60), '60.0', '60.0', 'one dwelling'],
  [bins(10, 20, 90), '40.0', '20.0', 'odd: the middle one'],
  [bins(10, 20, 30, 90), '37.5', '25.0', 'even: between the two middle ones'],
  [
    [
      { days: 30, dwellings: 3 },
      { days: 100, dwellings: 1 },
    ],
    '47.5',
    '30.0',
    'the same days count as often as they are',
  ],
  [bins(0, 1), '0.5', '0.5', 'let on the day of the notice'],
  [[], null, null, 'nothing let: no mean, rather than nought'],
])('%j: mean %s, median %s (F-48, %s)', (given, mean, median) =>
  expect(relettingTime({ bins: given }).result).toMatchObject({ mean, median }),
);

test('the median lies between the least and the most, the mean too, in any order', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 40 }), (days) => {
      const { result } = relettingTime({ bins: bins(...days) });
      for (const value of [Number(result.mean), Number(result.median)]) {
        expect(value).toBeGreaterThanOrEqual(Math.min(...days) - 0.05);
        expect(value).toBeLessThanOrEqual(Math.max(...days) + 0.05);
      }
      expect(relettingTime({ bins: bins(...days.toReversed()) }).result).toEqual(result);
    }),
  ));
