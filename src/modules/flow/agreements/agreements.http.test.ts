import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement, aTenancy } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { recount } from '../points/recount.ts';
import { dueOf } from './rules/due.ts';
import { inPerimeter } from './rules/perimeter.ts';

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

  const counters = async () =>
    (
      await app.database.owner.query(
        'select sum(freed)::int as freed, trim_scale(sum(due))::text as due from flow.counters where account_id = $1',
        [id],
      )
    ).rows[0];

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
    // What overseers read of it was counted anew in the same transaction: six at 20 %.
    expect(await counters()).toEqual({ freed: 6, due: '1.2' });
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
    expect(await counters()).toEqual({ freed: 6, due: '1.2' });
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

test('a holder that disappears in the year: its due stays, its successor begins the day after, never twice', async () => {
  app.setToday('2026-06-01');
  const gone = await app.anOrganisation('holder', { name: 'Foncière Ancienne' });
  const heir = await app.anOrganisation('holder', { name: 'Foncière Nouvelle' });
  await app.relate(landlord, heir, 'holder');
  const heirOfficer = await app.aUser(heir, ['holder-officer']);
  const id = await anAgreement(app, landlord, gone, { contingent: 'other', perimeter: '75', share: '0.6' });
  for (const on of ['2026-02-01', '2026-05-10']) await freed(on, 'freed', newId(), '75056');
  const taken = (given: Record<string, unknown> = {}) =>
    app.as(director).post(
      '/agreements',
      terms({
        holderId: heir,
        contingent: 'other',
        perimeterCode: '75',
        share: '0.6',
        startsOn: '2026-07-01',
        ...given,
      }),
    );
  // Beside it the two would promise 130 % of Paris, with the tenth Action Logement has there.
  expect((await taken()).body.code).toBe('E-AGREEMENT-01');
  const { version } = await record(id);
  const end = { endsOn: '2026-06-30', kind: 'merged', reason: 'Absorbée par Foncière Nouvelle', version };
  expect((await app.as(director).post(`/agreements/${id}/ending`, end)).status).toBe(200);
  expect((await taken({ startsOn: '2026-06-30' })).body.code).toBe('E-AGREEMENT-01');
  const { id: next } = (await taken()).body;
  expect((await taken({ share: '0.1', startsOn: '2027-01-01' })).body.code).toBe('E-AGREEMENT-08');

  app.setToday('2026-07-15');
  await freed('2026-07-10', 'freed', newId(), '75056');
  expect((await record(id)).agreement).toMatchObject({ state: 'ended', figures: { freed: 2, due: '1.20' } });
  expect((await record(next, heirOfficer)).agreement.figures).toMatchObject({ freed: 1, due: '0.60' });
  const again = { endsOn: '2026-07-31', kind: 'holder', reason: 'Encore', version: version + 1 };
  expect((await app.as(director).post(`/agreements/${id}/ending`, again)).body.code).toBe('E-AGREEMENT-11');
  app.setToday('2026-06-01');
});

