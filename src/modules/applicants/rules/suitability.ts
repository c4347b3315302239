import { z } from 'zod';
import { day } from '../../../kernel/local-date.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { count, date, type Step, word } from '../../../kernel/steps.ts';
import { registerOrder } from '../../../regulation/scales/allocation.ts';
import { policy } from '../../../regulation/sources.ts';
import type { IncomeClass } from './income-class.ts';

export const suitabilityInput = z.object({
  kind: z.enum(['apartment', 'house', 'studio', 'room']),
  bedrooms: z.number().int().min(0),
});

/** Whom a dwelling suits: the bedrooms a household must need, and for the smallest the most persons it may have. */
export type Suitability = { bedroomsNeeded: number; personsAtMost: number | null };

/**
 * A dwelling suits the households that need exactly its bedrooms; a studio or a room, a person alone (H-092: the
 * agency's own rule of size, a larger one is a derogation).
 */
export function suitability(dwelling: z.output<typeof suitabilityInput>): Explained<Suitability> {
  const small = dwelling.bedrooms === 0 || dwelling.kind === 'studio' || dwelling.kind === 'room';
  const result = small
    ? { bedroomsNeeded: 1, personsAtMost: 1 }
    : { bedroomsNeeded: dwelling.bedrooms, personsAtMost: null };
  return {
    result,
    steps: [
      small
        ? { label: 'suitability.one-person', result: count(1), source: policy('Règle de taille de l’agence') }
        : {
            label: 'suitability.bedrooms',
            result: { unit: 'bedrooms', value: dwelling.bedrooms },
            source: policy('Règle de taille de l’agence'),
          },
    ],
  };
}

/** Which classes of income may be ranked: the moderate ones only while the third of the stock is not full. */
export function admissibleClasses(quota: { reached: boolean } | null): IncomeClass[] {
  return quota && !quota.reached ? ['admission', 'moderate'] : ['admission'];
}

/** Why a candidate has its rank: size, income, then the day its complete file was filed. */
export function explainRank(candidate: {
  rank: number;
  registeredOn: string;
  incomeClass: IncomeClass;
  personsAtMost: number | null;
  bedroomsNeeded: number;
}): Step[] {
  return [
    candidate.personsAtMost === 1
      ? { label: 'rank.one-person', result: count(1) }
      : { label: 'rank.bedrooms', result: { unit: 'bedrooms', value: candidate.bedroomsNeeded } },
    { label: 'rank.income', result: word(`income-class.${candidate.incomeClass}`) },
    { label: 'rank.registered', result: date(day(candidate.registeredOn)), source: registerOrder.source },
    { label: 'rank.place', result: count(candidate.rank) },
  ];
}

export const suitabilityRule = defineRule({
  name: 'applicants.suitability',
  summary: 'Whom a dwelling suits: bedrooms needed, persons at most',
  input: suitabilityInput,
  compute: suitability,
});
