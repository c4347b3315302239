import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { date, rate, type Step, word } from '../../../../kernel/steps.ts';
import { policy } from '../../../../regulation/sources.ts';
import { type ObjectiveName, type ObjectiveState, objectiveOf } from '../../steering/rules/objectives.ts';

/** Exact decimal text from 0 to 1. */
const ratio = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/);

const leases = z.object({
  /** Leases signed this year that the objective looks at. */
  leases: z.number().int().min(0),
  known: z.number().int().min(0),
  met: z.number().int().min(0),
  /** What the landlord committed itself to in the intercommunal convention of the place (L-65); null: nothing. */
  committed: ratio.nullish(),
});

/** Whose candidates the objectives of a place call for: those of the State's priority quota, or those of the others. */
export const leanings = ['state-priority', 'others'] as const;
export type Leaning = (typeof leanings)[number];

export const stakesInput = z.object({
  inPriorityArea: z.boolean(),
  /** Leases outside priority areas, met: first quartile or rehoused for urban renewal (L-60). */
  firstQuartile: leases,
  /** Leases in priority areas, met: the other quartiles (L-61). */
  socialMix: leases,
  /** Leases of those other than the State, met: priority households (L-62). */
  priority: leases,
  residence: z
    .object({
      /** Part of its known households that are of the first quartile; null: not known. */
      firstQuartileRate: z.string().nullable(),
      /** Last day it is listed as « à enjeu prioritaire de mixité sociale » (L-65); null: not listed. */
      listedUntil: localDate.nullable(),
    })
    .optional(),
});

export type Stake = {
  objective: ObjectiveName;
  /** The commitment of the landlord here, else the part the law asks for. */
  target: string;
  committed: boolean;
  state: ObjectiveState;
  /** Of the leases of the year of which it is known; null when none is. */
  before: string | null;
  /** With one more lease, to a household that meets it, or that does not. */
  ifMet: string;
  ifNot: string;
};

export type Stakes = { objectives: Stake[]; fragile: boolean; listedUntil: string | null; leaning: Leaning | null };

/** Above this part of households of the first quartile a residence is said to be fragile. Ours: no text sets one. */
export const fragileAbove = '0.5';

/**
 * The objectives of allocation that a dwelling weighs on, before and after it is let (F-52): first quartile outside
 * priority areas, the other quartiles inside, and priority households whoever but the State it goes to; at the part the
 * landlord committed itself to in the place, else that of the law. And whom they lean to, which decides between equals
 * only: to the others than the State's priority quota where the residence is fragile or listed for its social mix, or the
 * mix is behind in a priority area; to that quota outside, where the first quartile is behind. Households are not known
 * yet: nothing more is concluded. Rounding: four decimals, halves up.
 */
export function stakesOf(input: z.output<typeof stakesInput>): Explained<Stakes> {
  const concerned: [ObjectiveName, z.output<typeof leases>][] = [
    input.inPriorityArea ? ['social-mix', input.socialMix] : ['first-quartile', input.firstQuartile],
    ['priority', input.priority],
  ];
  const explained = concerned.map(([objective, counted]) => ({
    objective,
    counted,
    ...objectiveOf({ objective, ...counted }),
  }));
  const { firstQuartileRate = null, listedUntil = null } = input.residence ?? {};
  const fragile = firstQuartileRate !== null && exact(firstQuartileRate).compare(exact(fragileAbove)) > 0;
  const behind = explained[0]!.result.state === 'missed';
  const leaning =
    fragile || listedUntil || (input.inPriorityArea && behind) ? 'others' : behind ? 'state-priority' : null;
  return {
    result: {
      objectives: explained.map(({ objective, counted: { known, met, committed }, result }) => ({
        objective,
        target: result.target,
        committed: committed != null,
        state: result.state,
        before: result.rate,
        ifMet: decimal(exact(met + 1).div(known + 1), 4),
        ifNot: decimal(exact(met).div(known + 1), 4),
      })),
      fragile,
      listedUntil,
      leaning,
    },
    steps: [
      ...explained.flatMap(({ steps }) => steps),
      ...residenceSteps(firstQuartileRate, listedUntil),
      {
        label: 'stakes.leaning',
        result: word(`leaning.${leaning ?? 'none'}`),
        source: policy('Départage des égalités ; les parts des conventions passent toujours avant'),
      },
    ],
  };
}

const residenceSteps = (firstQuartileRate: string | null, listedUntil: z.output<typeof localDate> | null): Step[] => [
  ...(firstQuartileRate === null ? [] : [{ label: 'stakes.fragility', result: rate(firstQuartileRate) }]),
  ...(listedUntil === null ? [] : [{ label: 'stakes.listed', result: date(listedUntil) }]),
];

export const stakesRule = defineRule({
  name: 'flow.orientation-stakes',
  summary: 'The objectives of allocation that a freed dwelling weighs on, before and after it is let',
  input: stakesInput,
  compute: stakesOf,
});
