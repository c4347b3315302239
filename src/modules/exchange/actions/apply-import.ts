import { sql } from 'kysely';
import { refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import { moveBatch } from '../../../platform/batches.ts';
import { joinWhole } from '../../../platform/database/bulk.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { JobContext } from '../../../platform/jobs/jobs.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import type { BatchScope, ImportKind } from '../kinds/kind.ts';
import { removeUpload } from '../reading/uploads.ts';
import { forgetRows } from './end-import.ts';
import type { HeldImport } from './hold-import.ts';
import type { ImportJob } from './preview-import.ts';
import { holdForJob, resumeAs } from './resume.ts';

const applying = { before: 'previewed', during: 'applying', after: 'applied' } as const;

/**
 * Applies a previewed import: one transaction, whole or not at all. Killed in the middle, it leaves nothing and starts
 * anew; run twice, the second finds it done.
 * @throws Problem E-IMPORT-CHANGED-SINCE; E-IMPORT-STAGING-LOST. The import is then previewed as before
 */
export async function applyImport(job: JobContext<ImportJob>): Promise<Record<string, unknown>> {
  const { importId, today } = job.parameters;
  const step = stepsOf(job, 8);
  return resumeAs(job, importId, 'applying', 'previewed', async () => {
    const applied = await job.transaction(async (tx, actor) => {
      // Two imports of an organisation are applied one after the other, so that the second sees what the first wrote.
      await sql`select pg_advisory_xact_lock(hashtextextended('import ' || ${actor.organisationId}, 0))`.execute(tx);
      const held = await holdForJob(tx, actor, job, importId, applying);
      if (!held) return undefined;
      const kind = kindOf(held.kind);
      const scope: BatchScope = { organisationId: actor.organisationId, batchId: importId, today };
      await joinWhole.execute(tx);
      await openPlan(tx, scope, kind, held);
      await step();
      await kind.apply(tx, actor, scope, held.counts.records, step);
      await tell(tx, actor, scope, kind, held);
      await moveBatch(tx, actor, importId, held, 'applied');
      await forgetRows(tx, actor.organisationId, held);
      return { held, kind };
    });
    if (!applied) return {};
    if (applied.held.storedAs) removeUpload(job.uploadFolder, applied.held.storedAs);
    for (const { table } of applied.kind.tables) await job.database.owner.query(`analyze ${table}`);
    const { create, update, wrong } = applied.held.counts;
    return { create, update, wrong };
  });
}

/** Reports each of a number of steps as an equal part of the work. */
export function stepsOf(job: JobContext<unknown>, steps: number): () => Promise<void> {
  let done = 0;
  return () => job.progress(Math.round((Math.min(++done, steps) / steps) * 990));
}

/**
 * Copies the staged rows into the temporary table `plan`, which the planner can measure: the program may not analyse the
 * staging table, and would be planned as if it held a handful of rows.
 */
async function openPlan(tx: Tx, scope: BatchScope, kind: ImportKind, held: HeldImport): Promise<void> {
  await sql`create temporary table plan on commit drop as
    select * from ${sql.table(kind.stagingTable)} where organisation_id = ${scope.organisationId} and batch_id = ${scope.batchId}`.execute(
    tx,
  );
  await sql`analyze plan`.execute(tx);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from plan`.execute(tx);
  const expected = held.counts.create + held.counts.update + held.counts.unchanged;
  if (rows[0]!.count !== expected) throw refused('E-IMPORT-STAGING-LOST');
}

/** Writes the event, in the timeline of every record it touched; for people, in the journal too. */
async function tell(tx: Tx, actor: Actor, scope: BatchScope, kind: ImportKind, held: HeldImport): Promise<void> {
  const { create, update, wrong } = held.counts;
  const facts = kind.journalFacts && (await kind.journalFacts(scope).execute(tx)).rows[0]!.facts;
  const eventId = await recordEvent(tx, {
    kind: 'exchange.import-applied',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'batch', id: held.id }],
    after: { file: held.fileName, importKind: held.kind, create, update, wrong },
    batchId: held.id,
    ...(facts ? { journal: { batch: held.id, ...facts } } : {}),
  });
  await sql`insert into platform.event_subjects (organisation_id, subject_kind, subject_id, at, event_id)
    select e.organisation_id, s.kind, s.id, e.at, e.id
    from (${kind.subjects}) as s
    join platform.events e on e.organisation_id = ${actor.organisationId} and e.id = ${eventId}
    on conflict do nothing`.execute(tx);
}
