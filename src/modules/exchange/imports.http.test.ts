import fs from 'node:fs';
import net from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { roleNames } from '../organisations/index.ts';
import { clearImports } from './schedules.ts';
import { applied, csv, previewed, reverted, runJobs, sendFile } from './test-imports.ts';
import { aWorkbook } from './test-workbook.ts';

let app: TestApp;
let agency: string;
let manager: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  agency = await app.anOrganisation('agency');
  manager = await app.aUser(agency, ['rental-manager']);
});
afterAll(() => app.close());
afterEach(() => vi.restoreAllMocks());

const headings = {
  reference: 'Référence',
  street: 'Rue',
  number: 'Numéro',
  postalCode: 'Code postal',
  municipality: 'Commune',
  bedrooms: 'Chambres',
  rent: 'Loyer',
  building: 'Immeuble',
  owner: 'Référence propriétaire',
  ownerName: 'Nom du propriétaire',
  iban: 'IBAN',
  contractFrom: 'Début du contrat',
  tenant: 'Locataire',
  tenantGiven: 'Prénom du locataire',
  leaseFrom: 'Début du bail',
} as const;
type Row = Partial<Record<keyof typeof headings, string>>;

let serial = 0;
/** A dwelling of its own, in words. */
const aRow = (given: Row = {}): Row => {
  const n = ++serial;
  return {
    reference: `D${n}`,
    street: 'Rue des Lilas',
    number: String(n),
    postalCode: '1030',
    municipality: 'Schaerbeek',
    bedrooms: '2',
    rent: '650,00',
    ...given,
  };
};

const dwellings = (...rows: Row[]): string =>
  csv(
    Object.values(headings).join(';'),
    ...rows.map((row) => (Object.keys(headings) as (keyof typeof headings)[]).map((key) => row[key] ?? '').join(';')),
  );

const withLease = (given: Row = {}): Row =>
  aRow({ tenant: 'Haddad', tenantGiven: 'Karim', leaseFrom: '01/04/2019', ...given });
const withContract = (given: Row = {}): Row =>
  aRow({ owner: `P${serial + 1}`, ownerName: `Anne Peeters ${serial + 1}`, contractFrom: '01/03/2019', ...given });

/** One figure of the database, of every organisation. */
const one = async (text: string, ...values: unknown[]) =>
  Object.values((await app.database.owner.query(text, values)).rows[0])[0] as number;

const uploads = () => fs.readdirSync(app.services.uploadFolder);
const rentOf = (reference: string) =>
  one('select rent_cents from portfolio.dwellings where organisation_id = $1 and reference = $2', agency, reference);

