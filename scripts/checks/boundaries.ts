import fs from 'node:fs';
import path from 'node:path';
import { modules } from '../../src/app/modules.ts';
import { projectFolder } from '../temporary-database.ts';

/**
 * Imports go one way (docs/decisions/0007): kernel ← regulation, platform, ui ← modules ← app, and a module enters
 * another only by the doors `index.ts` (server) and `contract.ts` (everywhere) of a module it declares in `dependsOn`.
 * SQL follows the same walls: a module writes in its own schema, and reads another's views and published tables.
 */
export function findBoundaryFaults(): string[] {
  const files = fs
    .readdirSync(path.join(projectFolder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(projectFolder, path.join(entry.parentPath, entry.name)));
  return files.flatMap((file) => {
    const text = fs.readFileSync(path.join(projectFolder, file), 'utf8');
    return [...findImportFaults(file, text), ...findSqlFaults(file, text)];
  });
}

const dependencies = new Map(modules.map((module) => [module.name, module.dependsOn]));

function findImportFaults(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((target) => {
    const reason = refusal(file, target);
    return reason ? [`${file} imports ${target}: ${reason}`] : [];
  });
}

/** Relative imports only: static, re-exported and dynamic. Packages are knip's business. */
export function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.{1,2}\/[^']+)'/g)].map(([, specifier]) =>
    path.join(path.dirname(file), specifier!),
  );
}

/** Why `file` may not import `target`, or undefined when it may. */
export function refusal(file: string, target: string): string | undefined {
  const from = placeOf(file);
  const to = placeOf(target);
  if (isTest(file) || from.layer === 'app') return undefined;
  if (isTest(target)) return 'only tests import tests';
  if (to.layer === 'app') return 'only the program itself knows src/app';
  if (to.layer === 'kernel') return undefined;
  switch (from.layer) {
    case 'kernel':
      return 'the kernel imports nothing';
    case 'regulation':
    case 'platform':
    case 'ui':
      return from.layer === to.layer ? undefined : `src/${from.layer} imports the kernel and itself`;
  }
  if (to.layer === 'modules' && to.module !== from.module) {
    if (!dependencies.get(from.module!)?.includes(to.module!)) return `dependsOn of ${from.module} lacks ${to.module}`;
    if (to.part !== 'contract.ts' && (from.part === 'pages' || to.part !== 'index.ts'))
      return 'another module is entered by index.ts on the server and contract.ts everywhere';
  }
  if (from.part === 'rules' && to.layer !== 'regulation' && !(to.module === from.module && to.part === 'rules'))
    return 'rules are pure: kernel, regulation and their neighbours';
  if (from.part === 'contract.ts' && (to.layer !== 'modules' || !['contract.ts', 'rules'].includes(to.part!)))
    return 'a contract is read by the browser: kernel, own rules and contracts';
  if (from.part === 'pages') {
    const own = to.module === from.module && ['pages', 'rules', 'contract.ts'].includes(to.part!);
    if (!own && to.part !== 'contract.ts' && to.layer !== 'ui' && to.layer !== 'regulation')
      return 'a page imports ui, its own rules, and contracts';
  } else if (to.part === 'pages' || to.layer === 'ui') return 'the server does not import screens';
  return undefined;
}

const isTest = (file: string) => /\.test\.tsx?$|\/test-[^/]+\.ts$/.test(file);

/** The parts that have rules of their own in an area of a module too; its door, `index.ts`, is at its root alone. */
const parts = ['contract.ts', 'module.ts', 'pages', 'rules'];

/**
 * 'src/modules/flow/rules/x.ts' → { layer: 'modules', module: 'flow', part: 'rules' }. A large module has areas, each laid
 * out as a module is: 'src/modules/flow/base/rules/x.ts' is part 'rules' of the same module.
 */
function placeOf(file: string): { layer: string; module?: string; part?: string } {
  const [, layer, module, ...rest] = file.split('/');
  if (layer !== 'modules') return { layer: layer! };
  return { layer, module: module!, part: rest.find((name) => parts.includes(name)) ?? rest[0]! };
}

const views = new Set(
  fs
    .readdirSync(path.join(projectFolder, 'db/migrations'))
    .map((name) => fs.readFileSync(path.join(projectFolder, 'db/migrations', name), 'utf8'))
    .flatMap((text) =>
      [...text.matchAll(/create (?:or replace )?(?:view|function) (\w+\.\w+)/g)].map(([, name]) => name!),
    ),
);

const publishedTables = new Set(modules.flatMap((module) => module.publishes ?? []));

const schemas = [...dependencies.keys()].join('|');
const reads = new RegExp(`(?:from|join|From|Join)[\\s('"]+((?:${schemas})\\.[a-z_]+)`, 'g');
const writes = new RegExp(
  `(?:into|update|delete\\s+from|insertInto|updateTable|deleteFrom)[\\s('"]+((?:${schemas})\\.[a-z_]+)`,
  'g',
);

export function findSqlFaults(file: string, text: string): string[] {
  const { module } = placeOf(file);
  if (!module || isTest(file)) return [];
  const named = (pattern: RegExp) =>
    new Set([...text.matchAll(pattern)].map(([, name]) => name!).filter((name) => !name.startsWith(`${module}.`)));
  const written = named(writes);
  const read = [...named(reads)].filter((name) => !written.has(name));
  return [
    ...[...written].map((name) => `${file} writes ${name}: call the index.ts of its module`),
    ...read
      .filter((name) => !views.has(name) && !publishedTables.has(name))
      .map((name) => `${file} reads ${name}: read what its module publishes, or call its index.ts`),
  ];
}
