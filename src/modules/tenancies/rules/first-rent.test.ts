import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day, endOfMonth } from '../../../kernel/local-date.ts';
import { firstRent } from './first-rent.ts';

describe('first rent', () => {
  test.each<[number, string, 'calendar-days' | 'thirty-days', number, string]>([
    // rent    from          method           first    source
    [65_000, '2025-04-12', 'calendar-days', 41_167, 'ais-brussels 4.7 and H-122: 19/30'],
    [58_000, '2024-02-10', 'calendar-days', 40_000, 'ais-brussels 4.7: 20/29, leap year'],
    [50_000, '2025-01-16', 'calendar-days', 25_806, 'ais-brussels 4.7: 16/31'],
    [58_000, '2024-02-10', 'thirty-days', 40_600, 'ais-brussels 4.7: 21/30'],
    [65_000, '2025-04-01', 'calendar-days', 65_000, 'whole month'],
    [65_000, '2025-01-31', 'calendar-days', 2_097, 'last day: 1/31'],
    [65_000, '2025-01-31', 'thirty-days', 2_167, 'the 31st is one day of thirty'],
    [0, '2025-04-12', 'calendar-days', 0, 'no rent'],
  ])('%i from %s (%s) is %i (%s)', (rent, startsOn, method, expected) =>
    expect(firstRent({ rent, startsOn: day(startsOn), method }).result.rent).toBe(expected),
  );

  test('says its formula', () => {
    const { steps } = firstRent({ rent: 65_000, startsOn: day('2025-04-12'), method: 'calendar-days' });
    expect(steps.at(-1)).toMatchObject({ formula: 'rent × days ÷ length', result: { unit: 'cents', value: 41_167 } });
  });

  test('is never more than a month, and falls with each day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: 0, max: 2_000 }), (rent, offset) => {
        const startsOn = addDays(day('2024-01-01'), offset);
        const of = (on: typeof startsOn) => firstRent({ rent, startsOn: on, method: 'calendar-days' }).result.rent;
        expect(of(startsOn)).toBeLessThanOrEqual(rent);
        if (startsOn !== endOfMonth(startsOn)) expect(of(addDays(startsOn, 1))).toBeLessThanOrEqual(of(startsOn));
      }),
    );
  });
});
