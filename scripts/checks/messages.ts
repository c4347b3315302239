import fs from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { modules } from '../../src/app/modules.ts';
import { languages, messageFolders } from '../../src/platform/messages.ts';
import { projectFolder } from '../temporary-database.ts';

/**
 * Every message exists in every language with the same placeholders, is written once, parses, and is used: its key, or
 * the part of it before the value of a closed list (`values.stage.`), stands in the code.
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
        if (!(key in french)) faults.push(`${place}/${language}.json has ${key}, which fr.json lacks`);
        const placeholders = placeholdersOf(message, language);
        if (typeof placeholders === 'string') faults.push(`${place}/${language}.json ${key}: ${placeholders}`);
        else if (key in french && placeholders.join() !== String(placeholdersOf(french[key]!, 'fr')))
          faults.push(`${place}/${language}.json ${key}: placeholders differ from fr.json`);
      }
    }
  }
  const code = readCode();
  const isUsed = usedIn(code);
  for (const key of owners.keys()) if (!isUsed(key)) faults.push(`${owners.get(key)}: ${key} is used nowhere`);
  for (const key of keysAskedFor(code)) if (!owners.has(key)) faults.push(`t('${key}') has no message`);
  return faults;
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

/** Names of the values a message expects, sorted; or why it cannot be read. */
function placeholdersOf(message: string, language: string): string[] | string {
  const names = new Set<string>();
  const visit = (parts: Part[]) => {
    for (const part of parts) {
      // 0 is literal text, 7 the « # » of a plural; all others name a value.
      if (part.type !== 0 && part.type !== 7) names.add(part.value);
      if ('options' in part) for (const option of Object.values(part.options)) visit(option.value);
    }
  };
  try {
    visit(new IntlMessageFormat(message, language).getAst());
  } catch (error) {
    return (error as Error).message;
  }
  return [...names].sort();
}

function readCode(): string {
  return ['src', 'bin', 'scripts', 'db/fixtures']
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
  const beginnings = [...code.matchAll(/[`']([a-z]\w*[.][\w.-]*)(?:\$\{|' \+)/g)].map(([, beginning]) => beginning!);
  const columns = modules
    .flatMap((module) => module.lists ?? [])
    .flatMap((list) => list.columns.map((column) => `columns.${list.name}.${column.key}`));
  for (const column of columns) whole.add(column);
  return (key) =>
    whole.has(key) ||
    beginnings.some((beginning) => key.startsWith(beginning) && beginning !== 'values.') ||
    (key.startsWith('values.') && whole.has(key.split('.')[1]!));
}

function keysAskedFor(code: string): Set<string> {
  return new Set([...code.matchAll(/\bt\(\s*'([a-z][\w.-]+)'/g)].map(([, key]) => key!));
}
