import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import type { Config } from '../../platform/config.ts';
import { type BackupFacts, backUp } from '../../platform/database/backup.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { version } from '../version.ts';
import { defineCommand } from './command.ts';
import { withDatabase } from './with-database.ts';
import { duration, megabytes, progressLine } from './words.ts';

/** Everything in one file: the database, the secret that opens what is sealed in it, the password of the server. */
export const backup = defineCommand({
  arguments: ['[fichier ou dossier]'],
  notes: [
    'Sans argument, le fichier va dans le dossier backups du dossier de données. Il contient toutes les données et le',
    'secret de l’installation : gardez-le comme la base elle-même, et sur une autre machine.',
  ],
  async run({ config, arguments: [target] }) {
    refuseServer(config, 'sauvegardez-la avec pg_dump');
    const began = performance.now();
    return withDatabase(
      config,
      'backup',
      { tables: 'as-is', existing: true },
      async ({ database, ownerUrl, folder }) => {
        const now = new Date();
        const file = fileFor(target ?? path.join(folder, 'backups') + path.sep, now);
        const facts = await factsOf(database.owner, config, now);
        const progress = progressLine('Sauvegarde');
        const made = await backUp({ ownerUrl, folder, file, facts, progress: progress.at }).finally(progress.end);
        const took = performance.now() - began;
        return {
          text: `${file}\n${megabytes(made.compressedBytes)} pour ${megabytes(made.bytes)} de données, en ${duration(took)}.`,
          data: { file, ...made, milliseconds: Math.round(took), createdAt: facts.createdAt },
        };
      },
    );
  },
});

/** @throws OperatorError when the database is not ours: its administrators have better tools */
export function refuseServer(config: Config, todo: string): void {
  if (config.databaseUrl) {
    throw new OperatorError(
      `La base est sur un serveur PostgreSQL (DATABASE_URL) : ${todo}, et gardez PALIER_SECRET ou le fichier secret avec elle.`,
    );
  }
}

/** @throws OperatorError rather than write over a file */
function fileFor(target: string, now: Date): string {
  const asked = path.resolve(target);
  const isFolder = /[\\/]$/.test(target) || fs.statSync(asked, { throwIfNoEntry: false })?.isDirectory();
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const file = isFolder ? path.join(asked, `palier-${stamp}Z.tar.zst`) : asked;
  if (fs.existsSync(file)) throw new OperatorError(`${file} existe déjà. Donnez un autre nom, ou un dossier.`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

async function factsOf(owner: pg.Pool, config: Config, now: Date): Promise<Omit<BackupFacts, 'format'>> {
  const { rows } = await owner.query<{ postgres: number; migrations: string[] }>(
    `select current_setting('server_version_num')::int / 10000 as postgres,
       array(select name from public.palier_migrations order by number) as migrations`,
  );
  const { rows: journals } = await owner.query<{ organisationId: string; seq: number; hash: string }>(
    `select organisation_id as "organisationId", seq, encode(hash, 'hex') as hash from platform.journal_heads order by 1`,
  );
  return {
    createdAt: now.toISOString(),
    version: version(),
    ...rows[0]!,
    journals,
    secretElsewhere: config.secret !== undefined,
  };
}
