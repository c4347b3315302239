import { sql } from 'kysely';
import type { LocalDate } from '../../kernel/local-date.ts';
import { forbidden } from '../../kernel/problem.ts';
import type { Language } from '../../kernel/schemas.ts';
import type { BatchStatement } from '../database/batch.ts';

/** Who acts: a person, in an organisation, with the roles it gave, perhaps on behalf of a colleague. */
export type Actor = {
  userId: string;
  email: string;
  givenName: string;
  familyName: string;
  language: Language;
  organisationId: string;
  organisationName: string;
  organisationKind: string;
  jurisdiction: string;
  modules: string[];
  roles: string[];
  onBehalfOf: string | null;
  sessionId: string;
  may(permission: string): boolean;
  /** Everything the actor may do: screens show no more. */
  permissions(): string[];
};

/** Which roles hold a permission; the modules' access tables, put together by the program. */
export type Permissions = ReadonlyMap<string, readonly string[]>;

export type SessionRow = {
  user_id: string;
  email: string;
  given_name: string;
  family_name: string;
  language: Language;
  organisation_id: string;
  organisation_name: string;
  organisation_kind: string;
  jurisdiction: string;
  modules: string[];
  roles: string[];
  on_behalf_of: string | null;
  session_id: string;
};

export type SessionRequest = {
  token: string;
  organisationId: string | null;
  onBehalfOf: string | null;
  requestId: string;
  today: LocalDate;
};

const openSessionText = 'select * from organisations.open_session($1, $2::uuid, $3, $4, $5::date)';

/** The statement that finds the session and sets the actor of the transaction it runs in. */
export function openSession(request: SessionRequest): BatchStatement<SessionRow> {
  return {
    sql: openSessionText,
    parameters: [request.token, request.organisationId, request.onBehalfOf, request.requestId, request.today],
  };
}

export const openSessionIn = (request: SessionRequest) =>
  sql<SessionRow>`select * from organisations.open_session(${request.token}, ${request.organisationId}::uuid,
    ${request.onBehalfOf}, ${request.requestId}, ${request.today}::date)`;

export function actorOf(row: SessionRow, permissions: Permissions): Actor {
  const may = (permission: string) => row.roles.some((role) => permissions.get(permission)?.includes(role) ?? false);
  return {
    userId: row.user_id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    language: row.language,
    organisationId: row.organisation_id,
    organisationName: row.organisation_name,
    organisationKind: row.organisation_kind,
    jurisdiction: row.jurisdiction,
    modules: row.modules,
    roles: row.roles,
    onBehalfOf: row.on_behalf_of,
    sessionId: row.session_id,
    may,
    permissions: () => [...permissions.keys()].filter(may),
  };
}

/** @throws Problem E-ACCESS-01 when none of the actor's roles holds the permission */
export function requirePermission(actor: Actor, permission: string): void {
  if (permission !== 'session' && !actor.may(permission)) throw forbidden('E-ACCESS-01', { permission });
}
