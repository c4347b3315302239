import { sql } from 'kysely';
import { newId } from '../../kernel/id.ts';
import { Problem } from '../../kernel/problem.ts';
import { asProgram } from '../database/as-program.ts';
import type { Database, Tx } from '../database/connection.ts';
import type { Actor } from '../http/actor.ts';

/** Long work that its users can watch, leave and find again, stop and start anew. */
export type JobDefinition<Parameters = unknown> = {
  /** `module.verb-noun`; its name on screen is the message `jobs.<name>`. */
  name: string;
  run(context: JobContext<Parameters>): Promise<Record<string, unknown> | undefined>;
};

export type JobContext<Parameters> = {
  organisationId: string;
  jobId: string;
  parameters: Parameters;
  database: Database;
  /** Where files wait between an upload and their import. */
  uploadFolder: string;
  /** A fault of this run will not be tried again. */
  isLastAttempt: boolean;
  /** A transaction as the program, in the name of the person who asked. */
  transaction<Result>(work: (tx: Tx, actor: Actor) => Promise<Result>): Promise<Result>;
  /**
   * Says how far the work is; seen at once by its users.
   * @throws Cancelled when someone asked to stop
   */
  progress(done: number, total?: number): Promise<void>;
};

/** A user asked to stop: the work leaves what it has committed, and undoes the rest. */
export class Cancelled extends Error {}

export const defineJob = <Parameters>(definition: JobDefinition<Parameters>): JobDefinition<Parameters> => definition;

/**
 * Queues a job in the transaction that causes it: nothing runs if the transaction is rolled back.
 * @param key two jobs of one key never wait together: the second replaces the first
 * @returns its identifier, to be followed at `/jobs/<id>`
 */
export async function queueJob(
  tx: Tx,
  actor: Pick<Actor, 'organisationId' | 'userId'>,
  job: {
    name: string;
    label: string;
    parameters: unknown;
    subject?: { kind: string; id: string };
    total?: number;
    key?: string;
  },
): Promise<string> {
  const jobId = newId();
  await tx
    .insertInto('platform.jobs')
    .values({
      organisation_id: actor.organisationId,
      id: jobId,
      kind: job.name,
      label: job.label,
      parameters: JSON.stringify(job.parameters),
      total: job.total ?? null,
      subject_kind: job.subject?.kind ?? null,
      subject_id: job.subject?.id ?? null,
      created_by: actor.userId,
    })
    .execute();
  await requeue(tx, actor.organisationId, jobId, job.key);
  return jobId;
}

/** Puts a job in the queue again, after a failure or a cancellation. */
export async function requeue(tx: Tx, organisationId: string, jobId: string, key?: string): Promise<void> {
  const payload = JSON.stringify({ organisationId, jobId });
  await sql`select platform.queue_job('palier', ${payload}::json, ${key ?? jobId}, now(), ${attempts})`.execute(tx);
}

const attempts = 3;

type JobRow = { kind: string; parameters: unknown; created_by: string; attempts: number; state: string };

/** What the worker does with one entry of the queue. Refusals end the job with their code; faults are tried again. */
export function jobRunner(database: Database, definitions: readonly JobDefinition[], uploadFolder: string) {
  return async ({ organisationId, jobId }: { organisationId: string; jobId: string }): Promise<void> => {
    const update = (change: Record<string, unknown>) =>
      asProgram(database, { organisationId }, (tx) =>
        tx
          .updateTable('platform.jobs')
          .set(change)
          .where('organisation_id', '=', organisationId)
          .where('id', '=', jobId)
          .execute(),
      );
    const job = await asProgram(database, { organisationId }, async (tx) => {
      const { rows } = await sql<JobRow>`update platform.jobs
        set state = 'running', started_at = coalesce(started_at, now()), finished_at = null, attempts = attempts + 1, problem = null
        where organisation_id = ${organisationId} and id = ${jobId} and state in ('queued', 'running') and not cancel_asked
        returning kind, parameters, created_by, attempts, state`.execute(tx);
      return rows[0];
    });
    if (!job) return void (await update({ state: 'cancelled', finished_at: new Date() }));
    const definition = definitions.find((candidate) => candidate.name === job.kind);
    if (!definition) throw new Error(`No job is named ${job.kind}`);
    try {
      const author = await authorOf(database, organisationId, job.created_by);
      const result = await definition.run({
        organisationId,
        jobId,
        parameters: job.parameters,
        database,
        uploadFolder,
        isLastAttempt: job.attempts >= attempts,
        transaction: (work) => asProgram(database, author, work),
        progress: (done, total) => report(database, organisationId, jobId, done, total),
      });
      await update({ state: 'succeeded', finished_at: new Date(), result: JSON.stringify(result ?? {}) });
    } catch (error) {
      if (error instanceof Cancelled) return void (await update({ state: 'cancelled', finished_at: new Date() }));
      const final = error instanceof Problem || job.attempts >= attempts;
      const problem =
        error instanceof Problem ? { code: error.code, params: error.params } : { code: 'E-FAULT-01', params: {} };
      await update({
        state: final ? 'failed' : 'queued',
        finished_at: final ? new Date() : null,
        problem: JSON.stringify(problem),
      });
      if (!(error instanceof Problem)) throw error;
    }
  };
}

async function report(
  database: Database,
  organisationId: string,
  jobId: string,
  done: number,
  total?: number,
): Promise<void> {
  const cancelled = await asProgram(database, { organisationId }, async (tx) => {
    const { rows } = await sql<{ cancel_asked: boolean }>`update platform.jobs
      set done = ${done}, total = coalesce(${total ?? null}::int, total)
      where organisation_id = ${organisationId} and id = ${jobId} returning cancel_asked`.execute(tx);
    return rows[0]?.cancel_asked;
  });
  if (cancelled) throw new Cancelled();
}

async function authorOf(database: Database, organisationId: string, userId: string) {
  const name = await asProgram(database, { organisationId }, async (tx) => {
    const user = await tx
      .selectFrom('organisations.users')
      .select(['given_name', 'family_name'])
      .where('id', '=', userId)
      .executeTakeFirst();
    return user && `${user.given_name} ${user.family_name}`;
  });
  return { organisationId, userId, userName: name ?? null };
}
