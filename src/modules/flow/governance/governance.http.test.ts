import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { day } from '../../../kernel/local-date.ts';
import { asProgram } from '../../../platform/database/as-program.ts';
import { chosenSetting, settingOn, settingsOn, valueOrDefault } from '../../organisations/index.ts';

let app: TestApp;
let landlord: TestUser;
let als: TestUser;
let city: TestUser;
let state: TestUser;
let otherState: TestUser;
let otherLandlord: TestUser;
let stranger: TestUser;
let agreementId: string;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  const [landlordId, alsId, cityId, stateId, otherStateId, otherLandlordId, strangerId] = [
    await app.anOrganisation('landlord', { name: 'Rive Basse' }),
    await app.anOrganisation('holder', { name: 'Logement Emploi' }),
    await app.anOrganisation('municipality', { name: 'Ville de Montreuil' }),
    await app.anOrganisation('state', { name: 'Préfecture', perimeter: { departments: ['93', '94'] } }),
    await app.anOrganisation('state', { name: 'Autre préfecture', perimeter: { departments: ['77'] } }),
    await app.anOrganisation('landlord', { name: 'Autre Bailleur' }),
    await app.anOrganisation('holder', { name: 'Autre réservataire' }),
  ];
  landlord = await app.aUser(landlordId, ['director', 'administrator']);
  als = await app.aUser(alsId, ['holder-officer']);
  city = await app.aUser(cityId, ['holder-officer']);
  state = await app.aUser(stateId, ['observer']);
  otherState = await app.aUser(otherStateId, ['observer']);
  otherLandlord = await app.aUser(otherLandlordId, ['director', 'administrator']);
  stranger = await app.aUser(strangerId, ['holder-officer']);
  agreementId = await anAgreement(app, landlordId, alsId, { share: '0.25' });
  await anAgreement(app, landlordId, cityId, { scale: 'municipality', perimeter: '93048', contingent: 'municipality' });
  await anAgreement(app, otherLandlordId, strangerId, { share: '0.2', perimeter: '77' });
  await app.relate(landlordId, stateId, 'overseer');
  await app.relate(landlordId, otherStateId, 'overseer');
  await app.relate(otherLandlordId, stateId, 'overseer');
}, 120_000);
afterAll(() => app.close());

const frame = async (user: TestUser) => (await app.as(user).get('/flow/frame')).body;
const settingOf = async (user: TestUser, key: string) =>
  (await frame(user)).settings.find((setting: { key: string }) => setting.key === key);
const propose = (user: TestUser, body: object) =>
  app.as(user).post('/flow/setting-proposals', {
    key: 'flow.sales-counted',
    value: 'same-year',
    validFrom: '2026-04-01',
    reason: 'Plan de vente revu',
    source: null,
    ...body,
  });
const decide = (user: TestUser, id: string, decision: string, reason: string | null = null) =>
  app.as(user).post(`/flow/setting-proposals/${id}/decisions`, { decision, reason });
/** The value as the program reads it, one way and the others: they must say the same. */
async function valueOn(user: TestUser, key: 'flow.sales-counted' | 'flow.exclude-demolition', on: string) {
  return asProgram(app.database, { organisationId: user.organisationId }, async (tx, actor) => {
    const one = await settingOn(tx, actor, key, day(on));
    const several = await settingsOn(tx, actor, [key, 'flow.min-target-cell'], day(on));
    const [chosen] = (await tx.executeQuery(chosenSetting(actor.organisationId, key, day(on)))).rows;
    const { rows } = await sql<{ value: unknown }>`select insights.flow_setting(${actor.organisationId}::uuid, ${key},
      ${on}::date) as value`.execute(tx);
    expect(several[key]).toBe(one);
    expect(valueOrDefault(key, 'fr-idf', chosen?.value)).toBe(one);
    expect(valueOrDefault(key, 'fr-idf', rows[0]?.value ?? undefined)).toBe(one);
    return one;
  });
}

const kindsOf = async (organisationId: string, id: string) => {
  const { rows } = await app.database.owner.query(
    `select e.kind, exists (select from platform.journal j where j.organisation_id = e.organisation_id and j.event_id = e.id) as chained
     from platform.events e join platform.event_subjects s on s.organisation_id = e.organisation_id and s.event_id = e.id
     where e.organisation_id = $1 and s.subject_id = $2 order by e.at, e.id`,
    [organisationId, id],
  );
  expect(rows.filter(({ chained }) => !chained)).toEqual([]);
  return rows.map(({ kind }) => kind);
};

