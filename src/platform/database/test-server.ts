import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedServer } from './embedded.ts';
import { migrate } from './migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    serverUrl: string;
  }
}

const project = path.resolve(import.meta.dirname, '../../..');

export const testSecret = 'a secret for tests only, known to all';

/**
 * Runs once before the database tests: a PostgreSQL server of its own and a migrated template, from which each test
 * file clones its database in some 50 ms. `TEST_DATABASE_URL` uses another server (CI runs PostgreSQL 15 too).
 */
export default async function setup(context: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const folder = given ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), 'palier-test-'));
  if (folder) fs.chmodSync(folder, 0o755);
  const server = folder
    ? await startEmbeddedServer({
        project,
        folder: path.join(folder, 'postgres'),
        // The data of a test is thrown away: no need to reach the disk.
        // Commits stay synchronous: VACUUM calls no page visible whose commit is still to be flushed.
        extraSettings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
      })
    : undefined;
  const serverUrl = given ?? server!.url;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query('drop database if exists palier_template with (force)');
  await admin.query('create database palier_template encoding utf8 template template0');
  await admin.end();
  await migrate({
    ownerUrl: databaseUrl(serverUrl, 'palier_template'),
    secret: testSecret,
    folder: path.join(project, 'db/migrations'),
  });
  context.provide('serverUrl', serverUrl);
  return async () => {
    await server?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  };
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
