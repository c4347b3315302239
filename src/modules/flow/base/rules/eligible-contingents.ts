import { z } from 'zod';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { type Step, text, word } from '../../../../kernel/steps.ts';
import { law, unverified } from '../../../../regulation/sources.ts';

export const eligibilityInput = z.object({
  /** Priority group of the law, as the register knows it; `mutation` and `relogement` are none. */
  priorityGroup: z.string().nullable(),
  /** Municipality of the dwelling, and of the household's own address when known. */
  municipalityCode: z.string(),
  homeMunicipalityCode: z.string().nullable().default(null),
  /** Works for an employer that pays for Action Logement; null when not known. */
  paysIntoActionLogement: z.boolean().nullable().default(null),
});

/** Why a household moves, and the employees a holder names: no priority group of the law. */
const others = ['mutation', 'relogement', 'worker'];
const priority = law('Code de la construction et de l’habitation', 'L441-1');
const practice = unverified('Restitution de la concertation, DRIHL, 27 janvier 2021', 'Th. 1-4');

/**
 * The contingents that could have housed a household let to outside the base (F-18): the State's when it is of a priority
 * group, Action Logement's when its employer pays, the municipality's when it lives there. Only what is
 * known counts: a fact that is missing makes nobody eligible.
 */
export function eligibleContingents(input: z.output<typeof eligibilityInput>): Explained<string[]> {
  const eligible: string[] = [];
  const steps: Step[] = [];
  if (input.priorityGroup !== null && !others.includes(input.priorityGroup)) {
    eligible.push('state-priority');
    steps.push({
      label: 'base.eligible-priority',
      inputs: { group: text(input.priorityGroup) },
      result: word('contingent.state-priority'),
      source: priority,
    });
  }
  if (input.paysIntoActionLogement === true || input.priorityGroup === 'worker') {
    eligible.push('action-logement');
    steps.push({ label: 'base.eligible-employer', result: word('contingent.action-logement'), source: practice });
  }
  if (input.homeMunicipalityCode !== null && input.homeMunicipalityCode === input.municipalityCode) {
    eligible.push('municipality');
    steps.push({ label: 'base.eligible-resident', result: word('contingent.municipality'), source: practice });
  }
  return { result: eligible, steps };
}

export const eligibilityRule = defineRule({
  name: 'flow.eligible-contingents',
  summary: 'The contingents that could have housed a household let to outside the base of the flow',
  input: eligibilityInput,
  compute: eligibleContingents,
});
