import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { day } from '../../kernel/local-date.ts';
import { languages, readMessages } from '../../platform/messages.ts';
import { isVerified, regulation, rowsInForce } from '../../regulation/registry.ts';

const source = path.resolve(import.meta.dirname, '../..');

const files = (folder: string) =>
  fs
    .readdirSync(path.join(source, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes('test'))
    .map((entry) => path.join(entry.parentPath, entry.name));

/** What the folder of the law exports, its sources aside: `admissionIncome` → the table itself. */
const exported = new Map<string, unknown>();
for (const file of files('regulation').filter((file) => path.dirname(file) !== path.join(source, 'regulation')))
  for (const [name, value] of Object.entries(await import(file)) as [string, unknown][]) exported.set(name, value);

const isSource = (value: unknown) => typeof value === 'object' && value !== null && 'confidence' in value;
const isDatum = (value: unknown) => typeof value !== 'function' && !isSource(value);

test('every datum of law is shown to people', () => {
  const shown = new Set(regulation.flatMap(({ of }) => of));
  expect(exported.size).toBeGreaterThan(10);
  expect([...exported].filter(([, value]) => isDatum(value) && !shown.has(value)).map(([name]) => name)).toEqual([]);
  expect(regulation.flatMap(({ of }) => of).filter((datum) => ![...exported.values()].includes(datum))).toEqual([]);
});

test('every row has its source and a value, or the name of a rule', () => {
  for (const { name, jurisdiction, rows } of regulation) {
    expect([name, jurisdiction, rows.length > 0]).toEqual([name, jurisdiction, true]);
    for (const row of rows) {
      expect([name, row.sources.length > 0 && row.sources.every(({ title }) => title.length > 3)]).toEqual([
        name,
        true,
      ]);
      expect([name, row.scope !== null || Object.keys(row.values).length > 0]).toEqual([name, true]);
    }
  }
});

test('says where the program applies each, as its imports do', () => {
  const users = new Map<string, Set<string>>();
  for (const file of [...files('modules'), ...files('app')]) {
    const text = fs.readFileSync(file, 'utf8');
    const [layer, module] = path.relative(source, file).split(path.sep);
    const name = `${layer === 'app' ? 'app' : module}.${path.basename(file).replace(/\.tsx?$/, '')}`;
    for (const [, names] of text.matchAll(/import \{([^}]*)\} from '[./]*\/regulation\/\w+\/[^']*'/g))
      for (const one of names!
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean))
        users.set(one, (users.get(one) ?? new Set()).add(name));
  }
  for (const [name, datum] of exported) {
    const series = regulation.filter(({ of }) => of.includes(datum));
    if (series.length === 0) continue;
    const declared = new Set(series.flatMap(({ usedBy }) => usedBy));
    expect([name, [...(users.get(name) ?? [])].filter((user) => !declared.has(user))]).toEqual([name, []]);
  }
  const used = new Set([...users.values()].flatMap((set) => [...set]));
  expect(regulation.flatMap(({ usedBy }) => usedBy).filter((user) => !used.has(user))).toEqual([]);
});

test('everything it says has its words in every language', () => {
  const keys = regulation.flatMap(({ name, usedBy, rows }) => [
    `regulation.series.${name}`,
    ...usedBy.map((use) => `regulation.use.${use}`),
    ...rows.flatMap(({ scope, values, sources }) => [
      ...(scope ? [`regulation.scope.${scope}`] : []),
      ...Object.keys(values).map((value) => `regulation.value.${value}`),
      ...sources.map(({ confidence }) => `regulation.confidence.${confidence}`),
    ]),
  ]);
  for (const language of languages) {
    const messages = readMessages(language);
    expect(keys.filter((key) => !(key in messages))).toEqual([]);
  }
});

describe('what is in force', () => {
  const of = (name: string) => regulation.find((series) => series.name === name)!;

  test.each([
    // series             day           from                  sure    where the expected value comes from
    ['admission-income', '2022-12-31', [], [], 'ais-brussels 3.5: nothing recorded before 2023'],
    ['admission-income', '2023-01-01', ['2023-01-01'], [true], 'ais-brussels 3.5: read at the SLRB'],
    ['admission-income', '2024-12-31', ['2024-01-01'], [true], 'the eve of the next'],
    ['admission-income', '2026-11-22', ['2026-01-01'], [false], 'ais-brussels 3.5: [D] estimate'],
    ['health-index', '2025-12-31', ['2025-01-01'], [false], 'ais-brussels 4.4: [V2], a secondary source'],
    ['health-index', '2024-06-01', [], [], 'ais-brussels 4.4: 2024 is derived, do not ship'],
    ['health-index', '2026-11-22', [], [], 'ais-brussels 4.4 ends with 2025'],
    ['income-ceilings', '2026-11-22', ['2026-01-01', '2026-01-01'], [false, false], 'flux-fr 6.5: two zones, press'],
    ['committee', '2026-11-22', [null, null, null, null], [true, true, true, true], 'flux-fr L-40 to L-45'],
  ] as const)('%s on %s: from %j, verified %j (%s)', (name, on, from, verified, _source) => {
    const rows = rowsInForce(of(name), day(on));
    expect(rows.map((row) => row.from)).toEqual(from);
    expect(rows.map(isVerified)).toEqual(verified);
  });
});
