import { z } from 'zod';
import { inForce } from '../../../../kernel/dated.ts';
import { addDays, day, type LocalDate, of, yearOf } from '../../../../kernel/local-date.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { date, type Step, word } from '../../../../kernel/steps.ts';
import { flowReportDeadline, flowReportTolerances } from '../../../../regulation/scales/flow-reports.ts';
import { policy } from '../../../../regulation/sources.ts';

/** « Avant le 28 février »: that day too late (`before`, as written), or still in time (`through`). */
export const deadlineCounting = z.enum(['before', 'through']);

export const reportDeadlineInput = z.object({
  /** The year reported. */
  year: z.int().min(2020).max(2100),
  counting: deadlineCounting.default('before'),
  /** The day it was sent; null: it is not. */
  sentOn: localDate.nullable().default(null),
  /** A later last day that the State allowed, of whatever year (setting `flow.report-tolerance`). */
  tolerance: localDate.nullable().default(null),
  on: localDate,
});

type DeadlineInput = Omit<z.output<typeof reportDeadlineInput>, 'tolerance'> & { tolerance?: LocalDate | null };

export type ReportDeadline = { lastDay: LocalDate; punctuality: 'waiting' | 'in-time' | 'late' };

/**
 * The last day on which the report of a year is sent in time, and whether it was. The law says « avant le 28 février » of the
 * following year: read strictly, the 27th is the last day; an organisation may choose to count the 28th (L-34). A tolerance
 * of the State for a year, published or given to its landlords as a setting, replaces it, its own day included (L-33).
 * Sources: R441-5-1; tolerance 2025: DRIHL. @throws NotInForce before the first text
 */
export function reportDeadline(input: DeadlineInput): Explained<ReportDeadline> {
  const due = input.year + 1;
  const { value, source } = inForce(flowReportDeadline, of(due, 1, 1));
  const written = of(due, value.month, value.day);
  const legal = input.counting === 'through' ? written : addDays(written, -1);
  const granted = input.tolerance
    ? [{ lastDay: input.tolerance, source: policy('Réglage : tolérance accordée par l’État') }]
    : [];
  const tolerance = [...granted, ...flowReportTolerances]
    .filter(({ lastDay }) => yearOf(lastDay) === due)
    .toSorted((a, b) => (a.lastDay < b.lastDay ? 1 : -1))[0];
  const lastDay = tolerance && tolerance.lastDay > legal ? tolerance.lastDay : legal;
  const steps: Step[] = [
    { label: 'report-deadline.written', result: date(written), source },
    {
      label: `report-deadline.${input.counting}`,
      result: date(legal),
      ...(input.counting === 'through' && { source: policy('Réglage : le jour dit compte encore') }),
    },
  ];
  if (tolerance)
    steps.push({ label: 'report-deadline.tolerance', result: date(tolerance.lastDay), source: tolerance.source });
  if (input.sentOn) steps.push({ label: 'report-deadline.sent', result: date(input.sentOn) });
  const reached = input.sentOn ?? input.on;
  const punctuality = reached > lastDay ? 'late' : input.sentOn ? 'in-time' : 'waiting';
  steps.push({ label: 'report-deadline.result', result: word(`punctuality.${punctuality}`) });
  return { result: { lastDay, punctuality }, steps };
}

/** The day a setting says, if it says one. */
export const toleranceOf = (setting: string): LocalDate | null => (setting === 'none' ? null : day(setting));

export const reportDeadlineRule = defineRule({
  name: 'flow.report-deadline',
  summary: 'The last day to send the yearly report of the flow, and whether it was sent in time',
  input: reportDeadlineInput,
  compute: reportDeadline,
});
