import { z } from 'zod';
import { dayOfMonth, daysInMonth, endOfMonth, type LocalDate, startOfMonth } from '../../../kernel/local-date.ts';
import { type Cents, cents, prorate } from '../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { centsIn, localDate } from '../../../kernel/schemas.ts';
import { amount, date, days } from '../../../kernel/steps.ts';
import { policy } from '../../../regulation/sources.ts';

export type FirstRent = { rent: Cents; from: LocalDate; to: LocalDate; days: number };

export const firstRentInput = z.object({
  /** Monthly rent, charges apart. */
  rent: centsIn,
  startsOn: localDate,
  method: z.enum(['calendar-days', 'thirty-days']).default('calendar-days'),
});

/**
 * Rent of the first month of a lease that may start on any day (H-122).
 *
 * Calendar days: rent × days left, the first included ÷ days of the month. Thirty days: the month counts thirty days
 * whatever its length. An organisation uses one or the other, never both.
 * Rounding: once, to the nearest cent, half up. Vectors: ais-brussels 4.7.
 */
export function firstRent(input: z.output<typeof firstRentInput>): Explained<FirstRent> {
  const { startsOn } = input;
  const rent = cents(input.rent);
  const length = input.method === 'calendar-days' ? daysInMonth(startsOn) : 30;
  const left = Math.max(length - dayOfMonth(startsOn) + 1, 1);
  const part = prorate(rent, left, length);
  const result = { rent: part, from: startsOn, to: endOfMonth(startsOn), days: left };
  if (startsOn === startOfMonth(startsOn))
    return { result, steps: [{ label: 'first-rent.whole-month', result: amount(part) }] };
  return {
    result,
    steps: [
      {
        label: 'first-rent.period',
        inputs: { from: date(startsOn), to: date(endOfMonth(startsOn)) },
        result: days(left),
      },
      {
        label: `first-rent.${input.method}`,
        inputs: { rent: amount(rent), days: days(left), length: days(length) },
        formula: 'rent × days ÷ length',
        result: amount(part),
        source: policy('Méthode choisie par l’organisation'),
      },
    ],
  };
}

export const firstRentRule = defineRule({
  name: 'tenancies.first-rent',
  summary: 'Rent of the first month of a lease that starts on any day',
  input: firstRentInput,
  compute: firstRent,
});
