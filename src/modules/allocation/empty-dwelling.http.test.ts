import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling } from '../../app/test-fixtures.ts';

let app: TestApp;
let agency: string;
let manager: TestUser;
let landlord: string;
let officer: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-10' });
  agency = await app.anOrganisation('agency');
  manager = await app.aUser(agency, ['rental-manager']);
  landlord = await app.anOrganisation('landlord');
  officer = await app.aUser(landlord, ['allocation-officer']);
});
afterAll(() => app.close());

const body = { cause: 'departure', availableOn: '2026-03-10', reason: null };
const aFlowDwelling = (management = 'flow') =>
  aDwelling(app, landlord, { municipality: '93048', rooms: 3, funding: 'PLUS', management, occupancy: 'void' });

describe('an empty dwelling that no notice announced', () => {
  test('is put on its road, once', async () => {
    const dwelling = await aDwelling(app, agency, { occupancy: 'void' });
    const opened = await app.as(manager).post(`/dwellings/${dwelling}/vacancies`, body);
    expect(opened.status).toBe(201);
    expect((await app.as(manager).get(`/vacancies/${opened.body.id}`)).body).toMatchObject({
      stage: 'to-select',
      cause: 'departure',
      freeOn: '2026-03-09',
      baseClass: 'not-applicable',
      leaving: null,
    });
    expect(await app.as(manager).post(`/dwellings/${dwelling}/vacancies`, body)).toMatchObject({
      status: 409,
      body: { code: 'E-VACANCY-06' },
    });
  });

  test('two people at once: one vacancy', async () => {
    const dwelling = await aDwelling(app, agency, { occupancy: 'void' });
    const answers = await Promise.all(
      [1, 2, 3].map(() => app.as(manager).post(`/dwellings/${dwelling}/vacancies`, body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  test.each(['let', 'notice', 'reserved'])('is refused while it is %s', async (occupancy) => {
    const dwelling = await aDwelling(app, agency, { occupancy });
    expect(await app.as(manager).post(`/dwellings/${dwelling}/vacancies`, body)).toMatchObject({
      status: 409,
      body: { code: 'E-VACANCY-05' },
    });
  });

  test.each([
    ['flow', 'departure', 'in-base', 1, 'L-10: every vacancy of the base'],
    ['flow', 'first-letting', 'first-letting', 0, 'L-71: a first letting is shared apart'],
    ['stock', 'departure', 'retained-stock', 0, 'L-04: rights attached to the dwelling'],
  ])('managed in %s, empty by %s: %s (%s counted, %s)', async (management, cause, baseClass, counted, _why) => {
    const dwelling = await aFlowDwelling(management);
    const { body: opened } = await app.as(officer).post(`/dwellings/${dwelling}/vacancies`, { ...body, cause });
    expect((await app.as(officer).get(`/vacancies/${opened.id}`)).body).toMatchObject({ baseClass });
    const { rows } = await app.database.owner.query(
      `select count(*)::int as n from flow.events where vacancy_id = $1 and kind = 'freed' and base_class = 'in-base'`,
      [opened.id],
    );
    expect(rows[0].n).toBe(counted);
  });

  test('is nobody else’s', async () => {
    const dwelling = await aDwelling(app, agency, { occupancy: 'void' });
    expect((await app.as(officer).post(`/dwellings/${dwelling}/vacancies`, body)).status).toBe(404);
    const technician = await app.aUser(agency, ['technician']);
    expect((await app.as(technician).post(`/dwellings/${dwelling}/vacancies`, body)).status).toBe(403);
  });
});
