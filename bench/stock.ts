import type pg from 'pg';

/** Sizes of a stock to measure on. */
export type StockSize = { dwellings: number; applications: number };

/**
 * Fills an organisation with a large stock, in a few statements: dwellings in buildings of some twenty, an owner for
 * every four, a running lease on nineteen in twenty, a vacancy on the others, and a register. The same numbers give
 * the same rows. For measures and plans; the demonstration has believable data.
 */
export async function fillStock(
  pool: pg.Pool,
  organisationId: string,
  { dwellings, applications }: StockSize,
): Promise<void> {
  const client = await pool.connect();
  const run = (text: string) => client.query(text.replaceAll(':org', `'${organisationId}'::uuid`));
  try {
    await run('begin');
    await run(`create or replace function pg_temp.pick(n bigint, salt int, size int) returns int language sql immutable parallel safe
      as $$ select (('x' || substr(md5(n::text || '/' || salt::text), 1, 7))::bit(28)::int % size) $$`);
    await run(`create or replace function pg_temp.uid(kind text, n bigint) returns uuid language sql immutable parallel safe
      as $$ select overlay(overlay(md5(${`'${organisationId}'`} || kind || n::text) placing '7' from 13) placing '8' from 17)::uuid $$`);
    await run(`create temp table towns on commit drop as select row_number() over (order by code) - 1 as rank, code
      from organisations.municipalities where code like '93%'`);
    const words = `(array['Tilleuls','Peupliers','Roulettes','Écoles','Lilas','Moulin','Gabriel Péri','Jean Jaurès','Pasteur','Acacias','Républiques','Marais'])`;
    const names = `(array['Benali','Dubois','Traoré','Nguyen','Martin','Peeters','Haddad','Kowalski','Da Silva','Lefèvre','Janssens','Moreau','Öztürk','Diallo','Garcia'])`;
    const given = `(array['Amina','Jean','Fatou','Linh','Paul','Sofie','Karim','Anna','Luis','Claire','Mehmet','Awa','Nadia','Hugo','Inès'])`;
    await run(`create temp table places on commit drop as
      select n, 'Rue des ' || ${words}[1 + pg_temp.pick(n, 1, 12)] || ' ' || (n / 400) as street, (1 + n % 200)::text as house_number, towns.code
      from generate_series(0, ${Math.ceil(dwellings / 20) - 1}) g(n) join towns on towns.rank = n % (select count(*) from towns)`);
    await run('analyze places');
    await run(`insert into portfolio.buildings (organisation_id, id, reference, street, house_number, postal_code, municipality_code, construction_year, priority_area)
      select :org, pg_temp.uid('b', n), 'I' || n, street, house_number, '93100', code, 1950 + pg_temp.pick(n, 2, 70), case when n % 5 = 0 then 'QN0930' || n % 60 end from places`);
    await run(`insert into portfolio.dwellings (organisation_id, id, reference, building_id, kind, box, floor, bedrooms, rooms, area_m2, rent_cents, charges_cents,
        energy_label, funding, occupancy, entered_on, street, house_number, postal_code, municipality_code)
      select :org, pg_temp.uid('d', g.n), 'D' || lpad(g.n::text, 7, '0'), pg_temp.uid('b', p.n), 'apartment', (g.n % 20)::text, g.n % 20 / 3, pg_temp.pick(g.n, 3, 5), 1 + pg_temp.pick(g.n, 3, 5),
        25 + pg_temp.pick(g.n, 4, 80), 30000 + pg_temp.pick(g.n, 5, 60000), 4500, (array['A','B','C','D','E','F','G'])[1 + pg_temp.pick(g.n, 6, 7)],
        (array['PLAI','PLUS','PLUS','PLUS','PLS'])[1 + pg_temp.pick(g.n, 7, 5)], case when g.n % 20 = 0 then 'void' else 'let' end, '2010-01-01',
        p.street, p.house_number, '93100', p.code
      from generate_series(0, ${dwellings - 1}) g(n) join places p on p.n = g.n / 20`);
    await run(`insert into portfolio.owners (organisation_id, id, reference, name, email, phone)
      select :org, pg_temp.uid('o', n), 'P' || n, ${names}[1 + pg_temp.pick(n, 8, 15)] || ' ' || ${given}[1 + pg_temp.pick(n, 9, 15)] || ' ' || n, 'o' || n || '@exemple.be', '+324' || lpad(n::text, 8, '0')
      from generate_series(0, ${Math.ceil(dwellings / 4) - 1}) g(n)`);
    await run(`insert into portfolio.contracts (organisation_id, id, reference, owner_id, dwelling_id, kind, starts_on, ends_on, owner_rent_cents)
      select :org, pg_temp.uid('c', n), 'C' || n, pg_temp.uid('o', n / 4), pg_temp.uid('d', n), 'mandate', '2015-01-01', '2015-01-01'::date + 3650 + pg_temp.pick(n, 10, 3000), 50000
      from generate_series(0, ${dwellings - 1}) g(n)`);
    await run(`insert into applicants.households (organisation_id, id, reference, family_name, given_name, language, email, phone, adults, children, income_cents, income_year)
      select :org, pg_temp.uid('h', n), 'H' || n, ${names}[1 + pg_temp.pick(n, 11, 15)] || (n % 997), ${given}[1 + pg_temp.pick(n, 12, 15)], 'fr', 'h' || n || '@exemple.be',
        '+336' || lpad(n::text, 8, '0'), 1 + n % 2, pg_temp.pick(n, 13, 4), 1200000 + pg_temp.pick(n, 14, 3000000), 2024
      from generate_series(0, ${dwellings + applications - 1}) g(n)`);
    await run(`insert into tenancies.tenancies (organisation_id, id, reference, dwelling_id, household_id, signed_on, starts_on, rent_cents, first_rent_cents, income_class)
      select :org, pg_temp.uid('t', n), 'B' || n, pg_temp.uid('d', n), pg_temp.uid('h', n), '2012-01-01'::date + pg_temp.pick(n, 15, 4500), '2012-01-15'::date + pg_temp.pick(n, 15, 4500), 50000, 50000, 'admission'
      from generate_series(0, ${dwellings - 1}) g(n) where n % 20 <> 0`);
    await run(`insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, next_due_on, next_due_what)
      select :org, pg_temp.uid('v', n), pg_temp.uid('d', n), '2026-01-01'::date + pg_temp.pick(n, 16, 300), '2026-02-01'::date + pg_temp.pick(n, 16, 300), 'to-select', '2026-02-01', '2026-02-01'::date + pg_temp.pick(n, 16, 300), 'select'
      from generate_series(0, ${dwellings - 1}, 20) g(n)`);
    await run(`insert into applicants.applications (organisation_id, id, number, household_id, state, received_on, registered_on, bedrooms_needed, persons, income_class)
      select :org, pg_temp.uid('a', n), 'R' || lpad(n::text, 8, '0'), pg_temp.uid('h', ${dwellings} + n), case when n % 10 = 0 then 'suspended' else 'active' end, d, d, pg_temp.pick(n, 3, 5), 1 + pg_temp.pick(n, 3, 6),
        (array['admission','admission','admission','admission','moderate','over','unknown'])[1 + pg_temp.pick(n, 17, 7)]
      from generate_series(0, ${applications - 1}) g(n), lateral (select '2012-01-01'::date + pg_temp.pick(n, 18, 5400) as d) x`);
    // Without it the planner believes the organisation is empty, and loops.
    await run('analyze applicants.applications, applicants.households');
    await run(`insert into platform.search_documents (organisation_id, kind, id, title, subtitle, keywords)
      select organisation_id, 'dwelling', id, street || ' ' || house_number, reference, platform.fold(concat_ws(' ', reference, street, house_number, postal_code))
      from portfolio.dwellings where organisation_id = :org
      union all select organisation_id, 'owner', id, name, reference, platform.fold(concat_ws(' ', reference, name, email, phone)) from portfolio.owners where organisation_id = :org
      union all select a.organisation_id, 'application', a.id, h.family_name || ' ' || h.given_name, a.number,
        platform.fold(concat_ws(' ', a.number, h.family_name, h.given_name, h.email, h.phone))
      from applicants.applications a join applicants.households h on h.organisation_id = a.organisation_id and h.id = a.household_id
      where a.organisation_id = :org and a.number < 'R' || lpad('${dwellings}', 8, '0')`);
    await run('commit');
    await client.query('vacuum (analyze)');
  } finally {
    client.release();
  }
}
