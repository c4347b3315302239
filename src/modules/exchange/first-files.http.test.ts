import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brusselsFiles } from '../../../e2e/files/make-files.ts';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { applied, previewed, reverted, sendFile } from './test-imports.ts';

/** What an agency does the day it comes: its dwellings, its register, then the first notice. */

const folder = path.join(import.meta.dirname, '../../../e2e/files');
const content = (name: string) => fs.readFileSync(path.join(folder, name));

let app: TestApp;
let manager: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  manager = await app.aUser(await app.anOrganisation('agency'), ['rental-manager']);
});
afterAll(() => app.close());

test.each(Object.keys(brusselsFiles))('%s is what its code makes', (name) =>
  expect(content(name).toString()).toBe(brusselsFiles[name]!()),
);

test('every column but the remarks is recognised, though none has our name', async () => {
  for (const [kind, name, left] of [
    ['dwellings', 'brussels-dwellings.csv', ['Remarques']],
    ['applicants', 'brussels-applicants.csv', ['Suivi par']],
  ] as const) {
    const { body } = await sendFile(app, manager, { kind, content: content(name) });
    const mapped = new Set(Object.values(body.mapping));
    expect(body.header.filter((_: string, place: number) => !mapped.has(place))).toEqual(left);
  }
});

test('dwellings with their running leases, then the register: the first notice finds its candidates', async () => {
  const stock = await previewed(app, manager, { content: content('brussels-dwellings.csv') });
  expect(stock).toMatchObject({ rows: 40, create: 37, wrong: 3 });
  expect(stock.problems.map(({ field, code, firstLine }) => [firstLine, field, code]).sort()).toEqual([
    [10, 'rent', 'E-IMPORT-NUMBER'],
    [28, 'contractReference', 'E-IMPORT-DUPLICATE'],
    [28, 'reference', 'E-IMPORT-DUPLICATE'],
    [40, 'ownerIban', 'E-IBAN-01'],
  ]);
  const stockDone = await applied(app, manager, stock);
  expect(stockDone.counts!.records).toMatchObject({
    owner: { create: 10 },
    building: { create: 8 },
    contract: { create: 37 },
  });

  const register = await previewed(app, manager, { kind: 'applicants', content: content('brussels-applicants.csv') });
  expect(register).toMatchObject({ rows: 120, create: 116, wrong: 4 });
  expect(register.problems.map(({ field, code, firstLine }) => [firstLine, field, code])).toEqual([
    [22, 'nationalNumber', 'E-NISS-01'],
    [49, 'birthDate', 'E-IMPORT-SHORT-YEAR'],
    [76, 'registeredOn', 'E-IMPORT-BEFORE'],
    [103, 'familyName', 'E-IMPORT-REQUIRED'],
  ]);
  await applied(app, manager, register);
  const { total } = (await app.as(manager).get('/applications?state=incomplete')).body;
  expect(total).toBe(6);

  const vacant = (await app.as(manager).get('/dwellings?occupancy=void&sort=reference')).body.items;
  expect(vacant.map(({ reference }: { reference: string }) => reference)).toEqual(['L-018', 'L-032']);
  const tenancy = (await app.as(manager).get('/tenancies')).body.items[0];
  const { version } = (await app.as(manager).get(`/tenancies/${tenancy.id}`)).body;
  const notice = await app
    .as(manager)
    .post(`/tenancies/${tenancy.id}/notice`, { givenBy: 'tenant', receivedOn: '2026-03-10', reason: null, version });
  expect(notice.status).toBe(201);
  const vacancy = (await app.as(manager).get('/vacancies')).body.items[0];
  const { candidates } = (await app.as(manager).get(`/vacancies/${vacancy.id}/ranking`)).body;
  expect(candidates.length).toBeGreaterThan(3);

  const { reversal } = await reverted(app, manager, stockDone.id);
  expect(reversal!.removed).toMatchObject({ dwelling: 36, tenancy: 34, contract: 36 });
  expect(reversal!.kept.map(({ kind, reason }) => [kind, reason])).toContainEqual([
    'tenancy',
    expect.stringMatching(/./),
  ]);
});
