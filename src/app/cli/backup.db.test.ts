import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { recordEvent } from '../../platform/audit/events.ts';
import { installationSecret } from '../../platform/data-folder.ts';
import { asProgram } from '../../platform/database/as-program.ts';
import { type Database, openDatabase } from '../../platform/database/connection.ts';
import { adoptEmbeddedServer } from '../../platform/database/embedded.ts';
import { palier, type RunningProgram, startedProgram, temporaryFolder } from './test-program.ts';

let root: string;
let folder: string;
let program: RunningProgram;
let database: Database;
let file: string;
/** Decisions written down before the backup began, and when it was over. */
let before: number;
let after: number;
const organisationId = newId();

const decide = () =>
  asProgram(database, { organisationId }, (tx) =>
    recordEvent(tx, {
      kind: 'organisations.setting-chosen',
      organisationId,
      subjects: [{ kind: 'organisation', id: organisationId }],
      journal: { key: 'x' },
    }),
  );

beforeAll(async () => {
  root = temporaryFolder('sauvegarde');
  folder = path.join(root, 'données');
  program = await startedProgram({ folder });
  const server = await adoptEmbeddedServer(path.join(folder, 'postgres'));
  database = openDatabase({ ownerUrl: server!.url, secret: installationSecret(folder), prepared: true });
  await database.owner.query(
    `insert into organisations.organisations (id, name, short_name, jurisdiction, kind) values ($1, 'AIS Les Tilleuls', 'Tilleuls', 'be-bru', 'agency')`,
    [organisationId],
  );
  let decided = 0;
  let over = false;
  const people = Array.from({ length: 3 }, async () => {
    while (!over) {
      await decide();
      decided += 1;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  before = decided;
  const made = await palier(['backup', path.join(root, 'copies') + path.sep, '--json'], { folder });
  after = decided;
  over = true;
  await Promise.all(people);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  file = JSON.parse(made.stdout).file;
});
afterAll(async () => {
  await database.close();
  await program.end('SIGTERM');
  fs.rmSync(root, { recursive: true, force: true });
});

const restored = (name: string, ...more: string[]) =>
  palier(['restore', file, '--json', ...more], { folder: path.join(root, name) });

describe('backup and restore', () => {
  test('put back what people had decided, with journals that verify, in a program that starts', async () => {
    expect(path.dirname(file)).toBe(path.join(root, 'copies'));
    const { code, stdout } = await restored('ailleurs');
    expect(code).toBe(0);
    const { journals, organisations, setAside } = JSON.parse(stdout);
    expect({ organisations, setAside }).toEqual({ organisations: 1, setAside: null });
    expect(journals).toMatchObject([{ name: 'AIS Les Tilleuls', intact: true }]);
    expect(after).toBeGreaterThan(before);
    expect(journals[0].entries).toBeGreaterThanOrEqual(before);
    expect(journals[0].entries).toBeLessThanOrEqual(after + 3);

    const elsewhere = await startedProgram({ folder: path.join(root, 'ailleurs') });
    expect(await (await fetch(`${elsewhere.url}/readyz`)).json()).toMatchObject({ ready: true });
    expect(await elsewhere.end('SIGTERM')).toBe(0);
    const verified = await palier(['verify-journal', '--json'], { folder: path.join(root, 'ailleurs') });
    expect(JSON.parse(verified.stdout)).toMatchObject({
      intact: true,
      organisations: [{ entries: journals[0].entries }],
    });
  });

  test('never stand in the way of a running program, nor over present data', async () => {
    const whileRunning = await palier(['restore', file, '--force'], { folder });
    expect(whileRunning).toMatchObject({ code: 2, stderr: expect.stringContaining(program.url) });
    expect((await fetch(`${program.url}/readyz`)).status).toBe(200);

    const there = path.join(root, 'déjà');
    expect((await restored('déjà')).code).toBe(0);
    const secret = fs.readFileSync(path.join(there, 'secret'), 'utf8');
    expect(await palier(['restore', file], { folder: there })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--force'),
    });
    const again = await restored('déjà', '--force');
    expect(again.code).toBe(0);
    const aside = JSON.parse(again.stdout).setAside;
    expect(fs.readFileSync(path.join(aside, 'secret'), 'utf8')).toBe(secret);
    expect(fs.existsSync(path.join(aside, 'postgres', 'PG_VERSION'))).toBe(true);
  });

  test('leave the folder as it was when the file is not whole', async () => {
    const half = path.join(root, 'half.tar.zst');
    const content = fs.readFileSync(file);
    fs.writeFileSync(half, content.subarray(0, content.length / 2));
    const target = path.join(root, 'intact');
    const run = await palier(['restore', half], { folder: target });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('n’est pas une sauvegarde entière') });
    expect(fs.readdirSync(target)).toEqual([]);
    expect(await palier(['backup', file], { folder })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('existe déjà'),
    });
  });

  test('tell of a journal that was altered before the backup: the first broken entry and its event', async () => {
    await database.owner.query(
      `update platform.journal set entry = replace(entry, '"x"', '"y"') where organisation_id = $1 and seq = 2`,
      [organisationId],
    );
    const { rows } = await database.owner.query(
      'select event_id from platform.journal where organisation_id = $1 and seq = 2',
      [organisationId],
    );
    const verified = await palier(['verify-journal'], { folder });
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain(
      `AIS Les Tilleuls : journal rompu à l’écriture 2 (événement ${rows[0].event_id}, organisations.setting-chosen`,
    );

    const made = await palier(['backup', path.join(root, 'altered.tar.zst'), '--json'], { folder });
    expect(made.code).toBe(0);
    const run = await palier(['restore', JSON.parse(made.stdout).file], { folder: path.join(root, 'altéré') });
    expect(run).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`journal rompu à l’écriture 2 (événement ${rows[0].event_id}`),
    });
  });
});
