import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anApplication, aTenancy } from '../../../app/test-fixtures.ts';
import { day } from '../../../kernel/local-date.ts';
import { asProgram } from '../../../platform/database/as-program.ts';
import { type ClassFacts, classFacts, effectiveClasses } from './queries.ts';
import { classOnDay } from './rules/dwelling-class.ts';
import { classesOfTheDay } from './schedules.ts';

let app: TestApp;
let landlord: string;
let director: TestUser;
let other: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-10' });
  landlord = await app.anOrganisation('landlord');
  director = await app.aUser(landlord, ['director', 'rental-manager', 'allocation-officer'], { name: 'Claire Morel' });
  other = await app.aUser(await app.anOrganisation('landlord'), ['director', 'rental-manager']);
});
afterAll(() => app.close());

const everywhere = {
  buildingIds: null,
  municipalityCodes: null,
  fundings: null,
  managements: null,
  programmes: null,
  enteredFrom: null,
  enteredUntil: null,
  inPriorityArea: null,
};
const aRule = (given: Record<string, unknown>) => ({
  name: 'Plan de vente 2027',
  position: 10,
  baseClass: 'sale',
  service: null,
  documentId: null,
  reason: 'Mise en vente votée',
  startsOn: '2026-01-01',
  endsOn: null,
  ...everywhere,
  ...given,
});
const as = (user = director) => app.as(user);
const classOf = async (dwelling: string) => (await as().get(`/base/dwellings/${dwelling}/class`)).body;
const aFlat = (given: Parameters<typeof aDwelling>[2] = {}) =>
  aDwelling(app, landlord, { municipality: '93048', rooms: 3, funding: 'PLUS', management: 'flow', ...given });

