import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { codeOf } from '../../app/test-one-time-code.ts';

let app: TestApp;
let director: TestUser;
let organisationId: string;

beforeAll(async () => {
  app = await createTestApp();
  organisationId = await app.anOrganisation('agency', { name: 'AIS Les Tilleuls' });
  director = await app.aUser(organisationId, ['director']);
});
afterAll(() => app.close());

/** The cookies an answer sets, as the browser would send them back. */
const cookiesOf = (answer: { headers: Record<string, unknown> }): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ');

describe('signing in', () => {
  const password = 'saule pleureur 42';

  test('opens a session, says who is there, and closes it', async () => {
    const user = await app.aUser(organisationId, ['rental-manager'], { password });
    const signedIn = await app.as(undefined).post('/session', { email: user.email.toUpperCase(), password });
    expect(signedIn).toMatchObject({ status: 200, body: { state: 'signed-in' } });
    const here = app.as(undefined, { cookie: cookiesOf(signedIn) });
    expect((await here.get('/session')).body).toMatchObject({
      user: { email: user.email },
      organisation: { name: 'AIS Les Tilleuls', jurisdiction: 'be-bru' },
      roles: ['rental-manager'],
    });
    expect((await here.delete('/session')).status).toBe(200);
    expect((await here.get('/session')).status).toBe(401);
  });

  test('refuses a wrong password in words, in the language asked, then locks the account for a while', async () => {
    const user = await app.aUser(organisationId, ['reader'], { password });
    const attempt = (given: string) =>
      app.as(undefined, { 'accept-language': 'nl' }).post('/session', { email: user.email, password: given });
    const first = await attempt('wrong');
    expect(first).toMatchObject({ status: 401, body: { code: 'E-SIGN-IN-03' } });
    expect(first.body.detail).toMatch(/wachtwoord/i);
    for (let failure = 2; failure <= 5; failure++) await attempt('wrong');
    expect(await attempt(password)).toMatchObject({ status: 409, body: { code: 'E-SIGN-IN-04' } });
  });

  test('asks a one-time code once the person has set them up, and accepts a code kept for a lost phone', async () => {
    const user = await app.aUser(organisationId, ['reader'], { password });
    const first = await app.as(undefined).post('/session', { email: user.email, password });
    const here = app.as(undefined, { cookie: cookiesOf(first) });
    const prepared = await here.post('/account/codes', { password });
    expect(prepared.body.uri).toMatch(/^otpauth:\/\/totp\//);
    const confirmed = await here.put('/account/codes', { code: codeOf(prepared.body.uri) });
    expect(confirmed.status).toBe(200);

    const again = await app.as(undefined).post('/session', { email: user.email, password });
    expect(again.body).toEqual({ state: 'code-needed' });
    const pending = app.as(undefined, { cookie: cookiesOf(again) });
    expect((await pending.get('/session')).status).toBe(401);
    expect(await pending.post('/session/code', { code: '000000' })).toMatchObject({
      status: 401,
      body: { code: 'E-SIGN-IN-05' },
    });
    const done = await pending.post('/session/code', { code: prepared.body.backupCodes[0], kind: 'backup' });
    expect(done.body).toEqual({ state: 'signed-in' });
    expect((await app.as(undefined, { cookie: cookiesOf(done) }).get('/session')).body.user.twoFactor).toBe(true);
  });

  test('refuses a forged cookie and a session of nobody', async () => {
    expect((await app.as({ ...director, cookie: 'palier.session_token=abc.def' }).get('/session')).status).toBe(401);
    expect((await app.as(undefined).get('/session')).body).toMatchObject({ code: 'E-SIGN-IN-01' });
  });

  test('refuses a request that another site sends in the name of the person', async () => {
    const answer = await app.as(director, { origin: 'https://elsewhere.example' }).put('/account', {});
    expect(answer).toMatchObject({ status: 403, body: { code: 'E-ORIGIN-01' } });
  });

  test('says nothing of an organisation the person does not belong to', async () => {
    const other = await app.anOrganisation();
    expect(await app.as({ ...director, organisationId: other }).get('/session')).toMatchObject({
      status: 401,
      body: { code: 'E-SIGN-IN-02' },
    });
  });
});

describe('people', () => {
  test('an invited person chooses a password and belongs to the organisation', async () => {
    const invited = await app.as(director).post('/people/invitations', {
      email: 'Lea.Simon@example.org',
      givenName: 'Léa',
      familyName: 'Simon',
      roles: ['allocation-officer'],
      language: 'nl',
    });
    expect(invited.status).toBe(201);
    const token = invited.body.link.split('/').at(-1);
    expect((await app.as(undefined).get(`/invitations/${token}`)).body).toEqual({
      organisation: 'AIS Les Tilleuls',
      email: 'lea.simon@example.org',
      givenName: 'Léa',
      known: false,
    });
    const weak = await app.as(undefined).post(`/invitations/${token}/acceptance`, { password: 'motdepasse123' });
    expect(weak).toMatchObject({ status: 400, body: { code: 'E-PASSWORD-01' } });
    await app.as(undefined).post(`/invitations/${token}/acceptance`, { password: 'un banc sous le tilleul' });
    const again = await app
      .as(undefined)
      .post(`/invitations/${token}/acceptance`, { password: 'un banc sous le tilleul' });
    expect(again).toMatchObject({ status: 404, body: { code: 'E-INVITATION-01' } });
    const signedIn = await app
      .as(undefined)
      .post('/session', { email: 'lea.simon@example.org', password: 'un banc sous le tilleul' });
    expect((await app.as(undefined, { cookie: cookiesOf(signedIn) }).get('/session')).body).toMatchObject({
      roles: ['allocation-officer'],
      user: { language: 'nl' },
    });
  });

  test('someone who has an account accepts without a password; someone without one may not', async () => {
    const elsewhere = await app.anOrganisation();
    const known = await app.aUser(elsewhere, ['reader'], { name: 'Omar Diallo' });
    const invite = async (email: string) => {
      const person = { email, givenName: 'Omar', familyName: 'Diallo', roles: ['reader'], language: 'fr' };
      return (await app.as(director).post('/people/invitations', person)).body.link.split('/').at(-1);
    };
    const token = await invite(known.email);
    expect((await app.as(undefined).get(`/invitations/${token}`)).body.known).toBe(true);
    expect((await app.as(undefined).post(`/invitations/${token}/acceptance`, {})).status).toBe(200);
    expect((await app.as({ ...known, organisationId }).get('/session')).body.organisation.name).toBe(
      'AIS Les Tilleuls',
    );
    const unknown = await app.as(undefined).post(`/invitations/${await invite('new@example.org')}/acceptance`, {});
    expect(unknown).toMatchObject({ status: 400, body: { code: 'E-PASSWORD-01' } });
  });

  test('roles belong to kinds of organisations, and somebody must keep managing', async () => {
    const wrong = await app.as(director).post('/people/invitations', {
      email: 'x@example.org',
      givenName: 'X',
      familyName: 'Y',
      roles: ['holder-officer'],
      language: 'fr',
    });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'E-ROLE-01' } });
    const change = { roles: ['reader'], title: null, endsOn: null, version: 1 };
    expect(await app.as(director).put(`/people/${director.userId}`, change)).toMatchObject({
      status: 409,
      body: { code: 'E-ROLE-02' },
    });
  });

  test('two people changing one member: the second is told', async () => {
    const member = await app.aUser(organisationId, ['reader']);
    const change = { roles: ['accountant'], title: null, endsOn: null, version: 1 };
    expect((await app.as(director).put(`/people/${member.userId}`, change)).status).toBe(200);
    expect(await app.as(director).put(`/people/${member.userId}`, change)).toMatchObject({
      status: 409,
      body: { code: 'E-CONFLICT-01' },
    });
  });

  test('a reader may not invite', async () => {
    const reader = await app.aUser(organisationId, ['reader']);
    const person = { email: 'z@example.org', givenName: 'Z', familyName: 'Z', roles: ['reader'], language: 'fr' };
    expect(await app.as(reader).post('/people/invitations', person)).toMatchObject({
      status: 403,
      body: { code: 'E-ACCESS-01' },
    });
  });

  test('a colleague acts on behalf of another for the time of a delegation, and what is done says so', async () => {
    const manager = await app.aUser(organisationId, ['administrator'], { name: 'Ines Maes' });
    const colleague = await app.aUser(organisationId, ['reader']);
    const lent = await app.as(manager).post('/delegations', {
      toUserId: colleague.userId,
      roles: ['administrator'],
      startsOn: '2026-11-20',
      endsOn: '2026-11-25',
      reason: 'Congé annuel',
    });
    expect(lent.status).toBe(201);
    const acting = app.as(colleague, { 'palier-on-behalf-of': manager.userId });
    expect((await acting.get('/session')).body).toMatchObject({ roles: ['administrator'], onBehalfOf: 'Ines Maes' });
    await acting.put('/organisation/settings/allocation.offer-response-days', {
      value: 12,
      validFrom: '2026-12-01',
      reason: 'Essai',
    });
    const { rows } = await app.database.owner.query(
      `select on_behalf_of from platform.events where kind = 'organisations.setting-chosen'`,
    );
    expect(rows).toEqual([{ on_behalf_of: 'Ines Maes' }]);
    app.setToday('2026-11-26');
    expect((await acting.get('/session')).status).toBe(401);
    app.setToday('2026-11-22');
  });
});

