import { z } from 'zod';
import { type LocalDate, monthsBetween } from '../../../../kernel/local-date.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, date, type Step, text } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';

/** What may give points to a tenant who asks to move within the stock. */
export const transferCriteria = [
  'waiting-year',
  'missing-bedroom',
  'spare-bedroom',
  'not-accessible',
  'leaves-base',
  'priority',
  'first-quartile',
] as const;
export type TransferCriterion = (typeof transferCriteria)[number];

const points = z.number().int('E-FIELD-NUMBER').min(0, 'E-FIELD-NUMBER').max(100, 'E-FIELD-NUMBER');

export const transferGrid = z.object({
  'waiting-year': points,
  'missing-bedroom': points,
  'spare-bedroom': points,
  'not-accessible': points,
  'leaves-base': points,
  priority: points,
  'first-quartile': points,
  /** Years of waiting that count at most. */
  'waiting-years-most': z.number().int('E-FIELD-NUMBER').min(1, 'E-FIELD-NUMBER').max(50, 'E-FIELD-NUMBER'),
});
export type TransferGrid = z.output<typeof transferGrid>;

/**
 * The grid without a choice of the organisation. The workshop of 2020 asked for one that is common and tied to the scoring of
 * the demand (L441-2-8), and gave no number: these are ours.
 */
export const defaultTransferGrid: TransferGrid = {
  'waiting-year': 2,
  'missing-bedroom': 10,
  'spare-bedroom': 8,
  'not-accessible': 20,
  'leaves-base': 25,
  priority: 20,
  'first-quartile': 5,
  'waiting-years-most': 10,
};

export const transferFacts = z.object({
  registeredOn: z.string().transform((on) => on as LocalDate),
  on: z.string().transform((on) => on as LocalDate),
  /** Bedrooms of the dwelling, and those the household needs by its composition. */
  bedrooms: z.number().int().min(0),
  bedroomsNeeded: z.number().int().min(0),
  disabled: z.boolean(),
  /** Whether the dwelling is accessible; null: not known, which counts as not. */
  accessible: z.boolean().nullable(),
  /** Class of the dwelling for the flow: one that is sold, demolished or renewed is to be left. */
  baseClass: z.string(),
  priorityGroup: z.string().nullable(),
  labelled: z.boolean(),
  quartile: z.number().int().nullable(),
});
export type TransferFacts = z.output<typeof transferFacts>;

/** Classes of a dwelling whose tenants must go. */
const toBeLeft = ['urban-renewal', 'condominium', 'substandard', 'sale', 'demolition'];
/** Why a household asks, and the employees a holder names: no priority group of the law. */
const noPriority = ['mutation', 'relogement', 'worker'];
const workshop = unverified('Atelier du 8 octobre 2020, DRIHL', '§ 1-3');

/**
 * Points of an internal transfer (cotation des mutations internes, F-21): each criterion that is met, times its points. Whole
 * years of waiting, rounded down, count up to a limit. A fact that is not known gives no points. Whole numbers: no rounding.
 */
export function transferScore({ facts, grid }: { facts: TransferFacts; grid: TransferGrid }): Explained<number> {
  const years = Math.max(Math.floor(monthsBetween(facts.registeredOn, facts.on) / 12), 0);
  const met: [criterion: TransferCriterion, times: number, inputs: Step['inputs']][] = [
    [
      'waiting-year',
      Math.min(years, grid['waiting-years-most']),
      { since: date(facts.registeredOn), years: count(years) },
    ],
    ['missing-bedroom', Math.max(facts.bedroomsNeeded - facts.bedrooms, 0), {}],
    ['spare-bedroom', Math.max(facts.bedrooms - facts.bedroomsNeeded, 0), {}],
    ['not-accessible', facts.disabled && facts.accessible !== true ? 1 : 0, {}],
    ['leaves-base', toBeLeft.includes(facts.baseClass) ? 1 : 0, { class: text(facts.baseClass) }],
    [
      'priority',
      facts.labelled || (facts.priorityGroup !== null && !noPriority.includes(facts.priorityGroup)) ? 1 : 0,
      {},
    ],
    ['first-quartile', facts.quartile === 1 ? 1 : 0, {}],
  ];
  const counted = met.filter(([, times]) => times > 0);
  const total = counted.reduce((sum, [criterion, times]) => sum + times * grid[criterion], 0);
  return {
    result: total,
    steps: [
      ...counted.map(
        ([criterion, times, inputs]): Step => ({
          label: `transfer.${criterion}`,
          inputs: { ...inputs, times: count(times), points: count(grid[criterion]) },
          formula: 'times × points',
          result: count(times * grid[criterion]),
          source: workshop,
        }),
      ),
      { label: 'transfer.total', result: count(total) },
    ],
  };
}

export const transferRule = defineRule({
  name: 'flow.transfer-score',
  summary: 'Points of a tenant who asks to move within the stock of the landlord',
  input: z.object({ facts: transferFacts, grid: transferGrid }),
  compute: transferScore,
});
