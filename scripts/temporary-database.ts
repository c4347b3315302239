import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedServer } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';

export const projectFolder = path.resolve(import.meta.dirname, '..');

/** A migrated database in a folder of its own, gone afterwards: for the scripts that read the schema. */
export async function withTemporaryDatabase<Result>(work: (ownerUrl: string) => Promise<Result>): Promise<Result> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier-schema-'));
  fs.chmodSync(folder, 0o755);
  const server = await startEmbeddedServer({ project: projectFolder, folder: path.join(folder, 'postgres') });
  try {
    await migrate({ ownerUrl: server.url, secret: 'temporary', folder: path.join(projectFolder, 'db/migrations') });
    return await work(server.url);
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
