import { type CompiledQuery, sql } from 'kysely';
import { id } from '../../kernel/schemas.ts';
import type { BatchState } from '../../platform/batches.ts';
import type { Database } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList } from '../../platform/lists/list.ts';
import type { ImportCounts } from './actions/hold-import.ts';
import { importFilters, rowFilters } from './contract.ts';
import type { Note } from './reading/inspect-file.ts';
import type { ImportKindName, Mapping } from './rules/fields.ts';
import type { RowProblem } from './rules/read-row.ts';

/** Where an import stands: that of its batch, unless the work on it ended without a word (`stateBehind`). */
const state = sql<BatchState>`case
  when b.state = 'preparing' and j.state = 'failed' then 'failed'
  when b.state = 'applying' and j.state in ('cancelled', 'failed') then 'previewed'
  when b.state = 'reverting' and j.state in ('cancelled', 'failed') then 'applied'
  else b.state end`;

const counted = (name: string) => sql<number | null>`(b.counts->>${sql.lit(name)})::int`;

const nameOf = (column: string) =>
  sql<string>`coalesce((select u.given_name || ' ' || u.family_name from organisations.users u where u.id = ${sql.ref(column)}), 'Palier')`;

export const importList = defineList({
  name: 'exchange.imports',
  permission: 'exchange.import',
  filters: importFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('platform.batches as b')
      .innerJoin('exchange.imports as i', (join) =>
        join.onRef('i.organisation_id', '=', 'b.organisation_id').onRef('i.id', '=', 'b.id'),
      )
      .leftJoin('platform.jobs as j', (join) =>
        join.onRef('j.organisation_id', '=', 'i.organisation_id').onRef('j.id', '=', 'i.job_id'),
      )
      .select([
        'b.id',
        'i.kind',
        'i.file_name as fileName',
        state.as('state'),
        counted('rows').as('rows'),
        counted('create').as('create'),
        counted('update').as('update'),
        counted('unchanged').as('unchanged'),
        counted('wrong').as('wrong'),
        nameOf('b.created_by').as('createdBy'),
        'b.created_at as createdAt',
        'b.applied_at as appliedAt',
        'b.reverted_at as revertedAt',
      ])
      .where('b.organisation_id', '=', organisationId)
      .where('b.kind', '=', 'import');
    if (filters.kind) query = query.where('i.kind', 'in', filters.kind);
    if (filters.state) query = query.where(state, 'in', filters.state as BatchState[]);
    return query;
  },
  sorts: { created: ['b.created_at', 'b.id'] },
  defaultSort: 'created',
  columns: [
    { key: 'fileName', type: 'text' },
    { key: 'kind', type: 'word', words: 'import-kind' },
    { key: 'state', type: 'word', words: 'batch-state' },
    { key: 'rows', type: 'count' },
    { key: 'create', type: 'count' },
    { key: 'update', type: 'count' },
    { key: 'unchanged', type: 'count' },
    { key: 'wrong', type: 'count' },
    { key: 'createdBy', type: 'text' },
    { key: 'createdAt', type: 'moment' },
    { key: 'appliedAt', type: 'moment' },
    { key: 'revertedAt', type: 'moment' },
  ],
});

export type ImportRow = {
  id: string;
  kind: ImportKindName;
  fileName: string;
  state: BatchState;
  size: number;
  format: 'csv' | 'xlsx';
  encoding: 'utf-8' | null;
  separator: ';' | null;
  header: string[];
  sample: string[][];
  notes: Note[];
  mapping: Mapping;
  dateOrder: 'dmy' | 'mdy' | 'ymd';
  hasFile: boolean;
  counts: Partial<
    ImportCounts & {
      problems: { field: string | null; code: string; count: number; firstLine: number; example: RowProblem }[];
    }
  >;
  problem: { code: string; params: Record<string, string | number> } | null;
  jobId: string | null;
  job: { state: 'queued'; done: number; total: number | null } | null;
  revertReport: {
    removed: Record<string, number>;
    restored: Record<string, number>;
    kept: { kind: string; id: string; reference: string; reason: string }[];
    keptTotal: number;
  } | null;
  createdBy: string;
  createdAt: string;
  appliedBy: string | null;
  appliedAt: string | null;
  revertedBy: string | null;
  revertedAt: string | null;
  version: number;
};

