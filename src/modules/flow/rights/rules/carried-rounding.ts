import type Fraction from 'fraction.js';
import { exact, roundHalfUp } from '../../../../kernel/money.ts';

/**
 * Whole dwellings of each year for exact dues, the rounding carried from year to year: what is issued to date is what is
 * due to date, rounded to the nearest, halves up. The cumulated error never exceeds one half.
 */
export function issuedByYear(dues: readonly Fraction[]): number[] {
  let due = exact(0);
  let issued = 0;
  return dues.map((ofYear) => {
    due = due.add(ofYear);
    const now = roundHalfUp(due) - issued;
    issued += now;
    return now;
  });
}
