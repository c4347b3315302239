import { createHmac } from 'node:crypto';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { Batch, type BatchRows, type BatchStatement } from './batch.ts';
import type { DB } from './schema.generated.ts';

/** A transaction with its actor set: the only way modules write, and read what they are about to write. */
export type Tx = Transaction<DB>;

export type Database = {
  /** Typed statements, as `palier_app`, which row-level security binds. */
  app: Kysely<DB>;
  /** Several statements in one round trip and one transaction, as `palier_app`: see `Batch`. */
  batch<const Statements extends readonly BatchStatement[]>(statements: Statements): Promise<BatchRows<Statements>>;
  /** Connections of `palier_app` for COPY and cursors, apart so that long streams never starve short requests. */
  streams: pg.Pool;
  /** Connections of the owner of the schema: migrations, the job queue, backups. Never for a request. */
  owner: pg.Pool;
  /** Connections of `palier_auth`, which sees accounts and sessions and nothing else. */
  auth: pg.Pool;
  close(): Promise<void>;
};

/** Roles whose rights are given in the migrations. Their passwords are derived, so that programs share them. */
export const databaseRoles = ['palier_app', 'palier_auth'] as const;

export const rolePassword = (secret: string, role: string): string =>
  createHmac('sha256', secret).update(`database role ${role}`).digest('hex');

/**
 * @param ownerUrl connection of the role that owns the schema
 * @param prepared names statements, which doubles the rate of single reads; off for poolers that break them
 */
export function openDatabase(options: { ownerUrl: string; secret: string; prepared: boolean }): Database {
  const as = (role: string) => {
    const url = new URL(options.ownerUrl);
    url.username = role;
    url.password = rolePassword(options.secret, role);
    return url.toString();
  };
  const common = { Client: options.prepared ? NamingClient : pg.Client, types: plainTypes, ...session };
  // Kept open: a new connection signs in and plans its statements anew, at the expense of whoever comes after a pause.
  const appPool = new pg.Pool({ ...common, connectionString: as('palier_app'), max: 12, min: 12 });
  const streams = new pg.Pool({ types: plainTypes, ...session, connectionString: as('palier_app'), max: 4 });
  const owner = new pg.Pool({ types: plainTypes, ...session, connectionString: options.ownerUrl, max: 6 });
  const auth = new pg.Pool({
    connectionString: as('palier_auth'),
    max: 4,
    options: '-c search_path=auth -c timezone=UTC',
  });
  const pools = [appPool, streams, owner, auth];
  // A connection lost (the server restarts) is replaced at the next use, and the statement it carried fails; without
  // listeners it would end us, idle or at work.
  for (const pool of pools) {
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
  }
  const app = new Kysely<DB>({ dialect: new PostgresDialect({ pool: appPool }) });
  return {
    app,
    streams,
    owner,
    auth,
    async batch(statements) {
      const client = await appPool.connect();
      try {
        const rows = await Batch.run(client, statements, options.prepared);
        client.release();
        return rows as never;
      } catch (error) {
        client.release(isConnectionError(error));
        throw error;
      }
    },
    async close() {
      await app.destroy();
      await Promise.all([streams.end(), owner.end(), auth.end()]);
    },
  };
}

const session = { options: '-c timezone=UTC -c search_path=public', application_name: 'palier' };

const isConnectionError = (error: unknown): boolean => !(error instanceof pg.DatabaseError);

const names = new Map<string, string>();

/** A name for a statement's text, the same on every connection. Texts beyond 500 stay unnamed: a bound on memory. */
export function statementName(text: string): string | undefined {
  let name = names.get(text);
  if (!name && names.size < 500) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return name;
}

/** Names every statement that has parameters, so that PostgreSQL parses and plans it once a connection. */
class NamingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [config, values] = args as [unknown, unknown[] | undefined];
    if (typeof config === 'string' && Array.isArray(values) && values.length > 0) {
      const name = statementName(config);
      if (name) return super.query({ name, text: config, values }) as never;
    }
    return super.query(...(args as [string])) as never;
  }
}

/**
 * Days and amounts as the rules want them: `date` stays text, `bigint` becomes a number (whole cents and counts stay
 * below 2^53, checked), `timestamptz` becomes ISO text, `numeric` stays exact text.
 */
export const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    return parsers[oid] ?? pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

const parsers: Record<number, ((text: string) => unknown) | undefined> = {
  [pg.types.builtins.DATE]: (text) => text,
  [pg.types.builtins.INT8]: wholeNumber,
  [pg.types.builtins.TIMESTAMPTZ]: isoMoment,
  1115: (text) => text,
  1182: (text) => (text === '{}' ? [] : text.slice(1, -1).split(',')),
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`Number beyond 2^53: ${text}`);
  return value;
}

/** '2026-11-22 03:20:29.123456+00' → '2026-11-22T03:20:29.123Z'. Every connection speaks UTC. */
export function isoMoment(text: string): string {
  const [date, time] = [text.slice(0, 10), text.slice(11).replace(/\+00$/, '')];
  const [seconds = '', fraction = ''] = time.split('.');
  return `${date}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}
