import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { fontFiles } from '../modules/knowledge/typesetter.ts';
import { type Config, defaultMailFrom } from '../platform/config.ts';
import { databaseRoles } from '../platform/database/connection.ts';
import { pendingMigrations } from '../platform/database/migrate.ts';
import { unseal } from '../platform/identity/identity.ts';
import { lateSchedules } from '../platform/jobs/schedules.ts';
import { verifyTransport } from '../platform/mail/mail-transport.ts';
import { OperatorError } from '../platform/operator-error.ts';

/** One thing looked at: how it is, and what to do when it is not well. */
export type Finding = { level: 'ok' | 'warning' | 'error'; subject: string; what: string; todo?: string };

/** The program cannot work on this machine or this database as they are. */
export class SelfCheckFailed extends OperatorError {
  readonly findings: Finding[];

  constructor(findings: Finding[]) {
    super(findings.map(inWords).join('\n'));
    this.findings = findings;
  }
}

/** « Place sur le disque : 120 Mo libres. Libérez de la place. » */
export const inWords = ({ subject, what, todo }: Finding): string =>
  [`${subject} : ${what}`, todo].filter(Boolean).join(' ');

/** @throws SelfCheckFailed with the errors among the findings, when there are any */
export function requireSound(findings: readonly Finding[]): void {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new SelfCheckFailed(errors);
}

const ok = (subject: string, what: string): Finding => ({ level: 'ok', subject, what });
const warning = (subject: string, what: string, todo: string): Finding => ({ level: 'warning', subject, what, todo });
const error = (subject: string, what: string, todo: string): Finding => ({ level: 'error', subject, what, todo });

// The machine --------------------------------------------------------------------------------------------------------

/** What can be known without a database: this machine, the data folder, what was installed with the program. */
export function checkMachine(config: Config, project: string, folder: string): Finding[] {
  return [
    nodeVersion(process.versions.node),
    ...dataFolder(folder),
    ...['secret', 'database-password'].flatMap((name) => privateFile(path.join(folder, name))),
    fonts(),
    screens(project),
    ...testClock(config),
  ];
}

/** @param version `24.21.0` */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    return error(
      'Node',
      `Node ${version} est trop ancien.`,
      'Lancez npm install, qui apporte Node 24, ou installez Node 24.',
    );
  }
  return major < 24
    ? warning('Node', `Node ${version}.`, 'Palier est éprouvé avec Node 24 ; installez-le dès que possible.')
    : ok('Node', `Node ${version}.`);
}

const megabytes = 1_000_000;
const space = { least: 200 * megabytes, comfortable: 2_000 * megabytes };

function dataFolder(folder: string): Finding[] {
  const probe = path.join(folder, `.essai-${randomBytes(4).toString('hex')}`);
  try {
    fs.writeFileSync(probe, 'essai');
    fs.rmSync(probe);
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    const todo =
      code === 'ENOSPC'
        ? 'Libérez de la place sur ce disque.'
        : 'Donnez au compte du programme le droit d’y écrire, ou choisissez un autre dossier avec PALIER_DATA.';
    return [error('Dossier de données', `On ne peut pas écrire dans ${folder} (${code}).`, todo)];
  }
  const { bavail, bsize } = fs.statfsSync(folder);
  return [ok('Dossier de données', folder), freeSpace(bavail * bsize)];
}

/** @param bytes what the program may still write */
export function freeSpace(bytes: number): Finding {
  const [amount, unit] = bytes < 10_000 * megabytes ? [bytes / megabytes, 'Mo'] : [bytes / 1_000 / megabytes, 'Go'];
  const what = `${Math.floor(amount).toLocaleString('fr-BE')} ${unit} libres.`;
  if (bytes < space.least)
    return error('Place sur le disque', what, `Libérez de la place : il faut au moins ${space.least / megabytes} Mo.`);
  return bytes < space.comfortable
    ? warning('Place sur le disque', what, 'Libérez de la place : la base s’arrête quand le disque est plein.')
    : ok('Place sur le disque', what);
}

