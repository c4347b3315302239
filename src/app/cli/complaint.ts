import { OperatorError } from '../../platform/operator-error.ts';

/** Why a command failed, for people and for programs. */
export type Complaint = { text: string; data: Record<string, unknown>; exitCode: 1 | 2 };

/** Puts any error in words. A fault of ours shows its message; its stack comes with LOG_LEVEL=debug alone. */
export async function explain(error: unknown): Promise<Complaint> {
  if (error instanceof OperatorError) return said(error.message, error.exitCode);
  const { code, path } = error as NodeJS.ErrnoException;
  const system = code && (systemWords[code] ?? databaseWords[code]);
  if (system) return said(path ? `${system} (${path})` : system);
  return (await refusal(error).catch(() => undefined)) ?? fault(error as Error);
}

const said = (text: string, exitCode: 1 | 2 = 1): Complaint => ({ text, data: { title: text }, exitCode });

/** What the system refuses. */
const systemWords: Record<string, string> = {
  EACCES: 'Le compte du programme n’a pas le droit d’accéder à ce fichier ou à ce dossier.',
  EPERM: 'Le système refuse cette opération au compte du programme.',
  EROFS: 'Ce disque est en lecture seule.',
  ENOSPC: 'Le disque est plein. Libérez de la place, puis recommencez.',
  EDQUOT: 'Le quota de disque est atteint. Libérez de la place, puis recommencez.',
  EIO: 'Le disque rend une erreur de lecture ou d’écriture. Vérifiez-le avant de continuer.',
  ENOENT: 'Ce fichier ou ce dossier n’existe pas.',
  ENOTDIR: 'Ce chemin passe par un fichier là où il faudrait un dossier.',
  EISDIR: 'C’est un dossier, il faudrait un fichier.',
  EEXIST: 'Ce fichier existe déjà.',
  EMFILE: 'Le système n’accorde pas assez de fichiers ouverts (ulimit -n).',
};

/** What stands between the program and its database. */
const databaseWords: Record<string, string> = {
  ECONNREFUSED: 'La base de données ne répond pas à cette adresse. Vérifiez DATABASE_URL et que le serveur tourne.',
  ECONNRESET: 'La base de données a coupé la connexion. Vérifiez que le serveur tourne, puis recommencez.',
  ETIMEDOUT: 'La base de données ne répond pas. Vérifiez le réseau et DATABASE_URL.',
  ENOTFOUND: 'Le serveur nommé dans DATABASE_URL est introuvable. Vérifiez son nom.',
  EAI_AGAIN: 'Le nom du serveur de DATABASE_URL ne se résout pas. Vérifiez le réseau.',
  '28000': 'La base de données refuse cette connexion. Vérifiez le compte de DATABASE_URL et PALIER_SECRET.',
  '28P01':
    'La base de données refuse le mot de passe. Vérifiez DATABASE_URL, et que PALIER_SECRET est celui du programme.',
  '3D000':
    'La base nommée dans DATABASE_URL n’existe pas. Créez-la : create database … encoding utf8 template template0.',
  '42501':
    'Le compte de DATABASE_URL n’a pas assez de droits : il doit posséder la base et pouvoir créer des rôles (createrole).',
  '53100': 'Le disque de la base de données est plein. Libérez de la place, puis recommencez.',
  '53300': 'La base de données n’accepte plus de connexions. Augmentez max_connections, ou arrêtez un programme.',
  '57P01': 'La base de données s’est arrêtée.',
  '57P03': 'La base de données démarre ou s’arrête. Recommencez dans un instant.',
};

/** A refusal of the trade: its sentence, and a line for each field. */
async function refusal(error: unknown): Promise<Complaint | undefined> {
  const { describeProblem, problemOf } = await import('../../platform/http/problems.ts');
  const problem = problemOf(error);
  if (!problem) return undefined;
  const { code, title, detail, params, fields } = describeProblem(problem, {
    headers: { 'accept-language': 'fr' },
    id: '',
  });
  const lines = fields.map(({ path, message }) => `  ${path || 'entrée'} : ${message}`);
  return {
    text: [`${title}. ${detail} (${code})`, ...lines].join('\n'),
    data: { code, title, detail, params, fields },
    exitCode: 1,
  };
}

function fault(error: Error): Complaint {
  const { message, stack } = error;
  const text = `Erreur inattendue : ${message}\nPour en savoir plus, relancez avec LOG_LEVEL=debug.`;
  return { text: process.env.LOG_LEVEL === 'debug' ? `${stack}` : text, data: { title: message }, exitCode: 1 };
}
