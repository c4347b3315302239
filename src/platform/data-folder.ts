import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isAlive } from './database/embedded.ts';

/** Another program uses the data folder, said in words. */
export class FolderInUse extends Error {
  readonly holder: Holder;
  constructor(folder: string, holder: Holder) {
    super(`${folder} is used by another program: ${holder.what}, process ${holder.pid}${holder.url ? `, at ${holder.url}` : ''}.`);
    this.holder = holder;
  }
}

type Holder = { pid: number; what: string; since: string; url?: string };

export type FolderLock = { announce(url: string): void; release(): void };

/**
 * Takes the data folder for this program. Two programs on one folder would each stop the other's database; the second
 * is refused. A lock left by a killed program is taken over: its process no longer lives, or the machine was restarted
 * and another program has its number.
 * @throws FolderInUse
 */
export function lockFolder(folder: string, what: string): FolderLock {
  const file = path.join(folder, 'palier.lock');
  const own: Holder = { pid: process.pid, what, since: startOf(process.pid) };
  for (;;) {
    try {
      fs.writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o644 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(file);
      if (holder && isAlive(holder.pid) && startOf(holder.pid) === holder.since) throw new FolderInUse(folder, holder);
      // Renamed before it is removed, so that of two programs that see the same dead lock only one takes it away.
      const aside = `${file}.${process.pid}`;
      try {
        fs.renameSync(file, aside);
        fs.rmSync(aside);
      } catch {
        // The other one was faster: look again.
      }
    }
  }
  return {
    announce: (url) => fs.writeFileSync(file, JSON.stringify({ ...own, url })),
    release: () => {
      if (readHolder(file)?.pid === process.pid) fs.rmSync(file, { force: true });
    },
  };
}

/** Who uses the folder now, if anyone. */
export function holderOf(folder: string): Holder | undefined {
  const holder = readHolder(path.join(folder, 'palier.lock'));
  return holder && isAlive(holder.pid) && startOf(holder.pid) === holder.since ? holder : undefined;
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** When a process began, as the system counts: a process number alone is used again after a restart. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return 'unknown';
  }
}

/** The secret of this installation: made once, readable by the program alone. */
export function installationSecret(folder: string): string {
  const file = path.join(folder, 'secret');
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    const secret = randomBytes(32).toString('hex');
    fs.writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}
