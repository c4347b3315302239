import { expect, test } from 'vitest';
import { eligibilityInput, eligibleContingents } from './eligible-contingents.ts';

const everything = ['state-priority', 'state-staff', 'action-logement', 'municipality'];
const without = (...known: string[]) => everything.filter((one) => !known.includes(one));

test.each<[object, string[], string[], string]>([
  [{}, [], everything, 'what is not known is told as unknown, and makes nobody eligible'],
  [{ priorityGroup: 'dalo' }, ['state-priority'], without('state-priority'), 'L441-1: a priority group'],
  [{ priorityGroup: 'mutation' }, [], everything, 'a cause of the move is not a public'],
  [{ labelled: true }, ['state-priority'], without('state-priority'), 'L-64: labelled in SYPLO'],
  [{ labelled: false }, [], without('state-priority'), 'L-64: not labelled, the labels being on file'],
  [
    { priorityGroup: 'mutation', labelled: true },
    ['state-priority'],
    without('state-priority'),
    'a tenant may be DALO',
  ],
  [{ publicAgent: true }, ['state-staff'], without('state-staff'), 'R441-5: agents of the State'],
  [{ publicAgent: false }, [], without('state-staff'), 'known not to be one'],
  [{ paysIntoActionLogement: true }, ['action-logement'], without('action-logement'), 'F-18: incl. Action Logement'],
  [{ paysIntoActionLogement: false }, [], without('action-logement'), 'employer not liable to the PEEC'],
  [{ priorityGroup: 'worker' }, ['action-logement'], without('action-logement'), 'F-18: an employee'],
  [{ homeMunicipalityCode: '93048' }, ['municipality'], without('municipality'), 'lives in the municipality'],
  [{ homeMunicipalityCode: '93010' }, [], without('municipality'), 'lives elsewhere'],
  [
    { priorityGroup: 'handicap', paysIntoActionLogement: true, homeMunicipalityCode: '93048', publicAgent: false },
    ['state-priority', 'action-logement', 'municipality'],
    [],
    'F-18: several',
  ],
])('%j → %j, unknown for %j (%s)', (given, eligible, unknown) => {
  const input = eligibilityInput.parse({ priorityGroup: null, municipalityCode: '93048', ...given });
  const { result, steps } = eligibleContingents(input);
  expect(result).toEqual({ eligible, unknown });
  expect(steps.filter(({ label }) => label === 'base.eligible-unknown')).toHaveLength(unknown.length);
  expect(steps).toHaveLength(eligible.length + unknown.length);
});
