import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { loadMunicipalities } from '../modules/organisations/municipalities.ts';
import { signInProviders } from '../modules/organisations/queries.ts';
import { connectSubscribers } from '../platform/audit/subscribers.ts';
import { type Clock, fixedClock, systemClock } from '../platform/clock.ts';
import { type Config, defaultMailFrom } from '../platform/config.ts';
import { installationSecret, lockFolder } from '../platform/data-folder.ts';
import { chooseDataFolder, databaseAccount } from '../platform/database/account.ts';
import { type Database, openDatabase } from '../platform/database/connection.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../platform/database/embedded.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Api } from '../platform/http/api.ts';
import { createServer } from '../platform/http/server.ts';
import { Identity, unseal } from '../platform/identity/identity.ts';
import { raiseReminders } from '../platform/jobs/reminders.ts';
import { startWorker, type Worker } from '../platform/jobs/worker.ts';
import type { Services } from '../platform/module.ts';
import { OperatorError } from '../platform/operator-error.ts';
import { computeRoutes } from './compute/routes.ts';
import { isEmpty, loadDemonstration } from './demonstration.ts';
import { modules, permissions } from './modules.ts';
import { operations } from './operations.ts';
import { regulationRoutes } from './regulation/routes.ts';
import { checkDatabase, checkMachine, checkMail, checkServer, type Finding, requireSound } from './self-check.ts';
import { workspaceLists } from './workspace/queries.ts';
import { workspaceRoutes } from './workspace/routes.ts';

export const projectFolder = path.resolve(import.meta.dirname, '../..');

export const migrationsFolder = path.join(projectFolder, 'db/migrations');

/** What the start says while it goes on; the command line puts it in words. */
export type StartStep =
  | { step: 'database-made' }
  | { step: 'migrated'; migrations: string[] }
  | { step: 'demonstration'; share: number }
  | { step: 'port-taken'; wanted: number; port: number }
  | { step: 'checked'; findings: Finding[] };

export type Tell = (step: StartStep) => void;

export type OpenedDatabase = {
  folder: string;
  secret: string;
  ownerUrl: string;
  database: Database;
  embedded: EmbeddedServer | undefined;
  close(): Promise<void>;
};

/** How long a stop waits for the statements under way. */
const statementsMs = 2_000;

/** The data folder of a configuration, wherever the program was told or may keep it. */
export const dataFolderOf = (config: Config): string =>
  config.dataFolder ?? chooseDataFolder(projectFolder, databaseAccount());

/** Makes the data folder, if it is missing, so that the account of the database server may pass through it. */
export function makeDataFolder(folder: string): void {
  const first = fs.mkdirSync(folder, { recursive: true });
  if (!first || !databaseAccount()) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) fs.chmodSync(made, 0o755);
}

/**
 * Opens the database of a configuration: the embedded server of the data folder, or the server of `DATABASE_URL`.
 * @param options.bringUp brings its tables to this program's version; without, the database is opened as it is
 * @throws SelfCheckFailed for a server the program cannot work on; MigrationError
 */