describe('settings', () => {
  test('are dated, never change the past, and enter the journal', async () => {
    const put = (value: unknown, validFrom: string) =>
      app
        .as(director)
        .put('/organisation/settings/tenancies.first-rent-method', { value, validFrom, reason: 'Décision du CA' });
    expect(await put('thirty-days', '2026-11-01')).toMatchObject({ status: 400, body: { code: 'E-SETTING-03' } });
    expect(await put('weekly', '2026-12-01')).toMatchObject({ status: 400, body: { code: 'E-SETTING-02' } });
    expect((await put('thirty-days', '2026-11-22')).status).toBe(200);
    const { body } = await app.as(director).get('/organisation');
    expect(
      body.settings.find((setting: { key: string }) => setting.key === 'tenancies.first-rent-method'),
    ).toMatchObject({
      value: 'thirty-days',
      isDefault: false,
      reason: 'Décision du CA',
    });
    expect(await put('calendar-days', '2026-11-22')).toMatchObject({ status: 409, body: { code: 'E-SETTING-04' } });
    const { rows } = await app.database.owner.query(`select entry from platform.journal order by seq desc limit 1`);
    expect(rows[0].entry).toContain('"key":"tenancies.first-rent-method"');
  });
});

describe('the organisation', () => {
  test('says what each setting may be, what it is, and the next value already chosen', async () => {
    const elsewhere = await app.anOrganisation('agency');
    const other = await app.aUser(elsewhere, ['director'], { name: 'Ines Maes' });
    const put = (value: number, validFrom: string) =>
      app
        .as(other)
        .put('/organisation/settings/tenancies.deposit-months', { value, validFrom, reason: 'Décision du CA' });
    await put(1, '2027-01-01');
    await put(3, '2027-06-01');
    const depositOf = async (user: TestUser) =>
      (await app.as(user).get('/organisation')).body.settings.find(
        (setting: { key: string }) => setting.key === 'tenancies.deposit-months',
      );
    expect(await depositOf(other)).toMatchObject({
      schema: { type: 'integer', minimum: 0, maximum: 3 },
      value: 2,
      isDefault: true,
      next: { value: 1, validFrom: '2027-01-01', decidedBy: 'Ines Maes' },
    });
    expect(await depositOf(director)).toMatchObject({ value: 2, next: null });
  });
});