const remindersOf = async (user: TestUser, id: string) =>
  (
    await app.database.owner.query(
      `select state from platform.reminders where subject_id = $1 and for_organisation_id = $2`,
      [id, user.organisationId],
    )
  ).rows.map(({ state: one }) => one);

describe('a landlord changes what moves the figures of others (F-89)', () => {
  let id: string;

  test('not alone: it proposes', async () => {
    const direct = await app.as(landlord).put('/organisation/settings/flow.sales-counted', {
      value: 'same-year',
      validFrom: '2026-04-01',
      reason: 'Plan de vente revu',
    });
    expect(direct).toMatchObject({ status: 409, body: { code: 'E-SETTING-06' } });
  });

  test.each<[object, string, string]>([
    [{ key: 'flow.nowhere' }, 'E-SETTING-01', 'unknown'],
    [{ value: 'whenever' }, 'E-SETTING-02', 'not a value it may take'],
    [{ value: null }, 'E-SETTING-02', 'only the State gives back'],
    [{ validFrom: '2026-03-11' }, 'E-SETTING-03', 'in the past'],
    [{ key: 'flow.min-target-cell', value: 3 }, 'E-FRAME-01', 'touches nobody else: chosen directly'],
    [{ key: 'flow.report-tolerance', value: '2026-03-31' }, 'E-SETTING-07', 'L-33: the State gives it'],
    [{ key: 'allocation.committee-quorum', value: 4 }, 'E-SETTING-01', 'not a setting of the flow'],
  ])('%j is refused: %s (%s)', async (body, code) => {
    expect((await propose(landlord, body)).body.code).toBe(code);
  });

  test('the holders of running agreements are asked; others see nothing', async () => {
    const proposed = await propose(landlord, {});
    expect(proposed).toMatchObject({ status: 201, body: { state: 'waiting' } });
    id = proposed.body.id;
    expect((await propose(landlord, { value: 'next-year' })).body.code).toBe('E-FRAME-07');
    for (const user of [als, city]) {
      const [seen] = (await frame(user)).proposals;
      expect(seen).toMatchObject({ id, open: ['approved', 'refused'], asked: 2, state: 'waiting' });
      expect(await remindersOf(user, id)).toEqual(['waiting']);
    }
    for (const user of [stranger, otherLandlord]) {
      expect((await frame(user)).proposals).toEqual([]);
      expect((await decide(user, id, 'approved')).status).toBe(404);
    }
    expect((await decide(state, id, 'adopted', 'Non')).body.code).toBe('E-FRAME-08');
    expect((await decide(landlord, id, 'arbitration-asked', 'Vite')).body.code).toBe('E-FRAME-08');
  });

  test('the last two to approve at once: both are heard, it is in force once, on its day', async () => {
    const answers = await Promise.all([decide(als, id, 'approved'), decide(city, id, 'approved')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ body }) => body.inForceFrom).sort()).toEqual(['2026-04-01', null]);
    expect(await valueOn(landlord, 'flow.sales-counted', '2026-03-31')).toBe('next-year');
    expect(await valueOn(landlord, 'flow.sales-counted', '2026-04-01')).toBe('same-year');
    expect((await decide(als, id, 'refused', 'Trop tard')).body.code).toBe('E-FRAME-08');
    expect(await remindersOf(als, id)).toEqual(['done']);
    expect(await kindsOf(landlord.organisationId, id)).toEqual([
      'flow.setting-proposed',
      'flow.setting-approved',
      'flow.setting-approved',
      'flow.setting-in-force',
    ]);
  });

  test('every reader sees the value to come, the settings page with its history', async () => {
    expect((await settingOf(als, 'flow.sales-counted')).values).toMatchObject([
      {
        value: 'next-year',
        origin: 'default',
        next: { value: 'same-year', on: '2026-04-01' },
        landlords: ['Rive Basse'],
      },
    ]);
    const { body } = await app.as(landlord).get('/organisation');
    const setting = body.settings.find(({ key }: { key: string }) => key === 'flow.sales-counted');
    expect(setting).toMatchObject({ direct: false, frame: { level: 'regional' }, next: { value: 'same-year' } });
  });

  test('refused, it is blocked; the State arbitrates when asked, and only its own State', async () => {
    const { body } = await propose(landlord, {
      key: 'flow.exclude-demolition',
      value: 'yes',
      reason: 'Grand ensemble',
    });
    expect((await decide(als, body.id, 'refused')).body.code).toBe('E-FIELDS-01');
    expect((await decide(als, body.id, 'refused', 'Hors texte')).body.state).toBe('blocked');
    expect((await decide(landlord, body.id, 'arbitration-asked', 'Désaccord')).body.state).toBe('arbitration');
    expect((await decide(city, body.id, 'approved')).body.code).toBe('E-FRAME-08');
    expect((await decide(stranger, body.id, 'adopted', 'Oui')).status).toBe(404);
    app.setToday('2026-04-20');
    expect(await decide(state, body.id, 'adopted', 'Accord du comité')).toMatchObject({
      body: { state: 'adopted', inForceFrom: '2026-04-20' },
    });
    expect(await valueOn(landlord, 'flow.exclude-demolition', '2026-04-19')).toBe('no');
    expect(await valueOn(landlord, 'flow.exclude-demolition', '2026-04-20')).toBe('yes');
    app.setToday('2026-03-12');
  });

  test('silence gives way to an arbitration too; it may be withdrawn until the end', async () => {
    const { body } = await propose(landlord, { key: 'flow.exclude-intermediated', value: 'yes' });
    app.setToday('2026-04-12');
    expect((await frame(landlord)).proposals[0]).toMatchObject({ id: body.id, state: 'blocked' });
    expect((await decide(landlord, body.id, 'arbitration-asked', 'Silence')).body.state).toBe('arbitration');
    expect((await decide(landlord, body.id, 'withdrawn', 'Abandonné')).body.state).toBe('withdrawn');
    expect((await decide(state, body.id, 'adopted', 'Oui')).body.code).toBe('E-FRAME-08');
    app.setToday('2026-03-12');
  });
});