export async function openConfiguredDatabase(
  config: Config,
  options: { bringUp: boolean; tell?: Tell },
): Promise<OpenedDatabase> {
  const { bringUp, tell = () => undefined } = options;
  const folder = dataFolderOf(config);
  makeDataFolder(folder);
  const secret = config.secret ?? installationSecret(folder);
  const embedded = config.databaseUrl
    ? undefined
    : await startEmbeddedServer({ project: projectFolder, folder: path.join(folder, 'postgres') });
  const ownerUrl = config.databaseUrl ?? embedded!.url;
  const database = openDatabase({ ownerUrl, secret, prepared: config.preparedStatements });
  const close = async () => {
    // A statement that would go on for an hour ends with the server, or with this process.
    await Promise.race([database.close(), setTimeout(statementsMs, undefined, { ref: false })]);
    await embedded?.stop();
  };
  try {
    if (embedded?.made) tell({ step: 'database-made' });
    requireSound(await checkServer(database.owner));
    if (bringUp) {
      const migrations = await bringUpToDate({ ownerUrl, secret, database });
      if (migrations.length > 0) tell({ step: 'migrated', migrations });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { folder, secret, ownerUrl, database, embedded, close };
}

/**
 * Brings the tables and the public lists of a database to this program's version.
 * @returns the names of the migrations applied now
 * @throws MigrationError
 */
export async function bringUpToDate(
  opened: Pick<OpenedDatabase, 'ownerUrl' | 'secret' | 'database'>,
): Promise<string[]> {
  const { ownerUrl, secret, database } = opened;
  const migrations = await migrate({ ownerUrl, secret, folder: migrationsFolder });
  const { rows } = await database.owner.query<{ known: boolean }>(
    'select exists (select 1 from organisations.municipalities) as known',
  );
  if (migrations.length > 0 || !rows[0]!.known) await loadMunicipalities(database.owner);
  return migrations;
}

export type Program = {
  url: string;
  /** The demonstration was loaded by this start. */
  demonstrationLoaded: boolean;
  database: Database;
  server: FastifyInstance;
  api: Api;
  /** Settles when the program cannot go on: its database ended. */
  lost: Promise<string>;
  stop(): Promise<void>;
};

/** Builds the HTTP server with every route, without listening: the program and the HTTP tests share it. */
export async function buildServer(options: {
  config: Config;
  database: Database;
  secret: string;
  clock: Clock;
  uploadFolder: string;
  webFolder?: string;
  baseUrl: () => string;
}): Promise<{ server: FastifyInstance; api: Api; services: Services }> {
  const { config, database, secret, clock } = options;
  const server = await createServer({
    logLevel: config.logLevel,
    webFolder: options.webFolder,
    behindProxy: config.publicUrl !== undefined,
  });
  const providers = (await signInProviders(database)).map((row) => ({
    id: row.id,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecret: unseal(secret, row.client_secret),
  }));
  const identity = new Identity({ database, secret, baseUrl: options.baseUrl(), providers });
  const services: Services = {
    config,
    database,
    identity,
    clock,
    secret,
    baseUrl: options.baseUrl,
    uploadFolder: options.uploadFolder,
    lists: [...modules.flatMap((module) => module.lists ?? []), ...workspaceLists],
  };
  const api = new Api(server, { database, secret, permissions, today: () => clock.today() });
  for (const module of modules) module.routes?.(api, services);
  computeRoutes(api);
  workspaceRoutes(api);
  regulationRoutes(api);
  operations(server, api, services);
  connectSubscribers(modules.flatMap((module) => module.subscribes ?? []));
  return { server, api, services };
}

/** How long a stop waits for the requests under way. */
const requestsMs = 10_000;

/**
 * Starts everything: database, migrations, demonstration, HTTP, jobs.
 * @param options.signal gives up: what has been started is stopped, in the reverse order
 * @throws FolderInUse, SelfCheckFailed, EmbeddedServerError, MigrationError, PortError
 */
export async function startProgram(
  config: Config,
  options: { tell?: Tell; signal?: AbortSignal } = {},
): Promise<Program> {
  const { tell = () => undefined, signal } = options;
  const closing: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let close = closing.pop(); close; close = closing.pop()) await close();
  };
  const started = (close: () => Promise<void> | void) => {
    closing.push(close);
    signal?.throwIfAborted();
  };
  try {
    const folder = dataFolderOf(config);
    makeDataFolder(folder);
    const findings = checkMachine(config, projectFolder, folder);
    requireSound(findings);
    const mail = checkMail(config);
    const lock = config.databaseUrl ? undefined : await lockFolder(folder, 'start');
    started(() => lock?.release());

    const opened = await openConfiguredDatabase(config, { bringUp: true, tell });
    started(() => opened.close());
    findings.push(...(await checkDatabase(opened.database.owner, opened.secret, migrationsFolder)));
    requireSound(findings);
    const clock = config.today ? fixedClock(config.today) : systemClock;
    const demonstrationLoaded = config.demo && (await loadIfEmpty(opened, clock, tell, signal));
    signal?.throwIfAborted();

    const uploadFolder = path.join(folder, 'uploads');
    fs.mkdirSync(uploadFolder, { recursive: true });
    const { server, api, url } = await listen(config, tell, (baseUrl) =>
      buildServer({
        config,
        database: opened.database,
        secret: opened.secret,
        clock,
        uploadFolder,
        webFolder: path.join(projectFolder, 'dist'),
        baseUrl: () => baseUrl,
      }),
    );
    let worker: Worker | undefined;
    closing.push(() => worker?.stop());
    started(() => closeServer(server));
    worker = await startWorker({
      database: opened.database,
      ownerUrl: opened.ownerUrl,
      clock,
      uploadFolder,
      mail: { smtpUrl: config.smtpUrl, from: config.mailFrom ?? defaultMailFrom, baseUrl: url },
      jobs: modules.flatMap((module) => module.jobs ?? []) as never,
      schedules: [raiseReminders, ...modules.flatMap((module) => module.schedules ?? [])],
      onFault: (error) => server.log.error({ err: error }, 'job'),
    });
    signal?.throwIfAborted();
    lock?.announce(url);
    closing.push(() => lock?.leave());
    findings.push(await mail);
    tell({ step: 'checked', findings });
    const lost = opened.embedded?.lost ?? new Promise<string>(() => undefined);
    return { url, demonstrationLoaded, database: opened.database, server, api, lost, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Loads the demonstration into an empty database. Given up half-way, it leaves nothing: it is one transaction. */
async function loadIfEmpty(opened: OpenedDatabase, clock: Clock, tell: Tell, signal?: AbortSignal): Promise<boolean> {
  const { owner } = opened.database;
  if (!(await isEmpty(owner))) return false;
  const giveUp = () => void opened.embedded?.stop();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await loadDemonstration(owner, clock.today(), (share) => tell({ step: 'demonstration', share }));
    return true;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** No address to listen at. */
export class PortError extends OperatorError {}

const portsTried = 50;

/** Serves at the port asked for, else 4000; when it is taken, at the next free one. */
async function listen<Built extends { server: FastifyInstance }>(
  config: Config,
  tell: Tell,
  build: (baseUrl: string) => Promise<Built>,
): Promise<Built & { url: string }> {
  const wanted = config.port ?? 4_000;
  for (let from = wanted; from < wanted + portsTried; from++) {
    const port = await firstFreePort(config.host, from, wanted + portsTried);
    const url = config.publicUrl ?? `http://${displayedHost(config.host)}:${port}`;
    const built = await build(url);
    try {
      await built.server.listen({ port, host: config.host });
    } catch (error) {
      await built.server.close();
      // Another program took it between the look and the call.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      from = port;
      continue;
    }
    if (wanted !== 0 && port !== wanted) tell({ step: 'port-taken', wanted, port });
    return { ...built, url };
  }
  throw noFreePort(config.host, wanted);
}

const displayedHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

const noFreePort = (host: string, wanted: number) =>
  new PortError(
    `Aucun port libre de ${wanted} à ${wanted + portsTried - 1} sur ${host}. Choisissez-en un autre avec PORT.`,
  );

/** @throws PortError when this machine refuses the address itself, or every port is taken */
async function firstFreePort(host: string, from: number, end: number): Promise<number> {
  for (let port = from; port < end; port++) {
    const answer = await tryPort(host, port);
    if (typeof answer === 'number') return answer;
    if (answer.code === 'EACCES')
      throw new PortError(`Le port ${port} est réservé à l’administrateur. Choisissez un PORT à partir de 1024.`);
    if (answer.code !== 'EADDRINUSE')
      throw new PortError(`Cette machine n’a pas l’adresse ${host} (${answer.code}). Corrigez HOST.`);
  }
  throw noFreePort(host, end - portsTried);
}

/** @returns the port, once it is known to be free, or why not */
function tryPort(host: string, port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', resolve);
    probe.listen(port, host, () => {
      const { port: bound } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(bound));
    });
  });
}

/** Lets requests under way end; those that take too long are cut. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const closed = server.close();
  await Promise.race([closed, setTimeout(requestsMs, undefined, { ref: false })]);
  server.server.closeAllConnections();
  await closed;
}
