import { csvRows } from './csv-rows.ts';
import type { SourceRow } from './source-row.ts';
import type { Encoding, Separator } from './text-form.ts';
import { xlsxRows } from './xlsx-rows.ts';

/** How a file is to be read. */
export type FileForm = { format: 'csv'; encoding: Encoding; separator: Separator } | { format: 'xlsx' };

/** What is learnt of a file while its rows are read. */
export type Follow = {
  /** How far the reading is, in bytes of the file, where its form lets it be known. */
  onBytes?(bytes: number): void;
  /** At the end: how many groups of cells are merged. */
  onMerged?(groups: number): void;
};

/**
 * The rows of a file of either form, its heading first.
 * @throws Problem when the file cannot be read to its end
 */
export const openFile = (path: string, form: FileForm, follow: Follow = {}): AsyncGenerator<SourceRow> =>
  form.format === 'csv' ? csvRows(path, form, follow.onBytes) : xlsxRows(path, follow.onMerged);
