import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderInUse, type Holder, holderOf, installationSecret, lockFolder } from './data-folder.ts';

let folder: string;
const lockFile = () => path.join(folder, 'palier.lock');
const write = (holder: Partial<Holder>) =>
  fs.writeFileSync(lockFile(), JSON.stringify({ what: 'start', since: 'x', host: os.hostname(), ...holder }));

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier lock '));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the lock of the data folder', () => {
  test('is taken once, says where the program answers, and is given back', async () => {
    const lock = await lockFolder(folder, 'start');
    lock.announce('http://127.0.0.1:4000');
    await expect(lockFolder(folder, 'backup')).rejects.toThrow(FolderInUse);
    await expect(lockFolder(folder, 'backup')).rejects.toThrow(
      `Processus ${process.pid}, à l’adresse http://127.0.0.1:4000`,
    );
    expect(holderOf(folder)).toMatchObject({ pid: process.pid, what: 'start' });
    lock.release();
    expect(holderOf(folder)).toBeUndefined();
    (await lockFolder(folder, 'start')).release();
  });

  test.each([
    ['a process that is gone', () => ({ pid: deadProcess() })],
    ['a living process that began at another time', () => ({ pid: process.ppid })],
    ['half a file', () => undefined],
  ])('left by %s is taken over', async (_name, holder) => {
    const found = holder();
    if (found) write(found);
    else fs.writeFileSync(lockFile(), '{"pid": 1');
    const lock = await lockFolder(folder, 'start');
    expect(holderOf(folder)?.pid).toBe(process.pid);
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('of another machine holds while it is touched, and no longer', async () => {
    write({ pid: 1, host: 'elsewhere' });
    await expect(lockFolder(folder, 'start')).rejects.toThrow('sur la machine elsewhere');
    const old = new Date(Date.now() - 60_000);
    fs.utimesSync(lockFile(), old, old);
    (await lockFolder(folder, 'start')).release();
  });

  test('of a program that leaves is waited for', async () => {
    const lock = await lockFolder(folder, 'start');
    lock.leave();
    setTimeout(() => lock.release(), 200);
    const began = Date.now();
    (await lockFolder(folder, 'start')).release();
    expect(Date.now() - began).toBeGreaterThanOrEqual(190);
  });

  test('is not given back by who does not hold it any more', async () => {
    const lock = await lockFolder(folder, 'start');
    write({ pid: 1, since: 'other', host: 'elsewhere' });
    lock.release();
    expect(fs.existsSync(lockFile())).toBe(true);
  });
});

/** The number of a process that has ended. */
const deadProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('the secret of an installation', () => {
  test('is made once, readable by its owner alone', () => {
    const secret = installationSecret(folder);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(installationSecret(folder)).toBe(secret);
    expect(fs.statSync(path.join(folder, 'secret')).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(['secret']);
  });

  test('is never written over when it cannot be read', () => {
    fs.mkdirSync(path.join(folder, 'secret'));
    expect(() => installationSecret(folder)).toThrow('EISDIR');
  });
});
