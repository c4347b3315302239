import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { decimal, exact } from '../../../kernel/money.ts';
import { unauthenticated } from '../../../kernel/problem.ts';
import { eventStatement } from '../../../platform/audit/events.ts';
import type { Database } from '../../../platform/database/connection.ts';
import { CopyOut, type TextRow } from '../../../platform/database/copy-out.ts';
import { inStreamTransaction, type StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import { type Actor, openSessionIn, type SessionRequest } from '../../../platform/http/actor.ts';
import { type JournalEvent, type JournalFigures, type JournalHeader, JournalWriter } from './journal-lines.ts';
import { type AccountRow, accounts, datedShares, factsOf, journalColumns, journalEvents } from './queries.ts';
import { accountOf } from './rules/account.ts';

type Asked = { actor: Actor; session: SessionRequest; year: number; today: LocalDate };

/**
 * Answers the journal of a year as lines, made as they are sent, all from one snapshot. The figures at its end are those
 * of the screens: counters and dues by SQL, points by the rule. Who took a journal away is written down.
 */
export function sendJournal(database: Database, asked: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const answered = Promise.withResolvers<FastifyReply>();
  // One snapshot for the header, the events and the figures: an event counted meanwhile is in none of them.
  const begin = sql`set transaction isolation level repeatable read`;
  inStreamTransaction(database, begin, async (stream) => {
    const sessions = await stream.run(openSessionIn(asked.session));
    if (!sessions.rows[0]) throw unauthenticated('E-SIGN-IN-02');
    const output = new PassThrough();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) output.destroy();
    });
    const writer = new JournalWriter();
    const lines = await journalLines(stream, asked, writer);
    answered.resolve(
      reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="journal-${asked.year}.jsonl"`)
        .send(output),
    );
    await pipeline(lines, output);
    await stream.run(
      eventStatement(newId(), {
        kind: 'flow.journal-taken',
        organisationId: asked.actor.organisationId,
        subjects: [{ kind: 'organisation', id: asked.actor.organisationId }],
        after: { year: asked.year, events: writer.events },
      }),
    );
  }).catch((error: NodeJS.ErrnoException) => {
    answered.reject(error);
    // Given up by the reader: nothing is wrong.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') reply.log.error({ err: error }, 'journal of the flow');
  });
  return answered.promise;
}

async function journalLines(stream: StreamTransaction, { actor, year, today }: Asked, writer: JournalWriter) {
  const { rows } = await stream.run(accounts({ partyId: actor.organisationId }, year));
  const shares = await stream.run(datedShares(actor.organisationId));
  const byAgreement = Map.groupBy(shares.rows, ({ agreementId }) => agreementId);
  const figures = rows.map((row) => figuresOf(row, year));
  const header: JournalHeader = {
    palier: 'flow-journal',
    version: 1,
    year,
    on: today,
    perimeter: { id: actor.organisationId, name: actor.organisationName },
    agreements: rows.map((row) => ({
      id: row.id,
      landlord: row.landlord,
      holder: row.holder,
      landlordId: row.landlordId,
      reference: row.reference,
      perimeterCode: row.perimeterCode,
      startsOn: row.startsOn,
      shares: (byAgreement.get(row.id) ?? []).map(({ from, until, share }) => ({ from, until, share })),
      phases: accountOf(factsOf(row, year)).phases,
      adopted: row.adopted,
      closed: row.closed,
    })),
  };
  const copy = new CopyOut(stream.client, journalEvents(actor.organisationId, year));
  await copy.open();
  return (async function* () {
    try {
      yield writer.line(header);
      for await (const portion of copy.rows()) {
        let text = '';
        for (const row of portion) text += writer.line(eventOfCells(row));
        if (text !== '') yield text;
      }
      yield writer.line({ end: true, events: writer.events, figures });
    } finally {
      await copy.drain();
    }
  })();
}

function eventOfCells(cells: TextRow): JournalEvent {
  const event = Object.fromEntries(journalColumns.map((name, index) => [name, cells[index] ?? null]));
  return { ...event, late: event.late === 't' } as JournalEvent;
}

/** The figures of an agreement as its page shows them. */
function figuresOf(row: AccountRow, year: number): JournalFigures {
  const account = accountOf(factsOf(row, year));
  const frozen = row.closed.find((entry) => entry.year === year)?.counters;
  const { freed, proposed, attributed, leased } = frozen ?? row;
  const { points } = account;
  return {
    agreement: row.id,
    freed,
    due: decimal(exact(account.due), 6),
    proposed,
    attributed,
    leased,
    points: {
      proposed: points.proposed,
      attributed: points.attributed,
      counted: points.counted,
      pending: points.pending,
      total: account.total,
      attainment: account.attainment,
    },
  };
}
