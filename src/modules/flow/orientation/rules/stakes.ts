import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { allocationObjectives } from '../../../../regulation/scales/allocation.ts';
import { type ObjectiveName, type ObjectiveState, objectiveOf } from '../../steering/rules/objectives.ts';

const leases = z.object({
  /** Leases signed this year that the objective looks at. */
  leases: z.number().int().min(0),
  known: z.number().int().min(0),
  met: z.number().int().min(0),
});

export const stakesInput = z.object({
  inPriorityArea: z.boolean(),
  /** Leases outside priority areas, met: first quartile or rehoused for urban renewal (L-60). */
  firstQuartile: leases,
  /** Leases in priority areas, met: the other quartiles (L-61). */
  socialMix: leases,
  /** Leases of those other than the State, met: priority households (L-62). */
  priority: leases,
});

export type Stake = {
  objective: ObjectiveName;
  target: string;
  state: ObjectiveState;
  /** Of the leases of the year of which it is known; null when none is. */
  before: string | null;
  /** With one more lease, to a household that meets it, or that does not. */
  ifMet: string;
  ifNot: string;
};

/**
 * The objectives of allocation that a dwelling weighs on, before and after it is let (F-52): first quartile outside
 * priority areas, the other quartiles inside, and priority households whoever but the State it goes to. They never choose
 * the holder: the household is not known yet. Rounding: four decimals, halves up.
 */
export function stakesOf(input: z.output<typeof stakesInput>): Explained<Stake[]> {
  const concerned: [ObjectiveName, z.output<typeof leases>][] = [
    input.inPriorityArea ? ['social-mix', input.socialMix] : ['first-quartile', input.firstQuartile],
    ['priority', input.priority],
  ];
  const explained = concerned.map(([objective, counted]) => ({
    objective,
    counted,
    ...objectiveOf({ objective, ...counted }),
  }));
  return {
    result: explained.map(({ objective, counted: { known, met }, result }) => ({
      objective,
      target: allocationObjectives[objective].target,
      state: result.state,
      before: result.rate,
      ifMet: decimal(exact(met + 1).div(known + 1), 4),
      ifNot: decimal(exact(met).div(known + 1), 4),
    })),
    steps: explained.flatMap(({ steps }) => steps),
  };
}

export const stakesRule = defineRule({
  name: 'flow.orientation-stakes',
  summary: 'The objectives of allocation that a freed dwelling weighs on, before and after it is let',
  input: stakesInput,
  compute: stakesOf,
});