describe('the life of an import', () => {
  test('from the model file to the undo', async () => {
    const model = await app.as(manager).get('/imports/templates/dwellings.csv');
    expect(model.status).toBe(200);
    expect(model.headers['content-disposition']).toContain('filename="modele-logements.csv"');
    const sent = await sendFile(app, manager, { content: String(model.body), name: 'modèle.csv' });
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({ state: 'preparing', encoding: 'utf-8', separator: ';', format: 'csv' });
    const places = Object.values(sent.body.mapping as Record<string, number | null>);
    expect(places.toSorted((a, b) => a! - b!)).toEqual(places.map((_, index) => index));

    const file = { content: String(model.body) };
    const preview = await previewed(app, manager, file);
    expect(preview).toMatchObject({ state: 'previewed', rows: 1, create: 1, wrong: 0, problem: null });
    expect(preview.counts!.records).toEqual({
      owner: { create: 1, update: 0 },
      building: { create: 1, update: 0 },
      dwelling: { create: 1, update: 0 },
      contract: { create: 1, update: 0 },
      tenancy: { create: 1, update: 0 },
    });
    expect(await one(`select count(*)::int from portfolio.dwellings where organisation_id = $1`, agency)).toBe(0);

    const done = await applied(app, manager, preview);
    expect(done).toMatchObject({ state: 'applied', appliedBy: 'Nadia Belkacem', can: { apply: false, revert: true } });
    const found = (await app.as(manager).get('/search?q=tanneurs')).body.hits;
    expect(found.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['dwelling', 'tenancy']);
    const dwelling = (await app.as(manager).get('/dwellings')).body.items[0];
    expect(dwelling).toMatchObject({ reference: 'D0001', rentCents: 65_000, occupancy: 'let', areaM2: '62.50' });
    const timeline = (await app.as(manager).get(`/timeline/dwelling/${dwelling.id}`)).body.events;
    expect(timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['exchange.import-applied']);

    const again = await previewed(app, manager, file);
    expect(again).toMatchObject({ rows: 1, create: 0, update: 0, unchanged: 1, can: { apply: false } });
    const refused = await app.as(manager).post(`/imports/${again.id}/application`, { version: again.version });
    expect([refused.status, refused.body.code]).toEqual([409, 'E-IMPORT-NOTHING']);

    const undone = await reverted(app, manager, done.id);
    expect(undone).toMatchObject({
      state: 'reverted',
      reversal: { keptTotal: 0, removed: { dwelling: 1, tenancy: 1 } },
    });
    for (const table of ['portfolio.owners', 'portfolio.buildings', 'portfolio.dwellings', 'portfolio.contracts'])
      expect([table, await one(`select count(*)::int from ${table} where organisation_id = $1`, agency)]).toEqual([
        table,
        0,
      ]);
    expect((await app.as(manager).get('/search?q=tanneurs')).body.hits).toEqual([]);
    const twice = await app.as(manager).post(`/imports/${done.id}/reversal`, { version: undone.version });
    expect([twice.status, twice.body.code]).toEqual([409, 'E-BATCH-01']);
  });

  test('wrong rows are left aside, listed, and given back as a file that imports once corrected', async () => {
    const good = aRow();
    const rows = [
      good,
      aRow({ rent: 'six cents' }),
      aRow({ reference: good.reference! }),
      aRow({ municipality: 'Namur' }),
      withContract({ iban: 'BE68 5390 0754 7035' }),
      aRow({ street: '=cmd|calc', rent: '' }),
    ];
    const preview = await previewed(app, manager, { content: dwellings(...rows), name: 'liste.csv' });
    expect(preview).toMatchObject({ rows: 6, create: 1, wrong: 5 });
    expect(preview.problems.map(({ field, code, count, firstLine }) => [field, code, count, firstLine])).toEqual([
      ['rent', 'E-IMPORT-NUMBER', 1, 3],
      ['reference', 'E-IMPORT-DUPLICATE', 1, 4],
      ['municipality', 'E-IMPORT-MUNICIPALITY', 1, 5],
      ['ownerIban', 'E-IBAN-01', 1, 6],
      ['rent', 'E-IMPORT-REQUIRED', 1, 7],
    ]);
    expect(preview.problems[0]!.message).toContain('six cents');
    expect(JSON.stringify(preview)).not.toContain('5390');

    const first = (await app.as(manager).get(`/imports/${preview.id}/rows?only=wrong&limit=2`)).body;
    expect([first.total, first.items.map(({ line }: { line: number }) => line)]).toEqual([5, [3, 4]]);
    const rest = (await app.as(manager).get(`/imports/${preview.id}/rows?only=wrong&cursor=${first.nextCursor}`)).body;
    expect(rest.items.map(({ line }: { line: number }) => line)).toEqual([5, 6, 7]);
    expect(JSON.stringify([first, rest])).not.toContain('5390');
    expect((await app.as(manager).get(`/imports/${preview.id}/rows`)).body.total).toBe(6);

    const reads = () => one(`select count(*)::int from platform.sensitive_reads where organisation_id = $1`, agency);
    const before = await reads();
    const file = await app.as(manager).get(`/imports/${preview.id}/wrong-rows.csv`);
    expect(file.headers['content-disposition']).toContain('attachment');
    const text = String(file.body);
    expect(text).toContain('BE68 5390 0754 7035');
    expect(text).toContain(`'=cmd|calc`);
    expect(await reads()).toBe(before + 1);

    const done = await applied(app, manager, preview);
    expect(done).toMatchObject({ state: 'applied', create: 1, wrong: 5 });
    const corrected = text
      .replace('six cents', '650')
      .replace(`\r\n${good.reference};`, `\r\nD-AUTRE;`)
      .replace('Namur', 'Evere')
      .replace('7035', '7034')
      .replace(/;2;;;/, ';2;700;;');
    const next = await previewed(app, manager, { content: corrected });
    expect([next.create, next.wrong, next.problems]).toEqual([5, 0, []]);
  });

  test('a second file changes what it tells and leaves the rest; each is undone in its turn', async () => {
    const [a, b] = [withContract(), aRow()];
    const first = await applied(app, manager, await previewed(app, manager, { content: dwellings(a, b) }));
    const preview = await previewed(app, manager, {
      content: dwellings({ ...a, rent: '700', ownerName: 'Anne Janssens' }, { ...b, bedrooms: '2' }),
    });
    expect(preview).toMatchObject({ create: 0, update: 1, unchanged: 1 });
    expect(preview.counts!.records).toMatchObject({
      owner: { update: 1 },
      dwelling: { update: 1 },
      contract: { update: 0 },
    });
    const second = await applied(app, manager, preview);
    expect(await rentOf(a.reference!)).toBe(70_000);
    const undone = await reverted(app, manager, second.id);
    expect(undone.reversal).toMatchObject({ restored: { dwelling: 1, owner: 1 }, keptTotal: 0 });
    expect(await rentOf(a.reference!)).toBe(65_000);
    expect((await app.as(manager).get('/search?q=janssens')).body.hits).toEqual([]);
    expect((await reverted(app, manager, first.id)).reversal).toMatchObject({
      removed: { dwelling: 2, owner: 1 },
      keptTotal: 0,
    });
  });

  test('numbers go on past four digits', async () => {
    const fresh = await app.anOrganisation('agency');
    const director = await app.aUser(fresh, ['director']);
    await app.database.owner.query(
      `insert into platform.counters (organisation_id, name, value) values ($1, 'leases-2019', 9998), ($1, 'applications-2019', 9998)`,
      [fresh],
    );
    const leases = [1, 2, 3].map(() => withLease());
    await applied(app, director, await previewed(app, director, { content: dwellings(...leases) }));
    const numbers = ['9998', '0117', '99991'].map((nur) => `09301261234${nur.padStart(5, '0').slice(-5)}10`);
    const content = csv(
      'NUR;Nom;Prénom;Reçue le',
      ...numbers.map((nur, n) => `${nur};Nom${n};Amina;0${n + 1}/02/2019`),
    );
    const register = await previewed(app, director, { kind: 'applicants', content });
    expect([register.create, register.problems]).toEqual([3, []]);
    await applied(app, director, register);
    const all = async (text: string) =>
      (await app.database.owner.query<{ n: string }>(text, [fresh])).rows.map(({ n }) => n);
    expect(
      await all(
        'select reference as n from tenancies.tenancies where organisation_id = $1 order by length(reference), 1',
      ),
    ).toEqual(['B2019-9999', 'B2019-10000', 'B2019-10001']);
    expect(
      await all('select number as n from applicants.applications where organisation_id = $1 order by received_on'),
    ).toEqual(['2019-9999', '2019-10000', '2019-10001']);
  });

  test('an abandoned import leaves neither rows nor file', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow(), aRow({ rent: 'x' })) });
    expect(uploads()).toContain(`${preview.id}.upload`);
    expect((await app.as(manager).delete(`/imports/${preview.id}`)).status).toBe(200);
    expect(uploads()).not.toContain(`${preview.id}.upload`);
    expect((await app.as(manager).get(`/imports/${preview.id}/rows`)).body.total).toBe(0);
    const record = (await app.as(manager).get(`/imports/${preview.id}`)).body;
    expect(record).toMatchObject({ state: 'abandoned', sample: [], can: { map: false, apply: false, abandon: false } });
    const late = await app.as(manager).post(`/imports/${preview.id}/application`, { version: record.version });
    expect([late.status, late.body.code]).toEqual([409, 'E-BATCH-01']);
  });

  test('the file of an import goes once it is applied', async () => {
    const done = await applied(app, manager, await previewed(app, manager, { content: dwellings(aRow()) }));
    expect(uploads()).not.toContain(`${done.id}.upload`);
    const mapping = await app.as(manager).put(`/imports/${done.id}/mapping`, { mapping: done.mapping });
    expect([mapping.status, mapping.body.code]).toEqual([409, 'E-IMPORT-FILE-GONE']);
  });

  test('each night, what a crash left and what nobody applied goes', async () => {
    const waiting = await previewed(app, manager, { content: dwellings(aRow()) });
    const old = await previewed(app, manager, { content: dwellings(aRow({ rent: 'x' })) });
    await app.database.owner.query(
      `update platform.batches set created_at = now() - interval '100 days' where id = $1`,
      [old.id],
    );
    const orphan = `${app.services.uploadFolder}/0197fd6a-0000-7000-8000-000000000001.upload`;
    fs.writeFileSync(orphan, 'x');
    fs.utimesSync(orphan, new Date(0), new Date(0));
    await clearImports.run({
      database: app.database,
      organisationIds: [agency],
      uploadFolder: app.services.uploadFolder,
    } as never);
    expect([fs.existsSync(orphan), uploads().includes(`${old.id}.upload`)]).toEqual([false, false]);
    expect(uploads()).toContain(`${waiting.id}.upload`);
    expect((await app.as(manager).get(`/imports/${old.id}`)).body.state).toBe('abandoned');
    expect((await app.as(manager).get(`/imports/${old.id}/rows`)).body.total).toBe(0);
  });
});

