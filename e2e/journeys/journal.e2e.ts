import path from 'node:path';
import pg from 'pg';
import { adoptEmbeddedServer } from '../../src/platform/database/embedded.ts';
import { expect, expectAccessible, palier, program, settle, test } from '../journey.ts';

/** What was decided in the other journeys, and in three years before them, is chained: nobody changes it unseen. */
test.describe.configure({ mode: 'serial' });

let owner: pg.Client;

test.beforeAll(async () => {
  const server = await adoptEmbeddedServer(path.join(program.folder, 'postgres'));
  owner = new pg.Client({ connectionString: server!.url });
  await owner.connect();
});
test.afterAll(() => owner.end());

test('every journal is whole, on the command line and on screen', async ({ browse }) => {
  const { code, said } = palier(['verify-journal']);
  expect(code, said).toBe(0);
  for (const name of ['AIS Les Tilleuls', 'Habitat Rive Haute']) {
    expect(said).toMatch(new RegExp(`${name} +[\\d\\s]+ écritures +intact, tête [0-9a-f]{64}`));
  }

  const page = await browse('claire@rive-haute.example');
  await page.goto('/journal');
  await settle(page);
  await page.getByRole('button', { name: 'Vérifier la chaîne' }).click();
  await expect(page.getByText(/^La chaîne est intacte\s: /)).toBeVisible();
  const head = await page.getByLabel('Empreinte de la dernière écriture').inputValue();
  expect(said).toContain(head);
  await expectAccessible(page);
});

test('after one altered byte the first broken entry is named', async ({ browse }) => {
  const organisation = `(select id from organisations.organisations where name = 'Habitat Rive Haute')`;
  const entry = 7;
  const kept = await owner.query<{ entry: string }>(
    `select entry from platform.journal where organisation_id = ${organisation} and seq = $1`,
    [entry],
  );
  const write = (text: string) =>
    owner.query(`update platform.journal set entry = $2 where organisation_id = ${organisation} and seq = $1`, [
      entry,
      text,
    ]);
  const sealed = kept.rows[0]!.entry;
  const at = sealed.search(/\d/);
  await write(sealed.slice(0, at) + ((Number(sealed[at]) + 1) % 10) + sealed.slice(at + 1));
  try {
    const { code, said } = palier(['verify-journal', '--organisation', 'Habitat Rive Haute']);
    expect(code).toBe(1);
    expect(said).toContain(`Habitat Rive Haute : journal rompu à l’écriture ${entry} (événement `);
    expect(said).toContain('Son contenu ne correspond plus à son empreinte.');
    expect(palier(['verify-journal', '--organisation', 'AIS Les Tilleuls']).code).toBe(0);

    const page = await browse('claire@rive-haute.example');
    await page.goto('/journal');
    await page.getByRole('button', { name: 'Vérifier la chaîne' }).click();
    await expect(page.getByText(new RegExp(`^La chaîne ne tient plus à l’écriture n°\\s${entry}$`))).toBeVisible();
    await expectAccessible(page);
  } finally {
    await write(sealed);
  }
  expect(palier(['verify-journal']).code, 'put back as it was').toBe(0);
});
