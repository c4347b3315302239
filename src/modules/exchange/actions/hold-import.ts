import { conflict, notFound } from '../../../kernel/problem.ts';
import { type BatchState, type HeldBatch, holdBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { RecordCounts } from '../kinds/kind.ts';
import type { FileForm } from '../reading/open-file.ts';
import type { DateOrder } from '../rules/cells.ts';
import type { ImportKindName, Mapping } from '../rules/fields.ts';

export type ImportCounts = {
  rows: number;
  create: number;
  update: number;
  unchanged: number;
  wrong: number;
  records: RecordCounts;
};

export type HeldImport = {
  id: string;
  kind: ImportKindName;
  fileName: string;
  storedAs: string | null;
  size: number;
  header: string[];
  form: FileForm;
  mapping: Mapping;
  dateOrder: DateOrder;
  jobId: string | null;
  state: BatchState;
  version: number;
  counts: ImportCounts;
};

/**
 * Where an import stands when the work on it ended without a word: stopped while it waited, or given up after a fault.
 * Nothing was then written, and the import is where that work would have started; a preview given up is failed.
 */
export function stateBehind(state: BatchState, jobState: string | null): BatchState {
  if (state === 'preparing' && jobState === 'failed') return 'failed';
  const isOver = jobState === 'cancelled' || jobState === 'failed';
  if (isOver && state === 'applying') return 'previewed';
  return isOver && state === 'reverting' ? 'applied' : state;
}

/**
 * Holds an import for the rest of the transaction. The work on it waits its turn; a person who asks while it runs, or while
 * another asks, is told at once.
 * @throws Problem E-NOT-FOUND-01; E-BUSY-01; E-CONFLICT-01 when it is no longer at the version told
 */
export async function holdImport(
  tx: Tx,
  organisationId: string,
  importId: string,
  { wait, version }: { wait: boolean; version?: number },
): Promise<HeldImport> {
  const batch: HeldBatch = await holdBatch(tx, organisationId, importId, 'import', { wait });
  if (version !== undefined && version !== batch.version) throw conflict('E-CONFLICT-01', { version: batch.version });
  const row = await tx
    .selectFrom('exchange.imports as i')
    .leftJoin('platform.jobs as j', (join) =>
      join.onRef('j.organisation_id', '=', 'i.organisation_id').onRef('j.id', '=', 'i.job_id'),
    )
    .select('j.state as job_state')
    .select([
      'i.id',
      'i.kind',
      'i.file_name',
      'i.stored_as',
      'i.size',
      'i.format',
      'i.encoding',
      'i.separator',
      'i.header',
      'i.mapping',
      'i.date_order',
      'i.job_id',
    ])
    .where('i.organisation_id', '=', organisationId)
    .where('i.id', '=', importId)
    .executeTakeFirst();
  if (!row) throw notFound();
  return {
    id: row.id,
    kind: row.kind as ImportKindName,
    fileName: row.file_name,
    storedAs: row.stored_as,
    size: row.size,
    header: row.header,
    form:
      row.format === 'xlsx'
        ? { format: 'xlsx' }
        : ({ format: 'csv', encoding: row.encoding, separator: row.separator } as FileForm),
    mapping: row.mapping as Mapping,
    dateOrder: row.date_order as DateOrder,
    jobId: row.job_id,
    state: stateBehind(batch.state, row.job_state),
    version: batch.version,
    counts: batch.counts as ImportCounts,
  };
}
