import { sql } from 'kysely';
import { newId } from '../../kernel/id.ts';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import type { Tx } from '../database/connection.ts';
import type { Schedule } from './schedules.ts';

export type Reminder = {
  dueOn: LocalDate;
  /** Its sentence is the message `reminders.<kind>`, written with the facts. */
  kind: string;
  subject: { kind: string; id: string };
  forOrganisationId: string;
  forRole?: string;
  facts?: Record<string, string | number>;
};

/** Plans reminders; those whose day has passed are raised by the next run of the daily work. */
export async function remind(tx: Tx, organisationId: string, reminders: Reminder[]): Promise<void> {
  if (reminders.length === 0) return;
  await tx
    .insertInto('platform.reminders')
    .values(
      reminders.map((reminder) => ({
        organisation_id: organisationId,
        id: newId(),
        due_on: reminder.dueOn,
        kind: reminder.kind,
        subject_kind: reminder.subject.kind,
        subject_id: reminder.subject.id,
        for_organisation_id: reminder.forOrganisationId,
        for_role: reminder.forRole ?? null,
        facts: JSON.stringify(reminder.facts ?? {}),
      })),
    )
    .execute();
}

/** What a deadline deserves: a word ten days before and three days before, where there is still time. */
export function remindersBefore(deadline: LocalDate, today: LocalDate, daysBefore: number[]): LocalDate[] {
  return daysBefore.map((days) => addDays(deadline, -days)).filter((dueOn) => dueOn > today);
}

/** The thing is done, or no longer to be done: nobody is reminded of it any more. */
export async function settleReminders(
  tx: Tx,
  organisationId: string,
  subject: { kind: string; id: string },
  outcome: 'done' | 'void',
): Promise<void> {
  await sql`update platform.reminders set state = ${outcome}, done_at = now(), done_by = platform.user_id()
    where organisation_id = ${organisationId} and subject_kind = ${subject.kind} and subject_id = ${subject.id}
      and state in ('waiting', 'raised')`.execute(tx);
}

/** Raises every reminder whose day has come, for all organisations at once. */
export const raiseReminders: Schedule = {
  name: 'platform.raise-reminders',
  cron: '5 4 * * *',
  every: '26 hours',
  async run({ database, today }) {
    await database.owner.query(
      `update platform.reminders set state = 'raised', raised_at = now() where state = 'waiting' and due_on <= $1`,
      [today],
    );
  },
};
