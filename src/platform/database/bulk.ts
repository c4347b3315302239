import { type RawBuilder, sql } from 'kysely';

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

/** The records of an organisation, as a part of a statement to join: their reference, version and what may be told of them. */
export const knownRecords = (bulk: BulkTable, organisationId: string): Sql => sql`
  (select organisation_id, id, version, batch_id, ${names(bulk.reference === 'id' ? bulk.columns : [bulk.reference, ...bulk.columns])}
    from ${sql.table(bulk.table)} where organisation_id = ${organisationId})`;

/**
 * Adds records. One that is there already is left out: whoever needs all of them compares the number written.
 * @param told columns of `rows`, `id` and reference among them; a null stands for the default
 */
export function addRecords(
  bulk: BulkTable,
  from: { organisationId: string; batchId: string },
  told: readonly string[],
  rows: Sql,
): Sql {
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
