import { sql } from 'kysely';
import { refused } from '../../../kernel/problem.ts';
import {
  addRecords,
  type BulkTable,
  changeRecords,
  knownRecords,
  recordsBefore,
  referencesTo,
  removeRecords,
  restoreRecords,
  type Sql,
  usedRecords,
} from '../../../platform/database/bulk.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { BatchScope } from './kind.ts';

/**
 * Runs a statement that must write as many records as the preview counted. Fewer means that somebody changed or added
 * one of them since: nothing of the import is then applied.
 * @throws Problem E-IMPORT-CHANGED-SINCE
 */
export async function writeExactly(tx: Tx, expected: number, statement: Sql): Promise<void> {
  const { numAffectedRows } = await statement.execute(tx);
  const written = Number(numAffectedRows ?? 0);
  if (written !== expected) throw refused('E-IMPORT-CHANGED-SINCE', { count: expected - written });
}

/** Adds as many records as the preview counted. @throws Problem E-IMPORT-CHANGED-SINCE */
export async function addExactly(
  tx: Tx,
  scope: BatchScope,
  expected: number,
  bulk: BulkTable,
  columns: readonly string[],
  rows: Sql,
): Promise<void> {
  if (expected > 0) await writeExactly(tx, expected, addRecords(bulk, scope, columns, rows));
}

/**
 * Changes as many records as the preview counted, and keeps each as it was before.
 * @param rows selection of id, version and the columns to change
 * @throws Problem E-IMPORT-CHANGED-SINCE
 */
export async function changeExactly(
  tx: Tx,
  scope: BatchScope,
  expected: number,
  bulk: BulkTable,
  columns: readonly string[],
  rows: Sql,
): Promise<void> {
  if (expected === 0) return;
  await sql`insert into exchange.changes (organisation_id, batch_id, subject_kind, subject_id, before, version)
    select ${scope.organisationId}, ${scope.batchId}, ${bulk.kind}, r.id, r.before, r.version + 1
    from (${recordsBefore(bulk, scope.organisationId, rows)}) as r`.execute(tx);
  await writeExactly(tx, expected, changeRecords(bulk, scope.organisationId, columns, rows));
}

const created = (scope: BatchScope, bulk: BulkTable) => sql`${knownRecords(bulk, scope.organisationId)} r
  where r.batch_id = ${scope.batchId}`;

/** Opens the list of what an undo keeps: by record, the first reason found. */
export const openKept = sql`create temporary table kept (subject_kind text, subject_id uuid, reason text,
  primary key (subject_kind, subject_id)) on commit drop`;

const keep = (bulk: BulkTable, reason: string, ids: Sql) => sql`
  insert into kept (subject_kind, subject_id, reason) select ${bulk.kind}, id, ${reason} from (${ids}) as found on conflict do nothing`;

/**
 * Notes which records the import created were changed since, or are used by what came after: the reason is then the
 * table that refers to them.
 */
export async function keepUsed(tx: Tx, scope: BatchScope, bulk: BulkTable): Promise<void> {
  const changedSince = sql`select r.id from ${created(scope, bulk)} and r.version <> coalesce(
    (select c.version from exchange.changes c
      where c.organisation_id = r.organisation_id and c.batch_id = r.batch_id and c.subject_kind = ${bulk.kind}
        and c.subject_id = r.id), 1)`;
  await keep(bulk, 'changed', changedSince).execute(tx);
  for (const reference of await referencesTo(tx, bulk)) {
    await keep(bulk, reference.table, usedRecords(bulk, scope, reference)).execute(tx);
  }
}

/** Keeps a created record because another one that stays goes with it. @param link joins `r`, the record, to `o`, the other */
export const keepLinked = (scope: BatchScope, bulk: BulkTable, other: BulkTable, link: Sql): Sql =>
  keep(
    bulk,
    'linked',
    sql`select r.id from ${created(scope, bulk)} and exists (
      select 1 from ${knownRecords(other, scope.organisationId)} o
      join kept k on k.subject_kind = ${other.kind} and k.subject_id = o.id
      where ${link})`,
  );

/** What the import changed of a table, as it was before. */
const changed = (scope: BatchScope, bulk: BulkTable) => sql`exchange.changes c
  where c.organisation_id = ${scope.organisationId} and c.batch_id = ${scope.batchId} and c.subject_kind = ${bulk.kind}
    and c.before is not null`;

const isKept = sql`exists (select 1 from kept k where k.subject_kind = c.subject_kind and k.subject_id = c.subject_id)`;

/** Notes which records the import changed were changed again since. */
export const keepChanged = (scope: BatchScope, bulk: BulkTable): Sql => sql`
  insert into kept (subject_kind, subject_id, reason)
  select ${bulk.kind}, c.subject_id, 'changed' from ${changed(scope, bulk)}
    and not exists (select 1 from ${knownRecords(bulk, scope.organisationId)} r
      where r.id = c.subject_id and r.version = c.version)
  on conflict do nothing`;

/**
 * Puts back the records the import changed, but those kept, as they were before it. Earlier imports that had left a record
 * as it now is again learn its new version, so that they too can be undone.
 * @param columns those the import may have changed
 * @returns how many
 */
export async function restoreChanged(
  tx: Tx,
  scope: BatchScope,
  bulk: BulkTable,
  columns: readonly string[] = bulk.columns,
): Promise<number> {
  const rows = sql`select c.subject_id as id, c.version, c.before from ${changed(scope, bulk)} and not ${isKept}`;
  const { numAffectedRows } = await restoreRecords(bulk, scope.organisationId, columns, rows).execute(tx);
  const restored = sql`(select r.id, r.version + 1 as version, (r.before->>'version')::int as before,
    (r.before->>'batch_id')::uuid as creator from (${rows}) as r)`;
  await sql`update exchange.changes earlier set version = r.version from ${restored} r
    where earlier.organisation_id = ${scope.organisationId} and earlier.batch_id <> ${scope.batchId}
      and earlier.subject_kind = ${bulk.kind} and earlier.subject_id = r.id and earlier.version = r.before`.execute(tx);
  await sql`insert into exchange.changes (organisation_id, batch_id, subject_kind, subject_id, before, version)
    select i.organisation_id, i.id, ${bulk.kind}, r.id, null, r.version from ${restored} r
    join exchange.imports i on i.organisation_id = ${scope.organisationId} and i.id = r.creator
    where r.before = 1
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Identifiers of the records the import changed, as a selection. */
export const changedIds = (scope: BatchScope, bulk: BulkTable): Sql =>
  sql`select c.subject_id from ${changed(scope, bulk)}`;

/** Removes the records the import created, but those kept, and what finds them. @returns how many */
export async function removeCreated(tx: Tx, scope: BatchScope, bulk: BulkTable): Promise<number> {
  const kept = sql`select subject_id from kept where subject_kind = ${bulk.kind}`;
  const { rows } = await removeRecords(bulk, scope, kept).execute(tx);
  return rows[0]!.count;
}

/** What is kept, each by the reference a person knows it by. */
export const listKept = (scope: BatchScope, tables: readonly BulkTable[], limit: number) => {
  const lists = tables.map(
    (bulk) => sql`
      select k.subject_kind as kind, k.subject_id as id, r.${sql.ref(bulk.reference)} as reference, k.reason
      from kept k join ${knownRecords(bulk, scope.organisationId)} r on r.id = k.subject_id
      where k.subject_kind = ${bulk.kind}`,
  );
  return sql<{ kind: string; id: string; reference: string; reason: string }>`
    select kind, id, reference, reason from (${sql.join(lists, sql` union all `)}) as listed
    order by kind, reference limit ${limit}`;
};
