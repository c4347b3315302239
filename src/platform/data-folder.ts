import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive, keptSecret } from './database/embedded.ts';
import { OperatorError } from './operator-error.ts';

/** Who holds a data folder. */
export type Holder = {
  pid: number;
  /** The command it runs: `start`, `backup`… */
  what: string;
  /** When its process began: a process number alone is used again after a restart. */
  since: string;
  host: string;
  /** Where it answers, once it does. */
  url?: string;
  /** It was told to stop: whoever waits gets the folder. */
  leaving?: boolean;
};

/** Another program uses the data folder. */
export class FolderInUse extends OperatorError {
  readonly holder: Holder;

  constructor(folder: string, holder: Holder) {
    const where = holder.host === os.hostname() ? '' : ` sur la machine ${holder.host}`;
    const what = holder.what === 'start' ? 'Palier tourne déjà' : `La commande « ${holder.what} » travaille`;
    super(
      `${what} sur ce dossier de données : ${folder}\n` +
        `Processus ${holder.pid}${where}${holder.url ? `, à l’adresse ${holder.url}` : ''}.\n` +
        'Servez-vous de celui-là, arrêtez-le, ou choisissez un autre dossier avec PALIER_DATA.',
      2,
    );
    this.holder = holder;
  }
}

export type FolderLock = { announce(url: string): void; leave(): void; release(): void };

/** A holder on another machine, or in another container, cannot be asked: it shows that it lives by touching its lock. */
const heartbeat = { everyMs: 5_000, deadAfterMs: 30_000 };

const lockFile = (folder: string): string => path.join(folder, 'palier.lock');

/** How long a program that was told to stop is waited for: longer than its requests and its jobs. */
const leavingMs = 30_000;

/**
 * Takes the data folder for this program. Two programs on one folder would each stop the other's database; the second
 * is refused, or waits when the first is about to leave. A lock left by a killed program is taken over: its process no
 * longer lives, or the machine was restarted and another program has its number.
 * @throws FolderInUse
 */
export async function lockFolder(folder: string, what: string): Promise<FolderLock> {
  const file = lockFile(folder);
  const own: Holder = { pid: process.pid, what, since: startOf(process.pid), host: os.hostname() };
  const patience = Date.now() + leavingMs;
  for (;;) {
    try {
      fs.writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o644 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(file);
      if (!holder || !isHeld(file, holder)) takeAway(file, holder);
      else if (!holder.leaving || Date.now() > patience) throw new FolderInUse(folder, holder);
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const beat = setInterval(() => touch(file), heartbeat.everyMs);
  beat.unref();
  return {
    announce: (url) => replace(file, JSON.stringify({ ...own, url })),
    leave: () => replace(file, JSON.stringify({ ...own, leaving: true })),
    release: () => {
      clearInterval(beat);
      const holder = readHolder(file);
      if (holder?.pid === own.pid && holder.since === own.since) fs.rmSync(file, { force: true });
    },
  };
}

/** Who uses the folder now, if anyone. */
export function holderOf(folder: string): Holder | undefined {
  const file = lockFile(folder);
  const holder = readHolder(file);
  return holder && isHeld(file, holder) ? holder : undefined;
}

function isHeld(file: string, holder: Holder): boolean {
  if (holder.host === os.hostname()) return isAlive(holder.pid) && startOf(holder.pid) === holder.since;
  const touched = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - touched < heartbeat.deadAfterMs;
}

/**
 * Removes a dead lock. It is renamed first, and put back when it turns out to be another than the one found dead: of
 * two programs that see the same dead lock, the slower must not take away the lock of the faster.
 */
function takeAway(file: string, dead: Holder | undefined): void {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    const taken = readHolder(aside);
    if (taken && (taken.pid !== dead?.pid || taken.since !== dead.since)) fs.linkSync(aside, file);
    fs.rmSync(aside, { force: true });
  } catch (error) {
    // The other one was faster: the caller looks again.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What a lock says; a lock seen while it is being written is read again. */
function readHolder(file: string): Holder | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code) return undefined;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
  return undefined;
}

function replace(file: string, content: string): void {
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, content, { mode: 0o644 });
  fs.renameSync(partial, file);
}

function touch(file: string): void {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {
    // Removed by hand, or the disk is gone: the next reader of the lock judges by the process.
  }
}

/** When a process began, as the system counts. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    if (process.platform === 'win32') return 'unknown';
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || 'unknown';
  }
}

/** The secret of this installation: made once, readable by the program alone. */
export const installationSecret = (folder: string): string => keptSecret(path.join(folder, 'secret'), 32);
