import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { closingLock } from '../../actions/flow-events.ts';
import { accounts, countsForPoints, factsOf } from '../queries.ts';
import { accountOf } from '../rules/account.ts';

/**
 * Freezes the counters and points of every agreement of a year, with the hash of what was counted. Events under way are
 * waited for; those that come later become adjustments of the open year. Never undone.
 * @throws Problem E-POINTS-08 the year is not over; E-POINTS-09 it is closed; E-POINTS-10 years close one after the other
 */
export async function closeYear(
  tx: Tx,
  actor: Actor,
  { year }: { year: number },
  today: LocalDate,
): Promise<{ id: string; agreements: number; events: number }> {
  const { organisationId } = actor;
  if (year >= yearOf(today)) throw refused('E-POINTS-08', { year });
  await sql`select pg_advisory_xact_lock(${closingLock(organisationId)})`.execute(tx);
  const last = await sql<{ year: number | null }>`select max(year)::int as year from flow.year_closings
    where organisation_id = ${organisationId}`.execute(tx);
  const closed = last.rows[0]!.year;
  if (closed !== null && year <= closed) throw refused('E-POINTS-09', { year });
  if (closed !== null && year > closed + 1) throw refused('E-POINTS-10', { year, next: closed + 1 });

  const { rows } = await tx.executeQuery(accounts({ landlordId: organisationId }, year));
  const { rows: hashes } = await countedHashes(organisationId, year).execute(tx);
  const whole = hashes.find(({ agreementId }) => agreementId === null);
  const id = newId();
  await sql`insert into flow.year_closings (organisation_id, id, year, closed_on, closed_at, closed_by, events, events_hash)
    values (${organisationId}, ${id}, ${year}, ${today}, clock_timestamp(), ${actor.userId}, ${whole?.events ?? 0},
      ${whole?.hash ?? ''})`.execute(tx);
  const counters = rows.map((row) => {
    const account = accountOf(factsOf(row, year));
    const counted = hashes.find(({ agreementId }) => agreementId === row.id);
    return {
      id: newId(),
      agreement_id: row.id,
      holder_id: row.holderId,
      perimeter_code: row.perimeterCode,
      freed: row.freed,
      due: row.due,
      proposed: row.proposed,
      attributed: row.attributed,
      leased: row.leased,
      phases: account.phases,
      carried: account.carried,
      tally: account.tally,
      points: { points: account.points, adjustments: account.adjustments },
      events: counted?.events ?? 0,
      events_hash: counted?.hash ?? '',
    };
  });
  await sql`insert into flow.closed_counters (organisation_id, closing_id, year, id, agreement_id, holder_id, perimeter_code,
      freed, due, proposed, attributed, leased, phases, carried, tally, points, events, events_hash)
    select ${organisationId}::uuid, ${id}::uuid, ${year}::smallint, c.* from jsonb_to_recordset(${JSON.stringify(counters)}::jsonb) as c(
      id uuid, agreement_id uuid, holder_id uuid, perimeter_code text, freed int, due numeric, proposed int, attributed int,
      leased int, phases jsonb, carried jsonb, tally jsonb, points jsonb, events int, events_hash text)`.execute(tx);
  await recordEvent(tx, {
    kind: 'flow.year-closed',
    organisationId,
    subjects: [{ kind: 'closing', id }],
    after: { year, agreements: counters.length, events: whole?.events ?? 0 },
    journal: {
      year,
      hash: whole?.hash ?? '',
      counters: counters.map(({ agreement_id, due, points, events_hash }) => ({
        agreement: agreement_id,
        due,
        total: points.points.total,
        hash: events_hash,
      })),
    },
  });
  return { id, agreements: counters.length, events: whole?.events ?? 0 };
}

/** SHA-256 of what was counted, event by event in the order of their identifiers: for each agreement, and for all. */
const countedHashes = (organisationId: string, year: number) =>
  sql<{ agreementId: string | null; events: number; hash: string }>`
    with counted as (
      select e.id, e.id || ' ' || e.on_day || ' ' || e.kind || ' ' || e.vacancy_id as line, e.kind, e.agreement_id, e.department,
        e.municipality_code, e.territory
      from flow.events e
      where e.organisation_id = ${organisationId} and e.on_day between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date
        and ${countsForPoints})
    select null::uuid as "agreementId", count(*)::int as events,
      encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by id), ''), 'UTF8')), 'hex') as hash
    from counted
    union all
    select a.id, count(*)::int, encode(sha256(convert_to(string_agg(c.line, E'\n' order by c.id), 'UTF8')), 'hex')
    from flow.agreements a
    join counted c on c.agreement_id = a.id
      or (c.kind in ('freed', 'unfreed') and flow.in_perimeter(a.perimeter_code, c.department, c.municipality_code, c.territory))
    where a.organisation_id = ${organisationId} and a.state = 'signed'
    group by a.id`;
