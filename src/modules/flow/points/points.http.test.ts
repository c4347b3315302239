import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../../app/test-app.ts';
import { anAgreement } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { day } from '../../../kernel/local-date.ts';
import { countFlow } from '../actions/flow-events.ts';
import { JournalFault } from './journal-lines.ts';
import { recount } from './recount.ts';

let app: TestApp;
let landlord: TestUser;
let officer: TestUser;
let holder: TestUser;
let otherHolder: TestUser;
let stranger: TestUser;
let agreementId: string;
let otherAgreementId: string;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-02-10' });
  const [landlordId, holderId, otherHolderId, strangerId] = [
    await app.anOrganisation('landlord', { name: 'Rive Basse' }),
    await app.anOrganisation('holder', { name: 'Logement Emploi' }),
    await app.anOrganisation('municipality', { name: 'Ville de Montreuil' }),
    await app.anOrganisation('landlord', { name: 'Autre Bailleur' }),
  ];
  landlord = await app.aUser(landlordId, ['director']);
  officer = await app.aUser(landlordId, ['allocation-officer']);
  holder = await app.aUser(holderId, ['holder-officer']);
  otherHolder = await app.aUser(otherHolderId, ['holder-officer']);
  stranger = await app.aUser(strangerId, ['director']);
  agreementId = await anAgreement(app, landlordId, holderId, { share: '0.25', reference: 'CR-93' });
  otherAgreementId = await anAgreement(app, landlordId, otherHolderId, {
    share: '0.5',
    reference: 'CR-MONTREUIL',
    contingent: 'municipality',
    scale: 'municipality',
    perimeter: '93048',
  });
  // 2025: 20 freed, 10 proposed, 4 leased. January 2026: 8 freed, 5 proposed, 1 leased.
  await events(20, 'freed', '2025-03-03');
  const proposed = await events(10, 'proposed', '2025-04-01');
  await events(4, 'leased', '2025-06-01', proposed);
  await events(8, 'freed', '2026-01-05');
  const again = await events(5, 'proposed', '2026-01-12');
  await events(1, 'leased', '2026-02-02', again);
}, 120_000);
afterAll(() => app.close());

/** Events as the program counts them; of the given vacancies, or of new ones. */
async function events(
  count: number,
  kind: string,
  on: string,
  vacancies: string[] = [],
  given: { reason?: string; late?: boolean } = {},
): Promise<string[]> {
  const isFreed = kind === 'freed' || kind === 'unfreed';
  const ids = Array.from({ length: count }, (_, index) => vacancies[index] ?? newId());
  for (const vacancyId of ids)
    await app.database.owner.query(
      `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, holder_id, department,
         municipality_code, in_priority_area, reason, at)
       values ($1, $2, $3, $4, $5, 'in-base', $6, $7, '93', '93048', false, $8, $9)`,
      [
        landlord.organisationId,
        newId(),
        on,
        kind,
        vacancyId,
        isFreed ? null : agreementId,
        isFreed ? null : holder.organisationId,
        given.reason ?? null,
        given.late ? new Date(Date.now() + 60_000) : `${on}T12:00:00Z`,
      ],
    );
  return ids;
}

const points = async (user: TestUser, year?: number) =>
  (await app.as(user).get(`/agreements/${agreementId}/points${year ? `?year=${year}` : ''}`)).body;

test('both parties see the same points, each with its computation; nobody else does (F-40, F-41)', async () => {
  const mine = await points(landlord);
  expect(mine).toMatchObject({
    year: 2026,
    due: '2.00',
    proposals: 5,
    attributions: 1,
    proposed: '1.50',
    attributed: '0.70',
    counted: '0.70',
    pending: '0.80',
    total: '1.40',
    attainment: '0.7000',
    closedOn: null,
    adjustments: [],
    phase: { mode: 'mixed', wp: '0.3', wa: '0.7', from: '2026-01-01' },
  });
  for (const steps of Object.values(mine.why)) expect(steps).not.toHaveLength(0);
  expect(await points(holder)).toEqual(mine);
  expect((await app.as(stranger).get(`/agreements/${agreementId}/points`)).status).toBe(404);
  expect((await app.as(otherHolder).get(`/agreements/${agreementId}/points`)).status).toBe(404);
});

