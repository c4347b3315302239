import { EventEmitter, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Logger, parseCronItems, type Runner, run } from 'graphile-worker';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import { sendMailTask } from '../mail/mail.ts';
import { openTransport } from '../mail/mail-transport.ts';
import { mailSender } from '../mail/send-mail.ts';
import { type JobDefinition, jobRunner } from './jobs.ts';
import { runSchedule, type Schedule } from './schedules.ts';

export type Worker = { stop(): Promise<void> };

/** Starts the worker of this program: the jobs people asked for, and the work that happens by itself. */
export async function startWorker(options: {
  database: Database;
  ownerUrl: string;
  clock: Clock;
  uploadFolder: string;
  /** Without `smtpUrl`, mail is kept. */
  mail: { smtpUrl: string | undefined; from: string; baseUrl: string };
  jobs: readonly JobDefinition[];
  schedules: readonly Schedule[];
  onFault: (error: unknown) => void;
}): Promise<Worker> {
  await releaseDeadWorkers(options.database);
  const runOne = jobRunner(options.database, options.jobs, options.uploadFolder);
  const { smtpUrl, ...mail } = options.mail;
  const transport = smtpUrl ? openTransport(smtpUrl) : undefined;
  const sendMail = mailSender({ database: options.database, transport, ...mail });
  let isStopping = false;
  const events = new EventEmitter();
  const atWork = ['worker:getJob:empty', 'job:start'].map((event) => once(events, event));
  const runner: Runner = await run({
    connectionString: options.ownerUrl,
    concurrency: 2,
    maxPoolSize: 4,
    noHandleSignals: true,
    events,
    logger: new Logger(() => (level, message) => {
      // Connections that are closed on us while we stop are no fault.
      if (level === 'error' && !isStopping) options.onFault(message);
    }),
    taskList: {
      palier: (payload) => runOne(payload as { organisationId: string; jobId: string }),
      [sendMailTask]: (payload) => sendMail(payload as { organisationId: string; messageId: string }),
      schedule: async (payload) => {
        const schedule = options.schedules.find(({ name }) => name === (payload as { name: string }).name);
        if (schedule) await runSchedule(options.database, schedule, options.clock.today(), options.uploadFolder);
      },
    },
    parsedCronItems: parseCronItems(
      options.schedules.map(({ name, cron }) => ({
        task: 'schedule',
        match: cron,
        identifier: name,
        payload: { name },
        // What should have run while the program was stopped runs at the next start.
        options: { backfillPeriod: 24 * 3_600_000, maxAttempts: 3 },
      })),
    ),
  });
  // Until then the loss of the database would be told by the worker, as a trace.
  await Promise.race([...atWork, runner.promise]);
  return {
    stop() {
      isStopping = true;
      return stopRunner(runner).finally(() => transport?.close());
    },
  };
}

/** How long a stop waits for the jobs under way. */
const jobsMs = 10_000;

/**
 * Lets jobs under way end. Those that take longer end with the process: their transaction is rolled back, and the next
 * start gives them back to the queue.
 */
const stopRunner = (runner: Runner): Promise<void> =>
  Promise.race([runner.stop().then(() => undefined), setTimeout(jobsMs, undefined, { ref: false })]);

/**
 * A program killed in the middle of a job leaves it locked for hours. Each living worker is a connection that listens;
 * with none left on this database, whatever is still locked belongs to the dead.
 */
async function releaseDeadWorkers(database: Database): Promise<void> {
  await database.owner.query(`
    do $$
    declare v_workers text[];
    begin
      if exists (select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen "jobs:insert"%') then
        return;
      end if;
      select array_agg(distinct locked_by) into v_workers from graphile_worker._private_jobs where locked_by is not null;
      if v_workers is not null then perform graphile_worker.force_unlock_workers(v_workers); end if;
    end $$`);
}
