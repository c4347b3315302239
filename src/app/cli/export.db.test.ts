import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testSecret } from '../../platform/database/test-server.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { runCommandLine } from './command-line.ts';

const owners = 20_000;
let app: TestApp;
let agency: string;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  agency = await app.anOrganisation('agency', { name: 'AIS Les Érables' });
  await app.database.owner.query(
    `insert into portfolio.owners (organisation_id, id, reference, name)
     select $1, gen_random_uuid(), 'P' || n, 'Propriétaire ' || n from generate_series(1, $2::int) n`,
    [agency, owners],
  );
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier export '));
  for (const [name, value] of Object.entries({
    DATABASE_URL: app.ownerUrl,
    PALIER_SECRET: testSecret,
    PALIER_DATA: folder,
  }))
    vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true });
  await app.close();
});

/** Takes out the owners into a file of the folder. */
async function exported(file: string) {
  const said: string[] = [];
  const listen = vi.spyOn(console, 'log').mockImplementation((text) => void said.push(text));
  const output = path.join(folder, file);
  const code = await runCommandLine([
    ...['export', 'portfolio.owners', '--organisation', agency, '--output', output],
    ...['--format', path.extname(file).slice(1) || 'csv', '--json'],
  ]);
  listen.mockRestore();
  return { code, answer: JSON.parse(said.join('\n')), output };
}

const extractions = async () => {
  const { rows } = await app.database.owner.query<{ count: number }>(
    `select count(*)::int as count from platform.events where organisation_id = $1 and kind = 'exchange.list-extracted'`,
    [agency],
  );
  return rows[0]!.count;
};

test('takes out the whole list, and it is written down', async () => {
  const { code, answer, output } = await exported('owners.csv');
  expect([code, answer.rows]).toEqual([0, owners]);
  expect(parse(fs.readFileSync(output), { bom: true, delimiter: ';', columns: true })).toHaveLength(owners);
  expect(await extractions()).toBe(1);
});

test('a file that cannot be written is told in words, and nothing is written down', async () => {
  const { code, answer } = await exported('no-such-folder/owners.csv');
  expect([code, answer.error.title]).toEqual([1, expect.stringContaining('n’existe pas')]);
  expect(await extractions()).toBe(1);
}, 20_000);
