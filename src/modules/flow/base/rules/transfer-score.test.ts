import { expect, test } from 'vitest';
import { defaultTransferGrid as grid, transferFacts, transferScore } from './transfer-score.ts';

const facts = {
  registeredOn: '2026-03-10',
  on: '2026-03-10',
  bedrooms: 2,
  bedroomsNeeded: 2,
  disabled: false,
  accessible: null,
  baseClass: 'in-base',
  priorityGroup: null,
  labelled: false,
  quartile: null,
};

test.each<[object, number, string[], string]>([
  [{}, 0, [], 'nothing met, nothing given'],
  [{ registeredOn: '2023-03-11' }, 4, ['waiting-year'], 'two whole years: the third is not over'],
  [{ registeredOn: '2023-03-10' }, 6, ['waiting-year'], 'three years to the day'],
  [{ registeredOn: '2001-01-01' }, 20, ['waiting-year'], 'at most ten years'],
  [{ bedroomsNeeded: 4 }, 20, ['missing-bedroom'], 'two rooms short'],
  [{ bedroomsNeeded: 1 }, 8, ['spare-bedroom'], 'one room too many: it frees a larger dwelling'],
  [{ disabled: true }, 20, ['not-accessible'], 'not known to be accessible'],
  [{ disabled: true, accessible: true }, 0, [], 'lives in an accessible dwelling'],
  [{ baseClass: 'urban-renewal' }, 25, ['leaves-base'], 'L-11: its dwelling is to be left'],
  [{ baseClass: 'retained-stock' }, 0, [], 'retained stock is not left'],
  [{ priorityGroup: 'dalo' }, 20, ['priority'], 'L441-1: tied to the scoring of the demand'],
  [{ priorityGroup: 'mutation' }, 0, [], 'a cause of the move is no priority'],
  [{ priorityGroup: 'mutation', labelled: true }, 20, ['priority'], 'L-64: labelled in SYPLO'],
  [{ quartile: 1 }, 5, ['first-quartile'], 'L-60'],
  [{ quartile: 2 }, 0, [], 'L-60'],
  [
    { registeredOn: '2021-03-10', bedroomsNeeded: 3, priorityGroup: 'dalo', quartile: 1 },
    45,
    ['waiting-year', 'missing-bedroom', 'priority', 'first-quartile'],
    'added up: 10 + 10 + 20 + 5',
  ],
])('%j → %d by %j (%s)', (given, expected, criteria) => {
  const { result, steps } = transferScore({ facts: transferFacts.parse({ ...facts, ...given }), grid });
  expect(result).toBe(expected);
  expect(steps.slice(0, -1).map(({ label }) => label)).toEqual(criteria.map((one) => `transfer.${one}`));
});
