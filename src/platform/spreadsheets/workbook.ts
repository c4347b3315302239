import { type ZipPart, zipArchive } from './zip-writer.ts';

/** The parts of an Excel workbook (ECMA-376), written as text: what a list and a report of several sheets share. */

/** Places in the list of styles below. */
export const styles = { plain: 0, heading: 1, day: 2, moment: 3, amount: 4 };

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

export const row = (cells: string): string => `<row>${cells}</row>`;

export const numberCell = (value: number | string, style: number): string =>
  `<c${style ? ` s="${style}"` : ''}><v>${value}</v></c>`;

export const textCell = (text: string, style: number): string =>
  `<c t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** Columns of given widths, under a first row that stays in sight. */
export const sheetStart = (widths: readonly number[]): string =>
  `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>' +
  widths
    .map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`)
    .join('') +
  '</cols><sheetData>';

export const sheetEnd = '</sheetData></worksheet>';

/** What a workbook holds besides its sheets, which are `xl/worksheets/sheet1.xml` and so on. @param names of the sheets */
export function* workbookShell(names: readonly string[]): Generator<ZipPart> {
  const numbers = names.map((_, index) => index + 1);
  yield { name: 'xl/styles.xml', content: [stylesXml] };
  yield { name: 'xl/workbook.xml', content: [workbookXml(names)] };
  yield { name: 'xl/_rels/workbook.xml.rels', content: [relationsXml(numbers)] };
  yield { name: '_rels/.rels', content: [rootXml] };
  yield { name: '[Content_Types].xml', content: [typesXml(numbers)] };
}

export type Sheet = {
  name: string;
  /** Width of each column, in characters. */
  columns: readonly { heading: string; width: number }[];
  /** Numbers stay numbers, so that one can compute with them; null is an empty cell. */
  rows: readonly (readonly (string | number | null)[])[];
};

/** A workbook of several short sheets: the same sheets give the same bytes. */
export const writeWorkbook = (sheets: readonly Sheet[]): AsyncGenerator<Buffer> => zipArchive(partsOf(sheets));

async function* partsOf(sheets: readonly Sheet[]): AsyncGenerator<ZipPart> {
  for (const [index, sheet] of sheets.entries())
    yield { name: `xl/worksheets/sheet${index + 1}.xml`, content: [sheetXml(sheet)] };
  yield* workbookShell(sheets.map(({ name }) => name));
}

const sheetXml = ({ columns, rows }: Sheet): string =>
  sheetStart(columns.map(({ width }) => width)) +
  row(columns.map(({ heading }) => textCell(heading, styles.heading)).join('')) +
  rows.map((cells) => row(cells.map(cellOf).join(''))).join('') +
  sheetEnd;

const cellOf = (value: string | number | null): string =>
  value === null ? '<c/>' : typeof value === 'number' ? numberCell(value, styles.plain) : textCell(value, styles.plain);

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML cannot carry is left out; a cell keeps 32,767 characters at most. */
const escaped = (text: string): string =>
  (text.length > 32_767 ? text.slice(0, 32_767) : text)
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replace(/[[\p{Cc}--[\t\n\r\u007f-\u009f]]\ufffe\uffff]/gv, '');

const stylesXml = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>\
<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>\
<xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** A sheet's name has 31 characters at most, and not all of them. */
export const sheetName = (text: string, most = 31): string => text.replace(/[\\/?*[\]:]/g, ' ').slice(0, most);

function workbookXml(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${escaped(sheetName(name))}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
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
