import type { LocalDate } from '../../../../kernel/local-date.ts';

/** What is said of a proposed setting, in the order in which it may be said. */
export const settingDecisions = [
  'approved',
  'refused',
  'favourable',
  'unfavourable',
  'arbitration-asked',
  'adopted',
  'dismissed',
  'withdrawn',
] as const;
export type SettingDecision = (typeof settingDecisions)[number];

export const proposalStates = ['waiting', 'blocked', 'arbitration', 'adopted', 'dismissed', 'withdrawn'] as const;
export type ProposalState = (typeof proposalStates)[number];

export type Proposal = {
  /** `own`: a landlord for itself; `regional`: the State for the landlords it watches over. */
  scope: 'own' | 'regional';
  proposerId: string;
  /** Who is asked. */
  partyIds: readonly string[];
  /** The last day to answer; silence after it blocks a landlord's proposal. */
  answerBy: LocalDate;
  decisions: readonly { partyId: string; decision: SettingDecision }[];
};

const endings = ['adopted', 'dismissed', 'withdrawn'] as const;

const answerOf = ({ decisions }: Proposal, partyId: string) =>
  decisions.find((one) => one.partyId === partyId && answers.includes(one.decision))?.decision;
const answers: readonly SettingDecision[] = ['approved', 'refused', 'favourable', 'unfavourable'];

/**
 * Where a proposed setting stands (F-89). A landlord's own is adopted once all who are asked approved; refused by one, or
 * left without an answer, it is blocked until the landlord asks for an arbitration or withdraws it. A regional one is
 * adopted by the State when it has heard who wanted to be heard. What ended never moves again.
 */
export function proposalState(proposal: Proposal, today: LocalDate): ProposalState {
  const ended = endings.find((ending) => proposal.decisions.some(({ decision }) => decision === ending));
  if (ended) return ended;
  if (proposal.scope === 'regional') return 'waiting';
  const said = proposal.partyIds.map((id) => answerOf(proposal, id));
  if (said.every((answer) => answer === 'approved')) return 'adopted';
  if (proposal.decisions.some(({ decision }) => decision === 'arbitration-asked')) return 'arbitration';
  const isSilent = today > proposal.answerBy && said.includes(undefined);
  return isSilent || said.includes('refused') ? 'blocked' : 'waiting';
}

/** What an organisation may say of a proposal now; `arbitrates`: the State, of a landlord it watches over. */
export function decisionsOpen(
  proposal: Proposal,
  actor: { organisationId: string; arbitrates: boolean },
  today: LocalDate,
): SettingDecision[] {
  const state = proposalState(proposal, today);
  const isProposer = proposal.proposerId === actor.organisationId;
  const isAsked = proposal.partyIds.includes(actor.organisationId) && !answerOf(proposal, actor.organisationId);
  if (state === 'arbitration') {
    if (isProposer) return ['withdrawn'];
    return actor.arbitrates ? ['adopted', 'dismissed'] : [];
  }
  if (state !== 'waiting' && state !== 'blocked') return [];
  if (proposal.scope === 'regional')
    return isProposer ? ['adopted', 'withdrawn'] : isAsked ? ['favourable', 'unfavourable'] : [];
  if (isProposer) return state === 'blocked' ? ['arbitration-asked', 'withdrawn'] : ['withdrawn'];
  return isAsked ? ['approved', 'refused'] : [];
}
