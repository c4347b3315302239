import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { invalid, Problem } from '../../../kernel/problem.ts';
import type { Cell } from '../rules/cells.ts';
import type { SourceRow } from './source-row.ts';
import { attributeOf, type XmlEvent, xmlEvents } from './xml-events.ts';
import { type ArchiveEntry, ArchiveTooLarge, readDirectory, readEntry } from './zip-archive.ts';

/** Unpacked bytes allowed: texts are kept in memory while the sheet is read, the sheet itself is not. */
const limits = { sharedStrings: 48_000_000, sheet: 2_000_000_000, small: 8_000_000 };

/** Columns a sheet may have: as many as a text file. */
export const mostColumns = 500;

export type Workbook = { sheetName: string; sheets: number };

type Parts = { entries: Map<string, ArchiveEntry>; file: FileHandle; path: string };

/**
 * The first visible sheet of a workbook, row by row. A cell that holds a formula is told as such and its last result is
 * not believed: it may be older than what it is computed from.
 * @param onMerged told at the end how many groups of cells are merged: only the first cell of a group holds a value
 * @throws Problem E-IMPORT-UNREADABLE not a workbook; E-IMPORT-XLSX-LARGE too large unpacked; E-IMPORT-TOO-MANY-COLUMNS
 */
export async function* xlsxRows(
  filePath: string,
  onMerged: (groups: number) => void = () => undefined,
): AsyncGenerator<SourceRow> {
  const file = await open(filePath, 'r');
  try {
    const parts: Parts = { entries: await readDirectory(file), file, path: filePath };
    const { target } = await firstSheet(parts);
    const texts = await sharedStrings(parts);
    const isDay = await dayStyles(parts);
    onMerged(yield* sheetRows(parts, target, texts, isDay));
  } catch (error) {
    throw asProblem(error);
  } finally {
    await file.close();
  }
}

/** What is to be said of a workbook before it is read. @throws Problem as `xlsxRows` */
export async function describeWorkbook(filePath: string): Promise<Workbook> {
  const file = await open(filePath, 'r');
  try {
    const { name, sheets } = await firstSheet({ entries: await readDirectory(file), file, path: filePath });
    return { sheetName: name, sheets };
  } catch (error) {
    throw asProblem(error);
  } finally {
    await file.close();
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof ArchiveTooLarge) return invalid('E-IMPORT-XLSX-LARGE');
  return (error as NodeJS.ErrnoException).syscall ? error : invalid('E-IMPORT-UNREADABLE');
}

/** The events of a part, some at a time; none when the workbook has no such part. */
async function* portionsOf(parts: Parts, name: string, limit: number): AsyncGenerator<XmlEvent[]> {
  const entry = parts.entries.get(name);
  if (entry) yield* xmlEvents(readEntry(parts.path, parts.file, entry, limit));
}

/** The events of a small part, one by one. */
async function* eventsOf(parts: Parts, name: string): AsyncGenerator<XmlEvent> {
  for await (const events of portionsOf(parts, name, limits.small)) yield* events;
}

async function firstSheet(parts: Parts): Promise<{ name: string; target: string; sheets: number }> {
  const targets = new Map<string, string>();
  for await (const event of eventsOf(parts, 'xl/_rels/workbook.xml.rels')) {
    if (event.kind !== 'open' || event.name !== 'Relationship') continue;
    const target = attributeOf(event.attributes, 'Target') ?? '';
    targets.set(
      attributeOf(event.attributes, 'Id') ?? '',
      target.startsWith('/') ? target.slice(1) : path.posix.join('xl', target),
    );
  }
  const sheets: { name: string; target: string }[] = [];
  for await (const event of eventsOf(parts, 'xl/workbook.xml')) {
    if (event.kind !== 'open' || event.name !== 'sheet' || attributeOf(event.attributes, 'state')?.includes('idden'))
      continue;
    const target = targets.get(attributeOf(event.attributes, 'id') ?? '');
    if (target && parts.entries.has(target)) sheets.push({ name: attributeOf(event.attributes, 'name') ?? '', target });
  }
  if (!sheets[0]) throw invalid('E-IMPORT-UNREADABLE');
  return { ...sheets[0], sheets: sheets.length };
}

/** The texts that cells share, by their number. Of a text in several styles, the pieces are joined. */
async function sharedStrings(parts: Parts): Promise<string[]> {
  const texts: string[] = [];
  let current: string | undefined;
  let isText = false;
  // How a word is pronounced (Japanese) is no part of the text.
  let isSpoken = false;
  for await (const events of portionsOf(parts, 'xl/sharedStrings.xml', limits.sharedStrings)) {
    for (const event of events) {
      if (event.kind === 'text') {
        if (isText) current += event.text;
      } else if (event.name === 't') isText = event.kind === 'open' && current !== undefined && !isSpoken;
      else if (event.name === 'rPh') isSpoken = event.kind === 'open';
      else if (event.name === 'si') {
        if (event.kind === 'close') texts.push(plain(current ?? ''));
        current = event.kind === 'open' ? '' : undefined;
      }
    }
  }
  return texts;
}

