import { sql } from 'kysely';
import { recordEvent } from '../../../platform/audit/events.ts';
import { moveBatch } from '../../../platform/batches.ts';
import { joinWhole } from '../../../platform/database/bulk.ts';
import type { JobContext } from '../../../platform/jobs/jobs.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import type { BatchScope } from '../kinds/kind.ts';
import { listKept, openKept } from '../kinds/records.ts';
import { stepsOf } from './apply-import.ts';
import type { ImportJob } from './preview-import.ts';
import { holdForJob, resumeAs } from './resume.ts';

const reverting = { before: 'applied', during: 'reverting', after: 'reverted' } as const;

/** What an undo lists of what it kept. */
const keptListed = 1_000;

/**
 * Undoes an applied import: what it added is removed, what it changed is put back as it was, but records changed or used
 * since, which the report lists with the reason. One transaction.
 */
export async function revertImport(job: JobContext<ImportJob>): Promise<Record<string, unknown>> {
  const { importId, today } = job.parameters;
  const step = stepsOf(job, 12);
  return resumeAs(job, importId, 'reverting', 'applied', () =>
    job.transaction(async (tx, actor) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('import ' || ${actor.organisationId}, 0))`.execute(tx);
      const held = await holdForJob(tx, actor, job, importId, reverting);
      if (!held) return {};
      const kind = kindOf(held.kind);
      const scope: BatchScope = { organisationId: actor.organisationId, batchId: importId, today };
      await joinWhole.execute(tx);
      await openKept.execute(tx);
      const undone = await kind.revert(tx, scope, step);
      const { rows: kept } = await listKept(scope, kind.tables, keptListed).execute(tx);
      const { rows: totals } = await sql<{ total: number }>`select count(*)::int as total from kept`.execute(tx);
      const report = { ...undone, kept, keptTotal: totals[0]!.total };
      const removed = sum(undone.removed);
      const restored = sum(undone.restored);
      await recordEvent(tx, {
        kind: 'exchange.import-reverted',
        organisationId: actor.organisationId,
        subjects: [{ kind: 'batch', id: importId }],
        after: { file: held.fileName, removed, restored, kept: report.keptTotal },
        batchId: importId,
        ...(kind.journalFacts ? { journal: { batch: importId, removed, restored, kept: report.keptTotal } } : {}),
      });
      await moveBatch(tx, actor, importId, held, 'reverted', { revertReport: report });
      return { removed, restored, kept: report.keptTotal };
    }),
  );
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
