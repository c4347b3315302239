import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { formatDay } from '../../../../kernel/format.ts';
import { newId } from '../../../../kernel/id.ts';
import { addDays, type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import { nextNumber } from '../../../../platform/database/counters.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../../platform/jobs/reminders.ts';
import { translate } from '../../../../platform/messages.ts';
import { makeDocument } from '../../../knowledge/index.ts';
import type { changeMeeting as changeEndpoint, planMeeting as planEndpoint } from '../contract.ts';
import { type MeetingRow, meetingRecord } from '../queries.ts';

/** Plans a meeting: a draft that nobody else sees until it is called. That of the yearly report has the point on delegation. */
export async function planMeeting(tx: Tx, actor: Actor, body: BodyOf<typeof planEndpoint>): Promise<{ id: string }> {
  const year = yearOf(body.heldOn);
  const serial = await nextNumber(tx, actor.organisationId, `flow-meetings-${year}`);
  const id = newId();
  const reference = `RE ${year}-${String(serial).padStart(2, '0')}`;
  await tx
    .insertInto('flow.meetings')
    .values({
      organisation_id: actor.organisationId,
      id,
      reference,
      kind: body.kind,
      title: body.title,
      held_on: body.heldOn,
      held_at: body.heldAt,
      place: body.place,
      created_by: actor.userId,
    })
    .execute();
  if (body.kind === 'yearly-report') await addDelegationPoint(tx, actor, id);
  await recordEvent(tx, {
    kind: 'flow.meeting-planned',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'meeting', id }],
    after: { reference, heldOn: body.heldOn },
  });
  return { id };
}

/** Once a year the partners look at what delegated nomination gives, where some agreement has it (F-86). */
async function addDelegationPoint(tx: Tx, actor: Actor, meetingId: string): Promise<void> {
  const { rows } = await tx.executeQuery(meetingRecord(meetingId));
  if (rows[0]!.delegated.length === 0) return;
  await tx
    .insertInto('flow.meeting_items')
    .values({
      organisation_id: actor.organisationId,
      id: newId(),
      meeting_id: meetingId,
      position: 0,
      kind: 'delegation',
      title: translate('fr')('meetings.delegation'),
    })
    .execute();
}

/**
 * Writes the whole of a meeting anew: its day, participants, agenda, notes and decisions.
 * @throws Problem E-CONFLICT-01 somebody else was faster; E-STEERING-04 it was held or cancelled; E-STEERING-05 one of
 *   the organisations invited does not work with this one; E-STEERING-06 a point names an agreement or an action that is
 *   not there; E-STEERING-07 an organisation is invited twice
 */