describe('the undo keeps what was touched since, and says why', () => {
  test('a dwelling changed by hand, one of which the lease ended, one with a later vacancy', async () => {
    const [touched, let_, plain] = [withContract(), withLease(), aRow()];
    const done = await applied(
      app,
      manager,
      await previewed(app, manager, { content: dwellings(touched, let_, plain) }),
    );
    await app.database.owner.query(
      `update portfolio.dwellings set rent_cents = 70000, version = version + 1 where organisation_id = $1 and reference = $2`,
      [agency, touched.reference],
    );
    const tenancy = (await app.as(manager).get('/tenancies?q=haddad')).body.items[0];
    const { version } = (await app.as(manager).get(`/tenancies/${tenancy.id}`)).body;
    const notice = await app
      .as(manager)
      .post(`/tenancies/${tenancy.id}/notice`, { givenBy: 'tenant', receivedOn: '2026-11-20', reason: null, version });
    expect(notice.status).toBe(201);

    const { reversal } = await reverted(app, manager, done.id);
    expect(reversal!.removed).toEqual({ tenancy: 0, contract: 0, dwelling: 1, household: 0, building: 1, owner: 0 });
    const reasons = new Map(reversal!.kept.map(({ kind, reference, reason }) => [`${kind} ${reference}`, reason]));
    expect(reasons.get(`dwelling ${touched.reference}`)).toBe('changed');
    expect(reasons.get(`contract C-${touched.reference}`)).toBe('linked');
    expect(reasons.get(`owner ${touched.owner}`)).toBe('linked');
    expect(reasons.get(`tenancy ${tenancy.reference}`)).toMatch(/^(changed|tenancies\.notices|allocation\.vacancies)$/);
    expect(reasons.get(`dwelling ${let_.reference}`)).toMatch(/^(changed|allocation\.vacancies)$/);
    for (const { message } of reversal!.kept) expect(message).not.toMatch(/^import\./);
    expect(await rentOf(touched.reference!)).toBe(70_000);
  });

  test('a change that was changed again stays as it is', async () => {
    const row = aRow();
    await applied(app, manager, await previewed(app, manager, { content: dwellings(row) }));
    const second = await applied(
      app,
      manager,
      await previewed(app, manager, { content: dwellings({ ...row, rent: '700' }) }),
    );
    await applied(app, manager, await previewed(app, manager, { content: dwellings({ ...row, rent: '720' }) }));
    const { reversal } = await reverted(app, manager, second.id);
    expect(reversal).toMatchObject({
      restored: { dwelling: 0 },
      kept: [{ kind: 'dwelling', reference: row.reference, reason: 'changed' }],
    });
    expect(await rentOf(row.reference!)).toBe(72_000);
  });
});

