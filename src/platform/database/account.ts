import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The account of the system that runs PostgreSQL. Empty for an ordinary user: the program's own account does. */
export type Account = { uid: number; gid: number; name: string } | undefined;

/**
 * PostgreSQL refuses to run as root. When root starts the program, its server runs under the account `postgres` if the
 * machine has one, else `palier`, made on the spot, else `nobody`. An account must have a name: PostgreSQL's `initdb`
 * fails for a bare number.
 */
export function databaseAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const existing = accountNamed('postgres') ?? accountNamed('palier');
  if (existing) return existing;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'palier']);
  return accountNamed('palier') ?? accountNamed('nobody');
}

/**
 * The folder of the data when the environment names none: `data` in the project. Under root, a project in a home
 * closed to others (0700) cannot hold it, since the server's account could not reach it: then a folder of the system.
 */
export function chooseDataFolder(project: string, account: Account): string {
  const inProject = path.join(project, 'data');
  if (canReach(project, account)) return inProject;
  const mark = createHash('sha256').update(project).digest('hex').slice(0, 8);
  return path.join('/var/lib/palier', mark);
}

/** Whether the account may pass through every folder down to `folder`. PostgreSQL tests its own path this way. */
export function canReach(folder: string, account: Account): boolean {
  if (!account) return true;
  return spawnSync('test', ['-x', folder], { uid: account.uid, gid: account.gid }).status === 0;
}

/** Gives a folder and what is in it to the account. */
export function giveTo(account: Account, folder: string): void {
  if (!account) return;
  fs.chownSync(folder, account.uid, account.gid);
  for (const entry of fs.readdirSync(folder, { recursive: true })) {
    fs.lchownSync(path.join(folder, String(entry)), account.uid, account.gid);
  }
}

function accountNamed(name: string): Account {
  const line = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split(os.EOL)
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}
