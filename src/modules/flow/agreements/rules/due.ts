import { z } from 'zod';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { dayOut } from '../../../../kernel/schemas.ts';
import { count, date, number, rate, type Step, text } from '../../../../kernel/steps.ts';
import { policy } from '../../../../regulation/sources.ts';

/** Vacancies of the base of a perimeter, by the share that was in force the day each was freed. */
export const sharePeriod = z.object({
  from: dayOut,
  until: dayOut.nullable(),
  share: z.string().regex(/^[01](\.\d+)?$/),
  freed: z.number().int(),
});

export const dueInput = z.object({ reference: z.string().default(''), periods: z.array(sharePeriod) });

/**
 * What an agreement is due: each vacancy of the base of its perimeter gives it the share of the day it was freed. An
 * amendment or an end never changes the days before. The view `flow.due_parts` computes the same sum for lists.
 * Unit: dwellings. Rounding: exact sum, two decimals, halves up, once.
 * @source R441-5 I (L-10): a yearly flow as a share; docs of the module for the dates
 */
export function dueOf({ reference, periods }: z.output<typeof dueInput>): Explained<string> {
  const due = periods.reduce((total, { share, freed }) => total.add(exact(share).mul(freed)), exact(0));
  const freed = periods.reduce((total, period) => total + period.freed, 0);
  const [only] = periods;
  const source = policy(`Convention ${reference}`);
  const steps: Step[] =
    periods.length <= 1
      ? [
          { label: 'standing.freed', result: count(freed) },
          { label: 'standing.share', result: rate(only?.share ?? '0'), source },
          {
            label: 'standing.due',
            inputs: { freed: count(freed), share: rate(only?.share ?? '0') },
            formula: 'freed × share',
            result: number(decimal(due, 2)),
          },
        ]
      : [
          { label: 'standing.freed', result: count(freed) },
          ...periods.map(
            (period): Step => ({
              label: 'due.period',
              inputs: {
                from: date(period.from as LocalDate),
                until: period.until ? date(period.until as LocalDate) : text('–'),
                freed: count(period.freed),
                share: rate(period.share),
              },
              formula: 'freed × share',
              result: number(decimal(exact(period.share).mul(period.freed), 2)),
              source,
            }),
          ),
          { label: 'standing.due', result: number(decimal(due, 2)) },
        ];
  return { result: decimal(due, 2), steps };
}

export const dueRule = defineRule({
  name: 'flow.due',
  summary: 'What a reservation agreement is due: each vacancy gives it the share of the day it was freed',
  input: dueInput,
  compute: dueOf,
});