describe('rules class the stock', () => {
  test('previewed, applied, undone as a whole', async () => {
    const [sold, kept] = [await aFlat({ funding: 'PLS', municipality: '93010' }), await aFlat()];
    const rule = aRule({ fundings: ['PLS'], municipalityCodes: ['93010'] });
    const { body: preview } = await as().post('/base/rule-preview', rule);
    expect(preview).toMatchObject({
      covered: 1,
      changed: 1,
      changes: [{ before: 'in-base', after: 'sale', dwellings: 1 }],
      sample: [{ id: sold, before: 'in-base', after: 'sale' }],
    });
    expect((await classOf(sold)).baseClass).toBe('in-base');

    const applied = await as().post('/base/rules', rule);
    expect(applied).toMatchObject({ status: 201, body: { changed: 1 } });
    expect(await classOf(sold)).toMatchObject({ baseClass: 'sale', by: 'rule' });
    expect(await classOf(kept)).toMatchObject({ baseClass: 'in-base', by: 'default', changes: [] });
    const list = await as().get('/base/dwellings?baseClass=sale');
    expect(list.body.items).toMatchObject([{ id: sold, by: 'rule', why: 'Plan de vente 2027' }]);
    expect((await as().get('/base/rules')).body.items[0]).toMatchObject({ dwellings: 1, changed: 1, undoneAt: null });

    const undone = await as().post(`/base/rules/${applied.body.id}/undoing`, { reason: 'Vente abandonnée' });
    expect(undone.body).toEqual({ changed: 1 });
    const after = await classOf(sold);
    expect(after).toMatchObject({ baseClass: 'in-base', by: 'default' });
    expect(after.changes.map((change: { cause: string }) => change.cause)).toEqual(['rule-undone', 'rule']);
    expect(await as().post(`/base/rules/${applied.body.id}/undoing`, { reason: 'Encore' })).toMatchObject({
      status: 409,
      body: { code: 'E-BASE-05' },
    });
  });

  test.each<[Record<string, unknown>, string, string]>([
    [{}, 'E-BASE-01', 'a rule for all'],
    [{ fundings: ['PLS'], documentId: '0197fd6a-0000-7000-8000-000000000001' }, 'E-BASE-02', 'no such document'],
    [{ fundings: ['PLS'], baseClass: 'demolition' }, 'E-BASE-03', 'F-06: closed by default'],
    [{ fundings: ['PLS'], baseClass: 'retained-stock' }, 'E-BASE-04', 'L-04: for which service'],
  ])('%j is refused: %s (%s)', async (given, code) => {
    for (const path of ['/base/rules', '/base/rule-preview'])
      expect((await as().post(path, aRule(given))).body.code).toBe(code);
  });

  test('an optional category is opened by a setting, dated', async () => {
    const administrator = await app.aUser(landlord, ['administrator', 'director']);
    // Nobody has an agreement with the landlord: there is nobody to approve it first.
    await as(administrator).post('/flow/setting-proposals', {
      key: 'flow.exclude-demolition',
      value: 'yes',
      validFrom: '2026-03-10',
      reason: 'Accord local',
      source: null,
    });
    const preview = await as().post('/base/rule-preview', aRule({ fundings: ['PLI'], baseClass: 'demolition' }));
    expect(preview.status).toBe(200);
  });

  test('a choice by hand wins, for its time, and is given back', async () => {
    const flat = await aFlat({ funding: 'PLI' });
    await as().post('/base/rules', aRule({ fundings: ['PLI'] }));
    const choose = (body: object) =>
      as().post(`/base/dwellings/${flat}/choices`, {
        documentId: null,
        reason: 'Retiré de la vente',
        startsOn: '2026-03-10',
        endsOn: '2026-06-30',
        ...body,
      });
    expect((await choose({ baseClass: 'in-base' })).body.changed).toBe(1);
    expect(await classOf(flat)).toMatchObject({ baseClass: 'in-base', by: 'choice' });
    const later = await as().get(`/base/dwellings/${flat}/class?on=2026-07-01`);
    expect(later.body).toMatchObject({ baseClass: 'sale', by: 'rule' });
    expect((await choose({ baseClass: null })).body.changed).toBe(1);
    expect((await classOf(flat)).changes).toHaveLength(3);
  });

  test('set-based and one by one agree, over a mixed stock', async () => {
    const buildings = await Promise.all(
      ['PLAI', 'PLUS', 'PLS', null].flatMap((funding) =>
        ['93048', '94028', '77108'].map((municipality, index) =>
          aFlat({
            funding,
            municipality,
            priorityArea: index === 1 ? 'QN09390M' : null,
            management: index === 2 ? 'stock' : 'flow',
          }),
        ),
      ),
    );
    await as().post('/base/rules', aRule({ fundings: ['PLAI'], baseClass: 'urban-renewal', position: 5 }));
    await as().post('/base/rules', aRule({ municipalityCodes: ['94028', '77108'], baseClass: 'condominium' }));
    await as().post('/base/rules', aRule({ inPriorityArea: true, baseClass: 'substandard', position: 7 }));
    for (const on of ['2025-12-31', '2026-03-10']) {
      const compared = await asProgram(app.database, { organisationId: landlord }, async (tx) => {
        const { rows } = await sql<{ dwelling_id: string; base_class: string | null; management: string }>`
          ${effectiveClasses(landlord, day(on))}`.execute(tx);
        const inSql = new Map(rows.map((row) => [row.dwelling_id, row]));
        const results: [string, string][] = [];
        for (const id of buildings) {
          const { rows: facts } = await sql<ClassFacts>`${classFacts(landlord, id)}`.execute(tx);
          const row = inSql.get(id)!;
          const fallback = row.management === 'stock' ? 'retained-stock' : 'in-base';
          results.push([classOnDay({ ...facts[0]!, on: day(on) }).result.baseClass, row.base_class ?? fallback]);
        }
        return results;
      });
      expect(compared.map(([one]) => one)).toEqual(compared.map(([, many]) => many));
      expect(new Set(compared.map(([one]) => one)).size).toBe(on === '2026-03-10' ? 4 : 2);
    }
  });

  test('time alone changes classes: a rule that ended, each morning', async () => {
    const flat = await aFlat({ municipality: '94017' });
    await as().post('/base/rules', aRule({ municipalityCodes: ['94017'], endsOn: '2026-03-31' }));
    await classesOfTheDay.run({
      database: app.database,
      organisationIds: [landlord],
      today: day('2026-04-01'),
      uploadFolder: null,
    });
    const { body } = await as().get(`/base/dwellings?municipality=94017`);
    expect(body.items).toMatchObject([{ id: flat, baseClass: 'in-base' }]);
    await classesOfTheDay.run({
      database: app.database,
      organisationIds: [landlord],
      today: day('2026-03-10'),
      uploadFolder: null,
    });
  });

  test('two rules at once: each counts what it changed', async () => {
    await Promise.all([1, 2, 3].map(() => aFlat({ municipality: '94033' })));
    const answers = await Promise.all(
      ['sale', 'urban-renewal'].map((baseClass, index) =>
        as().post('/base/rules', aRule({ municipalityCodes: ['94033'], baseClass, position: 100 + index })),
      ),
    );
    // Sale comes first in the order of rules: applied second it takes all three back, applied first it leaves none.
    expect([
      [0, 3],
      [3, 3],
    ]).toContainEqual(answers.map(({ body }) => body.changed).sort());
    expect((await as().get('/base/dwellings?municipality=94033&baseClass=sale')).body.total).toBe(3);
  });
});

describe('a vacancy takes the class of its dwelling', () => {
  const notice = async (dwelling: string) => {
    const tenancy = await aTenancy(app, landlord, dwelling);
    await as().post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-10',
      reason: null,
      version: 1,
    });
    const { body } = await as().get(`/vacancies?dwelling=${dwelling}`);
    return (await as().get(`/vacancies/${body.items[0].id}`)).body;
  };

  test('by rule, with its reason and its document', async () => {
    const { body: document } = await as().post('/base/documents', aDocument({ number: 'PV-7' }));
    const flat = await aFlat({ municipality: '77284' });
    await as().post('/base/rules', aRule({ municipalityCodes: ['77284'], documentId: document.id }));
    expect(await notice(flat)).toMatchObject({
      baseClass: 'sale',
      baseReason: 'Mise en vente votée · Plan de vente (PV-7)',
    });
  });

  test('a new dwelling enters the flow when it is first left (L-71)', async () => {
    const flat = await aFlat({ municipality: '77468' });
    await as().post('/base/rules', aRule({ municipalityCodes: ['77468'], baseClass: 'first-letting' }));
    expect((await classOf(flat)).baseClass).toBe('first-letting');
    expect((await notice(flat)).baseClass).toBe('in-base');
    expect(await classOf(flat)).toMatchObject({ baseClass: 'in-base', changes: [{ cause: 'first-release' }, {}] });
  });
});