describe('two at once', () => {
  test('a double click applies once', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    const clicks = await Promise.all(
      [1, 2].map(() => app.as(manager).post(`/imports/${preview.id}/application`, { version: preview.version })),
    );
    expect(clicks.map(({ status }) => status).sort()).toEqual([201, 409]);
    // The first still holds the import, or has moved it.
    expect(['E-BUSY-01', 'E-CONFLICT-01']).toContain(clicks.find(({ status }) => status === 409)!.body.code);
    expect(await runJobs(app)).toEqual(['succeeded']);
  });

  test('two files of different dwellings are both applied; of the same, the second is refused whole and can be looked at again', async () => {
    const [same, other] = [aRow(), aRow()];
    const colleague = await app.aUser(agency, ['director']);
    const [a, b] = [
      await previewed(app, manager, { content: dwellings(same, aRow()) }),
      await previewed(app, colleague, { content: dwellings(same, other) }),
    ];
    const apart = await previewed(app, manager, { content: dwellings(aRow()) });
    for (const [user, record] of [
      [manager, a],
      [colleague, b],
      [manager, apart],
    ] as const)
      expect((await app.as(user).post(`/imports/${record.id}/application`, { version: record.version })).status).toBe(
        201,
      );
    expect(await runJobs(app, { atOnce: true })).toEqual(expect.arrayContaining(['failed', 'succeeded', 'succeeded']));
    const states = await Promise.all([a, b].map(async ({ id }) => (await app.as(manager).get(`/imports/${id}`)).body));
    const [won, lost] = states[0].state === 'applied' ? states : states.toReversed();
    expect([won.state, lost.state, lost.problem.code]).toEqual(['applied', 'previewed', 'E-IMPORT-CHANGED-SINCE']);
    const again = await app.as(manager).put(`/imports/${lost.id}/mapping`, { mapping: lost.mapping });
    expect(again.status).toBe(200);
    await runJobs(app);
    expect((await app.as(manager).get(`/imports/${lost.id}`)).body).toMatchObject({
      state: 'previewed',
      create: 1,
      unchanged: 1,
      problem: null,
    });
    expect((await app.as(manager).get(`/imports/${apart.id}`)).body.state).toBe('applied');
  });

  test('a preview that is replaced stops, and the new one counts', async () => {
    const { body } = await sendFile(app, manager, { content: dwellings(aRow()) });
    for (const street of [body.mapping.street, body.mapping.street])
      await app.as(manager).put(`/imports/${body.id}/mapping`, { mapping: { ...body.mapping, street } });
    expect(await runJobs(app)).toEqual(['cancelled', 'succeeded']);
    expect((await app.as(manager).get(`/imports/${body.id}`)).body).toMatchObject({ state: 'previewed', create: 1 });
  });
});