describe('the State fixes a value for its region (F-90)', () => {
  const regional = {
    key: 'flow.exclusion-past-method',
    value: 'median',
    source: 'Arrêté 2026-12',
    reason: 'Série courte',
  };
  let id: string;

  test.each<[object, string, string]>([
    [{ key: 'flow.nomination-mode', value: 'direct' }, 'E-FRAME-04', 'shared, not regional'],
    [{ source: null }, 'E-FIELDS-01', 'by which text'],
    [{ validFrom: '2026-03-01' }, 'E-SETTING-03', 'in the past'],
    [{ value: null }, 'E-FRAME-05', 'nothing was fixed'],
  ])('%j is refused: %s (%s)', async (body, code) => {
    expect((await propose(state, { ...regional, ...body })).body.code).toBe(code);
  });

  test('not for landlords it does not watch over, or that work elsewhere too', async () => {
    expect((await propose(otherState, regional)).body.code).toBe('E-FRAME-02');
    expect((await frame(state)).governed).toEqual([{ name: 'Rive Basse', closedYear: null }]);
    expect((await propose(als, regional)).status).toBe(404);
  });

  test('landlord and holders give their opinion; the State adopts', async () => {
    id = (await propose(state, regional)).body.id;
    expect((await decide(landlord, id, 'unfavourable')).body.code).toBe('E-FIELDS-01');
    expect((await decide(landlord, id, 'unfavourable', 'Nos séries sont longues')).status).toBe(200);
    expect((await decide(als, id, 'favourable')).status).toBe(200);
    expect((await decide(landlord, id, 'adopted', 'Non')).body.code).toBe('E-FRAME-08');
    expect((await decide(otherState, id, 'adopted', 'Non')).status).toBe(404);
    expect(await decide(state, id, 'adopted', 'Avis partagés')).toMatchObject({
      body: { state: 'adopted', inForceFrom: '2026-04-01' },
    });
    expect(await kindsOf(landlord.organisationId, id)).toContain('flow.setting-fixed');
    expect(await kindsOf(state.organisationId, id)).toEqual(['flow.setting-proposed', 'flow.setting-adopted']);
  });

  test('the landlord cannot choose otherwise from that day on, and is told by whom', async () => {
    const again = { key: regional.key, value: 'mean' };
    expect(await propose(landlord, { ...again, validFrom: '2026-04-01' })).toMatchObject({
      status: 409,
      body: { code: 'E-SETTING-05' },
    });
    app.setToday('2026-04-02');
    const { body } = await app.as(landlord).get('/organisation');
    expect(body.settings.find(({ key }: { key: string }) => key === regional.key)).toMatchObject({
      value: 'median',
      fixedBy: 'Préfecture',
      source: 'Arrêté 2026-12',
      reason: 'Série courte',
      direct: false,
    });
    expect((await settingOf(als, regional.key)).values).toMatchObject([{ origin: 'regional', fixedBy: 'Préfecture' }]);
    expect((await settingOf(otherLandlord, regional.key)).values).toMatchObject([{ origin: 'default', value: 'mean' }]);
    app.setToday('2026-03-12');
  });

  test('a display choice is direct until the State fixes it', async () => {
    const put = (validFrom: string) =>
      app.as(landlord).put('/organisation/settings/flow.tolerance-dwellings', { value: 3, validFrom, reason: 'Suivi' });
    expect((await put('2026-03-12')).status).toBe(200);
    const { body } = await propose(state, { key: 'flow.tolerance-dwellings', value: 2, source: 'Protocole régional' });
    await decide(state, body.id, 'adopted', 'Même seuil');
    expect((await put('2026-03-20')).status).toBe(200);
    expect(await put('2026-04-01')).toMatchObject({ status: 409, body: { code: 'E-SETTING-05' } });
  });

  test('another body of the State cannot fix it over the first', async () => {
    await app.database.owner.query(
      `update organisations.organisations set perimeter = '{}' where id = '${otherState.organisationId}'`,
    );
    expect(await propose(otherState, { ...regional, validFrom: '2026-05-01' })).toMatchObject({
      status: 409,
      body: { code: 'E-FRAME-06' },
    });
  });

  test('it gives the choice back; days before keep their value', async () => {
    const { body } = await propose(state, { ...regional, value: null, validFrom: '2026-06-01' });
    expect((await decide(state, body.id, 'adopted', 'Bilan')).body.inForceFrom).toBe('2026-06-01');
    const { rows } = await app.database.owner.query(
      `select layer, value, valid_from::text from organisations.settings where organisation_id = $1 and key = $2 order by valid_from`,
      [landlord.organisationId, regional.key],
    );
    expect(rows).toEqual([
      { layer: 'regional', value: 'median', valid_from: '2026-04-01' },
      { layer: 'regional', value: null, valid_from: '2026-06-01' },
    ]);
    expect((await propose(landlord, { key: regional.key, value: 'mean', validFrom: '2026-06-02' })).status).toBe(201);
  });

  test('a closed year is not touched, and the refusal says whose', async () => {
    await app.database.owner.query(
      `insert into flow.year_closings (organisation_id, id, year, closed_on, closed_at, closed_by, events, events_hash)
       values ($1, $2, 2025, '2026-02-01', now(), 'test', 0, '')`,
      [landlord.organisationId, newId()],
    );
    const body = { key: 'flow.carry-gap', value: 'none', source: 'Arrêté', validFrom: '2025-11-01' };
    expect(await propose(state, body)).toMatchObject({ status: 409, body: { code: 'E-FRAME-03' } });
    expect((await propose(state, body)).body.detail).toContain('Rive Basse');
    expect((await propose(landlord, body)).body.code).toBe('E-FRAME-03');
  });
});

