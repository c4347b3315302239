import type { Command, CommandBody } from './command.ts';

type Entry = { name: string; summary: string; load: () => Promise<CommandBody> };

/** Every command, in the order of the help. Each is loaded when it is called: a help page needs no database driver. */
const entries: readonly Entry[] = [
  { name: 'start', summary: 'Démarre le programme', load: async () => (await import('./start.ts')).start },
  {
    name: 'check',
    summary: 'Vérifie la machine, la base et les réglages',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'migrate',
    summary: 'Met la base à la version du programme',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'backup',
    summary: 'Sauvegarde tout dans un fichier, pendant que l’on travaille',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'Remet en place une sauvegarde, après l’avoir vérifiée',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'verify-journal',
    summary: 'Vérifie que le journal des décisions est intact',
    load: async () => (await import('./verify-journal.ts')).verifyJournal,
  },
  {
    name: 'flow recount',
    summary: 'Recompte un journal du flux, sans base de données',
    load: async () => (await import('./recount.ts')).recountJournal,
  },
  {
    name: 'flow check-counters',
    summary: 'Vérifie les compteurs du flux contre leurs événements, et les recompte',
    load: async () => (await import('./check-counters.ts')).checkCounters,
  },
  {
    name: 'compute',
    summary: 'Calcule une règle et montre comment',
    load: async () => (await import('./compute.ts')).compute,
  },
  {
    name: 'import',
    summary: 'Importe un fichier, comme l’écran des imports',
    load: async () => (await import('./import.ts')).importFile,
  },
  {
    name: 'export',
    summary: 'Extrait une liste dans un fichier',
    load: async () => (await import('./export.ts')).exportList,
  },
  {
    name: 'users list',
    summary: 'Nomme les personnes, leurs organisations et leurs rôles',
    load: async () => (await import('./users.ts')).list,
  },
  {
    name: 'users add',
    summary: 'Ajoute une personne, et au besoin son organisation',
    load: async () => (await import('./users.ts')).add,
  },
  {
    name: 'users password',
    summary: 'Change le mot de passe d’une personne',
    load: async () => (await import('./users.ts')).password,
  },
  {
    name: 'users unlock',
    summary: 'Débloque une personne après trop d’essais',
    load: async () => (await import('./users.ts')).unlock,
  },
  {
    name: 'demo',
    summary: 'Nomme les comptes de démonstration, ou la recharge',
    load: async () => (await import('./demo.ts')).demo,
  },
];

export const commandNames: readonly string[] = entries.map(({ name }) => name);

export const summaries: readonly (readonly [name: string, summary: string])[] = entries.map(({ name, summary }) => [
  name,
  summary,
]);

export async function findCommand(name: string): Promise<Command | undefined> {
  const entry = entries.find((candidate) => candidate.name === name);
  return entry && { ...(await entry.load()), name: entry.name, summary: entry.summary };
}
