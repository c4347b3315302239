import { open } from 'node:fs/promises';
import type { ProblemParams } from '../../../kernel/problem.ts';
import { invalid } from '../../../kernel/problem.ts';
import { type FileForm, openFile } from './open-file.ts';
import { detectEncoding, detectSeparator } from './text-form.ts';
import { describeWorkbook, mostColumns } from './xlsx-rows.ts';

export type Note = { code: string; params: ProblemParams };

export type Inspection = { form: FileForm; header: string[]; sample: string[][]; notes: Note[] };

const sampleRows = 20;

/**
 * Finds out what a file is, from its content and not from its name, and reads its heading and first rows.
 * @param isUtf8 whether the whole of it is valid UTF-8
 * @throws Problem E-IMPORT-EMPTY; E-IMPORT-UNREADABLE neither a text nor a workbook; E-IMPORT-OLD-EXCEL;
 *   E-IMPORT-TOO-MANY-COLUMNS; E-IMPORT-QUOTE; E-IMPORT-LINE-LONG; E-IMPORT-XLSX-LARGE
 */
export async function inspectFile(path: string, isUtf8: boolean): Promise<Inspection> {
  const head = await readHead(path, 65_536);
  if (head.length === 0) throw invalid('E-IMPORT-EMPTY');
  const { form, notes } = await formOf(path, head, isUtf8);
  const sample: string[][] = [];
  let header: string[] | undefined;
  for await (const { cells } of openFile(path, form)) {
    if (cells.length > mostColumns) throw invalid('E-IMPORT-TOO-MANY-COLUMNS', { maximum: mostColumns });
    const texts = cells.map(legible);
    if (header) sample.push(texts);
    else header = texts.map((heading) => heading.trim());
    if (sample.length === sampleRows) break;
  }
  if (!header) throw invalid('E-IMPORT-EMPTY');
  return { form, header: withoutEmptyEnd(header), sample, notes };
}

async function formOf(path: string, head: Buffer, isUtf8: boolean): Promise<{ form: FileForm; notes: Note[] }> {
  if (head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))) {
    const { sheetName, sheets } = await describeWorkbook(path);
    return {
      form: { format: 'xlsx' },
      notes: sheets > 1 ? [{ code: 'sheets', params: { sheets, name: sheetName } }] : [],
    };
  }
  if (head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) throw invalid('E-IMPORT-OLD-EXCEL');
  const encoding = detectEncoding(head, isUtf8);
  if (!encoding) throw invalid('E-IMPORT-UNREADABLE');
  const text = new TextDecoder(encoding).decode(head);
  const firstLine = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '') ?? '';
  // Pages and data of programs are text too, and often carry the name of a table.
  if (/^\s*(?:<(?:!doctype|html|\?xml|table)|%PDF-|[{[]\s*["{[])/i.test(text)) throw invalid('E-IMPORT-UNREADABLE');
  return { form: { format: 'csv', encoding, separator: detectSeparator(firstLine) }, notes: [] };
}

/** What no column of the database may hold is shown as the sign of an illegible character. */
const legible = (cell: string | number): string => String(cell).replaceAll('\0', '\ufffd').toWellFormed();

async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Separators at the end of every line make columns without a name: they are none. */
function withoutEmptyEnd(header: string[]): string[] {
  const last = header.findLastIndex((heading) => heading !== '');
  return header.slice(0, last + 1);
}
