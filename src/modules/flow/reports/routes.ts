import { Readable } from 'node:stream';
import { decimal, exact } from '../../../kernel/money.ts';
import { notFound } from '../../../kernel/problem.ts';
import { count, number, rate, type Step, text } from '../../../kernel/steps.ts';
import { loadFile } from '../../../platform/files.ts';
import type { Api } from '../../../platform/http/api.ts';
import { translate } from '../../../platform/messages.ts';
import { writeWorkbook } from '../../../platform/spreadsheets/workbook.ts';
import { law } from '../../../regulation/sources.ts';
import { typeset } from '../../knowledge/index.ts';
import { intermunicipalityNames, valueOrDefault } from '../../organisations/index.ts';
import { acknowledgeReport } from './actions/acknowledge.ts';
import { produceReports, withdrawReports } from './actions/produce.ts';
import { sendReports } from './actions/send.ts';
import * as contract from './contract.ts';
import { csvOf, documentFacts, documentTitle, workbookOf } from './document.ts';
import { reportEventList } from './lists.ts';
import {
  deadlineSettings,
  type Line,
  previewOf,
  type ReportRecord,
  reportRecord,
  reportsOfYear,
  sinceFrozen,
} from './queries.ts';
import { reportDeadline, toleranceOf } from './rules/report-deadline.ts';
import { measures } from './rules/report-lines.ts';
import { reportState } from './rules/report-state.ts';

const lastYear = (today: string): number => Number(today.slice(0, 4)) - 1;

const first = 2020;

