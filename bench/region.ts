import type pg from 'pg';
import { type Database, openDatabase } from '../src/platform/database/connection.ts';
import { anOrganisation, benchSecret } from './stack.ts';

/** Île-de-France as one overseer sees it. The same numbers give the same rows. */
export const regionSize = { landlords: 150, dwellings: 1_400_000, vacancies: 350_000 };

const departments = `array['75','77','78','91','92','93','94','95']`;
const firstDay = '2022-01-01';
/** The day it is in the region; vacancies are spread over the five years before. */
export const regionDay = '2026-12-31';

export type Region = {
  /** Sees everything. */
  state: string;
  /** Sees one département. */
  prefecture: string;
  landlords: string[];
  /** Adds vacancies, from one sixteenth up to another. @returns how many */
  add(from: number, until: number): Promise<number>;
  close(): Promise<void>;
};

/**
 * Makes the stock of a region and its agreements: ten landlords of 50,000 dwellings and many of some 6,400, each in thirty
 * communes of three départements, with some forty agreements. Vacancies of five years come with `add`, by sixteenths: each
 * freed, proposed, attributed and let, with the events and the household that make it count.
 */
export async function aRegion(database: Database, ownerUrl: string): Promise<Region> {
  const state = await anOrganisation(database, 'state');
  const prefecture = await anOrganisation(database, 'state');
  const landlords: string[] = [];
  for (let n = 0; n < regionSize.landlords; n++) landlords.push(await anOrganisation(database, 'landlord'));
  const holders: string[] = [];
  for (let n = 0; n < 7; n++) holders.push(await anOrganisation(database, 'holder'));
  // A connection of its own: temporary tables, and rows known to be right are not looked up again.
  const own = openDatabase({ ownerUrl, secret: benchSecret, prepared: false });
  const client = await own.owner.connect();
  const run = (text: string, values: unknown[] = []) => client.query(text, values);
  await run(`set session_replication_role = replica`);
  await run(`set synchronous_commit = off`);
  await run(`create function pg_temp.uid(kind text, n bigint) returns uuid language sql immutable parallel safe
    as $$ select overlay(overlay(md5(kind || n::text) placing '7' from 13) placing '8' from 17)::uuid $$`);
  await run(`create function pg_temp.pick(n bigint, salt int, size int) returns int language sql immutable parallel safe
    as $$ select (('x' || substr(md5(n::text || '/' || salt::text), 1, 7))::bit(28)::int % size) $$`);
  await run(
    `create temp table landlords as select n - 1 as n, id, case when n <= 10 then 50000 else 6428 + (n % 7) end as dwellings
     from unnest($1::uuid[]) with ordinality as l(id, n)`,
    [landlords],
  );
  await run(
    `insert into organisations.relations (host_id, partner_id, kind, since)
     select l.id, o, 'overseer', date '2020-01-01' from landlords l cross join unnest($1::uuid[]) o
     union all select l.id, h, 'holder', date '2020-01-01' from landlords l cross join unnest($2::uuid[]) h`,
    [[state, prefecture], holders],
  );
  await run(`update organisations.organisations set perimeter = '{"departments": ["93"]}' where id = $1`, [prefecture]);
  await run(`create temp table places as
    select l.id as landlord, l.n, d.k * 10 + j as slot, t.code, t.department, t.territory
    from landlords l
    cross join lateral (select k, (${departments})[1 + (l.n + k) % 8] as department from generate_series(0, 2) k) d
    cross join generate_series(0, 9) j
    join (select code, department, territory, row_number() over (partition by department order by code) - 1 as rank,
        count(*) over (partition by department) as size
      from organisations.municipalities where department = any(${departments})) t
      on t.department = d.department and t.rank = (l.n * 7 + j) % t.size`);
  // The State twice, Action Logement, the département and the region in each département; communes; one EPT or EPCI.
  await run(
    `insert into flow.agreements (organisation_id, id, reference, holder_id, contingent, scale, perimeter_code, share, starts_on)
     select landlord, gen_random_uuid(), contingent || perimeter, ($1::uuid[])[holder], contingent, scale, perimeter, share, '2021-01-01'
     from (
       select distinct landlord, c.contingent, c.holder, c.scale, p.department as perimeter, c.share from places p
       cross join (values ('state-priority', 1, 'municipality', 0.25), ('state-staff', 1, 'municipality', 0.05),
         ('action-logement', 2, 'department', 0.2), ('department', 3, 'department', 0.1), ('region', 4, 'department', 0.033333))
         as c(contingent, holder, scale, share)
       union all
       select distinct landlord, 'municipality', 5, 'municipality', code, 0.2 from places where slot < 25
       union all
       select landlord, 'intermunicipality', 6, 'territory', min(territory), 0.01 from places where territory is not null group by landlord
     ) a`,
    [holders],
  );
  await run(
    `insert into flow.amendments (organisation_id, id, agreement_id, holder_id, number, from_day, effective_on, share, reason, state)
     select organisation_id, gen_random_uuid(), id, holder_id, 1, '2025-01-01', '2025-01-01', share + 0.01, 'Bilan', 'signed'
     from flow.agreements where contingent = 'municipality'`,
  );
  await run(`create temp table stock as
    select row_number() over () - 1 as g, l.id as landlord, pg_temp.uid(l.n || 'd', d) as id, pg_temp.uid(l.n || 'b', d / 20) as building,
      d, p.code, p.department, p.territory, (d / 20) % 5 = 0 as in_priority_area
    from landlords l cross join lateral generate_series(0, l.dwellings - 1) d
    join places p on p.n = l.n and p.slot = (d / 20) % 30`);
  await run('create index on stock (g)');
  await run(`insert into portfolio.buildings (organisation_id, id, reference, street, house_number, postal_code, municipality_code, construction_year, priority_area)
    select landlord, building, 'I' || min(d), 'Rue des Tilleuls', min(d)::text, '93100', min(code), 1974, case when bool_or(in_priority_area) then 'QN09301M' end
    from stock group by landlord, building`);
  await withoutIndexes(client, ['portfolio.dwellings'], () =>
    run(`insert into portfolio.dwellings (organisation_id, id, reference, building_id, bedrooms, rooms, area_m2, rent_cents, funding,
        occupancy, entered_on, street, house_number, postal_code, municipality_code)
      select landlord, id, 'D' || d, building, d % 5, 1 + d % 5, 62, 40000 + d % 30000, 'PLUS',
        case when g % 40 = 0 then 'void' when g % 40 = 1 then 'notice' else 'let' end, '2010-01-01', 'Rue des Tilleuls', (d / 20)::text, '93100', code
      from stock`),
  );
  await client.query('vacuum (analyze)');
  return {
    state,
    prefecture,
    landlords,
    add: (from, until) => addVacancies(client, from, until),
    async close() {
      client.release();
      await own.close();
    },
  };
}

