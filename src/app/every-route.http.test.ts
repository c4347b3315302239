import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from '../kernel/endpoint.ts';
import { isId } from '../kernel/id.ts';
import { roleNames } from '../modules/organisations/rules/roles.ts';
import { createTestApp, type TestApp, type TestUser } from './test-app.ts';
import { aLineAtWork } from './test-fixtures.ts';
import { sampleBody, sampleQuery } from './test-samples.ts';

/** Every route, met with what it must not serve: nobody, another organisation, nonsense. */

let app: TestApp;
let strangers: TestUser[];
let people: TestUser[];
let ids: Map<string, string>;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  const line = await aLineAtWork(app);
  ids = line.ids;
  people = [line.officer, line.holderOfficer];
  strangers = [];
  for (const kind of ['agency', 'landlord', 'holder', 'municipality', 'state', 'federation'] as const) {
    const organisation = await app.anOrganisation(kind);
    strangers.push(await app.aUser(organisation, roleNames));
  }
});
afterAll(() => app.close());

const guarded = () => app.api.endpoints.filter(({ permission }) => permission !== 'public') as Endpoint[];
const withRecord = () =>
  guarded().filter(({ path }) =>
    isId(
      pathOf(path)
        .split('/')
        .at(path.split('/').findLastIndex((part) => part.startsWith(':')))!,
    ),
  );

/** The path with the records of the organisation at work: `/offers/:id/answer` → `/offers/0197…/answer`. */
function pathOf(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    const id = part.startsWith(':') ? (ids.get(parts.at(-1)!) ?? ids.get(part)) : part;
    if (id === undefined) throw new Error(`aLineAtWork has no record for ${path}`);
    parts.push(id);
  }
  return parts.join('/');
}

const send = (user: TestUser | undefined, { method, path, accepts }: Endpoint, body: unknown) => {
  const [type, payload] = accepts
    ? ['application/octet-stream', '%PDF-1.7']
    : ['application/json', JSON.stringify(body)];
  return app.server.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...(user ? { cookie: user.cookie, 'palier-organisation': user.organisationId } : {}),
      ...(payload === undefined ? {} : { 'content-type': type }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
};

test('nobody is told to sign in, everywhere', async () => {
  for (const endpoint of guarded()) {
    const answer = await send(undefined, { ...endpoint, path: pathOf(endpoint.path) }, sampleBody(endpoint));
    expect([endpoint.id, answer.statusCode]).toEqual([endpoint.id, 401]);
  }
});

test('someone of another organisation, whatever its kind and roles, finds no record of ours', async () => {
  const open: string[] = [];
  for (const endpoint of withRecord()) {
    for (const stranger of strangers) {
      const path = pathOf(endpoint.path) + sampleQuery(endpoint);
      const answer = await send(stranger, { ...endpoint, path }, sampleBody(endpoint));
      // What belongs to a record one cannot see is an empty collection, like that of a record that is not.
      if (['{"events":[]}', '{"items":[]}'].includes(answer.body)) continue;
      const { code } = answer.json();
      if (answer.statusCode !== 404 || code !== 'E-NOT-FOUND-01')
        open.push(`${endpoint.id}: ${answer.statusCode} ${answer.body.slice(0, 160)}`);
    }
  }
  expect([...new Set(open)]).toEqual([]);
});

test('lists of another organisation hold nothing of ours', async () => {
  const ours = [...ids.values()].filter(isId);
  for (const endpoint of guarded().filter(({ method, path }) => method === 'GET' && !path.includes(':'))) {
    for (const stranger of strangers) {
      const { body, statusCode } = await send(stranger, endpoint, undefined);
      expect(statusCode, endpoint.id).toBeLessThan(500);
      expect([endpoint.id, ours.filter((id) => body.includes(id))]).toEqual([endpoint.id, []]);
    }
  }
});

describe('nonsense is refused with a code, never with a fault', () => {
  const endpoints = () => (app.api.endpoints as Endpoint[]).filter(({ id }) => id !== 'organisations.signOut');

  afterEach(async () => {
    for (const person of people) expect((await app.as(person).get('/session')).status).toBe(200);
  });

  const nonsense: unknown[] = [
    null,
    [],
    'text',
    42,
    true,
    {},
    { version: -1 },
    { version: 1e308 },
    { id: '\u0000' },
    { reason: '\u0000', name: '\u0000'.repeat(3), q: '\ud800' },
    { __proto__: { admin: true } },
  ];
  test('bodies', async () => {
    for (const endpoint of endpoints()) {
      if (!sampleBody(endpoint)) continue;
      for (const body of [...nonsense, ...spoiled(sampleBody(endpoint))]) {
        for (const person of people) {
          const answer = await send(person, { ...endpoint, path: pathOf(endpoint.path) }, body);
          expect([endpoint.id, body, answer.statusCode < 500 || answer.body]).toEqual([endpoint.id, body, true]);
          if (answer.statusCode >= 400) expect(answer.json().code).toMatch(/^E-/);
        }
      }
    }
  });

  test('addresses and queries', async () => {
    const strange = [
      '%00',
      '%F0%9F%8F%A0',
      '%27%20or%201%3D1',
      '0',
      'null',
      '..%2f..%2fetc',
      'a'.repeat(3_000),
      '%ud800',
      '%c3%28',
    ];
    for (const endpoint of endpoints()) {
      for (const value of strange) {
        const paths = [
          endpoint.path.replaceAll(/:\w+/g, value),
          `${pathOf(endpoint.path)}?q=${value}&cursor=${value}&sort=${value}&limit=${value}&state=${value}&municipality=${value}`,
        ];
        for (const path of paths) {
          for (const person of people) {
            const answer = await send(person, { ...endpoint, path }, sampleBody(endpoint));
            expect([endpoint.id, path, answer.statusCode < 500 || answer.body]).toEqual([endpoint.id, path, true]);
          }
        }
      }
    }
  });
});

/** The sample with one value spoiled at a time. */
function spoiled(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.keys(body).flatMap((key) =>
    [null, '\u0000', 'x'.repeat(100_000), -1, 2 ** 53 + 2, [], {}, '2026-02-30', '9999-12-31', '0001-01-01'].map(
      (value) => ({ ...body, [key]: value }),
    ),
  );
}
