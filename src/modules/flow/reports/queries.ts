import { type CompiledQuery, sql } from 'kysely';
import type { z } from 'zod';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { measured } from '../points/guarantees.ts';
import { countedLines, currentRecipients, labelledLines, type Scope, scopeOfReport } from './counting.ts';
import type { deadlineCounting } from './rules/report-deadline.ts';
import type { Measure, ReportLine, Section } from './rules/report-lines.ts';

/** What a report was computed from, as it is kept with it. */
export type ReportInputs = {
  from: LocalDate;
  until: LocalDate;
  geography: string;
  counting: z.output<typeof deadlineCounting>;
  perimeters: string[];
  scope: Omit<Scope, 'key'>;
  /** Beneficiaries its agreements guarantee, as they were counted (F-47); reports of before have none. */
  guarantees?: NonNullable<ReturnType<typeof measured>>[];
};

/**
 * What was chosen about the last day of the reports of a year: how it is read on that day, and the tolerance the State gave for it,
 * whenever that was.
 */
export const deadlineSettings = (
  landlordId: string,
  year: number,
): CompiledQuery<{ counting: string | null; tolerance: string | null }> =>
  sql<{ counting: string | null; tolerance: string | null }>`select
      insights.flow_setting(${landlordId}::uuid, 'flow.report-deadline', make_date(${year}::int + 1, 2, 28)) as counting,
      insights.flow_setting(${landlordId}::uuid, 'flow.report-tolerance', make_date(${year}::int + 1, 12, 31)) as tolerance`.compile(
    statements,
  );

/** The tolerance the State gave the landlord for the year in which the report is due, whenever it was given. */
const tolerance = sql`(select case when x.said like r.year + 1 || '-%' then x.said::date end
  from (select insights.flow_setting(r.organisation_id, 'flow.report-tolerance', make_date(r.year + 1, 12, 31)) #>> '{}') as x (said))`;

/** The last day to send a report: as it was frozen, or later when the State allowed it. */
const lastDay = sql`greatest(r.last_day, ${tolerance})`;

export type ReportForecast = {
  year: number;
  origin: 'published' | 'history';
  categories: { category: string; dwellings: number; steps: Step[] }[];
};

export type Line = ReportLine & { due: string | null };

type Totals = Record<Measure, number> & { due: string | null };

export type RowOfReport = {
  key: string;
  kind: 'holder' | 'territory';
  name: string;
  recipientId: string | null;
  year: number;
  landlord: string;
  reportId: string;
  batchId: string;
  edition: number;
  lastDay: LocalDate;
  sentOn: LocalDate | null;
  receivedOn: LocalDate | null;
  figures: Totals;
};

export type Production = { batchId: string; at: string; by: string; reports: number };

export type ReportsOfYear = {
  reports: RowOfReport[];
  recipients: { key: string; kind: 'holder' | 'territory'; name: string; recipientId: string | null }[];
  firstYear: number | null;
  landlord: string;
  production: Production | null;
};

const totals = sql`jsonb_build_object('freed', t.freed, 'proposed', t.proposed, 'attributed', t.attributed, 'leased', t.leased,
  'due', trim_scale(round(t.due, 2))::text)`;

/**
 * The last edition of each report an organisation may see: as landlord those of a year, as recipient those it was sent; and
 * whom the landlord owes one.
 */
export const reportsOfYear = (
  organisationId: string,
  year: number,
  asked: number | undefined,
  names: Record<string, string>,
): CompiledQuery<ReportsOfYear> =>
  sql<ReportsOfYear>`
    with last_editions as (
      select distinct on (r.organisation_id, r.year, r.recipient_kind, r.recipient_code) r.*
      from flow.reports r
      where r.withdrawn_at is null and ((r.organisation_id = ${organisationId} and r.year = ${year})
        or (r.recipient_id = ${organisationId} and r.sent_on is not null and (${asked ?? null}::int is null or r.year = ${asked ?? null}::int)))
      order by r.organisation_id, r.year, r.recipient_kind, r.recipient_code, r.edition desc),
    undoable as (
      select b.id, b.applied_at, count(*)::int as reports, min(r.frozen_by) as frozen_by
      from last_editions r join platform.batches b on b.organisation_id = r.organisation_id and b.id = r.batch_id
      where r.organisation_id = ${organisationId} and b.state = 'applied'
      group by b.id, b.applied_at having bool_and(r.sent_on is null)
      order by b.applied_at desc limit 1)
    select
      coalesce((select jsonb_agg(jsonb_build_object('key', r.recipient_kind || ':' || r.recipient_code, 'kind', r.recipient_kind,
          'name', r.recipient_name, 'recipientId', r.recipient_id, 'year', r.year, 'landlord', o.name, 'reportId', r.id, 'batchId', r.batch_id,
          'edition', r.edition, 'lastDay', ${lastDay}, 'sentOn', r.sent_on, 'receivedOn', a.received_on, 'figures', ${totals})
          order by r.year desc, r.recipient_kind, r.recipient_name)
        from last_editions r
        join organisations.organisations o on o.id = r.organisation_id
        join flow.report_lines t on t.organisation_id = r.organisation_id and t.report_id = r.id and t.section = 'total'
        left join flow.report_acknowledgements a on a.organisation_id = r.organisation_id and a.report_id = r.id), '[]') as reports,
      coalesce((select jsonb_agg(jsonb_build_object('key', c.key, 'kind', c.kind, 'name', c.name, 'recipientId', c.recipient_id)
        order by c.kind, c.name) from (${currentRecipients(organisationId, year, names)}) c), '[]') as recipients,
      (select extract(year from min(e.on_day))::int from flow.events e where e.organisation_id = ${organisationId}) as "firstYear",
      (select o.name from organisations.organisations o where o.id = ${organisationId}) as landlord,
      (select jsonb_build_object('batchId', u.id, 'at', u.applied_at, 'reports', u.reports,
          'by', coalesce((select p.given_name || ' ' || p.family_name from organisations.users p where p.id = u.frozen_by), 'Palier'))
        from undoable u) as production`.compile(statements);

