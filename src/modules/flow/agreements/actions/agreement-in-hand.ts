import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { conflict, forbidden, notFound, refused } from '../../../../kernel/problem.ts';
import { canonical, recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settleReminders } from '../../../../platform/jobs/reminders.ts';
import { type AgreementDetails, type AmendmentRow, agreementDetails, type SignedTerms } from '../queries.ts';
import type { LifeState, Party } from '../rules/life-cycle.ts';

/** An agreement and what the actor is in it. */
export type AgreementInHand = AgreementDetails & { party: Party; state: LifeState };

/**
 * The agreement an act is about, kept for this transaction.
 * @throws Problem E-NOT-FOUND-01 the actor may not know it; E-CONFLICT-01 it was changed since it was read
 */
export async function takeAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  today: LocalDate,
  version?: number,
): Promise<AgreementInHand> {
  // Two signatures at once would each miss the other: the second waits.
  await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`.execute(tx);
  const { rows } = await tx.executeQuery(agreementDetails(id, today));
  const found = rows[0];
  if (!found) throw notFound();
  if (version !== undefined && found.version !== version) throw conflict('E-CONFLICT-01', { version: found.version });
  return { ...found, party: partyOf(found, actor), state: stateOn(found, today) };
}

export const partyOf = ({ landlordId }: { landlordId: string }, actor: Actor): Party =>
  landlordId === actor.organisationId ? 'landlord' : 'holder';

/** @throws Problem E-ACCESS-01 what only the landlord does */
export function requireLandlord(agreement: AgreementInHand): void {
  if (agreement.party !== 'landlord') throw forbidden();
}

/** @throws Problem E-AGREEMENT-11 the agreement is not where this can be done */
export function requireState(agreement: AgreementInHand, ...states: LifeState[]): void {
  if (!states.includes(agreement.state)) throw refused('E-AGREEMENT-11', { state: agreement.state });
}

/** Where an agreement is in its life on a day: amended and ended follow from its amendments and its last day. */
export function stateOn(
  { keptState, endsOn, amendments }: Pick<AgreementDetails, 'keptState' | 'endsOn' | 'amendments'>,
  today: LocalDate,
): LifeState {
  if (keptState !== 'signed') return keptState;
  if (endsOn !== null && endsOn < today) return 'ended';
  return amendments.some(({ effectiveOn }) => effectiveOn !== null && effectiveOn <= today) ? 'amended' : 'signed';
}

/** The fingerprint of terms: what both parties sign. Anything changed afterwards has another. */
export const fingerprintOf = (terms: SignedTerms | ReturnType<typeof amendmentTerms>): string =>
  createHash('sha256')
    .update(canonical({ ...terms, share: decimal(exact(terms.share), 6) }))
    .digest('hex');

/** The terms of an agreement that its signatures are about. */
export const signedTerms = (agreement: Omit<SignedTerms, 'share'> & { firstShare: string }): SignedTerms => ({
  reference: agreement.reference,
  holderId: agreement.holderId,
  contingent: agreement.contingent,
  perimeterCode: agreement.perimeterCode,
  share: agreement.firstShare,
  nominationDays: agreement.nominationDays,
  nominationMode: agreement.nominationMode,
  ifNoneProposed: agreement.ifNoneProposed,
  proposalTerms: agreement.proposalTerms,
  basis: agreement.basis,
  agreedOtherwise: agreement.agreedOtherwise,
  startsOn: agreement.startsOn,
  endsOn: agreement.endsOn,
});

export const amendmentTerms = (agreementId: string, amendment: AmendmentRow) => ({
  agreementId,
  id: amendment.id,
  number: amendment.number,
  from: amendment.from,
  share: amendment.share,
  nominationDays: amendment.nominationDays,
  nominationMode: amendment.nominationMode,
  ifNoneProposed: amendment.ifNoneProposed,
  reason: amendment.reason,
});

/** Writes what happened to an agreement where both parties read it, and in the events and the journal of the landlord. */
export async function recordMove(
  tx: Tx,
  actor: Actor,
  agreement: { id: string; landlordId: string; holderId: string; reference: string },
  move: { kind: string; words?: string | null; facts?: Record<string, string | number | null> },
): Promise<string> {
  const id = newId();
  await tx
    .insertInto('flow.agreement_moves')
    .values({
      organisation_id: agreement.landlordId,
      id,
      agreement_id: agreement.id,
      holder_id: agreement.holderId,
      kind: move.kind,
      by_user_id: actor.userId,
      by_name: `${actor.givenName} ${actor.familyName}`,
      by_organisation_id: actor.organisationId,
      words: move.words ?? null,
      facts: JSON.stringify(move.facts ?? {}),
    })
    .execute();
  await recordEvent(tx, {
    kind: `flow.agreement-${move.kind}`,
    organisationId: agreement.landlordId,
    subjects: [{ kind: 'agreement', id: agreement.id }],
    reason: move.words ?? null,
    after: { reference: agreement.reference, ...move.facts },
    journal: { agreement: agreement.id, reference: agreement.reference, ...move.facts },
  });
  return id;
}

/** It is nobody's turn any more: reminders of both parties, whoever planned them. */
export async function settleTurns(
  tx: Tx,
  agreement: { id: string; landlordId: string; holderId: string },
  outcome: 'done' | 'void',
): Promise<void> {
  for (const organisationId of [agreement.landlordId, agreement.holderId])
    await settleReminders(tx, organisationId, { kind: 'agreement', id: agreement.id }, outcome);
}
