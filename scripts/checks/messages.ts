import fs from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { modules } from '../../src/app/modules.ts';
import { locales } from '../../src/kernel/messages.ts';
import type { Language } from '../../src/kernel/schemas.ts';
import { languages, messageFolders } from '../../src/platform/messages.ts';
import { projectFolder } from '../temporary-database.ts';

/**
 * Every message exists in every language, is translated and well typed, says the same values, is written once, and is
 * used: its key, or the part of it before the value of a closed list (`values.stage.`), stands in the code.
 */
export function findMessageFaults(): string[] {
  const faults: string[] = [];
  const owners = new Map<string, string>();
  for (const folder of messageFolders()) {
    const place = path.relative(projectFolder, folder);
    const read = (language: string): Record<string, string> => {
      const file = path.join(folder, `${language}.json`);
      return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
    };
    const french = read('fr');
    for (const key of Object.keys(french)) {
      if (owners.has(key)) faults.push(`${place}: ${key} is also in ${owners.get(key)}`);
      owners.set(key, place);
    }
    for (const language of languages) {
      const messages = read(language);
      for (const key of Object.keys(french))
        if (!(key in messages)) faults.push(`${place}/${language}.json lacks ${key}`);
      for (const [key, message] of Object.entries(messages)) {
        const file = `${place}/${language}.json`;
        if (!(key in french)) faults.push(`${file} has ${key}, which fr.json lacks`);
        else for (const fault of faultsOf(message, language, french[key]!)) faults.push(`${file} ${key}: ${fault}`);
      }
    }
  }
  const code = readCode();
  const isUsed = usedIn(code);
  const isSaidFirst = saidFirst();
  for (const [key, place] of owners)
    if (further.test(place) && isSaidFirst(key))
      faults.push(`${place}: ${key} is said by the first screen, before ${place} comes`);
  for (const key of owners.keys()) if (!isUsed(key)) faults.push(`${owners.get(key)}: ${key} is used nowhere`);
  for (const key of keysAskedFor(code)) if (!owners.has(key)) faults.push(`t('${key}') has no message`);
  for (const key of keysOfLists()) if (!owners.has(key)) faults.push(`a list needs the message ${key}`);
  return faults;
}

/** Words French shares with a language. Codes and units (`QPV`, `m²`, `T{value}`) need no entry. */
const sharedWords: Record<Language, string[]> = {
  fr: [],
  nl: [
    ...[
      'Action Logement',
      'Excel (XLSX)',
      'Housing First',
      'Île-de-France',
      'Message-ID',
      'appartement',
      'contingent',
      'dossier',
    ],
    ...['dossiers', 'fiche', 'flux', 'handicap', 'imports', 'pers.', 'quorum', 'rang', 'studio', 'transit', 'type'],
  ],
  en: [
    ...[
      'Action Logement',
      'Excel (XLSX)',
      'Housing First',
      'Île-de-France',
      'Message-ID',
      'accessible',
      'actions',
      'active',
    ],
    ...['administration', 'association', 'cause', 'charges', 'charges (€)', 'date', 'département', 'imports'],
    ...['inactive', 'invitation', 'journal', 'navigation', 'note', 'observation', 'organisation', 'orientation'],
    ...['page', 'parent', 'programme', 'quartile', 'quorum', 'situation', 'studio', 'total', 'transit'],
  ],
};

const shared = (text: string, language: Language) =>
  sharedWords[language].some((word) => word.toLowerCase() === text.trim().toLowerCase());

/**
 * What is wrong with a message beside the French one: it cannot be read, it is the French text, it says other values
 * or lists, its plural has categories the language lacks, or its quotes and spaces are those of a typewriter.
 */
