import { sql } from 'kysely';
import { addDays, yearOf } from '../../../kernel/local-date.ts';
import { asProgram } from '../../../platform/database/as-program.ts';
import { remind } from '../../../platform/jobs/reminders.ts';
import type { Schedule } from '../../../platform/jobs/schedules.ts';
import { settingsOn } from '../../organisations/index.ts';
import { reportDeadline, toleranceOf } from './rules/report-deadline.ts';

/** So many days before the last day, who answers for the reports is told. */
const daysBefore = [45, 20, 7, 2];

/**
 * From January on, plans what reminds a landlord that the reports of the last year are due: once a year, for those with a
 * signed agreement. Sending the last of them settles what still waits.
 */
export const planReportReminders: Schedule = {
  name: 'flow.plan-report-reminders',
  cron: '40 3 * * *',
  every: '26 hours',
  async run({ database, organisationIds, today }) {
    const year = yearOf(today) - 1;
    for (const organisationId of organisationIds) {
      await asProgram(database, { organisationId }, async (tx) => {
        const { rows } = await sql<{ jurisdiction: string }>`select o.jurisdiction from organisations.organisations o
          where o.id = ${organisationId} and o.kind = 'landlord'
            and exists (select from flow.agreements a where a.organisation_id = o.id and a.state = 'signed')
            and not exists (select from platform.reminders r where r.organisation_id = o.id and r.subject_kind = 'reports'
              and r.subject_id = o.id and r.facts->>'year' = ${String(year)})`.execute(tx);
        const landlord = rows[0];
        if (!landlord) return;
        const settings = await settingsOn(
          tx,
          { organisationId, ...landlord },
          ['flow.report-deadline', 'flow.report-tolerance'],
          today,
        );
        const counting = settings['flow.report-deadline'];
        const tolerance = toleranceOf(settings['flow.report-tolerance']);
        const { lastDay } = reportDeadline({ year, counting, tolerance, sentOn: null, on: today }).result;
        await remind(
          tx,
          organisationId,
          daysBefore
            .map((days) => addDays(lastDay, -days))
            .filter((dueOn) => dueOn >= today)
            .map((dueOn) => ({
              dueOn,
              kind: 'reports.due',
              subject: { kind: 'reports', id: organisationId },
              forOrganisationId: organisationId,
              forRole: 'director',
              facts: { year: String(year), deadline: lastDay },
            })),
        );
      });
    }
  },
};
