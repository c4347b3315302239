import { createHash } from 'node:crypto';
import { type CompiledQuery, sql } from 'kysely';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import type { Database, Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import type { Jurisdiction, listMunicipalities } from './contract.ts';
import type { OrganisationKind, Role } from './rules/roles.ts';

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export type OrganisationChoice = {
  id: string;
  name: string;
  shortName: string;
  kind: OrganisationKind;
  jurisdiction: Jurisdiction;
  /** Codes guard the account of the person: the same on each row. */
  twoFactor: boolean;
};

/** The organisations the holder of a session may choose from. */
export const organisationsOfSession = (token: string, today: LocalDate): CompiledQuery<OrganisationChoice> =>
  sql<OrganisationChoice>`select organisation_id as id, name, short_name as "shortName", kind, jurisdiction,
      two_factor as "twoFactor"
    from organisations.of_session(${token}, ${today}::date)`.compile(statements);

/** Delegations received that run today. */
export const delegationsReceived = (today: LocalDate) =>
  sql<{ fromUserId: string; fromName: string; endsOn: string }>`
    select d.from_user_id as "fromUserId", u.given_name || ' ' || u.family_name as "fromName", d.ends_on as "endsOn"
    from organisations.delegations d join organisations.users u on u.id = d.from_user_id
    where d.organisation_id = platform.organisation_id() and d.to_user_id = platform.user_id()
      and d.starts_on <= ${today}::date and d.ends_on >= ${today}::date and d.revoked_at is null
    order by d.ends_on`.compile(statements);

/** Whether the actor wants the reminders of the morning by mail. */
export const mailPreference = () =>
  sql<{ reminders: boolean }>`select reminder_mail as reminders from organisations.users
    where id = platform.user_id()`.compile(statements);

export type MemberRow = {
  userId: string;
  givenName: string;
  familyName: string;
  email: string;
  roles: Role[];
  title: string | null;
  startsOn: string;
  endsOn: string | null;
  version: number;
};

const memberColumns = [
  'm.user_id as userId',
  'u.given_name as givenName',
  'u.family_name as familyName',
  'u.email',
  'm.roles',
  'm.title',
  'm.starts_on as startsOn',
  'm.ends_on as endsOn',
  'm.version',
] as const;

export const members = (organisationId: string) =>
  statements
    .selectFrom('organisations.memberships as m')
    .innerJoin('organisations.users as u', 'u.id', 'm.user_id')
    .select(memberColumns)
    .where('m.organisation_id', '=', organisationId)
    .orderBy('u.family_name')
    .orderBy('u.given_name')
    .compile() as CompiledQuery<MemberRow>;

export async function findMember(tx: Tx, organisationId: string, userId: string): Promise<MemberRow | undefined> {
  const row = await tx
    .selectFrom('organisations.memberships as m')
    .innerJoin('organisations.users as u', 'u.id', 'm.user_id')
    .select(memberColumns)
    .where('m.organisation_id', '=', organisationId)
    .where('m.user_id', '=', userId)
    .executeTakeFirst();
  return row as MemberRow | undefined;
}

export type PeopleExtras = {
  invitations: { id: string; email: string; givenName: string; familyName: string; roles: Role[]; expiresAt: string }[];
  delegations: {
    id: string;
    fromUserId: string;
    fromName: string;
    toUserId: string;
    toName: string;
    roles: Role[];
    startsOn: string;
    endsOn: string;
    reason: string;
  }[];
};

/** Invitations waiting and delegations not over, as one row. */
export const peopleExtras = (organisationId: string, today: LocalDate) =>
  sql<PeopleExtras>`select
      coalesce((select json_agg(json_build_object('id', i.id, 'email', i.email, 'givenName', i.given_name,
          'familyName', i.family_name, 'roles', i.roles, 'expiresAt', i.expires_at) order by i.created_at)
        from organisations.invitations i where i.organisation_id = ${organisationId}
          and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()), '[]') as invitations,
      coalesce((select json_agg(json_build_object('id', d.id, 'fromUserId', d.from_user_id,
          'fromName', f.given_name || ' ' || f.family_name, 'toUserId', d.to_user_id,
          'toName', t.given_name || ' ' || t.family_name, 'roles', d.roles, 'startsOn', d.starts_on,
          'endsOn', d.ends_on, 'reason', d.reason) order by d.starts_on)
        from organisations.delegations d
        join organisations.users f on f.id = d.from_user_id
        join organisations.users t on t.id = d.to_user_id
        where d.organisation_id = ${organisationId} and d.revoked_at is null and d.ends_on >= ${today}::date), '[]') as delegations`.compile(
    statements,
  );

export type OrganisationRow = {
  id: string;
  name: string;
  kind: OrganisationKind;
  jurisdiction: Jurisdiction;
  registrationNumber: string | null;
  address: string | null;
  email: string | null;
  phone: string | null;
  settings: {
    key: string;
    layer: string;
    value: unknown;
    validFrom: string;
    reason: string | null;
    decidedBy: string;
    fixedBy: string | null;
    source: string | null;
  }[];
  providers: { id: string; name: string; issuer: string; clientId: string; active: boolean }[];
};

/** The organisation with every value chosen for its settings, the oldest first, and its identity providers, as one row. */
export const organisationRecord = (organisationId: string) =>
  sql<OrganisationRow>`select o.id, o.name, o.kind, o.jurisdiction, o.registration_number as "registrationNumber",
      o.address, o.email, o.phone,
      coalesce((select json_agg(json_build_object('key', s.key, 'layer', s.layer, 'value', s.value, 'validFrom', s.valid_from,
          'reason', s.reason, 'decidedBy', coalesce(s.fixed_by_name, u.given_name || ' ' || u.family_name, s.decided_by),
          'fixedBy', s.fixed_by_name, 'source', s.source) order by s.valid_from)
        from organisations.settings s left join organisations.users u on u.id = s.decided_by
        where s.organisation_id = ${organisationId}), '[]') as settings,
      coalesce((select json_agg(json_build_object('id', p.id, 'name', p.name, 'issuer', p.issuer,
          'clientId', p.client_id, 'active', p.active) order by p.name)
        from organisations.identity_providers p where p.organisation_id = ${organisationId}), '[]') as providers
    from organisations.organisations o where o.id = ${organisationId}`.compile(statements);

export type InvitationFound = {
  organisation_id: string;
  id: string;
  organisation_name: string;
  email: string;
  given_name: string;
  family_name: string;
  language: string;
  known_user_id: string | null;
};

export async function findInvitation(database: Database, token: string): Promise<InvitationFound | undefined> {
  const { rows } = await sql<InvitationFound>`select * from organisations.find_invitation(${hashToken(token)})`.execute(
    database.app,
  );
  return rows[0];
}

export type ProviderRow = { id: string; name: string; issuer: string; client_id: string; client_secret: Buffer };

export async function signInProviders(database: Database): Promise<ProviderRow[]> {
  const { rows } = await sql<ProviderRow>`select * from organisations.sign_in_providers()`.execute(database.app);
  return rows;
}

/** The municipalities of the country of an organisation's jurisdiction. */
export const municipalities = (organisationId: string) =>
  sql<ReplyOf<typeof listMunicipalities>['items'][number]>`
    select m.code, m.name_fr as "nameFr", m.name_nl as "nameNl", m.department, m.territory, m.territory_name as "territoryName",
      m.postal_codes as "postalCodes"
    from organisations.municipalities m
    where m.country = (select case jurisdiction when 'be-bru' then 'BE' else 'FR' end
      from organisations.organisations where id = ${organisationId})
    order by m.name_fr`.compile(statements);

/** The reservation holders an organisation works with today. */
export const partners = (organisationId: string, today: LocalDate) =>
  sql<{ id: string; name: string; kind: OrganisationKind; since: string }>`
    select o.id, o.name, o.kind, r.since
    from organisations.relations r
    join organisations.organisations o on o.id = r.partner_id
    where r.host_id = ${organisationId} and r.kind = 'holder' and r.since <= ${today}::date
      and (r.until is null or r.until >= ${today}::date)
    order by o.name`.compile(statements);
