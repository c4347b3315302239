import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import { moveBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { queueJob } from '../../../platform/jobs/jobs.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import { type HeldImport, holdImport } from './hold-import.ts';

/**
 * Starts applying a previewed import.
 * @throws Problem E-CONFLICT-01 previewed anew since; E-BATCH-01 not previewed, or applied already; E-IMPORT-NOTHING
 */
export async function startApplying(
  tx: Tx,
  actor: Actor,
  importId: string,
  version: number,
  today: LocalDate,
): Promise<void> {
  const held = await holdImport(tx, actor.organisationId, importId, { wait: false, version });
  await moveBatch(tx, actor, importId, held, 'applying');
  if (held.counts.create + held.counts.update === 0) throw refused('E-IMPORT-NOTHING');
  await start(tx, actor, held, 'exchange.apply-import', today);
}

/** Starts undoing an applied import. @throws Problem E-CONFLICT-01; E-BATCH-01 not applied, or undone already */
export async function startReverting(
  tx: Tx,
  actor: Actor,
  importId: string,
  version: number,
  today: LocalDate,
): Promise<void> {
  const held = await holdImport(tx, actor.organisationId, importId, { wait: false, version });
  await moveBatch(tx, actor, importId, held, 'reverting');
  await start(tx, actor, held, 'exchange.revert-import', today);
}

async function start(tx: Tx, actor: Actor, held: HeldImport, name: string, today: LocalDate): Promise<void> {
  const jobId = await queueJob(tx, actor, {
    name,
    label: held.fileName,
    parameters: { importId: held.id, today },
    subject: { kind: 'batch', id: held.id },
    total: 1_000,
  });
  await tx
    .updateTable('exchange.imports')
    .set({ job_id: jobId, problem: null })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', held.id)
    .execute();
}

/**
 * Abandons an import that is not applied: its rows go now, its file once this is committed.
 * @returns the file to remove
 * @throws Problem E-BATCH-01 applied, or being applied
 */
export async function abandonImport(tx: Tx, actor: Actor, importId: string): Promise<string | null> {
  const held = await holdImport(tx, actor.organisationId, importId, { wait: false });
  await moveBatch(tx, actor, importId, held, 'abandoned');
  if (held.jobId) {
    await sql`update platform.jobs set cancel_asked = true
      where organisation_id = ${actor.organisationId} and id = ${held.jobId} and state in ('queued', 'running')`.execute(
      tx,
    );
  }
  await forgetRows(tx, actor.organisationId, held);
  await sql`delete from exchange.wrong_rows where organisation_id = ${actor.organisationId} and batch_id = ${importId}`.execute(
    tx,
  );
  await recordEvent(tx, {
    kind: 'exchange.import-abandoned',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'batch', id: importId }],
    after: { file: held.fileName },
    batchId: importId,
  });
  return held.storedAs;
}

/** Forgets the staged rows, the sample and where the file is: they were needed until now. Wrong rows stay. */
export async function forgetRows(tx: Tx, organisationId: string, held: Pick<HeldImport, 'id' | 'kind'>): Promise<void> {
  await sql`delete from ${sql.table(kindOf(held.kind).stagingTable)}
    where organisation_id = ${organisationId} and batch_id = ${held.id}`.execute(tx);
  await tx
    .updateTable('exchange.imports')
    .set({ stored_as: null, sample: '[]' })
    .where('organisation_id', '=', organisationId)
    .where('id', '=', held.id)
    .execute();
}