function privateFile(file: string): Finding[] {
  const subject = `Fichier ${path.basename(file)}`;
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || process.platform === 'win32') return [];
  const open = (mode & 0o077) !== 0;
  return [
    open
      ? warning(subject, 'D’autres comptes de cette machine peuvent le lire.', `Lancez : chmod 600 '${file}'`)
      : ok(subject, 'Lisible par le seul compte du programme.'),
  ];
}

function fonts(): Finding {
  const missing = fontFiles().filter((file) => !fs.existsSync(file));
  return missing.length === 0
    ? ok('Polices des courriers', 'Présentes.')
    : error('Polices des courriers', `Il manque ${missing.join(', ')}.`, 'Relancez npm install.');
}

function screens(project: string): Finding {
  return fs.existsSync(path.join(project, 'dist', 'index.html'))
    ? ok('Écrans', 'Construits.')
    : warning(
        'Écrans',
        'Ils ne sont pas construits : seule l’API répond.',
        'Lancez npm start, qui les construit, ou npm run build.',
      );
}

/** Asks the mail server, a few seconds at most. Without one, or while it is away, Palier works. */
export async function checkMail({ smtpUrl, mailFrom, production }: Config): Promise<Finding> {
  const subject = 'Courriels';
  if (!smtpUrl) {
    const what = 'Aucun serveur de courriel n’est réglé : ils sont notés, aucun ne part.';
    return production ? warning(subject, what, 'Réglez SMTP_URL et MAIL_FROM.') : ok(subject, what);
  }
  const server = new URL(smtpUrl).hostname;
  const refusal = await verifyTransport(smtpUrl);
  if (refusal) {
    return warning(
      subject,
      `Le serveur ${server} ne les prend pas maintenant (${refusal}).`,
      'Vérifiez SMTP_URL ; chaque courriel est essayé de nouveau pendant seize heures.',
    );
  }
  return mailFrom
    ? ok(subject, `Le serveur ${server} répond ; ils partent de ${mailFrom}.`)
    : warning(subject, `Le serveur ${server} répond, mais ils partent de ${defaultMailFrom}.`, 'Réglez MAIL_FROM.');
}

function testClock(config: Config): Finding[] {
  if (!config.today) return [];
  return [
    warning(
      'Horloge',
      `Horloge d’essai : le programme se croit au ${config.today}.`,
      'Retirez PALIER_TODAY pour travailler à la date du jour.',
    ),
  ];
}

// The database -------------------------------------------------------------------------------------------------------

/** What must hold before anything is written to the database: its version and its encoding. */
export async function checkServer(owner: pg.Pool): Promise<Finding[]> {
  const { rows } = await owner.query<{ version: number; encoding: string }>(
    `select current_setting('server_version_num')::int as version, pg_encoding_to_char(encoding) as encoding
     from pg_database where datname = current_database()`,
  );
  const { version, encoding } = rows[0]!;
  return [serverVersion(version), encodingOf(encoding)];
}

const supported = { from: 15, to: 18 };

/** @param number as PostgreSQL says it: 180004 is 18.4 */
export function serverVersion(number: number): Finding {
  const [major, minor] = [Math.floor(number / 10_000), number % 10_000];
  const what = `PostgreSQL ${major}.${minor}.`;
  if (major < supported.from)
    return error('Base de données', what, `Il faut PostgreSQL ${supported.from} à ${supported.to}.`);
  return major > supported.to
    ? warning(
        'Base de données',
        what,
        `Palier est éprouvé avec PostgreSQL ${supported.from} à ${supported.to} ; mettez Palier à jour.`,
      )
    : ok('Base de données', what);
}

function encodingOf(encoding: string): Finding {
  return encoding === 'UTF8'
    ? ok('Encodage', 'UTF8.')
    : error(
        'Encodage',
        `La base est en ${encoding}.`,
        "Créez-en une autre : create database palier encoding 'UTF8' template template0.",
      );
}

