import { sql } from 'kysely';
import { refused } from '../../../kernel/problem.ts';
import { addRecords, type BulkTable, changeRecords, knownRecords, type Sql } from '../../../platform/database/bulk.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { BatchScope } from './kind.ts';

/**
 * Runs a statement that must write as many records as the preview counted. Fewer means that somebody changed or added
 * one of them since: nothing of the import is then applied.
 * @throws Problem E-IMPORT-CHANGED-SINCE
 */
async function writeExactly(tx: Tx, expected: number, statement: Sql): Promise<void> {
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
    select ${scope.organisationId}, ${scope.batchId}, ${bulk.kind}, k.id, to_jsonb(k), k.version + 1
    from (${rows}) as r join ${knownRecords(bulk, scope.organisationId)} k on k.id = r.id and k.version = r.version`.execute(
    tx,
  );
  await writeExactly(tx, expected, changeRecords(bulk, scope.organisationId, columns, rows));
}

/** A foreign key to a table of records. */
type Reference = { table: string; column: string; hasBatch: boolean };

/** Who refers to a record, from the catalog: a table added later is known without anybody thinking of it. */
async function referencesTo(tx: Tx, table: string): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select c.conrelid::regclass::text as "table", a.attname as "column",
      exists (select 1 from pg_attribute b where b.attrelid = c.conrelid and b.attname = 'batch_id') as "hasBatch"
    from pg_constraint c
    cross join lateral unnest(c.conkey) as k(place)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.place and a.attname <> 'organisation_id'
    where c.contype = 'f' and c.confrelid = ${table}::regclass
    order by 1, 2`.execute(tx);
  return rows;
}

const created = (scope: BatchScope, bulk: BulkTable) => sql`${sql.table(bulk.table)} r
  where r.organisation_id = ${scope.organisationId} and r.batch_id = ${scope.batchId}`;

/** Opens the list of what an undo keeps: by record, the first reason found. */
export const openKept = sql`create temporary table kept (subject_kind text, subject_id uuid, reason text,
  primary key (subject_kind, subject_id)) on commit drop`;

const keep = (bulk: BulkTable, reason: string, records: Sql) => sql`
  insert into kept (subject_kind, subject_id, reason) select ${bulk.kind}, r.id, ${reason} from ${records} on conflict do nothing`;

/**
 * Notes which records the import created were changed since, or are used by what came after: the reason is then the
 * table that refers to them.
 */
export async function keepUsed(tx: Tx, scope: BatchScope, bulk: BulkTable): Promise<void> {
  await keep(
    bulk,
    'changed',
    sql`${created(scope, bulk)} and r.version <> coalesce((select c.version from exchange.changes c
      where c.organisation_id = r.organisation_id and c.batch_id = r.batch_id and c.subject_kind = ${bulk.kind}
        and c.subject_id = r.id), 1)`,
  ).execute(tx);
  for (const { table, column, hasBatch } of await referencesTo(tx, bulk.table)) {
    await keep(
      bulk,
      table,
      sql`${created(scope, bulk)} and exists (select 1 from ${sql.table(table)} u
        where u.organisation_id = r.organisation_id and u.${sql.ref(column)} = r.id
          ${hasBatch ? sql`and u.batch_id is distinct from r.batch_id` : sql``})`,
    ).execute(tx);
  }
}

/** Keeps a created record because another one that stays goes with it. @param link joins `r`, the record, to `o`, the other */
export const keepLinked = (scope: BatchScope, bulk: BulkTable, other: BulkTable, link: Sql): Sql =>
  keep(
    bulk,
    'linked',
    sql`${created(scope, bulk)} and exists (select 1 from ${sql.table(other.table)} o
      join kept k on k.subject_kind = ${other.kind} and k.subject_id = o.id
      where o.organisation_id = r.organisation_id and ${link})`,
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
    and not exists (select 1 from ${sql.table(bulk.table)} r
      where r.organisation_id = c.organisation_id and r.id = c.subject_id and r.version = c.version)
  on conflict do nothing`;

/**
 * Puts back the records the import changed, but those kept, as they were before it. Their version goes forward all the
 * same: whoever has one on screen is told that it changed. Earlier imports that had left a record as it now is again
 * learn its new version, so that they too can be undone.
 * @param columns those the import may have changed
 * @returns how many
 */
export async function restoreChanged(
  tx: Tx,
  scope: BatchScope,
  bulk: BulkTable,
  columns: readonly string[] = bulk.columns,
): Promise<number> {
  const values = sql.join(columns.map((column) => sql`${sql.ref(column)} = b.${sql.ref(column)}`));
  const { numAffectedRows } = await sql`
    update ${sql.table(bulk.table)} r set ${values}, version = r.version + 1
    from exchange.changes c, jsonb_populate_record(null::${sql.table(bulk.table)}, c.before) b
    where c.organisation_id = ${scope.organisationId} and c.batch_id = ${scope.batchId} and c.subject_kind = ${bulk.kind}
      and c.before is not null and r.organisation_id = c.organisation_id and r.id = c.subject_id and r.version = c.version
      and not ${isKept}`.execute(tx);
  const restored = sql`(select c.subject_id as id, c.version + 1 as version, (c.before->>'version')::int as before,
    (c.before->>'batch_id')::uuid as creator from ${changed(scope, bulk)} and not ${isKept})`;
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
  const { rows } = await sql<{ count: number }>`
    with removed as (
      delete from ${created(scope, bulk)}
        and not exists (select 1 from kept k where k.subject_kind = ${bulk.kind} and k.subject_id = r.id)
      returning r.id),
    unfound as (
      delete from platform.search_documents s using removed
      where s.organisation_id = ${scope.organisationId} and s.kind = ${bulk.kind} and s.id = removed.id)
    select count(*)::int as count from removed`.execute(tx);
  return rows[0]!.count;
}

/** What is kept, each by the reference a person knows it by. */
export const listKept = (scope: BatchScope, tables: readonly BulkTable[], limit: number) => {
  const lists = tables.map(
    (bulk) => sql`
      select k.subject_kind as kind, k.subject_id as id, r.${sql.ref(bulk.reference)} as reference, k.reason
      from kept k join ${sql.table(bulk.table)} r on r.organisation_id = ${scope.organisationId} and r.id = k.subject_id
      where k.subject_kind = ${bulk.kind}`,
  );
  return sql<{ kind: string; id: string; reference: string; reason: string }>`
    select kind, id, reference, reason from (${sql.join(lists, sql` union all `)}) as listed
    order by kind, reference limit ${limit}`;
};
