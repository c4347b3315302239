import type { LocalDate } from '../../../../kernel/local-date.ts';

export const reportStates = ['to-prepare', 'ready', 'sent', 'acknowledged'] as const;
export type ReportState = (typeof reportStates)[number];

/** Where a report stands for its recipient. Whether it is late is told beside: a late report is sent all the same. */
export function reportState(report: { sentOn: LocalDate | null; receivedOn: LocalDate | null } | null): ReportState {
  if (!report) return 'to-prepare';
  if (report.receivedOn) return 'acknowledged';
  return report.sentOn ? 'sent' : 'ready';
}
