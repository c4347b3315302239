import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aLineAtWork, anAgreement } from '../../../app/test-fixtures.ts';
import { recount } from './recount.ts';

let app: TestApp;
let officer: TestUser;
let giver: TestUser;
let receiver: TestUser;
let stranger: TestUser;
let vacancyId: string;
let offerId: string;
let given: string;
let received: string;

// A vacancy proposed to a holder, its candidates decided upon, the first of them offered the dwelling.
beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  const line = await aLineAtWork(app);
  ({ officer, holderOfficer: giver } = line);
  vacancyId = line.ids.get('vacancies')!;
  offerId = line.ids.get('offers')!;
  given = line.ids.get('agreements')!;
  const receiverId = await app.anOrganisation('municipality', { name: 'Ville de Montreuil' });
  receiver = await app.aUser(receiverId, ['holder-officer']);
  received = await anAgreement(app, officer.organisationId, receiverId, {
    share: '0.2',
    contingent: 'municipality',
    scale: 'municipality',
    perimeter: '93048',
  });
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
}, 120_000);
afterAll(() => app.close());

const vacancy = async () => (await app.as(officer).get(`/vacancies/${vacancyId}`)).body;
const say = async (agreementId: string | null, user = officer) =>
  app.as(user).post(`/vacancies/${vacancyId}/exchange`, {
    agreementId,
    note: 'Accord du 10 mars',
    version: user === officer ? (await vacancy()).version : 1,
  });
const phaseFrom = (exchangeCounts: string, basis: string) => [
  { from: '2026-01-01', to: null, mode: 'mixed', wp: '0.3', wa: '0.7', exchangeCounts, basis },
];
/** Both parties of both agreements count by this rule. */
async function countBy(exchangeCounts: string, basis: string) {
  const { body } = await app.as(officer).post('/flow/counting-rules', {
    agreementId: null,
    phases: phaseFrom(exchangeCounts, basis),
    note: 'Essai',
  });
  for (const party of [giver, receiver])
    await app.as(party).post(`/flow/counting-rules/${body.id}/decision`, { decision: 'approved' });
}
const attributed = async () =>
  Promise.all(
    [given, received].map(
      async (id) => (await app.as(officer).get(`/agreements/${id}/points?year=2026`)).body.attributed,
    ),
  );
const counters = async (user: TestUser, id: string) => {
  const { attributed, leased } = (await app.as(user).get(`/agreements/${id}/standing`)).body.agreement.figures;
  return { attributed, leased };
};
/** What each party recounts from its own journal, without a database. */
async function recountedBy(user: TestUser) {
  const { body } = await app.as(user).get<string>('/flow/journal?year=2026');
  const { differences, figures } = await recount([body]);
  expect(differences).toEqual([]);
  return Object.fromEntries(figures.map(({ agreement, points }) => [agreement, points.attributed]));
}

test('only the landlord of the vacancy exchanges it, with an agreement of another holder in force', async () => {
  expect((await vacancy()).can.exchange).toBe(true);
  expect((await say(given)).body.code).toBe('E-EXCHANGE-02');
  expect((await say(null)).body.code).toBe('E-EXCHANGE-04');
  expect((await say(received, stranger)).status).toBe(404);
  expect((await say(received, receiver)).status).toBe(403);
});

test.each([
  ['owner', 'committee-decision', ['0.70', '0.00'], 'F-46, § 4.2 step 2'],
  ['receiver', 'committee-decision', ['0.00', '0.70'], 'F-46, § 4.2 step 2'],
  ['none', 'committee-decision', ['0.00', '0.00'], 'F-46, § 4.2 step 2'],
])('counted for the %s by %s; taken back, all is as before', async (counts, basis, expected) => {
  await countBy(counts, basis);
  expect(await attributed()).toEqual(['0.70', '0.00']);
  expect((await say(received)).status).toBe(200);
  expect((await say(received)).body.code).toBe('E-EXCHANGE-03');
  expect(await attributed()).toEqual(expected);
  expect(await counters(giver, given)).toEqual({ attributed: 1, leased: 0 });
  expect(await counters(receiver, received)).toEqual({ attributed: 0, leased: 0 });
  expect(await recountedBy(officer)).toEqual({ [given]: expected[0], [received]: expected[1] });
  expect(await recountedBy(receiver)).toEqual({ [received]: expected[1] });
  expect((await say(null)).status).toBe(200);
  expect(await attributed()).toEqual(['0.70', '0.00']);
  expect((await recountedBy(giver))[given]).toBe('0.70');
});

