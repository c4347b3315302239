import { newId } from '../../../../kernel/id.ts';
import { addDays, type LocalDate, latest } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind } from '../../../../platform/jobs/reminders.ts';
import { recountAgreement } from '../../actions/flow-events.ts';
import type { LifeState } from '../rules/life-cycle.ts';
import {
  type AgreementInHand,
  amendmentTerms,
  fingerprintOf,
  recordMove,
  requireState,
  settleTurns,
  signedTerms,
  takeAgreement,
} from './agreement-in-hand.ts';
import { commitmentOf } from './record-agreement.ts';
import { requireCaps } from './require-caps.ts';

type Hand = { title: string | null; termsSha256: string };

/**
 * Signs the terms one read. With both signatures the agreement is signed and gives rights from its first day.
 * @throws Problem E-AGREEMENT-11 not to be signed; E-AGREEMENT-14 the terms are not those that were read;
 *   E-AGREEMENT-15 signed already by this party; those of `requireCaps` for the landlord
 */
export async function signAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  hand: Hand,
  today: LocalDate,
): Promise<{ state: LifeState }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  requireState(agreement, 'to-sign');
  const fingerprint = fingerprintOf(signedTerms(agreement));
  if (agreement.party === 'landlord')
    await requireCaps(tx, actor, commitmentOf(id, agreement.holder, { ...agreement, share: agreement.firstShare }));
  const complete = await sign(tx, actor, agreement, null, fingerprint, hand, today);
  await recordMove(tx, actor, agreement, { kind: `${agreement.party}-signed`, facts: { terms: fingerprint } });
  if (!complete) {
    await turnOf(tx, actor, agreement, today);
    return { state: 'to-sign' };
  }
  await tx
    .updateTable('flow.agreements')
    .set({ state: 'signed', signed_on: today, version: agreement.version + 1 })
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', id)
    .execute();
  await recountAgreement(tx, agreement.landlordId, id);
  await recordMove(tx, actor, agreement, {
    kind: 'signed',
    facts: { share: agreement.firstShare, startsOn: agreement.startsOn },
  });
  await settleTurns(tx, agreement, 'done');
  if (agreement.endsOn) await remindOfEnd(tx, actor, agreement, agreement.endsOn, today);
  return { state: agreement.endsOn !== null && agreement.endsOn < today ? 'ended' : 'signed' };
}

/**
 * Signs an amendment. With both signatures it counts from the day it asked for, never before the last signature: what
 * was counted keeps its share.
 * @throws Problem E-NOT-FOUND-01; E-AGREEMENT-11, -14, -15 as for an agreement; those of `requireCaps` for the landlord
 */
export async function signAmendment(
  tx: Tx,
  actor: Actor,
  id: string,
  amendmentId: string,
  hand: Hand,
  today: LocalDate,
): Promise<{ state: 'to-sign' | 'signed'; effectiveOn: LocalDate | null }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  requireState(agreement, 'signed', 'amended');
  const amendment = agreement.amendments.find((one) => one.id === amendmentId);
  if (!amendment) throw notFound();
  if (amendment.state !== 'to-sign') throw refused('E-AGREEMENT-11', { state: amendment.state });
  if (agreement.party === 'landlord')
    await requireCaps(
      tx,
      actor,
      commitmentOf(id, agreement.holder, {
        ...agreement,
        startsOn: latest(amendment.from, today),
        share: amendment.share,
      }),
    );
  const fingerprint = fingerprintOf(amendmentTerms(id, amendment));
  const complete = await sign(tx, actor, agreement, amendmentId, fingerprint, hand, today);
  if (!complete) {
    await turnOf(tx, actor, agreement, today);
    return { state: 'to-sign', effectiveOn: null };
  }
  const effectiveOn = latest(amendment.from, today);
  await tx
    .updateTable('flow.amendments')
    .set({ state: 'signed', effective_on: effectiveOn, version: amendment.version + 1 })
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', amendmentId)
    .execute();
  await recountAgreement(tx, agreement.landlordId, id);
  await recordMove(tx, actor, agreement, {
    kind: 'amendment-signed',
    facts: { number: amendment.number, share: amendment.share, effectiveOn },
  });
  await settleTurns(tx, agreement, 'done');
  return { state: 'signed', effectiveOn };
}

/** Adds a signature. @returns whether both parties have signed these very terms */
async function sign(
  tx: Tx,
  actor: Actor,
  agreement: AgreementInHand,
  amendmentId: string | null,
  fingerprint: string,
  hand: Hand,
  today: LocalDate,
): Promise<boolean> {
  if (hand.termsSha256 !== fingerprint) throw refused('E-AGREEMENT-14');
  const { party } = agreement;
  const signed = agreement.signatures.filter(
    (one) => one.amendmentId === amendmentId && one.termsSha256 === fingerprint,
  );
  if (signed.some((one) => one.party === party)) throw refused('E-AGREEMENT-15');
  await tx
    .insertInto('flow.signatures')
    .values({
      organisation_id: agreement.landlordId,
      id: newId(),
      agreement_id: agreement.id,
      amendment_id: amendmentId,
      holder_id: agreement.holderId,
      party,
      signatory: `${actor.givenName} ${actor.familyName}`,
      title: hand.title,
      signed_on: today,
      channel: 'palier',
      terms_sha256: fingerprint,
      user_id: actor.userId,
    })
    .execute();
  return signed.length > 0;
}

/** One has signed: the other is told. */
const turnOf = (tx: Tx, actor: Actor, agreement: AgreementInHand, today: LocalDate): Promise<void> => {
  const toHolder = agreement.party === 'landlord';
  return remind(tx, actor.organisationId, [
    {
      dueOn: today,
      kind: 'agreements.to-sign',
      subject: { kind: 'agreement', id: agreement.id },
      forOrganisationId: toHolder ? agreement.holderId : agreement.landlordId,
      forRole: toHolder ? 'holder-officer' : 'director',
      facts: { reference: agreement.reference, other: actor.organisationName },
    },
  ]);
};

/** Three months before its last day, both parties think of what follows. */
async function remindOfEnd(
  tx: Tx,
  actor: Actor,
  agreement: AgreementInHand,
  endsOn: LocalDate,
  today: LocalDate,
): Promise<void> {
  const dueOn = addDays(endsOn, -90);
  if (dueOn <= today) return;
  const reminder = {
    dueOn,
    kind: 'agreements.ends-soon',
    subject: { kind: 'agreement', id: agreement.id },
    facts: { reference: agreement.reference, endsOn },
  };
  await remind(tx, actor.organisationId, [
    { ...reminder, forOrganisationId: agreement.landlordId, forRole: 'director' },
    { ...reminder, forOrganisationId: agreement.holderId, forRole: 'holder-officer' },
  ]);
}
