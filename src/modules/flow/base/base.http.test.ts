import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, aTenancy } from '../../../app/test-fixtures.ts';
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
    await as(administrator).put('/organisation/settings/flow.exclude-demolition', {
      value: 'yes',
      validFrom: '2026-03-10',
      reason: 'Accord local',
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
      rows: [{ category: 'mutation', department: '93', lettings: 1, firstQuartile: 1 }],
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
