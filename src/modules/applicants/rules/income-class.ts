import { z } from 'zod';
import { inForce } from '../../../kernel/dated.ts';
import { exact } from '../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { centsIn, localDate } from '../../../kernel/schemas.ts';
import { amount, count, rate, type Step, word } from '../../../kernel/steps.ts';
import { admissionIncome, moderateIncomeLimit } from '../../../regulation/ceilings/admission-income-brussels.ts';
import { ceilingRatios, plusCeilings } from '../../../regulation/ceilings/plus-idf.ts';

export type IncomeClass = 'unknown' | 'admission' | 'moderate' | 'over';

export type IncomeClassification = {
  class: IncomeClass;
  /** Highest income of the class « admission », cents per year. */
  ceiling: number;
  /** Every value used was read in an official or named source. */
  verified: boolean;
};

export const brusselsIncomeInput = z.object({
  /** Net taxable income of the household, children's excluded; null: not known. */
  income: centsIn.nullable(),
  adults: z.number().int().min(1),
  earners: z.number().int().min(0),
  children: z.number().int().min(0),
  disabledChildren: z.number().int().min(0).default(0),
  disabledAdults: z.number().int().min(0).default(0),
  on: localDate,
});

/**
 * Income class of a household in Brussels: up to the admission income, up to 150 % of it (counted in the quota of one
 * third), or above. A disabled child counts twice, a disabled adult adds a fixed amount.
 * Whether the supplements enter the 150 % is from memory: they do here.
 * @throws NotInForce before 2023
 */
export function brusselsIncomeClass(input: z.output<typeof brusselsIncomeInput>): Explained<IncomeClassification> {
  const table = inForce(admissionIncome, input.on);
  const kind =
    input.adults === 1 && input.children === 0 ? 'single' : input.earners >= 2 ? 'severalIncomes' : 'oneIncome';
  const base = table.value[kind];
  const childShares = input.children + input.disabledChildren;
  const ceiling = base + childShares * table.value.perChild + input.disabledAdults * table.value.perDisabledAdult;
  const upper = Number(exact(ceiling).mul(moderateIncomeLimit.ratio).floor().valueOf());
  const steps: Step[] = [
    { label: `income.ceiling-${kind}`, result: amount(base), source: table.source },
    ...(childShares + input.disabledAdults > 0
      ? [
          {
            label: 'income.ceiling-with-dependants',
            inputs: {
              base: amount(base),
              children: count(childShares),
              perChild: amount(table.value.perChild),
              disabled: count(input.disabledAdults),
              perDisabled: amount(table.value.perDisabledAdult),
            },
            formula: 'base + children × perChild + disabled × perDisabled',
            result: amount(ceiling),
            source: table.source,
          },
        ]
      : []),
    {
      label: 'income.upper-limit',
      inputs: { ceiling: amount(ceiling), ratio: rate(moderateIncomeLimit.ratio) },
      formula: 'ceiling × ratio',
      result: amount(upper),
      source: moderateIncomeLimit.source,
    },
  ];
  const verified = table.source.confidence !== 'unverified' && !table.unchecked;
  if (input.income === null) {
    return { result: { class: 'unknown', ceiling, verified }, steps: [...steps, { label: 'income.unknown' }] };
  }
  const found = input.income <= ceiling ? 'admission' : input.income <= upper ? 'moderate' : 'over';
  steps.push({
    label: 'income.class',
    inputs: { income: amount(input.income) },
    result: word(`income-class.${found}`),
  });
  return { result: { class: found, ceiling, verified }, steps };
}

export const frenchIncomeInput = z.object({
  /** Reference tax income of the year N−2; null: not known. */
  income: centsIn.nullable(),
  persons: z.number().int().min(1),
  adults: z.number().int().min(1),
  funding: z.enum(['PLAI', 'PLUS', 'PLS']),
  /** In Paris or a municipality that adjoins it. */
  innerRing: z.boolean(),
  on: localDate,
});

/**
 * Whether a household is below the income ceiling of a dwelling in Île-de-France. Categories: by persons; a single
 * parent with n dependants counts as n + 2 persons (practice, not read). PLAI and PLS are ratios of PLUS, unverified.
 * @throws NotInForce before 2026
 */
export function frenchIncomeClass(input: z.output<typeof frenchIncomeInput>): Explained<IncomeClassification> {
  const table = inForce(plusCeilings, input.on);
  const zone = input.innerRing ? table.value.parisAndRing : table.value.restOfRegion;
  const singleParent = input.adults === 1 && input.persons > 1;
  const category = Math.min(input.persons + (singleParent ? 1 : 0), 6);
  const extra = Math.max(input.persons - 6, 0);
  const plus = zone.categories[category - 1]! + extra * zone.perExtraPerson;
  const { ratio, source } = ceilingRatios[input.funding];
  const ceiling = Number(exact(plus).mul(ratio).floor().valueOf());
  const steps: Step[] = [
    {
      label: singleParent ? 'income.category-single-parent' : 'income.category',
      inputs: { persons: count(input.persons) },
      result: count(category),
    },
    { label: input.innerRing ? 'income.plus-paris' : 'income.plus-region', result: amount(plus), source: table.source },
    ...(input.funding === 'PLUS'
      ? []
      : [
          {
            label: 'income.funding-ratio',
            inputs: { plus: amount(plus), ratio: rate(ratio) },
            formula: 'plus × ratio',
            result: amount(ceiling),
            source,
          },
        ]),
  ];
  const verified = source.confidence !== 'unverified' && !table.unchecked;
  if (input.income === null) {
    return { result: { class: 'unknown', ceiling, verified }, steps: [...steps, { label: 'income.unknown' }] };
  }
  const found = input.income <= ceiling ? 'admission' : 'over';
  steps.push({
    label: 'income.class',
    inputs: { income: amount(input.income) },
    result: word(`income-class.${found}`),
  });
  return { result: { class: found, ceiling, verified }, steps };
}

export const brusselsIncomeRule = defineRule({
  name: 'applicants.income-class-brussels',
  summary: 'Income class of a household in Brussels: admission, moderate (100 to 150 %), over',
  input: brusselsIncomeInput,
  compute: brusselsIncomeClass,
});

export const frenchIncomeRule = defineRule({
  name: 'applicants.income-class-ile-de-france',
  summary: 'Whether a household is below the income ceiling of a dwelling in Île-de-France',
  input: frenchIncomeInput,
  compute: frenchIncomeClass,
});
