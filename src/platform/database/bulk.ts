import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './connection.ts';

// biome-ignore lint/suspicious/noExplicitAny: a statement or a part of one, of any rows
export type Sql = RawBuilder<any>;

/**
 * A table whose records may be written many at once by a higher module: published by the module that owns it, which says
 * by this what may be told of a record and what stands where nothing is told.
 */
export type BulkTable = {
  /** Kind of record, as timelines and the search name it. */
  kind: string;
  table: string;
  /** Column that a person knows the record by. */
  reference: string;
  /** Columns that may be told of a record, new or known. */
  columns: readonly string[];
  /** Columns told of new records only, besides the reference. */
  ofNew?: readonly string[];
  /** What stands in a new record for a column that is not told; null otherwise. */
  defaults?: Readonly<Record<string, string | number | boolean>>;
};

/** The work by which records are written many at once. */
export type BulkWork = { organisationId: string; batchId: string };

/**
 * Until the end of the transaction, tables are joined whole rather than row by row: of an organisation whose rows are being
 * written the planner knows none, takes them for one, and would read all of them again for each.
 */
export const joinWhole = sql`set local enable_nestloop = off`;

/** The records of an organisation, as a part of a statement to join: their reference, version and what may be told of them. */
export const knownRecords = (bulk: BulkTable, organisationId: string): Sql => sql`
  (select organisation_id, id, version, batch_id, ${names([bulk.reference, ...bulk.columns, ...(bulk.ofNew ?? [])])}
    from ${sql.table(bulk.table)} where organisation_id = ${organisationId})`;

/**
 * Adds records. One that is there already is left out: whoever needs all of them compares the number written.
 * @param told columns of `rows`, `id` and reference among them; a null stands for the default
 */
export function addRecords(bulk: BulkTable, from: BulkWork, told: readonly string[], rows: Sql): Sql {
  const values = told.map((column) => {
    const standing = bulk.defaults?.[column];
    return standing === undefined
      ? sql`r.${sql.ref(column)}`
      : sql`coalesce(r.${sql.ref(column)}, ${sql.lit(standing)})`;
  });
  return sql`insert into ${sql.table(bulk.table)} (organisation_id, batch_id, ${names(allowed(bulk, told))})
    select ${from.organisationId}, ${from.batchId}, ${sql.join(values)} from (${rows}) as r
    on conflict do nothing`;
}

/**
 * Changes records that are still at the version told. A null leaves what is known.
 * @param told columns of `rows` to change; `rows` has `id` and `version` too
 */
export function changeRecords(bulk: BulkTable, organisationId: string, told: readonly string[], rows: Sql): Sql {
  const changes = allowed(bulk, told).map(
    (column) => sql`${sql.ref(column)} = coalesce(r.${sql.ref(column)}, k.${sql.ref(column)})`,
  );
  return sql`update ${sql.table(bulk.table)} k set ${sql.join(changes)}, version = k.version + 1 from (${rows}) as r
    where k.organisation_id = ${organisationId} and k.id = r.id and k.version = r.version`;
}

/**
 * Records as they are now, to be put back so one day: `before`, the whole record, beside `id` and `version`.
 * @param rows selection of id and version; a record at another version is left out
 */
export const recordsBefore = (bulk: BulkTable, organisationId: string, rows: Sql): Sql => sql`
  select k.id, k.version, to_jsonb(k) as before from ${sql.table(bulk.table)} k join (${rows}) as r on r.id = k.id and r.version = k.version
  where k.organisation_id = ${organisationId}`;

/**
 * Puts records that are still at the version told back as they were. Their version goes forward all the same: whoever has
 * one on screen is told that it changed.
 * @param columns those to put back
 * @param rows selection of id, version and before
 */
export function restoreRecords(bulk: BulkTable, organisationId: string, columns: readonly string[], rows: Sql): Sql {
  const changes = allowed(bulk, columns).map((column) => sql`${sql.ref(column)} = b.${sql.ref(column)}`);
  return sql`update ${sql.table(bulk.table)} k set ${sql.join(changes)}, version = k.version + 1
    from (${rows}) as r, jsonb_populate_record(null::${sql.table(bulk.table)}, r.before) b
    where k.organisation_id = ${organisationId} and k.id = r.id and k.version = r.version`;
}

/**
 * Removes records a work added, and what finds them.
 * @param kept selection of the identifiers of those that stay
 */
export const removeRecords = (bulk: BulkTable, { organisationId, batchId }: BulkWork, kept: Sql) =>
  sql<{ count: number }>`with removed as (
      delete from ${sql.table(bulk.table)} where organisation_id = ${organisationId} and batch_id = ${batchId} and id not in (${kept})
      returning id),
    unfound as (
      delete from platform.search_documents s using removed
      where s.organisation_id = ${organisationId} and s.kind = ${bulk.kind} and s.id = removed.id)
    select count(*)::int as count from removed`;

/** A foreign key to a table of records. */
export type Reference = { table: string; column: string; hasBatch: boolean };

/** Who refers to the records of a table, from the catalog: a table added later is known without anybody thinking of it. */
export async function referencesTo(tx: Tx, bulk: BulkTable): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select c.conrelid::regclass::text as "table", a.attname as "column",
      exists (select 1 from pg_attribute b where b.attrelid = c.conrelid and b.attname = 'batch_id') as "hasBatch"
    from pg_constraint c
    cross join lateral unnest(c.conkey) as k(place)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.place and a.attname <> 'organisation_id'
    where c.contype = 'f' and c.confrelid = ${bulk.table}::regclass
    order by 1, 2`.execute(tx);
  return rows;
}

/** Identifiers of the records a work added to which something it did not add refers by this key. */
export const usedRecords = (bulk: BulkTable, { organisationId, batchId }: BulkWork, by: Reference): Sql => sql`
  select r.id from ${sql.table(bulk.table)} r
  where r.organisation_id = ${organisationId} and r.batch_id = ${batchId}
    and exists (select 1 from ${sql.table(by.table)} u
      where u.organisation_id = r.organisation_id and u.${sql.ref(by.column)} = r.id
        ${by.hasBatch ? sql`and u.batch_id is distinct from r.batch_id` : sql``})`;

function allowed(bulk: BulkTable, told: readonly string[]): readonly string[] {
  const known = new Set(['id', bulk.reference, ...bulk.columns, ...(bulk.ofNew ?? [])]);
  const other = told.find((column) => !known.has(column));
  if (other) throw new Error(`${bulk.table} does not take ${other} in bulk`);
  return told;
}

const names = (columns: readonly string[]): Sql => sql.join(columns.map((column) => sql.ref(column)));

/**
 * Makes many records findable at once.
 * @param documents a selection of organisation_id, kind, id, title, subtitle and keywords, these folded
 */
export const indexAllForSearch = (documents: Sql): Sql => sql`
  insert into platform.search_documents (organisation_id, kind, id, title, subtitle, keywords) ${documents}
  on conflict (organisation_id, kind, id) do update
    set title = excluded.title, subtitle = excluded.subtitle, keywords = excluded.keywords`;
