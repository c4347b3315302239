import type Fraction from 'fraction.js';
import { exact, roundHalfUp } from '../../../../kernel/money.ts';

export const smallHolderRoundings = ['floor', 'nearest', 'ceil'] as const;
export type SmallHolderRounding = (typeof smallHolderRoundings)[number];

/**
 * The whole number of rights a small holder keeps: its volume rounded by the policy (halves up), and at least one as long
 * as it has any.
 */
export function smallHolderRights(volume: Fraction, rounding: SmallHolderRounding): number {
  if (volume.compare(0) <= 0) return 0;
  const rounded =
    rounding === 'floor'
      ? volume.floor().valueOf()
      : rounding === 'ceil'
        ? volume.ceil().valueOf()
        : roundHalfUp(volume);
  return Math.max(1, Number(rounded));
}

/**
 * The years in which a small holder uses its rights, spread over the time it has: start + ⌊(k − 0.5) × D ÷ n⌋ for the
 * k-th of n rights over D years (flux-fr C8). A time of part of a year counts exactly.
 */
export function smallHolderYears({
  start,
  rights,
  months,
}: {
  start: number;
  rights: number;
  months: number;
}): number[] {
  const years = exact(months).div(12);
  return Array.from(
    { length: rights },
    (_, index) =>
      start +
      Number(
        exact(2 * index + 1)
          .div(2)
          .mul(years)
          .div(rights)
          .floor()
          .valueOf(),
      ),
  );
}
