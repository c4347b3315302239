import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { dayOut, id, listOf, listQuery, momentOut, optionalText, queryList, text } from '../../kernel/schemas.ts';

/** What belongs to no module: search, timelines, journal, jobs, views, drafts, the day's work, the sector's figures. */

const nothing = z.object({});

export const search = endpoint({
  id: 'workspace.search',
  method: 'GET',
  path: '/search',
  summary: 'Search dwellings, households, applications, owners, leases by name, number, address or contact',
  permission: 'session',
  query: z.object({ q: z.string().trim().min(1).max(200) }),
  reply: z.object({
    hits: z.array(z.object({ kind: z.string(), id, title: z.string(), subtitle: z.string() })),
    total: z.number(),
    totalIsLeast: z.boolean(),
  }),
});

const event = z.object({
  id,
  at: momentOut,
  kind: z.string(),
  actor: z.string().nullable(),
  organisation: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  reason: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  /** Its number in the journal, when it is a decision about people or shares. */
  entry: z.number().nullable(),
});

export const timeline = endpoint({
  id: 'workspace.timeline',
  method: 'GET',
  path: '/timeline/:kind/:id',
  summary: 'Everything that happened to a record: by whom, when, why',
  permission: 'timeline.read',
  params: z.object({
    kind: z.enum([
      'dwelling',
      'household',
      'application',
      'vacancy',
      'session',
      'tenancy',
      'owner',
      'proposal',
      'agreement',
      'organisation',
      'batch',
    ]),
    id,
  }),
  reply: z.object({ events: z.array(event) }),
});

export const listJournal = endpoint({
  id: 'workspace.listJournal',
  method: 'GET',
  path: '/journal',
  summary: 'The journal of decisions, the last first',
  permission: 'journal.read',
  query: z.object(listQuery),
  reply: listOf(
    z.object({
      seq: z.number(),
      at: momentOut,
      kind: z.string(),
      actor: z.string().nullable(),
      facts: z.record(z.string(), z.unknown()),
      entry: z.string(),
      hash: z.string(),
    }),
  ),
});

export const verifyJournal = endpoint({
  id: 'workspace.verifyJournal',
  method: 'POST',
  path: '/journal/verification',
  summary: 'Recompute the chain of the journal',
  permission: 'journal.read',
  reply: z.object({
    intact: z.boolean(),
    entries: z.number(),
    head: z.string().nullable(),
    firstBroken: z.number().nullable(),
    reason: z.string().nullable(),
  }),
});

