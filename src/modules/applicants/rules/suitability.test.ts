import { expect, test } from 'vitest';
import { admissibleClasses, explainRank, suitability } from './suitability.ts';

test.each<['apartment' | 'house' | 'studio' | 'room', number, number, number | null, string]>([
  ['apartment', 2, 2, null, 'exactly its bedrooms'],
  ['house', 5, 5, null, 'exactly its bedrooms'],
  ['apartment', 1, 1, null, 'one person or a couple'],
  ['studio', 0, 1, 1, 'a person alone'],
  ['apartment', 0, 1, 1, 'no bedroom: a studio by another name'],
  ['room', 1, 1, 1, 'a person alone'],
])(
  '%s of %i bedrooms: households needing %i, at most %s persons (%s)',
  (kind, bedrooms, bedroomsNeeded, personsAtMost) =>
    expect(suitability({ kind, bedrooms }).result).toEqual({ bedroomsNeeded, personsAtMost }),
);

test('moderate incomes are ranked while the third of the stock is not full (R-32)', () => {
  expect(admissibleClasses({ reached: false })).toEqual(['admission', 'moderate']);
  expect(admissibleClasses({ reached: true })).toEqual(['admission']);
  expect(admissibleClasses(null)).toEqual(['admission']);
});

test('a rank says size, income, day and place, and quotes the order', () => {
  const steps = explainRank({
    rank: 4,
    registeredOn: '2023-03-14',
    incomeClass: 'admission',
    personsAtMost: null,
    bedroomsNeeded: 2,
  });
  expect(steps.map(({ label }) => label)).toEqual(['rank.bedrooms', 'rank.income', 'rank.registered', 'rank.place']);
  expect(steps[2]).toMatchObject({ result: { value: '2023-03-14' }, source: { confidence: 'verified' } });
});
