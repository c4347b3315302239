import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { projectFolder, withTemporaryDatabase } from './temporary-database.ts';

/**
 * Writes what is generated and committed: the types of the database. With `--check`, writes nothing and fails when a
 * committed file is not what it would write.
 */
const check = process.argv.includes('--check');
const stale: string[] = [];

function put(file: string, content: string): void {
  const target = path.join(projectFolder, file);
  const present = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
  if (present === content) return;
  if (check) stale.push(file);
  else fs.writeFileSync(target, content);
}

const types = {
  int8: 'ColumnType<number, number | string | bigint, number | string | bigint>',
  timestamptz: 'ColumnType<string, string | Date, string | Date>',
  interval: 'string',
  // Written as JSON text: the driver would turn a bare array into a PostgreSQL array.
  jsonb: 'ColumnType<unknown, string, string>',
};

await withTemporaryDatabase(async (url) => {
  const out = path.join(projectFolder, 'node_modules/.cache/schema.ts');
  fs.mkdirSync(path.dirname(out), { recursive: true });
  execFileSync(
    process.execPath,
    [
      path.join(projectFolder, 'node_modules/kysely-codegen/dist/cli/bin.js'),
      ...['--dialect', 'postgres', '--url', url, '--out-file', out, '--log-level', 'error', '--date-parser', 'string'],
      ...[
        '--include-pattern',
        '(organisations|platform|knowledge|portfolio|applicants|flow|tenancies|allocation|exchange).*',
      ],
      ...['--type-mapping', JSON.stringify(types)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  put('src/platform/database/schema.generated.ts', fs.readFileSync(out, 'utf8'));
});

if (stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}. Run npm run generate and commit the result.`);
  process.exit(1);
}
