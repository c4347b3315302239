import { sql } from 'kysely';
import type { Sql } from '../../../platform/database/bulk.ts';

/**
 * The same value twice in the file, where it must be there once: every row after the first is wrong.
 * @param among which rows to look at
 */
export const duplicates = (column: string, field: string, among: Sql = sql`true`): Sql => sql`
  select line, ${field}::text as field, 'E-IMPORT-DUPLICATE' as code, jsonb_build_object('line', first) as params
  from (select line, min(line) over (partition by ${sql.ref(column)}) as first
    from incoming where ${sql.ref(column)} is not null and ${among}) as same
  where first < line`;

/**
 * Rows that say something else of the thing they share (an owner, a building) than the first row that says it. The
 * grouping finds the few keys that contradict themselves; only their rows are compared one by one.
 * @param attributes field → column
 */
export function contradictions(key: string, attributes: Record<string, string>): Sql {
  const columns = Object.values(attributes);
  const differs = sql.join(
    columns.map((column) => sql`min(${sql.ref(column)}) <> max(${sql.ref(column)})`),
    sql` or `,
  );
  const compared = Object.entries(attributes).map(
    ([field, column]) => sql`
      select line, ${field}::text as field, 'E-IMPORT-DIFFERS' as code, jsonb_build_object('line', first) as params
      from (select line, ${sql.ref(column)} as value, first_value(${sql.ref(column)}) over same as first_value,
          first_value(line) over same as first
        from incoming where ${sql.ref(key)} in (select key from torn) and ${sql.ref(column)} is not null
        window same as (partition by ${sql.ref(key)} order by line)) as told
      where value <> first_value`,
  );
  return sql`select * from (
    with torn as materialized (select ${sql.ref(key)} as key from incoming where ${sql.ref(key)} is not null
      group by 1 having ${differs})
    ${sql.join(compared, sql` union all `)}) as contradictions`;
}

/** Writes down the problems that the checks find among the rows. */
export const noteProblems = (checks: readonly Sql[]): Sql => sql`
  update incoming as i set problems = coalesce(i.problems, '[]') || found.list
  from (select line, jsonb_agg(jsonb_build_object('field', field, 'code', code, 'params', params)) as list
    from (${sql.join(checks, sql` union all `)}) as checked group by line) as found
  where i.line = found.line`;
