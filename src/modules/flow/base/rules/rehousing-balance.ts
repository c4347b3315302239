import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, number, rate } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';

/** Categories by which households are rehoused: the three of R441-5 I that take somebody in. */
export const rehousingCategories = ['urban-renewal', 'condominium', 'substandard'] as const;

export const contributionInput = z.object({
  /** Dwellings and lettings to rehoused households, of one, and of all those it is compared with. */
  stock: z.number().int().min(0),
  done: z.number().int().min(0),
  totalStock: z.number().int().min(0),
  totalDone: z.number().int().min(0),
});

export type Contribution = {
  /** Shares of the stock and of the rehousing, exact to four decimals. */
  stockShare: string;
  doneShare: string;
  /** What its share of the stock would have it do, and how far beyond (+) or behind (−) it is. One decimal, halves away from zero. */
  expected: string;
  balance: string;
};

const practice = unverified('Restitution de la concertation, DRIHL, 27 janvier 2021', 'Th. 1-2');

/**
 * What one landlord of a département, or one département, did of the rehousing beside its share of the stock (F-12). Balances of
 * those compared add up to nothing. Without any rehousing nobody is behind.
 */
export function contributionOf(given: z.output<typeof contributionInput>): Explained<Contribution> {
  const share = (part: number, whole: number) => (whole === 0 ? exact(0) : exact(part).div(whole));
  const [ofStock, ofDone] = [share(given.stock, given.totalStock), share(given.done, given.totalDone)];
  const expected = ofStock.mul(given.totalDone);
  const balance = exact(given.done).sub(expected);
  const result = {
    stockShare: decimal(ofStock, 4),
    doneShare: decimal(ofDone, 4),
    expected: decimal(expected, 1),
    balance: decimal(balance, 1),
  };
  return {
    result,
    steps: [
      {
        label: 'rehousing.stock-share',
        inputs: { stock: count(given.stock), all: count(given.totalStock) },
        formula: 'stock ÷ all',
        result: rate(result.stockShare),
      },
      {
        label: 'rehousing.expected',
        inputs: { rehoused: count(given.totalDone), share: rate(result.stockShare) },
        formula: 'rehoused × share',
        result: number(result.expected),
        source: practice,
      },
      {
        label: 'rehousing.balance',
        inputs: { done: count(given.done), expected: number(result.expected) },
        formula: 'done − expected',
        result: number(result.balance),
      },
    ],
  };
}

export const contributionRule = defineRule({
  name: 'flow.rehousing-contribution',
  summary: 'What a landlord or a département did of the rehousing, beside its share of the stock',
  input: contributionInput,
  compute: contributionOf,
});
