import fs from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadMunicipalities } from '../modules/organisations/municipalities.ts';
import { signInProviders } from '../modules/organisations/queries.ts';
import { connectSubscribers } from '../platform/audit/subscribers.ts';
import { type Clock, fixedClock, systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
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
import { modules, permissions } from './modules.ts';
import { operations } from './operations.ts';
import { workspaceRoutes } from './workspace/routes.ts';

export const projectFolder = path.resolve(import.meta.dirname, '../..');

/** What the start says while it goes on: shown by the command line. */
export type Tell = (what: string, detail?: string) => void;

export type OpenedDatabase = {
  folder: string;
  secret: string;
  ownerUrl: string;
  database: Database;
  embedded: EmbeddedServer | undefined;
  close(): Promise<void>;
};

/** The data folder of a configuration, made when missing. */
export function dataFolderOf(config: Config): string {
  const folder = config.dataFolder ?? chooseDataFolder(projectFolder, databaseAccount());
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Opens the database of a configuration and brings it to this program's version: the embedded server of the data
 * folder, or the server of `DATABASE_URL`.
 */
export async function openConfiguredDatabase(config: Config, tell: Tell = () => undefined): Promise<OpenedDatabase> {
  const folder = dataFolderOf(config);
  const secret = config.secret ?? installationSecret(folder);
  const embedded = config.databaseUrl
    ? undefined
    : await startEmbeddedServer({ project: projectFolder, folder: path.join(folder, 'postgres') });
  const ownerUrl = config.databaseUrl ?? embedded!.url;
  tell('database', embedded ? (embedded.adopted ? 'adopted' : 'started') : 'server');
  const applied = await migrate({ ownerUrl, secret, folder: path.join(projectFolder, 'db/migrations') });
  if (applied.length > 0) tell('migrated', String(applied.length));
  const database = openDatabase({ ownerUrl, secret, prepared: config.preparedStatements });
  if (applied.length > 0) await loadMunicipalities(database.owner);
  return {
    folder,
    secret,
    ownerUrl,
    database,
    embedded,
    async close() {
      await database.close();
      await embedded?.stop();
    },
  };
}

export type Program = {
  url: string;
  database: Database;
  server: FastifyInstance;
  api: Api;
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
  };
  const api = new Api(server, { database, secret, permissions, today: () => clock.today() });
  for (const module of modules) module.routes?.(api, services);
  workspaceRoutes(api);
  operations(server, api, services);
  connectSubscribers(modules.flatMap((module) => module.subscribes ?? []));
  return { server, api, services };
}

/** Starts everything: database, migrations, demonstration, jobs, HTTP. */
export async function startProgram(config: Config, tell: Tell = () => undefined): Promise<Program> {
  const folder = dataFolderOf(config);
  const lock = config.databaseUrl ? undefined : lockFolder(folder, 'palier start');
  const closing: (() => Promise<void> | void)[] = [() => lock?.release()];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const opened = await openConfiguredDatabase(config, tell);
    closing.push(() => opened.close());
    const clock = config.today ? fixedClock(config.today) : systemClock;
    const uploadFolder = path.join(folder, 'uploads');
    fs.mkdirSync(uploadFolder, { recursive: true });

    let url = '';
    const port = await firstFreePort(config);
    const baseUrl = config.publicUrl ?? `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`;
    const { server, api } = await buildServer({
      config,
      database: opened.database,
      secret: opened.secret,
      clock,
      uploadFolder,
      webFolder: path.join(projectFolder, 'dist'),
      baseUrl: () => baseUrl,
    });
    closing.push(() => server.close());
    const worker: Worker = await startWorker({
      database: opened.database,
      ownerUrl: opened.ownerUrl,
      clock,
      jobs: modules.flatMap((module) => module.jobs ?? []) as never,
      schedules: [raiseReminders, ...modules.flatMap((module) => module.schedules ?? [])],
      onFault: (error) => server.log.error({ err: error }, 'job'),
    });
    closing.push(() => worker.stop());
    await server.listen({ port, host: config.host });
    url = baseUrl;
    lock?.announce(url);
    return { url, database: opened.database, server, api, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port asked for, else 4000; when it is taken, the next free one. */
async function firstFreePort(config: Config): Promise<number> {
  const { createServer: createProbe } = await import('node:net');
  const wanted = config.port ?? 4000;
  for (let port = wanted; port < wanted + 50; port++) {
    const free = await new Promise<number | undefined>((resolve) => {
      const probe = createProbe();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, config.host, () => {
        const { port: bound } = probe.address() as { port: number };
        probe.close(() => resolve(bound));
      });
    });
    if (free !== undefined) return free;
  }
  throw new Error(`No free port between ${wanted} and ${wanted + 49} on ${config.host}.`);
}
