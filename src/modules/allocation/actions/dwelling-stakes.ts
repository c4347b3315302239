import { sql } from 'kysely';
import { type LocalDate, startOfYear } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { stakesOf } from '../../flow/index.ts';
import type { VacancyCard } from '../queries.ts';

type Counted = { leases: number; known: number; met: number };

/**
 * The objectives of allocation a dwelling weighs on: leases of the year that followed an attribution in its territory
 * (its département, outside of Greater Paris), by what is known of the households.
 */
export async function dwellingStakes(tx: Tx, landlordId: string, vacancy: VacancyCard, today: LocalDate) {
  const count = (leases: ReturnType<typeof sql>, known: ReturnType<typeof sql>, met: ReturnType<typeof sql>) =>
    sql`json_build_object('leases', count(*) filter (where ${leases}), 'known', count(*) filter (where ${leases} and ${known}),
      'met', count(*) filter (where ${leases} and ${known} and ${met}))`;
  const { rows } = await sql<{ firstQuartile: Counted; socialMix: Counted; priority: Counted }>`
    select ${count(sql`d.priority_area is null`, sql`(l.quartile is not null or l.base_class = 'urban-renewal')`, sql`(l.quartile = 1 or l.base_class = 'urban-renewal')`)} as "firstQuartile",
      ${count(sql`d.priority_area is not null`, sql`l.quartile is not null`, sql`l.quartile > 1`)} as "socialMix",
      ${count(sql`l.contingent is distinct from 'state-priority' and l.contingent is distinct from 'state-staff'`, sql`true`, sql`l.priority_group is not null`)} as priority
    from allocation.attributed_leases l
    join portfolio.dwelling_cards d on d.organisation_id = l.organisation_id and d.id = l.dwelling_id
    where l.organisation_id = ${landlordId} and l.signed_on between ${startOfYear(today)}::date and ${today}::date
      and coalesce(d.territory, d.department) = coalesce(${vacancy.territory}::text, ${vacancy.department}::text)`.execute(
    tx,
  );
  return stakesOf({ inPriorityArea: vacancy.priorityArea !== null, ...rows[0]! });
}
