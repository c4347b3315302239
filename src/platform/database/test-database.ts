import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from './connection.ts';
import { databaseUrl, testSecret } from './test-server.ts';

export type TestDatabase = { database: Database; ownerUrl: string; drop(): Promise<void> };

/** A database of its own for a test file, cloned from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `create database ${name} template palier_template`);
  const ownerUrl = databaseUrl(serverUrl, name);
  const database = openDatabase({ ownerUrl, secret: testSecret, prepared: true });
  return {
    database,
    ownerUrl,
    async drop() {
      await database.close();
      await administer(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
