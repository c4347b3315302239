import { expect, test } from 'vitest';
import { type ForecastParty, type ForecastState, forecastStates, mayRevise, nextMoves } from './forecast-road.ts';

test.each<[ForecastState, ForecastParty, boolean, string[], string]>([
  ['draft', 'landlord', true, ['submitted'], 'F-14: the landlord begins'],
  ['draft', 'state', true, [], 'F-14'],
  ['submitted', 'territory', true, ['territory-agreed', 'returned'], 'F-14: CIL or EPT'],
  ['submitted', 'state', true, [], 'F-14: the territory first'],
  ['submitted', 'state', false, ['agreed', 'returned'], 'F-15: without a CIL, the département'],
  ['submitted', 'landlord', true, ['territory-agreed', 'returned'], 'F-15: written down for a body without an account'],
  ['territory-agreed', 'state', true, ['agreed', 'returned'], 'F-14: department consolidation'],
  ['territory-agreed', 'territory', true, [], 'F-14: its opinion is given'],
  ['agreed', 'landlord', true, ['published'], 'L-32: the landlord tells the holders'],
  ['agreed', 'state', true, [], 'L-32'],
  ['returned', 'landlord', true, ['submitted'], 'F-14'],
  ['published', 'landlord', true, [], 'L-32: frozen'],
])('%s, %s, of a territory: %s → %j (%s)', (state, party, ofTerritory, moves) => {
  expect(nextMoves({ state, ofTerritory, party })).toEqual(moves);
});

test.each<[ForecastState, ForecastParty, 'crhh' | 'cil', 'none' | 'state', string[], string]>([
  ['submitted', 'territory', 'crhh', 'none', ['territory-agreed', 'returned'], 'F-85: the CRHH decides after it'],
  ['submitted', 'territory', 'cil', 'none', ['agreed', 'returned'], 'F-85: the CIL decides itself'],
  ['submitted', 'landlord', 'cil', 'none', ['agreed', 'returned'], 'F-15: written down for a CIL without an account'],
  ['submitted', 'state', 'cil', 'none', [], 'F-85: not the State where the CIL decides'],
  ['submitted', 'state', 'crhh', 'state', ['territory-agreed', 'returned'], 'F-15: in place of a CIL that is missing'],
  ['territory-agreed', 'state', 'crhh', 'none', ['agreed', 'returned'], 'F-85'],
])('%s, %s, consolidated by %s, provisionally %s: %j (%s)', (state, party, consolidation, provisional, moves) => {
  expect(nextMoves({ state, ofTerritory: true, party, consolidation, provisional })).toEqual(moves);
});

test('only what was not submitted, or was sent back, is rewritten', () => {
  expect(forecastStates.filter(mayRevise)).toEqual(['draft', 'returned']);
});
