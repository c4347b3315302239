import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import { type DemonstrationAccount, demonstrationAccounts } from '../../db/fixtures/accounts.ts';
import type { ThreadWork } from '../../db/fixtures/thread.ts';
import type { LocalDate } from '../kernel/local-date.ts';

export { type DemonstrationAccount, demonstrationAccounts };

export type DatabaseContent = 'empty' | 'demonstration' | 'own';

/**
 * What the database holds. The demonstration is loaded in one transaction: its accounts are there whole, or not at all,
 * so that they are the mark that it was loaded.
 */
export async function contentOf(owner: pg.Pool): Promise<DatabaseContent> {
  if (await isEmpty(owner)) return 'empty';
  const emails = demonstrationAccounts().map(({ email }) => email.toLowerCase());
  const { rows } = await owner.query<{ present: number }>(
    'select count(*)::int as present from organisations.users where lower(email) = any($1)',
    [emails],
  );
  return rows[0]!.present === emails.length ? 'demonstration' : 'own';
}

/** Whether nothing was ever written: the first start fills such a database. */
export async function isEmpty(owner: pg.Pool): Promise<boolean> {
  const { rows } = await owner.query<{ empty: boolean }>(
    'select not exists (select 1 from organisations.organisations) as empty',
  );
  return rows[0]!.empty;
}

/**
 * What the heap of the thread may take: half as much again as the demonstration weighs. With V8's own choice for young
 * objects the program would weigh 120 MB more, and be no faster.
 */
const heapOfThread = { maxOldGenerationSizeMb: 320, maxYoungGenerationSizeMb: 16 };

/**
 * Fills an empty database with the demonstration, relative to a day: its deadlines are alive. A thread of its own does
 * it: the program stays answerable meanwhile, and the memory is given back at the end.
 * @param progress called with the share done, from 0 to 1
 */
export function loadDemonstration(owner: pg.Pool, today: LocalDate, progress: (share: number) => void): Promise<void> {
  progress(0);
  const work: ThreadWork = { ownerUrl: owner.options.connectionString!, today };
  const thread = new Worker(new URL('../../db/fixtures/thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: heapOfThread,
  });
  return new Promise((resolve, reject) => {
    thread.on('message', progress);
    thread.on('error', reject);
    // After an error this comes too late to count.
    thread.on('exit', () => resolve());
  });
}
