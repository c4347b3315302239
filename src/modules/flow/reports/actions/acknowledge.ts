import type { LocalDate } from '../../../../kernel/local-date.ts';
import { forbidden, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settleReminders } from '../../../../platform/jobs/reminders.ts';

/**
 * Says that a report was received. Its recipient does, in its own space; the landlord does for one that has none.
 * @throws Problem E-NOT-FOUND-01; E-REPORT-07 not sent, or already acknowledged; E-REPORT-08 the recipient says so itself;
 *   E-REPORT-09 a day before it was sent, or to come
 */
export async function acknowledgeReport(
  tx: Tx,
  actor: Actor,
  reportId: string,
  given: { receivedOn: LocalDate; note: string | null },
  today: LocalDate,
): Promise<void> {
  const report = await tx
    .selectFrom('flow.reports as r')
    .leftJoin('flow.report_acknowledgements as a', (join) =>
      join.onRef('a.organisation_id', '=', 'r.organisation_id').onRef('a.report_id', '=', 'r.id'),
    )
    .select([
      'r.organisation_id',
      'r.recipient_id',
      'r.recipient_kind',
      'r.year',
      'r.sent_on',
      'a.report_id as acknowledged',
    ])
    .where('r.id', '=', reportId)
    .executeTakeFirst();
  if (!report) throw notFound();
  const isRecipient = report.recipient_id === actor.organisationId;
  if (!isRecipient && report.recipient_id !== null) throw forbidden('E-REPORT-08');
  if (!report.sent_on || report.acknowledged) throw refused('E-REPORT-07');
  if (given.receivedOn < report.sent_on || given.receivedOn > today)
    throw invalid('E-REPORT-09', {}, [{ path: 'receivedOn', code: 'E-REPORT-09' }]);
  const written = await tx
    .insertInto('flow.report_acknowledgements')
    .values({
      organisation_id: report.organisation_id,
      report_id: reportId,
      by_organisation_id: actor.organisationId,
      by_name: `${actor.givenName} ${actor.familyName}`,
      received_on: given.receivedOn,
      note: given.note,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('report_id')
    .executeTakeFirst();
  if (!written) throw refused('E-REPORT-07');
  await settleReminders(tx, report.organisation_id, { kind: 'report', id: reportId }, 'done');
  await recordEvent(tx, {
    kind: 'flow.report-acknowledged',
    // A territory watches over the landlord without sharing dwellings: it writes in its own file alone.
    organisationId:
      isRecipient && report.recipient_kind === 'territory' ? actor.organisationId : report.organisation_id,
    subjects: [{ kind: 'report', id: reportId }],
    reason: given.note,
    after: { year: report.year, receivedOn: given.receivedOn },
    journal: { report: reportId, receivedOn: given.receivedOn },
  });
}
