import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind } from '../../../../platform/jobs/reminders.ts';
import { recountAgreement } from '../../actions/flow-events.ts';
import type { endAgreement as endEndpoint, proposeAmendment as endpoint } from '../contract.ts';
import { recordMove, requireLandlord, requireState, settleTurns, takeAgreement } from './agreement-in-hand.ts';
import { commitmentOf } from './record-agreement.ts';
import { requireCaps } from './require-caps.ts';

/**
 * Proposes another share or other terms from a day on. Nothing changes before both have signed, nor before that day.
 * @throws Problem E-AGREEMENT-11 not in force; E-AGREEMENT-12 a day that is past; E-AGREEMENT-16 outside the term, or
 *   another amendment waits or has that day; those of `requireCaps`; E-CONFLICT-01
 */
export async function proposeAmendment(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string; number: number }> {
  const agreement = await takeAgreement(tx, actor, id, today, body.version);
  requireLandlord(agreement);
  requireState(agreement, 'signed', 'amended');
  if (body.from < today) throw refused('E-AGREEMENT-12', { day: body.from });
  const live = agreement.amendments.filter(({ state }) => state !== 'abandoned');
  const outside = body.from <= agreement.startsOn || (agreement.endsOn !== null && body.from > agreement.endsOn);
  const crossed = live.some(({ state, effectiveOn }) => state === 'to-sign' || effectiveOn! >= body.from);
  if (outside || crossed) throw refused('E-AGREEMENT-16', { day: body.from });
  await requireCaps(
    tx,
    actor,
    commitmentOf(id, agreement.holder, { ...agreement, startsOn: body.from, share: body.share }),
  );
  const amendmentId = newId();
  const number = agreement.amendments.length + 1;
  await tx
    .insertInto('flow.amendments')
    .values({
      organisation_id: actor.organisationId,
      id: amendmentId,
      agreement_id: id,
      holder_id: agreement.holderId,
      number,
      from_day: body.from,
      share: body.share,
      nomination_days: body.nominationDays,
      nomination_mode: body.nominationMode,
      if_none_proposed: body.ifNoneProposed,
      reason: body.reason,
    })
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'amendment-proposed',
    words: body.reason,
    facts: { number, share: body.share, from: body.from },
  });
  await remind(tx, actor.organisationId, [
    {
      dueOn: today,
      kind: 'agreements.to-sign',
      subject: { kind: 'agreement', id },
      forOrganisationId: agreement.holderId,
      forRole: 'holder-officer',
      facts: { reference: agreement.reference, other: actor.organisationName },
    },
  ]);
  return { id: amendmentId, number };
}

/** Either party gives up an amendment that is not signed. @throws Problem E-NOT-FOUND-01; E-AGREEMENT-11 it is signed */
export async function abandonAmendment(
  tx: Tx,
  actor: Actor,
  id: string,
  amendmentId: string,
  words: string,
  today: LocalDate,
): Promise<Record<string, never>> {
  const agreement = await takeAgreement(tx, actor, id, today);
  const amendment = agreement.amendments.find((one) => one.id === amendmentId);
  if (!amendment) throw notFound();
  if (amendment.state !== 'to-sign') throw refused('E-AGREEMENT-11', { state: amendment.state });
  await tx
    .updateTable('flow.amendments')
    .set({ state: 'abandoned', version: amendment.version + 1 })
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', amendmentId)
    .execute();
  await recordMove(tx, actor, agreement, { kind: 'amendment-abandoned', words, facts: { number: amendment.number } });
  await settleTurns(tx, agreement, 'void');
  return {};
}

/**
 * Ends an agreement on a day: what was due until then stays, what comes afterwards is the landlord's own.
 * @throws Problem E-AGREEMENT-11 not in force; E-AGREEMENT-12 a day that is past; E-AGREEMENT-16 after its own last day;
 *   E-CONFLICT-01
 */
export async function endAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof endEndpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const agreement = await takeAgreement(tx, actor, id, today, body.version);
  requireLandlord(agreement);
  requireState(agreement, 'signed', 'amended');
  if (body.endsOn < today) throw refused('E-AGREEMENT-12', { day: body.endsOn });
  if (body.endsOn < agreement.startsOn || (agreement.endsOn !== null && body.endsOn > agreement.endsOn))
    throw refused('E-AGREEMENT-16', { day: body.endsOn });
  await tx
    .updateTable('flow.agreements')
    .set({ ends_on: body.endsOn, ending_kind: body.kind, ending_reason: body.reason, version: body.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recountAgreement(tx, actor.organisationId, id);
  await recordMove(tx, actor, agreement, {
    kind: 'ended',
    words: body.reason,
    facts: { endsOn: body.endsOn, kind: body.kind, plannedEnd: agreement.endsOn },
  });
  await settleTurns(tx, agreement, 'void');
  return { version: body.version + 1 };
}
