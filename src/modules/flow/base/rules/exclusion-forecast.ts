import { z } from 'zod';
import { decimal, exact, roundHalfUp } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, number, type Step, text } from '../../../../kernel/steps.ts';
import { law, policy, unverified } from '../../../../regulation/sources.ts';
import { exclusionCategories } from './categories.ts';

export const pastYear = z.object({ year: z.number().int(), count: z.number().int().min(0) });

export const volumeInput = z.object({
  category: z.enum(exclusionCategories),
  /** What documents in force plan for the year, or null when none does. */
  planned: z
    .object({ count: z.number().int().min(0), documents: z.array(z.string()), year: z.number().int() })
    .nullable(),
  /** Vacancies of the category in the years before, as many as are known. */
  past: z.array(pastYear),
  /** How many of them count: 1 to 5; three is what the concertation said. */
  years: z.number().int().min(1).max(5).default(3),
  method: z.enum(['mean', 'median']).default('mean'),
});

export type Volume = { volume: number; origin: 'document' | 'past-years' };

const threeYears = unverified('Restitution de la concertation, DRIHL, 27 janvier 2021', 'Th. 1-3');
const exclusions = law('Code de la construction et de l’habitation', 'R441-5');

/**
 * How many dwellings a category is expected to take out of the flow in a year: what a reference document plans, and
 * without a document the mean (or the median) of the last years' (L-75, F-16). Years that are not known count for nothing:
 * the mean is over those given. Without any, 0.
 * Rounding: once, to the nearest whole, halves up.
 */
export function expectedVolume(input: z.output<typeof volumeInput>): Explained<Volume> {
  if (input.planned) {
    const { planned } = input;
    return {
      result: { volume: planned.count, origin: 'document' },
      steps: [
        {
          label: 'base.planned',
          inputs: { year: text(String(planned.year)), documents: text(planned.documents.join(', ')) },
          result: count(planned.count),
          source: exclusions,
        },
      ],
    };
  }
  const { result, steps } = ofPastYears(input);
  return { result: { volume: result, origin: 'past-years' }, steps };
}

/** Vacancies expected in a year by those of the last complete years. Rounding: once, to the nearest whole, halves up. */
export const expectedVacancies = (input: PastYears): Explained<number> => ofPastYears(input);

type PastYears = Pick<z.output<typeof volumeInput>, 'past' | 'years' | 'method'>;

function ofPastYears(input: PastYears): Explained<number> {
  const counted = input.past.toSorted((a, b) => b.year - a.year).slice(0, input.years);
  if (counted.length === 0)
    return { result: 0, steps: [{ label: 'base.no-past', result: count(0), source: threeYears }] };
  const value = input.method === 'mean' ? meanOf(counted) : medianOf(counted);
  const rounded = roundHalfUp(value);
  const years = counted.toReversed().map(
    (one): Step => ({
      label: 'base.past-year',
      inputs: { year: text(String(one.year)) },
      result: count(one.count),
    }),
  );
  const steps: Step[] = [
    ...years,
    {
      label: `base.${input.method}`,
      inputs: { years: count(counted.length) },
      result: number(decimal(value, 2)),
      source: threeYears,
    },
    { label: 'base.rounded', result: count(rounded) },
  ];
  return { result: rounded, steps };
}

const meanOf = (past: readonly { count: number }[]) =>
  exact(past.reduce((sum, one) => sum + one.count, 0)).div(past.length);

function medianOf(past: readonly { count: number }[]) {
  const sorted = past.map((one) => one.count).toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? exact(sorted[middle]!) : exact(sorted[middle - 1]! + sorted[middle]!).div(2);
}

export const volumeRule = defineRule({
  name: 'flow.exclusion-volume',
  summary: 'How many dwellings a category is expected to take out of the flow: by documents, or by the last years',
  input: volumeInput,
  compute: expectedVolume,
});

