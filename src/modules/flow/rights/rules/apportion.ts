import type Fraction from 'fraction.js';
import { exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';

export type ShareOf = { id: string; share: Fraction };

/** What some of the parties may not exceed together, as a share of the whole (R441-5-2: the State 30 %, its staff 5 %). */
export type Cap = { ids: readonly string[]; share: Fraction };

export type Part = { id: string; share: Fraction; exact: Fraction; count: number };

/** The party that receives what is promised to nobody: the landlord's own contingent. */
export const unreserved = 'own';

/**
 * Shares a whole number of dwellings by largest remainder (Hare): each party has the floor of its exact part, the units
 * left go one by one to the largest remainder; ties to the larger share, then to the smaller identifier. Parties above a
 * cap are first brought down to it, in proportion; a cap is then rounded down, and what it leaves goes to the others. The
 * own contingent is added, with the share promised to nobody. The counts always add up to `total`.
 * @throws Problem E-RIGHTS-01 when the shares, held to their caps, add up to more than the whole (L-29)
 */
export function apportion({
  total,
  parties,
  caps = [],
}: {
  total: number;
  parties: readonly ShareOf[];
  caps?: readonly Cap[];
}): Part[] {
  const held = caps
    .toSorted((a, b) => a.share.compare(b.share))
    .reduce<readonly ShareOf[]>((shares, cap) => holdTo(cap, shares), parties);
  const promised = sharesOf(held);
  if (promised.compare(1) > 0) throw refused('E-RIGHTS-01', { total: promised.mul(100).round(2).toString() });
  const parts: Part[] = [...held, { id: unreserved, share: exact(1).sub(promised) }].map(({ id, share }) => {
    const part = share.mul(total);
    return { id, share, exact: part, count: Number(part.floor().valueOf()) };
  });
  const limits = caps.map(({ ids, share }) => ({
    among: parts.filter(({ id }) => ids.includes(id)),
    limit: Number(share.mul(total).floor().valueOf()),
  }));
  const sum = (among: readonly Part[]) => among.reduce((counted, { count }) => counted + count, 0);
  for (let left = total - sum(parts); left > 0; left--) {
    const [next] = parts
      .filter((part) => limits.every(({ among, limit }) => !among.includes(part) || sum(among) < limit))
      .sort(byRemainder);
    next!.count++;
  }
  return parts;
}

const sharesOf = (parties: readonly ShareOf[]): Fraction =>
  parties.reduce((sum, { share }) => sum.add(share), exact(0));

/** Brings the parties of a cap down to it together, in proportion. */
function holdTo({ ids, share: cap }: Cap, parties: readonly ShareOf[]): readonly ShareOf[] {
  const together = sharesOf(parties.filter(({ id }) => ids.includes(id)));
  if (together.compare(cap) <= 0) return parties;
  return parties.map(({ id, share }) => ({ id, share: ids.includes(id) ? share.mul(cap).div(together) : share }));
}

const remainder = (part: Part): Fraction => part.exact.sub(part.count);

const byRemainder = (a: Part, b: Part): number =>
  remainder(b).compare(remainder(a)) || b.share.compare(a.share) || (a.id < b.id ? -1 : 1);
