import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import pg from 'pg';
import { extract, type Header, type Pack, pack } from 'tar-stream';
import { OperatorError } from '../operator-error.ts';

/** A backup cannot be made or put back. */
export class BackupError extends OperatorError {}

/** What a backup says of itself, first in its file: enough to refuse it before anything is written. */
export type BackupFacts = {
  /** Shape of the file. */
  format: 1;
  createdAt: string;
  /** Version of the program. */
  version: string;
  /** Major version of PostgreSQL: its data folder is not that of another. */
  postgres: number;
  migrations: string[];
  /** Where each organisation's journal stood when the backup began: what was put back must contain it. */
  journals: { organisationId: string; seq: number; hash: string }[];
  /** The secret was a setting of the environment, and is not in the file. */
  secretElsewhere: boolean;
};

export const format = 1;
const factsName = 'palier-backup.json';
const checksumsName = 'checksums.json';
/** Beside the database: without the first, sealed secrets and one-time codes are lost; without the second, its doors. */
const secrets = ['secret', 'database-password'];

type Entry = AsyncIterable<Buffer> & { header: Header; resume(): unknown };
type Checksums = Record<string, { size: number; sha256: string }>;

// Making -------------------------------------------------------------------------------------------------------------

/**
 * Copies a running database into one compressed file, without stopping anybody: PostgreSQL's own way of an online copy
 * (`pg_backup_start`, the files as they are found, `pg_backup_stop`, then the log written meanwhile, which makes them
 * whole again). Tables filled again at each use (`unlogged`) are left out, as PostgreSQL would empty them.
 * @param folder the data folder of the program
 * @param file written under another name first: a backup cut short never looks like one
 * @param progress called with the share done, from 0 to 1
 * @throws BackupError
 */
export async function backUp(options: {
  ownerUrl: string;
  folder: string;
  file: string;
  facts: Omit<BackupFacts, 'format'>;
  progress?: (share: number) => void;
}): Promise<{ bytes: number; compressedBytes: number; files: number }> {
  const { folder, file, progress = () => undefined } = options;
  const source = path.join(folder, 'postgres');
  if (fs.readdirSync(path.join(source, 'pg_tblspc')).length > 0) {
    throw new BackupError(
      'Cette base a des espaces de tables (tablespaces) hors de son dossier : sauvegardez-la avec pg_basebackup.',
    );
  }
  const partial = `${file}.part`;
  const tar = pack();
  const session = new pg.Client({ connectionString: options.ownerUrl });
  await session.connect();
  try {
    // The slot keeps the log this copy needs, however long it lasts; it goes with the session.
    await session.query(`select pg_create_physical_replication_slot('palier_backup_${process.pid}', true, true)`);
    await session.query("select pg_backup_start('palier', true)");
    const written = pipeline(
      tar,
      zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }),
      fs.createWriteStream(partial, { mode: 0o600, flush: true }),
    );
    const [bytes, checksums] = await Promise.race([
      fill(tar, session, options, progress),
      // A full disk ends the pipeline: it must end the filling too.
      written.then(() => Promise.reject(new BackupError('La sauvegarde s’est interrompue.'))),
    ]);
    await written;
    fs.renameSync(partial, file);
    return { bytes, compressedBytes: fs.statSync(file).size, files: Object.keys(checksums).length };
  } catch (error) {
    tar.destroy();
    fs.rmSync(partial, { force: true });
    throw error;
  } finally {
    await session.end();
  }
}

