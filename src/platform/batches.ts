import { sql } from 'kysely';
import { notFound, refused } from '../kernel/problem.ts';
import type { Tx } from './database/connection.ts';
import type { Actor } from './http/actor.ts';

/** Work on many rows at once: previewed before it is applied, undone as a whole afterwards. */
export type BatchState =
  | 'preparing'
  | 'previewed'
  | 'applying'
  | 'applied'
  | 'reverting'
  | 'reverted'
  | 'abandoned'
  | 'failed';

/** From each state, where a batch may go. A run that is stopped or fails goes back to where it could start again. */
const moves: Record<BatchState, readonly BatchState[]> = {
  preparing: ['preparing', 'previewed', 'failed', 'abandoned'],
  previewed: ['preparing', 'applying', 'abandoned'],
  applying: ['applied', 'previewed'],
  applied: ['reverting'],
  reverting: ['reverted', 'applied'],
  failed: ['preparing', 'abandoned'],
  reverted: [],
  abandoned: [],
};

export const mayMove = (from: BatchState, to: BatchState): boolean => moves[from].includes(to);

/** Opens a batch: it is being prepared and has changed nothing yet. */
export async function openBatch(
  tx: Tx,
  actor: Actor,
  batch: { id: string; kind: string; label: string; parameters?: unknown },
): Promise<void> {
  await tx
    .insertInto('platform.batches')
    .values({
      organisation_id: actor.organisationId,
      id: batch.id,
      kind: batch.kind,
      label: batch.label,
      parameters: JSON.stringify(batch.parameters ?? {}),
      created_by: actor.userId,
    })
    .execute();
}

export type HeldBatch = { state: BatchState; version: number; counts: Record<string, unknown> };

/**
 * Holds a batch for the rest of the transaction. Work waits for whoever holds it; a person is told at once.
 * @throws Problem E-NOT-FOUND-01; E-BUSY-01 held by another, when not waiting
 */
export async function holdBatch(
  tx: Tx,
  organisationId: string,
  batchId: string,
  kind: string,
  { wait }: { wait: boolean },
): Promise<HeldBatch> {
  const batch = tx
    .selectFrom('platform.batches')
    .select(['state', 'version', 'counts'])
    .where('organisation_id', '=', organisationId)
    .where('id', '=', batchId)
    .where('kind', '=', kind)
    .forUpdate();
  const held = await (wait ? batch : batch.noWait()).executeTakeFirst();
  if (!held) throw notFound();
  return held as HeldBatch;
}

/**
 * Moves a batch that is held to another state, and notes who applied or undid it, and when.
 * @throws Problem E-BATCH-01 when it is in a state from which it cannot go there
 */
export async function moveBatch(
  tx: Tx,
  actor: Pick<Actor, 'organisationId' | 'userId'>,
  batchId: string,
  held: Pick<HeldBatch, 'state'>,
  to: BatchState,
  change: { counts?: unknown; revertReport?: unknown } = {},
): Promise<void> {
  if (!mayMove(held.state, to)) throw refused('E-BATCH-01', { state: held.state });
  await tx
    .updateTable('platform.batches')
    .set({
      state: to,
      version: sql`version + 1`,
      ...(change.counts === undefined ? {} : { counts: JSON.stringify(change.counts) }),
      ...(change.revertReport === undefined ? {} : { revert_report: JSON.stringify(change.revertReport) }),
      ...(to === 'applied' && held.state === 'applying' ? { applied_by: actor.userId, applied_at: sql`now()` } : {}),
      ...(to === 'reverted' ? { reverted_by: actor.userId, reverted_at: sql`now()` } : {}),
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', batchId)
    .execute();
}