const job = z.object({
  id,
  kind: z.string(),
  label: z.string(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable(),
  attempts: z.number(),
  problem: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  subject: z.object({ kind: z.string(), id }).nullable(),
  createdBy: z.string(),
  createdAt: momentOut,
  startedAt: momentOut.nullable(),
  finishedAt: momentOut.nullable(),
  can: z.object({ cancel: z.boolean(), retry: z.boolean() }),
});

export const listJobs = endpoint({
  id: 'workspace.listJobs',
  method: 'GET',
  path: '/jobs',
  summary: 'Long work of the organisation, the last first',
  permission: 'jobs.read',
  query: z.object({ ...listQuery, state: queryList.optional() }),
  reply: listOf(job),
});

export const getJob = endpoint({
  id: 'workspace.getJob',
  method: 'GET',
  path: '/jobs/:id',
  summary: 'How far a long work is',
  permission: 'jobs.read',
  params: z.object({ id }),
  reply: job,
});

export const cancelJob = endpoint({
  id: 'workspace.cancelJob',
  method: 'POST',
  path: '/jobs/:id/cancellation',
  summary: 'Ask a long work to stop; what it had not committed is undone',
  permission: 'jobs.read',
  params: z.object({ id }),
  reply: nothing,
});

export const retryJob = endpoint({
  id: 'workspace.retryJob',
  method: 'POST',
  path: '/jobs/:id/retry',
  summary: 'Start a failed or stopped work again',
  permission: 'jobs.read',
  params: z.object({ id }),
  reply: nothing,
});

export const mailStates = ['queued', 'sending', 'sent', 'failed', 'kept'] as const;

export const listMails = endpoint({
  id: 'workspace.listMails',
  method: 'GET',
  path: '/mails',
  summary: 'Mail of the organisation, the last first: to whom, about what, what became of it; never its words',
  permission: 'journal.read',
  query: z.object({ ...listQuery, state: queryList.optional() }),
  reply: listOf(
    z.object({
      id,
      recipient: z.string(),
      subject: z.string(),
      language: z.string(),
      state: z.enum(mailStates),
      attempts: z.number(),
      /** Code of what went wrong: `problems.<code>`. */
      problem: z.string().nullable(),
      /** What the mail server said last, in its own words. */
      answer: z.string().nullable(),
      /** Its Message-ID, by which the mail servers on its way know it. */
      messageId: z.string().nullable(),
      createdAt: momentOut,
      sentAt: momentOut.nullable(),
    }),
  ),
});

const view = z.object({
  id,
  name: z.string(),
  state: z.record(z.string(), z.unknown()),
  shared: z.boolean(),
  own: z.boolean(),
});

export const listViews = endpoint({
  id: 'workspace.listViews',
  method: 'GET',
  path: '/views/:list',
  summary: 'Saved views of a list',
  permission: 'session',
  params: z.object({ list: z.string().max(60) }),
  reply: z.object({ views: z.array(view) }),
});

export const saveView = endpoint({
  id: 'workspace.saveView',
  method: 'POST',
  path: '/views/:list',
  summary: 'Save filters, order and columns of a list under a name',
  permission: 'session',
  params: z.object({ list: z.string().max(60) }),
  body: z.object({ name: text(60), state: z.record(z.string(), z.unknown()), shared: z.boolean().default(false) }),
  reply: z.object({ id }),
});

export const deleteView = endpoint({
  id: 'workspace.deleteView',
  method: 'DELETE',
  path: '/views/:list/:id',
  summary: "Delete one's own saved view",
  permission: 'session',
  params: z.object({ list: z.string().max(60), id }),
  reply: nothing,
});

export const getDraft = endpoint({
  id: 'workspace.getDraft',
  method: 'GET',
  path: '/drafts/:key',
  summary: 'What one was typing in a form',
  permission: 'session',
  params: z.object({ key: z.string().max(200) }),
  reply: z.object({ content: z.record(z.string(), z.unknown()).nullable(), updatedAt: momentOut.nullable() }),
});

export const putDraft = endpoint({
  id: 'workspace.putDraft',
  method: 'PUT',
  path: '/drafts/:key',
  summary: 'Keep what one is typing',
  permission: 'session',
  params: z.object({ key: z.string().max(200) }),
  body: z.object({ content: z.record(z.string(), z.unknown()) }),
  reply: nothing,
});

export const deleteDraft = endpoint({
  id: 'workspace.deleteDraft',
  method: 'DELETE',
  path: '/drafts/:key',
  summary: 'Forget a draft',
  permission: 'session',
  params: z.object({ key: z.string().max(200) }),
  reply: nothing,
});

export const today = endpoint({
  id: 'workspace.today',
  method: 'GET',
  path: '/today',
  summary: 'What must be done today, and the counts of the navigation',
  permission: 'session',
  reply: z.object({
    reminders: z.array(
      z.object({
        id,
        dueOn: dayOut,
        kind: z.string(),
        subject: z.object({ kind: z.string(), id }),
        facts: z.record(z.string(), z.unknown()),
      }),
    ),
    counts: z.object({
      reminders: z.number(),
      vacancies: z.number(),
      toDo: z.number(),
      toOrient: z.number(),
      late: z.number(),
      sessions: z.number(),
      proposals: z.number(),
      jobs: z.number(),
    }),
    deadlines: z.array(
      z.object({
        id,
        kind: z.enum(['vacancy', 'proposal', 'session']),
        title: z.string(),
        subtitle: z.string(),
        what: z.string(),
        dueOn: dayOut,
      }),
    ),
  }),
});

export const settleReminder = endpoint({
  id: 'workspace.settleReminder',
  method: 'POST',
  path: '/reminders/:id/done',
  summary: 'Say that a reminder has been dealt with',
  permission: 'session',
  params: z.object({ id }),
  body: z.object({ note: optionalText(300) }),
  reply: nothing,
});

export const sector = endpoint({
  id: 'workspace.sector',
  method: 'GET',
  path: '/sector',
  summary: 'Figures of the organisations one watches over, without names of people',
  permission: 'sector.read',
  reply: z.object({
    organisations: z.array(
      z.object({
        id,
        name: z.string(),
        kind: z.string(),
        dwellings: z.number(),
        voids: z.number(),
        underNotice: z.number(),
        applications: z.number(),
        leasesThisYear: z.number(),
        vacanciesOpen: z.number(),
        late: z.number(),
        emptyDays: z.number(),
        /** Empty days ÷ (dwellings × days since 1 January): days, not rents, which overseers do not see. */
        vacancyRate: z.string(),
        municipalities: z.record(z.string(), z.number()),
        flows: z.array(
          z.object({
            department: z.string(),
            contingent: z.string(),
            share: z.number().nullable(),
            due: z.number(),
            proposed: z.number(),
            attributed: z.number(),
            leased: z.number(),
          }),
        ),
      }),
    ),
    today: dayOut,
  }),
});
