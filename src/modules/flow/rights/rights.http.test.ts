import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { aDwelling, anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { applied, csv, previewed, reverted } from '../../exchange/test-imports.ts';

let app: TestApp;
let landlord: string;
let director: TestUser;
let reader: TestUser;
let holder: string;
let holderOfficer: TestUser;
let other: TestUser;
let inventoryId: string;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Haute' });
  director = await app.aUser(landlord, ['director']);
  reader = await app.aUser(landlord, ['reader']);
  holder = await app.anOrganisation('holder', { name: 'Action Logement Services' });
  holderOfficer = await app.aUser(holder, ['holder-officer']);
  const state = await app.anOrganisation('state', { name: 'Préfecture' });
  await anAgreement(app, landlord, holder, { share: '0.25', perimeter: '93' });
  await app.relate(landlord, state, 'holder');
  const neighbour = await app.anOrganisation('landlord');
  other = await app.aUser(neighbour, ['director']);
  const dwellings: string[] = [];
  for (let index = 0; index < 20; index++) {
    dwellings.push(
      await aDwelling(app, landlord, { municipality: '93048', rooms: 3, funding: 'PLUS', management: 'flow' }),
    );
  }
  // One dwelling of twenty is freed in each of the two whole years known.
  for (const year of [2024, 2025])
    await app.database.owner.query(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, rooms, funding, in_priority_area)
       values ($1, $2, $3, 'freed', $4, 'in-base', '93', '93048', 3, 'PLUS', false)`,
      [landlord, newId(), `${year}-05-04`, newId()],
    );
}, 120_000);
afterAll(() => app.close());

const heading =
  'Référence de la ligne;Réservataire;Contingent;Référence de la convention;Origine du droit;Signée le;Fin du droit;Nature du droit;Nombre de droits;Commune;En QPV;Typologie;Financement';
const file = csv(
  heading,
  'L1;Action Logement Services;3;C-1;financement;12/03/2009;31/12/2046;droit de suite;8;Montreuil;2;T3;PLUS',
  'L2;Action Logement Services;3;C-1;financement;12/03/2009;31/08/2026;droit de suite;10;Montreuil;2;T3;PLUS',
  'L3;;2;;légale;;;droit de suite;6;Montreuil;non;T3;PLUS',
  'L4;Mutuelle des Rails;6;C-9;foncier;01/02/2011;31/12/2030;droit unique;2;Montreuil;non;T3;PLUS',
);

describe('inventory', () => {
  test('rows wait for an inventory to be open, and say so', async () => {
    const preview = await previewed(app, director, { kind: 'reservation-rights', content: file });
    expect([preview.state, preview.counts!.wrong]).toEqual(['previewed', 4]);
    expect(preview.problems[0]).toMatchObject({ code: 'E-IMPORT-INVENTORY', field: null });
  });

  test('is opened by who may, once at a time', async () => {
    const body = { convertsOn: '2027-01-01', note: null };
    expect((await app.as(reader).post('/reservation-inventories', body)).status).toBe(403);
    const opened = await app.as(director).post('/reservation-inventories', body);
    expect(opened.status).toBe(201);
    inventoryId = opened.body.id;
    const second = await app.as(director).post('/reservation-inventories', { convertsOn: '2028-01-01', note: null });
    expect([second.status, second.body.code]).toEqual([409, 'E-RIGHTS-04']);
    const empty = await app
      .as(director)
      .post(`/reservation-inventories/${inventoryId}/state`, { to: 'shared', reason: null, version: 1 });
    expect(empty.body.code).toBe('E-RIGHTS-06');
  });

  test('an import is previewed with its reasons, applied, found again and undone as a whole (F-74)', async () => {
    const wrong = csv(
      heading,
      'M1;;;;;;;;1;Montreuil;;;',
      'M2;ALS;7;;;;;;1;Montreuil;;;',
      'M3;ALS;9;;;01/01/2020;01/01/2019;;0;Nulle-Part;;;',
      'M1;ALS;3;;;;;;1;Montreuil;;;',
    );
    const refusedRows = await previewed(app, director, { kind: 'reservation-rights', content: wrong });
    expect(refusedRows.counts).toMatchObject({ rows: 4, wrong: 4 });
    expect(new Set(refusedRows.problems.map(({ code }) => code))).toEqual(
      new Set([
        ...['E-IMPORT-REQUIRED', 'E-IMPORT-NOT-RESERVED', 'E-IMPORT-CHOICE', 'E-IMPORT-BEFORE', 'E-FIELD-MIN'],
        ...['E-IMPORT-MUNICIPALITY', 'E-IMPORT-DUPLICATE'],
      ]),
    );

    const preview = await previewed(app, director, { kind: 'reservation-rights', content: file });
    expect(preview.counts).toMatchObject({ create: 4, wrong: 0, records: { 'reservation-right': { create: 4 } } });
    const done = await applied(app, director, preview);
    expect(done.state).toBe('applied');

    const again = await previewed(app, director, { kind: 'reservation-rights', content: file });
    expect(again.counts).toMatchObject({ create: 0, update: 0, unchanged: 4 });
    const without = file.replaceAll(/^L\d;/gm, ';');
    const first = await previewed(app, director, { kind: 'reservation-rights', content: without });
    await applied(app, director, first);
    const second = await previewed(app, director, { kind: 'reservation-rights', content: without });
    expect(second.counts).toMatchObject({ create: 0, unchanged: 4 });
    expect((await reverted(app, director, first.id)).reversal).toMatchObject({
      removed: { 'reservation-right': 4 },
      keptTotal: 0,
    });
  });

  test('a line over before the conversion is kept, counts nothing, and says so (C3)', async () => {
    const { body } = await app.as(director).get('/reservation-rights?sort=reference');
    expect(
      body.items.map((line: Record<string, unknown>) => [
        line.reference,
        line.holder,
        line.contingent,
        line.counted,
        line.knownHolder,
      ]),
    ).toEqual([
      ['L1', 'Action Logement Services', 'action-logement', 8, true],
      ['L2', 'Action Logement Services', 'action-logement', 0, true],
      ['L3', 'Préfecture', 'state-priority', 6, true],
      ['L4', 'Mutuelle des Rails', 'other', 2, false],
    ]);
    const over = await app.as(director).get('/reservation-rights?only=over');
    expect(over.body.items.map(({ reference }: { reference: string }) => reference)).toEqual(['L2']);
    const found = await app.as(director).get('/reservation-rights?q=rails');
    expect(found.body.items).toHaveLength(1);
  });

  test('holders read nothing before it is shared, then their own lines and the synthesis; others nothing (L-35)', async () => {
    expect((await app.as(holderOfficer).get('/reservation-rights')).body.items).toEqual([]);
    expect((await app.as(holderOfficer).get('/reservation-inventories')).body.items).toEqual([]);
    const share = (version: number) =>
      app.as(director).post(`/reservation-inventories/${inventoryId}/state`, { to: 'shared', reason: null, version });
    expect((await share(7)).body.code).toBe('E-CONFLICT-01');
    expect((await share(1)).status).toBe(200);
    const { body } = await app.as(holderOfficer).get('/reservation-rights?sort=reference');
    expect(body.items.map(({ reference }: { reference: string }) => reference)).toEqual(['L1', 'L2']);
    const { body: shared } = await app.as(holderOfficer).get('/reservation-inventories');
    expect(shared.items[0]).toMatchObject({ landlord: 'Rive Haute', own: false, can: { share: false, agree: false } });
    expect(shared.items[0].synthesis).toContainEqual({
      ...{ holder: 'Action Logement Services', contingent: 'action-logement', department: '93' },
      ...{ recurring: 8, singleUse: 0, over: 10, lines: 2 },
    });
    expect(shared.items[0].synthesis).toHaveLength(3);
    expect((await app.as(other).get('/reservation-rights')).body.items).toEqual([]);
    expect((await app.as(other).get('/reservation-inventories')).body.items).toEqual([]);
    expect((await app.as(other).get(`/reservation-inventories/${inventoryId}/conversion`)).status).toBe(404);
  });

  test('lines that holders have read stay when an import is undone', async () => {
    const { body } = await app.as(director).get('/imports');
    const first = body.items.find(
      ({ state, create }: { state: string; create: number }) => state === 'applied' && create === 4,
    );
    const undone = await reverted(app, director, first.id);
    expect(undone.reversal).toMatchObject({ removed: { 'reservation-right': 0 }, keptTotal: 4 });
    expect(undone.reversal!.kept[0]!.message).toBe('l’état des lieux a été partagé avec les réservataires');
  });

  test('is reopened with a reason, and no longer once agreed', async () => {
    const move = (to: string, reason: string | null, version: number) =>
      app.as(director).post(`/reservation-inventories/${inventoryId}/state`, { to, reason, version });
    expect((await move('draft', null, 2)).status).toBe(400);
    expect((await move('draft', 'Une convention manquait', 2)).status).toBe(200);
    expect((await app.as(holderOfficer).get('/reservation-rights')).body.items).toEqual([]);
    expect((await move('shared', null, 3)).status).toBe(200);
    expect((await move('agreed', null, 4)).status).toBe(200);
    expect((await move('draft', 'Trop tard', 5)).body.code).toBe('E-RIGHTS-05');
  });
});

describe('conversion', () => {
  const parameters = { turnover: { method: 'observed', criteria: ['department', 'rooms'] }, share: 'stock' };

  test('shows the turnover it rests on, and keeps scenarios frozen (F-70 to F-78)', async () => {
    const { body: before } = await app.as(director).get(`/reservation-inventories/${inventoryId}/conversion`);
    expect(before).toMatchObject({
      years: [2024, 2025],
      freedInBase: [1, 1],
      whole: { dwellings: [20, 20], freed: [1, 1], rate: '0.050000' },
      departments: ['93'],
    });
    expect(before.segments).toEqual([
      { key: ['93', '3'], dwellings: [20, 20], freed: [1, 1], rate: '0.050000', small: false },
    ]);
    const kept = await app.as(director).post(`/reservation-inventories/${inventoryId}/scenarios`, {
      name: 'Part du parc',
      department: null,
      parameters,
    });
    expect(kept.status).toBe(201);
    const { body } = await app.as(director).get(`/reservation-inventories/${inventoryId}/conversion`);
    const [scenario] = body.scenarios;
    expect(scenario).toMatchObject({ name: 'Part du parc', base: 1, stock: 20, unreserved: { yearly: 0 } });
    expect(
      scenario.parties.map(({ name, volume, before, share, over }: Record<string, string>) => [
        name,
        volume,
        before,
        share,
        over,
      ]),
    ).toEqual([
      // 8 × 5 % × 240 months: V = 8, v₀ = 0.4; 8 of 20 dwellings.
      ['Action Logement Services', '8.000000', '0.400000', '0.400000', 10],
      ['Mutuelle des Rails', '2.000000', '0.000000', '0.000000', 0],
      ['Préfecture', '0.000000', '0.300000', '0.300000', 0],
    ]);
    expect(scenario.runOff).toHaveLength(15);

    // What is learnt since changes the diagnosis, never a scenario kept.
    await aDwelling(app, landlord, { municipality: '93048', rooms: 3, funding: 'PLUS', management: 'flow' });
    const { body: later } = await app.as(director).get(`/reservation-inventories/${inventoryId}/conversion`);
    expect(later.whole.dwellings).toEqual([21, 21]);
    expect(later.scenarios[0]).toEqual(scenario);
  });

  test('refuses what promises too much, and computes a département alone', async () => {
    const attempt = (body: object) =>
      app
        .as(director)
        .post(`/reservation-inventories/${inventoryId}/scenarios`, { name: 'x', department: null, ...body });
    const negotiated = { [`${holder}|action-logement`]: '0.9', 'Mutuelle des Rails|other': '0.2' };
    const refusal = await attempt({ parameters: { ...parameters, share: 'negotiated', negotiated } });
    expect([refusal.status, refusal.body.code]).toEqual([409, 'E-RIGHTS-01']);
    expect((await attempt({ department: '94', parameters })).body.code).toBe('E-RIGHTS-08');
    expect((await attempt({ department: '93', parameters: { ...parameters, base: 100 } })).status).toBe(201);
  });

  test('is the landlord’s own: holders and readers have no part in it; what is set aside is no longer shown', async () => {
    expect((await app.as(holderOfficer).get(`/reservation-inventories/${inventoryId}/conversion`)).status).toBe(403);
    expect((await app.as(reader).get(`/reservation-inventories/${inventoryId}/conversion`)).status).toBe(403);
    const { body } = await app.as(director).get(`/reservation-inventories/${inventoryId}/conversion`);
    const [, second] = body.scenarios;
    expect((await app.as(other).post(`/conversion-scenarios/${second.id}/set-aside`)).status).toBe(404);
    expect((await app.as(director).post(`/conversion-scenarios/${second.id}/set-aside`)).status).toBe(200);
    const { body: after } = await app.as(director).get(`/reservation-inventories/${inventoryId}/conversion`);
    expect(after.scenarios).toHaveLength(1);
  });

  test.each(['fr', 'nl'])('is printed in %s for the partners, with its computation', async (language) => {
    const made = await app.as(director).post(`/reservation-inventories/${inventoryId}/note`, { language });
    expect(made.status).toBe(201);
    const { body } = await app.as(director).get(`/files/${made.body.fileId}`);
    expect(String(body).slice(0, 5)).toBe('%PDF-');
    const foreign = await app.as(other).post(`/reservation-inventories/${inventoryId}/note`, { language });
    expect(foreign.status).toBe(404);
  });

  test('its scenarios leave as a file, a line for each holder', async () => {
    const { body } = await app.as(director).get('/extractions/flow.conversion-scenarios?format=csv');
    expect(body).toContain('Action Logement Services');
  });
});

describe('new programmes', () => {
  const sizes = [
    { rooms: 2, dwellings: 14 },
    { rooms: 3, dwellings: 18 },
  ];
  let programmeId: string;

  test('are shared as the agreements of the place say, the part set aside first (F-79)', async () => {
    const body = {
      ...{ name: 'Les Forges', municipalityCode: '93048', deliveredOn: '2027-03-01', meetingOn: null },
      ...{ buildingReference: null, sizes, setAside: 2 },
    };
    expect((await app.as(director).post('/programmes', { ...body, setAside: 40 })).body.code).toBe('E-RIGHTS-11');
    expect((await app.as(director).post('/programmes', { ...body, municipalityCode: '21015' })).body.code).toBe(
      'E-RIGHTS-09',
    );
    expect((await app.as(director).post('/programmes', { ...body, buildingReference: 'ZZ' })).body.code).toBe(
      'E-RIGHTS-10',
    );
    const added = await app.as(director).post('/programmes', body);
    expect(added.status).toBe(201);
    programmeId = added.body.id;
    const { body: list } = await app.as(director).get('/programmes');
    const [programme] = list.items;
    expect(programme).toMatchObject({ state: 'draft', setAsideBySize: [1, 1], own: true });
    // 30 × 25 % = 7.5: equal remainders, the larger share has the unit.
    expect(programme.rows.map(({ total, counts }: { total: number; counts: number[] }) => [total, counts])).toEqual([
      [7, [3, 4]],
      [23, [10, 13]],
    ]);
    expect((await app.as(holderOfficer).get('/programmes')).body.items).toEqual([]);
  });

  test('are proposed to their parties, changed in the meeting, agreed for good', async () => {
    const move = (to: string, version: number) =>
      app.as(director).post(`/programmes/${programmeId}/state`, { to, version });
    expect((await move('agreed', 1)).body.code).toBe('E-RIGHTS-05');
    expect((await move('proposed', 1)).status).toBe(200);
    const { body } = await app.as(holderOfficer).get('/programmes');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].can).toEqual({ change: false, propose: false, agree: false });
    expect((await app.as(other).get('/programmes')).body.items).toEqual([]);
    const [{ id: party }] = body.items[0].shares;
    // 32 dwellings, no meeting: flux-fr § 5.1 coordinationMinDwellings is 10.
    expect((await app.as(director).get('/programmes')).body.items[0].meetingDue).toBe(true);
    expect((await move('agreed', 2)).body.code).toBe('E-RIGHTS-15');
    const change = (meetingOn: string, version: number) =>
      app.as(director).put(`/programmes/${programmeId}/sharing`, {
        ...{ meetingOn, setAside: 0, shares: { [party]: '0.5' }, version },
      });
    expect((await change('2026-12-10', 2)).status).toBe(200);
    expect((await move('agreed', 3)).body.code).toBe('E-RIGHTS-16');
    expect((await change('2026-11-20', 3)).status).toBe(200);
    const { body: after } = await app.as(holderOfficer).get('/programmes');
    expect(after.items[0].rows.map(({ total }: { total: number }) => total)).toEqual([16, 16]);
    expect((await move('agreed', 4)).status).toBe(200);
    const late = await app
      .as(director)
      .put(`/programmes/${programmeId}/sharing`, { meetingOn: null, setAside: 0, shares: {}, version: 5 });
    expect(late.body.code).toBe('E-RIGHTS-12');
  });

  test('the first lettings of an agreed programme follow its sharing; the State keeps a part (F-79, L-71)', async () => {
    const prefecture = await app.anOrganisation('state', { name: 'Préfecture' });
    const state = await anAgreement(app, landlord, prefecture, {
      ...{ contingent: 'state-priority', scale: 'department', perimeter: '92', share: '0.3', reference: 'ETAT-92' },
    });
    const flow = { municipality: '92050', rooms: 3, management: 'flow', occupancy: 'void' } as const;
    const first = await aDwelling(app, landlord, flow);
    const { rows } = await app.database.owner.query(
      `select b.id, b.reference from portfolio.dwellings d join portfolio.buildings b
         on b.organisation_id = d.organisation_id and b.id = d.building_id where d.id = $1`,
      [first],
    );
    const added = await app.as(director).post('/programmes', {
      ...{ name: 'Les Quais', municipalityCode: '92050', deliveredOn: '2026-11-01', meetingOn: '2026-11-10' },
      ...{ buildingReference: rows[0].reference, sizes: [{ rooms: 3, dwellings: 10 }], setAside: null },
    });
    expect(added.status).toBe(201);
    const sharing = (share: string, version: number) =>
      app.as(director).put(`/programmes/${added.body.id}/sharing`, {
        ...{ meetingOn: '2026-11-10', setAside: 0, shares: { [state]: share }, version },
      });
    expect((await sharing('0', 1)).body.code).toBe('E-RIGHTS-14');
    for (const [index, to] of ['proposed', 'agreed'].entries())
      expect(
        (await app.as(director).post(`/programmes/${added.body.id}/state`, { to, version: index + 1 })).status,
      ).toBe(200);

    const second = await aDwelling(app, landlord, flow);
    await app.database.owner.query('update portfolio.dwellings set building_id = $2 where id = $1', [
      second,
      rows[0].id,
    ]);
    const oriented: [string, string][] = [];
    for (const dwelling of [first, second]) {
      const opened = await app
        .as(director)
        .post(`/dwellings/${dwelling}/vacancies`, { cause: 'first-letting', availableOn: '2026-11-22', reason: null });
      expect(opened.status).toBe(201);
      const { body } = await app.as(director).get(`/vacancies/${opened.body.id}/orientation`);
      expect(body.programme).toBe('Les Quais');
      const { why } = body.alternatives.find(({ id }: { id: string }) => id === body.suggested);
      oriented.push([body.suggested, why]);
      const choice = { agreementId: body.suggested, reason: null, version: 1 };
      expect((await app.as(director).post(`/vacancies/${opened.body.id}/orientation`, choice)).status).toBe(201);
    }
    // Parts of 3 and 7: nobody is served, the larger first; then 3 of 3 are left, and 6 of 7.
    expect(oriented).toEqual([
      ['own', 'programme-part'],
      [state, 'programme-part'],
    ]);
  });
});
