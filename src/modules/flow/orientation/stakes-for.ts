import { type RawBuilder, sql } from 'kysely';
import { type LocalDate, startOfYear, yearOf } from '../../../kernel/local-date.ts';
import type { Explained } from '../../../kernel/rule.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { type Stakes, stakesOf } from './rules/stakes.ts';

export type CountedLeases = { leases: number; known: number; met: number };

/** The leases `l` of `insights.objective_leases` that each objective looks at, those of which it is known, those that meet it. */
const looksAt = {
  'first-quartile': {
    leases: sql`not l.in_priority_area`,
    known: sql`(l.quartile is not null or l.rehoused)`,
    met: sql`(l.quartile = 1 or l.rehoused)`,
  },
  'social-mix': { leases: sql`l.in_priority_area`, known: sql`l.quartile is not null`, met: sql`l.quartile > 1` },
  priority: { leases: sql`not l.of_state`, known: sql`true`, met: sql`l.priority` },
} as const;

/** Leases counted for an objective, as one value. */
export function countedFor(objective: keyof typeof looksAt, committed: RawBuilder<unknown> = sql`null`) {
  const { leases, known, met } = looksAt[objective];
  return sql<CountedLeases>`json_build_object('leases', count(*) filter (where ${leases}),
    'known', count(*) filter (where ${leases} and ${known}), 'met', count(*) filter (where ${leases} and ${known} and ${met}),
    'committed', ${committed})`;
}

/** The last commitment said for a year, a place and an objective; null when there is none, or it was taken back. */
export const committedTo = (landlordId: string, year: number, place: RawBuilder<unknown>, objective: string) =>
  sql<string | null>`(select trim_scale(c.share)::text from flow.territory_commitments c
    where c.organisation_id = ${landlordId} and c.year = ${year} and c.place = ${place} and c.objective = ${objective}
    order by c.set_at desc limit 1)`;

export type Residence = {
  name: string | null;
  dwellings: number;
  voids: number;
  firstQuartileRate: string | null;
  listedUntil: LocalDate | null;
};

/**
 * What a dwelling weighs on: the objectives of its territory (its département, outside of Greater Paris) over the leases of
 * the year, with what the landlord committed itself to there, and its residence.
 */
export async function stakesFor(
  tx: Tx,
  landlordId: string,
  dwelling: { id: string; territory: string | null; department: string | null; inPriorityArea: boolean },
  today: LocalDate,
): Promise<Explained<Stakes> & { residence: Residence }> {
  const place = dwelling.territory ?? dwelling.department;
  const counted = (objective: keyof typeof looksAt) =>
    countedFor(objective, committedTo(landlordId, yearOf(today), sql`${place}`, objective));
  const { rows } = await sql<{
    firstQuartile: CountedLeases;
    socialMix: CountedLeases;
    priority: CountedLeases;
    residence: Residence;
  }>`
    select ${counted('first-quartile')} as "firstQuartile", ${counted('social-mix')} as "socialMix", ${counted('priority')} as priority,
      (select json_build_object('name', max(n.building_name), 'dwellings', count(*), 'voids', count(*) filter (where n.occupancy = 'void'),
          'firstQuartileRate', max(n.first_quartile_rate)::text,
          'listedUntil', (select max(r.until_day) from flow.listed_residences r
            where r.organisation_id = d.organisation_id and r.building_id = d.building_id and r.taken_off_on is null
              and ${today}::date between r.from_day and r.until_day))
        from portfolio.dwelling_cards d
        join portfolio.dwelling_cards n on n.organisation_id = d.organisation_id and n.building_id = d.building_id and n.left_on is null
        where d.organisation_id = ${landlordId} and d.id = ${dwelling.id}
        group by d.organisation_id, d.building_id) as residence
    from insights.objective_leases l
    where l.organisation_id = ${landlordId} and l.signed_on between ${startOfYear(today)}::date and ${today}::date
      and l.place = ${place}`.execute(tx);
  const { residence, ...leases } = rows[0]!;
  return { ...stakesOf({ inPriorityArea: dwelling.inPriorityArea, ...leases, residence }), residence };
}