export type PreviewRow = {
  key: string;
  kind: 'holder' | 'territory';
  name: string;
  recipientId: string | null;
  sentOn: LocalDate | null;
  receivedOn: LocalDate | null;
  exists: boolean;
} & Totals;

/** What producing would freeze now, for each recipient of the year. */
export const previewOf = (landlordId: string, year: number, names: Record<string, string>): CompiledQuery<PreviewRow> =>
  sql<PreviewRow>`
    with ${countedLines(landlordId, year, currentRecipients(landlordId, year, names))},
    present as (
      select distinct on (r.recipient_kind, r.recipient_code) r.recipient_kind || ':' || r.recipient_code as key, r.id, r.sent_on
      from flow.reports r where r.organisation_id = ${landlordId} and r.year = ${year} and r.withdrawn_at is null
      order by r.recipient_kind, r.recipient_code, r.edition desc)
    select r.key, r.kind, r.name, r.recipient_id as "recipientId", p.sent_on as "sentOn", a.received_on as "receivedOn",
      p.id is not null as exists, t.freed, t.proposed, t.attributed, t.leased, trim_scale(round(t.due, 2))::text as due
    from recipients r
    join lines t on t.recipient = r.key and t.section = 'total'
    left join present p on p.key = r.key
    left join flow.report_acknowledgements a on a.organisation_id = ${landlordId} and a.report_id = p.id
    order by r.kind, r.name`.compile(statements);

export type ReportRecord = {
  id: string;
  key: string;
  organisationId: string;
  year: number;
  edition: number;
  kind: 'holder' | 'territory';
  recipientId: string | null;
  recipient: string;
  landlord: string;
  landlordAddress: string | null;
  landlordContact: string | null;
  lastDay: LocalDate;
  tolerance: LocalDate | null;
  inputs: ReportInputs;
  forecast: ReportForecast;
  frozenAt: string;
  frozenBy: string;
  withdrawn: boolean;
  sentOn: LocalDate | null;
  sentBy: string | null;
  fileId: string | null;
  version: number;
  lines: Line[];
  source: { counted: number; hash: string } | null;
  deliveries: { channel: 'space' | 'mail' | 'letter'; recipient: string; sentAt: string }[];
  acknowledgement: { receivedOn: LocalDate; by: string; byLandlord: boolean; note: string | null } | null;
  editions: { id: string; edition: number; sentOn: LocalDate | null; withdrawn: boolean }[];
};

