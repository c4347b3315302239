/**
 * The life of an agreement. What is kept is where it was moved to; that it was amended or has ended follows from its
 * amendments and its last day (the states of APiLos, the State's tool for agreements).
 */
export const keptStates = ['draft', 'negotiation', 'to-sign', 'signed', 'abandoned'] as const;
export type KeptState = (typeof keptStates)[number];

export const lifeStates = ['draft', 'negotiation', 'to-sign', 'signed', 'amended', 'ended', 'abandoned'] as const;
export type LifeState = (typeof lifeStates)[number];

export const parties = ['landlord', 'holder'] as const;
export type Party = (typeof parties)[number];

/** Where each party may move an agreement that is not signed; the last signature signs it. */
const moves: Record<Party, Partial<Record<LifeState, readonly KeptState[]>>> = {
  landlord: {
    draft: ['negotiation', 'abandoned'],
    negotiation: ['to-sign', 'abandoned'],
    'to-sign': ['negotiation', 'abandoned'],
  },
  // A holder sends back what it will not sign.
  holder: { 'to-sign': ['negotiation'] },
};

export const movesFrom = (state: LifeState, party: Party): readonly KeptState[] => moves[party][state] ?? [];

export type AgreementAbilities = {
  change: boolean;
  comment: boolean;
  sign: boolean;
  amend: boolean;
  end: boolean;
  setTargets: boolean;
  review: boolean;
  derogate: boolean;
  writeNeeds: boolean;
};

/** What a party may do with an agreement now. Nothing of it ever changes the days before. */
export function agreementAbilities(
  state: LifeState,
  party: Party,
  facts: { signed: readonly Party[]; amending: boolean; ending: boolean; contingent: string },
): AgreementAbilities {
  const runs = state === 'signed' || state === 'amended';
  const manages = party === 'landlord';
  return {
    change: manages && (state === 'draft' || state === 'negotiation'),
    comment: state !== 'draft' && state !== 'abandoned',
    sign: state === 'to-sign' && !facts.signed.includes(party),
    amend: manages && runs && !facts.amending,
    end: manages && runs && !facts.ending,
    setTargets: manages && state !== 'ended' && state !== 'abandoned',
    review: manages && state !== 'ended' && state !== 'abandoned' && state !== 'draft',
    derogate: manages && runs && facts.contingent.startsWith('state'),
    writeNeeds: party === 'holder' && runs,
  };
}

/** Who is to do what next: `steps.next.<name>` in the messages of the area. */
export type NextStep =
  | 'send'
  | 'agree'
  | 'sign-landlord'
  | 'sign-holder'
  | 'sign-both'
  | 'sign-amendment'
  | 'run'
  | 'renew'
  | 'none';

export function nextStepOf(
  state: LifeState,
  facts: { signed: readonly Party[]; amending: boolean; endsSoon: boolean },
): NextStep {
  switch (state) {
    case 'draft':
      return 'send';
    case 'negotiation':
      return 'agree';
    case 'to-sign':
      if (facts.signed.includes('landlord')) return 'sign-holder';
      return facts.signed.includes('holder') ? 'sign-landlord' : 'sign-both';
    case 'signed':
    case 'amended':
      if (facts.amending) return 'sign-amendment';
      return facts.endsSoon ? 'renew' : 'run';
    default:
      return 'none';
  }
}
