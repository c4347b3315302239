import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import { conflict, notFound } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { indexForSearch } from '../../../platform/lists/search.ts';
import type * as contract from '../contract.ts';

type OwnerBody = BodyOf<typeof contract.createOwner>;

const columnsOf = (owner: Omit<OwnerBody, 'reference'>) => ({
  kind: owner.kind,
  name: owner.name,
  contact_name: owner.contactName,
  email: owner.email,
  phone: owner.phone,
  language: owner.language,
  street: owner.street,
  postal_code: owner.postalCode,
  city: owner.city,
  ...(owner.iban === undefined ? {} : { iban: owner.iban }),
  enterprise_number: owner.enterpriseNumber,
  note: owner.note,
});

export async function createOwner(tx: Tx, actor: Actor, owner: OwnerBody): Promise<{ id: string }> {
  const id = newId();
  await tx
    .insertInto('portfolio.owners')
    .values({ organisation_id: actor.organisationId, id, reference: owner.reference, ...columnsOf(owner) })
    .execute();
  await findable(tx, actor, id, owner.reference, owner);
  await recordEvent(tx, {
    kind: 'portfolio.owner-added',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'owner', id }],
    after: { reference: owner.reference, name: owner.name },
  });
  return { id };
}

/** @throws Problem E-CONFLICT-01 when someone changed the owner meanwhile */
export async function updateOwner(
  tx: Tx,
  actor: Actor,
  ownerId: string,
  change: BodyOf<typeof contract.updateOwner>,
): Promise<{ version: number }> {
  const before = await tx
    .selectFrom('portfolio.owners')
    .select([
      'reference',
      'kind',
      'name',
      'contact_name',
      'email',
      'phone',
      'language',
      'street',
      'postal_code',
      'city',
      'enterprise_number',
      'note',
      'version',
    ])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw notFound();
  if (before.version !== change.version) throw conflict('E-CONFLICT-01', { version: before.version });
  const { iban, ...after } = columnsOf(change);
  await tx
    .updateTable('portfolio.owners')
    .set({ ...after, ...(iban === undefined ? {} : { iban }), version: change.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', ownerId)
    .execute();
  await findable(tx, actor, ownerId, before.reference, change);
  await recordEvent(tx, {
    kind: 'portfolio.owner-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'owner', id: ownerId }],
    before: { ...before, version: undefined },
    after: { ...after, account: iban === undefined ? 'kept' : 'changed' },
  });
  return { version: change.version + 1 };
}

/** A bank account is read for a purpose, and the reading is kept. */
export async function readOwnerAccount(
  tx: Tx,
  actor: Actor,
  ownerId: string,
  purpose: string,
): Promise<{ iban: string | null }> {
  const owner = await tx
    .selectFrom('portfolio.owners')
    .select('iban')
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', ownerId)
    .executeTakeFirst();
  if (!owner) throw notFound();
  await tx
    .insertInto('platform.sensitive_reads')
    .values({
      organisation_id: actor.organisationId,
      id: newId(),
      user_id: actor.userId,
      field: 'iban',
      subject_kind: 'owner',
      subject_id: ownerId,
      purpose,
    })
    .execute();
  return owner;
}

const findable = (tx: Tx, actor: Actor, id: string, reference: string, owner: Omit<OwnerBody, 'reference'>) =>
  indexForSearch(tx, actor.organisationId, [
    {
      kind: 'owner',
      id,
      title: owner.name,
      subtitle: reference,
      keywords: [
        owner.name,
        reference,
        owner.contactName,
        owner.email,
        owner.phone,
        owner.enterpriseNumber,
        owner.city,
      ],
    },
  ]);