/** A report with its lines and what became of it. Row-level security shows it to its landlord and, once sent, to its recipient. */
export const reportRecord = (id: string): CompiledQuery<ReportRecord> =>
  sql<ReportRecord>`
    select r.id, r.recipient_kind || ':' || r.recipient_code as key, r.organisation_id as "organisationId", r.year, r.edition, r.recipient_kind as kind, r.recipient_id as "recipientId",
      r.recipient_name as recipient, o.name as landlord, o.address as "landlordAddress",
      nullif(concat_ws(' · ', o.phone, o.email), '') as "landlordContact", ${lastDay} as "lastDay", ${tolerance} as tolerance, r.inputs, r.forecast,
      r.frozen_at as "frozenAt", coalesce(f.given_name || ' ' || f.family_name, o.name) as "frozenBy",
      r.withdrawn_at is not null as withdrawn, r.sent_on as "sentOn",
      case when r.sent_on is not null then coalesce(s.given_name || ' ' || s.family_name, o.name) end as "sentBy",
      r.file_id as "fileId", r.version,
      (select jsonb_agg(jsonb_build_object('section', l.section, 'key', l.key, 'label', l.label,
          'share', trim_scale(l.share)::text, 'due', trim_scale(round(l.due, 2))::text, 'freed', l.freed, 'proposed', l.proposed,
          'attributed', l.attributed, 'leased', l.leased) order by l.section, l.key)
        from flow.report_lines l where l.organisation_id = r.organisation_id and l.report_id = r.id) as lines,
      (select jsonb_build_object('counted', c.counted, 'hash', encode(c.hash, 'hex'))
        from flow.report_sources c where c.organisation_id = r.organisation_id and c.report_id = r.id) as source,
      coalesce((select jsonb_agg(jsonb_build_object('channel', d.channel, 'recipient', d.recipient, 'sentAt', d.sent_at) order by d.sent_at, d.id)
        from flow.report_deliveries d where d.organisation_id = r.organisation_id and d.report_id = r.id), '[]') as deliveries,
      (select jsonb_build_object('receivedOn', a.received_on, 'by', a.by_name, 'byLandlord', a.by_organisation_id = r.organisation_id, 'note', a.note)
        from flow.report_acknowledgements a where a.organisation_id = r.organisation_id and a.report_id = r.id) as acknowledgement,
      (select jsonb_agg(jsonb_build_object('id', e.id, 'edition', e.edition, 'sentOn', e.sent_on, 'withdrawn', e.withdrawn_at is not null)
          order by e.edition)
        from flow.reports e where e.organisation_id = r.organisation_id and e.year = r.year and e.recipient_kind = r.recipient_kind
          and e.recipient_code = r.recipient_code and (e.withdrawn_at is null or e.id = r.id)) as editions
    from flow.reports r
    join organisations.organisations o on o.id = r.organisation_id
    left join organisations.users f on f.id = r.frozen_by
    left join organisations.users s on s.id = r.sent_by
    where r.id = ${id}`.compile(statements);

export type Since = {
  lines: {
    section: Section;
    key: string;
    label: string | null;
    measure: Measure | 'due';
    before: string;
    now: string;
  }[];
  events: {
    id: string;
    onDay: LocalDate;
    at: string;
    kind: string;
    vacancyId: string;
    baseClass: string;
    municipality: string;
    holder: string | null;
  }[];
};

/**
 * A report of the landlord counted again with the scope it was frozen with: the figures that differ, and the events counted
 * now that were not. For anyone else: nothing.
 */
export const sinceFrozen = (organisationId: string, id: string): CompiledQuery<Since> =>
  sql<Since>`
    with ${countedLines(
      organisationId,
      sql`(select r.year from flow.reports r where r.organisation_id = ${organisationId} and r.id = ${id})`,
      scopeOfReport(organisationId, id),
    )},
    labelled as (${labelledLines}),
    frozen as (select l.* from flow.report_lines l where l.organisation_id = ${organisationId} and l.report_id = ${id}),
    compared as (
      select coalesce(f.section, n.section) as section, coalesce(f.key, n.key) as key, coalesce(f.label, n.label) as label, v.measure, v.before, v.now
      from frozen f full join labelled n on n.section = f.section and n.key = f.key
      cross join lateral (values ('freed', coalesce(f.freed, 0)::numeric, coalesce(n.freed, 0)::numeric),
        ('due', coalesce(f.due, 0), coalesce(n.due, 0)), ('proposed', coalesce(f.proposed, 0), coalesce(n.proposed, 0)),
        ('attributed', coalesce(f.attributed, 0), coalesce(n.attributed, 0)),
        ('leased', coalesce(f.leased, 0), coalesce(n.leased, 0))) as v(measure, before, now)
      where v.before <> v.now),
    later as (
      select distinct m.id, m.on_day, m.at, m.kind, m.vacancy_id, m.base_class, m.municipality_code, m.holder_id
      from matched m
      where not exists (select from flow.report_sources s where s.organisation_id = ${organisationId} and s.report_id = ${id} and m.id = any(s.event_ids))
      order by m.at, m.id limit 200)
    select
      coalesce((select jsonb_agg(jsonb_build_object('section', c.section, 'key', c.key, 'label', c.label, 'measure', c.measure,
          'before', trim_scale(c.before)::text, 'now', trim_scale(c.now)::text) order by c.section, c.key, c.measure)
        from compared c), '[]') as lines,
      coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'onDay', e.on_day, 'at', e.at, 'kind', e.kind, 'vacancyId', e.vacancy_id,
          'baseClass', e.base_class, 'municipality', coalesce(c.name_fr, e.municipality_code), 'holder', h.name) order by e.at, e.id)
        from later e
        left join organisations.municipalities c on c.code = e.municipality_code
        left join organisations.organisations h on h.id = e.holder_id), '[]') as events`.compile(statements);
