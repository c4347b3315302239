import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { formatDay } from '../../../kernel/format.ts';
import { newId } from '../../../kernel/id.ts';
import { dayIn, type LocalDate } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import type { Language } from '../../../kernel/schemas.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Database, Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { requireGoodPassword } from '../../../platform/identity/identity.ts';
import { hashPassword } from '../../../platform/identity/passwords.ts';
import { queueMail } from '../../../platform/mail/mail.ts';
import { translate } from '../../../platform/messages.ts';
import { findInvitation, hashToken } from '../queries.ts';
import { type Role, rolesFor } from '../rules/roles.ts';

const daysToAccept = 14;

/** Invites a person. The secret of the link is shown once, to be sent; the database keeps its hash. */
export async function invitePerson(
  tx: Tx,
  actor: Actor,
  person: { email: string; givenName: string; familyName: string; roles: Role[]; language: string },
): Promise<{ id: string; token: string; expiresAt: string }> {
  requireKnownRoles(actor.organisationKind, person.roles);
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(Date.now() + daysToAccept * 86_400_000).toISOString();
  const id = newId();
  await tx
    .insertInto('organisations.invitations')
    .values({
      organisation_id: actor.organisationId,
      id,
      email: person.email,
      given_name: person.givenName,
      family_name: person.familyName,
      roles: person.roles,
      language: person.language,
      token_hash: hashToken(token),
      expires_at: expiresAt,
      created_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'organisations.person-invited',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    after: { email: person.email, roles: person.roles },
  });
  return { id, token, expiresAt };
}

/** Writes to the person invited, in the language chosen for them: who invites, where to accept, until when. */
export async function mailInvitation(
  tx: Tx,
  actor: Actor,
  invitation: { email: string; givenName: string; language: Language; path: string; expiresAt: string },
): Promise<void> {
  const { email, givenName, language, path, expiresAt } = invitation;
  const t = translate(language);
  const organisation = actor.organisationName;
  await queueMail(tx, actor.organisationId, {
    to: email,
    language,
    subject: t('mail.invitation.subject', { organisation }),
    content: {
      greeting: t('mail.greeting', { name: givenName }),
      paragraphs: [
        t('mail.invitation.says', { inviter: `${actor.givenName} ${actor.familyName}`, organisation }),
        t('mail.invitation.expires', { until: formatDay(dayIn('Europe/Brussels', new Date(expiresAt)), language) }),
      ],
      link: { label: t('mail.invitation.accept'), path },
      notes: [t('mail.invitation.unexpected')],
    },
  });
}

export async function revokeInvitation(tx: Tx, actor: Actor, id: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('organisations.invitations')
    .set({ revoked_at: new Date() })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound();
  await recordEvent(tx, {
    kind: 'organisations.invitation-revoked',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
  });
}

/** Makes the account of an invited person, or adds the organisation to the account the person has already. */
export async function acceptInvitation(database: Database, token: string, password: string, today: LocalDate) {
  const invitation = await findInvitation(database, token);
  if (!invitation) throw notFound('E-INVITATION-01');
  if (!invitation.known_user_id) requireGoodPassword(password);
  const client = await database.auth.connect();
  try {
    await client.query('begin');
    const userId = invitation.known_user_id ?? (await createAccount(client, invitation, password));
    await client.query('select organisations.accept_invitation($1, $2, $3::date)', [hashToken(token), userId, today]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    if ((error as pg.DatabaseError).code === 'P0002') throw notFound('E-INVITATION-01');
    throw error;
  } finally {
    client.release();
  }
  return { email: invitation.email };
}

async function createAccount(
  client: pg.PoolClient,
  person: { email: string; given_name: string; family_name: string },
  password: string,
): Promise<string> {
  const userId = randomUUID();
  await client.query(
    `insert into auth."user" ("id", "name", "email", "emailVerified", "twoFactorEnabled") values ($1, $2, $3, true, false)`,
    [userId, `${person.given_name} ${person.family_name}`, person.email.toLowerCase()],
  );
  await client.query(
    `insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
     values ($1, $2, 'credential', $2, $3, now())`,
    [randomUUID(), userId, await hashPassword(password)],
  );
  return userId;
}

/** @throws Problem E-ROLE-01 for a role this kind of organisation does not know */
export function requireKnownRoles(organisationKind: string, given: readonly Role[]): void {
  const unknown = given.find((role) => !rolesFor(organisationKind).includes(role));
  if (unknown) throw invalid('E-ROLE-01', { role: unknown });
}

/** Changes the roles of a person, or the day they end. Someone who manages must remain. */
export async function updateMember(
  tx: Tx,
  actor: Actor,
  userId: string,
  change: { roles: Role[]; title: string | null; endsOn: LocalDate | null; version: number },
  today: LocalDate,
): Promise<void> {
  requireKnownRoles(actor.organisationKind, change.roles);
  const before = await tx
    .selectFrom('organisations.memberships')
    .select(['roles', 'ends_on as endsOn', 'version'])
    .where('organisation_id', '=', actor.organisationId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw notFound();
  if (before.version !== change.version) throw conflict('E-CONFLICT-01');
  await tx
    .updateTable('organisations.memberships')
    .set({ roles: change.roles, title: change.title, ends_on: change.endsOn, version: change.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('user_id', '=', userId)
    .execute();
  const managers = await tx
    .selectFrom('organisations.memberships')
    .select('user_id')
    .where('organisation_id', '=', actor.organisationId)
    .where((eb) => eb.or([eb('ends_on', 'is', null), eb('ends_on', '>=', today)]))
    .where((eb) => eb('roles', '&&', eb.val(['administrator', 'director'])))
    .limit(1)
    .executeTakeFirst();
  if (!managers) throw refused('E-ROLE-02');
  await recordEvent(tx, {
    kind: 'organisations.member-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    before: { userId, roles: before.roles, endsOn: before.endsOn },
    after: { userId, roles: change.roles, endsOn: change.endsOn },
  });
}
