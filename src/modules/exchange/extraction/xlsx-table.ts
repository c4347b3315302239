import type { TextRow } from '../../../platform/database/copy-out.ts';
import { euros } from './csv-table.ts';
import { localMoment, type Table, type TableColumn, type TableWriter } from './table.ts';
import { type ZipPart, zipArchive } from './zip-writer.ts';

/** Rows a sheet may have, its heading apart: what goes beyond continues on another sheet. */
const rowsOfSheet = 1_048_575;

/** Places in the list of styles below. */
const styles = { plain: 0, heading: 1, day: 2, moment: 3, amount: 4 };

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
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  yield { name: 'xl/styles.xml', content: [stylesXml] };
  yield { name: 'xl/workbook.xml', content: [workbookXml(table.title, numbers)] };
  yield { name: 'xl/_rels/workbook.xml.rels', content: [relationsXml(numbers)] };
  yield { name: '_rels/.rels', content: [rootXml] };
  yield { name: '[Content_Types].xml', content: [typesXml(numbers)] };
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
  yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>' +
    table.columns
      .map(({ type }, place) => `<col min="${place + 1}" max="${place + 1}" width="${widthOf(type)}" customWidth="1"/>`)
      .join('') +
    '</cols><sheetData>' +
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
  yield '</sheetData></worksheet>';
}

const row = (cells: string): string => `<row>${cells}</row>`;

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

const numberCell = (value: number | string, style: number): string =>
  `<c${style ? ` s="${style}"` : ''}><v>${value}</v></c>`;

const textCell = (text: string, style: number): string =>
  `<c t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML cannot carry is left out; a cell keeps 32,767 characters at most. */
const escaped = (text: string): string =>
  (text.length > 32_767 ? text.slice(0, 32_767) : text)
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replace(/[[\p{Cc}--[\t\n\r\u007f-\u009f]]\ufffe\uffff]/gv, '');

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

const stylesXml = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>\
<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>\
<xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** A sheet's name has 31 characters at most, and not all of them. */
function workbookXml(title: string, numbers: number[]): string {
  const name = title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 26);
  const sheets = numbers.map((number) => {
    const label = number === 1 ? name : `${name} (${number})`;
    return `<sheet name="${escaped(label)}" sheetId="${number}" r:id="rId${number}"/>`;
  });
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

const relationsXml = (numbers: number[]): string =>
  `${declaration}<Relationships xmlns="${packages}/relationships">` +
  numbers
    .map(
      (number) =>
        `<Relationship Id="rId${number}" Type="${relations}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
    )
    .join('') +
  `<Relationship Id="rId${numbers.length + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`;

const rootXml = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const typesXml = (numbers: number[]): string =>
  `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  `<Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${sheetType}.styles+xml"/>` +
  numbers
    .map(
      (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${sheetType}.worksheet+xml"/>`,
    )
    .join('') +
  '</Types>';
