import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { planReportReminders } from './schedules.ts';

let app: TestApp;
let landlord: string;
let director: TestUser;
let holder: string;
let holderOfficer: TestUser;
let territory: string;
let observer: TestUser;
let stranger: TestUser;
let otherHolder: TestUser;
let agreementId: string;

type Counted = {
  kind: string;
  on: string;
  baseClass?: string;
  mine?: boolean;
  municipality?: string;
  rooms?: number | null;
  funding?: string | null;
  priorityArea?: boolean;
  built?: number | null;
  vacancyId?: string;
};

async function count(...events: Counted[]): Promise<void> {
  for (const event of events) {
    const municipality = event.municipality ?? '93048';
    await app.database.owner.query(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id, department,
         municipality_code, territory, rooms, funding, in_priority_area, construction_year)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, $11, $12, $13, $14)`,
      [
        landlord,
        newId(),
        event.on,
        event.kind,
        event.vacancyId ?? newId(),
        event.baseClass ?? 'in-base',
        event.mine ? agreementId : null,
        event.mine ? holder : null,
        municipality.slice(0, 2),
        municipality,
        event.rooms === undefined ? 3 : event.rooms,
        event.funding === undefined ? 'PLUS' : event.funding,
        event.priorityArea ?? false,
        event.built === undefined ? 1974 : event.built,
      ],
    );
  }
}

beforeAll(async () => {
  app = await createTestApp({ today: '2026-02-10' });
  landlord = await app.anOrganisation('landlord', { name: 'Habitat Rive Haute' });
  director = await app.aUser(landlord, ['director'], { name: 'Sandrine Perrin' });
  holder = await app.anOrganisation('holder', { name: 'Réservataire Un' });
  holderOfficer = await app.aUser(holder, ['holder-officer'], { name: 'Thomas Leroux' });
  await app.database.owner.query(
    `update organisations.organisations set email = 'contact@reservataire.example' where id = $1`,
    [holder],
  );
  agreementId = await anAgreement(app, landlord, holder, { share: '0.3', perimeter: '93', reference: 'CR-UN' });
  const second = await app.anOrganisation('holder', { name: 'Réservataire Deux' });
  otherHolder = await app.aUser(second, ['holder-officer']);
  await anAgreement(app, landlord, second, { share: '0.1', perimeter: '77', reference: 'CR-DEUX' });
  territory = await app.anOrganisation('territory', { name: 'Est Ensemble' });
  await app.database.owner.query(
    `update organisations.organisations set registration_number = '200057875' where id = $1`,
    [territory],
  );
  await app.relate(landlord, territory, 'overseer');
  observer = await app.aUser(territory, ['observer'], { name: 'Aminata Coulibaly' });
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
  await aDwelling(app, landlord, { municipality: '93048', rooms: 3, management: 'flow' });
  await aDwelling(app, landlord, { municipality: '77108', rooms: 3, management: 'flow' });
  // Ten vacancies of the base in Seine-Saint-Denis, one of them cancelled; one in Seine-et-Marne.
  for (let n = 0; n < 10; n++)
    await count({ kind: 'freed', on: '2025-03-10', rooms: n < 4 ? 2 : 3, priorityArea: n < 3 });
  await count(
    { kind: 'unfreed', on: '2025-03-20' },
    { kind: 'freed', on: '2025-04-02', municipality: '77108' },
    // Three proposals of which one withdrawn, two attributions, a lease.
    { kind: 'proposed', on: '2025-03-12', mine: true, rooms: 2, funding: 'PLAI', priorityArea: true, built: 1948 },
    { kind: 'proposed', on: '2025-03-13', mine: true, built: 1949 },
    { kind: 'proposed', on: '2025-03-14', mine: true, built: 2010, funding: null },
    { kind: 'withdrawn', on: '2025-03-15', mine: true, built: 2010, funding: null },
    { kind: 'attributed', on: '2025-04-20', mine: true, rooms: 2, funding: 'PLAI', priorityArea: true, built: 1948 },
    { kind: 'attributed', on: '2025-04-21', mine: true, built: 1949 },
    { kind: 'leased', on: '2025-05-20', mine: true, rooms: 2, funding: 'PLAI', priorityArea: true, built: 1948 },
    { kind: 'proposed', on: '2025-03-16' },
    // Out of the year, and out of the base.
    { kind: 'proposed', on: '2024-12-31', mine: true },
    { kind: 'leased', on: '2026-01-01', mine: true },
    { kind: 'freed', on: '2025-06-01', baseClass: 'mutation' },
    { kind: 'proposed', on: '2025-06-02', baseClass: 'first-letting', mine: true },
  );
  // Internal moves: 3 in 2023, 4 in 2024, 6 in 2025 less one taken back.
  for (const [on, times] of [
    ['2023-05-05', 3],
    ['2024-05-05', 4],
    ['2025-05-05', 6],
  ] as const)
    for (let n = 0; n < times; n++) await count({ kind: 'attributed', on, baseClass: 'mutation' });
  await count({ kind: 'unattributed', on: '2025-05-06', baseClass: 'mutation' });
  // Two lettings outside the base to employees, one of them elsewhere; the landlord lets Action Logement be credited (F-20).
  for (const [municipality, department] of [
    ['93048', '93'],
    ['77108', '77'],
  ])
    await app.database.owner.query(
      `insert into flow.outside_lettings (organisation_id, id, vacancy_id, signed_on, base_class, department, municipality_code,
         in_priority_area, eligible_to) values ($1, gen_random_uuid(), gen_random_uuid(), '2025-07-01', 'mutation', $2, $3, false, $4)`,
      [landlord, department, municipality, ['action-logement']],
    );
  await app.database.owner.query(
    `insert into organisations.settings (organisation_id, key, valid_from, value, decided_by)
     values ($1, 'flow.post-hoc-credit', '2025-01-01', '"action-logement"', 'test')`,
    [landlord],
  );
});
afterAll(() => app.close());

const rowOf = async (user: TestUser, name: string, year = 2025) =>
  (await app.as(user).get(`/reports?year=${year}`)).body.items.find((item: { name: string }) => item.name === name);

const line = (report: { lines: { section: string; key: string }[] }, section: string, key: string) =>
  report.lines.find((one) => one.section === section && one.key === key);

describe('the yearly reports of a landlord', () => {
  let batchId: string;
  let reportId: string;

  test('are due to each holder of the year and to each territory with a dwelling', async () => {
    const { body } = await app.as(director).get('/reports?year=2025');
    expect(
      body.items.map(({ kind, name, state, punctuality }: Record<string, string>) => [kind, name, state, punctuality]),
    ).toEqual([
      ['holder', 'Réservataire Deux', 'to-prepare', 'waiting'],
      ['holder', 'Réservataire Un', 'to-prepare', 'waiting'],
      ['territory', 'CA Paris - Vallée de la Marne', 'to-prepare', 'waiting'],
      ['territory', 'Est Ensemble', 'to-prepare', 'waiting'],
    ]);
    expect(body.deadline.lastDay).toBe('2026-02-27');
    expect(body.years).toEqual([2025, 2024, 2023]);
  });

  test('are previewed with the very figures that are then frozen', async () => {
    const preview = (await app.as(director).get('/reports/preview?year=2025')).body.items;
    const produced = await app.as(director).post('/reports', { year: 2025, recipients: null });
    expect(produced.status).toBe(200);
    expect(produced.body.reports).toBe(4);
    batchId = produced.body.batchId;
    for (const item of preview) {
      const { figures } = await rowOf(director, item.name);
      const { freed, proposed, attributed, leased, due } = item;
      expect([item.name, figures]).toEqual([item.name, { freed, proposed, attributed, leased, due }]);
    }
  });

  test('count proposals, attributions and leases, broken down as the law asks (L-31)', async () => {
    reportId = (await rowOf(director, 'Réservataire Un')).reportId;
    const { body } = await app.as(director).get(`/reports/${reportId}`);
    expect(line(body, 'total', 'all')).toMatchObject({ freed: 9, proposed: 2, attributed: 2, leased: 1, due: '2.7' });
    expect(line(body, 'agreement', agreementId)).toMatchObject({ label: 'CR-UN', share: '0.3', freed: 9, due: '2.7' });
    expect(line(body, 'rooms', '2')).toMatchObject({ freed: 4, proposed: 1, attributed: 1, leased: 1 });
    expect(line(body, 'funding', 'PLAI')).toMatchObject({ freed: 0, proposed: 1 });
    expect(line(body, 'funding', 'unknown')).toBeUndefined();
    expect(line(body, 'priority-area', 'in')).toMatchObject({ freed: 3, proposed: 1, leased: 1 });
    expect(line(body, 'municipality', '93048')).toMatchObject({ label: 'Montreuil', freed: 9, proposed: 2 });
    expect(line(body, 'built', 'before-1949')).toMatchObject({ proposed: 1 });
    expect(line(body, 'built', '1949-1974')).toMatchObject({ freed: 9, proposed: 1 });
    expect(line(body, 'built', 'since-2010')).toBeUndefined();
    expect(line(body, 'holder', holder)).toBeUndefined();
    expect(body.inputs).toMatchObject({
      from: '2025-01-01',
      until: '2025-12-31',
      geography: '2024',
      perimeters: ['93'],
    });
  });

  test('tell what is out of the base, deducted from nobody (L-32, L-70)', async () => {
    const { body } = await app.as(director).get(`/reports/${reportId}`);
    expect(line(body, 'outside', 'mutation')).toMatchObject({ freed: 1, attributed: 5 });
    expect(line(body, 'own-outside', 'first-letting')).toMatchObject({ proposed: 1 });
  });

  test('tell apart what is credited afterwards, added to nothing (F-20)', async () => {
    const { body } = await app.as(director).get(`/reports/${reportId}`);
    const nothing = { freed: 0, proposed: 0, attributed: 0, due: null };
    expect(line(body, 'credited', agreementId)).toMatchObject({ label: 'CR-UN', leased: 1, ...nothing });
    expect(line(body, 'total', 'all')).toMatchObject({ leased: 1, due: '2.7' });
    expect(body.since?.lines ?? []).toEqual([]);
  });

  test('forecast the dwellings subtracted by the mean of three years (L-75, C9)', async () => {
    const { body } = await app.as(director).get(`/reports/${reportId}`);
    expect(body.forecast).toMatchObject({
      year: 2026,
      origin: 'history',
      categories: [{ category: 'mutation', dwellings: 4 }],
    });
    expect(body.forecast.categories[0].steps.length).toBeGreaterThan(3);
  });

  test('show a territory all holders, and the own contingent, without due (F-82)', async () => {
    const { reportId: id } = await rowOf(director, 'Est Ensemble');
    const { body } = await app.as(director).get(`/reports/${id}`);
    expect(line(body, 'total', 'all')).toMatchObject({ freed: 9, proposed: 3, attributed: 2, leased: 1, due: null });
    expect(line(body, 'holder', holder)).toMatchObject({ label: 'Réservataire Un', proposed: 2, freed: 0 });
    expect(line(body, 'holder', 'own')).toMatchObject({ proposed: 1 });
    expect(line(body, 'agreement', agreementId)).toBeUndefined();
  });

  test('are undone as a whole as long as nothing was sent', async () => {
    const withdrawn = await app.as(director).post('/reports/withdrawal', { batchId });
    expect(withdrawn.body).toEqual({ reports: 4 });
    expect((await rowOf(director, 'Réservataire Un')).state).toBe('to-prepare');
    expect((await app.as(director).get(`/reports/${reportId}`)).body.withdrawn).toBe(true);
    expect((await app.as(director).post('/reports/withdrawal', { batchId })).body.code).toBe('E-BATCH-01');
    expect((await app.as(director).post('/reports/sending', { ids: [reportId] })).body.code).toBe('E-REPORT-06');
    const again = await app.as(director).post('/reports', { year: 2025, recipients: null });
    batchId = again.body.batchId;
    const row = await rowOf(director, 'Réservataire Un');
    expect(row.edition).toBe(1);
    reportId = row.reportId;
  });

  test('nobody else reads what is not sent', async () => {
    for (const user of [holderOfficer, observer, stranger, otherHolder])
      expect((await app.as(user).get(`/reports/${reportId}`)).status).toBe(404);
    expect((await app.as(holderOfficer).get('/reports')).body.items).toEqual([]);
  });

  test('are sent to the space and by mail, and read by their recipient alone', async () => {
    const territoryId = (await rowOf(director, 'Est Ensemble')).reportId;
    const sent = await app.as(director).post('/reports/sending', { ids: [reportId, territoryId] });
    expect(sent.body).toEqual({ sent: 2 });
    expect((await app.as(holderOfficer).get('/reports')).body.items).toMatchObject([
      { year: 2025, landlord: 'Habitat Rive Haute', state: 'sent', punctuality: 'in-time', figures: { proposed: 2 } },
    ]);
    const { body } = await app.as(holderOfficer).get(`/reports/${reportId}`);
    expect(line(body, 'total', 'all')).toMatchObject({ proposed: 2 });
    expect(body).toMatchObject({ source: null, since: null, deliveries: [], can: { acknowledge: true, send: false } });
    for (const user of [observer, stranger, otherHolder])
      expect((await app.as(user).get(`/reports/${reportId}`)).status).toBe(404);
    expect((await app.as(observer).get(`/reports/${territoryId}`)).status).toBe(200);
    const mine = (await app.as(director).get(`/reports/${reportId}`)).body;
    expect(mine.deliveries.map(({ channel, recipient }: Record<string, string>) => [channel, recipient])).toEqual([
      ['space', 'Réservataire Un'],
      ['mail', 'contact@reservataire.example'],
    ]);
    const mails = await app.database.owner.query(
      `select recipient, content->'link'->>'path' as path from platform.messages`,
    );
    expect(mails.rows).toEqual([{ recipient: 'contact@reservataire.example', path: `/bilans/${reportId}` }]);
    expect((await app.as(director).post('/reports/withdrawal', { batchId })).body.code).toBe('E-REPORT-05');
    expect((await app.as(director).post('/reports/sending', { ids: [reportId] })).body.code).toBe('E-REPORT-06');
  });

  test('leave as PDF, workbook and CSV, the same PDF for both parties', async () => {
    const files = await Promise.all(
      [director, holderOfficer].map((user) => app.as(user).get(`/reports/${reportId}/file?format=pdf`)),
    );
    expect(files.map(({ status, headers }) => [status, headers['content-type']])).toEqual(
      Array(2).fill([200, 'application/pdf']),
    );
    expect(files[0]!.body).toBe(files[1]!.body);
    expect(String(files[0]!.body).startsWith('%PDF-')).toBe(true);
    const book = await app.as(holderOfficer).get(`/reports/${reportId}/file?format=xlsx`);
    expect(String(book.body).startsWith('PK')).toBe(true);
    const csv = String((await app.as(holderOfficer).get(`/reports/${reportId}/file?format=csv`)).body);
    expect(csv).toContain('2025;Habitat Rive Haute;Réservataire Un;Typologie;2;T2;;;4;1;1;1;\r\n');
    expect(csv).toContain(
      '2026;Habitat Rive Haute;Réservataire Un;Prévisionnel 2026;mutation;mutation interne;;;;;;;4\r\n',
    );
    expect((await app.as(otherHolder).get(`/reports/${reportId}/file`)).status).toBe(404);
    const draft = (await rowOf(director, 'Réservataire Deux')).reportId;
    expect(String((await app.as(director).get(`/reports/${draft}/file`)).body).startsWith('%PDF-')).toBe(true);
  });

  test('are acknowledged by their recipient in its own space, once', async () => {
    const body = { receivedOn: '2026-02-10', note: 'Lu' };
    expect((await app.as(director).post(`/reports/${reportId}/acknowledgement`, body)).body.code).toBe('E-REPORT-08');
    expect((await app.as(otherHolder).post(`/reports/${reportId}/acknowledgement`, body)).status).toBe(404);
    expect(
      (await app.as(holderOfficer).post(`/reports/${reportId}/acknowledgement`, { ...body, receivedOn: '2026-02-11' }))
        .body.code,
    ).toBe('E-REPORT-09');
    expect((await app.as(holderOfficer).post(`/reports/${reportId}/acknowledgement`, body)).status).toBe(200);
    expect((await app.as(holderOfficer).post(`/reports/${reportId}/acknowledgement`, body)).body.code).toBe(
      'E-REPORT-07',
    );
    expect(await rowOf(director, 'Réservataire Un')).toMatchObject({ state: 'acknowledged', receivedOn: '2026-02-10' });
    const { reportId: ofTerritory } = await rowOf(director, 'Est Ensemble');
    expect((await app.as(observer).post(`/reports/${ofTerritory}/acknowledgement`, body)).status).toBe(200);
  });

  test('a territory without space gets a letter, and the landlord records its receipt', async () => {
    const { reportId: id } = await rowOf(director, 'CA Paris - Vallée de la Marne');
    await app.as(director).post('/reports/sending', { ids: [id] });
    const { body } = await app.as(director).get(`/reports/${id}`);
    expect(body).toMatchObject({ deliveries: [{ channel: 'letter' }], can: { acknowledge: true } });
    expect(
      (await app.as(director).post(`/reports/${id}/acknowledgement`, { receivedOn: '2026-02-10', note: null })).status,
    ).toBe(200);
  });

  test('say what differs since they were frozen, and which facts came later', async () => {
    expect((await app.as(director).get(`/reports/${reportId}`)).body.since).toEqual({ lines: [], events: [] });
    const vacancyId = newId();
    await count({ kind: 'leased', on: '2025-12-30', mine: true, built: 1949, vacancyId });
    const { since, lines } = (await app.as(director).get(`/reports/${reportId}`)).body;
    expect(lines.find((one: { section: string }) => one.section === 'total').leased).toBe(1);
    expect(since.lines).toContainEqual({
      section: 'total',
      key: 'all',
      label: null,
      measure: 'leased',
      before: '1',
      now: '2',
    });
    expect(since.lines.map(({ section }: { section: string }) => section).sort()).toEqual([
      'agreement',
      'built',
      'funding',
      'municipality',
      'priority-area',
      'rooms',
      'total',
    ]);
    expect(since.events).toMatchObject([
      { kind: 'leased', onDay: '2025-12-30', vacancyId, holder: 'Réservataire Un', municipality: 'Montreuil' },
    ]);
    const corrected = await app.as(director).post('/reports', { year: 2025, recipients: [`holder:${holder}`] });
    expect(corrected.body.reports).toBe(1);
    const row = await rowOf(director, 'Réservataire Un');
    expect(row).toMatchObject({ edition: 2, state: 'ready', figures: { leased: 2 } });
    expect((await rowOf(holderOfficer, 'Réservataire Un')).figures.leased).toBe(1);
    expect((await app.as(director).post('/reports', { year: 2025, recipients: [`holder:${holder}`] })).body.code).toBe(
      'E-REPORT-04',
    );
  });

  test('each figure leads to the facts behind it, for the landlord alone', async () => {
    const facts = async (user: TestUser, query: string) =>
      (await app.as(user).get(`/report-events?report=${reportId}&${query}`)).body;
    const kinds = async (query: string) =>
      (await facts(director, query)).items.map(({ kind, counts }: { kind: string; counts: number }) => [kind, counts]);
    expect(await kinds('section=rooms&key=2&measure=leased')).toEqual([['leased', 1]]);
    expect(await kinds('section=built&key=since-2010&measure=proposed')).toEqual([
      ['proposed', 1],
      ['withdrawn', -1],
    ]);
    expect((await facts(director, 'section=total&key=all&measure=freed')).total).toBe(11);
    expect((await facts(director, `section=agreement&key=${agreementId}&measure=freed`)).total).toBe(11);
    expect((await facts(director, 'section=outside&key=mutation&measure=attributed')).total).toBe(7);
    expect(await kinds('section=own-outside&key=first-letting&measure=proposed')).toEqual([['proposed', 1]]);
    expect((await facts(director, 'section=rooms&key=x&measure=leased')).items).toEqual([]);
    expect((await facts(holderOfficer, 'section=total')).code).toBe('E-ACCESS-01');
    expect((await facts(stranger, 'section=total')).items).toEqual([]);
  });
});

test('a published forecast of the whole perimeter takes the place of the mean (L-32)', async () => {
  const forecastId = newId();
  await app.database.owner.query(
    `insert into flow.exclusion_forecasts (organisation_id, id, year, department, created_by, shared_at, published_at)
     values ($1, $2, 2025, '93', 'x', now(), now())`,
    [landlord, forecastId],
  );
  await app.database.owner.query(
    `insert into flow.forecast_revisions (organisation_id, forecast_id, revision, stock, retained, first_lettings, expected,
       expected_origin, excluded, base, steps, lines, recorded_by)
     values ($1, $2, 1, 100, 0, 0, 10, 'typed', 7, 3, '[]', '[{"category":"sale","volume":7},{"category":"mutation","volume":0}]', 'x')`,
    [landlord, forecastId],
  );
  await app.as(director).post('/reports', { year: 2024, recipients: null });
  const forecastOf = async (name: string) =>
    (await app.as(director).get(`/reports/${(await rowOf(director, name, 2024)).reportId}`)).body.forecast;
  expect(await forecastOf('Réservataire Un')).toMatchObject({
    year: 2025,
    origin: 'published',
    categories: [{ category: 'sale', dwellings: 7 }],
  });
  expect(await forecastOf('Réservataire Deux')).toMatchObject({ origin: 'history' });
});

test('a year that is not over, an unknown recipient, nothing left: refused', async () => {
  const produce = async (body: unknown) => (await app.as(director).post('/reports', body)).body.code;
  expect(await produce({ year: 2026, recipients: null })).toBe('E-REPORT-02');
  expect(await produce({ year: 2025, recipients: ['territory:1'] })).toBe('E-REPORT-03');
  expect(await produce({ year: 2025, recipients: null })).toBe('E-REPORT-01');
  expect(await produce({ year: 2019, recipients: null })).toBe('E-FIELDS-01');
  expect((await app.as(holderOfficer).post('/reports', { year: 2025, recipients: null })).body.code).toBe(
    'E-ACCESS-01',
  );
});

test('sent after the last day, a report is late, and says so', async () => {
  app.setToday('2026-02-28');
  const { reportId } = await rowOf(director, 'Réservataire Deux');
  expect(await rowOf(director, 'Réservataire Deux')).toMatchObject({ state: 'ready', punctuality: 'late' });
  await app.as(director).post('/reports/sending', { ids: [reportId] });
  expect(await rowOf(director, 'Réservataire Deux')).toMatchObject({
    state: 'sent',
    punctuality: 'late',
    sentOn: '2026-02-28',
  });
  app.setToday('2026-02-10');
});

test('reminders are planned once before the last day', async () => {
  const run = () =>
    planReportReminders.run({
      database: app.database,
      organisationIds: [landlord, holder],
      today: '2026-02-10' as never,
      uploadFolder: null,
    });
  await run();
  await run();
  const { rows } = await app.database.owner.query(
    `select due_on::text, for_role, facts->>'deadline' as deadline from platform.reminders where kind = 'reports.due' order by due_on`,
  );
  expect(rows).toEqual([
    { due_on: '2026-02-20', for_role: 'director', deadline: '2026-02-27' },
    { due_on: '2026-02-25', for_role: 'director', deadline: '2026-02-27' },
  ]);
});
