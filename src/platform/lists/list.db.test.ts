import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling } from '../../app/test-fixtures.ts';
import { newId } from '../../kernel/id.ts';

let app: TestApp;
let user: TestUser;

/** Vacancies open and closed, some due the same day, some due never. */
const due = ['2026-12-01', null, '2026-11-30', '2026-12-01', null, '2027-01-15', '2026-12-01', null];

beforeAll(async () => {
  app = await createTestApp();
  const organisation = await app.anOrganisation('agency');
  user = await app.aUser(organisation, ['rental-manager']);
  for (const dueOn of due) {
    const dwellingId = await aDwelling(app, organisation);
    await app.database.owner.query(
      `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, next_due_on, next_due_what, closed_on, closed_as)
       values ($1, $2, $3, '2026-10-01', '2026-12-01', $4, '2026-10-01', $5, 'select', $6, $7)`,
      [
        organisation,
        newId(),
        dwellingId,
        dueOn ? 'to-select' : 'let',
        dueOn,
        dueOn ? null : '2026-11-01',
        dueOn ? null : 'let',
      ],
    );
  }
});
afterAll(() => app.close());

type Page = { items: { id: string; nextDueOn: string | null }[]; nextCursor: string | null };

async function walk(query: string): Promise<Page['items']> {
  const rows: Page['items'] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: Page } = await app
      .as(user)
      .get(`/vacancies?limit=2&${query}${cursor && `&cursor=${cursor}`}`);
    rows.push(...body.items);
    cursor = body.nextCursor;
  }
  return rows;
}

const dueDays = ['2026-11-30', '2026-12-01', '2026-12-01', '2026-12-01', '2027-01-15'];

test.each([
  ['sort=due', dueDays],
  ['sort=due&order=desc', dueDays.toReversed()],
  ['sort=due&closed=true', [null, null, null]],
  ['sort=due&order=desc&closed=true', [null, null, null]],
])('page after page, every row once, in order: %s', async (query, expected) => {
  const rows = await walk(query);
  expect(rows.map((row) => row.nextDueOn)).toEqual(expected);
  expect(new Set(rows.map((row) => row.id)).size).toBe(expected.length);
});

test('a cursor made by another hand is refused', async () => {
  for (const cursor of [
    'x',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('[null,null]').toString('base64url'),
  ]) {
    expect(await app.as(user).get(`/vacancies?sort=due&cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { code: 'E-CURSOR-01' },
    });
  }
});
