import type { CompiledQuery, RawBuilder } from 'kysely';
import type pg from 'pg';
import type { Database } from './connection.ts';
import { statements } from './statements.ts';

/** A statement written with Kysely's `sql`, or compiled already. */
export type StreamStatement<Row> = RawBuilder<Row> | CompiledQuery<Row>;

/** A transaction on a connection for streams: COPY and cursors beside ordinary statements. */
export type StreamTransaction = {
  client: pg.PoolClient;
  /** Runs a statement. @returns its rows and how many it wrote */
  run<Row>(statement: StreamStatement<Row>): Promise<{ rows: Row[]; count: number }>;
};

/**
 * Runs work in one transaction of `palier_app`, its actor set by `begin`, whose rows it gets. Whatever goes wrong, nothing is kept; a
 * connection that broke in the middle of a stream is not used again.
 */
export async function inStreamTransaction<Result, Begun = unknown>(
  database: Pick<Database, 'streams'>,
  begin: StreamStatement<Begun>,
  work: (stream: StreamTransaction, begun: Begun[]) => Promise<Result>,
): Promise<Result> {
  const client = await database.streams.connect();
  // A connection lost between two statements says so here; the next statement fails with it.
  const ignore = () => undefined;
  client.on('error', ignore);
  const stream: StreamTransaction = {
    client,
    async run(statement) {
      const { sql, parameters } = 'compile' in statement ? statement.compile(statements) : statement;
      const { rows, rowCount } = await client.query(sql, [...parameters]);
      return { rows: rows as never[], count: rowCount ?? 0 };
    },
  };
  let isBroken = false;
  try {
    await client.query('begin');
    const { rows } = await stream.run(begin);
    const result = await work(stream, rows);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(isBroken);
  }
}
