import { sql } from 'kysely';
import type { Sql } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import {
  addNationalNumbers,
  addReferenceMembers,
  applicationsInBulk,
  changeReferenceMembers,
  householdsInBulk,
  indexApplications,
  numberApplications,
  referenceMembers,
} from '../../../applicants/index.ts';
import type { BatchScope, RecordCounts } from '../kind.ts';
import { addExactly, changeExactly } from '../records.ts';

const householdColumns = householdsInBulk.columns;
const applicationColumns = applicationsInBulk.columns;

/**
 * Writes what the rows of `plan` tell: households, their persons of reference, their applications. An application without
 * a number takes the next of its year.
 * @throws Problem E-IMPORT-CHANGED-SINCE
 */
export async function applyApplicants(
  tx: Tx,
  actor: Actor,
  scope: BatchScope,
  counts: RecordCounts,
  progress: () => Promise<void>,
): Promise<void> {
  const { organisationId } = scope;
  const { create, update } = counts.application!;
  for (const statement of numberApplications(organisationId, newApplications)) await statement.execute(tx);

  await addExactly(
    tx,
    scope,
    create,
    householdsInBulk,
    ['id', 'reference', ...householdColumns],
    newHouseholds(actor.language),
  );
  await changeExactly(tx, scope, update, householdsInBulk, householdColumns, changedHouseholds);
  await progress();

  if (create > 0) await addReferenceMembers(scope, newMembers).execute(tx);
  if (update > 0) {
    await keepMembers(scope).execute(tx);
    await changeReferenceMembers(organisationId, changedMembers).execute(tx);
    await addNationalNumbers(
      organisationId,
      sql`select member_id as id, national_number from plan where adds_national_number`,
    ).execute(tx);
  }
  await progress();

  await addExactly(
    tx,
    scope,
    create,
    applicationsInBulk,
    ['id', 'number', 'household_id', ...applicationColumns],
    registered(scope.today),
  );
  await changeExactly(tx, scope, update, applicationsInBulk, applicationColumns, changedApplications(scope.today));
  await progress();

  await indexApplications(organisationId, sql`select application_id from plan where effect <> 'unchanged'`).execute(tx);
  await progress();
}

/** What the timeline of each record shows the import under. */
export const subjectsOfApplicants: Sql = sql`
  select 'application' as kind, application_id as id from plan where effect <> 'unchanged'
  union all select 'household', household_id from plan where effect <> 'unchanged'`;

/**
 * Each registration is a decision about people: the journal gets how many there are and a fingerprint of them all, in the
 * order of their numbers, which anybody can compute again from the register.
 */
export const journalOfApplicants = ({ organisationId }: BatchScope) => sql<{ facts: Record<string, unknown> }>`
  select json_build_object('created', count(*) filter (where p.effect = 'create'), 'changed', count(*) filter (where p.effect = 'update'),
    'sha256', encode(sha256(convert_to(coalesce(string_agg(
      concat_ws('|', a.number, a.registered_on, a.bedrooms_needed, a.income_class), E'\n' order by a.number collate "C"), ''), 'UTF8')), 'hex')) as facts
  from plan p
  join applicants.application_cards a on a.organisation_id = ${organisationId} and a.id = p.application_id
  where p.effect <> 'unchanged'`;

const newApplications = sql`select application_id as id, number, received_on from plan where effect = 'create'`;

const newHouseholds = (language: string) => sql`
  select p.household_id as id, n.number as reference, p.family_name, p.given_name, coalesce(p.language, ${language}) as language, p.email,
    p.phone, p.street, p.postal_code, p.city, p.adults, p.children, p.couple and p.adults >= 2 as couple, p.disabled_adults,
    p.disabled_children, p.income_cents, p.income_year, p.income_earners
  from plan p join application_numbers n on n.id = p.application_id where p.effect = 'create'`;

const changedHouseholds = sql`
  select household_id as id, household_version as version, family_name, given_name, language, email, phone, street, postal_code, city,
    adults, children, couple, disabled_adults, disabled_children, income_cents, income_year, income_earners
  from plan where effect = 'update'`;

const newMembers = sql`
  select member_id as id, household_id, family_name, given_name, birth_date, sex, national_number from plan where effect = 'create'`;

const changedMembers = sql`select member_id as id, family_name, given_name, birth_date, sex from plan where effect = 'update'`;

/** The persons as they were; of their national number, only whether the import adds it. */
const keepMembers = (scope: BatchScope) => sql`
  insert into exchange.changes (organisation_id, batch_id, subject_kind, subject_id, before, version)
  select ${scope.organisationId}, ${scope.batchId}, 'member', m.id, to_jsonb(m), case when p.adds_national_number then 1 else 0 end
  from plan p join ${referenceMembers(scope.organisationId)} m on m.id = p.member_id
  where p.effect = 'update'`;

const state = sql`case when registered_on is null then 'incomplete' else 'active' end`;

const registered = (today: string) => sql`
  select p.application_id as id, n.number, p.household_id, ${state} as state, p.received_on, p.registered_on, p.bedrooms_needed,
    coalesce(p.adults, 1) + coalesce(p.children, 0) as persons, p.income_class, ${today}::date as income_class_on,
    p.income_steps::jsonb as income_steps, p.unique_number, p.priority_group, p.quartile
  from plan p join application_numbers n on n.id = p.application_id where p.effect = 'create'`;

/** A file that is now complete becomes active; a suspended one stays so. */
const changedApplications = (today: string) => sql`
  select p.application_id as id, p.application_version as version,
    case when p.registered_on is not null and a.state = 'incomplete' then 'active' end as state, p.received_on, p.registered_on,
    p.bedrooms_needed, case when p.bedrooms_needed is not null then h.adults + h.children end as persons, p.income_class,
    case when p.income_class is not null then ${today}::date end as income_class_on, p.income_steps::jsonb as income_steps,
    p.unique_number, p.priority_group, p.quartile
  from plan p
  join applicants.application_cards a on a.organisation_id = p.organisation_id and a.id = p.application_id
  join applicants.household_cards h on h.organisation_id = p.organisation_id and h.id = p.household_id
  where p.effect = 'update'`;
