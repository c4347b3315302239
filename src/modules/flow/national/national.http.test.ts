import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { reconcile } from './rules/reconcile.ts';
import { aClosure, aLabel, anAttributedLease } from './test-attributed-lease.ts';

let app: TestApp;
let landlord: string;
let officer: TestUser;
let state: TestUser;
let holder: TestUser;
let stranger: TestUser;

const nur = (n: number) => `0930123${String(n).padStart(6, '0')}GDPUB`;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  landlord = await app.anOrganisation('landlord', { name: 'Rive Haute' });
  officer = await app.aUser(landlord, ['director', 'allocation-officer', 'rental-manager']);
  const prefecture = await app.anOrganisation('state', { name: 'Préfecture', perimeter: { departments: ['93'] } });
  state = await app.aUser(prefecture, ['observer']);
  await app.relate(landlord, prefecture, 'overseer');
  const als = await app.anOrganisation('holder', { name: 'Action Logement' });
  holder = await app.aUser(als, ['holder-officer']);
  await anAgreement(app, landlord, als, { contingent: 'action-logement' });
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director', 'allocation-officer']);

  const priority = { contingent: 'state-priority', priorityGroup: 'dalo', quartile: 1 };
  const told = { contingent: 'state-priority', dalo: true, quartile: 1 };
  await anAttributedLease(app, landlord, { uniqueNumber: nur(1), ...priority, familyName: 'Accord' });
  await aClosure(app, landlord, nur(1), told);
  await aLabel(app, landlord, nur(1));
  await anAttributedLease(app, landlord, { uniqueNumber: nur(2), ...priority, familyName: 'Sansradiation' });
  await aLabel(app, landlord, nur(2));
  await anAttributedLease(app, landlord, { uniqueNumber: nur(3), ...priority, familyName: 'Tardif' });
  await aClosure(app, landlord, nur(3), told);
  await aLabel(app, landlord, nur(3), { labelledOn: '2026-02-21' });
  const employer = { contingent: 'action-logement', holderId: holder.organisationId };
  await anAttributedLease(app, landlord, { uniqueNumber: nur(4), ...employer, municipality: '75056', quartile: 3 });
  await aClosure(app, landlord, nur(4), { contingent: 'other', dalo: false, quartile: 3 });
  await anAttributedLease(app, landlord, { uniqueNumber: nur(5), signedOn: '2026-11-02', familyName: 'Attente' });
  await anAttributedLease(app, landlord, { uniqueNumber: null, signedOn: '2025-05-02', familyName: 'Ancien' });
  await aClosure(app, landlord, nur(9), { leaseSignedOn: '2026-04-02' });
  await aClosure(app, landlord, nur(10), { reason: 'withdrawal' });
});
afterAll(() => app.close());

const lines = async (user: TestUser, query = '') =>
  (await app.as(user).get(`/reconciliation/lines${query}`)).body.items as Record<string, unknown>[];

describe('the reconciliation of a landlord', () => {
  test('each disagreement is a line with what its count loses, and why', async () => {
    const found = await lines(officer);
    const byReason = Object.fromEntries(found.map((line) => [line.reason, line]));
    expect(Object.keys(byReason).toSorted()).toEqual([
      'contingent-differs',
      'label-late',
      'without-closure',
      'without-lease',
    ]);
    expect(byReason['without-closure']).toMatchObject({
      household: 'Sansradiation Amina',
      counted: 'attribution',
      effect: -1,
    });
    expect(byReason['label-late']).toMatchObject({ household: 'Tardif Amina', counted: 'priority', effect: -1 });
    expect(byReason['contingent-differs']).toMatchObject({ party: 'Action Logement', toldContingent: 'other' });
    expect(byReason['without-lease']).toMatchObject({ uniqueNumber: nur(9), effect: 1, tenancyId: null });
    const steps = byReason['label-late']!.steps as { label: string; result?: unknown }[];
    expect(steps).toContainEqual(
      expect.objectContaining({ label: 'national.labelled-late', result: { unit: 'day', value: '2026-02-21' } }),
    );
  });

  test('what agrees, and what waits for the next extraction, is shown to who asks', async () => {
    const found = await lines(officer, '?reason=matched,waiting');
    expect(found.map(({ reason, household }) => [reason, household])).toEqual([
      ['waiting', 'Attente Amina'],
      ['matched', 'Accord Amina'],
    ]);
  });

  test('a year has its own lines', async () => {
    expect((await lines(officer, '?year=2025')).map(({ reason }) => reason)).toEqual(['without-number']);
    expect(await lines(officer, '?year=2024')).toEqual([]);
    expect((await app.as(officer).get('/reconciliation?year=1999')).status).toBe(400);
  });

  test('counts by reason and by party, and how far the extractions go', async () => {
    const { body } = await app.as(officer).get('/reconciliation');
    expect(body).toMatchObject({
      year: 2026,
      leases: 5,
      closuresUntil: '2026-03-18',
      labelsUntil: '2026-02-21',
      others: [],
    });
    expect(body.own).toContainEqual({
      ...{ reason: 'contingent-differs', counted: 'contingent', contingent: 'action-logement' },
      ...{ party: 'Action Logement', lines: 1, corrected: 0, effect: -1 },
    });
  });

  test('the extraction says the same as the list', async () => {
    const answer = await app.as(officer).get('/extractions/flow.reconciliation?format=csv&year=2026');
    const rows = String(answer.body).trim().split('\r\n');
    expect(rows).toHaveLength(5);
    expect(rows.join()).toContain('label postérieur à la CALEOL');
  });
});

