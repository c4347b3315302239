import { z } from 'zod';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { type Step, text, word } from '../../../../kernel/steps.ts';
import { law, unverified } from '../../../../regulation/sources.ts';

export const eligibilityInput = z.object({
  /** Priority group of the law, as the register knows it; `mutation` and `relogement` are none. */
  priorityGroup: z.string().nullable(),
  /** Labelled in SYPLO on the day; false only when the labels of that day are on file and it is not among them. */
  labelled: z.boolean().nullable().default(null),
  /** Municipality of the dwelling, and of the household's own address when known. */
  municipalityCode: z.string(),
  homeMunicipalityCode: z.string().nullable().default(null),
  /** Works for an employer that pays for Action Logement; null when not known. */
  paysIntoActionLogement: z.boolean().nullable().default(null),
  /** An agent of the State; null when not known. */
  publicAgent: z.boolean().nullable().default(null),
});

export type Eligibility = { eligible: string[]; unknown: string[] };

/** Why a household moves, and the employees a holder names: no priority group of the law. */
const others = ['mutation', 'relogement', 'worker'];
const priority = law('Code de la construction et de l’habitation', 'L441-1');
const practice = unverified('Restitution de la concertation, DRIHL, 27 janvier 2021', 'Th. 1-4');

/**
 * The contingents that could have housed a household let to outside the base (F-18): the State's when it is of a priority group
 * or labelled, that of its agents, Action Logement's when its employer pays, the municipality's when it lives there. A fact
 * that is missing makes nobody eligible: the contingent is then told as unknown, which is not a no.
 */
export function eligibleContingents(input: z.output<typeof eligibilityInput>): Explained<Eligibility> {
  const { priorityGroup } = input;
  const isPriority = priorityGroup !== null && !others.includes(priorityGroup);
  const answers: [contingent: string, fact: boolean | null, step: Omit<Step, 'result'>][] = [
    [
      'state-priority',
      isPriority || input.labelled,
      isPriority
        ? { label: 'base.eligible-priority', inputs: { group: text(priorityGroup) }, source: priority }
        : { label: 'base.eligible-labelled', source: priority },
    ],
    ['state-staff', input.publicAgent, { label: 'base.eligible-agent', source: practice }],
    [
      'action-logement',
      priorityGroup === 'worker' || input.paysIntoActionLogement,
      { label: 'base.eligible-employer', source: practice },
    ],
    [
      'municipality',
      input.homeMunicipalityCode === null ? null : input.homeMunicipalityCode === input.municipalityCode,
      { label: 'base.eligible-resident', source: practice },
    ],
  ];
  const of = (fact: boolean | null) => answers.filter((answer) => answer[1] === fact);
  return {
    result: {
      eligible: of(true).map(([contingent]) => contingent),
      unknown: of(null).map(([contingent]) => contingent),
    },
    steps: [
      ...of(true).map(([contingent, , step]): Step => ({ ...step, result: word(`contingent.${contingent}`) })),
      ...of(null).map(
        ([contingent]): Step => ({ label: 'base.eligible-unknown', result: word(`contingent.${contingent}`) }),
      ),
    ],
  };
}

export const eligibilityRule = defineRule({
  name: 'flow.eligible-contingents',
  summary: 'The contingents that could have housed a household let to outside the base of the flow',
  input: eligibilityInput,
  compute: eligibleContingents,
});