describe('what is fixed acts', () => {
  const fix = async (key: string, value: unknown, validFrom = '2026-03-12') => {
    const { body } = await propose(state, { key, value, validFrom, source: 'Arrêté', reason: 'Pour tous' });
    expect((await decide(state, body.id, 'adopted', 'Décidé')).body.state).toBe('adopted');
  };

  test('a tolerance of the State puts off the last day of the reports of that year alone (L-33)', async () => {
    const lastDay = async (year: number) => (await app.as(landlord).get(`/reports?year=${year}`)).body.deadline.lastDay;
    expect(await lastDay(2025)).toBe('2026-02-27');
    await fix('flow.report-tolerance', '2026-03-31');
    expect(await lastDay(2025)).toBe('2026-03-31');
    expect(await lastDay(2026)).toBe('2027-02-27');
  });

  test('an indicative target is about what was agreed, until more is opened (F-31)', async () => {
    const put = async () =>
      (
        await app.as(landlord).put(`/agreements/${agreementId}/targets/2026`, {
          contractual: [],
          indicative: [{ criterion: 'built-since', value: '2000', target: 2 }],
          version: 1,
        })
      ).body.code;
    expect(await put()).toBe('E-FRAME-09');
    await app.as(landlord).put('/organisation/settings/flow.indicative-criteria', {
      value: 'extended',
      validFrom: '2026-03-12',
      reason: 'Besoin exprimé',
    });
    // The landlord has no residence there: the next rule speaks.
    expect(await put()).toBe('E-AGREEMENT-10');
  });

  test('the report declares the exclusions of the year that is set (F-17)', async () => {
    const officer = await app.aUser(landlord.organisationId, ['director', 'allocation-officer']);
    const forecastYear = async (year: number) => {
      expect((await app.as(officer).post('/reports', { year, recipients: null })).status).toBeLessThan(300);
      const { rows } = await app.database.owner.query(
        `select distinct forecast->>'year' as year from flow.reports where organisation_id = $1 and year = $2`,
        [landlord.organisationId, year],
      );
      return rows.map((row) => row.year);
    };
    expect(await forecastYear(2024)).toEqual(['2025']);
    await fix('flow.exclusion-declaration-year', 'next-year');
    expect(await forecastYear(2025)).toEqual(['2027']);
  });

  test('where the CIL consolidates, a territory ends the road of a forecast itself (F-85)', async () => {
    const id = newId();
    const { owner } = app.database;
    await owner.query(
      `insert into flow.exclusion_forecasts (organisation_id, id, year, department, territory, created_by, shared_at)
       values ($1, $2, 2027, '93', '200057875', 'x', now())`,
      [landlord.organisationId, id],
    );
    await owner.query(
      `insert into flow.forecast_revisions (organisation_id, forecast_id, revision, stock, retained, first_lettings, expected,
         expected_origin, excluded, base, steps, lines, recorded_by)
       values ($1, $2, 1, 10, 0, 0, 5, 'typed', 1, 4, '[]', '[]', 'x')`,
      [landlord.organisationId, id],
    );
    await owner.query(
      `insert into flow.forecast_moves (organisation_id, id, forecast_id, revision, from_state, to_state, decided_on, by_user, by_name,
         by_organisation_id) values ($1, $2, $3, 1, 'draft', 'submitted', '2026-03-12', 'x', 'x', $1)`,
      [landlord.organisationId, newId(), id],
    );
    const road = async () => (await app.as(landlord).get(`/base/forecasts/${id}`)).body;
    expect(await road()).toMatchObject({
      consolidation: 'department-committee',
      next: ['territory-agreed', 'returned'],
    });
    await fix('flow.consolidation-body', 'cil');
    expect(await road()).toMatchObject({ consolidation: 'cil', next: ['agreed', 'returned'] });
    const move = { to: 'agreed', decidedOn: '2026-03-12', comment: null, body: 'CIL Est Ensemble' };
    expect((await app.as(landlord).post(`/base/forecasts/${id}/moves`, move)).body).toMatchObject({ state: 'agreed' });
  });

  test('a conversion begins with what is set, and keeps what is typed (F-72, F-76)', async () => {
    const officer = await app.aUser(landlord.organisationId, ['director', 'allocation-officer']);
    const { body } = await app.as(officer).post('/reservation-inventories', { convertsOn: '2027-01-01', note: null });
    const defaults = async () =>
      (await app.as(officer).get(`/reservation-inventories/${body.id}/conversion`)).body.defaults;
    expect(await defaults()).toEqual({
      isSingleRate: false,
      share: 'stock',
      smallHolderBelow: 1,
      smallHolderRounding: 'nearest',
      onExhaustion: 'unreserved',
    });
    await fix('flow.on-exhaustion', 'redistribute');
    await fix('flow.rotation-method', 'single');
    expect(await defaults()).toMatchObject({ isSingleRate: true, onExhaustion: 'redistribute' });
  });
});

