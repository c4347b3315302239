import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import { type BulkTable, knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { ImportField, ImportKindName } from '../../rules/fields.ts';
import type { RowProblem, RowValues } from '../../rules/read-row.ts';
import type { BatchScope, ImportKind, RecordCounts, RowContext } from '../kind.ts';
import { addExactly, changeExactly, keepChanged, keepUsed, removeCreated, restoreChanged } from '../records.ts';

export type RegisterImport = {
  name: ImportKindName;
  fields: readonly ImportField[];
  stagingTable: string;
  bulk: BulkTable;
  /** Columns by which a record is known: told twice in a file, the second row is wrong. */
  key: readonly string[];
  /** Checks the fields of a row against each other. */
  check(values: RowValues, context: RowContext, addProblem: (problem: RowProblem) => void): void;
  example: Record<string, string>;
};

/**
 * A kind of import of which each row is one record of one table, recognised by its key: a copy of another body's register,
 * kept as that body tells it. The same file twice finds everything unchanged; a newer extraction changes what it tells anew.
 */
export function registerImport(given: RegisterImport): ImportKind {
  const { bulk, key, stagingTable } = given;
  const fixed = [bulk.reference, ...(bulk.ofNew ?? [])];
  const told = [...fixed, ...bulk.columns];
  const refs = (alias: string, columns: readonly string[]) =>
    sql.join(columns.map((column) => sql.ref(`${alias}.${column}`)));
  const sameKey = (one: string, other: string) =>
    sql.join(
      key.map((column) => sql`${sql.ref(`${one}.${column}`)} = ${sql.ref(`${other}.${column}`)}`),
      sql` and `,
    );
  const rowsTo = (effect: string, columns: readonly string[]): Sql =>
    sql`select record_id as id, record_version as version, ${refs('plan', columns)} from plan where effect = ${effect}`;

  return {
    name: given.name,
    fields: given.fields,
    stagingTable,
    derived: [{ column: 'record_id', type: 'uuid' }],
    derive(values, context, addProblem) {
      given.check(values, context, addProblem);
      return [newId()];
    },
    prepare: () => [],
    checks: () => [
      sql`select line, 'uniqueNumber'::text as field, 'E-IMPORT-DUPLICATE' as code, jsonb_build_object('line', first) as params
        from (select line, min(line) over (partition by ${refs('i', key)}) as first from incoming i
          where ${sql.join(
            key.map((column) => sql`${sql.ref(`i.${column}`)} is not null`),
            sql` and `,
          )}) as same
        where first < line`,
    ],
    async settle(stream, { organisationId, batchId }: BatchScope) {
      const changes = sql`(${sql.join(bulk.columns.map((column) => sql`coalesce(${sql.ref(`i.${column}`)}, ${sql.ref(`k.${column}`)})`))})
        is distinct from (${refs('k', bulk.columns)})`;
      await stream.run(sql`
        insert into ${sql.table(stagingTable)} (organisation_id, batch_id, line, cells, ${sql.join(told.map((column) => sql.ref(column)))},
          record_id, record_version, effect)
        select ${organisationId}, ${batchId}, i.line, i.cells, ${refs('i', told)}, coalesce(k.id, i.record_id), k.version,
          case when k.id is null then 'create' when ${changes} then 'update' else 'unchanged' end
        from incoming i
        left join ${knownRecords(bulk, organisationId)} k on ${sameKey('k', 'i')}
        where i.problems is null`);
    },
    countRecords: ({ organisationId, batchId }) => sql<{ records: RecordCounts }>`
      select json_build_object(${bulk.kind}::text, json_build_object('create', count(*) filter (where effect = 'create'),
        'update', count(*) filter (where effect = 'update'))) as records
      from ${sql.table(stagingTable)} where organisation_id = ${organisationId} and batch_id = ${batchId}`,
    async apply(tx, _actor, scope, counts, progress) {
      const { create, update } = counts[bulk.kind]!;
      await addExactly(tx, scope, create, bulk, ['id', ...told], rowsTo('create', told));
      await progress();
      await changeExactly(tx, scope, update, bulk, bulk.columns, rowsTo('update', bulk.columns));
      await progress();
    },
    subjects: sql`select null::text as kind, null::uuid as id where false`,
    async revert(tx, scope, progress) {
      await keepChanged(scope, bulk).execute(tx);
      const restored = { [bulk.kind]: await restoreChanged(tx, scope, bulk) };
      await progress();
      await keepUsed(tx, scope, bulk);
      const removed = { [bulk.kind]: await removeCreated(tx, scope, bulk) };
      await progress();
      return { removed, restored };
    },
    tables: [bulk],
    example: given.example,
  };
}
