import { sql } from 'kysely';
import { formatDay } from '../../kernel/format.ts';
import { newId } from '../../kernel/id.ts';
import { addDays, isLocalDate, type LocalDate } from '../../kernel/local-date.ts';
import type { Language } from '../../kernel/schemas.ts';
import { asProgram } from '../database/as-program.ts';
import type { Tx } from '../database/connection.ts';
import { type Mail, queueMail } from '../mail/mail.ts';
import { translate } from '../messages.ts';
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

/** The thing is done, or no longer to be done: nobody is reminded of it any more. One subject, or several of a kind; everybody's, or those of one organisation. */
export async function settleReminders(
  tx: Tx,
  organisationId: string,
  subject: { kind: string; id: string | readonly string[] },
  outcome: 'done' | 'void',
  forOrganisationId: string | null = null,
): Promise<void> {
  await sql`update platform.reminders set state = ${outcome}, done_at = now(), done_by = platform.user_id()
    where organisation_id = ${organisationId} and subject_kind = ${subject.kind}
      and subject_id = any(${[subject.id].flat()}::uuid[]) and state in ('waiting', 'raised')
      and (${forOrganisationId}::uuid is null or for_organisation_id = ${forOrganisationId}::uuid)`.execute(tx);
}

/**
 * Raises every reminder whose day has come. What comes from the file of a partner is told by mail too, one a person a
 * morning. Each organisation addressed is a transaction of its own: one that fails is reported and does not stop the
 * others.
 */
export const raiseReminders: Schedule = {
  name: 'platform.raise-reminders',
  cron: '5 4 * * *',
  every: '26 hours',
  async run({ database, today }) {
    const { rows } = await database.owner.query<{ id: string }>(
      `select distinct for_organisation_id as id from platform.reminders where state = 'waiting' and due_on <= $1`,
      [today],
    );
    const failures: string[] = [];
    for (const { id } of rows) {
      await asProgram(database, { organisationId: id }, (tx, { organisationName }) =>
        raiseFor(tx, { id, name: organisationName }, today),
      ).catch((error: Error) => failures.push(`${id}: ${error.message}`));
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  },
};

type Raised = { organisationId: string; kind: string; role: string | null; facts: Record<string, string | number> };

async function raiseFor(tx: Tx, organisation: { id: string; name: string }, today: LocalDate): Promise<void> {
  const { rows } = await sql<Raised>`
    with raised as (update platform.reminders set state = 'raised', raised_at = now()
      where for_organisation_id = ${organisation.id} and state = 'waiting' and due_on <= ${today}::date returning *)
    select organisation_id as "organisationId", kind, for_role as role, facts from raised order by due_on, id`.execute(
    tx,
  );
  const fromPartners = rows.filter(({ organisationId, role }) => organisationId !== organisation.id && role);
  const roles = [...new Set(fromPartners.map(({ role }) => role!))];
  if (roles.length === 0) return;
  const people = await tx
    .selectFrom('organisations.memberships as m')
    .innerJoin('organisations.users as u', 'u.id', 'm.user_id')
    .select(['u.email', 'u.given_name as givenName', 'u.language', 'm.roles'])
    .where('m.organisation_id', '=', organisation.id)
    .where('m.starts_on', '<=', today)
    .where((eb) => eb.or([eb('m.ends_on', 'is', null), eb('m.ends_on', '>=', today)]))
    .where((eb) => eb('m.roles', '&&', eb.val(roles)))
    .where('u.reminder_mail', '=', true)
    .execute();
  const mails = people.map(({ roles: own, ...person }) =>
    morningMail(
      { ...person, language: person.language as Language },
      organisation.name,
      fromPartners.filter(({ role }) => own.includes(role!)),
    ),
  );
  await queueMail(tx, organisation.id, ...mails);
}

/** So many reminders are read in the mail; the others in Palier. */
const listed = 30;

function morningMail(
  person: { email: string; givenName: string; language: Language },
  organisation: string,
  reminders: Raised[],
): Mail {
  const t = translate(person.language);
  const rest = reminders.length - listed;
  return {
    to: person.email,
    language: person.language,
    subject: t('mail.reminders.subject', { organisation, count: reminders.length }),
    content: {
      greeting: t('mail.greeting', { name: person.givenName }),
      paragraphs: [t('mail.reminders.intro', { organisation })],
      items: [
        ...reminders
          .slice(0, listed)
          .map(({ kind, facts }) => t(`reminders.${kind}`, readable(facts, person.language))),
        ...(rest > 0 ? [t('mail.reminders.more', { count: rest })] : []),
      ],
      link: { label: t('mail.reminders.open'), path: '/aujourdhui' },
      notes: [t('mail.reminders.turn-off')],
    },
  };
}

/** Days in a sentence are written as people write them. */
const readable = (facts: Raised['facts'], language: Language): Raised['facts'] =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' && isLocalDate(value) ? formatDay(value, language) : value,
    ]),
  );