async function fill(
  tar: Pack,
  session: pg.Client,
  options: { folder: string; facts: Omit<BackupFacts, 'format'> },
  progress: (share: number) => void,
): Promise<[bytes: number, checksums: Checksums]> {
  const { folder } = options;
  const source = path.join(folder, 'postgres');
  const checksums: Checksums = {};
  let bytes = 0;
  const add = async (name: string, content: Buffer | { file: string; size: number }) => {
    const size = Buffer.isBuffer(content) ? content.length : content.size;
    checksums[name] = {
      size,
      sha256: await addEntry(tar, name, size, Buffer.isBuffer(content) ? [content] : exactly(content)),
    };
    bytes += size;
  };
  await add(factsName, Buffer.from(JSON.stringify({ format, ...options.facts }, null, 2)));
  for (const name of secrets) {
    if (fs.existsSync(path.join(folder, name))) await add(name, fs.readFileSync(path.join(folder, name)));
  }

  const { folders, files } = look(source);
  for (const name of folders) tar.entry({ name: `postgres/${name}`, type: 'directory', mode: 0o700 });
  const total = files.reduce((sum, found) => sum + found.size, 0);
  let done = 0;
  for (const { name, size } of files) {
    if (fs.existsSync(path.join(source, name))) await add(`postgres/${name}`, { file: path.join(source, name), size });
    done += size;
    progress(done / total);
  }
  await add('postgres/global/pg_control', await steadyCopy(path.join(source, 'global', 'pg_control')));

  const { rows } = await session.query<{ labelfile: string; last: string }>(
    'select labelfile, pg_walfile_name(lsn) as last from pg_backup_stop(false)',
  );
  const { labelfile, last } = rows[0]!;
  await add('postgres/backup_label', Buffer.from(labelfile));
  const [, first] = /^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$/m.exec(labelfile)!;
  const logs = fs
    .readdirSync(path.join(source, 'pg_wal'))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first! && name <= last);
  for (const name of logs.sort()) {
    const file = path.join(source, 'pg_wal', name);
    await add(`postgres/pg_wal/${name}`, { file, size: fs.statSync(file).size });
  }
  await addEntry(tar, checksumsName, undefined, [Buffer.from(JSON.stringify(checksums))]);
  tar.finalize();
  return [bytes, checksums];
}

/** @returns the SHA-256 of what was written */
async function addEntry(
  tar: Pack,
  name: string,
  size: number | undefined,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<string> {
  const content = size === undefined ? [...(chunks as Iterable<Buffer>)] : chunks;
  const length = size ?? (content as Buffer[]).reduce((sum, chunk) => sum + chunk.length, 0);
  const hash = createHash('sha256');
  const finished = Promise.withResolvers<void>();
  const entry = tar.entry({ name, size: length, mode: 0o600 }, (error) =>
    error ? finished.reject(error) : finished.resolve(),
  );
  // The reason comes by the callback; what is torn down with the archive has nothing to add.
  entry.on('error', () => undefined);
  finished.promise.catch(() => undefined);
  for await (const chunk of content) {
    hash.update(chunk);
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), finished.promise]);
  }
  entry.end(null);
  await finished.promise;
  return hash.digest('hex');
}

/**
 * A file of the database as it is while it changes: exactly the size it had when it was found. What grew since is in the
 * log; what shrank or went is filled with zeros, and the log says so too.
 */
async function* exactly({ file, size }: { file: string; size: number }): AsyncGenerator<Buffer> {
  let left = size;
  const opened = await fs.promises.open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  try {
    while (opened && left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(left, 1 << 18));
      const { bytesRead } = await opened.read(chunk, 0, chunk.length);
      if (bytesRead === 0) break;
      left -= bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await opened?.close();
  }
  for (; left > 0; left -= Math.min(left, 1 << 18)) yield Buffer.alloc(Math.min(left, 1 << 18));
}

/** The control file has no log to mend it: it is read until two readings agree. */
async function steadyCopy(file: string): Promise<Buffer> {
  for (let before = fs.readFileSync(file), attempt = 0; attempt < 100; attempt++) {
    const again = fs.readFileSync(file);
    if (again.equals(before)) return again;
    before = again;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new BackupError(`${file} change sans cesse. Recommencez.`);
}

/** Folders kept without what is in them: PostgreSQL makes it anew. `pg_wal` is copied apart, last. */
const emptied = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const leftOut =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|pg_internal\.init.*|pgsql_tmp.*|current_logfiles)$/;

function look(source: string): { folders: string[]; files: { name: string; size: number }[] } {
  const folders: string[] = ['pg_wal/archive_status', 'pg_wal/summaries'];
  const files: { name: string; size: number }[] = [];
  const visit = (folder: string) => {
    folders.push(folder);
    if (emptied.includes(folder)) return;
    const entries = fs
      .readdirSync(path.join(source, folder), { withFileTypes: true })
      .filter(({ name }) => !leftOut.test(name));
    const unlogged = new Set(
      entries.flatMap(({ name }) => (name.endsWith('_init') ? [name.slice(0, -'_init'.length)] : [])),
    );
    for (const entry of entries) {
      const name = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) visit(name);
      else if (name !== 'global/pg_control' && !isUnlogged(entry.name, unlogged)) {
        const size = fs.statSync(path.join(source, name), { throwIfNoEntry: false })?.size;
        if (size !== undefined) files.push({ name, size });
      }
    }
  };
  visit('');
  return { folders: folders.filter(Boolean), files };
}

