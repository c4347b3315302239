import { refused } from '../../../kernel/problem.ts';
import type { Step } from '../../../kernel/steps.ts';
import { count } from '../../../kernel/steps.ts';
import { caleol, registerOrder } from '../../../regulation/scales/allocation.ts';

/** The five decisions of the law (CCH R441-3); Brussels committees use the same words. */
export const decisionKinds = ['granted', 'ranked', 'conditional', 'not-granted', 'inadmissible'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export const derogationKinds = [
  'unsuitable-dwelling',
  'social-mix',
  'social-urgency',
  'disability',
  'transfer',
  'unreachable',
  'other',
] as const;
export type DerogationKind = (typeof derogationKinds)[number];

export type CommitteeCandidate = {
  id: string;
  fileNumber: string;
  /** Rank in the register, 1 first; null for a candidate named by a reservation holder. */
  registerRank: number | null;
  priorityGroup: string | null;
};

export type ProposedDecision = {
  candidateId: string;
  kind: DecisionKind;
  /** 1, 2, 3… for those who get the dwelling, or get it next. */
  rank: number | null;
  condition?: string | null;
  reason?: string | null;
};

export type ProposedDerogation = { passedCandidateId: string; kind: DerogationKind; reason: string };

export type FewerThanThree = 'not-enough-candidates' | 'dalo' | 'subsidised';

/** A sitting decides only when enough voting members are there. @throws Problem E-COMMITTEE-01 */
export function requireQuorum(presentVoting: number, quorum: number): void {
  if (presentVoting < quorum) throw refused('E-COMMITTEE-01', { present: presentVoting, quorum });
}

/**
 * At least three demands are examined for a dwelling, save three exceptions: not enough candidates, candidates the
 * préfet designated under DALO, dwellings with the subsidy of D331-25-1 (R441-3, L-40).
 * @throws Problem E-COMMITTEE-02 fewer than three and no exception; E-COMMITTEE-03 the exception does not fit
 */
export function requireEnoughDemands(
  candidates: readonly CommitteeCandidate[],
  exception: FewerThanThree | null,
): Step {
  const minimum = caleol.minimumDemands;
  const step: Step = {
    label: 'committee.demands',
    inputs: { minimum: count(minimum.value) },
    result: count(candidates.length),
    source: minimum.source,
  };
  if (candidates.length >= minimum.value) return step;
  if (!exception) throw refused('E-COMMITTEE-02', { count: candidates.length, minimum: minimum.value });
  const isDalo = candidates.length > 0 && candidates.every((candidate) => candidate.priorityGroup === 'dalo');
  if (exception === 'dalo' && !isDalo) throw refused('E-COMMITTEE-03');
  return { ...step, label: `committee.exception-${exception}` };
}

/**
 * Whether decisions form a whole: one a candidate; ranks 1, 2, 3… without gap for those who get the dwelling or get it
 * next; a condition where the grant has one; a reason for each refusal (L-41).
 * @throws Problem E-DECISION-01 to E-DECISION-06
 */
export function requireWholeDecisions(
  candidates: readonly CommitteeCandidate[],
  decisions: readonly ProposedDecision[],
): void {
  const numberOf = (id: string) => candidates.find((candidate) => candidate.id === id)?.fileNumber ?? '?';
  const known = new Set(candidates.map(({ id }) => id));
  const stranger = decisions.find((decision) => !known.has(decision.candidateId));
  if (stranger) throw refused('E-DECISION-01');
  if (new Set(decisions.map(({ candidateId }) => candidateId)).size !== decisions.length)
    throw refused('E-DECISION-02');
  const undecided = candidates.find((candidate) => !decisions.some(({ candidateId }) => candidateId === candidate.id));
  if (undecided) throw refused('E-DECISION-03', { file: undecided.fileNumber });
  for (const decision of decisions) {
    const file = numberOf(decision.candidateId);
    const placed = isPlaced(decision.kind);
    if (placed !== (decision.rank !== null)) throw refused('E-DECISION-04', { file });
    if (decision.kind === 'conditional' && !decision.condition?.trim()) throw refused('E-DECISION-05', { file });
    if (!placed && !decision.reason?.trim()) throw refused('E-DECISION-06', { file });
  }
  const ranks = decisions.flatMap(({ rank }) => (rank === null ? [] : [rank])).sort((a, b) => a - b);
  if (ranks.some((rank, index) => rank !== index + 1)) throw refused('E-DECISION-07');
}

export const isPlaced = (kind: DecisionKind): boolean =>
  kind === 'granted' || kind === 'ranked' || kind === 'conditional';

/**
 * Candidates of the register that are passed over: someone after them in the register is placed before them, or placed
 * while they are not. Each needs a derogation with its reason (R-43, R-44, H-093). An inadmissible demand is not passed
 * over: the reason of its rejection says enough.
 */
export function passedOver(
  candidates: readonly CommitteeCandidate[],
  decisions: readonly ProposedDecision[],
): CommitteeCandidate[] {
  const decisionOf = new Map(decisions.map((decision) => [decision.candidateId, decision]));
  const placeOf = (candidate: CommitteeCandidate) => decisionOf.get(candidate.id)?.rank ?? Number.POSITIVE_INFINITY;
  return candidates.filter((candidate) => {
    if (candidate.registerRank === null || decisionOf.get(candidate.id)?.kind === 'inadmissible') return false;
    return candidates.some(
      (other) =>
        other.registerRank !== null &&
        other.registerRank > candidate.registerRank! &&
        placeOf(other) < placeOf(candidate),
    );
  });
}

const shortestReason = 10;

/**
 * @returns the step to keep with the decision
 * @throws Problem E-DEROGATION-01 naming the ranks passed over without a reason; E-DEROGATION-02 a reason too short
 */
export function requireDerogations(
  candidates: readonly CommitteeCandidate[],
  decisions: readonly ProposedDecision[],
  derogations: readonly ProposedDerogation[],
): Step | null {
  const passed = passedOver(candidates, decisions);
  if (passed.length === 0) return null;
  const missing = passed.filter(
    (candidate) => !derogations.some(({ passedCandidateId }) => passedCandidateId === candidate.id),
  );
  if (missing.length > 0) {
    throw refused(
      'E-DEROGATION-01',
      {
        ranks: missing.map(({ registerRank }) => registerRank).join(', '),
        files: missing.map(({ fileNumber }) => fileNumber).join(', '),
      },
      missing.map((candidate) => ({ path: `derogations.${candidate.id}`, code: 'E-FIELD-REQUIRED' })),
    );
  }
  const short = derogations.find(({ reason }) => reason.trim().length < shortestReason);
  if (short) {
    throw refused('E-DEROGATION-02', { length: shortestReason }, [
      { path: `derogations.${short.passedCandidateId}`, code: 'E-FIELD-MIN', params: { minimum: shortestReason } },
    ]);
  }
  return { label: 'committee.derogation', result: count(passed.length), source: registerOrder.derogation };
}
