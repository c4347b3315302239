import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, remindersBefore, settleReminders } from '../../../../platform/jobs/reminders.ts';
import type { addClause as clauseEndpoint, recordDerogation as derogationEndpoint } from '../contract.ts';
import { lastsAYear } from '../rules/caps.ts';
import { recordMove, requireLandlord, requireState, takeAgreement } from './agreement-in-hand.ts';

/**
 * Plans a review (clause de revoyure): both parties are reminded a month before, and on the day.
 * @throws Problem E-AGREEMENT-11 nothing to review; E-AGREEMENT-12 a day that is past
 */
export async function addReviewClause(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof clauseEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  requireLandlord(agreement);
  requireState(agreement, 'negotiation', 'to-sign', 'signed', 'amended');
  if (body.dueOn < today) throw refused('E-AGREEMENT-12', { day: body.dueOn });
  const clauseId = newId();
  await tx
    .insertInto('flow.review_clauses')
    .values({
      organisation_id: actor.organisationId,
      id: clauseId,
      agreement_id: id,
      holder_id: agreement.holderId,
      due_on: body.dueOn,
      subject: body.subject,
    })
    .execute();
  await remind(
    tx,
    actor.organisationId,
    [...remindersBefore(body.dueOn, today, [30]), body.dueOn].flatMap((dueOn) =>
      [
        { forOrganisationId: agreement.landlordId, forRole: 'director' },
        { forOrganisationId: agreement.holderId, forRole: 'holder-officer' },
      ].map((who) => ({
        ...who,
        dueOn,
        kind: 'agreements.review',
        subject: { kind: 'agreement-clause', id: clauseId },
        facts: { reference: agreement.reference, subject: body.subject, dueOn: body.dueOn },
      })),
    ),
  );
  await recordMove(tx, actor, agreement, { kind: 'clause', words: body.subject, facts: { dueOn: body.dueOn } });
  return { id: clauseId };
}

/** Says what came of a review. @throws Problem E-NOT-FOUND-01; E-AGREEMENT-11 it is done already */
export async function closeReviewClause(
  tx: Tx,
  actor: Actor,
  id: string,
  clauseId: string,
  outcome: string,
  today: LocalDate,
): Promise<Record<string, never>> {
  const agreement = await takeAgreement(tx, actor, id, today);
  requireLandlord(agreement);
  const clause = agreement.clauses.find((one) => one.id === clauseId);
  if (!clause) throw notFound();
  if (clause.doneOn) throw refused('E-AGREEMENT-11', { state: agreement.state });
  await tx
    .updateTable('flow.review_clauses')
    .set({ done_on: today, outcome })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', clauseId)
    .execute();
  await settleReminders(tx, actor.organisationId, { kind: 'agreement-clause', id: clauseId }, 'done');
  await recordMove(tx, actor, agreement, { kind: 'clause-done', words: outcome, facts: { dueOn: clause.dueOn } });
  return {};
}

/**
 * Records an arrêté by which the préfet raises his own cap (L-21): exceptional, one year at most.
 * @throws Problem E-AGREEMENT-11 not an agreement of the State in force; E-AGREEMENT-13 more than one year
 */
export async function recordDerogation(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof derogationEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  requireLandlord(agreement);
  requireState(agreement, 'signed', 'amended');
  if (!agreement.contingent.startsWith('state')) throw refused('E-AGREEMENT-11', { state: agreement.state });
  if (!lastsAYear(body.from, body.until)) throw refused('E-AGREEMENT-13');
  const derogationId = newId();
  await tx
    .insertInto('flow.derogations')
    .values({
      organisation_id: actor.organisationId,
      id: derogationId,
      agreement_id: id,
      holder_id: agreement.holderId,
      reference: body.reference,
      department: agreement.perimeterCode.slice(0, 2),
      cap: body.cap,
      from_day: body.from,
      until_day: body.until,
      reason: body.reason,
    })
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'derogation',
    words: body.reason,
    facts: { arrete: body.reference, cap: body.cap, from: body.from, until: body.until },
  });
  return { id: derogationId };
}
