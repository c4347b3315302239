import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import { invalid, notFound } from '../../../kernel/problem.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type * as contract from '../contract.ts';

type Member = BodyOf<typeof contract.registerApplication>['household']['members'][number];

/** Adds members to a household. */
export async function insertMembers(
  tx: Tx,
  actor: Actor,
  householdId: string,
  members: readonly Member[],
): Promise<void> {
  if (members.length === 0) return;
  await tx
    .insertInto('applicants.members')
    .values(
      members.map((member) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        household_id: householdId,
        family_name: member.familyName,
        given_name: member.givenName,
        birth_date: member.birthDate,
        sex: member.sex,
        relation: member.relation,
        disabled: member.disabled,
        national_number: member.nationalNumber ?? null,
      })),
    )
    .execute();
}

/** The household becomes these members. National numbers are written apart: the program may not read them to keep them. */
export async function replaceMembers(
  tx: Tx,
  actor: Actor,
  householdId: string,
  members: readonly (Member & { id?: string | null | undefined })[],
): Promise<void> {
  const known = members.flatMap((member) => (member.id ? [{ ...member, id: member.id }] : []));
  const ids = known.map(({ id }) => id);
  await sql`delete from applicants.members
    where organisation_id = ${actor.organisationId} and household_id = ${householdId} and id <> all(${ids}::uuid[])`.execute(
    tx,
  );
  const updated = await sql`update applicants.members m
    set family_name = given.family_name, given_name = given.given_name, birth_date = given.birth_date, sex = given.sex,
      relation = given.relation, disabled = given.disabled
    from jsonb_to_recordset(${JSON.stringify(
      known.map(({ id, familyName, givenName, birthDate, sex, relation, disabled }) => ({
        id,
        family_name: familyName,
        given_name: givenName,
        birth_date: birthDate,
        sex,
        relation,
        disabled,
      })),
    )}::jsonb) as given(id uuid, family_name text, given_name text, birth_date date, sex text, relation text, disabled boolean)
    where m.organisation_id = ${actor.organisationId} and m.household_id = ${householdId} and m.id = given.id`.execute(
    tx,
  );
  if (Number(updated.numAffectedRows) !== ids.length)
    throw invalid('E-REFERENCE-01', { constraint: 'member_household' });
  const renumbered = known.filter(({ nationalNumber }) => nationalNumber !== undefined);
  if (renumbered.length > 0) {
    await sql`update applicants.members m set national_number = given.number
      from jsonb_to_recordset(${JSON.stringify(renumbered.map(({ id, nationalNumber }) => ({ id, number: nationalNumber })))}::jsonb)
        as given(id uuid, number text)
      where m.organisation_id = ${actor.organisationId} and m.household_id = ${householdId} and m.id = given.id`.execute(
      tx,
    );
  }
  await insertMembers(
    tx,
    actor,
    householdId,
    members.filter((member) => !member.id),
  );
}

/** The reading is written by the database itself, in the same function that answers the number. */
export async function readNationalNumber(
  tx: Tx,
  memberId: string,
  purpose: string,
): Promise<{ nationalNumber: string | null }> {
  const { rows } = await sql<{ number: string | null }>`
    select applicants.read_national_number(${newId()}, id, ${purpose}) as number from applicants.members
    where organisation_id = platform.organisation_id() and id = ${memberId}`.execute(tx);
  if (!rows[0]) throw notFound();
  return { nationalNumber: rows[0].number };
}
