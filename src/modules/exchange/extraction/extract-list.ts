import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import type { z } from 'zod';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { unauthenticated } from '../../../kernel/problem.ts';
import { eventStatement } from '../../../platform/audit/events.ts';
import type { Database } from '../../../platform/database/connection.ts';
import { CopyOut } from '../../../platform/database/copy-out.ts';
import { inStreamTransaction, type StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import { type Actor, openSessionIn, type SessionRequest } from '../../../platform/http/actor.ts';
import { type AnyList, allRows } from '../../../platform/lists/list.ts';
import type { extractionFormat } from '../contract.ts';
import { writeCsv } from './csv-table.ts';
import { asAttachment } from './download.ts';
import { writeJson } from './json-table.ts';
import { type TableWriter, tableOf } from './table.ts';
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
  const { mediaType, write } = formats[query.format];
  const answered = Promise.withResolvers<FastifyReply>();

  inStreamTransaction(database, openSessionIn(session), async (stream, sessions) => {
    if (!sessions[0]) throw unauthenticated('E-SIGN-IN-02');
    // The rows come from an index in the order asked, rather than after a sort of all: the first at once.
    await stream.run(sql`savepoint reading; set local enable_sort = off`);
    const copy = new CopyOut(stream.client, statement);
    const output = new PassThrough();
    let isGivenUp = false;
    let stopping: Promise<unknown> | undefined;
    const stop = () => {
      if (copy.isUnderWay) stopping ??= cancelStatement(database, stream);
    };
    // The client went away: whatever the database is doing for it stops.
    reply.raw.once('close', () => {
      isGivenUp = true;
      stop();
      if (!reply.raw.writableFinished) output.destroy();
    });
    let complete = true;
    try {
      await copy.open();
      const table = tableOf(list, copy.names, actor.language);
      answered.resolve(
        asAttachment(reply, `${table.title.toLowerCase()}-${today}.${query.format}`, mediaType).send(output),
      );
      await pipeline(write(table, copy.rows()), output);
    } catch (error) {
      if (!isGivenUp || !givenUp.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      answered.resolve(reply);
      complete = false;
    } finally {
      stop();
      // Once the order to stop is given, it must have arrived: late, it would hit what comes next on this connection.
      await stopping;
      await copy.drain();
    }
    if (!complete) await stream.run(sql`rollback to savepoint reading`);
    await stream.run(
      eventStatement(newId(), {
        kind: 'exchange.list-extracted',
        organisationId: actor.organisationId,
        subjects: [{ kind: 'organisation', id: actor.organisationId }],
        after: { list: list.name, format: query.format, filters, rows: copy.count, complete },
      }),
    );
  }).catch((error) => {
    answered.reject(error);
    reply.log.error({ err: error }, 'extraction');
  });
  return answered.promise;
}

const cancelStatement = (database: Database, { client }: StreamTransaction): Promise<unknown> => {
  const { processID } = client as unknown as { processID: number };
  return sql`select pg_cancel_backend(${processID}::int)`.execute(database.app).catch(() => undefined);
};
