import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { InjectOptions } from 'fastify';
import { newId } from '../kernel/id.ts';
import { day, type LocalDate } from '../kernel/local-date.ts';
import { loadMunicipalities } from '../modules/organisations/municipalities.ts';
import type { OrganisationKind, Role } from '../modules/organisations/rules/roles.ts';
import { fixedClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { createTestDatabase } from '../platform/database/test-database.ts';
import { testSecret } from '../platform/database/test-server.ts';
import { hashPassword } from '../platform/identity/passwords.ts';
import { buildServer } from './program.ts';

export type TestUser = { userId: string; organisationId: string; email: string; cookie: string };

/** The whole program but its port, on a database of its own, on a given day: what the HTTP tests talk to. */
export async function createTestApp(options: { today?: string } = {}) {
  const { database, ownerUrl, drop } = await createTestDatabase();
  await loadMunicipalities(database.owner);
  let today: LocalDate = day(options.today ?? '2026-11-22');
  const clock = { today: () => fixedClock(today).today() };
  const uploadFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier-uploads-'));
  const { server, api, services } = await buildServer({
    config: readConfig({ LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' }),
    database,
    secret: testSecret,
    clock,
    uploadFolder,
    baseUrl: () => 'http://localhost:4000',
  });
  await server.ready();

  /** An organisation; its name is enough to tell it apart in a test. */
  async function anOrganisation(
    kind: OrganisationKind = 'agency',
    given: { name?: string; jurisdiction?: 'be-bru' | 'fr-idf'; perimeter?: unknown } = {},
  ): Promise<string> {
    const id = newId();
    const name = given.name ?? `${kind} ${id.slice(-4)}`;
    const jurisdiction = given.jurisdiction ?? (kind === 'agency' || kind === 'federation' ? 'be-bru' : 'fr-idf');
    await database.owner.query(
      `insert into organisations.organisations (id, name, short_name, jurisdiction, kind, perimeter) values ($1, $2, $2, $3, $4, $5)`,
      [id, name, jurisdiction, kind, JSON.stringify(given.perimeter ?? {})],
    );
    return id;
  }

  /** A person signed in for an organisation, with roles. */
  async function aUser(
    organisationId: string,
    roles: Role[],
    given: { password?: string; name?: string } = {},
  ): Promise<TestUser> {
    const userId = randomUUID();
    const email = `${userId.slice(0, 8)}@test.example`;
    const [givenName, familyName] = (given.name ?? 'Nadia Belkacem').split(' ');
    const token = randomBytes(24).toString('base64url');
    await database.owner.query(
      `insert into auth."user" ("id", "name", "email", "emailVerified") values ($1, $2, $3, true)`,
      [userId, `${givenName} ${familyName}`, email],
    );
    if (given.password) {
      await database.owner.query(
        `insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
         values ($1, $2, 'credential', $2, $3, now())`,
        [randomUUID(), userId, await hashPassword(given.password)],
      );
    }
    await database.owner.query(
      `insert into auth."session" ("id", "expiresAt", "token", "updatedAt", "userId") values ($1, now() + interval '1 hour', $2, now(), $3)`,
      [randomUUID(), token, userId],
    );
    await database.owner.query(
      'insert into organisations.users (id, email, given_name, family_name) values ($1, $2, $3, $4)',
      [userId, email, givenName, familyName],
    );
    await database.owner.query(
      `insert into organisations.memberships (organisation_id, user_id, roles, starts_on) values ($1, $2, $3, '2020-01-01')`,
      [organisationId, userId, roles],
    );
    const signature = createHmac('sha256', testSecret).update(token).digest('base64');
    return {
      userId,
      organisationId,
      email,
      cookie: `palier.session_token=${encodeURIComponent(`${token}.${signature}`)}`,
    };
  }

  async function relate(hostId: string, partnerId: string, kind: 'holder' | 'overseer'): Promise<void> {
    await database.owner.query(
      `insert into organisations.relations (host_id, partner_id, kind, since) values ($1, $2, $3, '2020-01-01')`,
      [hostId, partnerId, kind],
    );
  }

  async function request<Body>(
    user: TestUser | undefined,
    method: string,
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ) {
    const answer = await server.inject({
      method: method as InjectOptions['method'],
      url: `/api/v1${url}`,
      ...(payload === undefined ? {} : { payload: payload as object }),
      headers: {
        ...(user ? { cookie: user.cookie, 'palier-organisation': user.organisationId } : {}),
        'accept-language': 'fr',
        ...headers,
      },
    } as InjectOptions);
    const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, body: (isJson ? answer.json() : answer.body) as Body, headers: answer.headers };
  }

  return {
    database,
    ownerUrl,
    server,
    api,
    services,
    anOrganisation,
    aUser,
    relate,
    setToday: (next: string) => {
      today = day(next);
    },
    as: (user: TestUser | undefined, extra: Record<string, string> = {}) => ({
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
      get: <Body = any>(url: string, headers = {}) =>
        request<Body>(user, 'GET', url, undefined, { ...extra, ...headers }),
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
      post: <Body = any>(url: string, body: unknown = {}, headers = {}) =>
        request<Body>(user, 'POST', url, body, { ...extra, ...headers }),
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
      put: <Body = any>(url: string, body: unknown = {}) => request<Body>(user, 'PUT', url, body, extra),
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
      delete: <Body = any>(url: string, body?: unknown) => request<Body>(user, 'DELETE', url, body, extra),
    }),
    async close() {
      await server.close();
      await drop();
      fs.rmSync(uploadFolder, { recursive: true, force: true });
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>;