describe('the database itself', () => {
  const write = (user: TestUser, layer: string, value: unknown, proposalId: string | null) =>
    asProgram(app.database, { organisationId: user.organisationId }, (tx) =>
      sql`insert into organisations.settings (organisation_id, key, layer, valid_from, value, decided_by, proposal_id, fixed_by_name)
        values (${landlord.organisationId}, 'flow.sales-counted', ${layer}, '2027-01-01', ${JSON.stringify(value)}::jsonb, 'x',
          ${proposalId}, ${layer === 'regional' ? 'Préfecture' : null})`.execute(tx),
    );

  test.each<[string, () => TestUser, string]>([
    ['the landlord does not fix a regional value for itself', () => landlord, 'regional'],
    ['the State does not write without a proposal', () => state, 'regional'],
    ['a holder does not write a landlord’s choice', () => als, 'own'],
  ])('%s', async (_, user, layer) => {
    await expect(write(user(), layer, 'same-year', null)).rejects.toThrow(/row-level security/);
  });

  test('nobody writes what a proposal under way says', async () => {
    const { body } = await propose(landlord, { validFrom: '2026-12-01', value: 'next-year' });
    for (const user of [als, state])
      await expect(write(user, 'own', 'next-year', body.id)).rejects.toThrow(/row-level security/);
  });
});
