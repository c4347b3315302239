import fs from 'node:fs';
import path from 'node:path';
import { type JournalReport, verifyJournals } from '../../platform/audit/verify-journals.ts';
import { lockFolder } from '../../platform/data-folder.ts';
import { databaseAccount, giveTo } from '../../platform/database/account.ts';
import { BackupError, type BackupFacts, format, unpack } from '../../platform/database/backup.ts';
import { openDatabase } from '../../platform/database/connection.ts';
import { adoptEmbeddedServer, embeddedVersion, startEmbeddedServer } from '../../platform/database/embedded.ts';
import { readMigrations } from '../../platform/database/migrate.ts';
import { dataFolderOf, makeDataFolder, migrationsFolder, projectFolder } from '../program.ts';
import { version } from '../version.ts';
import { refuseServer } from './backup.ts';
import { type Answer, defineCommand } from './command.ts';
import { describeJournals, journalData } from './verify-journal.ts';
import { columns, counted } from './words.ts';

/** What makes up an installation, in its data folder. */
const parts = ['postgres', 'secret', 'database-password', 'uploads'] as const;

/** Puts a backup back: unpacked beside, verified, started, its journals walked; only then does it take its place. */
export const restore = defineCommand({
  arguments: ['<fichier>'],
  options: { force: { type: 'boolean', what: 'Met de côté les données présentes au lieu de refuser' } },
  notes: ['Le programme doit être arrêté. Rien n’est changé si la sauvegarde n’est pas entière et intacte.'],
  async run({ config, arguments: [file], given }): Promise<Answer> {
    refuseServer(config, 'remettez-la en place avec pg_restore');
    const folder = dataFolderOf(config);
    makeDataFolder(folder);
    const lock = await lockFolder(folder, 'restore');
    const beside = path.join(folder, `restoring-${process.pid}`);
    try {
      const kept = parts.filter((part) => fs.existsSync(path.join(folder, part)));
      if (kept.includes('postgres') && !given('force')) {
        throw new BackupError(
          `Il y a déjà des données dans ${folder}. Ajoutez --force pour les mettre de côté, ou choisissez un autre dossier avec PALIER_DATA.`,
        );
      }
      // A server left behind by a killed program would go on writing into what is about to be moved.
      await (await adoptEmbeddedServer(path.join(folder, 'postgres')))?.stop();
      for (const name of fs.readdirSync(folder)) {
        if (name.startsWith('restoring-')) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
      }
      makeDataFolder(beside);
      const facts = await unpack(path.resolve(file!), beside, requireAcceptable);
      const found = await inspect(beside, folder, facts);
      const broken = found.journals.some(({ verdict }) => !verdict.intact);
      const aside = kept.length > 0 ? putAside(folder, kept) : undefined;
      for (const part of parts) {
        if (fs.existsSync(path.join(beside, part))) fs.renameSync(path.join(beside, part), path.join(folder, part));
      }
      return {
        text: summary(facts, found, aside),
        data: { ...facts, ...found, journals: found.journals.map(journalData), setAside: aside ?? null },
        failed: broken,
      };
    } finally {
      fs.rmSync(beside, { recursive: true, force: true });
      lock.release();
    }
  },
});

/** @throws BackupError for a backup this program would not understand */
export function requireAcceptable(facts: BackupFacts): void {
  const known = readMigrations(migrationsFolder).map(({ name }) => name);
  const unknown = facts.migrations.find((name) => !known.includes(name));
  if (facts.format > format || isNewer(facts.version, version()) || unknown) {
    throw new BackupError(
      `Cette sauvegarde vient d’une version plus récente de Palier (${facts.version}${unknown ? `, ${unknown}` : ''} ; ici ${version()}). ` +
        'Installez cette version ou une suivante, puis recommencez.',
    );
  }
  const major = Number.parseInt(embeddedVersion, 10);
  if (facts.postgres !== major) {
    throw new BackupError(
      `Cette sauvegarde vient de PostgreSQL ${facts.postgres} ; ce programme apporte PostgreSQL ${major}, qui ne peut pas la lire.`,
    );
  }
}

