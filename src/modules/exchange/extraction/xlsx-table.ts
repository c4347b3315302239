import type { TextRow } from '../../../platform/database/copy-out.ts';
import {
  numberCell,
  row,
  sheetEnd,
  sheetName,
  sheetStart,
  styles,
  textCell,
  workbookShell,
} from '../../../platform/spreadsheets/workbook.ts';
import { type ZipPart, zipArchive } from '../../../platform/spreadsheets/zip-writer.ts';
import { euros } from './csv-table.ts';
import { localMoment, type Table, type TableColumn, type TableWriter } from './table.ts';

/** Rows a sheet may have, its heading apart: what goes beyond continues on another sheet. */
const rowsOfSheet = 1_048_575;

/** A list as a workbook: numbers, amounts and days as such, so that one can compute with them; the heading stays in sight. */
export const writeXlsx: TableWriter = (table, rows) => zipArchive(parts(table, rows, rowsOfSheet));

/** @param most rows of a sheet */
export async function* parts(table: Table, rows: AsyncIterable<TextRow[]>, most: number): AsyncGenerator<ZipPart> {
  const source = new RowSource(rows);
  let sheets = 0;
  do {
    sheets += 1;
    yield { name: `xl/worksheets/sheet${sheets}.xml`, content: sheet(table, source, most) };
  } while (!source.isOver);
  const name = sheetName(table.title, 26);
  yield* workbookShell(Array.from({ length: sheets }, (_, index) => (index === 0 ? name : `${name} (${index + 1})`)));
}

/** Rows taken by one sheet after the other. */
class RowSource {
  readonly #portions: AsyncIterator<TextRow[]>;
  #rows: TextRow[] = [];
  isOver = false;

  constructor(rows: AsyncIterable<TextRow[]>) {
    this.#portions = rows[Symbol.asyncIterator]();
  }

  /** At most so many rows; none when there are no more. */
  async take(most: number): Promise<TextRow[]> {
    if (this.#rows.length === 0) await this.#next();
    const taken = this.#rows.splice(0, most);
    // Looked up ahead, so that a full sheet knows whether another must follow.
    if (this.#rows.length === 0) await this.#next();
    return taken;
  }

  async #next(): Promise<void> {
    if (this.isOver) return;
    const { value, done } = await this.#portions.next();
    if (done) this.isOver = true;
    else this.#rows = [...value];
  }
}

async function* sheet(table: Table, source: RowSource, most: number): AsyncGenerator<string> {
  yield sheetStart(table.columns.map(({ type }) => widthOf(type))) +
    row(table.columns.map(({ heading }) => textCell(heading, styles.heading)).join(''));
  const cells = table.columns.map((column) => cellWriter(column, table));
  for (let left = most; left > 0; ) {
    const rows = await source.take(left);
    if (rows.length === 0) break;
    left -= rows.length;
    let text = '';
    for (const values of rows) text += row(cells.map((cell) => cell(values)).join(''));
    yield text;
  }
  yield sheetEnd;
}

const widthOf = (type: TableColumn['type']): number =>
  (({ text: 26, word: 20, moment: 17, day: 12, cents: 13 }) as Record<string, number>)[type] ?? 11;

function cellWriter({ place, type, word }: TableColumn, { yes, no }: Table): (row: TextRow) => string {
  const write = ((): ((text: string) => string) => {
    switch (type) {
      case 'count':
      case 'number':
        return (number) => numberCell(number, styles.plain);
      case 'cents':
        return (cents) => numberCell(euros(Number(cents), '.'), styles.amount);
      case 'day':
        return (day) => numberCell(serialOf(day), styles.day);
      case 'moment':
        return (moment) => {
          const local = localMoment(moment);
          const minutes = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
          return numberCell(serialOf(local.slice(0, 10)) + minutes / 1_440, styles.moment);
        };
      case 'yes-no':
        return (value) => textCell(value === 't' ? yes : no, styles.plain);
      case 'word':
        return (value) => textCell(word(value), styles.plain);
      case 'text':
        return (text) => textCell(text, styles.plain);
    }
  })();
  return (row) => {
    const value = row[place];
    return value === null || value === undefined ? '<c/>' : write(value);
  };
}

/** Days since the end of 1899. */
const serialOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;
