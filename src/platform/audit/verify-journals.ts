import pg from 'pg';
import { plainTypes } from '../database/connection.ts';
import { type Link, origin, type Verdict, verifyChain } from './journal.ts';

export type JournalReport = {
  organisationId: string;
  organisation: string;
  verdict: Verdict | BrokenTie;
  /** The event the first broken entry belongs to. */
  brokenEvent?: { id: string; kind: string | null; at: string | null } | undefined;
};

/** The chain holds, but an entry is tied to another event than the one it speaks of. */
export type BrokenTie = { intact: false; entries: number; firstBroken: number; reason: 'event-altered' };

/**
 * Verifies the journal of every organisation, or of one, from its first entry to its head. Each is read as it was at one
 * moment, so that people may go on working.
 * @param ownerUrl connection of the owner: the journal of all, which row-level security does not bind
 */
export async function verifyJournals(ownerUrl: string, organisationId?: string): Promise<JournalReport[]> {
  const client = new pg.Client({ connectionString: ownerUrl, types: plainTypes, options: '-c timezone=UTC' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ id: string; name: string; seq: number | null; hash: Buffer | null }>(
      `select o.id, o.name, h.seq, h.hash from organisations.organisations o
       left join platform.journal_heads h on h.organisation_id = o.id
       where $1::uuid is null or o.id = $1 order by o.name, o.id`,
      [organisationId ?? null],
    );
    const reports: JournalReport[] = [];
    for (const { id, name, seq, hash } of rows) {
      const verdict = await verifyOne(client, id, { seq: seq ?? 0, hash: hash ?? origin });
      const brokenEvent = verdict.intact ? undefined : await eventOf(client, id, verdict.firstBroken);
      reports.push({ organisationId: id, organisation: name, verdict, brokenEvent });
    }
    return reports;
  } finally {
    await client.end();
  }
}

type Row = { seq: number; event_id: string; entry: string; entry_hash: Buffer; hash: Buffer };

async function verifyOne(
  client: pg.Client,
  organisationId: string,
  head: { seq: number; hash: Buffer },
): Promise<Verdict | BrokenTie> {
  let untied: number | undefined;
  async function* links(): AsyncGenerator<Link> {
    for (let last = 0; ; ) {
      const { rows } = await client.query<Row>(
        `select seq, event_id, entry, entry_hash, hash from platform.journal
         where organisation_id = $1 and seq > $2 order by seq limit 1000`,
        [organisationId, last],
      );
      if (rows.length === 0) return;
      for (const row of rows) {
        // The hash covers the entry, and the entry begins with its event: the column must name the same.
        if (!row.entry.startsWith(`{"event":"${row.event_id}"`)) untied ??= row.seq;
        yield { seq: row.seq, entry: row.entry, entryHash: row.entry_hash, hash: row.hash };
      }
      last = rows.at(-1)!.seq;
    }
  }
  const verdict = await verifyChain(links(), head);
  if (untied === undefined || (!verdict.intact && verdict.firstBroken <= untied)) return verdict;
  return { intact: false, entries: untied - 1, firstBroken: untied, reason: 'event-altered' };
}

/** The event whose journal entry has this number; unknown when the entry itself is gone. */
async function eventOf(client: pg.Client, organisationId: string, seq: number) {
  const { rows } = await client.query<{ id: string; kind: string | null; at: string | null }>(
    `select j.event_id as id, e.kind, e.at from platform.journal j
     left join platform.events e on e.organisation_id = j.organisation_id and e.id = j.event_id
     where j.organisation_id = $1 and j.seq = $2`,
    [organisationId, seq],
  );
  return rows[0];
}