export function faultsOf(message: string, language: Language, french: string): string[] {
  const parts = readParts(message, language);
  if (typeof parts === 'string') return [parts];
  const frenchParts = readParts(french, 'fr');
  const text = textOf(parts);
  const faults: string[] = [];
  if (typeof frenchParts !== 'string') {
    if (valuesOf(parts).join() !== valuesOf(frenchParts).join()) faults.push('placeholders differ from fr.json');
    const written = text.join('');
    const isFrench = language !== 'fr' && written === textOf(frenchParts).join('');
    if (isFrench && /\p{Ll}{3}/u.test(written) && !shared(written, language)) faults.push('is the French text');
  }
  const categories = new Set<string>();
  visit(parts, (part) => {
    if (part.type !== pluralPart) return;
    const known = new Intl.PluralRules(locales[language], { type: part.pluralType }).resolvedOptions();
    for (const option of Object.keys(part.options))
      if (!option.startsWith('=') && !known.pluralCategories.includes(option as Intl.LDMLPluralRule))
        categories.add(option);
  });
  for (const category of categories) faults.push(`a plural has no category “${category}” here`);
  if (text.some((piece) => /['"]/.test(piece))) faults.push('wants typographic quotes');
  if (language === 'fr' && text.some((piece) => / [;:?!»]|« /.test(piece))) faults.push('wants no-break spaces');
  return faults;
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

// Kinds of part of a message: the enum of its parser is not exported.
const [textPart, selectPart, pluralPart, poundPart] = [0, 5, 6, 7] as const;

function readParts(message: string, language: Language): Part[] | string {
  try {
    return new IntlMessageFormat(message, locales[language], undefined, { ignoreTag: true }).getAst();
  } catch (error) {
    return (error as Error).message;
  }
}

function visit(parts: Part[], see: (part: Part) => void): void {
  for (const part of parts) {
    see(part);
    if ('options' in part) for (const option of Object.values(part.options)) visit(option.value, see);
  }
}

function textOf(parts: Part[]): string[] {
  const pieces: string[] = [];
  visit(parts, (part) => part.type === textPart && pieces.push(part.value));
  return pieces;
}

/**
 * The values a message expects, sorted, with the words of a list it chooses among. A number may be a plural in one
 * language and plain in another (« 2 mois », “2 months”).
 */
function valuesOf(parts: Part[]): string[] {
  const names = new Set<string>();
  visit(parts, (part) => {
    if (part.type === textPart || part.type === poundPart) return;
    names.add(part.value);
    if (part.type !== selectPart) return;
    const words = Object.keys(part.options).filter((option) => Number.isNaN(Number(option)));
    if (words.length > 1) names.add(`${part.value} among ${words.sort().join(', ')}`);
  });
  return [...names].sort();
}

/** Texts that come with later pages (src/app/web/messages.ts). */
const further = /^src\/modules\/(exchange|flow\/[a-z]+)\/(.*\/)?messages$/;

/** What the shell, the parts of screens and « Aujourd’hui » ask for. */
function saidFirst(): (key: string) => boolean {
  const code = readCode(['src/app/web', 'src/ui']) + readFile('src/app/screens/today-page.tsx');
  const asked = keysAskedFor(code);
  const lists = new Set([...code.matchAll(/\bword\(\s*'([\w-]+)'/g)].map(([, list]) => list!));
  return (key) =>
    asked.has(key) || /^(nav|reminders)\./.test(key) || (key.startsWith('values.') && lists.has(key.split('.')[1]!));
}

const readFile = (file: string): string => fs.readFileSync(path.join(projectFolder, file), 'utf8');

function readCode(folders = ['src', 'bin', 'scripts', 'db/fixtures']): string {
  return folders
    .flatMap((folder) => fs.readdirSync(path.join(projectFolder, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|sql)$/.test(entry.name) && !entry.name.includes('.test.'))
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .concat(
      fs
        .readdirSync(path.join(projectFolder, 'db/migrations'))
        .map((name) => fs.readFileSync(path.join(projectFolder, 'db/migrations', name), 'utf8')),
    )
    .join('\n');
}

/**
 * A key is used when the code holds it whole, or holds its beginning with a value put in (`tasks.${kind}`), or names its
 * closed list (`word('stage', …)` for `values.stage.to-orient`).
 */
function usedIn(code: string): (key: string) => boolean {
  const whole = new Set([...code.matchAll(/['"`]([a-zA-Z][\w.-]+)['"`]/g)].map(([, key]) => key!));
  const beginnings = [...code.matchAll(/[`']([a-z][\w-]*[.][\w.-]*)(?:\$\{|' \+)/g)].map(([, beginning]) => beginning!);
  for (const key of keysOfLists()) whole.add(key);
  return (key) =>
    whole.has(key) ||
    beginnings.some((beginning) => key.startsWith(beginning) && beginning !== 'values.') ||
    (key.startsWith('values.') && whole.has(key.split('.')[1]!));
}

/** An extraction says the name of its list and of its columns. */
const keysOfLists = (): string[] =>
  modules
    .flatMap((module) => module.lists ?? [])
    .flatMap(({ name, columns }) => [`values.list.${name}`, ...columns.map(({ key }) => `columns.${name}.${key}`)]);

function keysAskedFor(code: string): Set<string> {
  return new Set([...code.matchAll(/\bt\(\s*'([a-z][\w.-]+)'/g)].map(([, key]) => key!));
}
