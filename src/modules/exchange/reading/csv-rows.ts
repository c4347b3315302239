import fs from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { invalid } from '../../../kernel/problem.ts';
import type { SourceRow } from './source-row.ts';
import type { Encoding, Separator } from './text-form.ts';

/** Characters a row may have: beyond, a quote was opened and never closed, or the file is no table. */
const longestRow = 500_000;

/**
 * The rows of a text file, its heading first, decoded and parsed as it is read.
 * @param onBytes told how far the reading is, in bytes of the file
 * @throws Problem E-IMPORT-QUOTE a quote is never closed; E-IMPORT-LINE-LONG a row is beyond measure
 */
export async function* csvRows(
  path: string,
  form: { encoding: Encoding; separator: Separator },
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<SourceRow> {
  const file = fs.createReadStream(path, { highWaterMark: 64 * 1024 });
  const parser = parse({
    bom: true,
    delimiter: form.separator,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quote in the middle of a cell is a quote: « APT "B" ».
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    on_record: (cells, { lines }) => ({ cells, line: lines }) as never,
  });
  // The parser reads UTF-8 by itself.
  if (form.encoding === 'utf-8') pipeline(file, parser, () => undefined);
  else pipeline(file, decoderOf(form.encoding), parser, () => undefined);
  let end = 0;
  let counted = 0;
  try {
    for await (const { cells, line } of parser as AsyncIterable<SourceRow>) {
      // The parser counts the two characters of a line break within quotes as two lines.
      const breaks = line - counted > 1 ? lineBreaks(cells) : { lines: 0, pairs: 0 };
      end += line - counted - breaks.pairs;
      counted = line;
      onBytes(file.bytesRead);
      if (cells.some((cell) => String(cell).trim() !== '')) yield { line: end - breaks.lines, cells };
    }
  } catch (error) {
    throw problemOf(error, end + 1);
  } finally {
    file.destroy();
    parser.destroy();
  }
}

function decoderOf(encoding: Encoding) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  };
}

/** Line breaks within the cells of a row, and how many of them are pairs of characters. */
function lineBreaks(cells: SourceRow['cells']): { lines: number; pairs: number } {
  const breaks = cells.flatMap((cell) => String(cell).match(/\r\n|\n|\r/g) ?? []);
  return { lines: breaks.length, pairs: breaks.filter((written) => written.length === 2).length };
}

function problemOf(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  return invalid(error.code === 'CSV_MAX_RECORD_SIZE' ? 'E-IMPORT-LINE-LONG' : 'E-IMPORT-QUOTE', { line });
}
