import { sql } from 'kysely';
import type { Tx } from './connection.ts';

/** The next number of a series of an organisation, from 1. Two at once wait for each other; none is lost or twice. */
export async function nextNumber(tx: Tx, organisationId: string, series: string): Promise<number> {
  const { rows } = await sql<{ value: number }>`insert into platform.counters as c (organisation_id, name, value)
    values (${organisationId}, ${series}, 1)
    on conflict (organisation_id, name) do update set value = c.value + 1 returning value`.execute(tx);
  return rows[0]!.value;
}
