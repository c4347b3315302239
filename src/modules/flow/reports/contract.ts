import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  momentOut,
  optionalText,
  queryNumber,
  steps,
} from '../../../kernel/schemas.ts';
import { guaranteed } from '../points/contract.ts';
import { measures, sections } from './rules/report-lines.ts';
import { reportStates } from './rules/report-state.ts';

const year = z.int({ error: 'E-FIELD-NUMBER' }).min(2020, 'E-FIELD-NUMBER').max(2100, 'E-FIELD-NUMBER');
const queryYear = queryNumber.int('E-FIELD-NUMBER').min(2020, 'E-FIELD-NUMBER').max(2100, 'E-FIELD-NUMBER');

const figures = {
  freed: z.number(),
  proposed: z.number(),
  attributed: z.number(),
  leased: z.number(),
};

const recipientKind = z.enum(['holder', 'territory']);

/** Whether it was sent in time; `waiting`: there is still time. */
const punctuality = z.enum(['waiting', 'in-time', 'late']);

const reportRow = z.object({
  /** Recipient of the year: `holder:<organisation>` or `territory:<SIREN>`. */
  key: z.string(),
  kind: recipientKind,
  name: z.string(),
  /** Reads it here; others receive a mail or a letter. */
  hasSpace: z.boolean(),
  year: z.number(),
  landlord: z.string(),
  state: z.enum(reportStates),
  punctuality,
  lastDay: dayOut,
  reportId: id.nullable(),
  batchId: id.nullable(),
  edition: z.number().nullable(),
  figures: z.object({ ...figures, due: z.string().nullable() }).nullable(),
  sentOn: dayOut.nullable(),
  receivedOn: dayOut.nullable(),
});
export type ReportRow = z.output<typeof reportRow>;

export const listReports = endpoint({
  id: 'flow.listReports',
  method: 'GET',
  path: '/reports',
  summary: 'Yearly reports of the flow: for a landlord each recipient of the year, for a recipient those it was sent',
  permission: 'flow.read-reports',
  query: z.object({ year: queryYear.optional() }),
  reply: z.object({
    year: z.number(),
    /** Years a landlord may report, the last first. */
    years: z.array(z.number()),
    deadline: z.object({ lastDay: dayOut, steps }),
    items: z.array(reportRow),
    /** What was produced last and may still be undone as a whole. */
    production: z.object({ batchId: id, at: momentOut, by: z.string(), reports: z.number() }).nullable(),
    today: dayOut,
  }),
});

export const previewReports = endpoint({
  id: 'flow.previewReports',
  method: 'GET',
  path: '/reports/preview',
  summary: 'What producing the reports of a year would freeze, recipient by recipient; nothing is written',
  permission: 'flow.manage-reports',
  query: z.object({ year: queryYear.optional() }),
  reply: z.object({
    year: z.number(),
    items: z.array(
      z.object({
        key: z.string(),
        kind: recipientKind,
        name: z.string(),
        hasSpace: z.boolean(),
        /** Its state now: a ready one must be withdrawn first, a sent one gets a second edition when asked for. */
        state: z.enum(reportStates),
        ...figures,
        due: z.string().nullable(),
      }),
    ),
  }),
});

export const produceReports = endpoint({
  id: 'flow.produceReports',
  method: 'POST',
  path: '/reports',
  summary: 'Freeze the reports of a year: of every recipient that has none, or of those named',
  permission: 'flow.manage-reports',
  body: z.object({ year, recipients: z.array(z.string().max(80)).min(1).max(2_000).nullable() }),
  reply: z.object({ batchId: id, reports: z.number() }),
});

export const withdrawReports = endpoint({
  id: 'flow.withdrawReports',
  method: 'POST',
  path: '/reports/withdrawal',
  summary: 'Undo a production as a whole, as long as nothing of it was sent',
  permission: 'flow.manage-reports',
  body: z.object({ batchId: id }),
  reply: z.object({ reports: z.number() }),
});

export const sendReports = endpoint({
  id: 'flow.sendReports',
  method: 'POST',
  path: '/reports/sending',
  summary: 'Send reports to their recipients: in their space, by mail when their address is known, else by letter',
  permission: 'flow.manage-reports',
  body: z.object({ ids: z.array(id).min(1).max(500) }),
  reply: z.object({ sent: z.number() }),
});

const reportLine = z.object({
  section: z.enum(sections),
  key: z.string(),
  label: z.string().nullable(),
  share: z.string().nullable(),
  due: z.string().nullable(),
  ...figures,
});

