import { decimal, exact } from '../../../../kernel/money.ts';

export type YearFreed = { year: number; freed: number };

/** Vacancies in a mean year of those known. Exact; null when none is known. */
export const meanFreed = (freed: readonly YearFreed[]) =>
  freed.length === 0 ? null : freed.reduce((sum, year) => sum.add(Math.max(0, year.freed)), exact(0)).div(freed.length);

/**
 * Whether what is observed supports a target (F-35): a dwelling of the kind in the perimeter, and a vacancy of it in the
 * years known or a right of the inventory. Where no year is known, the stock alone supports it.
 */
export function basisOf(observed: {
  residences: number;
  dwellings: number;
  freed: readonly YearFreed[] | null;
  rights: number;
}): { mean: string | null; founded: boolean } {
  const freed = observed.freed ?? [];
  const mean = meanFreed(freed);
  const happens = mean === null || mean.compare(0) > 0 || observed.rights > 0;
  return { mean: mean && decimal(mean, 1), founded: observed.dwellings > 0 && happens };
}