export const importRecord = (organisationId: string, importId: string): CompiledQuery<ImportRow> =>
  sql<ImportRow>`
    select b.id, i.kind, i.file_name as "fileName", ${state} as state, i.size, i.format, i.encoding, i.separator, i.header, i.sample,
      i.notes, i.mapping, i.date_order as "dateOrder", i.stored_as is not null as "hasFile", b.counts,
      coalesce(i.problem, case when j.state = 'failed' then j.problem end) as problem, i.job_id as "jobId",
      case when j.id is not null then json_build_object('state', j.state, 'done', j.done, 'total', j.total) end as job,
      b.revert_report as "revertReport", ${nameOf('b.created_by')} as "createdBy", b.created_at as "createdAt",
      case when b.applied_by is not null then ${nameOf('b.applied_by')} end as "appliedBy", b.applied_at as "appliedAt",
      case when b.reverted_by is not null then ${nameOf('b.reverted_by')} end as "revertedBy", b.reverted_at as "revertedAt", b.version
    from platform.batches b
    join exchange.imports i on i.organisation_id = b.organisation_id and i.id = b.id
    left join platform.jobs j on j.organisation_id = i.organisation_id and j.id = i.job_id
    where b.organisation_id = ${organisationId} and b.id = ${importId}`.compile(statements);

/** What a page of rows needs to know of the import: how to read its cells, and how many rows there are of an effect. */
export const importOfRows = (organisationId: string, importId: string, only: string | undefined) =>
  sql<{ kind: ImportKindName; mapping: Mapping; total: number }>`
    select i.kind, i.mapping, (select count(*)::int from (
        select 1 from exchange.import_rows r
        where r.organisation_id = ${organisationId} and r.batch_id = ${importId}
          ${only === undefined ? sql`` : sql`and r.effect = ${only}`}
        limit 10001) as counted) as total
    from exchange.imports i
    where i.organisation_id = ${organisationId} and i.id = ${importId}`.compile(statements);

/** The rows of an import, in the order of the file. Not a list of its own: guarded cells leave it masked only. */
export const rowList = defineList({
  name: 'exchange.rows',
  permission: 'exchange.import',
  filters: rowFilters.extend({ importId: id }),
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('exchange.import_rows as r')
      .select(['r.line', 'r.effect', 'r.cells', 'r.problems'])
      .where('r.organisation_id', '=', organisationId)
      .where('r.batch_id', '=', filters.importId);
    if (filters.only) query = query.where('r.effect', '=', filters.only);
    return query;
  },
  sorts: { line: ['r.line'] },
  defaultSort: 'line',
  columns: [],
});

export type WrongRow = { line: number; cells: string[]; problems: RowProblem[] };

/** Wrong rows after a line, as many at a time as fit in memory without a thought. */
export const wrongRowsAfter = (organisationId: string, importId: string, line: number): CompiledQuery<WrongRow> =>
  sql<WrongRow>`
    select line, cells, problems from exchange.wrong_rows
    where organisation_id = ${organisationId} and batch_id = ${importId} and line > ${line}
    order by line limit 2000`.compile(statements);

export type ExtractionRow = {
  id: string;
  at: string;
  list: string;
  format: 'csv' | 'xlsx' | 'json';
  rows: number;
  complete: boolean;
};

/** What the reader extracted of late, the last first. */
export const latestExtractions = (organisationId: string): CompiledQuery<ExtractionRow> =>
  sql<ExtractionRow>`
    select e.id, e.at, e.after->>'list' as list, e.after->>'format' as format, (e.after->>'rows')::int as rows,
      (e.after->>'complete')::boolean as complete
    from platform.event_subjects s
    join platform.events e on e.organisation_id = s.organisation_id and e.id = s.event_id
    where s.organisation_id = ${organisationId} and s.subject_kind = 'organisation' and s.subject_id = ${organisationId}
      and s.at > now() - interval '90 days' and e.kind = 'exchange.list-extracted' and e.actor_user_id = platform.user_id()
    order by s.at desc, e.id desc limit 10`.compile(statements);

/** Files in the folder that no import waits for: what a crash left. Of all organisations at once. */
export async function orphansAmong(database: Database, names: readonly string[]): Promise<string[]> {
  const { rows } = await database.owner.query<{ name: string }>(
    `select name from unnest($1::text[]) as given(name)
     where not exists (select 1 from exchange.imports i where i.stored_as = given.name)`,
    [names],
  );
  return rows.map(({ name }) => name);
}
