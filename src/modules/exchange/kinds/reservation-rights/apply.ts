import { sql } from 'kysely';
import { refused } from '../../../../kernel/problem.ts';
import type { Sql } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { rightsInBulk } from '../../../flow/index.ts';
import type { BatchScope, RecordCounts, Undone } from '../kind.ts';
import { addExactly, changeExactly, keepChanged, keepUsed, removeCreated, restoreChanged } from '../records.ts';
import { rightColumns } from './preview.ts';

const columns = ['holder_id', ...rightColumns];
const told = columns.map((column) => sql.ref(column));

/**
 * Writes the lines of `plan` into the inventory they were previewed for.
 * @throws Problem E-IMPORT-CHANGED-SINCE; E-IMPORT-INVENTORY-SHARED when the inventory was shared since the preview
 */
export async function applyRights(
  tx: Tx,
  _actor: Actor,
  scope: BatchScope,
  counts: RecordCounts,
  progress: () => Promise<void>,
): Promise<void> {
  const { rows } = await sql`
    select 1 from plan p
    join flow.inventory_cards i on i.organisation_id = ${scope.organisationId} and i.id = p.inventory_id and i.state <> 'draft'
    limit 1`.execute(tx);
  if (rows.length > 0) throw refused('E-IMPORT-INVENTORY-SHARED');
  const { create, update } = counts['reservation-right']!;
  await addExactly(
    tx,
    scope,
    create,
    rightsInBulk,
    ['id', 'reference', 'inventory_id', ...columns],
    sql`select right_id as id, reference, inventory_id, ${sql.join(told)} from plan where effect = 'create'`,
  );
  await progress();
  await changeExactly(
    tx,
    scope,
    update,
    rightsInBulk,
    columns,
    sql`select right_id as id, right_version as version, ${sql.join(told)} from plan where effect = 'update'`,
  );
  await progress();
}

/** The timeline of the inventory tells of the import. */
export const subjectsOfRights: Sql = sql`
  select distinct 'inventory' as kind, inventory_id as id from plan where effect <> 'unchanged'`;

export const tablesOfRights = [rightsInBulk];

/** Undoes an import of rights. Lines of an inventory that was shared since are kept: their holders have read them. */
export async function revertRights(tx: Tx, scope: BatchScope, progress: () => Promise<void>): Promise<Undone> {
  await keepShared(scope).execute(tx);
  await keepChanged(scope, rightsInBulk).execute(tx);
  const restored = await restoreChanged(tx, scope, rightsInBulk);
  await progress();
  await keepUsed(tx, scope, rightsInBulk);
  const removed = await removeCreated(tx, scope, rightsInBulk);
  await progress();
  return { removed: { 'reservation-right': removed }, restored: { 'reservation-right': restored } };
}

const keepShared = ({ organisationId, batchId }: BatchScope) => sql`
  insert into kept (subject_kind, subject_id, reason)
  select 'reservation-right', l.id, 'shared'
  from flow.rights_shared l
  where l.organisation_id = ${organisationId}
    and (l.batch_id = ${batchId} or l.id in (select c.subject_id from exchange.changes c
      where c.organisation_id = ${organisationId} and c.batch_id = ${batchId} and c.subject_kind = 'reservation-right'))
  on conflict do nothing`;
