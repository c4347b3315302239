import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { databaseRoles, rolePassword } from './connection.ts';

/** The database cannot be brought to this program's version. */
export class MigrationError extends OperatorError {}

export type Migration = { number: number; name: string; sql: string; checksum: string };

/** The migrations of a folder, in order: `0001_platform.sql`, `0002_organisations.sql`… */
export function readMigrations(folder: string): Migration[] {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = fs.readFileSync(path.join(folder, file), 'utf8');
      const number = Number(file.slice(0, 4));
      if (!Number.isInteger(number))
        throw new MigrationError(`${file} : le nom d’une migration commence par quatre chiffres.`);
      return {
        number,
        name: file.replace(/\.sql$/, ''),
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    });
}

/**
 * Brings the database to this program's version: roles, numbered migrations, tables of the job queue. Programs that
 * start together wait for each other. Forward only: an old program refuses a newer database.
 * @returns the names of the migrations applied now
 * @throws MigrationError
 */
export async function migrate(options: { ownerUrl: string; secret: string; folder: string }): Promise<string[]> {
  const migrations = readMigrations(options.folder);
  const client = new pg.Client({ connectionString: options.ownerUrl });
  await client.connect();
  const applied: string[] = [];
  try {
    await client.query("select pg_advisory_lock(hashtextextended('palier migrations', 0))");
    await ensureRoles(client, options.secret);
    await client.query(`create table if not exists public.palier_migrations (
      number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    const known = await client.query<{ number: number; name: string; checksum: string }>(
      'select number, name, checksum from public.palier_migrations order by number',
    );
    for (const row of known.rows) {
      const migration = migrations.find((candidate) => candidate.number === row.number);
      if (!migration) {
        throw new MigrationError(
          `Cette base a servi à une version plus récente de Palier (elle connaît ${row.name}). Installez cette version ou une suivante.`,
        );
      }
      if (migration.checksum !== row.checksum) {
        throw new MigrationError(
          `${row.name} a été modifiée après avoir été appliquée. Rétablissez le fichier et ajoutez une nouvelle migration.`,
        );
      }
    }
    const last = known.rows.at(-1)?.number ?? 0;
    for (const migration of migrations.filter((candidate) => candidate.number > last)) {
      await applyOne(client, migration);
      applied.push(migration.name);
    }
    await runMigrations({ connectionString: options.ownerUrl, schema: 'graphile_worker', logger: silent });
    return applied;
  } finally {
    await client.end();
  }
}

/** The migrations this program has and the database has not; all of them for an empty database. */
export async function pendingMigrations(owner: pg.Pool, folder: string): Promise<string[]> {
  const { rows: found } = await owner.query<{ present: boolean }>(
    `select to_regclass('public.palier_migrations') is not null as present`,
  );
  const { rows } = found[0]!.present
    ? await owner.query<{ number: number }>('select number from public.palier_migrations')
    : { rows: [] };
  const applied = new Set(rows.map((row) => row.number));
  return readMigrations(folder)
    .filter((migration) => !applied.has(migration.number))
    .map((migration) => migration.name);
}

const silent = new Logger(() => () => undefined);

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into public.palier_migrations (number, name, checksum) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const { message, position } = error as pg.DatabaseError;
    const line = position ? `, ligne ${migration.sql.slice(0, Number(position)).split('\n').length}` : '';
    throw new MigrationError(`${migration.name}${line} : ${message}`);
  }
}

/** Makes the roles of the program, or gives them the password this secret derives. */
async function ensureRoles(client: pg.Client, secret: string): Promise<void> {
  for (const role of databaseRoles) {
    const password = pg.escapeLiteral(rolePassword(secret, role));
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
    // The rights of a role are set once: an owner who is not superuser may not name them again in PostgreSQL 15. The
    // self-check refuses a role that has since got more.
    const options = `login password ${password}${rowCount ? '' : ' nosuperuser nocreatedb nocreaterole nobypassrls'}`;
    // Roles belong to the whole server: two databases of one server made at once may both try.
    await client.query(`${rowCount ? 'alter' : 'create'} role ${role} ${options}`).catch((error: pg.DatabaseError) => {
      if (error.code !== '42710' && error.message !== 'tuple concurrently updated') throw error;
    });
  }
}
