import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { day } from '../../kernel/local-date.ts';
import { fixedClock } from '../clock.ts';
import { asProgram } from '../database/as-program.ts';
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts';
import { startWorker } from '../jobs/worker.ts';
import { type Mail, queueMail } from './mail.ts';
import { openTransport, verifyTransport } from './mail-transport.ts';
import { mailSender } from './send-mail.ts';
import { startMailServer } from './test-mail-server.ts';

let db: TestDatabase;
const [ours, theirs] = [newId(), newId()];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of [ours, theirs]) {
    await db.database.owner.query(
      `insert into organisations.organisations (id, name, short_name, jurisdiction, kind) values ($1, 'AIS', 'AIS', 'be-bru', 'agency')`,
      [id],
    );
  }
});
afterEach(async () => {
  for (let close = closing.pop(); close; close = closing.pop()) await close();
  await db.database.owner.query('delete from platform.messages');
  await db.database.owner.query('delete from graphile_worker._private_jobs');
});
afterAll(() => db.drop());

const invitation: Mail = {
  to: 'nadia@exemple.be',
  language: 'nl',
  subject: 'Uitnodiging',
  content: { greeting: 'Dag Nadia,', paragraphs: ['Welkom.'], link: { label: 'Openen', path: '/invitation/geheim' } },
};

const queue = (...mails: Mail[]) =>
  asProgram(db.database, { organisationId: ours }, (tx) => queueMail(tx, ours, ...mails));

type Row = { id: string; state: string; problem: string | null; answer: string | null; content: unknown };
const messages = async (): Promise<(Row & Record<string, unknown>)[]> =>
  (await db.database.owner.query('select * from platform.messages order by id')).rows;
const jobs = async () =>
  (await db.database.owner.query('select key, max_attempts from graphile_worker.jobs')).rows as { key: string }[];

/** Sends what is queued, as the worker would, to a server. */
async function send(smtpUrl: string | undefined) {
  const transport = smtpUrl ? openTransport(smtpUrl) : undefined;
  closing.push(() => transport?.close());
  const sendMail = mailSender({
    database: db.database,
    transport,
    from: 'Palier <palier@agence.example>',
    baseUrl: 'https://palier.example',
  });
  for (const { id } of await messages()) await sendMail({ organisationId: ours, messageId: id });
}

async function aServer(options: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(options);
  closing.push(server.close);
  return server;
}

test('a mail is sent once, from us, in its language, with its proof; its words are forgotten', async () => {
  const server = await aServer();
  await queue(invitation);
  await send(server.url);
  await send(server.url);
  const [message, ...others] = await messages();
  expect(others).toEqual([]);
  expect(message).toMatchObject({
    state: 'sent',
    recipient: 'nadia@exemple.be',
    answer: '250 2.0.0 Ok: queued as 4F1A',
    message_id: `<${message!.id}@agence.example>`,
    attempts: 1,
    problem: null,
    content: null,
  });
  expect(message!.sent_at).not.toBeNull();
  expect(server.received).toHaveLength(1);
  const [mail] = server.received;
  expect(mail).toMatchObject({ from: 'palier@agence.example', to: ['nadia@exemple.be'] });
  for (const line of [
    'From: Palier <palier@agence.example>',
    'To: nadia@exemple.be',
    'Subject: Uitnodiging',
    `Message-ID: <${message!.id}@agence.example>`,
    'Auto-Submitted: auto-generated',
    'Content-Language: nl',
    'https://palier.example/invitation/geheim',
    '<html lang=3D"nl">',
  ])
    expect(mail!.source).toContain(line);
});

test('without a server it is kept, and its words are forgotten', async () => {
  await queue(invitation);
  await send(undefined);
  expect(await messages()).toMatchObject([{ state: 'kept', content: null, attempts: 0, sent_at: null }]);
});

test('a refusal for good ends it, with what the server said', async () => {
  const server = await aServer({ answers: ['550 5.1.1 No such user'] });
  await queue(invitation);
  await send(server.url);
  await send(server.url);
  expect(await messages()).toMatchObject([
    { state: 'failed', problem: 'E-MAIL-03', answer: '550 5.1.1 No such user', attempts: 1, content: null },
  ]);
  expect(server.received).toEqual([]);
});

