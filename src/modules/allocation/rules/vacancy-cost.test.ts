import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../kernel/local-date.ts';
import { dailyVacancyCost, vacancyCost } from './vacancy-cost.ts';

describe('cost of a vacancy', () => {
  test('vector 4.9: 12 March to 5 May 2024, partner after 30 days', () => {
    const { result } = vacancyCost({ rent: 61_000, from: day('2024-03-12'), to: day('2024-05-05'), partnerDelay: 30 });
    expect(result).toEqual({ days: 55, total: 110_194, own: 59_688, partner: 50_506 });
  });

  test.each<[string, string, number | undefined, number, number, string]>([
    ['2024-03-12', '2024-05-05', undefined, 110_194, 0, 'ais-brussels 4.9, no clause'],
    ['2024-03-12', '2024-04-10', 30, 59_688, 0, 'let on the last day of the delay'],
    ['2024-03-12', '2024-04-11', 30, 59_688, 2_033, 'first day of the partner: 610 ÷ 30'],
    ['2024-03-12', '2024-03-12', 0, 0, 1_968, 'no delay: the partner pays from the first day'],
  ])('%s to %s, delay %s: own %i, partner %i (%s)', (from, to, partnerDelay, own, partner) => {
    const { result } = vacancyCost({ rent: 61_000, from: day(from), to: day(to), partnerDelay });
    expect(result).toMatchObject({ own, partner, total: own + partner });
  });

  test('refuses an end before the start', () => {
    const backwards = { rent: 1, from: day('2024-03-12'), to: day('2024-03-11') };
    expect(() => vacancyCost(backwards)).toThrow(expect.objectContaining({ code: 'E-VACANCY-01' }));
  });

  test('a whole year of vacancy costs twelve rents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500_000 }), (rent) => {
        expect(vacancyCost({ rent, from: day('2025-01-01'), to: day('2025-12-31') }).result.total).toBe(12 * rent);
      }),
    );
  });

  test('grows with each day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_100, max: 300_000 }), fc.integer({ min: 0, max: 400 }), (rent, length) => {
        const from = day('2024-01-15');
        const of = (days: number) => vacancyCost({ rent, from, to: addDays(from, days) }).result.total;
        expect(of(length + 1)).toBeGreaterThan(of(length));
      }),
    );
  });

  test('a day costs twelve rents over 365', () => expect(dailyVacancyCost(60_225)).toBe(1_980));
});
