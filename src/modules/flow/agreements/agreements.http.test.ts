import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { dueOf } from './rules/due.ts';

let app: TestApp;
let director: TestUser;
let officer: TestUser;
let stranger: TestUser;
let landlord: string;
let holder: string;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Haute' });
  holder = await app.anOrganisation('holder', { name: 'Action Logement Services' });
  await app.relate(landlord, holder, 'holder');
  director = await app.aUser(landlord, ['director'], { name: 'Claire Morel' });
  officer = await app.aUser(holder, ['holder-officer'], { name: 'Thomas Petit' });
  const other = await app.anOrganisation('holder', { name: 'Autre réservataire' });
  await app.relate(landlord, other, 'holder');
  stranger = await app.aUser(other, ['holder-officer']);
});
afterAll(() => app.close());

const terms = (given: Record<string, unknown> = {}) => ({
  reference: `CR-${newId().slice(-6)}`,
  holderId: holder,
  contingent: 'action-logement',
  scale: 'department',
  perimeterCode: '93',
  share: '0.27',
  nominationDays: null,
  startsOn: '2026-04-01',
  endsOn: '2028-12-31',
  ...given,
});

const freed = (on: string, kind = 'freed', vacancyId = newId(), municipality = '93048') =>
  app.database.owner
    .query(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, in_priority_area)
       values ($1, $2, $3, $4, $5, 'in-base', $6, $7, false)`,
      [landlord, newId(), on, kind, vacancyId, municipality.slice(0, 2), municipality],
    )
    .then(() => vacancyId);

const record = async (id: string, user = director) => (await app.as(user).get(`/agreements/${id}`)).body;

describe('from draft to signature', () => {
  let id: string;

  test('a draft is the landlord’s alone', async () => {
    const made = await app
      .as(director)
      .post('/agreements', terms({ perimeterCode: '95', state: 'draft', proposalTerms: 'Par courriel' }));
    expect(made.status).toBe(201);
    id = made.body.id;
    expect((await app.as(officer).get(`/agreements/${id}`)).status).toBe(404);
    expect((await app.as(officer).get('/agreements?states=all')).body.items).toEqual([]);
    const { agreement, next, movesTo } = await record(id);
    expect([agreement.state, next, movesTo]).toEqual(['draft', 'send', ['negotiation', 'abandoned']]);
    expect((await app.as(director).get('/agreements')).body.items).toEqual([]);
  });

  test('sent, both see it and speak; nobody else does', async () => {
    const { version } = await record(id);
    expect(
      (await app.as(director).post(`/agreements/${id}/moves`, { to: 'negotiation', words: 'Pour avis', version })).body
        .state,
    ).toBe('negotiation');
    expect((await app.as(officer).post(`/agreements/${id}/comments`, { words: 'Un mois nous convient' })).status).toBe(
      201,
    );
    expect((await app.as(stranger).get(`/agreements/${id}`)).status).toBe(404);
    expect((await app.as(stranger).post(`/agreements/${id}/comments`, { words: 'Intrus' })).status).toBe(404);
    const seen = await record(id, officer);
    expect(seen.moves.map((move: { kind: string; by: string }) => [move.kind, move.by])).toEqual([
      ['commented', 'Thomas Petit'],
      ['sent', 'Claire Morel'],
    ]);
    expect(seen.can).toMatchObject({ comment: true, change: false, sign: false, amend: false });
    const reminded = await app.database.owner.query(
      `select for_organisation_id, kind from platform.reminders where subject_id = $1`,
      [id],
    );
    expect(reminded.rows).toEqual([{ for_organisation_id: holder, kind: 'agreements.to-read' }]);
  });

  test('a holder neither changes nor puts to signature', async () => {
    const { version } = await record(id, officer);
    expect((await app.as(officer).put(`/agreements/${id}`, { ...terms(), version })).status).toBe(403);
    const moved = await app.as(officer).post(`/agreements/${id}/moves`, { to: 'to-sign', words: null, version });
    expect(moved.body.code).toBe('E-AGREEMENT-11');
  });

  test('what is signed is what was read: changed terms need new signatures', async () => {
    const before = await record(id);
    await app.as(director).post(`/agreements/${id}/moves`, { to: 'to-sign', words: null, version: before.version });
    const { termsSha256 } = before.versions[0];
    expect(
      (await app.as(officer).post(`/agreements/${id}/signature`, { title: 'Responsable', termsSha256 })).body,
    ).toEqual({ state: 'to-sign' });
    expect((await app.as(officer).post(`/agreements/${id}/signature`, { title: null, termsSha256 })).body.code).toBe(
      'E-AGREEMENT-15',
    );

    await app
      .as(director)
      .post(`/agreements/${id}/moves`, { to: 'negotiation', words: null, version: (await record(id)).version });
    const { version, agreement } = await record(id);
    await app.as(director).put(`/agreements/${id}`, {
      ...terms({ reference: agreement.reference, perimeterCode: '95', share: '0.25' }),
      version,
    });
    await app.as(director).post(`/agreements/${id}/moves`, { to: 'to-sign', words: null, version: version + 1 });
    expect((await app.as(director).post(`/agreements/${id}/signature`, { title: null, termsSha256 })).body.code).toBe(
      'E-AGREEMENT-14',
    );
    const changed = await record(id);
    expect([changed.next, changed.versions[0].signatures]).toEqual(['sign-both', []]);

    const fresh = { title: 'Directrice', termsSha256: changed.versions[0].termsSha256 };
    expect((await app.as(director).post(`/agreements/${id}/signature`, fresh)).body).toEqual({ state: 'to-sign' });
    expect((await record(id)).next).toBe('sign-holder');
    expect((await app.as(officer).post(`/agreements/${id}/signature`, fresh)).body).toEqual({ state: 'signed' });
    const signed = await record(id);
    expect([signed.agreement.state, signed.signedOn, signed.next]).toEqual(['signed', '2026-03-12', 'run']);
    expect(
      signed.versions[0].signatures.map((one: { party: string; signatory: string }) => [one.party, one.signatory]),
    ).toEqual([
      ['landlord', 'Claire Morel'],
      ['holder', 'Thomas Petit'],
    ]);
  });

  test('its document is a PDF with its annex', async () => {
    const { body } = await app.as(officer).post(`/agreements/${id}/document`);
    expect(body).toHaveProperty('fileId');
    const file = await app.as(officer).get<string>(`/files/${body.fileId}`);
    expect([file.status, file.body.slice(0, 5)]).toEqual([200, '%PDF-']);
  });
});

test('one signed on paper carries both signatures; delegated, they are the consents (F-86)', async () => {
  const { id } = (
    await app.as(director).post(
      '/agreements',
      terms({
        perimeterCode: '75',
        share: '0.1',
        nominationMode: 'delegated',
        signedOn: '2026-02-20',
        landlordSignatory: 'Claire Morel',
        holderSignatory: 'Thomas Petit',
      }),
    )
  ).body;
  const [version] = (await record(id, officer)).versions;
  expect([version.nominationMode, version.state]).toEqual(['delegated', 'planned']);
  expect(
    version.signatures.map((one: { party: string; signedOn: string; channel: string }) => [
      one.party,
      one.signedOn,
      one.channel,
    ]),
  ).toEqual([
    ['landlord', '2026-02-20', 'paper'],
    ['holder', '2026-02-20', 'paper'],
  ]);
});

describe('what the law refuses', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['more than the whole in a département (L-29)', { perimeterCode: '77', share: '1', reference: 'X-1' }, ''],
    [
      'more than the whole beside another (L-29)',
      { perimeterCode: '77', contingent: 'other', share: '0.01' },
      'E-AGREEMENT-01',
    ],
    [
      'the State above 30 % (L-20)',
      { perimeterCode: '78', contingent: 'state-priority', scale: 'municipality', share: '0.31' },
      'E-AGREEMENT-05',
    ],
    [
      'its staff above 5 % (L-20)',
      { perimeterCode: '78', contingent: 'state-staff', scale: 'municipality', share: '0.06' },
      'E-AGREEMENT-06',
    ],
    [
      'the State by département (F-30)',
      { perimeterCode: '78', contingent: 'state-priority', share: '0.3' },
      'E-AGREEMENT-03',
    ],
    ['a holder with one commune (L-08)', { perimeterCode: '93048' }, 'E-AGREEMENT-04'],
    [
      'a commune with a département (L-09)',
      { perimeterCode: '93', contingent: 'municipality', scale: 'municipality' },
      'E-AGREEMENT-04',
    ],
    ['a holder that does not work with the landlord', { holderId: newId() }, 'E-AGREEMENT-02'],
  ])('%s', async (_what, given, code) => {
    const { status, body } = await app.as(director).post('/agreements', terms(given));
    expect(code === '' ? status : body.code).toBe(code === '' ? 201 : code);
  });

  test('a second agreement of the same holder, perimeter and days (L-08)', async () => {
    const { body } = await app
      .as(director)
      .post('/agreements', terms({ perimeterCode: '77', share: '0.1', startsOn: '2027-01-01' }));
    expect(body.code).toBe('E-AGREEMENT-08');
    expect(body.detail).toContain('X-1');
  });

  test('a commune outside its own territory (L-09)', async () => {
    const town = await app.anOrganisation('municipality', { perimeter: { municipalities: ['93048'] } });
    await app.relate(landlord, town, 'holder');
    const given = { holderId: town, contingent: 'municipality', scale: 'municipality', share: '0.2' };
    expect((await app.as(director).post('/agreements', terms({ ...given, perimeterCode: '93010' }))).body.code).toBe(
      'E-AGREEMENT-04',
    );
    expect((await app.as(director).post('/agreements', terms({ ...given, perimeterCode: '93048' }))).status).toBe(201);
  });

  test('an arrêté raises the cap of the State, for one year at most (L-21)', async () => {
    const state = await app.anOrganisation('state');
    await app.relate(landlord, state, 'holder');
    const given = {
      holderId: state,
      contingent: 'state-priority',
      scale: 'municipality',
      perimeterCode: '91',
      share: '0.3',
      startsOn: '2026-01-01',
      endsOn: null,
    };
    const { id } = (await app.as(director).post('/agreements', terms(given))).body;
    const arrete = { reference: 'Arrêté 2026-12', cap: '0.4', from: '2026-04-01', reason: 'Besoin économique' };
    const derogate = (until: string) => app.as(director).post(`/agreements/${id}/derogations`, { ...arrete, until });
    expect((await derogate('2027-04-01')).body.code).toBe('E-AGREEMENT-13');
    expect((await derogate('2027-03-31')).status).toBe(201);
    const amendment = {
      from: '2026-04-01',
      share: '0.35',
      nominationDays: null,
      nominationMode: 'direct',
      ifNoneProposed: 'landlord',
      reason: 'Arrêté',
      version: 1,
    };
    // Beyond the year of the arrêté the share passes the cap again.
    expect((await app.as(director).post(`/agreements/${id}/amendments`, amendment)).body.code).toBe('E-AGREEMENT-05');
  });

  test('only a director, and only of the landlord', async () => {
    const reader = await app.aUser(landlord, ['reader']);
    expect((await app.as(reader).post('/agreements', terms())).status).toBe(403);
    expect((await app.as(officer).post('/agreements', terms())).status).toBe(403);
    expect((await app.as(officer).get('/agreements/commitments')).status).toBe(403);
  });
});

describe('the past keeps its share', () => {
  let id: string;
  const figures = async () =>
    (await app.as(director).get('/agreements')).body.items.find((one: { id: string }) => one.id === id).figures;

  test('an amendment counts from its last signature on', async () => {
    const region = await app.anOrganisation('holder', { name: 'Région' });
    const regional = await app.aUser(region, ['holder-officer']);
    id = await anAgreement(app, landlord, region, { contingent: 'region', perimeter: '94', share: '0.2' });
    for (const on of ['2026-01-10', '2026-01-20', '2026-02-05', '2026-03-01', '2026-03-12'])
      await freed(on, 'freed', newId(), '94081');
    expect(await figures()).toMatchObject({ freed: 5, due: '1.00' });

    const amendment = {
      from: '2026-03-20',
      share: '0.5',
      nominationDays: 20,
      nominationMode: 'delegated',
      ifNoneProposed: 'landlord',
      reason: 'Nouveau financement',
      version: 1,
    };
    expect(
      (await app.as(director).post(`/agreements/${id}/amendments`, { ...amendment, from: '2026-03-01' })).body.code,
    ).toBe('E-AGREEMENT-12');
    const { id: amendmentId } = (await app.as(director).post(`/agreements/${id}/amendments`, amendment)).body;
    expect(
      (await app.as(director).post(`/agreements/${id}/amendments`, { ...amendment, from: '2026-05-01' })).body.code,
    ).toBe('E-AGREEMENT-16');
    const { termsSha256 } = (await record(id)).versions[1];
    await app.as(director).post(`/agreements/${id}/amendments/${amendmentId}/signature`, { title: null, termsSha256 });
    expect(await figures()).toMatchObject({ due: '1.00' });

    app.setToday('2026-04-02');
    await freed('2026-04-01', 'freed', newId(), '94081');
    const signed = await app
      .as(regional)
      .post(`/agreements/${id}/amendments/${amendmentId}/signature`, { title: null, termsSha256 });
    expect(signed.body).toEqual({ state: 'signed', effectiveOn: '2026-04-02' });
    const late = await freed('2026-04-02', 'freed', newId(), '94081');
    // Six at 20 %, one at 50 %.
    expect(await figures()).toMatchObject({ freed: 7, due: '1.70' });
    expect(
      (await figures()).periods.map((one: { share: string; freed: number }) => [Number(one.share), one.freed]),
    ).toEqual([
      [0.2, 6],
      [0.5, 1],
    ]);
    // Taken back, it takes back the share of its own day.
    await freed('2026-04-02', 'unfreed', late, '94081');
    expect(await figures()).toMatchObject({ freed: 6, due: '1.20' });
    expect((await record(id)).agreement.state).toBe('amended');
    expect((await record(id)).dueSteps.length).toBeGreaterThan(2);
  });

  test('ended in the year: what was due stays, nothing comes after, the State of the agreement says so', async () => {
    const { version } = await record(id);
    const ending = { endsOn: '2026-04-30', kind: 'both', reason: 'Fusion', version };
    expect(
      (await app.as(director).post(`/agreements/${id}/ending`, { ...ending, endsOn: '2026-04-01' })).body.code,
    ).toBe('E-AGREEMENT-12');
    expect((await app.as(director).post(`/agreements/${id}/ending`, ending)).status).toBe(200);
    await freed('2026-04-20', 'freed', newId(), '94081');
    await freed('2026-05-10', 'freed', newId(), '94081');
    app.setToday('2026-06-01');
    expect(await figures()).toMatchObject({ freed: 7, due: '1.70' });
    const { agreement, can, next } = await record(id);
    expect([agreement.state, can.amend, can.end, next]).toEqual(['ended', false, false, 'none']);
  });
});

describe('targets', () => {
  test('contractual by revision, indicative in words too; none names a residence (F-30 to F-34)', async () => {
    const department = await app.anOrganisation('holder', { name: 'Département' });
    const id = await anAgreement(app, landlord, department, {
      contingent: 'department',
      perimeter: '92',
      share: '0.1',
    });
    for (const rooms of [3, 3, 5])
      await aDwelling(app, landlord, { municipality: '92050', rooms, funding: 'PLUS', management: 'flow' });
    const put = async (body: Record<string, unknown>, year = 2026) =>
      app.as(director).put(`/agreements/${id}/targets/${year}`, {
        contractual: [{ scale: 'department', code: '92', share: '0.1' }],
        indicative: [],
        version: (await record(id)).version,
        ...body,
      });
    const one = (criterion: string, value: string, target: number | null) => ({
      indicative: [{ criterion, value, target }],
    });
    expect((await put(one('rooms', '5', 1))).body.code).toBe('E-AGREEMENT-10');
    expect((await put(one('rooms', '5', 1))).body.detail).toContain('2');
    expect((await put({ contractual: [{ scale: 'municipality', code: '92050', share: '0.1' }] })).body.code).toBe(
      'E-AGREEMENT-03',
    );
    expect((await put({}, 2025)).body.code).toBe('E-AGREEMENT-12');
    expect((await put(one('rooms', 'grand', 1))).status).toBe(400);
    const fine = {
      indicative: [
        { criterion: 'rooms', value: '3', target: 4 },
        { criterion: 'in-words', value: 'Proche de l’hôpital', target: null },
      ],
    };
    expect((await put(fine)).status).toBe(200);
    expect((await put({ ...fine, contractual: [{ scale: 'department', code: '92', share: '0.12' }] })).status).toBe(
      200,
    );
    const [year] = (await record(id)).years;
    expect([year.year, year.revision, year.contractual[0].share, year.indicative.length]).toEqual([
      2026,
      2,
      '0.120000',
      2,
    ]);
  });

  test('of the State, the same share everywhere unless agreed otherwise (L-22)', async () => {
    const state = await app.anOrganisation('state');
    const id = await anAgreement(app, landlord, state, {
      contingent: 'state-priority',
      scale: 'municipality',
      perimeter: '92',
      share: '0.3',
    });
    for (const municipality of ['92050', '92050', '92012', '92012']) await aDwelling(app, landlord, { municipality });
    const put = (second: string) =>
      app.as(director).put(`/agreements/${id}/targets/2026`, {
        contractual: [
          { scale: 'municipality', code: '92050', share: '0.3' },
          { scale: 'municipality', code: '92012', share: second },
        ],
        indicative: [],
        version: 1,
      });
    expect((await put('0.2')).body.code).toBe('E-AGREEMENT-09');
    expect((await put('0.3')).status).toBe(200);
  });
});

test('the view and the rule give the same sum, for every agreement', async () => {
  const { items } = (await app.as(director).get('/agreements')).body;
  expect(items.length).toBeGreaterThan(3);
  for (const { reference, figures } of items)
    expect([reference, dueOf({ reference, periods: figures.periods }).result]).toEqual([reference, figures.due]);
});

test('a review clause reminds both parties, and is settled by its outcome', async () => {
  const { id } = (await app.as(director).get('/agreements')).body.items.find(
    (one: { contingent: string }) => one.contingent === 'department',
  );
  const clause = (
    await app.as(director).post(`/agreements/${id}/clauses`, { dueOn: '2026-12-01', subject: 'Pondérations' })
  ).body;
  const states = async () =>
    (
      await app.database.owner.query(`select state from platform.reminders where subject_id = $1`, [clause.id])
    ).rows.map(({ state }) => state);
  expect(await states()).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  expect(
    (await app.as(director).post(`/agreements/${id}/clauses/${clause.id}/outcome`, { outcome: 'Maintenues' })).status,
  ).toBe(200);
  expect(await states()).toEqual(['done', 'done', 'done', 'done']);
});

test('nothing signed is rewritten behind the program: no update of what happened, no signature in another’s name', async () => {
  const rights = await app.database.owner.query(
    `select table_name, privilege_type from information_schema.role_table_grants
     where grantee = 'palier_app' and table_schema = 'flow' and table_name in ('agreement_moves', 'signatures', 'contractual_targets', 'derogations')
       and privilege_type in ('UPDATE', 'DELETE')`,
  );
  expect(rights.rows).toEqual([]);
});