test('the default rule counts attributions alone for two years (F-43)', async () => {
  expect(await points(landlord, 2025)).toMatchObject({
    due: '5.00',
    proposed: '0.00',
    attributed: '4.00',
    total: '4.00',
    phase: { mode: 'attributions', to: '2025-12-31' },
  });
});

describe('rules are proposed by one party and approved by the other (F-89)', () => {
  const phases = [{ from: '2026-02-01', to: null, mode: 'mixed', wp: '0.5', wa: '0.5' }];
  const counting = async (user: TestUser) => (await app.as(user).get('/flow/counting')).body;
  let ruleId: string;

  test('a proposal counts nothing yet', async () => {
    const proposed = await app
      .as(landlord)
      .post('/flow/counting-rules', { agreementId: null, phases, note: 'Essai à parts égales' });
    expect(proposed.status).toBe(201);
    expect(proposed.body.warnings).toEqual([{ from: '2026-02-01', warning: 'cap-binds-early' }]);
    ruleId = proposed.body.id;
    expect(await points(landlord)).toMatchObject({ attributed: '0.70' });
    const [rule] = (await counting(landlord)).rules;
    expect(rule.waiting).toEqual(['Logement Emploi', 'Ville de Montreuil']);
    expect((await counting(stranger)).rules).toEqual([]);
    expect((await app.as(officer).post('/flow/counting-rules', { agreementId, phases, note: 'x' })).status).toBe(403);
    expect(
      (await app.as(stranger).post(`/flow/counting-rules/${ruleId}/decision`, { decision: 'approved' })).status,
    ).toBe(404);
  });

  test('it is in force for who approved it, and for nobody else', async () => {
    const answer = await app.as(holder).post(`/flow/counting-rules/${ruleId}/decision`, { decision: 'approved' });
    expect(answer.status).toBe(200);
    expect(await points(holder)).toMatchObject({ proposed: '1.50', attributed: '0.50', counted: '0.50' });
    const again = await app.as(holder).post(`/flow/counting-rules/${ruleId}/decision`, { decision: 'approved' });
    expect(again.body.code).toBe('E-POINTS-07');
    const { agreements } = await counting(landlord);
    expect(agreements.map((row: { reference: string; isDefault: boolean }) => [row.reference, row.isDefault])).toEqual([
      ['CR-93', false],
      ['CR-MONTREUIL', true],
    ]);
  });

  test('a refusal says why', async () => {
    const empty = await app.as(otherHolder).post(`/flow/counting-rules/${ruleId}/decision`, { decision: 'refused' });
    expect(empty.body.fields).toMatchObject([{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
    const refused = { decision: 'refused', reason: 'Trop tôt' };
    expect((await app.as(otherHolder).post(`/flow/counting-rules/${ruleId}/decision`, refused)).status).toBe(200);
  });

  test('a holder proposes for one of its agreements', async () => {
    const all = await app.as(holder).post('/flow/counting-rules', { agreementId: null, phases, note: 'x' });
    expect(all.body.code).toBe('E-POINTS-05');
    const own = { agreementId, phases: [{ ...phases[0], from: '2027-01-01', wp: '0.3', wa: '0.7' }], note: 'Dès 2027' };
    expect((await app.as(holder).post('/flow/counting-rules', own)).status).toBe(201);
    const others = await app.as(holder).post('/flow/counting-rules', { ...own, agreementId: otherAgreementId });
    expect(others.status).toBe(404);
    expect((await counting(otherHolder)).rules).toHaveLength(1);
  });

  test.each([
    [[{ from: '2027-01-01', to: '2027-02-01', mode: 'mixed' }], 'E-POINTS-01'],
    [
      [
        { from: '2027-01-01', to: null, mode: 'mixed' },
        { from: '2027-02-01', to: null, mode: 'mixed' },
      ],
      'E-POINTS-02',
    ],
    [[{ from: '2027-01-01', to: null, mode: 'mixed', wp: '0.3', wa: '0.6' }], 'E-POINTS-03'],
  ])('phases that do not hold are refused: %#', async (wrong, code) => {
    const { body } = await app.as(landlord).post('/flow/counting-rules', { agreementId, phases: wrong, note: 'x' });
    expect(body.code).toBe(code);
  });
});

test('the simulator computes every way of counting by the rule itself (F-43, F-44)', async () => {
  const { body } = await app.as(holder).get('/flow/simulation?year=2025&wp=20');
  expect(body.bindsBeyond).toBe('4.00');
  expect(body.rows).toHaveLength(1);
  const totals = body.rows[0].scenarios.map(({ name, total }: { name: string; total: string }) => [name, total]);
  expect(totals).toEqual([
    ['in-force', '4.00'],
    ['variant-a', '10.00'],
    ['variant-b', '4.00'],
    ['equal', '4.00'],
    ['mixed', '5.60'],
    ['chosen', '5.20'],
  ]);
  expect((await app.as(landlord).get('/flow/simulation?year=2025')).body.rows).toHaveLength(2);
  const csv = await app.as(landlord).get<string>('/flow/simulation/table?year=2025&wp=20');
  expect(csv.body.split('\r\n')).toHaveLength(1 + 12 + 1);
  expect(csv.body).toContain('CR-93;Rive Basse;Logement Emploi;93;Mixte 0,3 / 0,7;10;4;5,00;5,60;0,20;1,1200');
});

const journalOf = async (user: TestUser, year: number) =>
  (await app.as(user).get<string>(`/flow/journal?year=${year}`)).body;

describe('a year is closed and stays as it was (F-89)', () => {
  let vacancies: string[];

  test('only a year that is over, by the landlord', async () => {
    vacancies = await events(2, 'proposed', '2025-11-01');
    await events(1, 'withdrawn', '2025-12-01', vacancies.slice(1));
    expect((await app.as(holder).post('/flow/closings', { year: 2025 })).status).toBe(403);
    expect((await app.as(landlord).post('/flow/closings', { year: 2026 })).body.code).toBe('E-POINTS-08');
    expect((await app.as(landlord).post('/flow/closings', { year: 2025 })).body).toMatchObject({
      agreements: 2,
      events: 37,
    });
    expect((await app.as(landlord).post('/flow/closings', { year: 2025 })).body.code).toBe('E-POINTS-09');
  });

  test('what it left to give is shown beside the due of the next year, which it does not change (flux-fr § 3.4)', async () => {
    expect(await points(landlord, 2025)).toMatchObject({ due: '5.00', total: '4.00', carriedGap: null });
    const open = await points(holder, 2026);
    expect(open).toMatchObject({ due: '2.00', carriedGap: { gap: '1.00' } });
    expect(open.carriedGap.steps).toHaveLength(1);
  });

  test('what comes later is an adjustment of the open year', async () => {
    const closed = await points(landlord, 2025);
    const open = await points(landlord, 2026);
    expect(closed).toMatchObject({ total: '4.00', closedOn: '2026-02-10' });
    await events(1, 'leased', '2025-12-20', vacancies, { late: true });
    expect(await points(landlord, 2025)).toEqual(closed);
    const adjusted = await points(holder, 2026);
    expect(adjusted.adjustments).toEqual([{ year: 2025, points: '1.00' }]);
    expect(Number(adjusted.total)).toBe(Number(open.total) + 1);
  });

  test('no rule reaches back into it', async () => {
    const back = {
      agreementId,
      phases: [{ from: '2025-12-31', to: null, mode: 'mixed' }],
      note: 'Rétroactif',
    };
    expect((await app.as(landlord).post('/flow/counting-rules', back)).body.code).toBe('E-POINTS-06');
  });

  test('the State sees the closings of its perimeter and no other', async () => {
    const rowsSeenBy = async (perimeter: unknown) => {
      const stateId = await app.anOrganisation('state', { perimeter });
      await app.relate(landlord.organisationId, stateId, 'overseer');
      const client = await app.database.streams.connect();
      try {
        await client.query('begin');
        await client.query(`select set_config('app.organisation_id', $1, true)`, [stateId]);
        const { rows } = await client.query('select perimeter_code from flow.closed_counters order by 1');
        return rows.map((row) => row.perimeter_code);
      } finally {
        await client.query('rollback');
        client.release();
      }
    };
    expect(await rowsSeenBy({ departments: ['93'] })).toEqual(['93', '93048']);
    expect(await rowsSeenBy({ municipalities: ['93048'] })).toEqual(['93048']);
    expect(await rowsSeenBy({ departments: ['94'] })).toEqual([]);
  });
});

test('a lease without a proposal is counted, and told on the page and in the journal', async () => {
  const [vacancy] = await events(1, 'leased', '2026-02-09');
  expect(await points(holder)).toMatchObject({ unproposed: 1, attributions: 2 });
  const { unproposed, differences } = await recount([await journalOf(holder, 2026)]);
  expect(differences).toEqual([]);
  expect(unproposed).toEqual([{ agreement: agreementId, reference: 'CR-93', vacancy }]);
  await events(1, 'unleased', '2026-02-09', [vacancy!]);
});

test('who watches over a landlord reads its points holder by holder, within its own perimeter alone (F-81)', async () => {
  const watched = async (kind: 'state' | 'territory', perimeter: unknown, isWatching = true) => {
    const organisationId = await app.anOrganisation(kind, { perimeter });
    if (isWatching) await app.relate(landlord.organisationId, organisationId, 'overseer');
    const observer = await app.aUser(organisationId, ['observer']);
    return (await app.as(observer).get(`/flow/watched-points?landlord=${landlord.organisationId}&year=2026`)).body;
  };
  const state = await watched('state', { departments: ['93'] });
  const shown = await points(landlord, 2026);
  expect(state.landlords).toMatchObject([{ name: 'Rive Basse' }]);
  expect(state.rows).toMatchObject([
    {
      reference: 'CR-93',
      holder: 'Logement Emploi',
      total: shown.total,
      attainment: shown.attainment,
      freed: 8,
      leased: 1,
    },
    { reference: 'CR-MONTREUIL', holder: 'Ville de Montreuil', proposed: 0 },
  ]);
  expect(JSON.stringify(state)).not.toContain('"vacancy"');
  const references = ({ rows }: { rows: { reference: string }[] }) => rows.map(({ reference }) => reference);
  expect(references(await watched('territory', { municipalities: ['93048', '93010'] }))).toEqual(['CR-MONTREUIL']);
  expect(references(await watched('state', { departments: ['94'] }))).toEqual([]);
  const nobody = await watched('state', { departments: ['93'] }, false);
  expect(nobody).toMatchObject({ landlords: [], rows: [] });
  expect((await app.as(holder).get('/flow/watched-points')).status).toBe(403);
});

test('a closing waits for what is being counted, and counts it', async () => {
  const landlordId = await app.anOrganisation('landlord');
  const director = await app.aUser(landlordId, ['director']);
  const agreement = await anAgreement(app, landlordId, holder.organisationId, { share: '0.25' });
  let isClosed = false;
  const closing = await app.database.app.transaction().execute(async (tx) => {
    await sql`select set_config('app.organisation_id', ${landlordId}, true)`.execute(tx);
    await countFlow(tx, landlordId, {
      kind: 'leased',
      on: day('2025-12-30'),
      vacancyId: newId(),
      baseClass: 'in-base',
      agreement: { id: agreement, holderId: holder.organisationId },
      facts: {
        department: '93',
        municipalityCode: '93048',
        territory: null,
        rooms: 3,
        funding: 'PLUS',
        inPriorityArea: false,
        constructionYear: null,
      },
    });
    const answer = app.as(director).post('/flow/closings', { year: 2025 });
    answer.then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isClosed).toBe(false);
    return { answer };
  });
  expect((await closing.answer).body).toMatchObject({ agreements: 1, events: 1 });
  const { body } = await app.as(director).get(`/agreements/${agreement}/points?year=2025`);
  expect(body).toMatchObject({ attributions: 1, closedOn: '2026-02-10' });
});

describe('the journal is recounted without a database', () => {
  test.each([2025, 2026])('%s: landlord and holder find the figures of the screens', async (year) => {
    for (const user of [landlord, holder]) {
      const result = await recount([await journalOf(user, year)]);
      expect(result.differences).toEqual([]);
      const shown = await points(user, year);
      const counted = result.figures.find((figures) => figures.agreement === agreementId)!;
      expect(counted.points).toMatchObject({
        total: shown.total,
        counted: shown.counted,
        attainment: shown.attainment,
      });
      expect(Number(counted.due)).toBe(Number(shown.due));
    }
  });

  test('a holder’s journal holds its own events and the vacancies of the base, nothing of the others', async () => {
    const journal = await journalOf(otherHolder, 2026);
    expect(journal).not.toContain(agreementId);
    expect(journal).toContain('"kind":"freed"');
    expect((await recount([await journalOf(stranger, 2026)])).events).toBe(0);
  });

  test.each([
    ['altered', (lines: string[]) => lines.with(5, lines[5]!.replace('"kind":"', '"kind":"un')), 'E-RECOUNT-01', 6],
    ['missing', (lines: string[]) => lines.toSpliced(7, 1), 'E-RECOUNT-02', 8],
    ['missing, the ends renumbered', (lines: string[]) => renumbered(lines.toSpliced(7, 1)), 'E-RECOUNT-01', 8],
    ['cut between two lines', (lines: string[]) => [...lines.slice(0, 9), ''], 'E-RECOUNT-03', 10],
    ['cut within a line', (lines: string[]) => [...lines.slice(0, 9), lines[9]!.slice(0, 40)], 'E-RECOUNT-03', 10],
    ['something after the end', (lines: string[]) => [...lines.slice(0, -1), lines[3]!, ''], 'E-RECOUNT-01', 0],
    ['another file', () => ['{"a": 1}', ''], 'E-RECOUNT-04', 1],
    ['nothing', () => [], 'E-RECOUNT-04', 1],
  ] as [string, (lines: string[]) => string[], string, number][])('%s', async (_, spoil, code, line) => {
    const lines = (await journalOf(landlord, 2026)).split('\n');
    const fault = await recount([spoil(lines).join('\n')]).catch((error) => error);
    expect(fault).toBeInstanceOf(JournalFault);
    expect(fault).toMatchObject({ code, line: line || lines.length });
  });

  test('figures that the events do not give are named', async () => {
    const lines = (await journalOf(landlord, 2026)).split('\n');
    const { JournalWriter } = await import('./journal-lines.ts');
    const writer = new JournalWriter();
    const forged = lines
      .filter(Boolean)
      .map((line) => {
        const { seq: _seq, hash: _hash, ...content } = JSON.parse(line.replace('"proposed":5', '"proposed":6'));
        return writer.line(content);
      })
      .join('');
    expect((await recount([forged])).differences).toMatchObject([
      { reference: 'CR-93', what: 'proposed', told: '6', counted: '5' },
    ]);
  });
});

const renumbered = (lines: string[]): string[] => lines.map((line, seq) => line.replace(/"seq":\d+/, `"seq":${seq}`));
