import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../kernel/id.ts';
import { day } from '../kernel/local-date.ts';
import { asProgram } from '../platform/database/as-program.ts';
import { raiseReminders, remind } from '../platform/jobs/reminders.ts';
import { runSchedule } from '../platform/jobs/schedules.ts';
import type { MailContent } from '../platform/mail/render-mail.ts';
import { createTestApp, type TestApp, type TestUser } from './test-app.ts';
import { codeOf } from './test-one-time-code.ts';

/** What the program writes to people: to whom, when, in which language; and who may see that it did. */

let app: TestApp;
let landlord: string;
let director: TestUser;
const password = 'saule pleureur 42';

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  landlord = await app.anOrganisation('landlord', { name: 'Habitat Rive Haute' });
  director = await app.aUser(landlord, ['director'], { name: 'Claire Morel' });
});
afterAll(() => app.close());

type Written = { recipient: string; subject: string; language: string; content: MailContent };

/** The mails written since the last time, those of an address when one is given. */
async function written(recipient?: string): Promise<Written[]> {
  const { rows } = await app.database.owner.query<Written>(
    `select recipient, subject, language, content from platform.messages
     where $1::text is null or recipient = $1 order by recipient, created_at`,
    [recipient ?? null],
  );
  return rows;
}

const speak = (user: TestUser, language: string) =>
  app.database.owner.query('update organisations.users set language = $2 where id = $1', [user.userId, language]);

describe('an invitation', () => {
  test('is written in the language chosen for the person, with its link and its end', async () => {
    const invited = await app.as(director).post('/people/invitations', {
      email: 'lea.simon@example.org',
      givenName: 'Léa',
      familyName: 'Simon',
      roles: ['reader'],
      language: 'nl',
    });
    expect(invited.body.mailed).toBe(false);
    const [mail] = await written('lea.simon@example.org');
    expect(mail).toMatchObject({ language: 'nl', subject: 'Habitat Rive Haute nodigt u uit in Palier' });
    expect(invited.body.link).toBe(`http://localhost:4000${mail!.content.link!.path}`);
    expect(mail!.content.greeting).toBe('Dag Léa,');
    expect(mail!.content.paragraphs[0]).toContain('Claire Morel');
    expect(mail!.content.paragraphs[1]).toMatch(/\d\d\/\d\d\/\d{4}/);
  });

  test('whose person has line breaks for a name writes no header', async () => {
    await app.as(director).post('/people/invitations', {
      email: 'eve@example.org',
      givenName: 'Ève\r\nBcc: tous@example.org',
      familyName: 'Noir',
      roles: ['reader'],
      language: 'fr',
    });
    const { rows } = await app.database.owner.query(
      `select subject ~ '[[:cntrl:]]' as broken from platform.messages where recipient = 'eve@example.org'`,
    );
    expect(rows).toEqual([{ broken: false }]);
  });
});

describe('a person is told that what protects the account has changed', () => {
  const signedIn = async (user: TestUser, secret: string) => {
    const answer = await app.as(undefined).post('/session', { email: user.email, password: secret });
    const cookie = [answer.headers['set-cookie']].flat().map((one) => String(one).split(';')[0]);
    return app.as(undefined, { cookie: cookie.join('; '), 'palier-organisation': user.organisationId });
  };

  test('the password', async () => {
    const user = await app.aUser(landlord, ['reader'], { password });
    await speak(user, 'en');
    const here = await signedIn(user, password);
    expect((await here.put('/account/password', { current: 'wrong', next: 'un banc sous le tilleul' })).status).toBe(
      400,
    );
    expect(await written(user.email)).toEqual([]);
    await here.put('/account/password', { current: password, next: 'un banc sous le tilleul' });
    const [mail] = await written(user.email);
    expect(mail).toMatchObject({ language: 'en', subject: 'Your password has changed' });
    expect(mail!.content.paragraphs[1]).toContain('Habitat Rive Haute');
  });

  test('the second factor, put on and taken away', async () => {
    const user = await app.aUser(landlord, ['reader'], { password });
    const here = await signedIn(user, password);
    const { uri } = (await here.post('/account/codes', { password })).body;
    expect(await written(user.email)).toEqual([]);
    const confirmed = await here.put('/account/codes', { code: codeOf(uri) });
    const cookie = [confirmed.headers['set-cookie']].flat().map((one) => String(one).split(';')[0]);
    const again = app.as(undefined, { cookie: cookie.join('; '), 'palier-organisation': landlord });
    expect((await again.delete('/account/codes', { password })).status).toBe(200);
    expect((await written(user.email)).map(({ subject }) => subject)).toEqual([
      'Votre second facteur est activé',
      'Votre second facteur est retiré',
    ]);
  });
});

