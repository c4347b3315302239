import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillStock } from '../../bench/stock.ts';
import type { LocalDate } from '../kernel/local-date.ts';
import { type AnyList, pageStatements } from '../platform/lists/list.ts';
import { modules } from './modules.ts';
import { createTestApp, type TestApp, type TestUser } from './test-app.ts';

/**
 * No page of a list reads a whole table of 100,000 rows: each order has its index. Totals stop at 10,000 rows, and may
 * read these in the order of the table.
 */

let app: TestApp;
let user: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  const organisation = await app.anOrganisation('landlord');
  await fillStock(app.database.owner, organisation, { dwellings: 100_000, applications: 100_000 });
  // A second organisation: a plan that would read everyone's rows shows.
  await fillStock(app.database.owner, await app.anOrganisation('landlord'), {
    dwellings: 20_000,
    applications: 20_000,
  });
  user = await app.aUser(organisation, ['director']);
}, 180_000);
afterAll(() => app.close());

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Plan Rows': number; Plans?: Plan[] };

const large = [
  'dwellings',
  'buildings',
  'owners',
  'contracts',
  'households',
  'applications',
  'tenancies',
  'vacancies',
  'search_documents',
];

async function planOf({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<Plan> {
  const client = await app.database.streams.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.organisation_id', $1, true), set_config('app.user_id', $2, true)`, [
      user.organisationId,
      user.userId,
    ]);
    const { rows } = await client.query(`explain (format json) ${sql}`, [...parameters]);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const scansOf = (plan: Plan): string[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan' && large.includes(node['Relation Name']!))
    .map((node) => node['Relation Name']!);

/** Sorting is allowed when little is left to sort: the whole stock never is. */
const largeSortsOf = (plan: Plan): number[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Sort' && node.Plans![0]!['Plan Rows'] > 20_000)
    .map((node) => node.Plans![0]!['Plan Rows']);

const lists = modules.flatMap((module) => module.lists ?? []) as AnyList[];

const context = (list: AnyList, filters: Record<string, unknown>) => ({
  organisationId: user.organisationId,
  filters: list.filters.parse(filters),
  today: '2026-11-22' as LocalDate,
});

test.each(lists.flatMap((list) => Object.keys(list.sorts).map((sort) => [list.name, sort, list] as const)))(
  '%s by %s',
  async (_name, sort, list) => {
    for (const order of ['asc', 'desc'] as const) {
      const [page] = pageStatements(list, context(list, {}), { sort, order, limit: 50 });
      const plan = await planOf(page);
      expect({ order, scans: scansOf(plan), sorts: largeSortsOf(plan) }).toEqual({ order, scans: [], sorts: [] });
    }
  },
);

test.each(lists.map((list) => [list.name, list] as const))('%s, its second page', async (_name, list) => {
  const [first] = pageStatements(list, context(list, {}), { limit: 50 });
  const client = await app.database.owner.query(first.sql, [...first.parameters]);
  const last = client.rows.at(-1);
  if (!last) return;
  const cursor = Buffer.from(JSON.stringify(last.cursor_values)).toString('base64url');
  const [page] = pageStatements(list, context(list, {}), { cursor, limit: 50 });
  expect(scansOf(await planOf(page))).toEqual([]);
});

test.each([
  ['portfolio.dwellings', { municipality: ['93048'] }],
  ['portfolio.dwellings', { occupancy: ['void'] }],
  ['portfolio.dwellings', { q: 'tilleuls' }],
  ['portfolio.dwellings', { rooms: 3, funding: ['PLUS'] }],
  ['portfolio.owners', { q: 'benali' }],
  ['applicants.applications', { q: 'nguyen' }],
  ['applicants.applications', { state: ['suspended'] }],
  ['tenancies.tenancies', { q: 'martin' }],
])('%s filtered by %j', async (name, filters) => {
  const list = lists.find((one) => one.name === name)!;
  const [page] = pageStatements(list, context(list, filters), { limit: 50 });
  expect(scansOf(await planOf(page))).toEqual([]);
});