describe('work that is interrupted', () => {
  /** Waits until a statement of the program waits for a lock, and answers its process. */
  async function blockedProcess(): Promise<number> {
    for (let tries = 0; tries < 200; tries++) {
      const { rows } = await app.database.owner.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and usename = 'palier_app' and wait_event_type = 'Lock'`,
      );
      if (rows[0]) return rows[0].pid;
      await setTimeout(25);
    }
    throw new Error('Nothing waits');
  }

  /** Holds a table so that the work stops in its middle, and cuts its connection there. */
  async function killedAt(table: string, work: () => Promise<unknown>): Promise<void> {
    const client = await app.database.owner.connect();
    try {
      await client.query('begin');
      await client.query(`lock table ${table} in exclusive mode`);
      const running = work();
      await app.database.owner.query('select pg_terminate_backend($1)', [await blockedProcess()]);
      await running;
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  test('killed while it is applied, leaves nothing, and is applied when it is tried again', async () => {
    const row = withContract();
    const preview = await previewed(app, manager, { content: dwellings(row) });
    await app.as(manager).post(`/imports/${preview.id}/application`, { version: preview.version });
    await killedAt('portfolio.contracts', () => runJobs(app));
    for (const [table, column, value] of [
      ['owners', 'reference', row.owner],
      ['dwellings', 'reference', row.reference],
    ])
      expect(
        await one(
          `select count(*)::int from portfolio.${table} where organisation_id = $1 and ${column} = $2`,
          agency,
          value,
        ),
      ).toBe(0);
    expect((await app.as(manager).get(`/imports/${preview.id}`)).body.state).toBe('applying');
    expect(await runJobs(app)).toEqual(['succeeded']);
    expect((await app.as(manager).get(`/imports/${preview.id}`)).body.state).toBe('applied');
    expect(
      await one(
        'select count(*)::int from portfolio.contracts where organisation_id = $1 and reference = $2',
        agency,
        `C-${row.reference}`,
      ),
    ).toBe(1);
  });

  test('killed while it is undone, leaves all, and is undone when it is tried again', async () => {
    const row = withContract();
    const done = await applied(app, manager, await previewed(app, manager, { content: dwellings(row) }));
    await app.as(manager).post(`/imports/${done.id}/reversal`, { version: done.version });
    await killedAt('portfolio.owners', () => runJobs(app));
    expect(
      await one(
        'select count(*)::int from portfolio.contracts where organisation_id = $1 and reference = $2',
        agency,
        `C-${row.reference}`,
      ),
    ).toBe(1);
    expect(await runJobs(app)).toEqual(['succeeded']);
    expect((await app.as(manager).get(`/imports/${done.id}`)).body).toMatchObject({
      state: 'reverted',
      reversal: { keptTotal: 0 },
    });
  });

  test('killed while it is previewed, leaves no row, and is previewed when it is tried again', async () => {
    const { body } = await sendFile(app, manager, { content: dwellings(aRow()) });
    await app.as(manager).put(`/imports/${body.id}/mapping`, { mapping: body.mapping });
    await killedAt('exchange.staged_dwellings', () => runJobs(app));
    expect(await one('select count(*)::int from exchange.staged_dwellings where batch_id = $1', body.id)).toBe(0);
    await runJobs(app);
    expect((await app.as(manager).get(`/imports/${body.id}`)).body).toMatchObject({ state: 'previewed', create: 1 });
  });

  test('asked to stop before it begins, is as it was, and its job may be started again', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    const { body } = await app.as(manager).post(`/imports/${preview.id}/application`, { version: preview.version });
    await app.as(manager).post(`/jobs/${body.jobId}/cancellation`);
    expect(await runJobs(app)).toEqual(['cancelled']);
    expect((await app.as(manager).get(`/imports/${preview.id}`)).body).toMatchObject({
      state: 'previewed',
      can: { apply: true },
    });
    // Someone who neither asked for it nor answers for the organisation watches it, and no more.
    const reader = await app.aUser(manager.organisationId, ['reader']);
    expect((await app.as(reader).get(`/jobs/${body.jobId}`)).body.can).toEqual({ cancel: false, retry: false });
    expect((await app.as(reader).post(`/jobs/${body.jobId}/retry`)).status).toBe(403);
    await app.as(manager).post(`/jobs/${body.jobId}/retry`);
    expect(await runJobs(app)).toEqual(['succeeded']);
    expect((await app.as(manager).get(`/imports/${preview.id}`)).body.state).toBe('applied');
  });

  test('a job started again after another one was asked for does nothing, and says so', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    const { body } = await app.as(manager).post(`/imports/${preview.id}/application`, { version: preview.version });
    await app.as(manager).post(`/jobs/${body.jobId}/cancellation`);
    await runJobs(app);
    await app.as(manager).delete(`/imports/${preview.id}`);
    await app.as(manager).post(`/jobs/${body.jobId}/retry`);
    expect(await runJobs(app)).toEqual(['failed']);
    expect((await app.as(manager).get(`/jobs/${body.jobId}`)).body.problem.code).toBe('E-BATCH-01');
  });

  test('rows that a crash of the database lost are asked for again', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    await app.database.owner.query('delete from exchange.staged_dwellings where batch_id = $1', [preview.id]);
    const record = await applied(app, manager, preview);
    expect([record.state, record.problem!.code]).toEqual(['previewed', 'E-IMPORT-STAGING-LOST']);
  });
});

describe('who may', () => {
  test('another organisation sees nothing of it', async () => {
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    const stranger = await app.aUser(await app.anOrganisation('agency'), ['director', 'administrator']);
    expect((await app.as(stranger).get('/imports')).body.total).toBe(0);
    for (const path of ['', '/rows', '/wrong-rows.csv'])
      expect((await app.as(stranger).get(`/imports/${preview.id}${path}`)).status).toBe(404);
    expect((await app.as(stranger).delete(`/imports/${preview.id}`)).status).toBe(404);
    const own = await previewed(app, stranger, { content: dwellings({ ...aRow(), reference: 'D1' }) });
    expect(own).toMatchObject({ create: 1, update: 0 });
  });

  test('roles without the right are refused everywhere, and no file of theirs is kept', async () => {
    const others = roleNames.filter((role) => !['director', 'rental-manager', 'administrator'].includes(role));
    const clerk = await app.aUser(agency, [...others]);
    const preview = await previewed(app, manager, { content: dwellings(aRow()) });
    const before = uploads();
    const answers = [
      await sendFile(app, clerk, { content: dwellings(aRow()) }),
      await app.as(clerk).get('/imports'),
      await app.as(clerk).get(`/imports/${preview.id}`),
      await app.as(clerk).get(`/imports/${preview.id}/rows`),
      await app.as(clerk).get(`/imports/${preview.id}/wrong-rows.csv`),
      await app.as(clerk).get('/imports/templates/dwellings.csv'),
      await app.as(clerk).put(`/imports/${preview.id}/mapping`, { mapping: preview.mapping }),
      await app.as(clerk).post(`/imports/${preview.id}/application`, { version: preview.version }),
      await app.as(clerk).post(`/imports/${preview.id}/reversal`, { version: preview.version }),
      await app.as(clerk).delete(`/imports/${preview.id}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect(uploads()).toEqual(before);
    expect((await sendFile(app, undefined, { content: dwellings(aRow()) })).status).toBe(401);
  });
});

