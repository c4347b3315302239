import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '../../platform/config.ts';
import { holderOf, installationSecret, lockFolder } from '../../platform/data-folder.ts';
import { type Database, openDatabase } from '../../platform/database/connection.ts';
import { adoptEmbeddedServer } from '../../platform/database/embedded.ts';
import { pendingMigrations } from '../../platform/database/migrate.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import {
  dataFolderOf,
  makeDataFolder,
  migrationsFolder,
  type OpenedDatabase,
  openConfiguredDatabase,
} from '../program.ts';

export type CommandDatabase = {
  database: Database;
  folder: string;
  secret: string;
  ownerUrl: string;
  /** Where the running program answers, when one runs on this data folder. */
  runningAt: string | undefined;
};

/** How a command needs the database. */
export type Need = {
  /** Those of this program, or whatever they are: a backup before an upgrade must not be the upgrade. */
  tables: 'current' | 'as-is';
  /** No program may be at work. */
  alone?: boolean;
  /** A data folder in which nothing was ever kept is refused rather than filled. */
  existing?: boolean;
};

/**
 * Gives a command the database. When the program runs on the data folder, its database is used and left running; when
 * nobody does, the command takes the folder, starts the database, works and stops it, as it does when it is interrupted.
 * @throws FolderInUse when another command holds the folder, or any program for a command that must be alone
 */
export async function withDatabase<Result>(
  config: Config,
  command: string,
  need: Need,
  work: (opened: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  if (config.databaseUrl) return withServer(config, need, work);
  const folder = dataFolderOf(config);
  if (need.existing) requireData(folder);
  makeDataFolder(folder);
  const holder = holderOf(folder);
  if (!need.alone && holder?.url) return withRunningProgram(config, folder, holder.url, need, work);

  const lock = await lockFolder(folder, command);
  let opened: OpenedDatabase | undefined;
  const close = async () => {
    await opened?.close();
    lock.release();
  };
  const interrupted = () => void close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    opened = await openConfiguredDatabase(config, { bringUp: need.tables === 'current' });
    return await work({ ...opened, runningAt: undefined });
  } finally {
    await close();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** @throws OperatorError when nothing was ever kept in the folder */
export function requireData(folder: string): void {
  if (fs.existsSync(path.join(folder, 'postgres', 'PG_VERSION'))) return;
  throw new OperatorError(`Il n’y a pas de données dans ${folder}. Démarrez d’abord le programme : npm start.`);
}

async function withServer<Result>(
  config: Config,
  need: Need,
  work: (opened: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  const folder = dataFolderOf(config);
  makeDataFolder(folder);
  const secret = config.secret ?? installationSecret(folder);
  return connected(config, { folder, secret, ownerUrl: config.databaseUrl!, runningAt: undefined }, need, work);
}

async function withRunningProgram<Result>(
  config: Config,
  folder: string,
  runningAt: string,
  need: Need,
  work: (opened: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  const server = await adoptEmbeddedServer(path.join(folder, 'postgres'));
  if (!server)
    throw new OperatorError(`Le programme de ${folder} est en train de s’arrêter. Recommencez dans un instant.`);
  const secret = config.secret ?? installationSecret(folder);
  return connected(config, { folder, secret, ownerUrl: server.url, runningAt }, need, work);
}

/** @throws OperatorError when the tables are not those of this program: bringing them up under another is not for a command */
async function connected<Result>(
  config: Config,
  facts: Omit<CommandDatabase, 'database'>,
  need: Need,
  work: (opened: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase({
    ownerUrl: facts.ownerUrl,
    secret: facts.secret,
    prepared: config.preparedStatements,
  });
  try {
    if (need.tables === 'current') {
      const pending = await pendingMigrations(database.owner, migrationsFolder);
      if (pending.length > 0) {
        throw new OperatorError(
          `La base attend ${pending.join(', ')} : elle sert une autre version du programme. ` +
            'Arrêtez le programme, lancez npx palier migrate, puis redémarrez-le.',
        );
      }
    }
    return await work({ ...facts, database });
  } finally {
    await database.close();
  }
}
