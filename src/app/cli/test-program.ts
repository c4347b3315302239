import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The program in a process of its own, as people run it: for the tests of starting, stopping and backing up. */

export const project = path.resolve(import.meta.dirname, '../../..');

/** A folder of its own for a test, which the account of the database server may pass through. */
export function temporaryFolder(name: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `palier ${name} `));
  fs.chmodSync(folder, 0o755);
  return folder;
}

export type Run = { code: number | null; stdout: string; stderr: string };

type Surroundings = { folder: string; env?: Record<string, string>; from?: string };

function launch(args: readonly string[], { folder, env, from = project }: Surroundings): ChildProcess {
  const { DATABASE_URL: _url, PALIER_SECRET: _secret, PORT: _port, ...rest } = process.env;
  return spawn(process.execPath, [path.join(from, 'bin', 'palier.mjs'), ...args], {
    cwd: from,
    env: { ...rest, PALIER_DATA: folder, PALIER_DEMO: '0', PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function collect(child: ChildProcess): Run {
  const run: Run = { code: null, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.on('data', (text) => {
      run[name] += text;
    });
  }
  return run;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once('close', (code) => resolve(code));
  });

/** Runs a command to its end. */
export async function palier(args: readonly string[], surroundings: Surroundings & { input?: string }): Promise<Run> {
  const child = launch(args, surroundings);
  const run = collect(child);
  child.stdin!.end(surroundings.input ?? '');
  run.code = await ended(child);
  return run;
}

export type RunningProgram = {
  url: string;
  pid: number;
  run: Run;
  /** @returns the exit code; null when it was killed */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

/** Starts the program and waits until it says its address. */
export async function startedProgram(surroundings: Surroundings): Promise<RunningProgram> {
  const child = launch(['start'], surroundings);
  const run = collect(child);
  const over = ended(child);
  for (let waited = 0; waited < 20_000; waited += 25) {
    const url = /^Palier : (\S+)$/m.exec(run.stdout)?.[1];
    if (url) {
      return {
        url,
        pid: child.pid!,
        run,
        end: (signal) => {
          child.kill(signal);
          return over;
        },
      };
    }
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`The program did not start:\n${run.stdout}${run.stderr}`);
}
