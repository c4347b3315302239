import { expect, test } from 'vitest';
import { eligibleContingents } from './eligible-contingents.ts';

test.each<[string | null, boolean | null, string | null, string[], string]>([
  ['dalo', null, null, ['state-priority'], 'L441-1: a priority group'],
  ['mutation', null, null, [], 'a cause of the move is not a public'],
  [null, true, null, ['action-logement'], 'F-18: incl. Action Logement'],
  ['worker', null, null, ['action-logement'], 'F-18: an employee'],
  [null, null, '93048', ['municipality'], 'lives in the municipality'],
  [null, null, '93010', [], 'lives elsewhere'],
  ['handicap', true, '93048', ['state-priority', 'action-logement', 'municipality'], 'F-18: several'],
  [null, null, null, [], 'what is not known makes nobody eligible'],
])('%s, pays %s, home %s → %j (%s)', (priorityGroup, paysIntoActionLogement, homeMunicipalityCode, expected) => {
  const { result, steps } = eligibleContingents({
    priorityGroup,
    paysIntoActionLogement,
    homeMunicipalityCode,
    municipalityCode: '93048',
  });
  expect(result).toEqual(expected);
  expect(steps).toHaveLength(expected.length);
});