describe('the reminders of the morning', () => {
  let holder: string;
  let officer: TestUser;
  let fleming: TestUser;
  let weary: TestUser;

  const aReminder = (dueOn: string, given: { for?: string; street?: string } = {}) =>
    asProgram(app.database, { organisationId: landlord }, (tx) =>
      remind(tx, landlord, [
        {
          dueOn: day(dueOn),
          kind: 'proposals.deadline-near',
          subject: { kind: 'proposal', id: newId() },
          forOrganisationId: given.for ?? holder,
          forRole: given.for ? 'rental-manager' : 'holder-officer',
          facts: { address: given.street ?? 'Rue Haute 1', municipality: 'Montreuil', deadline: '2026-03-22' },
        },
      ]),
    );
  const morning = (today: string) => runSchedule(app.database, raiseReminders, day(today));
  const ours = async () => (await written()).filter(({ subject }) => subject.includes('Ville de Montreuil'));

  beforeAll(async () => {
    holder = await app.anOrganisation('municipality', { name: 'Ville de Montreuil' });
    await app.relate(landlord, holder, 'holder');
    officer = await app.aUser(holder, ['holder-officer'], { name: 'Thomas Leroux' });
    fleming = await app.aUser(holder, ['administrator', 'holder-officer'], { name: 'An Peeters' });
    await speak(fleming, 'nl');
    weary = await app.aUser(holder, ['holder-officer']);
    expect((await app.as(weary).put('/account/mail', { reminders: false })).status).toBe(200);
    const gone = await app.aUser(holder, ['holder-officer']);
    await app.database.owner.query(`update organisations.memberships set ends_on = '2026-03-01' where user_id = $1`, [
      gone.userId,
    ]);
    await app.aUser(holder, ['reader']);
    await app.aUser(await app.anOrganisation('holder'), ['holder-officer']);
  });

  test('make one mail a person of the role addressed, in their language, never one a reminder', async () => {
    await aReminder('2026-03-12', { street: 'Rue Haute 1' });
    await aReminder('2026-03-11', { street: 'Rue Basse 2' });
    await aReminder('2026-03-19', { street: 'Rue Neuve 3' });
    await morning('2026-03-12');
    const mails = await ours();
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual([officer.email, fleming.email].sort());
    const to = (user: TestUser) => mails.find(({ recipient }) => recipient === user.email)!;
    expect(to(officer)).toMatchObject({
      subject: '2 rappels pour Ville de Montreuil',
      language: 'fr',
      content: {
        greeting: 'Bonjour Thomas,',
        items: [
          expect.stringMatching(/^Rue Basse 2, Montreuil.*22\/03\/2026$/),
          expect.stringMatching(/^Rue Haute 1, Montreuil.*22\/03\/2026$/),
        ],
        link: { path: '/aujourdhui' },
      },
    });
    expect(to(fleming)).toMatchObject({ subject: '2 herinneringen voor Ville de Montreuil', language: 'nl' });
  });

  test('are told once; those of one’s own file are not mailed, but raised', async () => {
    await aReminder('2026-03-13', { for: landlord });
    await morning('2026-03-13');
    expect(await ours()).toHaveLength(2);
    const { rows } = await app.database.owner.query(
      `select state, count(*)::int from platform.reminders group by state order by state`,
    );
    expect(rows).toEqual([
      { state: 'raised', count: 3 },
      { state: 'waiting', count: 1 },
    ]);
  });

  test('a person chooses for oneself, and is told whether mail leaves at all', async () => {
    expect((await app.as(weary).get('/account/mail')).body).toEqual({ reminders: false, sending: false });
    expect((await app.as(officer).get('/account/mail')).body).toEqual({ reminders: true, sending: false });
  });
});

describe('who may see what was written', () => {
  test('those who read the journal: to whom, about what, what became of it, never the words', async () => {
    const { body } = await app.as(director).get('/mails?order=desc&state=queued');
    const invitation = body.items.find(({ recipient }: { recipient: string }) => recipient === 'lea.simon@example.org');
    expect(invitation).toEqual({
      id: expect.any(String),
      recipient: 'lea.simon@example.org',
      subject: 'Habitat Rive Haute nodigt u uit in Palier',
      language: 'nl',
      state: 'queued',
      attempts: 0,
      problem: null,
      answer: null,
      messageId: null,
      createdAt: expect.any(String),
      sentAt: null,
    });
    expect((await app.as(director).get('/mails?state=sent')).body.items).toEqual([]);
    expect(JSON.stringify(body)).not.toContain('/invitation/');
  });

  test('neither another role nor another organisation', async () => {
    expect((await app.as(await app.aUser(landlord, ['technician'])).get('/mails')).status).toBe(403);
    const stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
    expect((await app.as(stranger).get('/mails')).body).toMatchObject({ items: [], total: 0 });
  });
});
