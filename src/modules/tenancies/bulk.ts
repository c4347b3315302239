import { sql } from 'kysely';
import { type BulkTable, indexAllForSearch, type Sql } from '../../platform/database/bulk.ts';

/** What may be told of leases, many at once. A lease that is signed is not changed in bulk. */
export const tenanciesInBulk: BulkTable = {
  kind: 'tenancy',
  table: 'tenancies.tenancies',
  reference: 'reference',
  columns: [],
  ofNew: [
    ...[
      'dwelling_id',
      'household_id',
      'signed_on',
      'starts_on',
      'rent_cents',
      'charges_cents',
      'first_rent_cents',
      'first_rent_steps',
    ],
  ],
  defaults: { charges_cents: 0 },
};

/**
 * Gives each lease the next number of the year of its signature, as if they were signed one after the other, in the
 * temporary table `lease_numbers` (id, reference).
 * @param leases selection of id and signed_on
 */
export const numberLeases = (organisationId: string, leases: Sql): Sql[] => [
  sql`create temporary table lease_numbers on commit drop as
    select l.id, l.signed_on, extract(year from l.signed_on)::int as year, null::text as reference from (${leases}) as l`,
  sql`insert into platform.counters as c (organisation_id, name, value)
    select ${organisationId}, 'leases-' || year, count(*) from lease_numbers group by year order by year
    on conflict (organisation_id, name) do update set value = c.value + excluded.value`,
  sql`update lease_numbers n set reference = numbered.reference
    from (select id, 'B' || year || '-' || lpad(place, greatest(4, length(place)), '0') as reference
      from (select l.id, l.year, (c.value - count(*) over year + row_number() over (year order by l.signed_on, l.id))::text as place
        from lease_numbers l
        join platform.counters c on c.organisation_id = ${organisationId} and c.name = 'leases-' || l.year
        window year as (partition by l.year)) as placed) as numbered
    where numbered.id = n.id`,
];

/** Makes leases findable, as signing one does. @param ids selection of identifiers */
export const indexTenancies = (organisationId: string, ids: Sql): Sql =>
  indexAllForSearch(sql`
    select t.organisation_id, 'tenancy', t.id, h.family_name || ' ' || h.given_name,
      t.reference || ' · ' || d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') || ', ' || d.municipality_fr,
      platform.fold(concat_ws(' ', h.family_name, h.given_name, t.reference, d.street, d.house_number, d.box, d.municipality_fr))
    from tenancies.tenancies t
    join applicants.household_cards h on h.organisation_id = t.organisation_id and h.id = t.household_id
    join portfolio.dwelling_cards d on d.organisation_id = t.organisation_id and d.id = t.dwelling_id
    where t.organisation_id = ${organisationId} and t.id in (${ids})`);