/** Whether version `a` comes after version `b`: `0.10.0` after `0.9.2`. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  const index = left!.findIndex((number, place) => number !== right![place]);
  return index >= 0 && left![index]! > (right![index] ?? 0);
}

type Found = { organisations: number; people: number; databaseBytes: number; journals: JournalReport[] };

/**
 * Starts what was unpacked, where it was unpacked, and looks into it: PostgreSQL makes the copy whole again, or refuses.
 * @throws BackupError when a journal no longer contains what it contained when the backup began
 */
async function inspect(beside: string, folder: string, facts: BackupFacts): Promise<Found> {
  giveTo(databaseAccount(), path.join(beside, 'postgres'));
  fs.chmodSync(path.join(beside, 'postgres'), 0o700);
  const server = await startEmbeddedServer({
    project: projectFolder,
    folder: path.join(beside, 'postgres'),
    binariesBeside: folder,
  });
  const database = openDatabase({ ownerUrl: server.url, secret: '', prepared: false });
  try {
    const { rows } = await database.owner.query<Omit<Found, 'journals'>>(
      `select (select count(*) from organisations.organisations)::int as organisations,
         (select count(*) from organisations.users)::int as people,
         pg_database_size(current_database())::float8 as "databaseBytes"`,
    );
    const { rows: lost } = await database.owner.query<{ organisationId: string; seq: number }>(
      `select f."organisationId", f.seq from jsonb_to_recordset($1::jsonb) as f("organisationId" uuid, seq bigint, hash text)
       left join platform.journal j on j.organisation_id = f."organisationId" and j.seq = f.seq
       where f.seq > 0 and encode(j.hash, 'hex') is distinct from f.hash`,
      [JSON.stringify(facts.journals)],
    );
    if (lost[0]) {
      throw new BackupError(
        `Le journal de l’organisation ${lost[0].organisationId} n’a pas l’écriture ${lost[0].seq} telle qu’elle était à la sauvegarde. Rien n’a été remis en place.`,
      );
    }
    return { ...rows[0]!, journals: await verifyJournals(server.url) };
  } finally {
    await database.close();
    await server.stop();
  }
}

/** @returns the folder in which the present data are kept */
function putAside(folder: string, kept: readonly string[]): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const aside = path.join(folder, `before-restore-${stamp}`);
  fs.mkdirSync(aside, { mode: 0o700 });
  for (const part of kept) fs.renameSync(path.join(folder, part), path.join(aside, part));
  return aside;
}

function summary(facts: BackupFacts, found: Found, aside: string | undefined): string {
  const kept = found.journals.filter(({ verdict }) => verdict.entries > 0 || !verdict.intact);
  const when = new Date(facts.createdAt).toLocaleString('fr-BE', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Europe/Brussels',
  });
  return [
    `Sauvegarde du ${when} remise en place (version ${facts.version}, ${counted(facts.migrations.length, 'migration')}).`,
    columns([
      ['Organisations', String(found.organisations)],
      ['Personnes', String(found.people)],
      ['Journaux', describeCount(found.journals)],
    ]),
    kept.length > 0 && describeJournals(kept),
    aside && `Les données précédentes sont gardées dans ${aside}.`,
    facts.secretElsewhere && 'Le secret était donné par PALIER_SECRET : redonnez le même au démarrage.',
    'Démarrez le programme : npm start.',
  ]
    .filter(Boolean)
    .join('\n');
}

function describeCount(journals: readonly JournalReport[]): string {
  const broken = journals.filter(({ verdict }) => !verdict.intact).length;
  return broken === 0 ? `${journals.length}, tous intacts` : `${journals.length}, dont ${counted(broken, 'rompu')}`;
}
