import { sql } from 'kysely';
import { knownRecords } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import { householdsInBulk } from '../../../applicants/index.ts';
import {
  buildingsInBulk,
  contractsInBulk,
  dwellingsInBulk,
  indexDwellings,
  indexOwners,
  ownersInBulk,
  restoreOccupancy,
} from '../../../portfolio/index.ts';
import { tenanciesInBulk } from '../../../tenancies/index.ts';
import type { BatchScope, Undone } from '../kind.ts';
import { changedIds, keepChanged, keepLinked, keepUsed, removeCreated, restoreChanged } from '../records.ts';

/** Those that refer to others first: the order of removal. */
export const tablesOfDwellings = [
  tenanciesInBulk,
  contractsInBulk,
  dwellingsInBulk,
  householdsInBulk,
  buildingsInBulk,
  ownersInBulk,
];

/**
 * Undoes an import of dwellings. A dwelling, its contract, its lease and the household of that lease stay or go together:
 * one of them changed or used since keeps all four.
 */
export async function revertDwellings(tx: Tx, scope: BatchScope, progress: () => Promise<void>): Promise<Undone> {
  const restored: Record<string, number> = {};
  for (const bulk of [contractsInBulk, dwellingsInBulk, buildingsInBulk, ownersInBulk]) {
    await keepChanged(scope, bulk).execute(tx);
    const columns = bulk.columns.filter((column) => column !== 'occupancy');
    restored[bulk.kind] = await restoreChanged(tx, scope, bulk, columns);
  }
  await progress();

  // Only now is it known what still refers to what the import created: a contract may be its former owner's again.
  for (const bulk of tablesOfDwellings) await keepUsed(tx, scope, bulk);
  const links = [
    keepLinked(scope, tenanciesInBulk, householdsInBulk, sql`o.id = r.household_id`),
    keepLinked(scope, dwellingsInBulk, tenanciesInBulk, sql`o.dwelling_id = r.id`),
    keepLinked(scope, dwellingsInBulk, contractsInBulk, sql`o.dwelling_id = r.id`),
    keepLinked(scope, tenanciesInBulk, dwellingsInBulk, sql`o.id = r.dwelling_id`),
    keepLinked(scope, contractsInBulk, dwellingsInBulk, sql`o.id = r.dwelling_id`),
    keepLinked(scope, householdsInBulk, tenanciesInBulk, sql`o.household_id = r.id`),
    keepLinked(scope, buildingsInBulk, dwellingsInBulk, sql`o.building_id = r.id`),
    keepLinked(scope, ownersInBulk, contractsInBulk, sql`o.owner_id = r.id`),
  ];
  for (const link of links) await link.execute(tx);
  await emptyAgain(scope).execute(tx);
  await progress();

  const removed: Record<string, number> = {};
  for (const bulk of tablesOfDwellings) {
    removed[bulk.kind] = await removeCreated(tx, scope, bulk);
    await progress();
  }
  await indexDwellings(scope.organisationId, changedIds(scope, dwellingsInBulk)).execute(tx);
  await indexOwners(scope.organisationId, changedIds(scope, ownersInBulk)).execute(tx);
  return { removed, restored };
}

/** A dwelling known before, which the import had let, is again as it was before the lease that now goes. */
const emptyAgain = ({ organisationId, batchId }: BatchScope) =>
  restoreOccupancy(
    organisationId,
    sql`select c.subject_id as id, c.before->>'occupancy' as occupancy
      from exchange.changes c
      join ${knownRecords(tenanciesInBulk, organisationId)} t on t.dwelling_id = c.subject_id and t.batch_id = c.batch_id
      where c.organisation_id = ${organisationId} and c.batch_id = ${batchId} and c.subject_kind = 'dwelling' and c.before is not null
        and not exists (select 1 from kept k where k.subject_kind = 'tenancy' and k.subject_id = t.id)`,
  );