describe('a mutation is two vacancies (L-77)', () => {
  /** A tenant of the landlord is let another of its dwellings, on the landlord's own contingent or proposed by a holder. */
  const moveTenant = async () => {
    const [left, taken] = [await aFlat(), await aFlat({ occupancy: 'void' })];
    const tenancy = await aTenancy(app, landlord, left);
    const { body: vacancy } = await as().post(`/dwellings/${taken}/vacancies`, {
      cause: 'departure',
      availableOn: '2026-03-10',
      reason: null,
    });
    await app.database.owner.query(
      `insert into allocation.candidates (organisation_id, id, vacancy_id, source, household_id, family_name, given_name, persons,
         adults, children, priority_group, quartile, state, position, named_by)
       values ($1, gen_random_uuid(), $2, 'register', $3, 'Diallo', 'Awa', 3, 1, 2, 'mutation', 1, 'accepted', 1, 'test')`,
      [landlord, vacancy.id, tenancy.householdId],
    );
    const { body: record } = await as().get(`/vacancies/${vacancy.id}`);
    expect(record.baseClass).toBe('in-base');
    const lease = await as().post(`/vacancies/${vacancy.id}/lease`, {
      kind: 'primary-residence',
      signedOn: '2026-03-10',
      startsOn: '2026-03-12',
      years: null,
      version: record.version,
    });
    expect(lease.status).toBe(201);
    return { left, taken, tenancy, vacancy };
  };
  const net = async (vacancyId: string) =>
    (
      await app.database.owner.query(
        `select base_class, (count(*) filter (where kind = 'freed') - count(*) filter (where kind = 'unfreed'))::int as n
         from flow.events where vacancy_id = $1 group by 1 order by 1`,
        [vacancyId],
      )
    ).rows;

  test('the one taken leaves the base, the one left is in it, and they are linked', async () => {
    const { left, tenancy, vacancy } = await moveTenant();
    expect((await as().get(`/vacancies/${vacancy.id}`)).body.baseClass).toBe('mutation');
    expect(await net(vacancy.id)).toEqual([
      { base_class: 'in-base', n: 0 },
      { base_class: 'mutation', n: 1 },
    ]);
    await as().post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-10',
      reason: null,
      version: 1,
    });
    const freed = (await as().get(`/vacancies?dwelling=${left}`)).body.items[0];
    expect(await net(freed.id)).toEqual([{ base_class: 'in-base', n: 1 }]);
    expect((await classOf(left)).links).toMatchObject([
      { usedVacancyId: vacancy.id, freedVacancyId: freed.id, part: 'freed' },
    ]);
    const { body: report } = await as().get('/base/outside-report?year=2026');
    expect(report).toMatchObject({
      total: 1,
      rows: [
        {
          category: 'mutation',
          department: '93',
          lettings: 1,
          firstQuartile: 1,
          persons: 3,
          eligible: { municipality: 1, 'action-logement': 0, 'state-priority': 0 },
          unknown: { municipality: 0, 'action-logement': 1, 'state-priority': 1, 'state-staff': 1 },
        },
      ],
      publics: [{ group: 'mutation', lettings: 1 }],
      mutations: { used: 1, freed: 1 },
    });
    expect(JSON.stringify(report)).not.toContain('Diallo');
  });

  test('is not another organisation’s to read', async () => {
    expect((await as(other).get('/base/outside-report?year=2026')).body).toMatchObject({
      total: 0,
      rows: [],
      publics: [],
    });
  });
});

const aDocument = (given: Record<string, unknown> = {}) => ({
  kind: 'sale-plan',
  number: 'PV-1',
  title: 'Plan de vente',
  signatories: 'Conseil d’administration',
  signedOn: '2025-06-01',
  startsOn: '2026-01-01',
  endsOn: '2028-12-31',
  note: null,
  volumes: [],
  ...given,
});