describe('needs in the words of the holder (F-33)', () => {
  let id: string;
  let needId: string;
  let user: TestUser;
  const write = (body: Record<string, unknown> = {}, by = user) =>
    app.as(by).post(`/agreements/${id}/needs`, {
      year: 2026,
      criterion: 'rooms',
      value: '3',
      place: null,
      target: 4,
      ...body,
    });
  const needs = async (by = director) => (await record(id, by)).years[0]?.indicative ?? [];

  beforeAll(async () => {
    const region = await app.anOrganisation('holder', { name: 'Mutuelle' });
    user = await app.aUser(region, ['holder-officer'], { name: 'Rose Diallo' });
    id = await anAgreement(app, landlord, region, { contingent: 'other', perimeter: '92', share: '0.05' });
  });

  test('the holder writes one; the landlord reads who wrote it, and it is used as the others are', async () => {
    const { status, body } = await write();
    expect(status).toBe(201);
    needId = body.id;
    expect(await needs()).toMatchObject([
      {
        criterion: 'rooms',
        value: '3',
        target: 4,
        writtenBy: 'holder',
        writer: 'Rose Diallo',
        writtenOn: '2026-06-01',
      },
    ]);
    const { agreement, moves } = await record(id);
    expect(agreement.targets).toMatchObject([{ criterion: 'rooms', value: '3', target: 4, served: 0 }]);
    expect(moves[0]).toMatchObject({ kind: 'need-written', by: 'Rose Diallo', facts: { year: 2026, target: 4 } });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['the same need twice', {}, 'E-AGREEMENT-17'],
    ['one so fine that it names a residence (F-34)', { value: '5' }, 'E-AGREEMENT-10'],
    ['a year that is over', { year: 2025 }, 'E-AGREEMENT-12'],
    ['a value that is none', { value: 'grand' }, 'E-FIELDS-01'],
    ['a number without a criterion', { criterion: 'in-words', value: 'Près de l’hôpital' }, 'E-FIELDS-01'],
  ])('refuses %s', async (_what, body, code) => {
    expect((await write(body)).body.code).toBe(code);
  });

  test('nobody else writes it: not the landlord, not another holder', async () => {
    expect((await write({ value: '4' }, director)).status).toBe(403);
    expect((await write({ value: '4' }, stranger)).status).toBe(404);
    const reader = await app.aUser(user.organisationId, ['reader']);
    expect((await write({ value: '4' }, reader)).status).toBe(403);
    expect(
      (
        await app.as(stranger).put(`/agreements/${id}/needs/${needId}`, {
          value: '3',
          place: null,
          target: 1,
          version: 1,
        })
      ).status,
    ).toBe(404);
  });

  test('the landlord sets its own targets beside it, and does not rewrite it', async () => {
    const put = async (indicative: unknown[]) =>
      app.as(director).put(`/agreements/${id}/targets/2026`, {
        contractual: [],
        indicative,
        version: (await record(id)).version,
      });
    const same = { criterion: 'rooms', value: '3', place: null, target: 1 };
    expect((await put([same])).body.code).toBe('E-AGREEMENT-19');
    expect((await put([{ ...same, criterion: 'funding', value: 'PLUS', target: 2 }])).status).toBe(200);
    expect((await needs()).map((one: { writtenBy: string }) => one.writtenBy)).toEqual(['landlord', 'holder']);
  });

  test('changed at once by two, the second is told; taken over, the landlord’s words become the holder’s', async () => {
    const change = (need: { id: string; value: string }, target: number, version: number) =>
      app.as(user).put(`/agreements/${id}/needs/${need.id}`, { value: need.value, place: null, target, version });
    expect((await change({ id: needId, value: '3' }, 6, 1)).body).toEqual({ version: 2 });
    expect((await change({ id: needId, value: '3' }, 7, 1)).body.code).toBe('E-CONFLICT-01');
    const [noted] = await needs();
    expect(
      (await app.as(user).post(`/agreements/${id}/needs/${noted.id}/ending`, { reason: 'Non', version: 1 })).body.code,
    ).toBe('E-AGREEMENT-20');
    expect((await change(noted, 3, 1)).status).toBe(200);
    expect((await needs())[0]).toMatchObject({ criterion: 'funding', target: 3, writtenBy: 'holder' });
  });

  test('ended, it guides no longer; what it was and why stay', async () => {
    const end = { reason: 'Demandes servies', version: 2 };
    expect((await app.as(user).post(`/agreements/${id}/needs/${needId}/ending`, end)).status).toBe(200);
    const { agreement, moves } = await record(id);
    expect(agreement.targets.map(({ criterion }: { criterion: string }) => criterion)).toEqual(['funding']);
    expect(moves[0]).toMatchObject({
      kind: 'need-ended',
      words: 'Demandes servies',
      facts: { criterion: 'rooms', target: 6 },
    });
  });

  test('row-level security keeps each party to its own words', async () => {
    const { rows } = await app.database.owner.query(
      `select policyname, cmd from pg_policies where tablename = 'indicative_targets' order by policyname`,
    );
    expect(rows.map(({ policyname, cmd }) => `${policyname} ${cmd}`)).toEqual([
      'holder_takes_over UPDATE',
      'holder_writes ALL',
      'landlord_writes ALL',
      'parties SELECT',
    ]);
  });
});

