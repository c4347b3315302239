import { z } from 'zod';
import { decimal } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, number, type Step } from '../../../../kernel/steps.ts';
import { policy, unverified } from '../../../../regulation/sources.ts';
import { meanFreed } from './target-basis.ts';

export const nextTargetInput = z.object({
  /** Of the year that is over. */
  target: z.number().int().min(0),
  /** Dwellings proposed that met it, in that year. */
  served: z.number().int(),
  /** Vacancies of this kind in the perimeter, by year, of the years known. */
  freed: z.array(z.object({ year: z.number().int(), freed: z.number().int() })).default([]),
});

/**
 * The indicative target that the result of a year proposes for the next one (F-36): half-way between what was asked and
 * what was done, never above the vacancies of this kind in a mean year. 0: nothing of this kind becomes free.
 * Unit: dwellings. Rounding: the half-way halves up; the mean down, once each. Throws nothing.
 * @source the principle is that of the concertation (targets adapt yearly from the report); the formula is ours
 */
export function nextTarget({ target, served, freed }: z.output<typeof nextTargetInput>): Explained<number> {
  const done = Math.max(0, served);
  const halfway = Math.floor((target + done + 1) / 2);
  const mean = meanFreed(freed);
  const most = mean && Math.floor(Number(mean.valueOf()));
  const result = most === null ? halfway : Math.min(halfway, most);
  const steps: Step[] = [
    { label: 'next-target.asked', result: count(target) },
    { label: 'next-target.served', result: count(done) },
    {
      label: 'next-target.halfway',
      inputs: { target: count(target), served: count(done) },
      formula: '(target + served) ÷ 2',
      result: count(halfway),
      source: policy('Formule proposée par Palier'),
    },
    mean === null
      ? { label: 'next-target.unknown' }
      : {
          label: 'next-target.mean',
          inputs: { years: count(freed.length), most: count(most!) },
          result: number(decimal(mean, 1)),
        },
    {
      label: 'next-target.proposed',
      result: count(result),
      source: unverified('DRIHL, restitution de la concertation du 27 janvier 2021, thème 4'),
    },
  ];
  return { result, steps };
}

export const nextTargetRule = defineRule({
  name: 'flow.next-target',
  summary: 'The indicative target that the result of a year proposes for the next one',
  input: nextTargetInput,
  compute: nextTarget,
});