export const getReport = endpoint({
  id: 'flow.getReport',
  method: 'GET',
  path: '/reports/:id',
  summary: 'A report: its frozen figures, how they were counted, its sending, and for the landlord what changed since',
  permission: 'flow.read-reports',
  params: z.object({ id }),
  reply: z.object({
    id,
    /** Recipient of the year, as in the list. */
    key: z.string(),
    year: z.number(),
    edition: z.number(),
    kind: recipientKind,
    recipient: z.string(),
    landlord: z.string(),
    hasSpace: z.boolean(),
    state: z.enum(reportStates),
    withdrawn: z.boolean(),
    deadline: z.object({ lastDay: dayOut, punctuality, steps }),
    lines: z.array(reportLine),
    /** « Pourquoi ? » of the key figures. */
    explained: z.object({ freed: steps, due: steps, proposed: steps, attributed: steps, leased: steps }),
    forecast: z.object({
      year: z.number(),
      origin: z.enum(['published', 'history']),
      categories: z.array(z.object({ category: z.string(), dwellings: z.number(), steps })),
    }),
    inputs: z.object({
      from: dayOut,
      until: dayOut,
      geography: z.string(),
      perimeters: z.array(z.string()),
    }),
    /** Beneficiaries the agreements guarantee to rehouse, as counted when the report was made. */
    guarantees: z.array(guaranteed),
    frozenAt: momentOut,
    frozenBy: z.string(),
    /** Events counted and their hash, for the landlord. */
    source: z.object({ counted: z.number(), hash: z.string() }).nullable(),
    sentOn: dayOut.nullable(),
    sentBy: z.string().nullable(),
    deliveries: z.array(
      z.object({ channel: z.enum(['space', 'mail', 'letter']), recipient: z.string(), sentAt: momentOut }),
    ),
    acknowledgement: z
      .object({ receivedOn: dayOut, by: z.string(), byLandlord: z.boolean(), note: z.string().nullable() })
      .nullable(),
    editions: z.array(z.object({ id, edition: z.number(), sentOn: dayOut.nullable(), withdrawn: z.boolean() })),
    /** Counted again now, for the landlord: the lines that differ, and the events that came after. */
    since: z
      .object({
        lines: z.array(
          z.object({
            section: z.enum(sections),
            key: z.string(),
            label: z.string().nullable(),
            measure: z.enum([...measures, 'due']),
            before: z.string(),
            now: z.string(),
          }),
        ),
        events: z.array(
          z.object({
            id,
            onDay: dayOut,
            at: momentOut,
            kind: z.string(),
            vacancyId: id,
            baseClass: z.string(),
            municipality: z.string(),
            holder: z.string().nullable(),
          }),
        ),
      })
      .nullable(),
    can: z.object({ send: z.boolean(), acknowledge: z.boolean(), correct: z.boolean() }),
  }),
});
export type Report = z.output<typeof getReport.reply>;

export const acknowledgeReport = endpoint({
  id: 'flow.acknowledgeReport',
  method: 'POST',
  path: '/reports/:id/acknowledgement',
  summary: 'Say that a report was received: its recipient, or the landlord for one that has no space here',
  permission: 'flow.acknowledge-reports',
  params: z.object({ id }),
  body: z.object({ receivedOn: localDate, note: optionalText(500) }),
  reply: z.object({}),
});

export const reportFormats = ['pdf', 'xlsx', 'csv'] as const;

export const getReportFile = endpoint({
  id: 'flow.getReportFile',
  method: 'GET',
  path: '/reports/:id/file',
  summary:
    'A report as a document to sign, as a workbook or as text for a spreadsheet, in the format all landlords share',
  permission: 'flow.read-reports',
  params: z.object({ id }),
  query: z.object({ format: z.enum(reportFormats).default('pdf') }),
  reply: z.unknown(),
});

export const countedDwellings = {
  report: z.uuid({ error: 'E-FIELD-ID' }).optional(),
  section: z.enum(sections).optional(),
  key: z.string().max(80).optional(),
  measure: z.enum(measures).optional(),
};

export const listReportEvents = endpoint({
  id: 'flow.listReportEvents',
  method: 'GET',
  path: '/report-events',
  summary: 'The counted events behind a figure of a report, each with its vacancy: for the landlord',
  permission: 'flow.manage-reports',
  query: z.object({ ...listQuery, ...countedDwellings }),
  reply: listOf(
    z.object({
      id,
      onDay: dayOut,
      kind: z.string(),
      vacancyId: id,
      holder: z.string().nullable(),
      municipality: z.string(),
      rooms: z.number().nullable(),
      funding: z.string().nullable(),
      inPriorityArea: z.boolean(),
      constructionYear: z.number().nullable(),
      baseClass: z.string(),
      counts: z.number(),
    }),
  ),
});
