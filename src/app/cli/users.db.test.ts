import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../platform/config.ts';
import { testSecret } from '../../platform/database/test-server.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { runCommandLine } from './command-line.ts';

let app: TestApp;
let agency: string;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  agency = await app.anOrganisation('agency', { name: 'AIS Les Érables' });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier users '));
  for (const [name, value] of Object.entries({
    DATABASE_URL: app.ownerUrl,
    PALIER_SECRET: testSecret,
    PALIER_DATA: folder,
  }))
    vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true });
  await app.close();
});
afterEach(() => vi.restoreAllMocks());

/** Runs a command as it is typed; its answer as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
async function palier(args: string[], input = ''): Promise<{ code: number; answer: any }> {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text) => void said.push(text));
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as never);
  expect(readConfig().databaseUrl).toBe(app.ownerUrl);
  const code = await runCommandLine([...args, '--json']);
  return { code, answer: JSON.parse(said.join('\n') || 'null') };
}

const ann = [
  'users',
  'add',
  '--email',
  'Ann@AIS.example',
  '--given-name',
  'Ann',
  '--family-name',
  'Peeters',
  '--roles',
  'director',
];
const signIn = (email: string, password: string) => app.as(undefined).post('/session', { email, password });
const good = 'quatre mots sans rapport';

describe('users add', () => {
  test('invites: the link it prints makes the account', async () => {
    const { code, answer } = await palier([...ann, '--organisation', 'ais les erables']);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ email: 'ann@ais.example', organisation: { id: agency } });
    const token = answer.link.split('/invitation/')[1];
    expect(await app.as(undefined).get(`/invitations/${token}`)).toMatchObject({
      status: 200,
      body: { organisation: 'AIS Les Érables' },
    });
    await app.as(undefined).post(`/invitations/${token}/acceptance`, { password: good });
    expect((await signIn('ann@ais.example', good)).status).toBe(200);
  });

  test('makes the account at once with a password, and an organisation that is new', async () => {
    const args = [
      'users',
      'add',
      '--email',
      'bob@rive.example',
      '--given-name',
      'Bob',
      '--family-name',
      'Claes',
      '--roles',
      'director,administrator',
    ];
    const made = await palier(
      [...args, '--organisation', 'Rive', '--kind', 'landlord', '--jurisdiction', 'fr-idf', '--password-stdin'],
      `${good}\n`,
    );
    expect(made.code).toBe(0);
    expect((await signIn('bob@rive.example', good)).status).toBe(200);
    const { answer } = await palier(['users', 'list', '--organisation', 'Rive']);
    expect(answer.users).toMatchObject([
      { email: 'bob@rive.example', memberships: [{ organisation: 'Rive', roles: ['director', 'administrator'] }] },
    ]);
  });

  test('adds an organisation to a person who has an account, and leaves the password', async () => {
    const again = await palier([...ann, '--organisation', 'Rive', '--password-stdin'], 'another good password\n');
    expect(again.answer).toMatchObject({ known: true });
    expect((await signIn('ann@ais.example', good)).status).toBe(200);
    const { answer } = await palier(['users', 'list']);
    const found = answer.users.find(({ email }: { email: string }) => email === 'ann@ais.example');
    expect(found.memberships.map(({ organisation }: { organisation: string }) => organisation)).toEqual([
      'AIS Les Érables',
      'Rive',
    ]);
  });

  test.each([
    // what is wrong               arguments                                                                     code  says
    [
      'an unknown organisation',
      [...ann, '--organisation', 'Nowhere'],
      1,
      { title: expect.stringContaining('AIS Les Érables') },
    ],
    [
      'a role of another kind',
      [...ann.with(-1, 'holder-officer'), '--organisation', 'AIS Les Érables'],
      1,
      { code: 'E-ROLE-01' },
    ],
    [
      'a role that is none',
      [...ann.with(-1, 'chief'), '--organisation', 'Rive'],
      1,
      { code: 'E-FIELDS-01', fields: [{ path: 'roles.0', code: 'E-FIELD-CHOICE' }] },
    ],
    [
      'an address that is none',
      [...ann.with(3, 'ann'), '--organisation', 'Rive'],
      1,
      { fields: [{ path: 'email', code: 'E-FIELD-EMAIL' }] },
    ],
    [
      'an organisation made twice',
      [...ann, '--organisation', 'rive', '--kind', 'landlord', '--jurisdiction', 'fr-idf'],
      1,
      { title: expect.stringContaining('existe déjà') },
    ],
    ['no organisation', ann, 2, { title: expect.stringContaining('--organisation') }],
  ])('refuses %s', async (_name, args, code, error) => {
    expect(await palier(args)).toMatchObject({ code, answer: { error } });
  });

  test('refuses a password that is easily guessed before it writes anything', async () => {
    const args = [
      'users',
      'add',
      '--email',
      'eve@ais.example',
      '--given-name',
      'Eve',
      '--family-name',
      'Noir',
      '--roles',
      'reader',
      '--organisation',
      'Rive',
      '--password-stdin',
    ];
    expect(await palier(args, 'password\n')).toMatchObject({ code: 1, answer: { error: { code: 'E-PASSWORD-01' } } });
    const { rows } = await app.database.owner.query(
      `select 1 from organisations.invitations where email = 'eve@ais.example'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('users password', () => {
  test('draws a password, ends the sessions, and is written down', async () => {
    const user = await app.aUser(agency, ['reader'], { password: good });
    expect((await app.as(user).get('/session')).status).toBe(200);
    const { code, answer } = await palier(['users', 'password', user.email]);
    expect(code).toBe(0);
    expect((await app.as(user).get('/session')).status).toBe(401);
    expect((await signIn(user.email, good)).status).toBe(401);
    expect((await signIn(user.email, answer.password)).status).toBe(200);
    const { rows } = await app.database.owner.query(
      `select actor_name, after from platform.events where organisation_id = $1 and kind = 'organisations.password-reset'`,
      [agency],
    );
    expect(rows).toEqual([{ actor_name: 'Administrateur du serveur', after: { email: user.email } }]);
    const told = await app.database.owner.query('select subject from platform.messages where recipient = $1', [
      user.email,
    ]);
    expect(told.rows).toEqual([{ subject: 'Votre mot de passe a changé' }]);
  });

  test('takes one from the standard input, and gives one to a person who had none', async () => {
    const user = await app.aUser(agency, ['reader']);
    const { answer } = await palier(['users', 'password', user.email.toUpperCase(), '--password-stdin'], `${good}\n`);
    expect(answer).toEqual({ email: user.email });
    expect((await signIn(user.email, good)).status).toBe(200);
  });

  test('refuses an address nobody has', async () => {
    expect(await palier(['users', 'password', 'nobody@ais.example'])).toMatchObject({ code: 1 });
  });
});

describe('users unlock', () => {
  test('lets a person in who failed five times', async () => {
    const user = await app.aUser(agency, ['reader'], { password: good });
    for (let attempt = 0; attempt < 5; attempt++) await signIn(user.email, 'wrong');
    expect(await signIn(user.email, good)).toMatchObject({ status: 409, body: { code: 'E-SIGN-IN-04' } });
    const { answer: listed } = await palier(['users', 'list']);
    expect(listed.users.find(({ email }: { email: string }) => email === user.email).locked).toBe(true);
    expect(await palier(['users', 'unlock', user.email])).toMatchObject({ code: 0, answer: { forgotten: 5 } });
    expect((await signIn(user.email, good)).status).toBe(200);
  });

  test('lets an address of the network in', async () => {
    await signIn('nobody@ais.example', 'wrong');
    const { answer } = await palier(['users', 'unlock', '--address', '127.0.0.1']);
    expect(answer.forgotten).toBeGreaterThan(0);
    const { rows } = await app.database.owner.query(
      `select 1 from auth.sign_in_failures where subject = 'address:127.0.0.1'`,
    );
    expect(rows).toEqual([]);
  });
});
