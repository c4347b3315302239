import { sql } from 'kysely';
import { knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import {
  applicationsInBulk,
  householdsInBulk,
  indexApplications,
  removeMembers,
  removeNationalNumbers,
  restoreReferenceMembers,
} from '../../../applicants/index.ts';
import type { BatchScope, Undone } from '../kind.ts';
import { changedIds, keepChanged, keepLinked, keepUsed, removeCreated, restoreChanged } from '../records.ts';

/** Those that refer to others first: the order of removal. */
export const tablesOfApplicants = [applicationsInBulk, householdsInBulk];

/**
 * Undoes an import of applicants. An application and its household go together, whether they were added or changed: one of
 * them changed or used since keeps both.
 */
export async function revertApplicants(tx: Tx, scope: BatchScope, progress: () => Promise<void>): Promise<Undone> {
  for (const bulk of tablesOfApplicants) await keepChanged(scope, bulk).execute(tx);
  await keepPairs(
    scope,
    'household',
    sql`k.subject_kind = 'application' and k.subject_id = a.id`,
    sql`a.household_id`,
  ).execute(tx);
  await keepPairs(
    scope,
    'application',
    sql`k.subject_kind = 'household' and k.subject_id = a.household_id`,
    sql`a.id`,
  ).execute(tx);
  const changedMembers = sql`
    select c.subject_id as id, c.before, c.version from exchange.changes c
    where c.organisation_id = ${scope.organisationId} and c.batch_id = ${scope.batchId} and c.subject_kind = 'member'
      and not exists (select 1 from kept k where k.subject_kind = 'household' and k.subject_id = (c.before->>'household_id')::uuid)`;
  await restoreReferenceMembers(
    scope.organisationId,
    sql`select id, before->>'family_name' as family_name, before->>'given_name' as given_name,
      (before->>'birth_date')::date as birth_date, before->>'sex' as sex from (${changedMembers}) as m`,
  ).execute(tx);
  await removeNationalNumbers(
    scope.organisationId,
    sql`select id from (${changedMembers}) as m where version = 1`,
  ).execute(tx);
  const restored: Record<string, number> = {};
  for (const bulk of tablesOfApplicants) restored[bulk.kind] = await restoreChanged(tx, scope, bulk);
  await progress();

  for (const bulk of tablesOfApplicants) await keepUsed(tx, scope, bulk);
  await keepLinked(scope, applicationsInBulk, householdsInBulk, sql`o.id = r.household_id`).execute(tx);
  await keepLinked(scope, householdsInBulk, applicationsInBulk, sql`o.household_id = r.id`).execute(tx);
  await progress();

  const removed: Record<string, number> = {};
  removed.application = await removeCreated(tx, scope, applicationsInBulk);
  await progress();
  await removeMembers(scope, goneHouseholds(scope)).execute(tx);
  removed.household = await removeCreated(tx, scope, householdsInBulk);
  await progress();
  await indexApplications(scope.organisationId, changedIds(scope, applicationsInBulk)).execute(tx);
  return { removed, restored };
}

/** Of a changed household and its application, keeps the one when the other is kept. */
const keepPairs = (scope: BatchScope, kind: string, condition: Sql, id: Sql) => sql`
  insert into kept (subject_kind, subject_id, reason)
  select ${kind}::text, ${id}, 'linked'
  from exchange.changes c
  join applicants.application_cards a on a.organisation_id = c.organisation_id and a.id = c.subject_id
  join kept k on ${condition}
  where c.organisation_id = ${scope.organisationId} and c.batch_id = ${scope.batchId} and c.subject_kind = 'application'
    and c.before is not null
  on conflict do nothing`;

const goneHouseholds = (scope: BatchScope) => sql`
  select r.id from ${knownRecords(householdsInBulk, scope.organisationId)} r
  where r.batch_id = ${scope.batchId}
    and not exists (select 1 from kept k where k.subject_kind = 'household' and k.subject_id = r.id)`;
