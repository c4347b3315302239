import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling, anAgreement, aTenancy } from '../../app/test-fixtures.ts';
import { newId } from '../../kernel/id.ts';

let app: TestApp;
let landlord: string;
let officer: TestUser;
let stranger: TestUser;
let holderOfficer: TestUser;
let anywhere: string;
let atHome: string;
let state: string;

type Alternative = { id: string; gapBefore: string; due: string; proposed: number; why: string; waits: number | null };
type Planned = { id: string; version: number; address: string; together: string; oneByOne: string };
type Party = { party: string; place: string; due: string; gapBefore: string; gapTogether: string };

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Basse' });
  officer = await app.aUser(landlord, ['director', 'rental-manager']);
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
  const holder = await app.anOrganisation('holder', { name: 'Logement pour tous' });
  holderOfficer = await app.aUser(holder, ['holder-officer']);
  anywhere = await anAgreement(app, landlord, holder, { share: '0.4', reference: 'LPT-93' });
  const town = await app.anOrganisation('municipality', { name: 'Ville de Montreuil' });
  atHome = await anAgreement(app, landlord, town, {
    contingent: 'municipality',
    scale: 'municipality',
    perimeter: '93048',
    share: '0.2',
  });
  const prefecture = await app.anOrganisation('state', { name: 'Préfecture' });
  state = await anAgreement(app, landlord, prefecture, {
    contingent: 'state-priority',
    scale: 'municipality',
    share: '0.3',
  });
  await app.database.owner.query(
    `insert into flow.indicative_targets (organisation_id, id, agreement_id, holder_id, criterion, value, target, year)
     values ($1, $2, $3, $4, 'rooms-min', '4', 5, 2026)`,
    [landlord, newId(), anywhere, holder],
  );
  for (const [municipality, rooms] of [
    ['93048', 2],
    ['93048', 4],
    ['93048', 3],
    ['93066', 4],
    ['93066', 2],
  ] as const) {
    const dwellingId = await aDwelling(app, landlord, { municipality, rooms, funding: 'PLUS', management: 'flow' });
    const { id } = await aTenancy(app, landlord, dwellingId);
    const notice = { givenBy: 'tenant', receivedOn: '2026-03-10', reason: null, version: 1 };
    await app.as(officer).post(`/tenancies/${id}/notice`, notice);
  }
});
afterAll(() => app.close());

// As the screens ask: with the key of an action that may be repeated.
const plan = async (user = officer, body = {}) =>
  app.as(user, { 'idempotency-key': newId() }).post('/orientations/plan', body);
const orientation = async (id: string) => (await app.as(officer).get(`/vacancies/${id}/orientation`)).body;

test('the plan orients all that waits, writes nothing, and starts from the figures of each suggestion', async () => {
  const before = await app.database.owner.query('select count(*) from allocation.orientations');
  const { status, body } = await plan();
  expect(status).toBe(200);
  expect(body.vacancies).toHaveLength(5);
  // What is due is what the share gives at each scale: 0.4 × 5, 0.2 × 3, 0.3 × 3 and 0.3 × 2, the rest of 5.
  const dues = (body.parties as Party[]).map(({ party, due }) => [party, due]).sort();
  expect(dues).toEqual(
    [
      [anywhere, '2.00'],
      [atHome, '0.60'],
      [state, '0.90'],
      [state, '0.60'],
      ['own', '0.90'],
    ].sort(),
  );
  // Two statements count the same things: the suggestion of one dwelling, and the plan of all.
  for (const { id } of body.vacancies as Planned[]) {
    const municipality = (await app.as(officer).get(`/vacancies/${id}`)).body.municipality;
    for (const { id: party, due, gapBefore } of (await orientation(id)).alternatives as Alternative[]) {
      const places = (body.parties as Party[]).filter((one) => one.party === party);
      const place = places.length === 1 ? places[0] : places.find((one) => one.place === municipality);
      expect([party, place?.due, place?.gapBefore]).toEqual([party, due, gapBefore]);
    }
  }
  const gap = (party: string) =>
    (body.parties as Party[]).filter((one) => one.party === party).map(({ gapTogether }) => gapTogether);
  // Dues of 2.00, 0.60, 0.90, 0.60 and 0.90 for five dwellings: two, and one of the others each but one.
  expect(gap(anywhere)).toEqual(['0.00']);
  expect(Number(body.together.gaps)).toBeLessThanOrEqual(Number(body.oneByOne.gaps));
  expect((await app.database.owner.query('select count(*) from allocation.orientations')).rows).toEqual(before.rows);
});

