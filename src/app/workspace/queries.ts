import { type CompiledQuery, sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import { queryList } from '../../kernel/schemas.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList } from '../../platform/lists/list.ts';

export type EventRow = {
  id: string;
  at: string;
  kind: string;
  actor: string | null;
  organisation: string | null;
  onBehalfOf: string | null;
  reason: string | null;
  facts: Record<string, unknown>;
  entry: number | null;
};

/** The events of a record, the last first. Those of another organisation's actors name that organisation. */
export const timelineOf = (organisationId: string, kind: string, id: string): CompiledQuery<EventRow> =>
  sql<EventRow>`
    select e.id, e.at, e.kind, e.actor_name as actor, case when e.actor_organisation_id <> e.organisation_id then o.name end as organisation,
      e.on_behalf_of as "onBehalfOf", e.reason, coalesce(e.before, '{}') || coalesce(e.after, '{}') as facts, j.seq as entry
    from platform.event_subjects s
    join platform.events e on e.organisation_id = s.organisation_id and e.id = s.event_id
    left join organisations.organisations o on o.id = e.actor_organisation_id
    left join platform.journal j on j.organisation_id = e.organisation_id and j.event_id = e.id
    where s.organisation_id = ${organisationId} and s.subject_kind = ${kind} and s.subject_id = ${id}
    order by s.at desc, e.id desc limit 200`.compile(statements);

export const journalList = defineList({
  name: 'platform.journal',
  permission: 'journal.read',
  filters: z.object({}),
  select: ({ organisationId }) =>
    statements
      .selectFrom('platform.journal as j')
      .innerJoin('platform.events as e', (join) =>
        join.onRef('e.organisation_id', '=', 'j.organisation_id').onRef('e.id', '=', 'j.event_id'),
      )
      .select([
        'j.seq',
        'j.at',
        'e.kind',
        'e.actor_name as actor',
        sql<Record<string, unknown>>`coalesce(e.before, '{}') || coalesce(e.after, '{}')`.as('facts'),
        'j.entry',
        sql<string>`encode(j.hash, 'hex')`.as('hash'),
      ])
      .where('j.organisation_id', '=', organisationId),
  sorts: { seq: ['j.seq'] },
  defaultSort: 'seq',
  columns: [
    { key: 'seq', type: 'count' },
    { key: 'at', type: 'moment' },
    { key: 'kind', type: 'text' },
    { key: 'actor', type: 'text' },
    { key: 'entry', type: 'text' },
    { key: 'hash', type: 'text' },
  ],
});

export type JobRow = {
  id: string;
  kind: string;
  label: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  attempts: number;
  problem: { code: string; params: Record<string, unknown> } | null;
  result: Record<string, unknown> | null;
  subjectKind: string | null;
  subjectId: string | null;
  createdBy: string;
  askedBy: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

const jobColumns = [
  'j.id',
  'j.kind',
  'j.label',
  'j.state',
  'j.done',
  'j.total',
  'j.attempts',
  'j.problem',
  'j.result',
  'j.subject_kind as subjectKind',
  'j.subject_id as subjectId',
  'j.created_by as askedBy',
  sql<string>`coalesce((select u.given_name || ' ' || u.family_name from organisations.users u where u.id = j.created_by), 'Palier')`.as(
    'createdBy',
  ),
  'j.created_at as createdAt',
  'j.started_at as startedAt',
  'j.finished_at as finishedAt',
] as const;

export const jobList = defineList({
  name: 'platform.jobs',
  permission: 'jobs.read',
  filters: z.object({ state: queryList.optional() }),
  select({ organisationId, filters }) {
    const query = statements
      .selectFrom('platform.jobs as j')
      .select(jobColumns)
      .where('j.organisation_id', '=', organisationId);
    return filters.state ? query.where('j.state', 'in', filters.state) : query;
  },
  sorts: { created: ['j.created_at', 'j.id'] },
  defaultSort: 'created',
  columns: [
    { key: 'kind', type: 'text' },
    { key: 'label', type: 'text' },
    { key: 'state', type: 'word', words: 'job-state' },
    { key: 'done', type: 'count' },
    { key: 'total', type: 'count' },
    { key: 'createdBy', type: 'text' },
    { key: 'createdAt', type: 'moment' },
    { key: 'finishedAt', type: 'moment' },
  ],
});

export const mailList = defineList({
  name: 'platform.messages',
  permission: 'journal.read',
  filters: z.object({ state: queryList.optional() }),
  select({ organisationId, filters }) {
    const query = statements
      .selectFrom('platform.messages as m')
      .select([
        'm.id',
        'm.recipient',
        'm.subject',
        'm.language',
        'm.state',
        'm.attempts',
        'm.problem',
        'm.answer',
        'm.message_id as messageId',
        'm.created_at as createdAt',
        'm.sent_at as sentAt',
      ])
      .where('m.organisation_id', '=', organisationId);
    return filters.state ? query.where('m.state', 'in', filters.state) : query;
  },
  sorts: { created: ['m.created_at', 'm.id'] },
  defaultSort: 'created',
  columns: [
    { key: 'createdAt', type: 'moment' },
    { key: 'recipient', type: 'text' },
    { key: 'subject', type: 'text' },
    { key: 'state', type: 'word', words: 'mail-state' },
    { key: 'answer', type: 'text' },
    { key: 'sentAt', type: 'moment' },
    { key: 'messageId', type: 'text' },
  ],
});

/** The lists of the workspace, to be extracted like those of the modules. */
export const workspaceLists = [journalList, jobList, mailList];

export const jobRecord = (organisationId: string, jobId: string) =>
  statements
    .selectFrom('platform.jobs as j')
    .select(jobColumns)
    .where('j.organisation_id', '=', organisationId)
    .where('j.id', '=', jobId)
    .compile() as CompiledQuery<JobRow>;

export type TodayRow = {
  reminders: {
    id: string;
    dueOn: string;
    kind: string;
    subject: { kind: string; id: string };
    facts: Record<string, unknown>;
  }[];
  counts: {
    reminders: number;
    vacancies: number;
    toDo: number;
    toOrient: number;
    late: number;
    sessions: number;
    proposals: number;
    jobs: number;
  };
  deadlines: {
    id: string;
    kind: 'vacancy' | 'proposal' | 'session';
    title: string;
    subtitle: string;
    what: string;
    dueOn: string;
  }[];
};

/**
 * What must be done today by the people of an organisation: reminders raised, deadlines of the coming two weeks and those
 * passed, and the counts beside the entries of the navigation. As landlord and as holder: whichever it is.
 */
export const todayOf = (organisationId: string, today: LocalDate): CompiledQuery<TodayRow> =>
  sql<TodayRow>`
    with open as (select v.id, v.stage, v.next_due_on, v.next_due_what, d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as title,
        d.municipality_fr as subtitle
      from allocation.vacancies v
      join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
      where v.organisation_id = ${organisationId} and v.closed_on is null),
    raised as (select r.id, r.due_on, r.kind, r.subject_kind, r.subject_id, r.facts,
        case r.subject_kind when 'vacancy' then (select o.title || ', ' || o.subtitle from open o where o.id = r.subject_id) end as title
      from platform.reminders r
      where r.for_organisation_id = ${organisationId} and r.state in ('waiting', 'raised') and r.due_on <= ${today}::date
      order by r.due_on, r.id limit 200)
    select
      (select coalesce(json_agg(json_build_object('id', r.id, 'dueOn', r.due_on, 'kind', r.kind,
          'subject', json_build_object('kind', r.subject_kind, 'id', r.subject_id),
          'facts', r.facts || jsonb_build_object('title', r.title))), '[]') from (select * from raised limit 50) r) as reminders,
      json_build_object(
        'reminders', (select count(*) from raised),
        'vacancies', (select count(*) from open),
        'toDo', (select count(*) from open where stage in ('to-orient', 'to-select', 'to-offer', 'to-sign') or (stage = 'committee' and next_due_what = 'schedule')),
        'toOrient', (select count(*) from open where stage = 'to-orient'),
        'late', (select count(*) from open where next_due_on < ${today}::date),
        'sessions', (select count(*) from allocation.sessions s where s.organisation_id = ${organisationId} and s.state in ('preparing', 'open', 'closed')),
        'proposals', (select count(*) from allocation.proposals p where p.holder_id = ${organisationId} and p.state = 'open'),
        'jobs', (select count(*) from platform.jobs j where j.organisation_id = ${organisationId} and j.state in ('queued', 'running'))) as counts,
      (select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'title', x.title, 'subtitle', x.subtitle, 'what', x.what, 'dueOn', x.due_on)
          order by x.due_on, x.title), '[]')
        from (
          (select id, 'vacancy' as kind, title, subtitle, next_due_what as what, next_due_on as due_on from open
            where next_due_on <= ${today}::date + 14 and next_due_what <> 'none' order by next_due_on limit 40)
          union all
          (select p.id, 'proposal', p.dwelling->>'address', p.dwelling->>'municipality', 'nominate', p.nominate_by from allocation.proposals p
            where p.holder_id = ${organisationId} and p.state = 'open' order by p.nominate_by limit 40)
          union all
          (select s.id, 'session', s.reference, coalesce(s.place, ''), case s.state when 'closed' then 'sign-minutes' else 'session' end, s.held_on
            from allocation.sessions s where s.organisation_id = ${organisationId} and s.state in ('preparing', 'open', 'closed')
              and s.held_on <= ${today}::date + 14 order by s.held_on limit 10)) x) as deadlines`.compile(statements);

export type SectorRow = {
  id: string;
  name: string;
  kind: string;
  dwellings: number;
  voids: number;
  underNotice: number;
  applications: number;
  leasesThisYear: number;
  vacanciesOpen: number;
  late: number;
  emptyDays: number;
  municipalities: Record<string, number>;
  flows: {
    department: string;
    contingent: string;
    share: number | null;
    due: number;
    proposed: number;
    attributed: number;
    leased: number;
  }[];
};

export const sectorFigures = (today: LocalDate): CompiledQuery<SectorRow> =>
  sql<SectorRow>`select organisation_id as id, name, kind, dwellings, voids, under_notice as "underNotice", applications,
      leases_this_year as "leasesThisYear", vacancies_open as "vacanciesOpen", late, rent_lost_days as "emptyDays",
      municipalities, flows
    from insights.sector(${today}::date)`.compile(statements);

export type ViewRow = { id: string; name: string; state: Record<string, unknown>; shared: boolean; own: boolean };

export const savedViews = (organisationId: string, list: string) =>
  sql<ViewRow>`select id, name, state, shared, user_id = platform.user_id() as own from platform.saved_views
    where organisation_id = ${organisationId} and list = ${list} order by name`.compile(statements);

export const draftOf = (organisationId: string, key: string) =>
  sql<{
    content: Record<string, unknown>;
    updatedAt: string;
  }>`select content, updated_at as "updatedAt" from platform.drafts
    where organisation_id = ${organisationId} and user_id = platform.user_id() and key = ${key}`.compile(statements);
