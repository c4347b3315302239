import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { newId } from '../../kernel/id.ts';
import { indexForSearch, searchStatement } from './search.ts';

let app: TestApp;
let user: TestUser;

const owners = ['Élodie Benali', 'Amina O’Brien', "Paul d'Hondt", '100 % Toit', 'Marc Benoît'];

beforeAll(async () => {
  app = await createTestApp();
  for (const name of ['ours', 'theirs']) {
    const organisation = await app.anOrganisation('agency', { name });
    await app.database.app.transaction().execute(async (tx) => {
      await sql`select set_config('app.organisation_id', ${organisation}, true)`.execute(tx);
      const documents = owners.map((title) => ({ kind: 'owner', id: newId(), title, keywords: [title, name] }));
      await indexForSearch(tx, organisation, documents);
    });
    user ??= await app.aUser(organisation, ['director']);
  }
});
afterAll(() => app.close());

const found = (text: string, kinds = ['owner']) =>
  app.database.app.transaction().execute(async (tx) => {
    await sql`select set_config('app.organisation_id', ${user.organisationId}, true)`.execute(tx);
    const { rows } = await tx.executeQuery(searchStatement(text, kinds, 40));
    return rows.map(({ title, total }) => [title, total]);
  });

test.each([
  [
    'ben',
    [
      ['Marc Benoît', 2],
      ['Élodie Benali', 2],
    ],
    'two names hold it, neither begins with it: by title',
  ],
  ['ELO', [['Élodie Benali', 1]], 'no accents, no capitals'],
  ['benali élo', [['Élodie Benali', 1]], 'each word, in any order'],
  ['ben xyz', [], 'every word must be there'],
  ["d'hondt", [["Paul d'Hondt", 1]], 'a quote is a letter like another'],
  ['%', [], 'a sign of LIKE is no word'],
  ['100 %', [['100 % Toit', 1]], 'and is left out of the others'],
  ['\\', [], 'nor is a backslash'],
  ['theirs', [], 'of the other organisation'],
])('%s finds %j: %s', async (text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test('other kinds are left out', async () => {
  expect(await found('ben', ['dwelling'])).toEqual([]);
});

test('each word is a condition of its own, which the trigram index serves', async () => {
  const { rows } = await app.database.owner.query(`select platform.search_condition($1) as condition`, [
    "Élodie d'Ho_n",
  ]);
  expect(rows[0].condition).toBe("d.keywords like '%elodie%' and d.keywords like '%d''hon%'");
});