/** `_x000D_`: a character that XML cannot carry. */
const plain = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** Numbers of the built-in formats of days and times. */
const builtInDays = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]);

/** Whether the style of a number, by its place, shows a day. */
async function dayStyles(parts: Parts): Promise<(style: number) => boolean> {
  const formats = new Map<number, string>();
  const styles: number[] = [];
  let isInCells = false;
  for await (const event of eventsOf(parts, 'xl/styles.xml')) {
    if (event.kind === 'text') continue;
    if (event.name === 'cellXfs') isInCells = event.kind === 'open';
    if (event.kind !== 'open') continue;
    const format = Number(attributeOf(event.attributes, 'numFmtId'));
    if (event.name === 'numFmt') formats.set(format, attributeOf(event.attributes, 'formatCode') ?? '');
    if (event.name === 'xf' && isInCells) styles.push(format);
  }
  const days = new Set(
    styles.flatMap((format, style) => {
      const code = formats.get(format)?.replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
      return builtInDays.has(format) || (code !== undefined && /[dy]/i.test(code)) ? [style] : [];
    }),
  );
  return (style) => days.has(style);
}

type OpenCell = { column: number; type: string | undefined; style: number; value: string; hasFormula: boolean };

async function* sheetRows(
  parts: Parts,
  target: string,
  texts: string[],
  isDay: (style: number) => boolean,
): AsyncGenerator<SourceRow, number> {
  let merged = 0;
  const counts1904 = await startsIn1904(parts);
  let row: SourceRow | undefined;
  let cell: OpenCell | undefined;
  let isValue = false;
  let line = 0;
  for await (const events of portionsOf(parts, target, limits.sheet)) {
    for (const event of events) {
      if (event.kind === 'text') {
        if (isValue && cell) cell.value += event.text;
      } else if (event.kind === 'open') {
        if (event.name === 'row') {
          // A number given twice would be two rows of one line.
          line = Math.max(Number(attributeOf(event.attributes, 'r')) || 0, line + 1);
          row = { line, cells: [] };
        } else if (event.name === 'c' && row) cell = openCell(event.attributes, row.cells.length);
        else if (event.name === 'f' && cell) cell.hasFormula = true;
        else if (event.name === 'mergeCell') merged += 1;
        isValue = cell !== undefined && (event.name === 'v' || event.name === 't');
      } else {
        isValue = false;
        if (event.name === 'c' && cell && row) {
          put(row, cell, texts, isDay, counts1904);
          cell = undefined;
        } else if (event.name === 'row' && row) {
          if (row.cells.some((value) => String(value).trim() !== '')) yield row;
          row = undefined;
        }
      }
    }
  }
  return merged;
}

function openCell(attributes: string, next: number): OpenCell {
  const letters = /^[A-Z]{1,3}/.exec(attributeOf(attributes, 'r') ?? '')?.[0];
  const column = letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : next;
  if (column >= mostColumns) throw invalid('E-IMPORT-TOO-MANY-COLUMNS', { maximum: mostColumns });
  return {
    column,
    type: attributeOf(attributes, 't'),
    style: Number(attributeOf(attributes, 's') ?? 0),
    value: '',
    hasFormula: false,
  };
}

function put(
  row: SourceRow,
  cell: OpenCell,
  texts: string[],
  isDay: (style: number) => boolean,
  counts1904: boolean,
): void {
  while (row.cells.length < cell.column) row.cells.push('');
  row.cells[cell.column] = readCell(cell, texts, isDay, counts1904);
  if (cell.hasFormula || cell.type === 'e') row.formulas = [...(row.formulas ?? []), cell.column];
}

function readCell(cell: OpenCell, texts: string[], isDay: (style: number) => boolean, counts1904: boolean): Cell {
  const { value } = cell;
  switch (cell.type) {
    case 's':
      return texts[Number(value)] ?? '';
    case 'str':
    case 'inlineStr':
      return plain(value);
    case 'b':
      return value === '1' ? 'true' : value === '' ? '' : 'false';
    case 'e':
      return value;
    case 'd':
      return value;
    default: {
      if (value.trim() === '') return '';
      const number = Number(value);
      if (!Number.isFinite(number)) return value;
      return isDay(cell.style) ? dayOf(number, counts1904) : number;
    }
  }
}

/** Days since the end of 1899 (or 1904), with the hour as a fraction, which is dropped. */
function dayOf(serial: number, counts1904: boolean): Cell {
  const days = Math.floor(serial) + (counts1904 ? 1462 : 0);
  return days > 0 && days < 2_958_466
    ? new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10)
    : serial;
}

async function startsIn1904(parts: Parts): Promise<boolean> {
  for await (const event of eventsOf(parts, 'xl/workbook.xml')) {
    if (event.kind === 'open' && event.name === 'workbookPr')
      return /^(1|true)$/.test(attributeOf(event.attributes, 'date1904') ?? '');
  }
  return false;
}