export async function changeMeeting(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof changeEndpoint>,
): Promise<{ version: number }> {
  const meeting = await lockMeeting(tx, actor, id, body.version, ['draft', 'called']);
  await requireKnown(tx, actor, body);
  const version = meeting.version + 1;
  await tx
    .updateTable('flow.meetings')
    .set({
      kind: body.kind,
      title: body.title,
      held_on: body.heldOn,
      held_at: body.heldAt,
      place: body.place,
      version,
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  const head = (position: number) => ({ organisation_id: actor.organisationId, id: newId(), meeting_id: id, position });
  for (const table of ['flow.meeting_participants', 'flow.meeting_items', 'flow.meeting_decisions'] as const) {
    await tx
      .deleteFrom(table)
      .where('organisation_id', '=', actor.organisationId)
      .where('meeting_id', '=', id)
      .execute();
  }
  if (body.participants.length > 0) {
    await tx
      .insertInto('flow.meeting_participants')
      .values(
        body.participants.map((participant, index) => ({
          ...head(index),
          partner_id: participant.partnerId,
          name: participant.name,
          represented_by: participant.representedBy,
          present: participant.present,
        })),
      )
      .execute();
  }
  if (body.items.length > 0) {
    await tx
      .insertInto('flow.meeting_items')
      .values(
        body.items.map((item, index) => ({
          ...head(index),
          kind: item.kind,
          title: item.title,
          agreement_id: item.agreementId,
          action_id: item.actionId,
          notes: item.notes,
        })),
      )
      .execute();
  }
  if (body.decisions.length > 0) {
    await tx
      .insertInto('flow.meeting_decisions')
      .values(
        body.decisions.map((decision, index) => ({
          ...head(index),
          decided: decision.decided,
          owner: decision.owner,
          due_on: decision.dueOn,
        })),
      )
      .execute();
  }
  await recordEvent(tx, {
    kind: 'flow.meeting-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'meeting', id }],
    after: {
      reference: meeting.reference,
      heldOn: body.heldOn,
      participants: body.participants.length,
      items: body.items.length,
      decisions: body.decisions.length,
    },
  });
  return { version };
}

/**
 * Calls a meeting: those invited who use Palier read it from now on, and are reminded of it a week before.
 * @throws Problem E-CONFLICT-01; E-STEERING-04 it is no draft; E-STEERING-08 nobody is invited; E-STEERING-09 no agenda
 */
export async function callMeeting(
  tx: Tx,
  actor: Actor,
  id: string,
  version: number,
  today: LocalDate,
): Promise<{ version: number }> {
  const meeting = await lockMeeting(tx, actor, id, version, ['draft']);
  const record = await meetingOf(tx, id);
  if (record.participants.length === 0) throw refused('E-STEERING-08');
  if (record.items.length === 0) throw refused('E-STEERING-09');
  await setState(tx, actor, id, { state: 'called', version: version + 1 });
  const reminder = {
    kind: 'flow.meeting-soon',
    subject: { kind: 'meeting', id },
    facts: { title: meeting.title, organiser: actor.organisationName, heldOn: meeting.heldOn },
  };
  const invited = record.participants.flatMap(({ partnerId }) => partnerId ?? []);
  const on = addDays(meeting.heldOn, -7) > today ? addDays(meeting.heldOn, -7) : today;
  if (meeting.heldOn >= today) {
    await remind(tx, actor.organisationId, [
      { ...reminder, dueOn: on, forOrganisationId: actor.organisationId, forRole: 'director' },
      ...invited.map((partnerId) => ({ ...reminder, dueOn: on, forOrganisationId: partnerId })),
    ]);
  }
  await recordEvent(tx, {
    kind: 'flow.meeting-called',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'meeting', id }],
    after: { reference: meeting.reference, heldOn: meeting.heldOn, participants: record.participants.length },
  });
  return { version: version + 1 };
}

/** Cancels a meeting that was not held; those invited still see that it was. @throws Problem E-CONFLICT-01, E-STEERING-04 */
export async function cancelMeeting(tx: Tx, actor: Actor, id: string, version: number): Promise<{ version: number }> {
  const meeting = await lockMeeting(tx, actor, id, version, ['draft', 'called']);
  await setState(tx, actor, id, { state: 'cancelled', version: version + 1 });
  await settleReminders(tx, actor.organisationId, { kind: 'meeting', id }, 'void');
  await recordEvent(tx, {
    kind: 'flow.meeting-cancelled',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'meeting', id }],
    after: { reference: meeting.reference },
  });
  return { version: version + 1 };
}

/**
 * Closes a meeting that took place. Its minutes are made and sealed: their fingerprint enters the journal, those invited
 * read them, and the director is reminded of each decision on its day.
 * @throws Problem E-CONFLICT-01; E-STEERING-04 it was not called; E-STEERING-10 it has not taken place yet;
 *   E-STEERING-11 nobody is marked present
 */
export async function closeMeeting(
  tx: Tx,
  actor: Actor,
  id: string,
  body: { language: 'fr' | 'nl'; version: number },
  today: LocalDate,
): Promise<{ version: number; sha256: string }> {
  const meeting = await lockMeeting(tx, actor, id, body.version, ['called']);
  if (meeting.heldOn > today) throw refused('E-STEERING-10', { heldOn: meeting.heldOn });
  const record = await meetingOf(tx, id);
  if (!record.participants.some(({ present }) => present)) throw refused('E-STEERING-11');
  const minutes = await makeDocument(tx, actor, {
    template: 'meeting-minutes',
    language: body.language,
    title: `${translate(body.language)('meetings.minutes')} ${record.reference}`,
    facts: minutesFacts(record, body.language),
    subject: { kind: 'meeting', id },
  });
  await setState(tx, actor, id, {
    state: 'held',
    version: body.version + 1,
    minutes_file_id: minutes.fileId,
    minutes_sha256: minutes.sha256,
  });
  await settleReminders(tx, actor.organisationId, { kind: 'meeting', id }, 'done');
  await remind(
    tx,
    actor.organisationId,
    record.decisions.flatMap(({ decided, owner, dueOn }) =>
      dueOn && dueOn >= today
        ? [
            {
              dueOn: dueOn as LocalDate,
              kind: 'flow.decision-due',
              subject: { kind: 'meeting', id },
              forOrganisationId: actor.organisationId,
              forRole: 'director',
              facts: { decided: decided.slice(0, 160), owner, reference: record.reference },
            },
          ]
        : [],
    ),
  );
  await recordEvent(tx, {
    kind: 'flow.meeting-held',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'meeting', id }],
    after: { reference: record.reference, decisions: record.decisions.length },
    journal: { meeting: record.reference, minutes: minutes.sha256 },
  });
  return { version: body.version + 1, sha256: minutes.sha256 };
}