test('the lease is counted for both, each reads the exchange in its standing, and nobody takes it back', async () => {
  await countBy('receiver', 'lease-signed');
  expect((await say(received)).status).toBe(200);
  await app
    .as(officer)
    .post(`/offers/${offerId}/answer`, { answer: 'accepted', on: '2026-03-12', reason: null, version: 1 });
  const { version, freeOn } = await vacancy();
  const lease = { signedOn: '2026-03-12', startsOn: `${Number(freeOn.slice(0, 4)) + 1}-01-15`, years: 3, version };
  expect((await app.as(officer).post(`/vacancies/${vacancyId}/lease`, lease)).status).toBe(201);
  expect(await attributed()).toEqual(['0.00', '0.70']);
  expect(await counters(giver, given)).toEqual({ attributed: 1, leased: 1 });
  expect(await counters(receiver, received)).toEqual({ attributed: 0, leased: 0 });
  expect(await recountedBy(receiver)).toEqual({ [received]: '0.70' });
  const standing = async (user: TestUser, id: string) =>
    (await app.as(user).get(`/agreements/${id}/standing`)).body.exchanges;
  expect(await standing(receiver, received)).toMatchObject([{ given: false, municipality: 'Montreuil', rooms: 3 }]);
  expect(await standing(giver, given)).toMatchObject([{ given: true, other: 'Ville de Montreuil' }]);
  expect((await say(null)).body.code).toBe('E-EXCHANGE-01');
});

test('another organisation reads no exchange', async () => {
  const client = await app.database.streams.connect();
  const seenBy = async (organisationId: string) => {
    await client.query(`select set_config('app.organisation_id', $1, true)`, [organisationId]);
    return (await client.query('select count(*)::int as n from flow.exchange_acts')).rows[0].n;
  };
  try {
    await client.query('begin');
    expect(await seenBy(stranger.organisationId)).toBe(0);
    expect(await seenBy(receiver.organisationId)).toBe(7);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('a guarantee of beneficiaries is measured on leases, told to both parties, and changes no count (F-47)', async () => {
  const before = await counters(giver, given);
  const set = (minimum: unknown, from = '2026-01-01', user = officer, id = given) =>
    app.as(user).post(`/agreements/${id}/guarantee`, { beneficiaries: 'priority', minimum, from, note: 'Article 7' });
  const read = async (user: TestUser, id = given) => app.as(user).get(`/agreements/${id}/guarantee`);
  expect((await read(officer)).body).toMatchObject({ guarantee: null, can: { set: true } });
  expect((await set({ kind: 'share', value: '0.25' }, '2025-12-31')).body.code).toBe('E-GUARANTEE-01');
  expect((await set({ kind: 'share', value: '1.5' })).body.code).toBe('E-GUARANTEE-02');
  expect((await set({ kind: 'share', value: '0.25' }, '2026-01-01', giver)).status).toBe(403);
  expect((await set({ kind: 'share', value: '0.25' }, '2026-01-01', stranger)).status).toBe(404);
  expect((await read(stranger)).status).toBe(404);

  // The one lease of the giver went by exchange to a household of the receiver: it is no lease of the giver's beneficiaries.
  expect((await set({ kind: 'count', value: '1' })).status).toBe(201);
  expect((await read(giver)).body).toMatchObject({
    can: { set: false },
    guarantee: { leases: 0, isShort: true, note: 'Article 7' },
  });
  expect((await set({ kind: 'share', value: '1' }, '2026-01-01', officer, received)).status).toBe(201);
  expect((await read(receiver, received)).body.guarantee).toMatchObject({
    leases: 1,
    housed: 0,
    attained: '0.0000',
    isShort: true,
  });
  await app.database.owner.query(`update allocation.candidates set priority_group = 'dalo' where state = 'housed'`);
  expect((await read(receiver, received)).body.guarantee).toMatchObject({
    housed: 1,
    attained: '1.0000',
    isShort: false,
  });
  expect((await read(receiver, given)).status).toBe(404);
  const { alerts } = (await app.as(officer).get('/flow/cockpit')).body;
  expect(alerts.filter(({ kind }: { kind: string }) => kind === 'guarantee-short')).toMatchObject([
    { agreementId: given },
  ]);

  app.setToday('2027-01-15');
  await app.as(officer).post('/reports', { year: 2026, recipients: null });
  const { body } = await app.as(officer).get('/reports?year=2026');
  const ofReceiver = body.items.find((row: { key: string }) => row.key === `holder:${receiver.organisationId}`);
  const report = (await app.as(officer).get(`/reports/${ofReceiver.reportId}`)).body;
  expect(report.guarantees).toMatchObject([{ housed: 1, leases: 1, isShort: false }]);

  expect((await set(null, '2027-01-01')).status).toBe(201);
  expect((await read(giver)).body.guarantee).toBeNull();
  app.setToday('2026-03-12');
  expect(await counters(giver, given)).toEqual(before);
});