describe('what targets rest on, and what a year makes of them (F-35, F-36)', () => {
  let id: string;
  let user: TestUser;
  const year = (back: number) => 2026 - back;
  const listed = async (by = director, of = 2025) =>
    (await app.as(by).get(`/agreements/adaptations?year=${of}&agreements=${id}`)).body.items[0];
  const adapt = async (lines: unknown[], by = director, of = 2025) =>
    app.as(by).post(`/agreements/${id}/targets/${of}/adaptation`, { lines, version: (await record(id)).version });

  beforeAll(async () => {
    const caf = await app.anOrganisation('holder', { name: 'Caisse' });
    user = await app.aUser(caf, ['holder-officer']);
    id = await anAgreement(app, landlord, caf, { contingent: 'other', perimeter: '92', share: '0.02' });
    const insert = (kind: string, on: string, rooms: number, agreementId: string | null) =>
      app.database.owner.query(
        `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code,
           in_priority_area, rooms, agreement_id, holder_id)
         values ($1, $2, $3, $4, $5, 'in-base', '92', '92050', false, $6, $7, case when $7::uuid is null then null else $8::uuid end)`,
        [landlord, newId(), on, kind, newId(), rooms, agreementId, caf],
      );
    // Vacancies of three rooms: 2 in 2023, 3 in 2024, 4 in 2025. Two of them were proposed to it in 2025.
    for (const [back, vacancies] of [
      [3, 2],
      [2, 3],
      [1, 4],
    ] as const)
      for (let n = 0; n < vacancies; n += 1) await insert('freed', `${year(back)}-05-1${n}`, 3, null);
    for (const on of ['2025-06-01', '2025-07-01']) await insert('proposed', on, 3, id);
    await app.database.owner.query(
      `insert into flow.indicative_targets (organisation_id, id, agreement_id, holder_id, criterion, value, target, year)
       select $1, gen_random_uuid(), $2, $3, c.criterion, c.value, c.target, y
       from (values ('rooms', '3', 5), ('rooms', '5', 2), ('in-words', 'Près de la gare', null)) as c(criterion, value, target)
       cross join (values (2025), (2026)) as years(y)`,
      [landlord, id, caf],
    );
  });

  test('each target stands beside the stock, the vacancies of three years and the rights, with their day', async () => {
    for (const reader of [director, user]) {
      const [now] = (await record(id, reader)).years;
      const basisOf = (value: string) => now.indicative.find((one: { value: string }) => one.value === value).basis;
      expect(basisOf('3')).toEqual({
        on: '2026-06-01',
        residences: 2,
        dwellings: 2,
        freed: [
          { year: 2023, freed: 2 },
          { year: 2024, freed: 3 },
          { year: 2025, freed: 4 },
        ],
        mean: '3.0',
        rights: 0,
        rightsOn: null,
        founded: true,
      });
      // One dwelling of five rooms, none of which was freed in three years.
      expect(basisOf('5')).toMatchObject({ dwellings: 1, mean: '0.0', founded: false });
      expect(basisOf('Près de la gare')).toBe(null);
    }
    expect((await app.as(stranger).get(`/agreements/${id}`)).status).toBe(404);
  });

  test('the result of the year proposes the next targets, with the computation; both parties read it', async () => {
    for (const reader of [director, user]) {
      const { lines, can } = await listed(reader);
      expect(lines.map((one: { value: string; proposed: number | null }) => [one.value, one.proposed])).toEqual([
        ['Près de la gare', null],
        // Half-way between 5 and 2 is 4; a mean year frees 3.
        ['3', 3],
        ['5', 0],
      ]);
      expect(lines[1].steps.map((step: { label: string }) => step.label)).toContain('next-target.mean');
      expect(can.adapt).toBe(reader === director);
    }
    expect(await listed(stranger)).toBe(undefined);
  });

  test.each<[string, unknown[], number, string]>([
    [
      'another number without a reason',
      [{ criterion: 'rooms', value: '3', adopted: 4, reason: null }],
      2025,
      'E-AGREEMENT-22',
    ],
    [
      'a need in words',
      [{ criterion: 'in-words', value: 'Près de la gare', adopted: 1, reason: 'x' }],
      2025,
      'E-AGREEMENT-23',
    ],
    ['the year under way', [{ criterion: 'rooms', value: '3', adopted: 3, reason: null }], 2026, 'E-AGREEMENT-21'],
    [
      'a next year that is over',
      [{ criterion: 'rooms', value: '3', adopted: 3, reason: null }],
      2024,
      'E-AGREEMENT-12',
    ],
  ])('refuses %s', async (_what, lines, of, code) => {
    expect((await adapt(lines, director, of)).body.code).toBe(code);
  });

  test('taken over, or another with its reason; the holder reads both, and only the landlord does it', async () => {
    const lines = [
      { criterion: 'rooms', value: '3', adopted: 4, reason: 'Livraison prévue en octobre' },
      { criterion: 'rooms', value: '5', adopted: 0, reason: null },
    ];
    expect((await adapt(lines, user)).status).toBe(403);
    expect((await adapt(lines)).status).toBe(200);
    const { lines: after } = await listed(user);
    expect(after[1].adapted).toMatchObject({
      proposed: 3,
      adopted: 4,
      reason: 'Livraison prévue en octobre',
      by: 'Claire Morel',
    });
    const [now] = (await record(id, user)).years;
    expect(now.indicative.map((one: { value: string; target: number }) => [one.value, one.target])).toEqual([
      ['Près de la gare', null],
      ['3', 4],
    ]);
    expect((await record(id)).moves[0]).toMatchObject({ kind: 'targets-adapted', facts: { year: 2026, changed: 1 } });
  });
});

