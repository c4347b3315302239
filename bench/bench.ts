/** What every bench shares: how a result is told, and how time is taken on a machine that others use too. */

/** One target and what was measured. Benches print ratios, or bounds far from what is measured: never a timed test. */
export interface BenchResult {
  /** What was done: `list of 50 among 100,000 dwellings`. */
  work: string;
  /** `0.71 of the bare query (3,120 against 4,390 a second)` */
  measured: string;
  /** `at least 0.6`; empty for a figure without a target, which counts as reached. */
  target: string;
  reached: boolean;
}

/** Tells what goes on while it goes on; results come at the end. */
export type Print = (line: string) => void;

/** @returns the value below which a share of the values lies, 0.5 for the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('No value to take a quantile of');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @returns how long the work took, in milliseconds, and what it gave */
export async function timed<Value>(work: () => Promise<Value>): Promise<{ ms: number; value: Value }> {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}

/**
 * Does two things by turns, so that what else the machine does weighs on both.
 * @returns what each round gave; the ratio to print is the median of the ratios of the rounds
 */
export async function byTurns<One, Other>(
  rounds: number,
  one: () => Promise<One>,
  other: () => Promise<Other>,
): Promise<{ one: One; other: Other }[]> {
  const results: { one: One; other: Other }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who comes first changes too: the second finds warm caches.
    if (round % 2 === 0) results.push({ one: await one(), other: await other() });
    else {
      const second = await other();
      results.push({ one: await one(), other: second });
    }
  }
  return results;
}

export const figure = (value: number, digits = 0): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
