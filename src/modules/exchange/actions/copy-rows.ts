import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import type { ImportKind, RowContext } from '../kinds/kind.ts';
import type { SourceRow } from '../reading/source-row.ts';
import type { CellValue } from '../rules/cells.ts';
import type { ReadRow, RowProblem } from '../rules/read-row.ts';

/** Text sent to the database at a time. */
const portion = 128 * 1024;

/**
 * Reads rows, completes each, and copies them into the temporary table `incoming`, as fast as the slowest of file, reading
 * and database: nothing is gathered in memory.
 * @param onPortion told after each piece is ready, with the rows so far
 * @returns how many rows there were
 */
export async function copyRows(
  stream: StreamTransaction,
  kind: ImportKind,
  rows: AsyncIterable<SourceRow>,
  read: (row: SourceRow) => ReadRow,
  context: RowContext,
  onPortion: (rows: number) => Promise<void>,
): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    let text = '';
    for await (const row of rows) {
      count += 1;
      text += lineOf(kind, row, read(row), context);
      if (text.length < portion) continue;
      yield text;
      text = '';
      await onPortion(count);
    }
    yield text;
  }
  const columns = [
    'line',
    'cells',
    'problems',
    ...kind.fields.map(({ column }) => column),
    ...kind.derived.map(({ column }) => column),
  ];
  const copy = stream.client.query(copyFrom(`copy incoming (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(lines()), copy);
  return count;
}

function lineOf(kind: ImportKind, row: SourceRow, { values, problems }: ReadRow, context: RowContext): string {
  const isWhole = problems.every(({ field }) => field !== null);
  const addProblem = (problem: RowProblem) => {
    // One thing wrong with a field is enough: what follows from it would only hide it.
    if (!problems.some(({ field }) => field === problem.field)) problems.push(problem);
  };
  const derived = isWhole ? kind.derive(values, context, addProblem) : kind.derived.map(() => null);
  let line = `${row.line}\t${escaped(JSON.stringify(row.cells.map(String)))}\t`;
  line += problems.length > 0 ? escaped(JSON.stringify(problems)) : '\\N';
  for (const { name } of kind.fields) line += `\t${copied(values[name] ?? null)}`;
  for (const value of derived) line += `\t${copied(value)}`;
  return `${line}\n`;
}

/** A value in the text form of COPY. */
function copied(value: CellValue | null): string {
  if (value === null) return '\\N';
  return typeof value === 'string' ? escaped(value) : String(value);
}

const special = /[\\\t\n\r\0]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\ufffd' };

const escaped = (text: string): string =>
  special.test(text) ? text.replace(/[\\\t\n\r\0]/g, (character) => escapes[character]!) : text;
