import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Endpoint } from '../kernel/endpoint.ts';
import { isId } from '../kernel/id.ts';
import { Batch } from '../platform/database/batch.ts';
import { createTestApp, type TestApp, type TestUser } from './test-app.ts';
import { aDwelling, aLineAtWork, anAgreement, aTenancy } from './test-fixtures.ts';

/** How many statements a request costs: BEGIN, COMMIT and savepoints aside, the look-up of the session included. */

let app: TestApp;
let line: Awaited<ReturnType<typeof aLineAtWork>>;
const statements: string[] = [];

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  line = await aLineAtWork(app);
  const run = Batch.run;
  vi.spyOn(Batch, 'run').mockImplementation((client, batch, prepared) => {
    statements.push(...batch.map(({ sql }) => sql));
    return run.call(Batch, client, batch, prepared);
  });
  const query = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [unknown];
    const text = typeof first === 'string' ? first : (first as { text?: string }).text;
    if (text && !/^\s*(begin|commit|rollback|savepoint|release|start transaction)/i.test(text)) statements.push(text);
    return query.apply(this, args as never) as never;
  } as never);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await app.close();
});

async function costOf(user: TestUser, method: 'get' | 'post', url: string, body?: unknown): Promise<number> {
  statements.length = 0;
  const answer = await app.as(user)[method](url, body as never);
  expect([url, answer.status < 300 || answer.body]).toEqual([url, true]);
  return statements.length;
}

/** `/vacancies/:id` → the vacancy at work. */
function pathOf({ path }: Endpoint): string {
  const parts: string[] = [];
  for (const part of path.split('/'))
    parts.push(part.startsWith(':') ? (line.ids.get(parts.at(-1)!) ?? line.ids.get(part) ?? part) : part);
  return parts.join('/');
}

/** What asks for a thing this landlord does not have, or for a word to search. */
const extras: Record<string, string> = {
  'workspace.search': '?q=candidat',
  'organisations.listMunicipalities': '?q=mont',
  'flow.listTargetAdaptations': '?agreements=01900000-0000-7000-8000-000000000000',
};

/** Neither lists nor records: what the shell asks once, and what rules compute from several facts. */
const computations: Record<string, number> = {
  'organisations.getSession': 4,
  'allocation.getOrientation': 6,
  'allocation.rankForVacancy': 5,
  // However many rows: who asks, who asks within the transaction of the stream, the rows, what is written down of it.
  'exchange.extractList': 4,
  'exchange.downloadWrongRows': 4,
  // One snapshot: who asks, twice; its isolation, the agreements, their shares, the events, what is written down of it.
  'flow.downloadJournal': 7,
};

test('a list or a record costs at most three statements', async () => {
  const costs: Record<string, number> = {};
  for (const endpoint of app.api.endpoints as Endpoint[]) {
    if (endpoint.method !== 'GET' || endpoint.permission === 'public') continue;
    const path = pathOf(endpoint);
    if (path.includes(':') || (path.split('/').length > 3 && !isId(path.split('/')[2]!))) continue;
    const person =
      endpoint.permission.startsWith('holder') || endpoint.path.startsWith('/proposals')
        ? line.holderOfficer
        : line.officer;
    const answer = await app.as(person).get(path + (extras[endpoint.id] ?? ''));
    if (answer.status === 403) continue;
    costs[endpoint.id] = await costOf(person, 'get', path + (extras[endpoint.id] ?? ''));
  }
  expect(Object.keys(costs).length).toBeGreaterThan(25);
  expect(Object.entries(costs).filter(([id, cost]) => cost > (computations[id] ?? 3))).toEqual([]);
});

test('creating costs at most twelve statements', async () => {
  const { officer } = line;
  const landlord = officer.organisationId;
  const costs: Record<string, number> = {};
  costs.owner = await costOf(officer, 'post', '/owners', {
    kind: 'person',
    reference: 'P-2',
    name: 'Jean Petit',
    language: 'fr',
  });
  const municipality = await app.anOrganisation('municipality');
  const agreementId = await anAgreement(app, landlord, municipality, { share: '0.3' });
  const dwellingId = await aDwelling(app, landlord, { municipality: '93048', rooms: 2, management: 'flow' });
  const tenancy = await aTenancy(app, landlord, dwellingId);
  costs.notice = await costOf(officer, 'post', `/tenancies/${tenancy.id}/notice`, {
    givenBy: 'tenant',
    receivedOn: '2026-03-11',
    reason: null,
    version: 1,
  });
  const vacancy = (await app.as(officer).get('/vacancies?stage=to-orient')).body.items[0];
  costs.orientation = await costOf(officer, 'post', `/vacancies/${vacancy.id}/orientation`, {
    agreementId,
    reason: 'Besoin exprimé',
    version: (await app.as(officer).get(`/vacancies/${vacancy.id}`)).body.version,
  });
  const candidate = {
    uniqueNumber: '09301261234509GDPU',
    familyName: 'Neuf',
    givenName: 'Lina',
    adults: 1,
    children: 0,
    incomeCents: 1_500_000,
    incomeYear: 2024,
    priorityGroup: null,
    quartile: 1,
    registeredOn: '2024-05-01',
  };
  const town = await app.aUser(municipality, ['holder-officer']);
  const proposal = (await app.as(town).get('/proposals')).body.items[0];
  costs.candidate = await costOf(town, 'post', `/proposals/${proposal.id}/candidates`, candidate);
  costs.session = await costOf(officer, 'post', '/sessions', {
    heldOn: '2026-03-20',
    quorum: 1,
    members: [{ name: 'Claire Morel', capacity: 'landlord', voting: true, chair: true, userId: officer.userId }],
  });
  expect(Object.entries(costs).filter(([, cost]) => cost > 12)).toEqual([]);
});
