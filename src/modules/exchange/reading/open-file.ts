import { csvRows } from './csv-rows.ts';
import type { SourceRow } from './source-row.ts';
import type { Encoding, Separator } from './text-form.ts';
import { xlsxRows } from './xlsx-rows.ts';

/** How a file is to be read. */
export type FileForm = { format: 'csv'; encoding: Encoding; separator: Separator } | { format: 'xlsx' };

/**
 * The rows of a file of either form, its heading first.
 * @param onBytes told how far the reading is, where the form lets it be known
 * @throws Problem when the file cannot be read to its end
 */
export const openFile = (path: string, form: FileForm, onBytes?: (bytes: number) => void): AsyncGenerator<SourceRow> =>
  form.format === 'csv' ? csvRows(path, form, onBytes) : xlsxRows(path);
