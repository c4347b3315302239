import type { BodyOf } from '../../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind } from '../../../../platform/jobs/reminders.ts';
import type { moveAgreement as endpoint } from '../contract.ts';
import { type LifeState, movesFrom } from '../rules/life-cycle.ts';
import { recordMove, settleTurns, takeAgreement } from './agreement-in-hand.ts';
import { commitmentOf } from './record-agreement.ts';
import { requireCaps } from './require-caps.ts';

const words = { negotiation: 'reopened', 'to-sign': 'to-sign', abandoned: 'abandoned' } as const;

/**
 * Moves an agreement that is not signed: sent, put to signature once the caps allow it, reopened, abandoned. The other
 * party is reminded that it is its turn.
 * @throws Problem E-AGREEMENT-11 it cannot go there from where it is; those of `requireCaps`; E-CONFLICT-01
 */
export async function moveAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ version: number; state: LifeState }> {
  const agreement = await takeAgreement(tx, actor, id, today, body.version);
  if (!movesFrom(agreement.state, agreement.party).includes(body.to))
    throw refused('E-AGREEMENT-11', { state: agreement.state });
  if (body.to === 'to-sign') {
    await requireCaps(tx, actor, commitmentOf(id, agreement.holder, { ...agreement, share: agreement.firstShare }));
  }
  const sent = agreement.state === 'draft' && body.to === 'negotiation';
  await tx
    .updateTable('flow.agreements')
    .set({ state: body.to, version: body.version + 1, ...(sent ? { sent_on: today } : {}) })
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', id)
    .execute();
  await recordMove(tx, actor, agreement, { kind: sent ? 'sent' : words[body.to], words: body.words });
  await settleTurns(tx, agreement, 'done');
  if (body.to !== 'abandoned') {
    const toHolder = agreement.party === 'landlord';
    await remind(tx, actor.organisationId, [
      {
        dueOn: today,
        kind: body.to === 'to-sign' ? 'agreements.to-sign' : 'agreements.to-read',
        subject: { kind: 'agreement', id },
        forOrganisationId: toHolder ? agreement.holderId : agreement.landlordId,
        forRole: toHolder ? 'holder-officer' : 'director',
        facts: { reference: agreement.reference, other: actor.organisationName },
      },
    ]);
  }
  return { version: body.version + 1, state: body.to };
}

/**
 * A remark of one party to the other, kept with the agreement.
 * @throws Problem E-AGREEMENT-11 while only the landlord has it
 */
export async function commentAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  remark: string,
  today: LocalDate,
): Promise<{ id: string }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  if (agreement.state === 'draft' || agreement.state === 'abandoned')
    throw refused('E-AGREEMENT-11', { state: agreement.state });
  return { id: await recordMove(tx, actor, agreement, { kind: 'commented', words: remark }) };
}
