import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrationsFolder, projectFolder } from '../src/app/program.ts';
import { newId } from '../src/kernel/id.ts';
import { loadMunicipalities } from '../src/modules/organisations/municipalities.ts';
import type { OrganisationKind, Role } from '../src/modules/organisations/rules/roles.ts';
import { type Database, openDatabase } from '../src/platform/database/connection.ts';
import { startEmbeddedServer } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';

/** What benches measure on: a database as an installation has it, the program in a process of its own, a signed-in person. */

export const benchSecret = 'a secret for benches only, known to all';

/** A folder for one bench, which the account of the database server may pass through; removed by `close`. */
export function benchFolder(name: string): { folder: string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `palier-bench-${name}-`));
  fs.chmodSync(folder, 0o755);
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

export type BenchDatabase = { folder: string; ownerUrl: string; database: Database; close(): Promise<void> };

/** An empty database at this version, on an embedded server of its own, with the settings of an installation. */
export async function openBenchDatabase(name: string): Promise<BenchDatabase> {
  const { folder, remove } = benchFolder(name);
  const server = await startEmbeddedServer({ project: projectFolder, folder: path.join(folder, 'postgres') });
  const database = openDatabase({ ownerUrl: server.url, secret: benchSecret, prepared: true });
  await migrate({ ownerUrl: server.url, secret: benchSecret, folder: migrationsFolder });
  await loadMunicipalities(database.owner);
  return {
    folder,
    ownerUrl: server.url,
    database,
    async close() {
      await database.close();
      await server.stop();
      remove();
    },
  };
}

export async function anOrganisation(database: Database, kind: OrganisationKind): Promise<string> {
  const id = newId();
  await database.owner.query(
    `insert into organisations.organisations (id, name, short_name, jurisdiction, kind) values ($1, $2, $2, $3, $4)`,
    [id, `${kind} ${id.slice(-4)}`, kind === 'agency' ? 'be-bru' : 'fr-idf', kind],
  );
  return id;
}

export type Person = { userId: string; headers: Record<string, string> };

/** A person signed in for an organisation: the headers of every request of theirs. */
export async function aPerson(database: Database, organisationId: string, roles: Role[]): Promise<Person> {
  const userId = randomUUID();
  const email = `${userId.slice(0, 8)}@bench.example`;
  const token = randomBytes(24).toString('base64url');
  const run = (text: string, values: unknown[]) => database.owner.query(text, values);
  await run(
    `insert into auth."user" ("id", "name", "email", "emailVerified") values ($1, 'Nadia Belkacem', $2, true)`,
    [userId, email],
  );
  await run(
    `insert into auth."session" ("id", "expiresAt", "token", "updatedAt", "userId")
     values ($1, now() + interval '1 day', $2, now(), $3)`,
    [randomUUID(), token, userId],
  );
  await run(
    `insert into organisations.users (id, email, given_name, family_name) values ($1, $2, 'Nadia', 'Belkacem')`,
    [userId, email],
  );
  await run(
    `insert into organisations.memberships (organisation_id, user_id, roles, starts_on) values ($1, $2, $3, '2020-01-01')`,
    [organisationId, userId, roles],
  );
  const signature = createHmac('sha256', benchSecret).update(token).digest('base64');
  return {
    userId,
    headers: {
      cookie: `palier.session_token=${encodeURIComponent(`${token}.${signature}`)}`,
      'palier-organisation': organisationId,
      'accept-language': 'fr',
    },
  };
}

export type RunningServer = { url: string; pid: number; stop(): Promise<void> };

/** The program as `npx palier start` runs it, on the database of a bench. @param env what is set besides */
export const startProduct = (
  { folder, ownerUrl }: BenchDatabase,
  env: Record<string, string> = {},
): Promise<RunningServer> =>
  startServer([path.join(projectFolder, 'bin/palier.mjs'), 'start'], {
    PALIER_DATA: folder,
    PALIER_DEMO: '0',
    PALIER_SECRET: benchSecret,
    DATABASE_URL: ownerUrl,
    PORT: '0',
    ...env,
  });

/**
 * Runs a server in a process of its own and waits until it says its address.
 * @throws Error with what it said when it ends before
 */
export async function startServer(args: readonly string[], env: Record<string, string>): Promise<RunningServer> {
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: { ...withoutSettings(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await addressSaid(child);
  return { url, pid: child.pid!, stop: () => ended(child, 'SIGTERM') };
}

/** The environment without the settings of Palier that the person at the keyboard may have. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, PORT: _port, HOST: _host, ...rest } = env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('PALIER_')));
}

/** Waits for the line `Palier : http://…` of a server. */
export function addressSaid(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (text) => {
        said += text;
        const url = /^Palier : (\S+)$/m.exec(said)?.[1];
        if (url) resolve(url);
      });
    }
    child.once('exit', () => reject(new Error(`The server did not start:\n${said}`)));
  });
}

export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
