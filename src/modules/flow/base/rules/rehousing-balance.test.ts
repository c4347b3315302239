import { expect, test } from 'vitest';
import { exact } from '../../../../kernel/money.ts';
import { contributionOf } from './rehousing-balance.ts';

test.each<[number, number, number, number, string[], string]>([
  [400, 30, 1000, 50, ['0.4000', '0.6000', '20.0', '10.0'], 'F-12: ours, 40 % of 50 is 20'],
  [600, 20, 1000, 50, ['0.6000', '0.4000', '30.0', '-10.0'], 'the other: behind by as much'],
  [250, 0, 1000, 50, ['0.2500', '0.0000', '12.5', '-12.5'], 'demolishes nothing, and is weighed all the same (F-11)'],
  [1, 0, 3, 1, ['0.3333', '0.0000', '0.3', '-0.3'], 'thirds are exact until written'],
  [100, 0, 100, 0, ['1.0000', '0.0000', '0.0', '0.0'], 'nothing done: nobody is behind'],
  [0, 0, 0, 0, ['0.0000', '0.0000', '0.0', '0.0'], 'no stock at all'],
])('%d of stock, %d done, of %d and %d → %j (%s)', (stock, done, totalStock, totalDone, expected) => {
  const { result, steps } = contributionOf({ stock, done, totalStock, totalDone });
  expect([result.stockShare, result.doneShare, result.expected, result.balance]).toEqual(expected);
  expect(steps.at(-1)).toMatchObject({ result: { unit: 'number', value: result.balance } });
});

test('balances of those compared add up to nothing', () => {
  const landlords = [
    { stock: 120, done: 9 },
    { stock: 60, done: 0 },
    { stock: 20, done: 3 },
  ];
  const sum = landlords
    .map((one) => contributionOf({ ...one, totalStock: 200, totalDone: 12 }).result.balance)
    .reduce((all, balance) => all.add(balance), exact(0));
  expect(sum.valueOf()).toBe(0);
});
