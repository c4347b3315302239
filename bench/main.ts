import os from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchResult, Print } from './bench.ts';

/** `npm run bench`: all, or those named: `npm run bench -- http ranking`. `--json` prints one line of JSON a bench. */

const benches: Record<string, (print: Print) => Promise<BenchResult[]>> = {
  start: async (print) => (await import('./start.ts')).benchStart(print),
  web: async (print) => (await import('./web.ts')).benchWeb(print),
  http: async (print) => (await import('./http.ts')).benchHttp(print),
  ranking: async (print) => (await import('./ranking.ts')).benchRanking(print),
  flow: async (print) => (await import('./flow.ts')).benchFlow(print),
  import: async (print) => (await import('./import.ts')).benchImport(print),
  orientation: async (print) => (await import('./orientation.ts')).benchOrientation(print),
};

const machine = { cores: os.availableParallelism(), memory: os.totalmem(), node: process.versions.node };

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`No bench called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

let missed = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  if (!values.json) console.log(`\n${name}`);
  const results = await benches[name]!((line) => console.error(`  · ${line}`));
  missed += results.filter(({ reached }) => !reached).length;
  if (values.json) console.log(JSON.stringify({ name, results, machine }));
  else for (const result of results) console.log(lineOf(result));
}
if (missed > 0) console.error(`\n${missed} ${missed === 1 ? 'target' : 'targets'} missed.`);
process.exit(missed > 0 ? 1 : 0);

function lineOf({ work, measured, target, reached }: BenchResult): string {
  const verdict = target === '' ? '      ' : reached ? 'ok    ' : 'MISSED';
  return `  ${verdict} ${work}: ${measured}${target ? ` — target ${target}` : ''}`;
}
