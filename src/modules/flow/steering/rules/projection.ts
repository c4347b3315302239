import { z } from 'zod';
import { addDays, daysBetween, endOfYear, startOfYear } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, days, number } from '../../../../kernel/steps.ts';

export const projectionInput = z.object({ count: z.number().int().min(0), on: localDate });

export type Projection = { expected: string; low: number; high: number };

/**
 * What a count of the year will be on 31 December if the pace stays: count ÷ days passed × days of the year. What is
 * still to come is treated as a Poisson number: the band is two standard deviations of it on each side, so about 19
 * years of 20 fall within. With few days passed the band is wide: that is the truth.
 * Rounding: the band outwards to whole dwellings; the low end is never below what is already counted.
 */
export function projectToYearEnd(input: z.output<typeof projectionInput>): Explained<Projection> {
  const passed = daysBetween(startOfYear(input.on), input.on) + 1;
  const length = daysBetween(startOfYear(input.on), addDays(endOfYear(input.on), 1));
  const expected = exact(input.count).mul(length).div(passed);
  const toCome = Math.max(Number(expected.valueOf()) - input.count, 0);
  const spread = 2 * Math.sqrt(toCome);
  const low = Math.max(input.count, Math.floor(input.count + toCome - spread));
  const high = Math.ceil(input.count + toCome + spread);
  return {
    result: { expected: decimal(expected, 1), low, high },
    steps: [
      { label: 'projection.passed', result: days(passed) },
      {
        label: 'projection.pace',
        inputs: { count: count(input.count), passed: days(passed), length: days(length) },
        formula: 'count ÷ passed × length',
        result: number(decimal(expected, 1)),
      },
      {
        label: 'projection.band',
        inputs: { low: count(low), high: count(high) },
        result: number((Math.round(spread * 10) / 10).toFixed(1)),
      },
    ],
  };
}

export const projectionRule = defineRule({
  name: 'flow.projection',
  summary: 'What a count of the year will be on 31 December if the pace stays, with its uncertainty',
  input: projectionInput,
  compute: projectToYearEnd,
});
