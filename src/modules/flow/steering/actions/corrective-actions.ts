import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { addDays, type LocalDate } from '../../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../../platform/jobs/reminders.ts';
import type { decideAction as decideEndpoint, moveAction as moveEndpoint } from '../contract.ts';

/**
 * Records what was decided when results drifted, with the drift as it was that day, and reminds of its day.
 * @throws Problem E-STEERING-01 its day has passed; E-STEERING-02 no such agreement
 */
export async function decideAction(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof decideEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (body.dueOn < today) throw invalid('E-STEERING-01', {}, [{ path: 'dueOn', code: 'E-FIELD-PAST' }]);
  const agreement = body.agreementId
    ? await tx
        .selectFrom('flow.agreements')
        .select(['id', 'holder_id as holderId', 'reference'])
        .where('organisation_id', '=', actor.organisationId)
        .where('id', '=', body.agreementId)
        .executeTakeFirst()
    : null;
  if (agreement === undefined) throw refused('E-STEERING-02');
  const id = newId();
  await tx
    .insertInto('flow.corrective_actions')
    .values({
      organisation_id: actor.organisationId,
      id,
      title: body.title,
      decided: body.decided,
      drift: body.drift && JSON.stringify(body.drift),
      agreement_id: agreement?.id ?? null,
      holder_id: agreement?.holderId ?? null,
      owner: body.owner,
      decided_on: today,
      due_on: body.dueOn,
      shared: body.shared,
      created_by: actor.userId,
    })
    .execute();
  await noteStep(tx, actor, id, { state: 'open', dueOn: body.dueOn, note: null });
  await remindOf(tx, actor, id, body.title, body.dueOn, today);
  await recordEvent(tx, {
    kind: 'flow.action-decided',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'corrective-action', id }, ...(agreement ? [{ kind: 'agreement', id: agreement.id }] : [])],
    after: { title: body.title, owner: body.owner, dueOn: body.dueOn },
    journal: { action: id, agreement: agreement?.reference ?? null, drift: body.drift, dueOn: body.dueOn },
  });
  return { id };
}

/**
 * Says how a corrective action stands. Its history is appended; a closed one may be opened again.
 * @throws Problem E-CONFLICT-01 somebody else was faster; E-STEERING-03 nothing changes and nothing is said
 */
export async function moveAction(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof moveEndpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const action = await tx
    .selectFrom('flow.corrective_actions')
    .select(['title', 'state', 'due_on as dueOn', 'version'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!action) throw notFound();
  if (action.version !== body.version) throw conflict('E-CONFLICT-01', { version: action.version });
  if (action.state === body.state && action.dueOn === body.dueOn && !body.note) throw refused('E-STEERING-03');
  const version = action.version + 1;
  await tx
    .updateTable('flow.corrective_actions')
    .set({ state: body.state, due_on: body.dueOn, version })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await noteStep(tx, actor, id, body);
  const closed = body.state === 'done' || body.state === 'dropped';
  await settleReminders(tx, actor.organisationId, { kind: 'corrective-action', id }, closed ? 'done' : 'void');
  if (!closed) await remindOf(tx, actor, id, action.title, body.dueOn, today);
  await recordEvent(tx, {
    kind: 'flow.action-moved',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'corrective-action', id }],
    reason: body.note,
    before: { actionState: action.state },
    after: { title: action.title, actionState: body.state, dueOn: body.dueOn },
  });
  return { version };
}

const noteStep = (
  tx: Tx,
  actor: Actor,
  actionId: string,
  step: { state: string; dueOn: string; note: string | null },
) =>
  tx
    .insertInto('flow.corrective_action_steps')
    .values({
      organisation_id: actor.organisationId,
      id: newId(),
      action_id: actionId,
      by_name: [actor.givenName, actor.familyName].filter(Boolean).join(' '),
      state: step.state,
      due_on: step.dueOn,
      note: step.note,
    })
    .execute();

/** A week before, where there is still one, and on the day itself. */
const remindOf = (tx: Tx, actor: Actor, id: string, title: string, dueOn: LocalDate, today: LocalDate) =>
  remind(
    tx,
    actor.organisationId,
    [addDays(dueOn, -7), dueOn]
      .filter((day) => day >= today)
      .map((day) => ({
        dueOn: day,
        kind: 'flow.action-due',
        subject: { kind: 'corrective-action', id },
        forOrganisationId: actor.organisationId,
        forRole: 'director',
        facts: { title, dueOn },
      })),
  );
