import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  day,
  dayIn,
  daysBetween,
  daysInMonth,
  endOfMonth,
  isLocalDate,
  monthsBetween,
  weekday,
} from './local-date.ts';

describe('days', () => {
  test.each(['2025-02-29', '2025-13-01', '2025-00-10', '2025-04-31', '25-01-01', '2025-1-1', '', '2025-01-01T00:00'])(
    '%s is not a day',
    (text) => expect(isLocalDate(text)).toBe(false),
  );

  test.each([
    // from          months  expected      why
    ['2025-01-31', 1, '2025-02-28', 'shorter month'],
    ['2024-01-31', 1, '2024-02-29', 'leap year'],
    ['2025-12-15', 1, '2026-01-15', 'over the year'],
    ['2025-01-15', -1, '2024-12-15', 'backwards'],
    ['2024-01-01', 108, '2033-01-01', 'nine years'],
  ])('%s and %i months is %s (%s)', (from, months, expected) => expect(addMonths(day(from), months)).toBe(expected));

  test.each([
    ['2018-03-15', '2020-02-20', 23, 'ais-brussels 4.12'],
    ['2024-01-31', '2024-02-29', 1, 'end of month to end of month'],
    ['2024-01-10', '2024-01-09', 0, 'a day backwards'],
    ['2024-03-10', '2024-01-10', -2, 'backwards'],
  ])('%s to %s is %i complete months (%s)', (from, to, expected) =>
    expect(monthsBetween(day(from), day(to))).toBe(expected),
  );

  test('days between are the inverse of adding days, over changes of hour and leap years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
        expect(daysBetween(day('2024-02-29'), addDays(day('2024-02-29'), days))).toBe(days);
      }),
    );
  });

  test('knows the length of months and the day of the week', () => {
    expect(daysInMonth(day('2024-02-10'))).toBe(29);
    expect(endOfMonth(day('2025-06-02'))).toBe('2025-06-30');
    expect(weekday(day('2026-11-22'))).toBe(0);
  });

  test('the day depends on the zone', () => {
    expect(dayIn('Europe/Paris', new Date('2026-06-30T22:30:00Z'))).toBe('2026-07-01');
    expect(dayIn('UTC', new Date('2026-06-30T22:30:00Z'))).toBe('2026-06-30');
  });
});