test('a need is served where a share allows it; each party says how long it may wait, and why', async () => {
  const { body } = await plan();
  const rooms = new Map((body.vacancies as (Planned & { rooms: number })[]).map(({ id, rooms: n }) => [id, n]));
  const to = (body.vacancies as Planned[])
    .filter(({ together }) => together === anywhere)
    .map(({ id }) => rooms.get(id));
  expect(to).toEqual([4, 4]);
  const { alternatives, stakes } = await orientation(body.vacancies[0].id);
  for (const party of alternatives as Alternative[]) expect(party.why).toMatch(/^[a-z-]+$/);
  // Five wait: (1 − 0.60 …) nothing was proposed yet; 0.4 a vacancy, 2.00 due: a dwelling late at once.
  expect((alternatives as Alternative[]).find(({ id }) => id === anywhere)?.waits).toBe(0);
  expect(stakes.map((stake: { objective: string; before: string | null }) => [stake.objective, stake.before])).toEqual([
    ['first-quartile', null],
    ['priority', null],
  ]);
});

test('another landlord plans nothing of ours; a holder may not plan', async () => {
  const { body } = await plan();
  expect(await plan(stranger)).toMatchObject({ status: 409, body: { code: 'E-ORIENTATION-05' } });
  const named = { vacancyIds: [body.vacancies[0].id] };
  expect(await plan(stranger, named)).toMatchObject({ status: 409, body: { code: 'E-ORIENTATION-05' } });
  expect((await plan(officer, named)).body.vacancies).toHaveLength(1);
  expect(await plan(holderOfficer)).toMatchObject({ status: 403 });
  expect((await app.as(stranger).get('/orientations')).body.items).toEqual([]);
  expect((await app.as(stranger).get('/orientations/statistics')).body).toMatchObject({ decided: 0, parties: [] });
});

test('who gave a dwelling back is shown, and not suggested it again', async () => {
  const { body } = await plan();
  const vacancy = (body.vacancies as Planned[]).find(({ together }) => together === anywhere)!;
  const choice = { agreementId: anywhere, reason: 'Plan d’ensemble', version: vacancy.version };
  const oriented = await app.as(officer).post(`/vacancies/${vacancy.id}/orientation`, choice);
  expect(oriented.status).toBe(201);
  const back = { reason: 'no-candidate', detail: 'Personne pour ce logement', version: 1 };
  const returned = await app.as(holderOfficer).post(`/proposals/${oriented.body.proposalId}/return`, back);
  expect(returned.status).toBe(200);
  const { suggested, alternatives } = await orientation(vacancy.id);
  expect((alternatives as Alternative[]).find(({ id }) => id === anywhere)?.why).toBe('returned');
  expect(suggested).not.toBe(anywhere);
  expect((await plan()).body.vacancies.find(({ id }: Planned) => id === vacancy.id).together).not.toBe(anywhere);
});

test('the follow-up says how often the suggestion was followed, by month, party and reason', async () => {
  const [vacancy] = (await plan()).body.vacancies as Planned[];
  const { suggested, alternatives } = await orientation(vacancy!.id);
  const other = (alternatives as Alternative[]).find(({ id }) => id !== suggested && id !== 'own')!.id;
  const choose = (agreementId: string, reason: string) =>
    app.as(officer).post(`/vacancies/${vacancy!.id}/orientation`, { agreementId, reason, version: vacancy!.version });
  expect((await choose(other, ' Proximité de l’hôpital ')).status).toBe(201);
  // Moments are those of the clock of the machine; the day is that of the test.
  await app.database.owner.query(`update allocation.orientations set decided_at = '2026-03-12 10:00+01'`);
  const { body } = await app.as(officer).get('/orientations/statistics');
  expect(body.decided).toBe(2);
  expect(body.months).toHaveLength(1);
  expect(body.reasons).toContainEqual({ reason: 'Proximité de l’hôpital', count: 1 });
  const total = (of: 'left' | 'preferred') =>
    body.parties.reduce((sum: number, one: Record<string, number>) => sum + one[of]!, 0);
  expect([total('left'), total('preferred')]).toEqual([body.decided - body.followed, body.decided - body.followed]);
  const overridden = (await app.as(officer).get('/orientations?followed=false')).body.items;
  expect(overridden).toHaveLength(body.decided - body.followed);
  expect(overridden[0]).toMatchObject({ followed: false, reason: 'Proximité de l’hôpital' });
});