describe('the forecast of a year', () => {
  let bailleur: string;
  let chief: TestUser;
  let state: TestUser;
  let holder: TestUser;

  /** Vacancies of a year by class, as the counters hold them. */
  const freed = async (year: number, baseClass: string, count: number) => {
    await app.database.owner.query(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, in_priority_area)
       select $1, gen_random_uuid(), make_date($2, 2, 2), 'freed', gen_random_uuid(), $3, '93', '93048', false from generate_series(1, $4)`,
      [bailleur, year, baseClass, count],
    );
  };

  beforeAll(async () => {
    bailleur = await app.anOrganisation('landlord', { name: 'Bailleur C9' });
    chief = await app.aUser(bailleur, ['director', 'rental-manager']);
    const prefecture = await app.anOrganisation('state', { perimeter: { departments: ['93'] } });
    state = await app.aUser(prefecture, ['observer']);
    await app.relate(bailleur, prefecture, 'overseer');
    const als = await app.anOrganisation('holder');
    holder = await app.aUser(als, ['holder-officer']);
    await app.relate(bailleur, als, 'holder');
    for (let n = 0; n < 4; n++) await aDwelling(app, bailleur, { municipality: '93048', management: 'flow' });
    for (const [year, count] of [
      [2023, 84],
      [2024, 91],
      [2025, 98],
    ] as const) {
      await freed(year, 'mutation', count);
      await freed(year, 'in-base', 400);
      await freed(year, 'first-letting', 30);
    }
    await freed(2026, 'mutation', 12);
    await freed(2026, 'in-base', 55);
  });

  const body = { expected: { origin: 'past-years' }, capPercent: null, typed: [] };
  const place = { year: 2026, department: '93', territory: null };
  const lineOf = (figures: { lines: { category: string }[] }, category: string) =>
    figures.lines.find((line) => line.category === category);

  test('is computed from the last three years without a document (C9), from the document with one', async () => {
    const { body: figures } = await as(chief).post('/base/forecast-draft', { ...body, ...place });
    expect(lineOf(figures, 'mutation')).toMatchObject({ volume: 91, origin: 'past-years' });
    expect(figures).toMatchObject({ stock: 4, expected: 491, excluded: 91, base: 400 });
    await as(chief).post(
      '/base/documents',
      aDocument({
        volumes: [
          { year: 2026, department: '93', category: 'sale', volume: 7 },
          { year: 2027, department: '93', category: 'sale', volume: 30 },
          { year: 2027, department: '77', category: 'sale', volume: 99 },
        ],
      }),
    );
    const { body: again } = await as(chief).post('/base/forecast-draft', { ...body, ...place });
    expect(lineOf(again, 'sale')).toMatchObject({
      volume: 30,
      origin: 'document',
      documents: ['Plan de vente (PV-1)'],
    });
  });

  test('goes from the landlord to the département, is published, and then frozen', async () => {
    const { body: created } = await as(chief).post('/base/forecasts', { ...body, ...place });
    expect(await as(chief).post('/base/forecasts', { ...body, ...place })).toMatchObject({
      status: 409,
      body: { code: 'E-BASE-08' },
    });
    const path = `/base/forecasts/${created.id}`;
    expect((await as(state).get(path)).status).toBe(404);
    const typed = [{ category: 'mutation', volume: 80, reason: 'Moins de demandes en attente' }];
    expect((await as(chief).post(`${path}/revisions`, { ...body, typed, version: 1 })).body.revision).toBe(2);
    expect((await as(chief).get(path)).body).toMatchObject({
      state: 'draft',
      revision: 2,
      figures: { excluded: 110, base: 381 },
      actual: { vacancies: 67, base: 55 },
      next: ['submitted'],
    });

    const move = (user: TestUser, to: string, more: object = {}) =>
      as(user).post(`${path}/moves`, { to, body: null, decidedOn: '2026-03-10', comment: null, ...more });
    expect((await move(chief, 'published')).body.code).toBe('E-BASE-12');
    expect((await move(chief, 'submitted')).body).toEqual({ state: 'submitted' });
    expect((await as(chief).post(`${path}/revisions`, { ...body, version: 3 })).body.code).toBe('E-BASE-11');
    expect((await as(holder).get(path)).status).toBe(404);
    expect((await as(state).get(path)).body).toMatchObject({ state: 'submitted', next: ['agreed', 'returned'] });
    expect((await move(state, 'returned')).body.code).toBe('E-BASE-13');
    expect((await move(state, 'agreed', { decidedOn: '2026-03-11' })).body.code).toBe('E-BASE-15');
    expect((await move(chief, 'agreed')).body.code).toBe('E-BASE-14');
    expect((await move(state, 'agreed', { comment: 'Arbitré' })).body).toEqual({ state: 'agreed' });
    expect((await move(chief, 'published')).body).toEqual({ state: 'published' });
    expect((await move(state, 'returned', { comment: 'Trop tard' })).body.code).toBe('E-BASE-12');

    const { body: seen } = await as(holder).get(path);
    expect(seen).toMatchObject({ state: 'published', landlord: 'Bailleur C9', next: [], can: { revise: false } });
    expect(seen.moves.map((one: { to: string; revision: number }) => [one.to, one.revision])).toEqual([
      ['submitted', 2],
      ['agreed', 2],
      ['published', 2],
    ]);
    await freed(2026, 'mutation', 1);
    expect((await as(holder).get(path)).body.figures).toEqual(seen.figures);
    expect((await as(holder).get('/base/forecasts?year=2026')).body.items).toMatchObject([{ id: created.id }]);
  });

  test('is refused beyond the cap, for a year that is over, where there is no stock', async () => {
    const { body: created } = await as(chief).post('/base/forecasts', {
      ...body,
      ...place,
      year: 2027,
      capPercent: '50',
    });
    const refusal = await as(chief).post(`/base/forecasts/${created.id}/moves`, {
      to: 'submitted',
      body: null,
      decidedOn: '2026-03-10',
      comment: null,
    });
    expect(refusal.body).toMatchObject({ code: 'E-BASE-07', params: { beyond: 89 } });
    expect((await as(chief).post('/base/forecasts', { ...body, ...place, year: 2025 })).body.code).toBe('E-BASE-09');
    expect((await as(chief).post('/base/forecasts', { ...body, ...place, department: '77' })).body.code).toBe(
      'E-BASE-10',
    );
  });

  test('the row-level policies: the State writes its opinion and nothing else', async () => {
    const { rows } = await app.database.owner.query('select id from flow.exclusion_forecasts where year = 2027');
    const move = await as(state).post(`/base/forecasts/${rows[0].id}/moves`, {
      to: 'agreed',
      body: null,
      decidedOn: '2026-03-10',
      comment: null,
    });
    expect(move.status).toBe(404);
    await expect(
      asProgram(app.database, { organisationId: state.organisationId }, (tx) =>
        sql`update flow.exclusion_forecasts set department = '75' returning id`.execute(tx).then(({ rows }) => {
          if (rows.length > 0) throw new Error('written');
        }),
      ),
    ).resolves.toBeUndefined();
  });
});

describe('the file of a reference document (F-09)', () => {
  let document: string;
  let state: TestUser;
  let holder: TestUser;
  const pdf = (words: string) => Buffer.from(`%PDF-1.4 ${words}`);

  const sendFile = async (user: TestUser, content: Buffer, name = 'charte.pdf', type = 'application/octet-stream') => {
    const answer = await app.server.inject({
      method: 'POST',
      url: `/api/v1/base/documents/${document}/versions?name=${encodeURIComponent(name)}&note=`,
      payload: content,
      headers: {
        'content-type': type,
        'accept-language': 'fr',
        cookie: user.cookie,
        'palier-organisation': user.organisationId,
      },
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const record = async (user: TestUser) =>
    (await as(user).get('/base/documents')).body.items.find((one: { id: string }) => one.id === document);
  const read = (user: TestUser, version: string) => as(user).get(`/base/document-versions/${version}/file`);
  const share = (sharedWith: string) => as().put(`/base/documents/${document}/readers`, { sharedWith });

  beforeAll(async () => {
    const prefecture = await app.anOrganisation('state', { perimeter: { departments: ['93'] } });
    state = await app.aUser(prefecture, ['observer']);
    await app.relate(landlord, prefecture, 'overseer');
    const als = await app.anOrganisation('holder');
    holder = await app.aUser(als, ['holder-officer']);
    await app.relate(landlord, als, 'holder');
    const { body } = await as().post('/base/documents', aDocument({ kind: 'rehousing-charter', number: 'CTR-1' }));
    document = body.id;
  });

  test('is sent, replaced by a new version, and both stay readable', async () => {
    expect(await sendFile(director, pdf('un'))).toMatchObject({ status: 201, body: { number: 1 } });
    expect(await sendFile(director, pdf('deux'), 'charte-avenant.pdf')).toMatchObject({ body: { number: 2 } });
    const { versions } = await record(director);
    expect(versions.map((one: { number: number; name: string }) => [one.number, one.name])).toEqual([
      [2, 'charte-avenant.pdf'],
      [1, 'charte.pdf'],
    ]);
    expect(versions[0]).toMatchObject({ size: 13, addedBy: 'Claire Morel' });
    const file = await read(director, versions[1].id);
    expect([file.body, file.headers['content-type']]).toEqual(['%PDF-1.4 un', 'application/pdf']);
    expect(file.headers['content-disposition']).toContain('attachment');
  });

  test.each<[string, Buffer, string, number, string, string]>([
    ['vide.pdf', Buffer.alloc(0), 'application/octet-stream', 400, 'E-BASE-17', 'nothing in it'],
    ['tout.zip', Buffer.from('PK\u0003\u0004x'), 'application/octet-stream', 400, 'E-BASE-16', 'an archive'],
    ['faux.pdf', Buffer.from('MZ'), 'application/pdf', 400, 'E-BASE-16', 'not what its name says'],
    ['charte.pdf', pdf('deux'), 'application/octet-stream', 409, 'E-BASE-20', 'the version it has already'],
    ['gros.pdf', Buffer.alloc(25 * 1024 * 1024 + 1, '%PDF-'), 'application/octet-stream', 413, 'E-BASE-18', '25 MB'],
    ['page.html', pdf('x'), 'text/html', 400, 'E-BODY-03', 'a media type that is not taken'],
  ])('%s is refused', async (name, content, type, status, code) => {
    expect(await sendFile(director, content, name, type)).toMatchObject({ status, body: { code } });
    expect((await record(director)).versions).toHaveLength(2);
  });

  test('partners read it as far as the landlord shares it, and never write it', async () => {
    const [{ id: version }] = (await record(director)).versions;
    expect(await record(state)).toBeUndefined();
    expect((await read(state, version)).status).toBe(404);
    await share('overseers');
    expect(await record(state)).toMatchObject({ id: document, landlordId: landlord, versions: [{}, {}] });
    expect((await read(state, version)).body).toBe('%PDF-1.4 deux');
    expect(await record(holder)).toBeUndefined();
    expect((await read(holder, version)).status).toBe(404);
    await share('partners');
    expect((await read(holder, version)).status).toBe(200);
    expect((await read(other, version)).status).toBe(404);
    expect(await record(other)).toBeUndefined();
    expect((await sendFile(other, pdf('le mien'))).status).toBe(404);
    expect((await sendFile(state, pdf('le sien'))).status).toBe(403);
    await share('nobody');
    expect((await read(holder, version)).status).toBe(404);
  });
});

describe('the review clause of a document (F-10)', () => {
  test('is shown when its day has come, in the forecast too, and is renewed', async () => {
    const seller = await app.anOrganisation('landlord');
    const chief = await app.aUser(seller, ['director', 'rental-manager']);
    await aDwelling(app, seller, { municipality: '93048', management: 'flow' });
    const { body: plan } = await as(chief).post(
      '/base/documents',
      aDocument({
        reviewOn: '2026-03-10',
        volumes: [{ year: 2027, department: '93', category: 'sale', volume: 30 }],
      }),
    );
    const draft = async () => {
      const { body } = await as(chief).post('/base/forecast-draft', {
        expected: { origin: 'past-years' },
        capPercent: null,
        typed: [],
        year: 2026,
        department: '93',
        territory: null,
      });
      return body.lines.find((line: { category: string }) => line.category === 'sale');
    };
    expect(await draft()).toMatchObject({
      volume: 30,
      reviews: [{ document: 'Plan de vente (PV-1)', on: '2026-03-10' }],
    });
    expect((await draft()).steps.map((step: { label: string }) => step.label)).toContain('base.review-due');
    const reminders = async (state: string) =>
      (
        await app.database.owner.query(
          `select due_on::text from platform.reminders where subject_id = $1 and state = $2`,
          [plan.id, state],
        )
      ).rows.map(({ due_on }) => due_on);
    expect(await reminders('waiting')).toEqual(['2026-03-10']);

    const review = (body: object, user = chief) =>
      as(user).post(`/base/documents/${plan.id}/reviews`, {
        reviewedOn: '2026-03-10',
        nextOn: '2027-03-10',
        note: 'Ventes maintenues',
        ...body,
      });
    expect((await review({ reviewedOn: '2026-03-11' })).body.code).toBe('E-BASE-15');
    expect((await review({ nextOn: '2026-03-10' })).body.code).toBe('E-BASE-21');
    expect((await review({}, other)).status).toBe(404);
    expect((await review({})).status).toBe(200);
    expect(await draft()).toMatchObject({ volume: 30, reviews: [] });
    expect((await as(chief).get('/base/documents')).body.items[0]).toMatchObject({
      reviewOn: '2027-03-10',
      reviews: [{ reviewedOn: '2026-03-10', note: 'Ventes maintenues' }],
    });
    expect([await reminders('waiting'), await reminders('done')]).toEqual([['2027-03-10'], ['2026-03-10']]);
  });
});

describe('what is credited afterwards (F-20)', () => {
  test('stands beside the account once the landlord chose so, and changes nothing in it (L-70)', async () => {
    const administrator = await app.aUser(landlord, ['administrator', 'director']);
    const town = await app.anOrganisation('municipality');
    const mayor = await app.aUser(town, ['holder-officer']);
    await app.relate(landlord, town, 'holder');
    const { rows } = await app.database.owner.query(
      `insert into flow.agreements (organisation_id, id, reference, holder_id, contingent, scale, perimeter_code, share, starts_on)
       values ($1, gen_random_uuid(), 'CR-F20', $2, 'municipality', 'municipality', '93048', 0.2, '2026-01-01') returning id`,
      [landlord, town],
    );
    const standing = async (user: TestUser) => (await as(user).get(`/agreements/${rows[0].id}/standing`)).body;
    const before = await standing(mayor);
    expect(before.credited).toBeNull();
    const choose = (value: string) =>
      as(administrator).put('/organisation/settings/flow.post-hoc-credit', {
        value,
        validFrom: '2026-03-10',
        reason: 'Accord local',
      });
    expect((await choose('municipality')).status).toBe(200);
    // The internal transfer of a tenant who lives in the same municipality, let above.
    expect((await standing(mayor)).credited).toBe(1);
    expect(await standing(director)).toMatchObject({ credited: 1 });
    expect((await standing(mayor)).agreement.figures).toEqual(before.agreement.figures);
    expect((await as(other).get(`/agreements/${rows[0].id}/standing`)).status).toBe(404);
    expect((await as(mayor).get('/base/outside-report?year=2026')).body.rows).toEqual([]);
  });
});

describe('rehousing asked by the State (F-11, F-12, F-22)', () => {
  let prefecture: TestUser;
  let elsewhere: TestUser;
  let builder: string;
  let wrecker: string;
  let chief: TestUser;
  const balance = async (user: TestUser, year = 2026) => (await as(user).get(`/base/rehousing?year=${year}`)).body;
  const ask = (user: TestUser, given: object = {}) =>
    as(user).post('/base/rehousing-targets', {
      landlordId: builder,
      year: 2027,
      department: '93',
      category: 'urban-renewal',
      state: 'decided',
      target: 6,
      decidedOn: '2026-03-10',
      reason: 'Solidarité entre bailleurs',
      ...given,
    });

  beforeAll(async () => {
    const states = [
      await app.anOrganisation('state', { name: 'Préfecture 93', perimeter: { departments: ['93'] } }),
      await app.anOrganisation('state', { perimeter: { departments: ['77'] } }),
    ];
    prefecture = await app.aUser(states[0]!, ['observer']);
    elsewhere = await app.aUser(states[1]!, ['observer']);
    builder = await app.anOrganisation('landlord', { name: 'A ne démolit rien' });
    wrecker = await app.anOrganisation('landlord', { name: 'B démolit' });
    chief = await app.aUser(builder, ['director', 'rental-manager']);
    for (const host of [builder, wrecker]) for (const watcher of states) await app.relate(host, watcher, 'overseer');
    for (const host of [builder, builder, builder, wrecker])
      await aDwelling(app, host, { municipality: '93048', management: 'flow' });
    // Of a landlord nobody watches: it must never be counted.
    await aDwelling(app, await app.anOrganisation('landlord'), { municipality: '93048' });
    for (const [kind, year, baseClass, count] of [
      ['leased', 2025, 'urban-renewal', 5],
      ['leased', 2026, 'condominium', 4],
      ['unleased', 2026, 'condominium', 1],
      ['leased', 2026, 'mutation', 2],
      ['leased', 2022, 'urban-renewal', 50],
      ['attributed', 2026, 'urban-renewal', 9],
    ] as const)
      await app.database.owner.query(
        `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, in_priority_area)
         select $1, gen_random_uuid(), make_date($2, 2, 2), $3, gen_random_uuid(), $4, '93', '93048', false from generate_series(1, $5)`,
        [wrecker, year, kind, baseClass, count],
      );
  });

  test('weighs each landlord by its share of the stock, also one that demolishes nothing', async () => {
    const { rows, departments, can } = await balance(prefecture);
    expect(rows).toMatchObject([
      {
        landlord: 'A ne démolit rien',
        stock: 3,
        total: 0,
        contribution: { stockShare: '0.7500', doneShare: '0.0000', expected: '6.0', balance: '-6.0' },
      },
      {
        landlord: 'B démolit',
        stock: 1,
        total: 8,
        mutations: 2,
        done: [
          { year: 2024, lettings: 0 },
          { year: 2025, lettings: 5 },
          { year: 2026, lettings: 3 },
        ],
        contribution: { balance: '6.0' },
      },
    ]);
    expect(departments).toMatchObject([{ department: '93', stock: 4, total: 8, contribution: { balance: '0.0' } }]);
    expect(can).toEqual({ ask: true });
  });

  test('is seen only by the State of the place', async () => {
    expect(await balance(elsewhere)).toMatchObject({ rows: [], departments: [], asked: [] });
    expect(await balance(chief)).toMatchObject({ rows: [], departments: [], asked: [], can: { ask: false } });
    expect((await as(elsewhere).get('/base/outside-report?year=2026')).body.rows).toEqual([]);
    expect((await ask(elsewhere)).body.code).toBe('E-BASE-22');
    expect((await ask(chief)).status).toBe(403);
    await expect(
      asProgram(app.database, { organisationId: elsewhere.organisationId }, (tx) =>
        sql`insert into flow.rehousing_targets (organisation_id, id, landlord_id, year, department, category, state, target,
            decided_on, reason, by_user, by_name)
          values (${elsewhere.organisationId}, gen_random_uuid(), ${builder}, 2027, '93', 'condominium', 'decided', 1,
            '2026-03-10', 'Non', 'x', 'x')`.execute(tx),
      ),
    ).rejects.toThrow('row-level security');
  });

  test.each<[object, string, string]>([
    [{ decidedOn: '2026-03-11' }, 'E-BASE-15', 'decided tomorrow'],
    [{ year: 2025 }, 'E-BASE-23', 'of a year that is over'],
    [{ department: '75' }, 'E-BASE-22', 'no dwelling there'],
    [{ state: 'withdrawn' }, 'E-BASE-24', 'nothing to take back'],
  ])('%j is refused: %s (%s)', async (given, code) => {
    expect((await ask(prefecture, given)).body.code).toBe(code);
  });

  test('feeds the forecast once decided, is read by its landlord alone, and may be taken back', async () => {
    const line = async () => {
      const { body } = await as(chief).post('/base/forecast-draft', {
        expected: { origin: 'past-years' },
        capPercent: null,
        typed: [],
        year: 2027,
        department: '93',
        territory: null,
      });
      return body.lines.find((one: { category: string }) => one.category === 'urban-renewal');
    };
    expect((await ask(prefecture, { state: 'proposed', target: 9 })).status).toBe(201);
    expect(await line()).toMatchObject({ volume: 0, origin: 'past-years', asked: null });
    await ask(prefecture);
    expect(await line()).toMatchObject({ volume: 6, origin: 'arbitration', asked: 6 });
    const { asked } = await balance(chief, 2027);
    expect(asked).toMatchObject([
      { state: 'decided', target: 6, current: true, authority: 'Préfecture 93', reason: 'Solidarité entre bailleurs' },
      { state: 'proposed', target: 9, current: false },
    ]);
    const neighbour = await app.aUser(wrecker, ['director']);
    expect((await balance(neighbour, 2027)).asked).toEqual([]);
    expect((await balance(prefecture, 2027)).rows[0]).toMatchObject({ asked: 6, proposed: null });

    const charter = (volume: number) => ({ year: 2027, department: '93', category: 'urban-renewal', volume });
    await as(chief).post('/base/documents', aDocument({ kind: 'rehousing-charter', volumes: [charter(8)] }));
    expect(await line()).toMatchObject({ volume: 8, origin: 'document', promised: 8, asked: 6 });
    await ask(prefecture, { state: 'withdrawn', reason: 'Charte suffisante' });
    expect(await line()).toMatchObject({ volume: 8, asked: null });
    expect((await balance(prefecture, 2027)).rows[0]).toMatchObject({ asked: null });
  });
});

describe('internal transfers asked for (F-21)', () => {
  test('are ranked by a common grid, dated, each with its computation', async () => {
    const host = await app.anOrganisation('landlord');
    const chief = await app.aUser(host, ['director', 'rental-manager']);
    const apply = async (given: object, bedrooms: number) => {
      const flat = await aDwelling(app, host, { municipality: '93048', management: 'flow', bedrooms });
      const tenancy = await aTenancy(app, host, flat);
      const { id } = await anApplication(app, host, { registeredOn: '2026-01-05', bedrooms: 2, ...given });
      await app.database.owner.query('update applicants.applications set household_id = $2 where id = $1', [
        id,
        tenancy.householdId,
      ]);
      return id;
    };
    const waiting = await apply({ registeredOn: '2023-01-05' }, 2);
    const crowded = await apply({ bedrooms: 4 }, 2);
    const same = await apply({ registeredOn: '2026-02-01' }, 2);
    // Waits, and is no tenant of the landlord.
    await anApplication(app, host, { registeredOn: '2001-01-05', bedrooms: 2 });
    expect((await as(chief).post('/base/transfer-counts')).body).toEqual({ counted: 3 });
    const ranked = async (user = chief) => (await as(user).get('/base/transfers')).body.items;
    const told = async () =>
      (await ranked()).map((row: { id: string; rank: number; points: number }) => [row.id, row.rank, row.points]);
    expect(await told()).toEqual([
      [crowded, 1, 20],
      [waiting, 2, 6],
      [same, 3, 0],
    ]);
    expect((await ranked())[1].steps).toMatchObject([{ label: 'transfer.waiting-year' }, { label: 'transfer.total' }]);

    const { body: grid } = await as(chief).get('/base/transfer-grid');
    expect(grid).toMatchObject({ since: null, grids: [], can: { manage: true } });
    const set = (given: object, user = chief) =>
      as(user).post('/base/transfer-grids', {
        startsOn: '2026-03-10',
        points: { ...grid.points, 'waiting-year': 20 },
        reason: 'Grille partagée avec l’AORIF',
        ...given,
      });
    expect((await set({ startsOn: '2026-03-09' })).body.code).toBe('E-BASE-25');
    expect((await set({ startsOn: '2026-06-01', points: { ...grid.points, 'missing-bedroom': 0 } })).status).toBe(201);
    expect((await told()).map(([id]: string[]) => id)).toEqual([crowded, waiting, same]);
    expect((await set({})).body.counted).toBe(3);
    expect((await set({})).body.code).toBe('E-BASE-26');
    expect(await told()).toMatchObject([
      [waiting, 1, 60],
      [crowded, 2, 20],
      [same, 3, 0],
    ]);
    await classesOfTheDay.run({
      database: app.database,
      organisationIds: [host],
      today: day('2026-06-01'),
      uploadFolder: null,
    });
    expect(await told()).toMatchObject([
      [waiting, 1, 6],
      [crowded, 2, 0],
      [same, 3, 0],
    ]);
    const { body: extracted } = await as(chief).get('/extractions/flow.transfers?format=csv');
    expect(String(extracted).split('\n')[1]).toMatch(/^"?1"?;/);

    expect(await ranked(other)).toEqual([]);
    const observer = await app.aUser(await app.anOrganisation('state'), ['observer']);
    expect((await as(observer).get('/base/transfers')).status).toBe(403);
    const officer = await app.aUser(host, ['allocation-officer']);
    expect((await set({ startsOn: '2026-07-01' }, officer)).status).toBe(403);
  });
});

describe('a signed charter is respected (F-13)', () => {
  test('less than it promises is not submitted, until what it plans is revised', async () => {
    const rebuilder = await app.anOrganisation('landlord');
    const chief = await app.aUser(rebuilder, ['director', 'rental-manager']);
    await aDwelling(app, rebuilder, { municipality: '93048', management: 'flow' });
    const volume = { year: 2026, department: '93', category: 'urban-renewal', volume: 12 };
    const { body: charter } = await as(chief).post(
      '/base/documents',
      aDocument({ kind: 'rehousing-charter', title: 'Charte', volumes: [volume] }),
    );
    const less = {
      expected: { origin: 'past-years' },
      capPercent: null,
      typed: [{ category: 'urban-renewal', volume: 8, reason: 'Moins de ménages' }],
    };
    const { body: forecast } = await as(chief).post('/base/forecasts', {
      ...less,
      year: 2026,
      department: '93',
      territory: null,
    });
    const submit = () =>
      as(chief).post(`/base/forecasts/${forecast.id}/moves`, {
        to: 'submitted',
        body: null,
        decidedOn: '2026-03-10',
        comment: null,
      });
    expect((await submit()).body).toMatchObject({ code: 'E-BASE-19', params: { promised: 12, volume: 8 } });
    await as(chief).post(`/base/documents/${charter.id}/volumes`, {
      volumes: [{ ...volume, volume: 8 }],
      reason: 'Avenant du 2 mars',
    });
    await as(chief).post(`/base/forecasts/${forecast.id}/revisions`, { ...less, version: 1 });
    expect((await submit()).body).toEqual({ state: 'submitted' });
  });
});

describe('another organisation', () => {
  test('sees nothing and changes nothing', async () => {
    const flat = await aFlat();
    const { body: rules } = await as().get('/base/rules');
    expect((await as(other).get('/base/dwellings')).body.items).toEqual([]);
    expect((await as(other).get('/base/rules')).body.items).toEqual([]);
    expect((await as(other).get('/base/documents')).body.items).toEqual([]);
    expect((await as(other).get(`/base/dwellings/${flat}/class`)).status).toBe(404);
    expect((await as(other).post(`/base/rules/${rules.items[0].id}/undoing`, { reason: 'Non' })).status).toBe(404);
    const choice = { baseClass: 'sale', documentId: null, reason: 'Non', startsOn: '2026-03-10', endsOn: null };
    expect((await as(other).post(`/base/dwellings/${flat}/choices`, choice)).status).toBe(404);
    const technician = await app.aUser(landlord, ['technician']);
    expect((await as(technician).post(`/base/dwellings/${flat}/choices`, choice)).status).toBe(403);
  });
});
