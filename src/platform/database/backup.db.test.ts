import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import pg from 'pg';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseAccount, giveTo } from './account.ts';
import { type BackupFacts, backUp, unpack } from './backup.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const facts = {
  createdAt: '2026-11-22T03:20:00.000Z',
  version: '0.1.0',
  postgres: 18,
  migrations: [],
  journals: [],
  secretElsewhere: false,
};

let folder: string;
let server: EmbeddedServer;
let pool: pg.Pool;
let file: string;
/** Rows committed before the backup began. */
let before: number;
/** Rows committed when it was over. */
let after: number;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier backup '));
  fs.chmodSync(folder, 0o755);
  fs.mkdirSync(path.join(folder, 'data'));
  fs.writeFileSync(path.join(folder, 'data', 'secret'), 'the secret');
  server = await startEmbeddedServer({ project, folder: path.join(folder, 'data', 'postgres') });
  pool = new pg.Pool({ connectionString: server.url, max: 8 });
  // The end of a pool does not wait for its connections: the server may close some first.
  pool.on('error', () => undefined);
  await pool.query(`create table written (id bigint primary key, text text);
    create unlogged table fleeting as select generate_series(1, 50000) as number;
    insert into written select number, repeat('palier ', 20) from generate_series(1, 100000) number`);
  file = path.join(folder, 'backup.tar.zst');
  [before, after] = await whileWriting(() =>
    backUp({ ownerUrl: server.url, folder: path.join(folder, 'data'), file, facts }),
  );
});
afterAll(async () => {
  await pool.end();
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Four people write rows, and a fifth makes and drops tables, before, during and after the work. */
async function whileWriting(work: () => Promise<unknown>): Promise<[before: number, after: number]> {
  let next = 100_000;
  let committed = 100_000;
  let over = false;
  const writers = Array.from({ length: 4 }, async () => {
    while (!over) {
      await pool.query('insert into written values ($1, $2)', [++next, 'written meanwhile']);
      committed += 1;
    }
  });
  const maker = (async () => {
    for (let number = 0; !over; number++) {
      await pool.query(`create table made_${number} as select generate_series(1, 2000) as number`);
      if (number > 0) await pool.query(`drop table made_${number - 1}`);
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const start = committed;
  await work();
  const end = committed;
  over = true;
  await Promise.all([...writers, maker]);
  return [start, end];
}

const take = (name: string) => {
  const target = path.join(folder, name);
  fs.mkdirSync(target);
  return target;
};

/** The same file with some of its entries changed, or left out. */
async function rewritten(
  name: string,
  change: (entry: string, content: Buffer) => Buffer | undefined,
): Promise<string> {
  const [reading, writing] = [extract(), pack()];
  const target = path.join(folder, name);
  const written = pipeline(writing, zlib.createZstdCompress(), fs.createWriteStream(target));
  const read = pipeline(fs.createReadStream(file), zlib.createZstdDecompress(), reading);
  for await (const entry of reading) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const content = change(entry.header.name, Buffer.concat(chunks));
    if (content) writing.entry({ ...entry.header, size: content.length }, content);
  }
  await read;
  writing.finalize();
  await written;
  return target;
}

describe('a backup made while people write', () => {
  test('is readable by its owner alone, and leaves nothing half-made', () => {
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('holds every row committed before it began, and starts', async () => {
    const target = take('restored');
    let seen: BackupFacts | undefined;
    const found = await unpack(file, target, (given) => {
      seen = given;
    });
    expect(found).toEqual({ format: 1, ...facts });
    expect(seen).toEqual(found);
    expect(fs.readFileSync(path.join(target, 'secret'), 'utf8')).toBe('the secret');
    giveTo(databaseAccount(), path.join(target, 'postgres'));
    const restored = await startEmbeddedServer({ project, folder: path.join(target, 'postgres') });
    const client = new pg.Client({ connectionString: restored.url });
    await client.connect();
    const { rows } = await client.query(
      `select count(*)::int as written, max(id)::int as last, (select count(*)::int from fleeting) as fleeting,
         (select count(*)::int from pg_replication_slots) as slots from written`,
    );
    // Reads every row, and writes.
    await client.query('reindex table written');
    await client.end();
    await restored.stop();
    expect(after).toBeGreaterThan(before);
    expect(rows[0].written).toBeGreaterThanOrEqual(before);
    expect(rows[0].written).toBeLessThanOrEqual(after + 8);
    // An unlogged table is empty after a crash, which a copy looks like; the slot of the backup stayed behind.
    expect(rows[0]).toMatchObject({ fleeting: 0, slots: 0 });
  });

  test.each([
    // what happened to the file                                                       what is said
    ['cut short', () => cut(0.7), 'n’est pas une sauvegarde entière'],
    ['one byte of it changed', () => flipped(0.5), 'n’est pas une sauvegarde entière'],
    [
      'a file in it changed',
      () => rewritten('changed', (name, content) => (name === 'secret' ? Buffer.from('the sacret') : content)),
      'secret n’a pas l’empreinte attendue',
    ],
    [
      'a file in it missing',
      () => rewritten('without', (name, content) => (name === 'secret' ? undefined : content)),
      'secret n’a pas l’empreinte attendue',
    ],
    [
      'its list of checksums missing',
      () => rewritten('unlisted', (name, content) => (name === 'checksums.json' ? undefined : content)),
      'n’est pas une sauvegarde entière',
    ],
    ['something else', () => text('palier'), 'n’est pas une sauvegarde'],
    ['nothing', () => path.join(folder, 'no such file'), 'ENOENT'],
  ])('is refused when it is %s', async (_name, made, words) => {
    await expect(unpack(await made(), take(`refused-${Math.random()}`), () => undefined)).rejects.toThrow(words);
  });

  test('is refused before anything is written when its facts are not acceptable', async () => {
    const target = take('unacceptable');
    const refuse = () => {
      throw new Error('newer');
    };
    await expect(unpack(file, target, refuse)).rejects.toThrow();
    expect(fs.readdirSync(target)).toEqual([]);
  });

  test('never leads out of its folder', async () => {
    const target = path.join(folder, 'leading-out');
    const writing = pack();
    const written = pipeline(writing, zlib.createZstdCompress(), fs.createWriteStream(target));
    writing.entry({ name: 'palier-backup.json' }, JSON.stringify(facts));
    writing.entry({ name: '../escaped' }, 'x');
    writing.finalize();
    await written;
    await expect(unpack(target, take('inside'), () => undefined)).rejects.toThrow('chemin interdit');
    expect(fs.existsSync(path.join(folder, 'escaped'))).toBe(false);
  });

  test('cannot be written where there is no place for it, and says so', async () => {
    const target = path.join(folder, 'no such folder', 'backup');
    await expect(
      backUp({ ownerUrl: server.url, folder: path.join(folder, 'data'), file: target, facts }),
    ).rejects.toThrow('ENOENT');
    const { rows } = await pool.query('select count(*)::int as slots from pg_replication_slots');
    expect(rows[0].slots).toBe(0);
  });
});

function cut(share: number): string {
  const content = fs.readFileSync(file);
  return put('cut', content.subarray(0, Math.floor(content.length * share)));
}

function flipped(share: number): string {
  const content = fs.readFileSync(file);
  const at = Math.floor(content.length * share);
  content[at] = content[at]! ^ 1;
  return put('flipped', content);
}

const text = (content: string) => put('text', Buffer.from(content));

function put(name: string, content: Buffer): string {
  fs.writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}