export function reportRoutes(api: Api): void {
  api.read(
    contract.listReports,
    ({ organisationId, query, today }) => {
      const year = query.year ?? lastYear(today);
      return [
        reportsOfYear(organisationId, year, query.year, intermunicipalityNames()),
        deadlineSettings(organisationId, year),
      ];
    },
    ([[found], [chosen]], { actor, query, today }) => {
      const year = query.year ?? lastYear(today);
      const counting = valueOrDefault('flow.report-deadline', actor.jurisdiction, chosen?.counting);
      const tolerance = toleranceOf(valueOrDefault('flow.report-tolerance', actor.jurisdiction, chosen?.tolerance));
      const deadline = reportDeadline({ year, counting, tolerance, sentOn: null, on: today });
      const { reports, recipients, firstYear, landlord, production } = found!;
      const told = new Set(reports.filter((row) => row.landlord === landlord).map(({ key }) => key));
      const given = reports.map(({ figures, recipientId, sentOn, receivedOn, ...row }) => ({
        ...row,
        figures,
        hasSpace: recipientId !== null,
        sentOn,
        receivedOn,
        state: reportState({ sentOn, receivedOn }),
        punctuality: punctualityOf(row.lastDay, sentOn, today),
      }));
      const missing = recipients
        .filter(({ key }) => !told.has(key))
        .map(({ recipientId, ...recipient }) => ({
          ...recipient,
          hasSpace: recipientId !== null,
          year,
          landlord,
          state: reportState(null),
          punctuality: deadline.result.punctuality,
          lastDay: deadline.result.lastDay,
          reportId: null,
          batchId: null,
          edition: null,
          figures: null,
          sentOn: null,
          receivedOn: null,
        }));
      const from = Math.max(first, Math.min(firstYear ?? year, year));
      return {
        year,
        years: Array.from({ length: lastYear(today) - from + 1 }, (_, index) => lastYear(today) - index),
        deadline: { lastDay: deadline.result.lastDay, steps: deadline.steps as never },
        items: [...given, ...missing].sort(
          (a, b) =>
            b.year - a.year || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.name.localeCompare(b.name, 'fr')),
        ),
        production,
        today,
      };
    },
  );

  api.read(
    contract.previewReports,
    ({ organisationId, query, today }) => [
      previewOf(organisationId, query.year ?? lastYear(today), intermunicipalityNames()),
    ],
    ([rows], { query, today }) => ({
      year: query.year ?? lastYear(today),
      items: rows.map(({ recipientId, sentOn, receivedOn, exists, ...row }) => ({
        ...row,
        hasSpace: recipientId !== null,
        state: reportState(exists ? { sentOn, receivedOn } : null),
      })),
    }),
  );

  api.act(contract.produceReports, ({ tx, actor, body, today }) => produceReports(tx, actor, body, today));
  api.act(contract.withdrawReports, ({ tx, actor, body }) => withdrawReports(tx, actor, body.batchId));
  api.act(contract.sendReports, ({ tx, actor, body, today }) => sendReports(tx, actor, body.ids, today));

  api.read(
    contract.getReport,
    ({ organisationId, params }) => [reportRecord(params.id), sinceFrozen(organisationId, params.id)],
    ([[report], [since]], { actor, today }) => {
      if (!report) throw notFound();
      const mine = report.organisationId === actor.organisationId;
      const { sentOn, acknowledgement, inputs, recipientId, lastDay, tolerance, ...record } = report;
      const deadline = reportDeadline({
        year: report.year,
        counting: inputs.counting,
        tolerance,
        sentOn,
        on: today,
      });
      const isSent = sentOn !== null && !acknowledgement;
      return {
        ...record,
        sentOn,
        acknowledgement,
        hasSpace: recipientId !== null,
        state: reportState({ sentOn, receivedOn: acknowledgement?.receivedOn ?? null }),
        deadline: { lastDay, punctuality: punctualityOf(lastDay, sentOn, today), steps: deadline.steps as never },
        explained: explainedOf(report) as never,
        forecast: report.forecast as never,
        inputs: {
          from: inputs.from,
          until: inputs.until,
          geography: inputs.geography,
          perimeters: inputs.perimeters,
        },
        guarantees: (inputs.guarantees ?? []) as never,
        since: mine && since && !report.withdrawn ? since : null,
        can: {
          send: mine && !report.withdrawn && sentOn === null && actor.may('flow.manage-reports'),
          acknowledge:
            isSent &&
            actor.may('flow.acknowledge-reports') &&
            (recipientId === actor.organisationId || (mine && recipientId === null)),
          correct: mine && sentOn !== null && actor.may('flow.manage-reports'),
        },
      };
    },
  );

  api.act(contract.acknowledgeReport, async ({ tx, actor, params, body, today }) => {
    await acknowledgeReport(tx, actor, params.id, body, today);
    return {};
  });

  api.stream(contract.getReportFile, async ({ params, query, actor, session, reply }) => {
    const { report, file } = await api.inSession(contract.getReportFile, session, async (tx) => {
      const { rows } = await tx.executeQuery<ReportRecord>(reportRecord(params.id));
      const found = rows[0];
      if (!found) throw notFound();
      const sent =
        query.format === 'pdf' && found.fileId ? await loadFile(tx, found.organisationId, found.fileId) : null;
      return { report: found, file: sent };
    });
    const t = translate('fr');
    const name = `${documentTitle(report, t)}.${query.format}`;
    reply.header(
      'content-disposition',
      `${query.format === 'pdf' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    if (query.format === 'csv') return reply.type('text/csv; charset=utf-8').send(csvOf(report, t));
    if (query.format === 'xlsx')
      return reply
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send(Readable.from(writeWorkbook(workbookOf(report, t)), { objectMode: false }));
    reply
      .type('application/pdf')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return reply.send(file?.content ?? draftOf(report, actor.organisationName));
  });

  api.list(contract.listReportEvents, reportEventList);
}

/** The document as it would be sent now, marked as a draft. */
const draftOf = (report: ReportRecord, organisation: string): Buffer =>
  typeset(
    'flow-report',
    {
      ...documentFacts(report, translate('fr')),
      language: 'fr',
      organisation: { name: organisation, address: report.landlordAddress, contact: report.landlordContact },
    },
    new Date(report.frozenAt),
  );

function punctualityOf(lastDay: string, sentOn: string | null, today: string): 'waiting' | 'in-time' | 'late' {
  if ((sentOn ?? today) > lastDay) return 'late';
  return sentOn ? 'in-time' : 'waiting';
}

const reported = law('Code de la construction et de l’habitation', 'R441-5-1');

/** « Pourquoi ? » of the figures of a report: what they count, where, and how what is due comes from the shares. */
function explainedOf(report: ReportRecord): Record<Line['section'] | string, Step[]> {
  const total = report.lines.find(({ section }) => section === 'total')!;
  const where: Step = {
    label: 'report.perimeter',
    inputs: { from: { unit: 'day', value: report.inputs.from }, until: { unit: 'day', value: report.inputs.until } },
    result: text(report.inputs.perimeters.slice(0, 12).join(', ')),
  };
  const agreements = report.lines.filter(({ section }) => section === 'agreement');
  const due: Step[] = agreements.map((line) => ({
    label: 'report.due-of',
    inputs: { reference: text(line.label ?? line.key), freed: count(line.freed), share: rate(line.share ?? '0') },
    formula: 'freed × share',
    result: number(line.due ?? '0'),
  }));
  if (total.due !== null)
    due.push({
      label: 'report.due',
      result: number(decimal(exact(total.due), 2)),
    });
  const explained = Object.fromEntries(
    measures.map((measure): [string, Step[]] => [
      measure,
      [where, { label: `report.${measure}-${report.kind}`, result: count(total[measure]), source: reported }],
    ]),
  );
  return { ...explained, due };
}
