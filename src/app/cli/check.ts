import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '../../platform/config.ts';
import { dataFolderOf, makeDataFolder, migrationsFolder, projectFolder } from '../program.ts';
import { checkDatabase, checkMachine, checkMail, checkSchedules, checkServer, type Finding } from '../self-check.ts';
import { defineCommand } from './command.ts';
import { explain } from './complaint.ts';
import { withDatabase } from './with-database.ts';
import { columns } from './words.ts';

/** Looks at everything the program needs, and says what to mend. Changes nothing. */
export const check = defineCommand({
  async run({ config }) {
    const folder = dataFolderOf(config);
    makeDataFolder(folder);
    const mail = checkMail(config);
    const findings = [
      ...checkMachine(config, projectFolder, folder),
      ...(await lookAtDatabase(config, folder)),
      await mail,
    ];
    return {
      text: table(findings),
      data: { sound: !findings.some(({ level }) => level === 'error'), findings },
      failed: findings.some(({ level }) => level === 'error'),
    };
  },
});

/** A database that cannot be reached is one finding more, not the end of the check. */
async function lookAtDatabase(config: Config, folder: string): Promise<Finding[]> {
  if (!config.databaseUrl && !fs.existsSync(path.join(folder, 'postgres', 'PG_VERSION'))) {
    return [{ level: 'ok', subject: 'Base de données', what: 'Aucune encore : le premier démarrage la crée.' }];
  }
  try {
    return await withDatabase(config, 'check', { tables: 'as-is' }, async ({ database, secret }) => {
      const findings = [
        ...(await checkServer(database.owner)),
        ...(await checkDatabase(database.owner, secret, migrationsFolder)),
      ];
      const current = !findings.some(({ level }) => level === 'error');
      return current ? [...findings, ...(await checkSchedules(database.owner))] : findings;
    });
  } catch (error) {
    const { text, exitCode } = await explain(error);
    if (exitCode === 2) throw error;
    return [{ level: 'error', subject: 'Base de données', what: text }];
  }
}

const marks = { ok: 'bien', warning: 'à voir', error: 'ERREUR' } as const;

function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ level, subject, what, todo }) => [
    marks[level],
    subject,
    [what, todo].filter(Boolean).join(' '),
  ]);
  const errors = findings.filter(({ level }) => level === 'error').length;
  return `${columns(rows)}\n\n${errors === 0 ? 'Palier peut démarrer.' : 'Palier ne peut pas démarrer ainsi.'}`;
}
