import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gapOf, type Party, whole, whoseTurn } from './turn.ts';

/** Whole shares that make the whole, from weights: the last takes what rounding leaves. */
function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => Math.floor((weight * whole) / total / 1_000) * 1_000);
  shares[shares.length - 1]! += whole - shares.reduce((a, b) => a + b, 0);
  return shares;
}

const weights = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 12 });

/** Lives vacancies one by one; `needs` may pull anywhere. @returns the widest gap ever seen, in dwellings */
function widestGap(
  shares: readonly number[],
  vacancies: number,
  wants: (party: number, freed: number) => number,
): number {
  const proposed = shares.map(() => 0);
  let widest = 0;
  for (let freed = 1; freed <= vacancies; freed++) {
    const parties = shares.map(
      (share, index): Party => ({
        id: `p${index}`,
        share,
        freed,
        due: share * freed,
        proposed: proposed[index]!,
        needs: [{ target: wants(index, freed), served: 0 }],
        open: true,
      }),
    );
    const { first } = whoseTurn(parties, { waiting: 1, passed: freed, length: vacancies });
    proposed[first]! += 1;
    for (const [index, party] of parties.entries())
      widest = Math.max(widest, Math.abs(gapOf({ ...party, proposed: proposed[index]! })));
  }
  return widest / whole;
}

test('followed from the first vacancy, nobody is ever a whole dwelling from what is due, whatever the needs', () => {
  fc.assert(
    fc.property(
      weights,
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 31, maxLength: 31 }),
      (given, wishes) => {
        const widest = widestGap(sharesOf(given), 300, (party, freed) => wishes[(party * 7 + freed) % wishes.length]!);
        expect(widest).toBeLessThan(1);
      },
    ),
    { numRuns: 60 },
  );
});

test('with the shares where serving the largest deficit fails, it holds too', () => {
  // One large party and many small: the small are due at the same moment, and the large one waits behind them all.
  const shares = sharesOf([60, ...Array.from({ length: 40 }, () => 1)]);
  expect(widestGap(shares, 1_000, () => 0)).toBeLessThan(1);
});

const anyParties = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,4}$/),
    share: fc.integer({ min: 0, max: whole }),
    freed: fc.integer({ min: 0, max: 900 }),
    proposed: fc.integer({ min: 0, max: 900 }),
    needs: fc.array(fc.record({ target: fc.integer({ min: 0, max: 60 }), served: fc.integer({ min: 0, max: 60 }) }), {
      maxLength: 3,
    }),
    open: fc.boolean(),
  }),
  { minLength: 1, maxLength: 9, selector: ({ id }) => id },
);
const withDue = (parties: Omit<Party, 'due'>[]): Party[] =>
  parties.map((party) => ({ ...party, due: party.share * party.freed }));
const calendar = fc.record({
  waiting: fc.integer({ min: 1, max: 40 }),
  passed: fc.integer({ min: 1, max: 365 }),
  length: fc.constant(365),
});

test('the same whatever the order in which the parties are given, and each time', () => {
  fc.assert(
    fc.property(anyParties, calendar, fc.infiniteStream(fc.nat()), (given, when, order) => {
      fc.pre(given.some(({ open }) => open));
      const parties = withDue(given);
      const shuffled = parties
        .map((party) => ({ party, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ party }) => party);
      const suggested = (all: Party[]) => all[whoseTurn(all, when).first]!.id;
      expect(suggested(shuffled)).toBe(suggested(parties));
      expect(suggested(parties)).toBe(suggested(parties));
    }),
  );
});

test('who may not be asked is never suggested, nor who is ahead while another is late', () => {
  fc.assert(
    fc.property(anyParties, calendar, (given, when) => {
      fc.pre(given.some(({ open }) => open));
      const parties = withDue(given);
      const { first, standings } = whoseTurn(parties, when);
      expect(parties[first]!.open).toBe(true);
      if (standings[first] === 'ahead') expect(standings).not.toContain('eligible');
    }),
  );
});
