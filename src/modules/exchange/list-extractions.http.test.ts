import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';

let app: TestApp;
let reader: TestUser;
let colleague: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  const agency = await app.anOrganisation('agency');
  reader = await app.aUser(agency, ['reader']);
  colleague = await app.aUser(agency, ['rental-manager']);
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['rental-manager']);
});
afterAll(() => app.close());

const extractionsOf = async (user: TestUser) => (await app.as(user).get('/extractions')).body;

test('names the lists one may see, with their columns, and no other', async () => {
  const { lists } = await extractionsOf(reader);
  const names = lists.map(({ name }: { name: string }) => name);
  expect(names).toContain('portfolio.dwellings');
  // A reader does not import: the list of imports is not theirs to extract.
  expect(names).not.toContain('exchange.imports');
  expect((await extractionsOf(colleague)).lists.map(({ name }: { name: string }) => name)).toContain(
    'exchange.imports',
  );
  const dwellings = lists.find(({ name }: { name: string }) => name === 'portfolio.dwellings');
  expect(dwellings.label).toBe('Logements');
  expect(dwellings.columns).toContain('Référence');
});

test('lists what one extracted oneself, and not what others did', async () => {
  await app.as(reader).get('/extractions/portfolio.owners?format=json');
  await app.as(colleague).get('/extractions/portfolio.contracts?format=csv');
  // A file is written down once it has left whole.
  await vi.waitFor(async () =>
    expect((await extractionsOf(reader)).latest).toEqual([
      expect.objectContaining({
        list: 'portfolio.owners',
        label: 'Propriétaires',
        format: 'json',
        rows: 0,
        complete: true,
      }),
    ]),
  );
  expect((await extractionsOf(stranger)).latest).toEqual([]);
});

test('is for those who are signed in', async () => {
  expect((await app.as(undefined).get('/extractions')).status).toBe(401);
});