describe('the API', () => {
  test('a creating request repeated with its key is done once', async () => {
    const body = { email: 'once@example.org', givenName: 'A', familyName: 'B', roles: ['reader'], language: 'fr' };
    const key = { 'idempotency-key': 'once-1' };
    const [first, second] = await Promise.all([
      app.as(director).post('/people/invitations', body, key),
      app.as(director).post('/people/invitations', body, key),
    ]);
    expect(first.body).toEqual(second.body);
    const other = await app.as(director).post('/people/invitations', { ...body, givenName: 'C' }, key);
    expect(other).toMatchObject({ status: 409, body: { code: 'E-IDEMPOTENCY-01' } });
  });

  test('says which field is wrong, in words', async () => {
    const { status, body } = await app.as(director).post('/people/invitations', { email: 'nobody', roles: [] });
    expect(status).toBe(400);
    expect(body.code).toBe('E-FIELDS-01');
    expect(body.fields.map((field: { path: string; code: string }) => [field.path, field.code])).toEqual(
      expect.arrayContaining([
        ['email', 'E-FIELD-EMAIL'],
        ['givenName', 'E-FIELD-REQUIRED'],
        ['roles', 'E-FIELD-REQUIRED'],
      ]),
    );
    expect(body.fields.every((field: { message: string }) => !field.message.startsWith('fields.'))).toBe(true);
  });

  test.each([
    ['not JSON', '{"email":', 'application/json', 400],
    ['an unknown form', 'a=b', 'text/csv', 400],
    ['nothing', '', 'application/json', 400],
    [
      'a null character',
      '{"email":"a@b.be","givenName":"a\\u0000b","familyName":"x","roles":["reader"],"language":"fr"}',
      'application/json',
      400,
    ],
  ])('answers %s with a problem, never with a fault', async (_what, payload, type, status) => {
    const answer = await app.server.inject({
      method: 'POST',
      url: '/api/v1/people/invitations',
      payload,
      headers: { cookie: director.cookie, 'palier-organisation': director.organisationId, 'content-type': type },
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  test('every endpoint asks for a session, or says that it is public', async () => {
    for (const endpoint of app.api.endpoints.filter(({ permission }) => permission !== 'public')) {
      const url = endpoint.path.replace(/:\w+/g, '0190a000-0000-7000-8000-000000000000');
      const answer = await app.server.inject({ method: endpoint.method, url: `/api/v1${url}` });
      expect([endpoint.id, [400, 401].includes(answer.statusCode)]).toEqual([endpoint.id, true]);
    }
  });
});
