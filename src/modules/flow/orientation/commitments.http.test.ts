import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement, aTenancy } from '../../../app/test-fixtures.ts';

let app: TestApp;
let landlord: string;
let director: TestUser;
let reader: TestUser;
let stranger: TestUser;
let holderOfficer: TestUser;
let reference: string;
let vacancyId: string;

/** Est Ensemble. */
const territory = '200057875';

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Basse' });
  director = await app.aUser(landlord, ['director']);
  reader = await app.aUser(landlord, ['reader']);
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
  const holder = await app.anOrganisation('holder');
  holderOfficer = await app.aUser(holder, ['holder-officer']);
  await anAgreement(app, landlord, holder);
  const dwelling = await aDwelling(app, landlord, { municipality: '93048', rooms: 3, management: 'flow' });
  const { rows } = await app.database.owner.query(
    `select b.reference from portfolio.dwellings d join portfolio.buildings b
       on b.organisation_id = d.organisation_id and b.id = d.building_id where d.id = $1`,
    [dwelling],
  );
  reference = rows[0].reference;
  const { id } = await aTenancy(app, landlord, dwelling);
  const notice = { givenBy: 'tenant', receivedOn: '2026-03-10', reason: null, version: 1 };
  await app.as(director).post(`/tenancies/${id}/notice`, notice);
  vacancyId = (await app.as(director).get('/vacancies')).body.items[0].id;
});
afterAll(() => app.close());

const body = {
  year: 2026,
  place: territory,
  objective: 'first-quartile',
  share: '0.35',
  source: 'CIA d’Est Ensemble, art. 4',
};
const commit = (user: TestUser, given: object = {}) => app.as(user).post('/flow/commitments', { ...body, ...given });
const orientation = async () => (await app.as(director).get(`/vacancies/${vacancyId}/orientation`)).body;

test('what is committed to stands instead of the law, until it is taken back (L-65, F-52)', async () => {
  expect((await orientation()).stakes[0]).toMatchObject({
    objective: 'first-quartile',
    target: '0.25',
    committed: false,
  });
  expect((await commit(director)).status).toBe(201);
  expect((await orientation()).stakes[0]).toMatchObject({ target: '0.35', committed: true });
  const { body: page } = await app.as(reader).get('/flow/commitments');
  const line = page.objectives.find(({ objective }: { objective: string }) => objective === 'first-quartile');
  expect(line).toMatchObject({ place: territory, target: '0.35', state: 'not-measured', why: 'no-lease' });
  expect(line.committed).toMatchObject({ share: '0.35', source: 'CIA d’Est Ensemble, art. 4', on: '2026-03-12' });
  expect(page.places.map(({ code }: { code: string }) => code)).toEqual([territory]);
  expect((await commit(director, { share: null })).status).toBe(201);
  expect((await orientation()).stakes[0]).toMatchObject({ target: '0.25', committed: false });
});

test.each([
  [{ year: 2025 }, 'E-ORIENTATION-09', 'a year that is over was counted'],
  [{ place: '999999999' }, 'E-ORIENTATION-08', 'no such territory'],
])('%o is refused', async (given, code, _source) => {
  expect((await commit(director, given)).body.code).toBe(code);
});

test('a listed residence is told at the orientation, for three years (L-65)', async () => {
  const residence = { buildingReference: reference, fromDay: '2026-01-01', source: 'CIA, annexe 2' };
  expect(
    (await app.as(director).post('/flow/listed-residences', { ...residence, buildingReference: 'ZZ' })).body.code,
  ).toBe('E-ORIENTATION-10');
  const listed = await app.as(director).post('/flow/listed-residences', residence);
  expect(listed).toMatchObject({ status: 201, body: { untilDay: '2028-12-31' } });
  expect((await app.as(director).post('/flow/listed-residences', residence)).body.code).toBe('E-ORIENTATION-11');
  expect(await orientation()).toMatchObject({ building: { listedUntil: '2028-12-31' }, leaning: 'others' });
  expect((await app.as(stranger).get('/flow/listed-residences')).body.items).toEqual([]);
  const removal = `/flow/listed-residences/${listed.body.id}/removal`;
  expect((await app.as(stranger).post(removal, { reason: 'Erreur' })).status).toBe(404);
  expect((await app.as(director).post(removal, { reason: 'Hors de la convention' })).status).toBeLessThan(300);
  expect(await orientation()).toMatchObject({ building: { listedUntil: null }, leaning: null });
  expect((await app.as(reader).get('/flow/listed-residences')).body.items[0]).toMatchObject({ state: 'taken-off' });
});

test('is the landlord’s own: readers write nothing, others read nothing', async () => {
  expect((await commit(reader)).status).toBe(403);
  expect((await commit(holderOfficer)).status).toBe(403);
  expect((await app.as(holderOfficer).get('/flow/commitments')).status).toBe(403);
  await commit(director);
  expect((await app.as(stranger).get('/flow/commitments')).body.objectives).toEqual([]);
});
