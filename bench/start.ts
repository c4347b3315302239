import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../src/app/program.ts';
import { type BenchResult, figure, median, type Print } from './bench.ts';
import { addressSaid, benchFolder, ended, withoutSettings } from './stack.ts';

const nextStarts = 3;

/**
 * What a person waits for: the first start, which makes the database and loads the demonstration, and the following
 * ones. Installing and building the screens is apart. Each time runs from the command to the answer of the first page.
 */
export async function benchStart(print: Print): Promise<BenchResult[]> {
  requireScreens();
  const { folder, remove } = benchFolder('start');
  try {
    const first = await startOnce(folder);
    print(`first start, from an empty folder: ${figure(first.ms / 1_000, 1)} s`);
    for (const line of first.steps) print(`  ${line}`);
    const next: number[] = [];
    for (let start = 0; start < nextStarts; start++) next.push((await startOnce(folder)).ms);
    const again = median(next);
    return [
      {
        work: 'first start with the whole demonstration, each step told',
        measured: `${figure(first.ms / 1_000, 1)} s, ${first.steps.length} steps told`,
        target: 'under 45 s',
        reached: first.ms < 45_000 && first.steps.some((line) => line.includes('Démonstration')),
      },
      {
        work: 'start on an existing data folder, until the first page answers',
        measured: `${figure(again / 1_000, 2)} s (${next.map((ms) => figure(ms / 1_000, 2)).join(', ')})`,
        target: 'under 4 s',
        reached: again < 4_000,
      },
    ];
  } finally {
    remove();
  }
}

/** @throws Error when the screens are not built: a start without a first page measures nothing */
export function requireScreens(): void {
  if (!fs.existsSync(path.join(projectFolder, 'dist', 'index.html'))) {
    throw new Error('The screens are not built: npm run build');
  }
}

/** Starts the program as `npx palier start` does, waits for its first page, and stops it. */
async function startOnce(folder: string): Promise<{ ms: number; steps: string[] }> {
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(projectFolder, 'bin/palier.mjs'), 'start'], {
    cwd: projectFolder,
    env: { ...withoutSettings(process.env), PALIER_DATA: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  try {
    const url = await addressSaid(child);
    const page = await fetch(url);
    if (!page.ok || !(await page.text()).includes('<script')) throw new Error(`No first page at ${url}`);
    const ms = performance.now() - began;
    return {
      ms,
      steps: said
        .split('\n')
        .filter((line) => /^ {2}\S.* (ms|s)$/.test(line))
        .map((line) => line.trim()),
    };
  } finally {
    await ended(child, 'SIGTERM');
  }
}