test('a plan is applied and undone as a whole; nobody else sees it, and what moved on stops both', async () => {
  const post = (user: TestUser, path: string, body: object) =>
    app.as(user, { 'idempotency-key': newId() }).post(path, body);
  const { vacancies } = (await plan()).body as { vacancies: Planned[] };
  const gapsBefore = (await plan()).body.before.gaps;
  const choices = vacancies.map(({ id, version, together }) => ({ vacancyId: id, agreementId: together, version }));
  // One of them was changed since: none is oriented.
  const stale = choices.map((choice, index) => (index === 0 ? { ...choice, version: choice.version + 1 } : choice));
  expect(await post(officer, '/orientations/plans', { choices: stale, reason: 'Plan' })).toMatchObject({
    status: 409,
    body: { code: 'E-ORIENTATION-06' },
  });
  expect((await plan()).body.vacancies).toHaveLength(vacancies.length);
  expect(await post(stranger, '/orientations/plans', { choices, reason: 'Plan' })).toMatchObject({ status: 404 });
  expect(await post(holderOfficer, '/orientations/plans', { choices, reason: 'Plan' })).toMatchObject({ status: 403 });

  const applied = await post(officer, '/orientations/plans', { choices, reason: 'Plan de mars' });
  expect(applied).toMatchObject({ status: 200, body: { dwellings: vacancies.length } });
  expect(await plan()).toMatchObject({ status: 409, body: { code: 'E-ORIENTATION-05' } });
  const [item] = (await app.as(officer).get('/orientations/plans')).body.items;
  expect(item).toMatchObject({ reason: 'Plan de mars', appliedOn: '2026-03-12', dwellings: vacancies.length });
  expect((await app.as(stranger).get('/orientations/plans')).body.items).toEqual([]);
  const undo = (user: TestUser, reason = 'Erreur de département') =>
    post(user, `/orientations/plans/${applied.body.batchId}/undo`, { reason });
  expect(await undo(stranger)).toMatchObject({ status: 404 });

  expect(await undo(officer)).toMatchObject({ status: 200, body: { dwellings: vacancies.length } });
  const after = (await plan()).body;
  // Taken back by contraries: the same vacancies wait, and the counters are those of before.
  expect(after.vacancies.map(({ id }: Planned) => id)).toEqual(vacancies.map(({ id }) => id));
  expect(after.before.gaps).toBe(gapsBefore);
  expect(await undo(officer)).toMatchObject({ status: 409, body: { code: 'E-BATCH-01' } });
  expect((await app.as(officer).get('/orientations/plans')).body.items[0]).toMatchObject({
    undoneOn: '2026-03-12',
    undoneReason: 'Erreur de département',
  });

  // Once a holder gave one back, the plan is no longer undone as a whole.
  const again = (after.vacancies as Planned[]).map(({ id, version }) => ({
    vacancyId: id,
    agreementId: 'own',
    version,
  }));
  const own = await post(officer, '/orientations/plans', { choices: again.slice(0, 1), reason: 'Relogement' });
  await app.database.owner.query(
    `update allocation.orientations set superseded_at = now() where organisation_id = $1 and batch_id = $2`,
    [landlord, own.body.batchId],
  );
  expect(await post(officer, `/orientations/plans/${own.body.batchId}/undo`, { reason: 'Trop tard' })).toMatchObject({
    status: 409,
    body: { code: 'E-ORIENTATION-07' },
  });
});

test('a vacancy outside the base takes from nobody, and does not count in it', async () => {
  const statistics = async () => (await app.as(officer).get('/orientations/statistics')).body;
  const before = await statistics();
  await app.database.owner.query(
    `update allocation.vacancies set base_class = 'mutation'
     where id = (select vacancy_id from allocation.orientations where trim(reason) = 'Proximité de l’hôpital' limit 1)`,
  );
  const after = await statistics();
  expect([after.decided, after.followed]).toEqual([before.decided - 1, before.followed]);
  expect(after.reasons).not.toContainEqual({ reason: 'Proximité de l’hôpital', count: 1 });
});

test('a need near a place is served in the municipalities near enough, and told by the place (F-58)', async () => {
  await app.database.owner.query(
    `insert into flow.indicative_targets (organisation_id, id, agreement_id, holder_id, criterion, value, place, target, year)
     select organisation_id, $2, id, holder_id, 'near', '93048 93010', 'Hôpital André-Grégoire', 4, 2026
     from flow.agreements where organisation_id = $1 and id = $3`,
    [landlord, newId(), anywhere],
  );
  const { vacancies } = (await plan()).body as { vacancies: (Planned & { municipality: string })[] };
  expect(new Set(vacancies.map(({ municipality }) => municipality)).size).toBe(2);
  for (const { id, municipality } of vacancies) {
    const party = (await orientation(id)).alternatives.find((one: Alternative) => one.id === anywhere);
    const near = party.needs.filter(({ criterion }: { criterion: string }) => criterion === 'near');
    const served = { criterion: 'near', place: 'Hôpital André-Grégoire', target: 4 };
    expect([municipality, near]).toEqual([
      municipality,
      municipality === 'Montreuil' ? [expect.objectContaining(served)] : [],
    ]);
  }
});