test('a temporary refusal leaves it in the queue; the next attempt sends it', async () => {
  const server = await aServer({ answers: ['450 4.2.0 Greylisted'] });
  await queue(invitation);
  await expect(send(server.url)).rejects.toThrow('450 4.2.0 Greylisted');
  expect(await messages()).toMatchObject([
    { state: 'queued', problem: 'E-MAIL-04', answer: '450 4.2.0 Greylisted', attempts: 1 },
  ]);
  await send(server.url);
  expect(await messages()).toMatchObject([{ state: 'sent', problem: null, attempts: 2 }]);
  expect(server.received).toHaveLength(1);
});

test('an absent server leaves it in the queue, sixteen hours at most; its faults never say the words', async () => {
  const server = await startMailServer();
  await server.close();
  await queue(invitation);
  const fault = await send(server.url).catch((error: Error) => error.message);
  expect(fault).toMatch(/waits: ECONNREFUSED$/);
  expect(await messages()).toMatchObject([
    { state: 'queued', problem: 'E-MAIL-04', answer: 'ECONNREFUSED', attempts: 1 },
  ]);
  await db.database.owner.query('update platform.messages set attempts = 11');
  await send(server.url);
  expect(await messages()).toMatchObject([{ state: 'failed', problem: 'E-MAIL-04', attempts: 12, content: null }]);
  expect(await verifyTransport(server.url)).toBe('ECONNREFUSED');
});

test('one begun by a program that died is not sent a second time', async () => {
  const server = await aServer();
  await queue(invitation);
  await db.database.owner.query(`update platform.messages set state = 'sending'`);
  await send(server.url);
  expect(await messages()).toMatchObject([{ state: 'failed', problem: 'E-MAIL-02' }]);
  expect(server.received).toEqual([]);
});

describe('what a person typed', () => {
  test('cannot begin a header', async () => {
    const server = await aServer();
    await queue({ ...invitation, subject: 'Nadia\r\nBcc: tous@exemple.be\r\n\r\nAchetez' });
    await send(server.url);
    const [mail] = server.received;
    expect(mail!.to).toEqual(['nadia@exemple.be']);
    expect(mail!.source).toContain('Subject: Nadia Bcc: tous@exemple.be Achetez\r\n');
    expect(mail!.source).not.toMatch(/^Bcc:/m);
  });

  test.each([
    // address                             why it is not one
    'nadia@exemple.be, tous@exemple.be',
    'nadia@exemple.be\r\nRCPT TO:<tous@exemple.be>',
    'Nadia <nadia@exemple.be>',
    'nadia',
    `${'a'.repeat(250)}@exemple.be`,
  ])('%j is not sent to', async (to) => {
    await queue({ ...invitation, to }, invitation);
    expect((await messages()).map(({ state, problem }) => [state, problem]).sort()).toEqual([
      ['failed', 'E-MAIL-01'],
      ['queued', null],
    ]);
    expect(await jobs()).toHaveLength(1);
  });
});

test('nothing leaves when the transaction is rolled back', async () => {
  const undone = asProgram(db.database, { organisationId: ours }, async (tx) => {
    await queueMail(tx, ours, invitation);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect([await messages(), await jobs()]).toEqual([[], []]);
});

test('another organisation neither sees our mail nor writes in our name', async () => {
  await queue(invitation);
  const seen = await asProgram(db.database, { organisationId: theirs }, (tx) =>
    tx.selectFrom('platform.messages').select('id').execute(),
  );
  expect(seen).toEqual([]);
  const forged = asProgram(db.database, { organisationId: theirs }, (tx) => queueMail(tx, ours, invitation));
  await expect(forged).rejects.toThrow('row-level security');
});

test('the worker starts with the mail server down, and sends when it is back', async () => {
  const absent = await startMailServer();
  await absent.close();
  const faults: unknown[] = [];
  const worker = await startWorker({
    database: db.database,
    ownerUrl: db.ownerUrl,
    clock: fixedClock(day('2026-11-22')),
    uploadFolder: '',
    mail: { smtpUrl: absent.url, from: 'palier@agence.example', baseUrl: 'https://palier.example' },
    jobs: [],
    schedules: [],
    onFault: (fault) => faults.push(fault),
  });
  closing.push(worker.stop);
  await queue(invitation);
  await until(async () => (await messages())[0]?.attempts === 1 && (await messages())[0]?.state === 'queued');
  const server = await aServer({ port: absent.port });
  await until(async () => (await messages())[0]?.state === 'sent');
  expect(server.received).toHaveLength(1);
  expect(faults.join()).toContain('ECONNREFUSED');
  expect(faults.join()).not.toContain('Welkom');
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 50) {
    if (waited > 15_000) throw new Error('waited in vain');
    await setTimeout(50);
  }
}
