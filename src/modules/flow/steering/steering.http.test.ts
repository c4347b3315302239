import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';

let app: TestApp;
let landlord: string;
let holder: string;
let director: TestUser;
let officer: TestUser;
let stranger: TestUser;
let state: TestUser;
let agreementId: string;

/** A dwelling freed in Montreuil (Est Ensemble) or Créteil, perhaps proposed, attributed and leased. */
async function aVacancy(
  given: {
    municipality?: string;
    openedOn?: string;
    signedOn?: string | null;
    proposed?: boolean;
    returned?: boolean;
    quartile?: number | null;
    priority?: string | null;
    priorityArea?: string;
    baseClass?: string;
  } = {},
): Promise<string> {
  const municipality = given.municipality ?? '93048';
  const department = municipality.slice(0, 2);
  const q = (text: string, values: unknown[]) => app.database.owner.query(text, values);
  const dwelling = await aDwelling(app, landlord, {
    municipality,
    rooms: 3,
    funding: 'PLUS',
    management: 'flow',
    ...(given.priorityArea ? { priorityArea: given.priorityArea } : {}),
  });
  const [id, openedOn] = [newId(), given.openedOn ?? '2026-02-01'];
  const baseClass = given.baseClass ?? 'in-base';
  await q(
    `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, next_due_on, next_due_what, base_class)
     values ($1, $2, $3, $4, $4, 'with-holder', $4, '2026-03-20', 'nominate', $5)`,
    [landlord, id, dwelling, openedOn, baseClass],
  );
  const count = (kind: string, on: string, of: string | null) =>
    q(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id, department, municipality_code, rooms, funding, in_priority_area)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 3, 'PLUS', $11)`,
      [
        landlord,
        newId(),
        on,
        kind,
        id,
        baseClass,
        of,
        of && holder,
        department,
        municipality,
        given.priorityArea !== undefined,
      ],
    );
  await count('freed', openedOn, null);
  if (given.proposed) {
    await count('proposed', '2026-02-20', agreementId);
    const orientation = newId();
    await q(
      `insert into allocation.orientations (organisation_id, id, vacancy_id, chosen_agreement_id, chosen_holder_id, followed, suggestion, decided_by)
       values ($1, $2, $3, $4, $5, true, '{}', 'x')`,
      [landlord, orientation, id, agreementId, holder],
    );
    await q(
      `insert into allocation.proposals (organisation_id, id, vacancy_id, agreement_id, holder_id, orientation_id, proposed_on, nominate_by, state, closed_on, dwelling)
       values ($1, $2, $3, $4, $5, $6, '2026-02-20', '2026-03-20', $7, $8, '{"address": "Rue des Tanneurs 4", "municipality": "Montreuil", "rooms": 3, "funding": "PLUS"}')`,
      [
        landlord,
        newId(),
        id,
        agreementId,
        holder,
        orientation,
        given.returned ? 'returned' : 'open',
        given.returned ? '2026-03-01' : null,
      ],
    );
  }
  if (given.returned) await count('returned', '2026-03-01', agreementId);
  if (given.signedOn) {
    const [tenancy, household] = [newId(), newId()];
    await q(
      `insert into applicants.households (organisation_id, id, reference, family_name, given_name, adults, children) values ($1, $2, $3, 'Benali', 'Amina', 1, 0)`,
      [landlord, household, `H${id.slice(-6)}`],
    );
    await q(
      `insert into tenancies.tenancies (organisation_id, id, reference, dwelling_id, household_id, signed_on, starts_on, rent_cents, first_rent_cents, income_class)
       values ($1, $2, $3, $4, $5, $6, $6, 65000, 65000, 'admission')`,
      [landlord, tenancy, `B${id.slice(-6)}`, dwelling, household, given.signedOn],
    );
    await q(
      `insert into allocation.candidates (organisation_id, id, vacancy_id, source, family_name, given_name, persons, adults, children, quartile, priority_group, state, position, named_by)
       values ($1, $2, $3, 'register', 'Benali', 'Amina', 1, 1, 0, $4, $5, 'housed', 1, 'x')`,
      [landlord, newId(), id, given.quartile ?? null, given.priority ?? null],
    );
    await q(
      `update allocation.vacancies set new_tenancy_id = $3, closed_on = $4, closed_as = 'let', let_from = $4, next_due_on = null where organisation_id = $1 and id = $2`,
      [landlord, id, tenancy, given.signedOn],
    );
    await count('leased', given.signedOn, null);
  }
  return id;
}

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Haute' });
  holder = await app.anOrganisation('holder', { name: 'Action Logement' });
  director = await app.aUser(landlord, ['director'], { name: 'Claire Morel' });
  officer = await app.aUser(holder, ['holder-officer']);
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
  const prefecture = await app.anOrganisation('state', { perimeter: { departments: ['93'] } });
  await app.relate(landlord, prefecture, 'overseer');
  state = await app.aUser(prefecture, ['observer']);
  agreementId = await anAgreement(app, landlord, holder, { share: '0.25', reference: 'CR-ALS-93' });
  for (let n = 0; n < 6; n++) await aVacancy();
  await aVacancy({ proposed: true });
  await aVacancy({ proposed: true, returned: true });
  await aVacancy({ municipality: '94028' });
  await aVacancy({ baseClass: 'mutation' });
});
afterAll(() => app.close());

describe('the cockpit', () => {
  test('due, proposed and gap of each holder in each municipality, and what is left to the landlord', async () => {
    const { body, status } = await app.as(director).get('/flow/cockpit');
    expect([status, status === 200 || body]).toEqual([200, true]);
    expect(body).toMatchObject({ from: '2026-01-01', to: '2026-03-12', tolerance: 1 });
    expect(body.places.map((place: { name: string; freed: number }) => [place.name, place.freed])).toEqual([
      ['Montreuil', 8],
      ['Créteil', 1],
    ]);
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0].cells).toEqual([
      expect.objectContaining({ municipality: '93048', freed: 8, due: '2.00', proposed: 2, leased: 0 }),
    ]);
    expect(body.own).toEqual([
      { municipality: '93048', freed: 8, due: '6.00', proposed: 0 },
      { municipality: '94028', freed: 1, due: '1.00', proposed: 0 },
    ]);
  });

  test('a criterion narrows what gives rights and what came of it alike', async () => {
    const none = await app.as(director).get('/flow/cockpit?criterion=rooms&value=4');
    expect(none.body.places).toEqual([]);
    const all = await app.as(director).get('/flow/cockpit?criterion=funding&value=PLUS');
    expect(all.body.rows[0].cells[0]).toMatchObject({ due: '2.00', proposed: 2 });
  });

  test('says what came back and which nominations run out', async () => {
    const { body } = await app.as(director).get('/flow/cockpit');
    expect(body.alerts.map(({ kind, on }: { kind: string; on: string }) => [kind, on])).toEqual([
      ['returned', '2026-03-01'],
      ['nomination-soon', '2026-03-20'],
    ]);
  });

  test('a tolerance of nought makes any gap one to look at', async () => {
    const vacancy = await aVacancy();
    await app
      .as(await app.aUser(landlord, ['director', 'administrator']))
      .put('/organisation/settings/flow.tolerance-dwellings', {
        value: 0,
        validFrom: '2026-03-12',
        reason: 'Suivi serré',
      });
    const { body } = await app.as(director).get('/flow/cockpit');
    expect(body.tolerance).toBe(0);
    expect(body.alerts[0]).toMatchObject({
      kind: 'off-band',
      figures: { due: '2.25', proposed: 2, gap: '-0.25' },
      what: '93',
    });
    await app.database.owner.query('delete from organisations.settings where organisation_id = $1', [landlord]);
    await app.database.owner.query('delete from flow.events where vacancy_id = $1', [vacancy]);
    await app.database.owner.query('delete from allocation.vacancies where id = $1', [vacancy]);
  });

  test('a cell leads to its vacancies', async () => {
    const proposed = await app.as(director).get(`/flow/counted?holder=${holder}&municipality=93048`);
    expect(proposed.body.items).toHaveLength(2);
    expect(proposed.body.items[0]).toMatchObject({ holder: 'Action Logement', proposedOn: '2026-02-20' });
    const freed = await app.as(director).get('/flow/counted?municipality=93048');
    expect(freed.body).toMatchObject({ total: 8 });
  });

  test('is the landlord’s alone: no holder sees the others', async () => {
    expect(await app.as(officer).get('/flow/cockpit')).toMatchObject({ status: 403 });
    expect((await app.as(stranger).get('/flow/cockpit')).body.rows).toEqual([]);
  });
});

describe('where one stands', () => {
  test('the holder sees its figures, the tolerance and what is pending with its clock', async () => {
    const { body, status } = await app.as(officer).get(`/agreements/${agreementId}/standing`);
    expect(status).toBe(200);
    expect(body.agreement.figures).toMatchObject({ freed: 8, due: '2.00', proposed: 2 });
    expect(body.tolerance).toBe(1);
    expect(body.trajectory.at(-1)).toEqual({ on: '2026-03-12', due: '2.00', proposed: 2, leased: 0 });
    expect(body.pending).toEqual([
      expect.objectContaining({
        address: 'Rue des Tanneurs 4',
        dueOn: '2026-03-20',
        dueWhat: 'nominate',
        candidates: 0,
      }),
    ]);
  });

  test('another landlord is told nothing', async () =>
    expect(await app.as(stranger).get(`/agreements/${agreementId}/standing`)).toMatchObject({ status: 404 }));
});

describe('corrective actions', () => {
  let id: string;
  const action = {
    title: 'Réserver les deux prochains T3 de Montreuil',
    decided: 'Les deux prochains T3 libérés à Montreuil sont proposés en priorité.',
    owner: 'Claire Morel',
    dueOn: '2026-05-01',
    drift: {
      contingent: 'action-logement',
      holder: 'Action Logement',
      place: 'Montreuil',
      due: '2.00',
      proposed: 0,
      leased: 0,
      gap: '-2.00',
      on: '2026-03-12',
    },
  };

  test('is decided from a drift, which it keeps as it was', async () => {
    const { status, body } = await app.as(director).post('/flow/actions', { ...action, agreementId });
    expect(status).toBe(201);
    id = body.id;
    const { body: found } = await app.as(director).get(`/flow/actions/${id}`);
    expect(found).toMatchObject({ state: 'open', place: 'Montreuil', gap: '-2.00', can: { change: true } });
    expect(found.steps).toHaveLength(1);
    const { rows } = await app.database.owner.query(
      `select due_on::text from platform.reminders where subject_id = $1 order by due_on`,
      [id],
    );
    expect(rows.map(({ due_on }) => due_on)).toEqual(['2026-04-24', '2026-05-01']);
  });

  test('moves by steps that stay; closed, nobody is reminded any more', async () => {
    const move = (body: unknown) => app.as(director).post(`/flow/actions/${id}/steps`, body);
    expect(await move({ state: 'open', dueOn: '2026-05-01', note: null, version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'E-STEERING-03' },
    });
    expect(await move({ state: 'under-way', dueOn: '2026-06-01', note: 'Un T3 proposé', version: 1 })).toMatchObject({
      body: { version: 2 },
    });
    expect(await move({ state: 'done', dueOn: '2026-06-01', note: null, version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'E-CONFLICT-01' },
    });
    await move({ state: 'done', dueOn: '2026-06-01', note: 'Écart refermé', version: 2 });
    const { body } = await app.as(director).get(`/flow/actions/${id}`);
    expect(body.steps.map((step: { state: string }) => step.state)).toEqual(['done', 'under-way', 'open']);
    const { rows } = await app.database.owner.query(
      `select count(*)::int as n from platform.reminders where subject_id = $1 and state = 'waiting'`,
      [id],
    );
    expect(rows[0].n).toBe(0);
  });

  test('the holder reads one that is shared, and changes nothing; one that is not stays the landlord’s', async () => {
    const hidden = await app.as(director).post('/flow/actions', { ...action, agreementId, shared: false });
    const { body } = await app.as(officer).get('/flow/actions');
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    expect((await app.as(officer).get(`/flow/actions/${id}`)).body.can.change).toBe(false);
    expect(await app.as(officer).get(`/flow/actions/${hidden.body.id}`)).toMatchObject({ status: 404 });
    expect(await app.as(officer).post(`/flow/actions/${id}/steps`, {})).toMatchObject({ status: 400 });
    expect(await app.as(stranger).get(`/flow/actions/${id}`)).toMatchObject({ status: 404 });
  });

  test('a day that has passed, an agreement that is not there are refused', async () => {
    expect(await app.as(director).post('/flow/actions', { ...action, dueOn: '2026-03-11' })).toMatchObject({
      status: 400,
      body: { code: 'E-STEERING-01' },
    });
    expect(await app.as(stranger).post('/flow/actions', { ...action, agreementId })).toMatchObject({
      status: 409,
      body: { code: 'E-STEERING-02' },
    });
  });
});

describe('meetings', () => {
  let id: string;
  const head = {
    kind: 'follow-up',
    title: 'Suivi du premier trimestre',
    heldOn: '2026-03-12',
    heldAt: '10:00',
    place: 'Siège',
  };
  const content = () => ({
    ...head,
    participants: [
      { partnerId: holder, name: 'Action Logement', representedBy: 'Thomas Leroux', present: true },
      { partnerId: null, name: 'Conseil départemental', representedBy: null, present: false },
    ],
    items: [{ title: 'Écarts du trimestre', agreementId, actionId: null, notes: 'Deux logements de retard.' }],
    decisions: [{ decided: 'Proposer deux T3', owner: 'Rive Haute', dueOn: '2026-04-30' }],
  });

  test('that of the yearly report has the point on delegated nomination, where some agreement has it (F-86)', async () => {
    const yearly = { ...head, kind: 'yearly-report', title: 'Bilan 2025' };
    const without = (await app.as(director).post('/flow/meetings', yearly)).body.id;
    expect((await app.as(director).get(`/flow/meetings/${without}`)).body.items).toEqual([]);
    await app.database.owner.query(`update flow.agreements set nomination_mode = 'delegated' where id = $1`, [
      agreementId,
    ]);
    const made = (await app.as(director).post('/flow/meetings', yearly)).body.id;
    const { body } = await app.as(director).get(`/flow/meetings/${made}`);
    expect(body.items).toMatchObject([{ kind: 'delegation' }]);
    // What the landlord proposed for the holder since 1 January.
    expect(body.delegated).toMatchObject([{ id: agreementId, proposed: 2, leased: 0 }]);
    expect((await app.as(director).get(`/agreements/${agreementId}`)).body.delegationPointOn).toBe(null);
    const { items } = content();
    await app.as(director).put(`/flow/meetings/${made}`, {
      ...content(),
      items: [
        ...items,
        { kind: 'delegation', title: 'Gestion déléguée', agreementId: null, actionId: null, notes: 'Maintenue' },
      ],
      version: 1,
    });
    await app.as(director).post(`/flow/meetings/${made}/calling`, { version: 2 });
    await app.as(director).post(`/flow/meetings/${made}/closing`, { language: 'fr', version: 3 });
    for (const reader of [director, officer])
      expect((await app.as(reader).get(`/agreements/${agreementId}`)).body.delegationPointOn).toBe('2026-03-12');
    await app.database.owner.query(`delete from flow.meeting_participants; delete from flow.meeting_items;
      delete from flow.meeting_decisions; delete from flow.meetings; delete from platform.counters where name like 'flow-meetings%'`);
    await app.database.owner.query(`update flow.agreements set nomination_mode = 'direct' where id = $1`, [
      agreementId,
    ]);
  });

  test('a draft is the landlord’s alone; called, those invited read it', async () => {
    id = (await app.as(director).post('/flow/meetings', head)).body.id;
    expect(await app.as(director).post(`/flow/meetings/${id}/calling`, { version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'E-STEERING-08' },
    });
    expect(await app.as(director).put(`/flow/meetings/${id}`, { ...content(), version: 1 })).toMatchObject({
      body: { version: 2 },
    });
    expect((await app.as(officer).get('/flow/meetings')).body.items).toEqual([]);
    expect(await app.as(officer).get(`/flow/meetings/${id}`)).toMatchObject({ status: 404 });
    await app.as(director).post(`/flow/meetings/${id}/calling`, { version: 2 });
    expect((await app.as(officer).get('/flow/meetings')).body.items).toEqual([
      expect.objectContaining({ id, organiser: 'Rive Haute', reference: 'RE 2026-01', participants: 2 }),
    ]);
    expect((await app.as(officer).get(`/flow/meetings/${id}`)).body).toMatchObject({
      items: [{ title: 'Écarts du trimestre', agreement: 'CR-ALS-93' }],
      can: { change: false, call: false, close: false, cancel: false },
    });
    expect((await app.as(stranger).get('/flow/meetings')).body.items).toEqual([]);
  });

  test('closing makes minutes that those invited read, sealed, and nothing changes any more', async () => {
    const closed = await app.as(director).post(`/flow/meetings/${id}/closing`, { language: 'fr', version: 3 });
    expect(closed).toMatchObject({ status: 200, body: { version: 4 } });
    const minutes = await app.as(officer).get<string>(`/flow/meetings/${id}/minutes`);
    expect(minutes.headers['content-type']).toBe('application/pdf');
    expect(minutes.body.slice(0, 5)).toBe('%PDF-');
    expect(await app.as(stranger).get(`/flow/meetings/${id}/minutes`)).toMatchObject({ status: 404 });
    expect(await app.as(director).put(`/flow/meetings/${id}`, { ...content(), version: 4 })).toMatchObject({
      status: 409,
      body: { code: 'E-STEERING-04' },
    });
    expect((await app.as(director).get(`/flow/meetings/${id}`)).body.minutesSha256).toBe(closed.body.sha256);
  });

  test.each<[string, (body: ReturnType<typeof content>) => unknown, string, string]>([
    [
      'an organisation nobody knows',
      (body) => ({ ...body, participants: [{ ...body.participants[0], partnerId: newId() }] }),
      'E-STEERING-05',
      'row-level security',
    ],
    [
      'an agreement that is not there',
      (body) => ({ ...body, items: [{ ...body.items[0], agreementId: newId() }] }),
      'E-STEERING-06',
      'F-84: agenda with links',
    ],
    [
      'the same twice',
      (body) => ({ ...body, participants: [body.participants[0], body.participants[0]] }),
      'E-STEERING-07',
      'one invitation a partner',
    ],
  ])('refuses %s', async (_, spoil, code) => {
    const draft = (await app.as(director).post('/flow/meetings', head)).body.id;
    expect(
      await app.as(director).put(`/flow/meetings/${draft}`, { ...(spoil(content()) as object), version: 1 }),
    ).toMatchObject({ status: 400, body: { code } });
  });

  test('is not closed before its day, nor with nobody there', async () => {
    const draft = (await app.as(director).post('/flow/meetings', head)).body.id;
    const absent = { ...content(), participants: content().participants.map((one) => ({ ...one, present: false })) };
    await app.as(director).put(`/flow/meetings/${draft}`, { ...absent, version: 1 });
    await app.as(director).post(`/flow/meetings/${draft}/calling`, { version: 2 });
    expect(await app.as(director).post(`/flow/meetings/${draft}/closing`, { version: 3 })).toMatchObject({
      body: { code: 'E-STEERING-11' },
    });
    await app.as(director).put(`/flow/meetings/${draft}`, { ...content(), heldOn: '2026-03-13', version: 3 });
    expect(await app.as(director).post(`/flow/meetings/${draft}/closing`, { version: 4 })).toMatchObject({
      body: { code: 'E-STEERING-10' },
    });
    expect(await app.as(director).post(`/flow/meetings/${draft}/cancelling`, { version: 4 })).toMatchObject({
      status: 200,
    });
  });
});

describe('re-letting times and the figures of a territory', () => {
  beforeAll(async () => {
    await aVacancy({ openedOn: '2023-01-01', signedOn: '2023-03-02', quartile: 1 });
    await aVacancy({ openedOn: '2026-01-01', signedOn: '2026-02-10', quartile: 1, priority: 'dalo' });
    await aVacancy({ openedOn: '2026-01-01', signedOn: '2026-02-20', quartile: 3 });
    await aVacancy({ openedOn: '2026-01-01', signedOn: '2026-02-20', priorityArea: 'QP093001' });
    await aVacancy({ openedOn: '2026-01-01', signedOn: '2026-02-20', quartile: 1, municipality: '94028' });
  });

  test('mean and median by quarter, before and after the first agreement in flow (F-48)', async () => {
    const { body } = await app.as(director).get('/flow/relettings');
    expect(body.convertedOn).toBe('2024-01-01');
    expect(body.before).toMatchObject({ relettings: 1, mean: '60.0', median: '60.0' });
    // 40, 50, 50 and 50 days.
    expect(body.after).toMatchObject({ relettings: 4, mean: '47.5', median: '50.0' });
    expect(body.quarters.at(-1)).toMatchObject({ from: '2026-01-01', relettings: 4 });
    expect((await app.as(director).get('/flow/relettings?department=94')).body.after.relettings).toBe(1);
  });

  test('years before Palier are declared with their source; a later word takes the place of the former', async () => {
    const declare = (mean: string) =>
      app.as(director).post('/flow/reletting-references', {
        year: 2022,
        relettings: 99,
        mean,
        median: '50',
        source: 'Rapport annuel',
      });
    await declare('60.5');
    expect((await declare('70')).status).toBe(201);
    const { body } = await app.as(director).get('/flow/relettings');
    expect(body.years[0]).toMatchObject({ year: 2022, mean: '70.0', declared: 'Rapport annuel' });
    // (99 × 70 + 60) ÷ 100
    expect(body.before).toMatchObject({ relettings: 100, mean: '69.9' });
    expect(
      await app
        .as(director)
        .post('/flow/reletting-references', { year: 2026, relettings: 9, mean: '1', median: '1', source: 'x' }),
    ).toMatchObject({ status: 400, body: { code: 'E-STEERING-12' } });
  });

  test('the State sees its département: freed, due, proposed by contingent, and the rest to the landlord', async () => {
    await app.database.owner.query('select flow.recount_counters()');
    const { body, status } = await app.as(state).get('/flow/consolidation');
    expect(status).toBe(200);
    expect(body.lines).toEqual([
      expect.objectContaining({
        landlord: 'Rive Haute',
        department: '93',
        contingent: 'action-logement',
        freed: 11,
        due: '2.75',
        proposed: 2,
      }),
      expect.objectContaining({ contingent: 'own', freed: 11, due: '8.25', proposed: 0, leased: null }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/Benali|Tanneurs/);
  });

  test('objectives of the law where they are known, « not measured » where they are not', async () => {
    const { body } = await app.as(state).get('/flow/consolidation');
    const of = (objective: string) => body.objectives.find((one: { objective: string }) => one.objective === objective);
    expect(of('first-quartile')).toMatchObject({
      leases: 2,
      known: 2,
      met: 1,
      rate: '0.5000',
      state: 'reached',
      scope: '200057875',
    });
    expect(of('social-mix')).toMatchObject({ leases: 1, known: 0, rate: null, state: 'not-measured', why: 'unknown' });
    expect(of('priority')).toMatchObject({ leases: 3, met: 1, state: 'reached' });
  });

  test('a landlord that nobody watches over is in no consolidation', async () => {
    const other = await app.anOrganisation('state', { perimeter: {} });
    const observer = await app.aUser(other, ['observer']);
    expect((await app.as(observer).get('/flow/consolidation')).body).toMatchObject({ lines: [], objectives: [] });
    expect(await app.as(director).get('/flow/consolidation')).toMatchObject({ status: 403 });
  });
});
