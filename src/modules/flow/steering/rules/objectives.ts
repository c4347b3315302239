import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, rate, type Step, word } from '../../../../kernel/steps.ts';
import { allocationObjectives } from '../../../../regulation/scales/allocation.ts';
import { law } from '../../../../regulation/sources.ts';

export const objectiveNames = ['first-quartile', 'social-mix', 'priority'] as const;
export type ObjectiveName = (typeof objectiveNames)[number];

export const objectiveInput = z.object({
  objective: z.enum(objectiveNames),
  /** Leases signed in the period that the objective looks at. */
  leases: z.number().int().min(0),
  /** Those of which the household's quartile or priority is known. */
  known: z.number().int().min(0),
  /** Those that meet the objective. */
  met: z.number().int().min(0),
  /** What a landlord committed itself to instead, in the intercommunal convention (CIA, L-65). */
  committed: z.string().nullish(),
});

export type ObjectiveState = 'reached' | 'missed' | 'not-measured';
export type Objective = {
  state: ObjectiveState;
  target: string;
  rate: string | null;
  why: 'no-lease' | 'unknown' | 'partly' | null;
};

const convention = law(
  'Code de la construction et de l’habitation : convention intercommunale d’attribution',
  'L441-1-6',
);

/**
 * Where a territory or a contingent stands on an objective of allocation (flux-fr L-60 to L-62), counted on leases signed:
 * leases that meet it ÷ leases of which it is known. Where nothing is known nothing is said: « not measured », with the
 * reason, never nought. Exact comparison; shown to four decimals, halves up.
 */
export function objectiveOf(input: z.output<typeof objectiveInput>): Explained<Objective> {
  const legal = allocationObjectives[input.objective];
  const { target, source } = input.committed ? { target: input.committed, source: convention } : legal;
  const facts: Step[] = [
    { label: 'objectives.leases', result: count(input.leases) },
    { label: 'objectives.known', result: count(input.known) },
  ];
  if (input.known === 0) {
    const why = input.leases === 0 ? 'no-lease' : 'unknown';
    return {
      result: { state: 'not-measured', target, rate: null, why },
      steps: [...facts, { label: 'objectives.not-measured', result: word(`objective-why.${why}`), source }],
    };
  }
  const share = exact(input.met).div(input.known);
  const reached = share.compare(exact(target)) >= 0;
  return {
    result: {
      state: reached ? 'reached' : 'missed',
      target,
      rate: decimal(share, 4),
      why: input.known < input.leases ? 'partly' : null,
    },
    steps: [
      ...facts,
      {
        label: `objectives.${input.objective}`,
        inputs: { met: count(input.met), known: count(input.known) },
        formula: 'met ÷ known',
        result: rate(decimal(share, 4)),
      },
      { label: input.committed ? 'objectives.committed' : 'objectives.target', result: rate(target), source },
    ],
  };
}

export const objectiveRule = defineRule({
  name: 'flow.allocation-objective',
  summary: 'Where a territory or a contingent stands on an objective of allocation of the law',
  input: objectiveInput,
  compute: objectiveOf,
});