describe('an agreement on the territory of an EPT (F-30, L-09)', () => {
  const boucle = '200057990';
  const given = (more: Record<string, unknown> = {}) =>
    terms({
      holderId: ept,
      contingent: 'intermunicipality',
      scale: 'territory',
      perimeterCode: boucle,
      share: '0.1',
      startsOn: '2026-01-01',
      endsOn: null,
      ...more,
    });
  let ept: string;
  let officerOfEpt: TestUser;
  let id: string;
  /** A vacancy of Argenteuil (95), of Gennevilliers (92), of Cergy (95), outside the EPT. */
  const places = [
    ['95', '95018', boucle],
    ['92', '92036', boucle],
    ['95', '95127', '249500109'],
  ] as const;
  const event = (
    kind: string,
    place: (typeof places)[number],
    agreementId: string | null = null,
    vacancyId = newId(),
  ) =>
    app.database.owner
      .query(
        `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, territory,
           in_priority_area, agreement_id, holder_id)
         values ($1, $2, '2026-06-01', $3, $4, 'in-base', $5, $6, $7, false, $8, case when $8::uuid is null then null else $9::uuid end)`,
        [landlord, newId(), kind, vacancyId, ...place, agreementId, ept],
      )
      .then(() => vacancyId);

  beforeAll(async () => {
    app.setToday('2026-06-02');
    ept = await app.anOrganisation('territory', { name: 'Boucle Nord de Seine' });
    await app.database.owner.query(`update organisations.organisations set registration_number = $2 where id = $1`, [
      ept,
      boucle,
    ]);
    await app.relate(landlord, ept, 'holder');
    officerOfEpt = await app.aUser(ept, ['holder-officer'], { name: 'Aminata Coulibaly' });
  });

  test('waits until the scale is chosen', async () => {
    expect((await app.as(director).get('/agreements/usual-terms')).body).toEqual({
      nominationMode: 'direct',
      contractualScale: 'usual',
    });
    expect((await app.as(director).post('/agreements', given())).body.code).toBe('E-AGREEMENT-18');
    await app.database.owner.query(
      `insert into organisations.settings (organisation_id, key, value, valid_from, decided_by)
       values ($1, 'flow.contractual-scale', '"territory"', '2026-01-01', 'Claire Morel')`,
      [landlord],
    );
    expect((await app.as(director).get('/agreements/usual-terms')).body.contractualScale).toBe('territory');
  });

  test.each<[string, () => Record<string, unknown>, string]>([
    ['the territory of another', () => ({ perimeterCode: '200057875' }), 'E-AGREEMENT-04'],
    ['a département', () => ({ perimeterCode: '95' }), 'E-AGREEMENT-04'],
    ['counted by département', () => ({ scale: 'department' }), 'E-AGREEMENT-03'],
    ['a holder that is no EPT', () => ({ holderId: holder }), 'E-AGREEMENT-04'],
    ['more than the whole in one of its départements', () => ({ share: '0.8' }), 'E-AGREEMENT-01'],
  ])('refuses %s', async (_what, more, code) => {
    expect((await app.as(director).post('/agreements', given(more()))).body.code).toBe(code);
  });

  test('is due a share of what is freed in its communes, whatever their département, and nothing elsewhere', async () => {
    const made = await app.as(director).post('/agreements', given());
    expect(made.body).toMatchObject({ id: expect.any(String) });
    id = made.body.id;
    for (const place of places) await event('freed', place);
    await event('unfreed', places[1], null, await event('freed', places[1]));
    const { agreement, dueSteps } = await record(id, officerOfEpt);
    expect(agreement).toMatchObject({ perimeterName: 'Boucle Nord de Seine', scale: 'territory' });
    expect(agreement.figures).toMatchObject({ freed: 2, due: '0.20' });
    expect(dueSteps.length).toBeGreaterThan(0);
    expect((await app.as(stranger).get(`/agreements/${id}`)).status).toBe(404);
  });

  test('its contractual target is its own territory', async () => {
    const put = async (scale: string, code: string) =>
      app.as(director).put(`/agreements/${id}/targets/2026`, {
        contractual: [{ scale, code, share: '0.1' }],
        indicative: [],
        version: (await record(id)).version,
      });
    expect((await put('territory', '200057875')).body.code).toBe('E-AGREEMENT-04');
    expect((await put('department', '95')).body.code).toBe('E-AGREEMENT-03');
    expect((await put('territory', boucle)).status).toBe(200);
    expect((await record(id)).years[0].contractual[0]).toMatchObject({ name: 'Boucle Nord de Seine', freed: 2 });
  });

  test('counts alike in the points, the journal recounted offline, the cockpit, the plan and the suggestion', async () => {
    await event('proposed', places[0], id);
    const points = (await app.as(officerOfEpt).get(`/agreements/${id}/points?year=2026`)).body;
    expect([points.perimeterName, Number(points.due), points.proposals]).toEqual(['Boucle Nord de Seine', 0.2, 1]);

    const journal = (await app.as(officerOfEpt).get<string>('/flow/journal?year=2026')).body;
    const { figures, differences } = await recount([journal]);
    expect(differences).toEqual([]);
    expect(figures).toMatchObject([{ agreement: id, freed: 2, due: '0.200000', proposed: 1 }]);

    const { rows } = (await app.as(director).get('/flow/cockpit?year=2026')).body;
    const cells = rows.find((row: { holderId: string }) => row.holderId === ept).cells;
    expect(
      cells.map((cell: { municipality: string; freed: number }) => [cell.municipality, cell.freed]).sort(),
    ).toEqual([
      ['92036', 1],
      ['95018', 1],
    ]);

    const dwellingId = await aDwelling(app, landlord, { municipality: '95018', rooms: 3, management: 'flow' });
    const { id: tenancyId } = await aTenancy(app, landlord, dwellingId);
    const notice = { givenBy: 'tenant', receivedOn: '2026-06-01', reason: null, version: 1 };
    await app.as(director).post(`/tenancies/${tenancyId}/notice`, notice);
    const plan = (await app.as(director, { 'idempotency-key': newId() }).post('/orientations/plan', {})).body;
    const { alternatives } = (await app.as(director).get(`/vacancies/${plan.vacancies[0].id}/orientation`)).body;
    const own = alternatives.find((one: { id: string }) => one.id === id);
    // This dwelling is a third vacancy of the EPT, in two départements: 0.1 × 3.
    expect(own).toMatchObject({ scale: 'territory', due: '0.30', proposed: 1, gapBefore: '0.70' });
    expect(plan.parties.find((one: { party: string }) => one.party === id)).toMatchObject({ due: '0.30' });
  });

  test('its report counts the vacancies of its communes', async () => {
    app.setToday('2027-01-20');
    const { items, recipients } = (await app.as(director).get('/reports/preview?year=2026')).body;
    const own = (items ?? recipients).find((one: { key: string }) => one.key === `holder:${ept}`);
    expect(own).toMatchObject({ freed: 3, proposed: 1, due: '0.3' });
    app.setToday('2026-06-02');
  });

  test('the database and the program say the same of a perimeter', async () => {
    const codes = ['95', '92', '95018', '92036', boucle, '249500109', '9', ''];
    for (const [department, municipality, territory] of [...places, ['75', '75056', null] as const]) {
      const { rows } = await app.database.owner.query(
        `select code, flow.in_perimeter(code, $2, $3, $4) as inside from unnest($1::text[]) as code`,
        [codes, department, municipality, territory],
      );
      expect(rows).toEqual(
        codes.map((code) => ({ code, inside: inPerimeter(code, { department, municipality, territory }) })),
      );
    }
  });
});

test('nothing signed is rewritten behind the program: no update of what happened, no signature in another’s name', async () => {
  const rights = await app.database.owner.query(
    `select table_name, privilege_type from information_schema.role_table_grants
     where grantee = 'palier_app' and table_schema = 'flow' and table_name in ('agreement_moves', 'signatures', 'contractual_targets', 'derogations')
       and privilege_type in ('UPDATE', 'DELETE')`,
  );
  expect(rights.rows).toEqual([]);
});
