import type { TextRow } from '../../../platform/database/copy-out.ts';
import { byteOrderMark, csvCell, csvLine } from '../../../platform/spreadsheets/csv-text.ts';
import { localMoment, type Table, type TableColumn, type TableWriter } from './table.ts';

/**
 * A list as CSV for spreadsheets in French, Dutch or English: UTF-8 with its mark, `;` between cells, amounts in euros with
 * two decimals, days as people write them.
 */
export const writeCsv: TableWriter = async function* (table, rows) {
  yield byteOrderMark + csvLine(table.columns.map(({ heading }) => heading));
  const cells = table.columns.map((column) => cellWriter(column, table));
  for await (const portion of rows) yield textOf(portion, cells);
};

function textOf(rows: TextRow[], cells: ((row: TextRow) => string)[]): string {
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const cell of cells) {
      text += separator + cell(row);
      separator = ';';
    }
    text += '\r\n';
  }
  return text;
}

/** How the cells of a column are written. Chosen once for all rows. */
function cellWriter({ place, type, word }: TableColumn, { language, yes, no }: Table): (row: TextRow) => string {
  const mark = language === 'en' ? '.' : ',';
  const write = ((): ((text: string) => string) => {
    switch (type) {
      case 'count':
        return (count) => count;
      case 'cents':
        return (cents) => euros(Number(cents), mark);
      case 'number':
        return (number) => number.replace('.', mark);
      case 'day':
        return (day) => `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
      case 'moment':
        return (moment) => {
          const local = localMoment(moment);
          return `${local.slice(8, 10)}/${local.slice(5, 7)}/${local.slice(0, 4)} ${local.slice(11)}`;
        };
      case 'yes-no':
        return (value) => (value === 't' ? yes : no);
      case 'word':
        return (value) => csvCell(word(value));
      case 'text':
        return csvCell;
    }
  })();
  return (row) => {
    const value = row[place];
    return value === null || value === undefined ? '' : write(value);
  };
}

/** 65050 → « 650,50 ». No amount goes through a floating number. */
export function euros(cents: number, mark: string): string {
  const whole = Math.abs(cents);
  const decimals = whole % 100;
  return `${cents < 0 ? '-' : ''}${(whole - decimals) / 100}${mark}${decimals < 10 ? '0' : ''}${decimals}`;
}
