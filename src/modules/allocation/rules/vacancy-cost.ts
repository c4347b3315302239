import { z } from 'zod';
import {
  addDays,
  daysBetween,
  daysInMonth,
  earliest,
  endOfMonth,
  type LocalDate,
  startOfMonth,
} from '../../../kernel/local-date.ts';
import { type Cents, cents, exact, prorate, roundHalfUp } from '../../../kernel/money.ts';
import { refused } from '../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { centsIn, localDate } from '../../../kernel/schemas.ts';
import { amount, date, days, type Step } from '../../../kernel/steps.ts';

export const vacancyCostInput = z.object({
  /** Monthly rent, charges apart. */
  rent: centsIn,
  /** First and last empty day, both counted. */
  from: localDate,
  to: localDate,
  /** Days at the organisation's charge, when a partner pays from the next on (H-019). */
  partnerDelay: z.number().int().min(0).optional(),
});

export type VacancyCost = { days: number; total: Cents; own: Cents; partner: Cents };

/**
 * Rent lost while a dwelling is empty: month by month, rent × empty days ÷ days of the month. With a partner's clause,
 * the first days are the organisation's, the rest the partner's; a month cut in two is rounded in each part.
 * Rounding: each part of a month, to the nearest cent, half up. Vectors: ais-brussels 4.9.
 * @throws Problem E-VACANCY-01 when the last day is before the first
 */
export function vacancyCost(input: z.output<typeof vacancyCostInput>): Explained<VacancyCost> {
  const { from, to, partnerDelay } = input;
  if (to < from) throw refused('E-VACANCY-01', { from, to });
  const rent = cents(input.rent);
  const partnerFrom = partnerDelay === undefined ? undefined : addDays(from, partnerDelay);
  const ownTo = partnerFrom && partnerFrom <= to ? addDays(partnerFrom, -1) : to;
  const own = ownTo < from ? { cost: cents(0), steps: [] } : costOf(rent, from, ownTo, 'own');
  const partner =
    partnerFrom && partnerFrom <= to ? costOf(rent, partnerFrom, to, 'partner') : { cost: cents(0), steps: [] };
  const total = cents(own.cost + partner.cost);
  const length = daysBetween(from, to) + 1;
  return {
    result: { days: length, total, own: own.cost, partner: partner.cost },
    steps: [
      { label: 'vacancy.days', inputs: { from: date(from), to: date(to) }, result: days(length) },
      ...own.steps,
      ...partner.steps,
      { label: 'vacancy.total', result: amount(total) },
    ],
  };
}

function costOf(rent: Cents, from: LocalDate, to: LocalDate, whose: 'own' | 'partner') {
  const steps: Step[] = [];
  let cost = 0;
  for (let start = from; start <= to; start = addDays(endOfMonth(start), 1)) {
    const end = earliest(endOfMonth(start), to);
    const [empty, length] = [daysBetween(start, end) + 1, daysInMonth(start)];
    const part = prorate(rent, empty, length);
    cost += part;
    steps.push({
      label: `vacancy.month-${whose}`,
      inputs: { month: date(startOfMonth(start)), rent: amount(rent), days: days(empty), length: days(length) },
      formula: 'rent × days ÷ length',
      result: amount(part),
    });
  }
  return { cost: cents(cost), steps };
}

/** What an empty day costs: twelve rents spread over the 365 days of a year, to the nearest cent. For lists and priorities. */
export const dailyVacancyCost = (rent: number): Cents => cents(roundHalfUp(exact(rent).mul(12).div(365)));

export const vacancyCostRule = defineRule({
  name: 'allocation.vacancy-cost',
  summary: 'Rent lost while a dwelling is empty, and the part of it a partner pays',
  input: vacancyCostInput,
  compute: vacancyCost,
});
