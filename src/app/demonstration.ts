import type pg from 'pg';
import type { DemonstrationAccount } from '../../db/fixtures/demonstration.ts';
import type { LocalDate } from '../kernel/local-date.ts';

export type { DemonstrationAccount };

/** Loaded when needed alone: most starts have no use for it. */
const fixtures = () => import('../../db/fixtures/demonstration.ts');

/** Whom one may sign in as in the demonstration. */
export const demonstrationAccounts = async (): Promise<DemonstrationAccount[]> =>
  (await fixtures()).demonstrationAccounts();

export type DatabaseContent = 'empty' | 'demonstration' | 'own';

/**
 * What the database holds. The demonstration is loaded in one transaction: its accounts are there whole, or not at all,
 * so that they are the mark that it was loaded.
 */
export async function contentOf(owner: pg.Pool): Promise<DatabaseContent> {
  if (await isEmpty(owner)) return 'empty';
  const emails = (await demonstrationAccounts()).map(({ email }) => email.toLowerCase());
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
 * Fills an empty database with the demonstration, relative to a day: its deadlines are alive.
 * @param progress called with the share done, from 0 to 1
 */
export async function loadDemonstration(
  owner: pg.Pool,
  today: LocalDate,
  progress: (share: number) => void,
): Promise<void> {
  progress(0);
  const demonstration = await fixtures();
  await demonstration.loadDemonstration(owner, demonstration.generateDemonstration({ today }), progress);
}