/** What the minutes print, in the words of their language. */
export function minutesFacts(record: MeetingRow, language: 'fr' | 'nl'): Record<string, unknown> {
  const t = translate(language);
  const delegatedLine = ({ reference, holder, proposed, leased }: MeetingRow['delegated'][number]) =>
    `${reference} ${holder}, ${t('meetings.delegation-figures', { proposed, leased })}`;
  return {
    reference: record.reference,
    kind: t(`values.meeting-kind.${record.kind}`),
    title: record.title,
    heldOn: [formatDay(record.heldOn, language), record.heldAt].filter(Boolean).join(', '),
    place: record.place,
    participants: record.participants.map(({ name, representedBy, present }) => ({
      name,
      representedBy: representedBy ?? '',
      presence: t(`meetings.presence-${present === null ? 'unknown' : present ? 'present' : 'absent'}`),
    })),
    items: record.items.map(({ kind, title, agreement, action, notes }) => ({
      title,
      about: [agreement, action, ...(kind === 'delegation' ? record.delegated.map(delegatedLine) : [])]
        .filter(Boolean)
        .join(' · '),
      notes: notes ?? '',
    })),
    decisions: record.decisions.map(({ decided, owner, dueOn }) => ({
      decided,
      owner,
      dueOn: dueOn ? formatDay(dueOn, language) : '–',
    })),
  };
}

type LockedMeeting = { reference: string; title: string; heldOn: LocalDate; version: number };

async function lockMeeting(
  tx: Tx,
  actor: Actor,
  id: string,
  version: number,
  states: readonly MeetingRow['state'][],
): Promise<LockedMeeting> {
  const { rows } = await sql<LockedMeeting & { state: MeetingRow['state'] }>`
    select m.reference, m.title, m.held_on as "heldOn", m.state, m.version from flow.meetings m
    where m.organisation_id = ${actor.organisationId} and m.id = ${id} for update`.execute(tx);
  const meeting = rows[0];
  if (!meeting) throw notFound();
  if (meeting.version !== version) throw conflict('E-CONFLICT-01', { version: meeting.version });
  if (!states.includes(meeting.state)) throw refused('E-STEERING-04', { state: meeting.state });
  return meeting;
}

async function meetingOf(tx: Tx, id: string): Promise<MeetingRow> {
  const { rows } = await tx.executeQuery(meetingRecord(id));
  return rows[0]!;
}

const setState = (tx: Tx, actor: Actor, id: string, change: Record<string, unknown>) =>
  tx
    .updateTable('flow.meetings')
    .set(change)
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();

/** Everything a meeting names is there, and works with this organisation. */
async function requireKnown(tx: Tx, actor: Actor, body: BodyOf<typeof changeEndpoint>): Promise<void> {
  const partners = body.participants.flatMap(({ partnerId }) => partnerId ?? []);
  const agreements = [...new Set(body.items.flatMap(({ agreementId }) => agreementId ?? []))];
  const actions = [...new Set(body.items.flatMap(({ actionId }) => actionId ?? []))];
  if (new Set(partners).size < partners.length) throw invalid('E-STEERING-07');
  const { rows } = await sql<{ partners: number; agreements: number; actions: number }>`select
      (select count(*)::int from organisations.organisations o where o.id = any(${partners}::uuid[])) as partners,
      (select count(*)::int from flow.agreements a where a.organisation_id = ${actor.organisationId} and a.id = any(${agreements}::uuid[])) as agreements,
      (select count(*)::int from flow.corrective_actions c where c.organisation_id = ${actor.organisationId} and c.id = any(${actions}::uuid[])) as actions`.execute(
    tx,
  );
  const known = rows[0]!;
  if (known.partners < partners.length) throw invalid('E-STEERING-05');
  if (known.agreements < agreements.length || known.actions < actions.length) throw invalid('E-STEERING-06');
}
