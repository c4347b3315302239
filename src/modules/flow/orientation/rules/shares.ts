import { decimal, exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';

/**
 * The part of a département's vacancies that no agreement has: agreements of municipalities weigh as much as the
 * vacancies of their own municipality. Nothing when they promise more than there is.
 * Rounding: six decimals, half up. Of a year without a vacancy yet: 0, nothing is due to anyone.
 */
export function ownShare({ freed, promised }: { freed: number; promised: string }): string {
  const left = exact(freed).sub(exact(promised));
  return freed === 0 || left.compare(0) < 0 ? '0' : decimal(left.div(freed), 6);
}

/**
 * What is left to the landlord's own contingent when every agreement has its share.
 * @throws Problem E-AGREEMENT-01 when the shares add up to more than the whole (L-29)
 */
export function remainingShare(shares: readonly string[]): string {
  const left = shares.reduce((rest, part) => rest.sub(exact(part)), exact(1));
  if (left.compare(0) < 0) throw refused('E-AGREEMENT-01', { total: decimal(exact(1).sub(left).mul(100), 2) });
  return decimal(left, 6);
}
