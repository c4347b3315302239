import { sql } from 'kysely';
import { newId } from '../../kernel/id.ts';
import { daysBetween, startOfYear } from '../../kernel/local-date.ts';
import { decimal, exact } from '../../kernel/money.ts';
import { forbidden, notFound, refused } from '../../kernel/problem.ts';
import { type Link, verifyChain } from '../../platform/audit/journal.ts';
import type { Tx } from '../../platform/database/connection.ts';
import type { Actor } from '../../platform/http/actor.ts';
import type { Api } from '../../platform/http/api.ts';
import { requeue } from '../../platform/jobs/jobs.ts';
import { countedAtMost } from '../../platform/lists/list.ts';
import { searchStatement } from '../../platform/lists/search.ts';
import { searchableKinds } from './access.ts';
import * as contract from './contract.ts';
import {
  draftOf,
  type JobRow,
  jobList,
  jobRecord,
  journalList,
  mailList,
  savedViews,
  sectorFigures,
  type TodayRow,
  timelineOf,
  todayOf,
} from './queries.ts';

export function workspaceRoutes(api: Api): void {
  api.read(
    contract.search,
    ({ query }) => [
      searchStatement(
        query.q,
        searchableKinds.map(({ kind }) => kind),
        40,
      ),
    ],
    ([hits], { actor }) => {
      const seen = hits.filter((hit) =>
        searchableKinds.some(({ kind, permission }) => kind === hit.kind && actor.may(permission)),
      );
      const total = seen.length === hits.length ? (hits[0]?.total ?? 0) : seen.length;
      return {
        hits: seen.slice(0, 20),
        total: Math.min(total, countedAtMost),
        totalIsLeast: total > countedAtMost,
      };
    },
  );

  api.read(
    contract.timeline,
    ({ organisationId, params }) => [timelineOf(organisationId, params.kind, params.id)],
    ([events]) => ({ events }),
  );

  // Journal ----------------------------------------------------------------------------------------------------------

  api.list(contract.listJournal, journalList);

  api.act(contract.verifyJournal, async ({ tx, actor }) => {
    const head = await tx
      .selectFrom('platform.journal_heads')
      .select(['seq', 'hash'])
      .where('organisation_id', '=', actor.organisationId)
      .executeTakeFirst();
    const links = tx
      .selectFrom('platform.journal')
      .select(['seq', 'entry', 'entry_hash as entryHash', 'hash'])
      .where('organisation_id', '=', actor.organisationId)
      .orderBy('seq')
      .execute();
    const verdict = await verifyChain((await links) as Link[], head);
    return verdict.intact
      ? { intact: true, entries: verdict.entries, head: verdict.head, firstBroken: null, reason: null }
      : {
          intact: false,
          entries: verdict.entries,
          head: null,
          firstBroken: verdict.firstBroken,
          reason: verdict.reason,
        };
  });

  // Jobs -------------------------------------------------------------------------------------------------------------

  const present = ({ subjectKind, subjectId, askedBy, ...job }: JobRow, actor: Actor) => ({
    ...job,
    subject: subjectKind && subjectId ? { kind: subjectKind, id: subjectId } : null,
    can: {
      cancel: mayDecide(actor, askedBy) && (job.state === 'queued' || job.state === 'running'),
      retry: mayDecide(actor, askedBy) && (job.state === 'failed' || job.state === 'cancelled'),
    },
  });

  api.list(contract.listJobs, jobList, (row, { actor }) => present(row as JobRow, actor));

  api.read(
    contract.getJob,
    ({ organisationId, params }) => [jobRecord(organisationId, params.id)],
    ([[job]], { actor }) => {
      if (!job) throw notFound();
      return present(job, actor);
    },
  );

  api.act(contract.cancelJob, async ({ tx, actor, params }) => {
    const state = await lockJob(tx, actor, params.id);
    if (state !== 'queued' && state !== 'running') throw refused('E-JOB-01');
    await changeJob(tx, actor, params.id, { cancel_asked: true });
    return {};
  });

  api.act(contract.retryJob, async ({ tx, actor, params }) => {
    const state = await lockJob(tx, actor, params.id);
    if (state !== 'failed' && state !== 'cancelled') throw refused('E-JOB-02');
    await changeJob(tx, actor, params.id, {
      state: 'queued',
      cancel_asked: false,
      attempts: 0,
      problem: null,
      done: 0,
      started_at: null,
      finished_at: null,
    });
    await requeue(tx, actor.organisationId, params.id);
    return {};
  });

  api.list(contract.listMails, mailList);

  // Views and drafts -------------------------------------------------------------------------------------------------

  api.read(
    contract.listViews,
    ({ organisationId, params }) => [savedViews(organisationId, params.list)],
    ([views]) => ({ views }),
  );

  api.act(contract.saveView, async ({ tx, actor, params, body }) => {
    const { rows } = await sql<{ id: string }>`
      insert into platform.saved_views (organisation_id, id, user_id, list, name, state, shared)
      values (${actor.organisationId}, ${newId()}, ${actor.userId}, ${params.list}, ${body.name}, ${JSON.stringify(body.state)}, ${body.shared})
      on conflict (organisation_id, user_id, list, name) do update set state = excluded.state, shared = excluded.shared
      returning id`.execute(tx);
    return rows[0]!;
  });

  api.act(contract.deleteView, async ({ tx, actor, params }) => {
    const { numDeletedRows } = await tx
      .deleteFrom('platform.saved_views')
      .where('organisation_id', '=', actor.organisationId)
      .where('user_id', '=', actor.userId)
      .where('id', '=', params.id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw notFound();
    return {};
  });

  api.read(
    contract.getDraft,
    ({ organisationId, params }) => [draftOf(organisationId, params.key)],
    ([[draft]]) => ({ content: draft?.content ?? null, updatedAt: draft?.updatedAt ?? null }),
  );

  api.act(contract.putDraft, async ({ tx, actor, params, body }) => {
    const { organisationId, userId } = actor;
    await sql`insert into platform.drafts (organisation_id, user_id, key, content)
      values (${organisationId}, ${userId}, ${params.key}, ${JSON.stringify(body.content)})
      on conflict (organisation_id, user_id, key) do update set content = excluded.content, updated_at = now()`.execute(
      tx,
    );
    return {};
  });

  api.act(contract.deleteDraft, async ({ tx, actor, params }) => {
    await tx
      .deleteFrom('platform.drafts')
      .where('organisation_id', '=', actor.organisationId)
      .where('user_id', '=', actor.userId)
      .where('key', '=', params.key)
      .execute();
    return {};
  });

  // The day, the sector ----------------------------------------------------------------------------------------------

  api.read(
    contract.today,
    ({ organisationId, today }) => [todayOf(organisationId, today)],
    ([[row]], { actor }) => allowedToday(row!, actor),
  );

  api.act(contract.settleReminder, async ({ tx, actor, params }) => {
    const { numUpdatedRows } = await tx
      .updateTable('platform.reminders')
      .set({ state: 'done', done_at: new Date(), done_by: actor.userId })
      .where('for_organisation_id', '=', actor.organisationId)
      .where('id', '=', params.id)
      .where('state', 'in', ['waiting', 'raised'])
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw notFound();
    return {};
  });

  api.read(
    contract.sector,
    ({ today }) => [sectorFigures(today)],
    ([rows], { today }) => {
      const days = daysBetween(startOfYear(today), today) + 1;
      return {
        organisations: rows.map((row) => ({
          ...row,
          vacancyRate: row.dwellings === 0 ? '0.0000' : decimal(exact(row.emptyDays).div(row.dwellings).div(days), 4),
        })),
        today,
      };
    },
  );
}

/** Someone who may not see vacancies, proposals or sittings is told neither of their deadlines nor how many there are. */
function allowedToday(row: TodayRow, actor: Actor) {
  const sees = {
    vacancy: actor.may('vacancies.read'),
    proposal: actor.may('proposals.read'),
    session: actor.may('committee.read'),
  };
  const reminders = row.reminders.filter(({ subject }) => sees[subject.kind as 'vacancy'] ?? true);
  const unseen = row.reminders.length - reminders.length;
  const { vacancies, toDo, toOrient, late, sessions, proposals, jobs } = row.counts;
  return {
    counts: {
      reminders: row.counts.reminders - unseen,
      ...(sees.vacancy ? { vacancies, toDo, toOrient, late } : { vacancies: 0, toDo: 0, toOrient: 0, late: 0 }),
      sessions: sees.session ? sessions : 0,
      proposals: sees.proposal ? proposals : 0,
      jobs,
    },
    reminders,
    deadlines: row.deadlines.filter(({ kind }) => sees[kind]),
  };
}

/** Stopping or starting anew is for whoever asked for the work, and for those who answer for the organisation. */
const mayDecide = (actor: Actor, createdBy: string | null): boolean =>
  createdBy === actor.userId || actor.may('organisations.manage');

async function lockJob(tx: Tx, actor: Actor, jobId: string): Promise<string> {
  const job = await tx
    .selectFrom('platform.jobs')
    .select(['state', 'created_by as createdBy'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', jobId)
    .forUpdate()
    .executeTakeFirst();
  if (!job) throw notFound();
  if (!mayDecide(actor, job.createdBy)) throw forbidden('E-ACCESS-01');
  return job.state;
}

const changeJob = (tx: Tx, actor: Actor, jobId: string, change: Record<string, unknown>) =>
  tx
    .updateTable('platform.jobs')
    .set(change)
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', jobId)
    .execute();
