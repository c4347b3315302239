import { type ZipPart, zipArchive } from '../../platform/spreadsheets/zip-writer.ts';

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export type TestSheet = {
  name?: string;
  hidden?: true;
  /** What stands in `sheetData`; a list of rows of texts is written as such. */
  rows: string | readonly (readonly string[])[];
  /** What follows `sheetData`. */
  after?: string;
};

/** A workbook of which tests say every mark: what spreadsheets write, and what they never would. */
export async function aWorkbook(
  sheets: readonly TestSheet[],
  parts: { sharedStrings?: string; styles?: string; workbook?: string } = {},
): Promise<Buffer> {
  const files: ZipPart[] = sheets.map(({ rows, after = '' }, index) => ({
    name: `xl/worksheets/sheet${index + 1}.xml`,
    content: [
      `<worksheet ${main}><sheetData>${typeof rows === 'string' ? rows : written(rows)}</sheetData>${after}</worksheet>`,
    ],
  }));
  const list = sheets.map(
    ({ name, hidden }, index) =>
      `<sheet name="${name ?? `Feuille ${index + 1}`}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
  );
  files.push({
    name: 'xl/workbook.xml',
    content: [
      `<workbook ${main} xmlns:r="${relations}">${parts.workbook ?? ''}<sheets>${list.join('')}</sheets></workbook>`,
    ],
  });
  files.push({
    name: 'xl/_rels/workbook.xml.rels',
    content: [
      `<Relationships>${sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    ],
  });
  if (parts.sharedStrings)
    files.push({ name: 'xl/sharedStrings.xml', content: [`<sst ${main}>${parts.sharedStrings}</sst>`] });
  if (parts.styles)
    files.push({ name: 'xl/styles.xml', content: [`<styleSheet ${main}>${parts.styles}</styleSheet>`] });
  return Buffer.concat(await Array.fromAsync(zipArchive(streamed(files))));
}

async function* streamed(files: ZipPart[]): AsyncGenerator<ZipPart> {
  yield* files;
}

const written = (rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (cells) => `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`).join('')}</row>`,
    )
    .join('');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
