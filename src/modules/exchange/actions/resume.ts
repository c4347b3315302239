import { Problem, refused } from '../../../kernel/problem.ts';
import { type BatchState, moveBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { Cancelled, type JobContext } from '../../../platform/jobs/jobs.ts';
import { type HeldImport, holdImport } from './hold-import.ts';

/**
 * Holds an import for the job that works on it. One that a run put back sets out again, since the same job is started
 * again by hand.
 * @returns undefined when an earlier run of the job has done it all
 * @throws Problem E-BATCH-01 when other work was asked for since, or it was abandoned
 */
export async function holdForJob(
  tx: Tx,
  actor: Actor,
  job: JobContext<unknown>,
  importId: string,
  states: { before: BatchState; during: BatchState; after: BatchState },
): Promise<HeldImport | undefined> {
  const held = await holdImport(tx, actor.organisationId, importId, { wait: true });
  const isOurs = held.jobId === job.jobId;
  if (isOurs && held.state === states.during) return held;
  if (isOurs && held.state === states.after) return undefined;
  if (!isOurs || held.state !== states.before) throw refused('E-BATCH-01', { state: held.state });
  await moveBatch(tx, actor, importId, held, states.during);
  return { ...held, state: states.during, version: held.version + 1 };
}

/**
 * Runs work on an import that is in a state, and puts the import back to the state before when the work is refused or
 * stopped: it can then be started again. A fault leaves it as it is, since the job is tried again by itself; at its last
 * attempt the import is put back too.
 */
export async function resumeAs<Result>(
  job: JobContext<unknown>,
  importId: string,
  during: BatchState,
  before: BatchState,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await job.transaction(async (tx, actor) => {
      const held = await holdImport(tx, actor.organisationId, importId, { wait: true });
      if (held.state !== during || held.jobId !== job.jobId) return;
      if (!(error instanceof Problem || error instanceof Cancelled || job.isLastAttempt)) return;
      await moveBatch(tx, actor, importId, held, before);
      const problem = error instanceof Problem ? { code: error.code, params: error.params } : null;
      await tx
        .updateTable('exchange.imports')
        .set({ problem: problem && JSON.stringify(problem) })
        .where('organisation_id', '=', actor.organisationId)
        .where('id', '=', importId)
        .execute();
    });
    throw error;
  }
}