describe('files that cannot be imported', () => {
  const imports = () => one(`select count(*)::int from platform.batches where organisation_id = $1`, agency);

  test.each<[string, () => string | Buffer | Promise<Buffer>, string, number, string?]>([
    ['empty', () => '', 'E-IMPORT-EMPTY', 400],
    ['binary', () => Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 31) % 251)), 'E-IMPORT-UNREADABLE', 400],
    ['a PDF named .csv', () => '%PDF-1.7\nxyz', 'E-IMPORT-UNREADABLE', 400],
    ['an unclosed quote', () => 'Référence;Rue\r\n"D1;Rue\r\n', 'E-IMPORT-QUOTE', 400],
    [
      '2,000 columns',
      () => `${Array.from({ length: 2_000 }, (_, i) => `c${i}`).join(';')}\r\n`,
      'E-IMPORT-TOO-MANY-COLUMNS',
      400,
    ],
    ['a line of 1 MB', () => `Référence;Rue\r\n${'x'.repeat(1_000_000)};y\r\n`, 'E-IMPORT-LINE-LONG', 400],
    [
      'an old workbook',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'E-IMPORT-OLD-EXCEL',
      400,
    ],
    [
      'a bomb',
      () => aWorkbook([{ rows: [['A']] }], { sharedStrings: `<si><t>${'x'.repeat(1_000)}</t></si>`.repeat(50_000) }),
      'E-IMPORT-XLSX-LARGE',
      400,
    ],
    ['of another media type', () => '<p>', 'E-BODY-03', 400, 'text/html'],
  ])('%s: nothing is kept', async (_name, content, code, status, type) => {
    const before = [uploads(), await imports()];
    const answer = await sendFile(app, manager, { content: await content(), ...(type ? { type } : {}) });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail).not.toContain('problems.');
    expect([uploads(), await imports()]).toEqual(before);
  });

  test('without a body', async () => {
    const url = '/api/v1/imports?kind=dwellings&name=x.csv';
    const headers = { cookie: manager.cookie, 'palier-organisation': agency };
    const nothing = await app.server.inject({ method: 'POST', url, headers });
    expect([nothing.statusCode, nothing.json().code]).toEqual([400, 'E-IMPORT-EMPTY']);
    const json = await app.server.inject({ method: 'POST', url, headers, payload: { reference: 'D1' } });
    expect([json.statusCode, json.json().code]).toEqual([400, 'E-BODY-03']);
  });

  test('a heading alone gives no row, and nothing to apply', async () => {
    const preview = await previewed(app, manager, { content: dwellings() });
    expect(preview).toMatchObject({ state: 'previewed', rows: 0, can: { apply: false, abandon: true } });
  });

  test('a fault found below the first rows fails the preview, says where, and leaves the mapping to be changed', async () => {
    const rows = Array.from({ length: 50 }, () => aRow());
    const preview = await previewed(app, manager, { content: `${dwellings(...rows)}"D;x\r\n` });
    expect(preview).toMatchObject({
      state: 'failed',
      rows: null,
      problem: { code: 'E-IMPORT-QUOTE' },
      can: { map: true, apply: false },
    });
    expect(preview.problem!.detail).toContain('52');
  });

  test('columns that miss are named, and a column serves once', async () => {
    const { body } = await sendFile(app, manager, { content: csv('Référence;Loyer', 'D1;650') });
    expect(body.mapping).toMatchObject({ reference: 0, rent: 1, street: null });
    const refused = await app
      .as(manager)
      .put(`/imports/${body.id}/mapping`, { mapping: { ...body.mapping, rent: 0, box: 7, nothing: 1 } });
    expect(refused.status).toBe(400);
    expect(
      refused.body.fields.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`).sort(),
    ).toEqual([
      'mapping.box E-FIELD-MAX',
      'mapping.houseNumber E-FIELD-REQUIRED',
      'mapping.municipality E-FIELD-REQUIRED',
      'mapping.nothing E-FIELD-UNKNOWN',
      'mapping.postalCode E-FIELD-REQUIRED',
      'mapping.rent E-IMPORT-COLUMN-TWICE',
      'mapping.street E-FIELD-REQUIRED',
    ]);
  });

  test('rows with cells too many or too few are wrong, the others are not', async () => {
    const [good] = [aRow()];
    const text = dwellings(good, aRow()).trimEnd();
    const preview = await previewed(app, manager, { content: `${text};x\r\nD7;Rue\r\n` });
    expect(preview).toMatchObject({ rows: 3, create: 1, wrong: 2 });
    expect(preview.problems).toMatchObject([{ field: null, code: 'E-IMPORT-COLUMNS', count: 2 }]);
  });

  test('what the database cannot hold is told of its row: NUL, half characters, very long cells', async () => {
    const emoji = `${'x'.repeat(58)}🏠${'y'.repeat(200)}`;
    const preview = await previewed(app, manager, {
      content: dwellings(
        aRow({ street: 'Rue\0X' }),
        aRow({ street: `${emoji}${emoji}` }),
        aRow({ rent: emoji }),
        aRow(),
      ),
    });
    expect(preview).toMatchObject({ state: 'previewed', create: 1, wrong: 3 });
    expect(preview.problems.map(({ code }) => code)).toEqual([
      'E-IMPORT-CHARACTERS',
      'E-FIELD-LONG',
      'E-IMPORT-NUMBER',
    ]);
    const file = await app.as(manager).get(`/imports/${preview.id}/wrong-rows.csv`);
    expect(file.status).toBe(200);
  });

  test('a name that no file has is cleaned or refused', async () => {
    const answer = await sendFile(app, manager, { content: dwellings(aRow()), name: 'a\0b\r\nc.csv' });
    expect(answer.body.fileName).toBe('a b c.csv');
    expect((await sendFile(app, manager, { content: dwellings(aRow()), name: ' ' })).status).toBe(400);
  });

  test('Latin-1 and UTF-16 keep their accents', async () => {
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const row = aRow({ street: 'Rue de l’Église'.replace('’', "'") });
      const content = Buffer.from(dwellings(row), encoding);
      const done = await applied(app, manager, await previewed(app, manager, { content }));
      expect([encoding, done.encoding]).toEqual([encoding, encoding === 'latin1' ? 'windows-1252' : 'utf-16le']);
      const found = (await app.as(manager).get(`/dwellings?q=${row.reference}`)).body.items[0];
      expect(found.street).toBe("Rue de l'Église");
    }
  });

  test('a workbook: its first sheet, no formula, and what is merged is said', async () => {
    const row = aRow();
    const cells = (texts: string[]) => texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
    const keys = ['reference', 'street', 'number', 'postalCode', 'municipality', 'bedrooms'] as const;
    const line = (given: Row, rent: string) => `<row>${cells(keys.map((key) => given[key]!))}${rent}</row>`;
    const content = await aWorkbook([
      {
        name: 'Parc',
        rows:
          `<row>${cells([...keys.map((key) => headings[key]), headings.rent])}</row>` +
          line(row, '<c><v>650.5</v></c>') +
          line(aRow(), '<c><f>600+50</f><v>650</v></c>'),
        after: '<mergeCells><mergeCell ref="A9:A10"/></mergeCells>',
      },
      { name: 'Autre', rows: [['x']] },
    ]);
    const preview = await previewed(app, manager, { content, name: 'parc.xlsx', type: 'application/octet-stream' });
    expect(preview).toMatchObject({ format: 'xlsx', encoding: null, create: 1, wrong: 1 });
    expect(preview.problems).toMatchObject([{ field: 'rent', code: 'E-IMPORT-FORMULA', firstLine: 3 }]);
    expect(preview.notes.map(({ code }) => code)).toEqual(['sheets', 'merged']);
    expect((await applied(app, manager, preview)).state).toBe('applied');
    expect(await rentOf(row.reference!)).toBe(65_050);
  });
});

describe('over a real connection', () => {
  let port: number;
  beforeAll(async () => {
    await app.server.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.server.address() as net.AddressInfo).port;
  });

  const head = (length: number) =>
    [
      'POST /api/v1/imports?kind=dwellings&name=coupe.csv HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${manager.cookie}`,
      `Palier-Organisation: ${agency}`,
      'Content-Type: text/csv',
      `Content-Length: ${length}`,
      '',
      '',
    ].join('\r\n');

  /** Sends bytes and answers what comes back, until an answer is there or the connection ends. */
  function exchange(bytes: string, then: (socket: net.Socket) => void = () => undefined): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes, () => then(socket)));
      socket.on('data', (data) => {
        answer += data;
        if (answer.includes('"requestId"')) socket.destroy();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', () => undefined);
    });
  }

  test('a file cut in the middle leaves nothing', async () => {
    const before = uploads();
    await exchange(`${head(10_000)}Référence;Rue\r\n`, (socket) => void setTimeout(200).then(() => socket.destroy()));
    await vi.waitFor(() => expect(uploads()).toEqual(before));
    expect(
      (await app.as(manager).get('/imports')).body.items.map(({ fileName }: { fileName: string }) => fileName),
    ).not.toContain('coupe.csv');
  });

  test('a file that says it is too large is refused before it is sent', async () => {
    const answer = await exchange(head(600 * 1024 * 1024));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('E-IMPORT-SIZE');
  });

  test('a full disk is said to whoever sends, and nothing is left', async () => {
    const before = uploads();
    vi.spyOn(fs, 'createWriteStream').mockImplementation(((target: string) => {
      fs.writeFileSync(target, '');
      return new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })),
      });
    }) as never);
    const answer = await exchange(head(5_000_000) + 'x'.repeat(200_000));
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toContain('E-FAULT-02');
    expect(uploads()).toEqual(before);
  });
});
