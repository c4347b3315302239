import { Problem } from '../../../kernel/problem.ts';
import { type BatchState, moveBatch } from '../../../platform/batches.ts';
import { Cancelled, type JobContext } from '../../../platform/jobs/jobs.ts';
import { holdImport } from './hold-import.ts';

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
      const held = await holdImport(tx, actor.organisationId, importId);
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
