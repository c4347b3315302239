import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { isAlive } from '../../platform/database/embedded.ts';
import { databaseUrl, testSecret } from '../../platform/database/test-server.ts';
import { palier, project, type RunningProgram, startedProgram, temporaryFolder } from './test-program.ts';

const folders: string[] = [];
const programs: RunningProgram[] = [];

const folderFor = (name: string): string => {
  folders.push(temporaryFolder(name));
  return folders.at(-1)!;
};

async function start(surroundings: Parameters<typeof startedProgram>[0]): Promise<RunningProgram> {
  const program = await startedProgram(surroundings);
  programs.push(program);
  return program;
}

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

const ready = async (program: RunningProgram): Promise<unknown> => (await fetch(`${program.url}/readyz`)).json();
const lock = (folder: string): string => path.join(folder, 'palier.lock');
const postmaster = (folder: string): number =>
  Number(fs.readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('palier start', () => {
  test('starts on a path with spaces, says each step the first time, and stops cleanly on SIGTERM', async () => {
    const folder = folderFor('données');
    const program = await start({ folder });
    expect(program.run.stdout).toMatch(
      /Base de données créée +\d[\d,]* m?s\n +Base mise à jour \(\d+ migrations\) +\d/,
    );
    expect(await ready(program)).toMatchObject({ ready: true });
    const server = postmaster(folder);
    expect(await program.end('SIGTERM')).toBe(0);
    expect(isAlive(server)).toBe(false);
    expect(fs.existsSync(lock(folder))).toBe(false);
    expect(program.run.stderr).toBe('');

    const again = await start({ folder });
    expect(again.run.stdout).not.toContain('Base');
    expect(await again.end('SIGINT')).toBe(0);
  });

  test('starts from a project whose path has spaces', async () => {
    const folder = folderFor('projet');
    const copy = path.join(folder, 'un projet');
    for (const part of ['src', 'db', 'bin', 'scripts', 'package.json'])
      fs.cpSync(path.join(project, part), path.join(copy, part), { recursive: true });
    fs.symlinkSync(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
    const program = await start({ folder: path.join(copy, 'data'), from: copy });
    expect(await ready(program)).toMatchObject({ ready: true });
  });

  test('starts again after kill -9, with what was committed', async () => {
    const folder = folderFor('kill');
    const first = await start({ folder });
    const added = await palier(
      [
        'users',
        'add',
        '--email',
        'ann@ais.example',
        '--given-name',
        'Ann',
        '--family-name',
        'Peeters',
        '--organisation',
        'AIS Essai',
      ].concat(['--kind', 'agency', '--jurisdiction', 'be-bru', '--roles', 'director', '--password-stdin']),
      { folder, input: 'quatre mots sans rapport\n' },
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(await first.end('SIGKILL')).toBe(null);
    expect(fs.existsSync(lock(folder))).toBe(true);

    const second = await start({ folder });
    const { stdout } = await palier(['users', 'list', '--json'], { folder });
    expect(JSON.parse(stdout).users).toMatchObject([
      { email: 'ann@ais.example', memberships: [{ organisation: 'AIS Essai' }] },
    ]);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  test('refuses a second program on the same folder, names the first, and leaves it alone', async () => {
    const folder = folderFor('deux');
    const first = await start({ folder });
    const second = await palier(['start'], { folder });
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(String(first.pid));
    expect(second.stderr).toContain(first.url);
    expect(await ready(first)).toMatchObject({ ready: true });
    expect(fs.existsSync(lock(folder))).toBe(true);
  });

  test('takes the next port when the one asked for is taken, and says so', async () => {
    const other = net.createServer();
    const taken = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as net.AddressInfo).port));
    });
    const program = await start({ folder: folderFor('port'), env: { PORT: String(taken) } });
    expect(Number(new URL(program.url).port)).toBeGreaterThan(taken);
    expect(program.run.stdout).toContain(`Le port ${taken} est pris par un autre programme`);
    expect(await ready(program)).toMatchObject({ ready: true });
    other.close();
  });

  test('ends with words and code 1 when its database is killed', async () => {
    const folder = folderFor('perte');
    const program = await start({ folder });
    process.kill(postmaster(folder), 'SIGKILL');
    const code = await new Promise<number | null>((resolve) => {
      const look = setInterval(() => {
        if (isAlive(program.pid)) return;
        clearInterval(look);
        resolve(program.end('SIGTERM'));
      }, 50);
    });
    expect(code).toBe(1);
    expect(program.run.stderr).toContain('La base de données s’est arrêtée');
    expect(program.run.stderr).not.toContain('    at ');
  });

  test('uses the server of DATABASE_URL and starts none of its own', async () => {
    const folder = folderFor('serveur');
    const server = inject('serverUrl');
    const name = `start_${process.pid}`;
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name} encoding utf8 template template0`);
    try {
      const env = { DATABASE_URL: databaseUrl(server, name), PALIER_SECRET: testSecret };
      const program = await start({ folder, env });
      expect(await ready(program)).toMatchObject({ ready: true });
      expect(fs.existsSync(path.join(folder, 'postgres'))).toBe(false);
      const backup = await palier(['backup'], { folder, env });
      expect(backup).toMatchObject({ code: 1, stderr: expect.stringContaining('pg_dump') });
      expect(await program.end('SIGTERM')).toBe(0);
    } finally {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    }
  });

  test.each([
    ['a setting that is not one', { PORT: 'quatre' }, 1, 'PORT : doit être un nombre'],
    ['a server that is not there', { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/palier' }, 1, 'ne répond pas'],
    ['an address that is not ours', { HOST: '192.0.2.1' }, 1, 'Corrigez HOST'],
  ])('says in words what is wrong with %s', async (_name, env, code, words) => {
    const run = await palier(['start'], { folder: folderFor('mots'), env });
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(words);
    expect(run.stderr).not.toContain('    at ');
  });
});