async function addVacancies(client: pg.PoolClient, from: number, until: number): Promise<number> {
  const run = (text: string, values: unknown[] = []) => client.query(text, values);
  await run('drop table if exists freed');
  const { rowCount } = await run(
    `create temp table freed as
     select v, pg_temp.uid('v', v) as id, s.landlord, s.id as dwelling, s.code, s.department, s.territory, s.in_priority_area,
       case pg_temp.pick(v, 1, 10) when 0 then 'urban-renewal' when 1 then 'mutation' else 'in-base' end as base_class, on_day,
       (array[null, null, 'state-priority', 'state-priority', 'state-staff', 'action-logement', 'action-logement', 'department', 'region', 'municipality'])[1 + pg_temp.pick(v, 2, 10)] as contingent,
       '${regionDay}'::date - on_day as age
     from (select v, '${firstDay}'::date + pg_temp.pick(v, 3, 1826) as on_day
       from generate_series(0, ${regionSize.vacancies - 1}) v where v % 16 between ${from} and ${until - 1}) f
     join stock s on s.g = f.v * 4`,
  );
  await run('analyze freed');
  await withoutIndexes(client, ['allocation.vacancies', 'allocation.candidates', 'tenancies.tenancies'], async () => {
    await run(`insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, freed_on, stage, stage_since,
        next_due_on, base_class, new_tenancy_id, let_from, closed_on, closed_as)
      select landlord, id, dwelling, on_day, on_day + 30, on_day + 30, case when age > 75 then 'let' else 'to-select' end, on_day,
        on_day + 40, base_class, case when age > 75 then id end, case when age > 75 then on_day + 80 end,
        case when age > 75 then on_day + 80 end, case when age > 75 then 'let' end from freed`);
    await run(`insert into tenancies.tenancies (organisation_id, id, reference, dwelling_id, household_id, signed_on, starts_on, rent_cents, first_rent_cents)
      select landlord, id, 'B' || v, dwelling, id, on_day + 75, on_day + 80, 40000, 40000 from freed where age > 75`);
    await run(`insert into allocation.candidates (organisation_id, id, vacancy_id, source, family_name, given_name, persons, adults, children,
        quartile, priority_group, state, position, named_by)
      select landlord, id, id, 'register', 'Benali', 'Amina', 1, 1, 0, nullif(pg_temp.pick(v, 4, 5), 0),
        case when pg_temp.pick(v, 5, 4) = 0 then 'dalo' end, 'housed', 1, 'x' from freed where age > 75`);
  });
  await run(`insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id, department,
      municipality_code, territory, rooms, funding, in_priority_area, construction_year)
    select f.landlord, gen_random_uuid(), f.on_day + k.days, k.kind, f.id, f.base_class, case when k.kind <> 'freed' then a.id end,
      case when k.kind <> 'freed' then a.holder_id end, f.department, f.code, f.territory, 3, 'PLUS', f.in_priority_area, 1974
    from freed f
    left join flow.agreements a on a.organisation_id = f.landlord and a.contingent = f.contingent and a.perimeter_code in (f.department, f.code)
    cross join (values ('freed', 0), ('proposed', 10), ('attributed', 60), ('leased', 75)) as k(kind, days)
    where f.age >= k.days order by f.on_day`);
  return rowCount ?? 0;
}

/** Indexes are made again at once afterwards: a third of the time. What only refuses overlaps is left off. */
async function withoutIndexes(client: pg.PoolClient, tables: string[], work: () => Promise<unknown>): Promise<void> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select 'drop index ' || i.indexrelid::regclass as drop, pg_get_indexdef(i.indexrelid) as make from pg_index i
     where i.indrelid = any($1::regclass[]) and not i.indisunique
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  const { rows: exclusions } = await client.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop from pg_constraint
     where conrelid = any($1::regclass[]) and contype = 'x'`,
    [tables],
  );
  for (const { drop } of [...rows, ...exclusions]) await client.query(drop);
  await work();
  for (const { make } of rows) await client.query(make);
}
