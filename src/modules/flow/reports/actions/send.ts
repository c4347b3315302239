import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../../platform/jobs/reminders.ts';
import { queueMail } from '../../../../platform/mail/mail.ts';
import { translate } from '../../../../platform/messages.ts';
import { makeDocument } from '../../../knowledge/index.ts';
import { documentFacts, documentTitle } from '../document.ts';
import { type ReportRecord, reportRecord } from '../queries.ts';

type Addressee = { email: string | null; language: 'fr' | 'nl' | 'en' };

/**
 * Sends reports: the document is made and kept as it is now, the recipient finds it in its space and is told, by a mail where
 * an address is known. One without space nor address gets a letter, which the landlord prints.
 * @throws Problem E-NOT-FOUND-01; E-REPORT-06 one was already sent or withdrawn
 */
export async function sendReports(
  tx: Tx,
  actor: Actor,
  ids: readonly string[],
  today: LocalDate,
): Promise<{ sent: number }> {
  const held = await tx
    .selectFrom('flow.reports')
    .select(['id', 'recipient_name', 'sent_on', 'withdrawn_at'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .forUpdate()
    .execute();
  if (held.length < new Set(ids).size) throw notFound();
  const gone = held.find(({ sent_on, withdrawn_at }) => sent_on !== null || withdrawn_at !== null);
  if (gone) throw refused('E-REPORT-06', { recipient: gone.recipient_name });
  for (const { id } of held) {
    const { rows } = await tx.executeQuery<ReportRecord>(reportRecord(id));
    await sendOne(tx, actor, rows[0]!, today);
  }
  await settleWhenAllSent(tx, actor.organisationId);
  return { sent: held.length };
}

async function sendOne(tx: Tx, actor: Actor, report: ReportRecord, today: LocalDate): Promise<void> {
  const t = translate('fr');
  const document = await makeDocument(tx, actor, {
    template: 'flow-report',
    language: 'fr',
    title: documentTitle(report, t),
    facts: documentFacts({ ...report, sentOn: today }, t),
    subject: { kind: 'report', id: report.id },
  });
  await tx
    .updateTable('flow.reports')
    .set({ sent_on: today, sent_by: actor.userId, file_id: document.fileId, version: sql`version + 1` })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', report.id)
    .execute();
  const addressee = report.recipientId ? await addresseeOf(tx, report.recipientId) : null;
  const channels: { channel: 'space' | 'mail' | 'letter'; recipient: string }[] = [
    ...(report.recipientId ? [{ channel: 'space' as const, recipient: report.recipient }] : []),
    ...(addressee?.email ? [{ channel: 'mail' as const, recipient: addressee.email }] : []),
  ];
  if (channels.length === 0) channels.push({ channel: 'letter', recipient: report.recipient });
  await tx
    .insertInto('flow.report_deliveries')
    .values(
      channels.map((delivery) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        report_id: report.id,
        ...delivery,
        sent_by: actor.userId,
      })),
    )
    .execute();
  if (addressee?.email) await queueMail(tx, actor.organisationId, mailOf(report, addressee.email, addressee.language));
  if (report.recipientId) {
    await remind(tx, actor.organisationId, [
      {
        dueOn: today,
        kind: 'reports.received',
        subject: { kind: 'report', id: report.id },
        forOrganisationId: report.recipientId,
        forRole: report.kind === 'holder' ? 'holder-officer' : 'observer',
        facts: { year: String(report.year), landlord: report.landlord },
      },
    ]);
  }
  await recordEvent(tx, {
    kind: 'flow.report-sent',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'report', id: report.id }],
    after: { year: report.year, recipient: report.recipient, edition: report.edition },
    journal: { report: report.id, year: report.year, edition: report.edition, sentOn: today, file: document.sha256 },
  });
}

async function addresseeOf(tx: Tx, organisationId: string): Promise<Addressee | null> {
  const found = await tx
    .selectFrom('organisations.organisations')
    .select(['email', 'language'])
    .where('id', '=', organisationId)
    .executeTakeFirst();
  return found ? (found as Addressee) : null;
}

function mailOf(report: ReportRecord, to: string, language: Addressee['language']) {
  const t = translate(language);
  const facts = { year: String(report.year), next: String(report.year + 1), landlord: report.landlord };
  return {
    to,
    language,
    subject: t('reports.mail.subject', facts),
    content: {
      greeting: t('reports.mail.greeting'),
      paragraphs: [t('reports.mail.text', facts)],
      link: { label: t('reports.mail.open'), path: `/bilans/${report.id}` },
    },
  };
}

/** Nobody is reminded any more of what is sent: when every report that was produced has left. */
async function settleWhenAllSent(tx: Tx, landlordId: string): Promise<void> {
  const waiting = await tx
    .selectFrom('flow.reports')
    .select('id')
    .where('organisation_id', '=', landlordId)
    .where('sent_on', 'is', null)
    .where('withdrawn_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (!waiting) await settleReminders(tx, landlordId, { kind: 'reports', id: landlordId }, 'done');
}
