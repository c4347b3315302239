import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { forbidden, invalid, notFound } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { findMember } from '../queries.ts';
import type { Role } from '../rules/roles.ts';

/** Lends one's own roles, or some of them, to a colleague for a time. Roles received by delegation cannot be lent on. */
export async function delegate(
  tx: Tx,
  actor: Actor,
  delegation: { toUserId: string; roles: Role[]; startsOn: LocalDate; endsOn: LocalDate; reason: string },
): Promise<{ id: string }> {
  if (actor.onBehalfOf) throw forbidden('E-DELEGATION-02');
  const missing = delegation.roles.find((role) => !actor.roles.includes(role));
  if (missing) throw invalid('E-DELEGATION-01', { role: missing });
  if (delegation.toUserId === actor.userId) throw invalid('E-DELEGATION-03');
  if (!(await findMember(tx, actor.organisationId, delegation.toUserId))) throw notFound();
  const id = newId();
  await tx
    .insertInto('organisations.delegations')
    .values({
      organisation_id: actor.organisationId,
      id,
      from_user_id: actor.userId,
      to_user_id: delegation.toUserId,
      roles: delegation.roles,
      starts_on: delegation.startsOn,
      ends_on: delegation.endsOn,
      reason: delegation.reason,
      created_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'organisations.roles-delegated',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    reason: delegation.reason,
    after: {
      to: delegation.toUserId,
      roles: delegation.roles,
      startsOn: delegation.startsOn,
      endsOn: delegation.endsOn,
    },
  });
  return { id };
}

export async function revokeDelegation(tx: Tx, actor: Actor, id: string): Promise<void> {
  const found = await tx
    .selectFrom('organisations.delegations')
    .select('from_user_id as fromUserId')
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!found) throw notFound();
  if (found.fromUserId !== actor.userId && !actor.may('organisations.manage')) throw forbidden();
  await tx
    .updateTable('organisations.delegations')
    .set({ revoked_at: new Date() })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recordEvent(tx, {
    kind: 'organisations.delegation-revoked',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
  });
}