/** `16402`, `16402.1`, `16402_fsm` belong to the table 16402; its `_init` says it is unlogged, and stays. */
const isUnlogged = (name: string, unlogged: ReadonlySet<string>): boolean =>
  !name.endsWith('_init') && unlogged.has(name.replace(/[._].*$/, ''));

// Putting back -------------------------------------------------------------------------------------------------------

/**
 * Unpacks a backup into an empty folder and verifies every byte of it. Nothing is started.
 * @param accept throws when the facts say that this program cannot take it: called before anything is written
 * @throws BackupError when the file is not a backup, is cut short or was altered
 */
export async function unpack(file: string, folder: string, accept: (facts: BackupFacts) => void): Promise<BackupFacts> {
  const found: Checksums = {};
  let facts: BackupFacts | undefined;
  let declared: Checksums | undefined;
  const archive = extract();
  const reading = pipeline(fs.createReadStream(file), zlib.createZstdDecompress(), archive);
  const unpacking = (async () => {
    for await (const entry of archive as unknown as AsyncIterable<Entry>) {
      const { name, type } = entry.header;
      if (!facts && name !== factsName) throw new BackupError(`${file} n’est pas une sauvegarde de Palier.`);
      if (type === 'directory') {
        fs.mkdirSync(inside(folder, name), { recursive: true, mode: 0o700 });
        entry.resume();
        continue;
      }
      if (type !== 'file' || declared)
        throw new BackupError(`${file} contient ${name}, qu’une sauvegarde de Palier n’a pas.`);
      if (name === factsName || name === checksumsName) {
        const content = await wholeOf(entry);
        if (name === checksumsName) declared = JSON.parse(content.toString('utf8')) as Checksums;
        else {
          facts = JSON.parse(content.toString('utf8')) as BackupFacts;
          accept(facts);
          found[name] = { size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
        }
        continue;
      }
      found[name] = await writeOut(entry, inside(folder, name));
    }
  })();
  const [unpacked, read] = await Promise.allSettled([unpacking, reading]);
  // When one of the two fails the other follows: our own refusal and the disk's are reasons, the rest is a bad file.
  for (const outcome of [unpacked, read]) {
    if (outcome.status === 'fulfilled') continue;
    const reason = outcome.reason as NodeJS.ErrnoException;
    if (reason instanceof OperatorError || reason.syscall) throw reason;
  }
  if (unpacked.status === 'rejected' || read.status === 'rejected' || !facts || !declared) throw notWhole(file);
  requireEqual(file, declared, found);
  return facts;
}

const notWhole = (file: string): BackupError =>
  new BackupError(
    `${file} n’est pas une sauvegarde entière : la copie a été interrompue, ou ce n’est pas un fichier de Palier. Prenez-en une autre.`,
  );

/** @throws BackupError for a name that would lead out of the folder */
function inside(folder: string, name: string): string {
  const target = path.resolve(folder, name);
  if (!target.startsWith(`${path.resolve(folder)}${path.sep}`))
    throw new BackupError(`La sauvegarde contient un chemin interdit : ${name}.`);
  return target;
}

async function wholeOf(entry: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function writeOut(entry: AsyncIterable<Buffer>, target: string): Promise<{ size: number; sha256: string }> {
  fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let size = 0;
  const file = await fs.promises.open(target, 'wx', 0o600);
  try {
    for await (const chunk of entry) {
      hash.update(chunk);
      size += chunk.length;
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** @throws BackupError naming the first file that is not what the backup says */
function requireEqual(file: string, declared: Checksums, found: Checksums): void {
  const names = new Set([...Object.keys(declared), ...Object.keys(found)]);
  for (const name of names) {
    if (declared[name]?.sha256 === found[name]?.sha256) continue;
    throw new BackupError(
      `${file} a été altéré : ${name} n’a pas l’empreinte attendue. Rien n’a été remis en place ; prenez une autre sauvegarde.`,
    );
  }
}
