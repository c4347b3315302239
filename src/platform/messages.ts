import fs from 'node:fs';
import path from 'node:path';
import { type Messages, type Translate, translator } from '../kernel/messages.ts';
import type { Language } from '../kernel/schemas.ts';

export const languages = ['fr', 'nl', 'en'] as const satisfies Language[];

const source = path.resolve(import.meta.dirname, '..');

/** Reads every message file of the program: `messages/<language>.json` beside the code that uses it. */
export function readMessages(language: Language): Messages {
  const all: Messages = {};
  for (const folder of messageFolders()) {
    Object.assign(all, JSON.parse(fs.readFileSync(path.join(folder, `${language}.json`), 'utf8')));
  }
  return all;
}

export function messageFolders(): string[] {
  return fs
    .readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'messages')
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

const translators = new Map<Language, Translate>();

/** The translator of a language on the server: problems, letters, mail. */
export function translate(language: Language): Translate {
  let found = translators.get(language);
  if (!found) {
    found = translator(readMessages(language), language);
    translators.set(language, found);
  }
  return found;
}

/** The language a request asks for: the first of ours in `Accept-Language`, French otherwise. */
export function preferredLanguage(header: string | undefined): Language {
  for (const part of (header ?? '').split(',')) {
    const asked = part.trim().slice(0, 2).toLowerCase();
    const known = languages.find((language) => language === asked);
    if (known) return known;
  }
  return 'fr';
}
