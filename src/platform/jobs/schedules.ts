import { sql } from 'kysely';
import type { LocalDate } from '../../kernel/local-date.ts';
import type { Database } from '../database/connection.ts';
import { statements } from '../database/statements.ts';

/** Work that happens by itself, for every organisation, at a time of the day. */
export type Schedule = {
  name: string;
  /** Crontab, in the zone of the program: minute hour day month weekday. */
  cron: string;
  /** The watchdog complains when it last succeeded longer ago than this. */
  every: string;
  run(context: {
    database: Database;
    organisationIds: string[];
    today: LocalDate;
    uploadFolder: string | null;
  }): Promise<void>;
};

/**
 * Runs a schedule and notes that it did, or why it did not: the watchdog reads the note.
 * @param uploadFolder where files wait for their import; null: this program keeps none
 */
export async function runSchedule(
  database: Database,
  schedule: Schedule,
  today: LocalDate,
  uploadFolder: string | null = null,
): Promise<void> {
  await database.owner.query(
    `insert into platform.schedules (name, every, last_started_at) values ($1, $2::interval, now())
     on conflict (name) do update set every = excluded.every, last_started_at = now()`,
    [schedule.name, schedule.every],
  );
  try {
    const { rows } = await database.owner.query<{ id: string }>(
      'select id from organisations.organisations order by id',
    );
    await schedule.run({ database, organisationIds: rows.map((row) => row.id), today, uploadFolder });
    await database.owner.query(
      'update platform.schedules set last_succeeded_at = now(), last_problem = null where name = $1',
      [schedule.name],
    );
  } catch (error) {
    await database.owner.query('update platform.schedules set last_problem = $2 where name = $1', [
      schedule.name,
      (error as Error).message.slice(0, 500),
    ]);
    throw error;
  }
}

export type LateSchedule = { name: string; lastSucceededAt: string | null; problem: string | null };

/** Scheduled work that should have run and did not: shown to everyone who can do something about it. */
export const lateSchedules = () =>
  sql<LateSchedule>`select name, last_succeeded_at as "lastSucceededAt", last_problem as problem
    from platform.schedules
    where last_problem is not null or coalesce(last_succeeded_at, last_started_at) < now() - every
    order by name`.compile(statements);
