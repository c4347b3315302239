import { decimal, exact } from '../../../../kernel/money.ts';
import { number, type Step, text } from '../../../../kernel/steps.ts';
import { pointsSource } from './points.ts';

export type CarriedGap = { gap: string; steps: Step[] };

/**
 * What closed years left to give (positive) or gave too much (negative), as far as it is carried into a year: of the year
 * before, of all those of the agreement, or nothing (`carryGap`, flux-fr § 3.4). It is shown beside the due of the year; the
 * closed years and the due stay as they are. Null: nothing is carried, or no such year was closed.
 * Unit: dwellings. Rounding: exact sum of what was frozen, two decimals.
 */
export function carriedGap(given: {
  year: number;
  policy: 'none' | 'one-year' | 'until-end';
  closed: readonly { year: number; due: string; points: { total: string } }[];
}): CarriedGap | null {
  const { year, policy, closed } = given;
  const years = closed
    .filter((one) => (policy === 'one-year' ? one.year === year - 1 : policy === 'until-end' && one.year < year))
    .toSorted((a, b) => a.year - b.year);
  if (years.length === 0) return null;
  const gapOf = (one: (typeof years)[number]) => exact(one.due).sub(exact(one.points.total));
  const gap = decimal(
    years.reduce((sum, one) => sum.add(gapOf(one)), exact(0)),
    2,
  );
  const steps: Step[] = years.map((one) => ({
    label: 'points.gap-of-year',
    inputs: {
      year: text(String(one.year)),
      due: number(decimal(exact(one.due), 2)),
      total: number(decimal(exact(one.points.total), 2)),
    },
    formula: 'due - total',
    result: number(decimal(gapOf(one), 2)),
    source: pointsSource,
  }));
  if (years.length > 1) steps.push({ label: 'points.gap-carried', result: number(gap) });
  return { gap, steps };
}