/** What must hold while the program works: separation of organisations, clock, secret, work done in time. */
export async function checkDatabase(owner: pg.Pool, secret: string, migrations: string): Promise<Finding[]> {
  const pending = await pendingMigrations(owner, migrations);
  if (pending.length > 0) {
    return [
      error(
        'Migrations',
        `${pending.length} à appliquer (${pending.join(', ')}).`,
        'Lancez npm start, ou npx palier migrate.',
      ),
    ];
  }
  return [
    ok('Migrations', 'À jour.'),
    ...(await roles(owner)),
    await clock(owner),
    ...(await sealedSecrets(owner, secret)),
  ];
}

/**
 * The roles the program works with must be bound by row-level security: neither superuser, nor exempt, nor owner of a
 * table, by themselves or through a role they belong to.
 */
async function roles(owner: pg.Pool): Promise<Finding[]> {
  const { rows } = await owner.query<{ name: string; exempt: boolean; owns: boolean }>(
    `select r.rolname as name,
       exists (select 1 from pg_roles o where (o.rolsuper or o.rolbypassrls) and pg_has_role(r.oid, o.oid, 'member')) as exempt,
       exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relrowsecurity and n.nspname !~ '^pg_' and pg_has_role(r.oid, c.relowner, 'member')) as owns
     from pg_roles r where r.rolname = any($1) order by 1`,
    [databaseRoles],
  );
  const faults = rows.filter(({ exempt, owns }) => exempt || owns);
  if (faults.length === 0) return [ok('Séparation des organisations', 'Les comptes de la base n’y échappent pas.')];
  return faults.map(({ name }) =>
    error(
      'Séparation des organisations',
      `Le compte ${name} de la base échappe à la séparation des organisations.`,
      `Retirez-lui ses droits : alter role ${name} nosuperuser nobypassrls ; revoke des rôles dont il est membre ; aucune table ne doit lui appartenir.`,
    ),
  );
}

const drift = { seconds: 5 };

async function clock(owner: pg.Pool): Promise<Finding> {
  const before = Date.now();
  const { rows } = await owner.query<{ at: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as at',
  );
  const after = Date.now();
  return clockDrift(Math.round(rows[0]!.at - (before + after) / 2));
}

/** @param milliseconds how far the database is ahead of the program; behind when negative */
export function clockDrift(milliseconds: number): Finding {
  const seconds = Math.abs(milliseconds) / 1_000;
  const what = `La base et le programme diffèrent de ${seconds.toLocaleString('fr-BE', { maximumFractionDigits: 1 })} s.`;
  return seconds > drift.seconds
    ? warning('Horloge', what, 'Réglez l’heure des deux machines (NTP) : sessions et délais en dépendent.')
    : ok('Horloge', what);
}

/** The secrets of identity providers open with the secret of this installation, and with no other. */
async function sealedSecrets(owner: pg.Pool, secret: string): Promise<Finding[]> {
  const { rows } = await owner.query<{ name: string; client_secret: Buffer }>(
    'select name, client_secret from organisations.identity_providers where active order by name',
  );
  const closed = rows.filter((row) => !opens(secret, row.client_secret)).map(({ name }) => name);
  if (rows.length === 0) return [];
  return closed.length === 0
    ? [ok('Secret', 'Ouvre les fournisseurs d’identité.')]
    : [
        error(
          'Secret',
          `Il n’ouvre pas ${closed.join(', ')} : ce n’est pas le secret de cette base.`,
          'Remettez le fichier secret d’une sauvegarde, ou PALIER_SECRET, tel qu’il était.',
        ),
      ];
}

function opens(secret: string, sealed: Buffer): boolean {
  try {
    unseal(secret, sealed);
    return true;
  } catch {
    return false;
  }
}

/** Work that should have happened by itself and did not. At a start it is about to run: only a check asks. */
export async function checkSchedules(owner: pg.Pool): Promise<Finding[]> {
  const query = lateSchedules();
  const { rows } = await owner.query<{ name: string; problem: string | null }>(query.sql, [...query.parameters]);
  if (rows.length === 0) return [ok('Travaux planifiés', 'À l’heure.')];
  return rows.map(({ name, problem }) =>
    warning(
      'Travaux planifiés',
      `${name} est en retard${problem ? ` : ${problem}` : ''}.`,
      'Il s’exécute dès que le programme tourne ; s’il échoue encore, voyez le journal du programme.',
    ),
  );
}
