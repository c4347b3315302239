import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findBoundaryFaults } from './checks/boundaries.ts';
import { findMessageFaults } from './checks/messages.ts';
import { projectFolder } from './temporary-database.ts';

/** `npm run check`: all that can be told without running the program. Every check runs; the first fault does not hide the others. */
const checks: [what: string, check: () => string][] = [
  ['style and faults (biome)', () => run('@biomejs/biome/bin/biome', 'check', '--error-on-warnings')],
  ['types of the server', () => run('typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['types of the screens', () => run('typescript/bin/tsc', '-p', 'tsconfig.web.json')],
  ['boundaries between modules', () => findBoundaryFaults().join('\n')],
  ['messages in every language', () => findMessageFaults().join('\n')],
  ['nothing unused (knip)', () => run('knip/bin/knip.js', '--no-progress')],
  ['generated files', () => runFile(path.join('scripts', 'generate.ts'), '--check')],
];

const run = (bin: string, ...args: string[]) => runFile(path.join('node_modules', bin), ...args);

/** What a command said, when it refused. */
function runFile(file: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: projectFolder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return status === 0 ? '' : `${stdout}${stderr}`.trim() || `${file} ended with ${status}`;
}

for (const [what, check] of checks) {
  const began = performance.now();
  const faults = check();
  console.log(`${faults ? '✗' : '✓'} ${what} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  if (!faults) continue;
  console.log(faults.replace(/^/gm, '    '));
  process.exitCode = 1;
}