describe('« corrigé dans le SNE le … »', () => {
  const subjectOf = async (reason: string) => (await lines(officer, `?reason=${reason}`))[0]!.subjectId as string;
  const note = (user: TestUser, body: Record<string, unknown>) =>
    app.as(user).post('/reconciliation/corrections', { note: null, ...body });

  test('is noted with its day, kept, and no longer lost', async () => {
    const subjectId = await subjectOf('contingent-differs');
    const noted = await note(officer, { subjectId, reason: 'contingent-differs', correctedOn: '2026-11-20' });
    expect(noted.status).toBe(201);
    await note(officer, { subjectId, reason: 'contingent-differs', correctedOn: '2026-11-21', note: 'avec la DRIHL' });
    const [line] = await lines(officer, '?standing=corrected');
    expect(line).toMatchObject({ reason: 'contingent-differs', correctedOn: '2026-11-21' });
    const { body } = await app.as(officer).get('/reconciliation');
    expect(body.own.find(({ reason }: { reason: string }) => reason === 'contingent-differs')).toMatchObject({
      corrected: 1,
      effect: 0,
    });
    const { rows } = await app.database.owner.query(
      'select corrected_on::text from flow.national_corrections where organisation_id = $1 order by noted_at',
      [landlord],
    );
    expect(rows).toEqual([{ corrected_on: '2026-11-20' }, { corrected_on: '2026-11-21' }]);
    const { events } = (await app.as(officer).get(`/timeline/tenancy/${subjectId}`)).body;
    expect(events.map(({ kind }: { kind: string }) => kind)).toContain('flow.national-correction-noted');
  });

  test.each<[string, Record<string, unknown>, number, string]>([
    ['a day to come', { reason: 'without-closure', correctedOn: '2026-11-23' }, 400, 'E-NATIONAL-11'],
    ['a line on which all agree', { reason: 'matched', correctedOn: '2026-11-20' }, 409, 'E-NATIONAL-10'],
  ])('refuses %s', async (_case, body, status, code) => {
    const answer = await note(officer, { subjectId: await subjectOf(body.reason as string), ...body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('a disagreement that is none of ours is not found', async () => {
    const subjectId = await subjectOf('without-closure');
    const body = { subjectId, reason: 'without-closure', correctedOn: '2026-11-20' };
    expect((await note(stranger, body)).status).toBe(404);
    expect((await note(officer, { ...body, reason: 'label-late' })).status).toBe(404);
    expect((await note(officer, { ...body, subjectId: newId() })).status).toBe(404);
  });
});

describe('others see counts, never a household', () => {
  test('the State, within its perimeter', async () => {
    const { body } = await app.as(state).get('/reconciliation');
    expect(body).toMatchObject({ leases: null, closuresUntil: null, own: [] });
    const counted = body.others.map((row: Record<string, unknown>) => [
      row.landlord,
      row.department,
      row.reason,
      row.lines,
    ]);
    expect(counted).toContainEqual(['Rive Haute', '93', 'label-late', 1]);
    expect(counted.filter(([, department]: string[]) => department === '75')).toEqual([]);
    expect(JSON.stringify(body)).not.toContain('Tardif');
    expect(JSON.stringify(body)).not.toContain('GDPUB');
    expect((await app.as(state).get('/reconciliation/lines')).status).toBe(403);
  });

  test('a reservation holder, its own contingent', async () => {
    const { body } = await app.as(holder).get('/reconciliation');
    expect(body.others.map((row: Record<string, unknown>) => [row.contingent, row.reason, row.department])).toEqual([
      ['action-logement', 'contingent-differs', '75'],
    ]);
  });

  test('another landlord, nothing', async () => {
    expect((await app.as(stranger).get('/reconciliation')).body).toMatchObject({ leases: 0, own: [], others: [] });
    expect(await lines(stranger)).toEqual([]);
  });
});

/** The view counts all leases at once, the rule explains one: on any facts they must find the same. */
test('the view and the rule agree', async () => {
  const other = await app.anOrganisation('landlord');
  await app.database.owner.query('update organisations.organisations set registration_number = $2 where id = $1', [
    other,
    '732829320',
  ]);
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const days = fc.constantFrom('2026-01-05', '2026-02-20', '2026-02-21', '2026-03-16');
  const quartile = maybe(fc.integer({ min: 1, max: 3 }));
  const cases = fc.sample(
    fc.record({
      contingent: maybe(fc.constantFrom('state-priority', 'state-staff', 'municipality', 'action-logement', 'other')),
      priorityGroup: maybe(fc.constantFrom('dalo', 'handicap', 'mutation')),
      quartile,
      decidedOn: maybe(days),
      priorityArea: maybe(fc.constant('QN09301M')),
      signedOn: fc.constantFrom('2026-03-16', '2026-08-01'),
      numbered: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
      closure: maybe(
        fc.record({
          reason: fc.constantFrom('attribution', 'attribution', 'attribution', 'not-renewed'),
          siren: maybe(fc.constantFrom('732829320', '552100554')),
          contingent: maybe(fc.constantFrom('state-priority', 'state-staff', 'authorities', 'employers', 'other')),
          dalo: maybe(fc.boolean()),
          quartile,
        }),
      ),
      labels: fc.array(
        fc.record({
          label: fc.constantFrom('DALO', 'Handicap'),
          labelledOn: days,
          endsOn: fc.constantFrom(null, '2026-02-21'),
        }),
        { maxLength: 1 },
      ),
    }),
    { numRuns: 60, seed: 20 },
  );
  for (const [index, { numbered, closure, labels, ...lease }] of cases.entries()) {
    const uniqueNumber = numbered ? nur(1_000 + index) : null;
    await anAttributedLease(app, other, { uniqueNumber, ...lease });
    if (!uniqueNumber) continue;
    if (closure) await aClosure(app, other, uniqueNumber, closure);
    for (const label of labels)
      if (label.endsOn === null || label.endsOn >= label.labelledOn) await aLabel(app, other, uniqueNumber, label);
  }
  const user = await app.aUser(other, ['director']);
  const told = new Map<string, string[]>();
  const { rows } = await app.database.owner.query(
    `select subject_id, reason, counted, effect, f from (
       select l.subject_id, l.reason, l.counted, l.effect, to_jsonb(l) as f from flow.national_lines l where l.organisation_id = $1) x`,
    [other],
  );
  for (const { subject_id, reason, counted, effect } of rows)
    told.set(subject_id, [...(told.get(subject_id) ?? []), `${reason} ${counted} ${effect}`]);
  const facts = new Map(rows.map(({ subject_id, f }) => [subject_id, f]));
  expect(facts.size).toBeGreaterThanOrEqual(60);
  for (const [subject, f] of facts) {
    const { result } = reconcile({
      hasLease: f.tenancy_id !== null,
      signedOn: f.signed_on,
      uniqueNumber: f.unique_number,
      contingent: f.contingent,
      decidedOn: f.decided_on,
      isPriority: f.is_priority,
      dalo: f.dalo,
      quartile: f.quartile,
      inPriorityArea: f.in_priority_area,
      closure: f.closure_id && {
        closedOn: f.closed_on,
        reason: f.closure_reason,
        byAnother: f.closed_by_another,
        contingent: f.told_contingent,
        dalo: f.told_dalo,
        quartile: f.verified_quartile,
      },
      closuresUntil: f.closures_until,
      labelsUntil: f.labels_until,
      label: f.label,
      labelledOn: f.labelled_on,
      lateOn: f.late_on,
      endedOn: f.ended_on,
    });
    const expected = result.map(({ reason, counted, effect }) => `${reason} ${counted} ${effect}`);
    expect([f, told.get(subject)!.toSorted()]).toEqual([f, expected.toSorted()]);
  }
  expect((await app.as(user).get('/reconciliation?year=2026')).body.leases).toBe(60);
});
