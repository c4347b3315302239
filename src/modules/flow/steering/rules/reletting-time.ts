import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, days, number } from '../../../../kernel/steps.ts';

/** How many dwellings took so many days from notice to lease. */
export const relettingBin = z.object({ days: z.number().int().min(0), dwellings: z.number().int().min(1) });
export type RelettingBin = z.output<typeof relettingBin>;

export const relettingInput = z.object({ bins: z.array(relettingBin) });

/** Null where nothing was let: no mean is not a mean of nought. */
export type RelettingTime = { relettings: number; mean: string | null; median: string | null };

/**
 * Mean and median of the days from notice to lease, over every dwelling let in the period (flux-fr F-48).
 * Units: calendar days. Rounding: one decimal, halves up. The median of an even number is the middle of the two central
 * ones. The median tells the usual dwelling, the mean also those that waited very long: the two are read together.
 */
export function relettingTime({ bins }: z.output<typeof relettingInput>): Explained<RelettingTime> {
  const sorted = bins.toSorted((a, b) => a.days - b.days);
  const relettings = sorted.reduce((sum, bin) => sum + bin.dwellings, 0);
  if (relettings === 0)
    return {
      result: { relettings: 0, mean: null, median: null },
      steps: [{ label: 'relettings.none', result: count(0) }],
    };
  const total = sorted.reduce((sum, bin) => sum + bin.days * bin.dwellings, 0);
  const mean = exact(total).div(relettings);
  const lower = daysAt(sorted, Math.ceil(relettings / 2));
  const upper = daysAt(sorted, Math.floor(relettings / 2) + 1);
  const median = exact(lower + upper).div(2);
  return {
    result: { relettings, mean: decimal(mean, 1), median: decimal(median, 1) },
    steps: [
      { label: 'relettings.count', result: count(relettings) },
      {
        label: 'relettings.mean',
        inputs: { total: days(total), count: count(relettings) },
        formula: 'total ÷ count',
        result: number(decimal(mean, 1)),
      },
      {
        label: 'relettings.median',
        inputs: { lower: days(lower), upper: days(upper) },
        formula: '(lower + upper) ÷ 2',
        result: number(decimal(median, 1)),
      },
    ],
  };
}

/** The days of the dwelling at a rank, from 1, when they stand from the shortest to the longest. */
function daysAt(sorted: readonly RelettingBin[], rank: number): number {
  let passed = 0;
  for (const bin of sorted) {
    passed += bin.dwellings;
    if (passed >= rank) return bin.days;
  }
  return sorted.at(-1)!.days;
}

export const relettingRule = defineRule({
  name: 'flow.reletting-time',
  summary: 'Mean and median days from notice to lease',
  input: relettingInput,
  compute: relettingTime,
});
