import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findScaleFaults, findSeparationFaults } from './catalog.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('every table keeps organisations apart', async () => {
  expect(await findSeparationFaults(db.database.owner)).toEqual([]);
});

test('every table can be distributed by organisation', async () => {
  expect(await findScaleFaults(db.database.owner)).toEqual([]);
});

describe('faults planted on purpose are found', () => {
  const parent = `create table flow.planted (organisation_id uuid not null, id uuid not null, primary key (organisation_id, id));`;
  test.each([
    ['create table flow.bare (id uuid primary key)', 'neither organisation_id nor declared a reference table'],
    ['create table flow.loose (organisation_id uuid, id uuid primary key)', 'organisation_id may be null'],
    [
      'create table flow.lone (organisation_id uuid not null, id uuid primary key)',
      'unique key without organisation_id',
    ],
    [
      'create table flow.text (organisation_id text not null, id uuid, primary key (organisation_id, id))',
      'organisation_id is not a uuid',
    ],
    [
      `${parent} create table flow.child (organisation_id uuid not null, id uuid not null, parent_organisation_id uuid, parent_id uuid,
         primary key (organisation_id, id), foreign key (parent_organisation_id, parent_id) references flow.planted)`,
      'foreign key that does not pair organisation_id',
    ],
    [
      `${parent} create table flow.orphan (organisation_id uuid not null, id uuid not null, parent_id uuid, primary key (organisation_id, id),
         foreign key (organisation_id, parent_id) references flow.planted on delete set null)`,
      'SET NULL would touch organisation_id',
    ],
    [
      `${parent} create function flow.nothing() returns trigger language plpgsql as 'begin return new; end';
       create trigger planted before insert on flow.planted for each row execute function flow.nothing()`,
      'trigger',
    ],
    [`${parent} create policy open on flow.planted using (true)`, 'policy that does not name organisation_id'],
    [
      'create table flow.counted (organisation_id uuid not null, id int generated always as identity, primary key (organisation_id, id))',
      'identity narrower than bigint',
    ],
    [`${parent} create table flow.heir () inherits (flow.planted)`, 'inheritance'],
  ])('%s', async (statement, rule) => {
    expect(await faultsWith(statement, findScaleFaults)).toContain(rule);
  });

  test.each([
    [parent, 'no row-level security'],
    [`${parent} alter table flow.planted enable row level security`, 'row-level security without a policy'],
    ['create table flow.bare (id uuid primary key)', 'primary key does not begin with organisation_id'],
    [parent, 'table without a comment'],
    ['create view flow.all_agreements as select * from flow.agreements', "view that runs with its owner's rights"],
    ['create materialized view flow.frozen as select * from flow.agreements', 'materialized view'],
  ])('%s', async (statement, rule) => {
    expect(await faultsWith(statement, findSeparationFaults)).toContain(rule);
  });
});

/** Rules broken once a statement has run; the statement is forgotten afterwards. */
async function faultsWith(statement: string, find: typeof findScaleFaults): Promise<string[]> {
  const client = await db.database.owner.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    return (await find(client as never)).map(({ rule }) => rule);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
