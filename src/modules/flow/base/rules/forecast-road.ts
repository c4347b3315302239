/** Where a forecast stands: its state is where its last move led. */
export const forecastStates = ['draft', 'submitted', 'territory-agreed', 'agreed', 'published', 'returned'] as const;
export type ForecastState = (typeof forecastStates)[number];

export const forecastMoves = ['submitted', 'returned', 'territory-agreed', 'agreed', 'published'] as const;
export type ForecastMove = (typeof forecastMoves)[number];

/** Who moves it: the landlord (also for a body that has no account here), a territory, the State. */
export type ForecastParty = 'landlord' | 'territory' | 'state';

/**
 * Where a forecast may go next (F-14): the landlord submits it, the CIL or the EPT gives its opinion, the département decides,
 * the landlord publishes. Without a territory the département decides at once; either of them may send it back. Published, it
 * is frozen. A body without an account is written down by the landlord, with its name and its day (F-15). Where the CIL
 * consolidates (setting `flow.consolidation-body`, F-85) a territory decides itself; where the State stands in for the CIL that is
 * missing (`flow.provisional-body`, F-15) it answers in its place.
 */
export function nextMoves(given: {
  state: ForecastState;
  ofTerritory: boolean;
  party: ForecastParty;
  consolidation?: 'department-committee' | 'crhh' | 'cil';
  provisional?: 'none' | 'state';
}): ForecastMove[] {
  const { state, ofTerritory, party, consolidation = 'department-committee', provisional = 'none' } = given;
  const decide: ForecastMove[] = ['agreed', 'returned'];
  const opine: ForecastMove[] = consolidation === 'cil' ? decide : ['territory-agreed', 'returned'];
  switch (state) {
    case 'draft':
    case 'returned':
      return party === 'landlord' ? ['submitted'] : [];
    case 'submitted':
      if (!ofTerritory) return party === 'territory' ? [] : decide;
      return party === 'state' && provisional === 'none' ? [] : opine;
    case 'territory-agreed':
      return party === 'territory' ? [] : decide;
    case 'agreed':
      return party === 'landlord' ? ['published'] : [];
    case 'published':
      return [];
  }
}

/** Whether what it says may still be rewritten, as a new revision. */
export const mayRevise = (state: ForecastState): boolean => state === 'draft' || state === 'returned';