export const baseInput = z.object({
  /** Dwellings of the landlord in the perimeter. */
  stock: z.number().int().min(0),
  /** Of which in retained stock, and not yet let for the first time: out of the scope of the flow. */
  retained: z.number().int().min(0),
  firstLettings: z.number().int().min(0).default(0),
  /** Vacancies of the scope expected in the year: a rate of rotation of the scope, or a number. */
  expected: z.union([
    z.object({ rotation: z.string().regex(/^[01](\.\d+)?$/) }),
    z.object({ count: z.number().int().min(0) }),
  ]),
  exclusions: z.array(z.object({ category: z.enum(exclusionCategories), volume: z.number().int().min(0) })),
  /** Largest part of the stock that may be taken out, in per cent; null: none is agreed (F-08). */
  capPercent: z
    .string()
    .regex(/^\d{1,3}(\.\d+)?$/)
    .nullable()
    .default(null),
});

export type FlowBase = {
  inScope: number;
  expected: number;
  excluded: number;
  base: number;
  /** Dwellings beyond the cap; 0 when there is none or it is kept. */
  beyondCap: number;
};

/**
 * The base of a year: F = L − X. L are the vacancies expected of the dwellings in the scope of the flow (the stock without
 * what stays in stock and what was never let), X what the categories of the law take out. When more is taken out than is
 * vacated the base is empty, never negative.
 * Rounding: L by a rate is rounded down (flux-fr C6); the cap is rounded down too: a limit is not passed by a rounding.
 */
export function flowBase(input: z.output<typeof baseInput>): Explained<FlowBase> {
  const inScope = Math.max(input.stock - input.retained - input.firstLettings, 0);
  const excluded = input.exclusions.reduce((sum, { volume }) => sum + volume, 0);
  const steps: Step[] = [
    {
      label: 'base.in-scope',
      inputs: {
        stock: count(input.stock),
        retained: count(input.retained),
        first: count(input.firstLettings),
      },
      formula: 'stock − retained − first',
      result: count(inScope),
      source: exclusions,
    },
  ];
  let expected: number;
  if ('rotation' in input.expected) {
    expected = exact(input.expected.rotation).mul(inScope).floor().valueOf();
    steps.push({
      label: 'base.expected-by-rotation',
      inputs: { scope: count(inScope), rotation: { unit: 'rate', value: input.expected.rotation } },
      formula: 'scope × rotation',
      result: count(expected),
    });
  } else {
    expected = input.expected.count;
    steps.push({ label: 'base.expected', result: count(expected) });
  }
  for (const { category, volume } of input.exclusions)
    steps.push({ label: `base.excluded.${category}`, result: count(volume) });
  const base = Math.max(expected - excluded, 0);
  steps.push({ label: 'base.excluded', result: count(excluded), source: exclusions });
  steps.push({
    label: 'base.base',
    inputs: { expected: count(expected), excluded: count(excluded) },
    formula: 'expected − excluded',
    result: count(base),
  });
  if (input.capPercent !== null)
    steps.push({
      label: 'base.cap',
      inputs: {
        percent: { unit: 'rate', value: decimal(exact(input.capPercent).div(100), 4) },
        stock: count(input.stock),
      },
      formula: 'stock × percent',
      result: count(capOf(input.stock, input.capPercent)),
      source: policy('Plafond convenu des logements soustraits'),
    });
  const beyond = beyondCap({ ...input, excluded });
  return { result: { inScope, expected, excluded, base, beyondCap: beyond }, steps };
}

const capOf = (stock: number, capPercent: string): number => exact(capPercent).div(100).mul(stock).floor().valueOf();

/** Dwellings taken out beyond the cap agreed, rounded down to whole dwellings; 0 without a cap. */
export const beyondCap = (given: { stock: number; excluded: number; capPercent: string | null }): number =>
  given.capPercent === null ? 0 : Math.max(given.excluded - capOf(given.stock, given.capPercent), 0);

export const baseRule = defineRule({
  name: 'flow.base',
  summary: 'The base of the flow of a year: vacancies expected less what the categories of the law take out',
  input: baseInput,
  compute: flowBase,
});
