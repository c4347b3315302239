import type Fraction from 'fraction.js';
import { addDays, type LocalDate, monthsBetween } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';

export const rightKinds = ['recurring', 'single-use'] as const;

/** A line of the inventory, with the turnover of its segment. */
export type ConvertedLine = {
  kind: (typeof rightKinds)[number];
  count: number;
  /** Last day of the right; null: it has none. */
  endsOn: LocalDate | null;
  turnover: Fraction;
};

/** Whole months from the conversion to the last day of a right; 0 when it is over; null when it has no end. */
export const monthsLeft = (convertsOn: LocalDate, endsOn: LocalDate | null): number | null =>
  endsOn === null ? null : endsOn < convertsOn ? 0 : monthsBetween(convertsOn, addDays(endsOn, 1));

export type Volume = {
  /** Single-use rights the lines turn into. Rights without an end are not in it: nothing says how many they would be. */
  volume: Fraction;
  /** What they would have given in a year. */
  yearly: Fraction;
  /** Of which rights without an end. */
  endlessYearly: Fraction;
  /** Recurring rights still running, single-use ones still owed, rights over before the conversion, rights without an end. */
  running: number;
  owed: number;
  over: number;
  endless: number;
  /** The longest time left, in whole months. */
  months: number;
};

/**
 * Rights on identified dwellings as a number of single-use rights: V = Σ n × τ × (m ÷ 12) + U, and v₀ = Σ n × τ over the
 * lines still running (flux-fr 3.1, C1 to C3). Exact: nothing is rounded. The last letting of a dwelling is not taken
 * into account (F-73, L-74). A single-use right whose last day is past is no longer owed.
 */
export function volumeOf(convertsOn: LocalDate, lines: readonly ConvertedLine[]): Volume {
  const total = {
    volume: exact(0),
    yearly: exact(0),
    endlessYearly: exact(0),
    running: 0,
    owed: 0,
    over: 0,
    endless: 0,
    months: 0,
  };
  for (const { kind, count, endsOn, turnover } of lines) {
    const months = monthsLeft(convertsOn, endsOn);
    if (months === 0) {
      total.over += count;
      continue;
    }
    total.months = Math.max(total.months, months ?? 0);
    if (kind === 'single-use') {
      total.owed += count;
      total.volume = total.volume.add(count);
      continue;
    }
    const yearly = turnover.mul(count);
    total.running += count;
    total.yearly = total.yearly.add(yearly);
    if (months === null) {
      total.endless += count;
      total.endlessYearly = total.endlessYearly.add(yearly);
    } else total.volume = total.volume.add(yearly.mul(months).div(12));
  }
  return total;
}
