import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import Cursor from 'pg-cursor';
import type { z } from 'zod';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { unauthenticated } from '../../../kernel/problem.ts';
import { eventStatement } from '../../../platform/audit/events.ts';
import { type Database, plainTypes } from '../../../platform/database/connection.ts';
import { inStreamTransaction, type StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import { type Actor, openSessionIn, type SessionRequest } from '../../../platform/http/actor.ts';
import { type AnyList, allRows } from '../../../platform/lists/list.ts';
import { translate } from '../../../platform/messages.ts';
import type { extractionFormat } from '../contract.ts';
import { writeCsv } from './csv-table.ts';
import { asAttachment } from './download.ts';
import { writeJson } from './json-table.ts';
import { type Row, type TableWriter, tableOf } from './table.ts';
import { writeXlsx } from './xlsx-table.ts';

type Format = z.infer<typeof extractionFormat>;

const formats: Record<Format, { mediaType: string; write: TableWriter }> = {
  csv: { mediaType: 'text/csv; charset=utf-8', write: writeCsv },
  xlsx: { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', write: writeXlsx },
  json: { mediaType: 'application/json; charset=utf-8', write: writeJson },
};

export type Extraction = {
  list: AnyList;
  /** Format and order, and the filters of the list itself. */
  query: { format: Format; sort?: string; order: 'asc' | 'desc' };
  actor: Actor;
  session: SessionRequest;
  today: LocalDate;
};

/** How a stream ends, or a statement, when the client went away. */
const givenUp = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', '57014']);

/** Rows read and written at a time: some milliseconds of work, between which other requests are served. */
const portion = 500;

/**
 * Answers a whole list as a file, from the same definition as its pages, in the transaction of the request's session. What
 * is refused is refused before the first byte; a download given up stops the query. Either way it is written down, with how
 * many rows left.
 * @throws Problem E-FIELDS-01 a filter or an order the list does not know
 */
export function extractList(database: Database, extraction: Extraction, reply: FastifyReply): Promise<FastifyReply> {
  const { list, query, actor, session, today } = extraction;
  const filters = list.filters.parse(query);
  const statement = allRows(list, { organisationId: actor.organisationId, filters, today }, query);
  const table = tableOf(list, actor.language, translate(actor.language));
  const { mediaType, write } = formats[query.format];
  const answered = Promise.withResolvers<FastifyReply>();

  inStreamTransaction(database, openSessionIn(session), async (stream, sessions) => {
    if (!sessions[0]) throw unauthenticated('E-SIGN-IN-02');
    await stream.run(sql`savepoint reading`);
    const reading = new Reading(stream, statement);
    const output = new PassThrough();
    // The client went away: whatever the database is doing for it stops.
    reply.raw.once('close', () => {
      reading.stopIn(database);
      if (!reply.raw.writableFinished) output.destroy();
    });
    const sending = async () => {
      const rows = await reading.begin();
      answered.resolve(
        asAttachment(reply, `${table.title.toLowerCase()}-${today}.${query.format}`, mediaType).send(output),
      );
      await pipeline(write(table, rows), output);
      return true;
    };
    const complete = await sending().catch((error: NodeJS.ErrnoException) => {
      if (!reading.isGivenUp || !givenUp.has(error.code ?? '')) throw error;
      answered.resolve(reply);
      return false;
    });
    await reading.end();
    if (!complete) await stream.run(sql`rollback to savepoint reading`);
    await stream.run(
      eventStatement(newId(), {
        kind: 'exchange.list-extracted',
        organisationId: actor.organisationId,
        subjects: [{ kind: 'organisation', id: actor.organisationId }],
        after: { list: list.name, format: query.format, filters, rows: reading.count, complete },
      }),
    );
  }).catch((error) => {
    answered.reject(error);
    reply.log.error({ err: error }, 'extraction');
  });
  return answered.promise;
}

/** The rows of a statement, from a cursor. */
class Reading {
  readonly #stream: StreamTransaction;
  readonly #cursor: Cursor<Row>;
  #pending: Promise<Row[]> | undefined;
  isGivenUp = false;
  #stopping: Promise<unknown> | undefined;
  count = 0;

  constructor(stream: StreamTransaction, statement: { sql: string; parameters: readonly unknown[] }) {
    this.#stream = stream;
    this.#cursor = stream.client.query(
      new Cursor<Row>(statement.sql, [...statement.parameters], { types: plainTypes }),
    );
  }

  /** Reads the first rows, so that a statement that fails does so before anything is answered. */
  async begin(): Promise<AsyncGenerator<Row[]>> {
    return this.#portions(await this.#read());
  }

  async *#portions(first: Row[]): AsyncGenerator<Row[]> {
    for (let rows = first; rows.length > 0; rows = await this.#read()) {
      this.count += rows.length;
      yield rows;
    }
  }

  async #read(): Promise<Row[]> {
    this.#pending = this.#cursor.read(portion);
    try {
      return await this.#pending;
    } finally {
      this.#pending = undefined;
    }
  }

  /** Stops a statement that is at work; one that waits to be read is stopped by its end. */
  stopIn(database: Database): void {
    this.isGivenUp = true;
    if (!this.#pending) return;
    const { processID } = this.#stream.client as unknown as { processID: number };
    this.#stopping = sql`select pg_cancel_backend(${processID}::int)`.execute(database.app).catch(() => undefined);
  }

  async end(): Promise<void> {
    // Once the order to stop is given, it must have arrived: late, it would hit what comes next on this connection.
    await this.#stopping;
    await this.#pending?.catch(() => undefined);
    await this.#cursor.close().catch(() => undefined);
  }
}
