import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The day the program believes it is, in all journeys: the notice of the walk came two days before. */
export const today = '2026-03-12';

export const project = path.resolve(import.meta.dirname, '..');

/** Long enough for the demonstration to be loaded on a slow machine. */
const patienceMs = 180_000;

/** What the journeys know of the program; set by the global setup, in the environment that workers inherit. */
export const program = {
  get url(): string {
    return required('PALIER_E2E_URL');
  },
  get folder(): string {
    return required('PALIER_E2E_FOLDER');
  },
};

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: journeys start with npm run test:e2e`);
  return value;
}

/** Runs a command of the program on the folder of the journeys, as its administrator does. */
export function palier(args: readonly string[], input = ''): { code: number | null; said: string } {
  const { DATABASE_URL: _database, PALIER_SECRET: _secret, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(project, 'bin', 'palier.mjs'), ...args], {
    cwd: project,
    env: { ...rest, PALIER_DATA: program.folder, PALIER_TODAY: today },
    input,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

/**
 * Starts the program on a fresh folder, as people do, and waits for its address. With PALIER_E2E_URL (and
 * PALIER_E2E_FOLDER) the journeys meet a program that runs already: quicker while one writes them.
 * @returns what stops it and removes the folder, once all journeys are over
 */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.PALIER_E2E_URL) return undefined;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier journeys '));
  fs.chmodSync(folder, 0o755);
  const { DATABASE_URL: _database, PALIER_SECRET: _secret, PALIER_URL: _url, NODE_ENV: _node, ...rest } = process.env;
  const child = spawn(process.execPath, [path.join(project, 'bin', 'palier.mjs'), 'start', '--json'], {
    cwd: project,
    env: { ...rest, PALIER_DATA: folder, PALIER_DEMO: '1', PALIER_TODAY: today, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await over;
    fs.rmSync(folder, { recursive: true, force: true });
  };
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  let answer = '';
  const address = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    child.stdout.on('data', (text) => {
      answer += text;
      const end = answer.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      // The first line is the answer; what follows on this stream is the log of the program.
      child.stdout.removeAllListeners('data').resume();
      resolve((JSON.parse(answer.slice(0, end)) as { url: string }).url);
    });
    child.once('close', () => resolve(undefined));
  });
  if (!address) {
    await stop();
    throw new Error(`The program did not start:\n${said}`);
  }
  process.env.PALIER_E2E_URL = address;
  process.env.PALIER_E2E_FOLDER = folder;
  return stop;
}
