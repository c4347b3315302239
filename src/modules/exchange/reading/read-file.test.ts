import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Problem } from '../../../kernel/problem.ts';
import { aWorkbook } from '../test-workbook.ts';
import { inspectFile } from './inspect-file.ts';
import { openFile } from './open-file.ts';
import { detectEncoding, detectSeparator } from './text-form.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier-reading-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
let serial = 0;

function aFile(content: string | Buffer): { file: string; isUtf8: boolean } {
  const bytes = Buffer.from(content);
  const file = path.join(folder, `f${++serial}`);
  fs.writeFileSync(file, bytes);
  let isUtf8 = true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    isUtf8 = false;
  }
  return { file, isUtf8 };
}

async function inspected(content: string | Buffer) {
  const { file, isUtf8 } = aFile(content);
  return inspectFile(file, isUtf8);
}

/** The rows below the heading, or the refusal. */
async function rowsOf(content: string | Buffer) {
  const { file, isUtf8 } = aFile(content);
  const { form } = await inspectFile(file, isUtf8);
  let merged = 0;
  const rows = await Array.fromAsync(openFile(file, form, { onMerged: (groups) => (merged = groups) }));
  return { rows, merged };
}

async function refusalOf(content: string | Buffer): Promise<string> {
  try {
    await rowsOf(content);
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'read';
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('the form of a text', () => {
  const text = 'Référence;Loyer\r\nD1;650\r\n';
  test.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16LE with its mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with its mark', utf16be(`\ufeff${text}`), 'utf-16be'],
    ['UTF-16LE without a mark', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16BE without a mark', utf16be(text), 'utf-16be'],
    ['Latin-1', Buffer.from(text, 'latin1'), 'windows-1252'],
  ])('%s', async (_name, bytes, encoding) => {
    const { form, header, sample } = await inspected(bytes);
    expect(form).toEqual({ format: 'csv', encoding, separator: ';' });
    expect([header, sample]).toEqual([['Référence', 'Loyer'], [['D1', '650']]]);
  });

  test('the euro of windows-1252 is one', async () => {
    const bytes = Buffer.concat([Buffer.from('Loyer ('), Buffer.from([0x80]), Buffer.from(');X\r\n1;2\r\n')]);
    expect((await inspected(bytes)).header).toEqual(['Loyer (€)', 'X']);
  });

  test('zeros and control characters in number are no text', () => {
    expect(detectEncoding(Buffer.from([0, 1, 2, 3, 0, 0, 7, 0, 0, 0, 200, 0, 0]), false)).toBeNull();
  });

  test.each<[string, string]>([
    ['a;b;c', ';'],
    ['a,b,c', ','],
    ['a\tb\tc', '\t'],
    ['"a,b,c";d', ';'],
    ['Loyer, charges comprises;Rue;N°', ';'],
    ['seule', ';'],
  ])('the separator of %j is %j', (line, expected) => expect(detectSeparator(line)).toBe(expected));
});

describe('rows of a text', () => {
  test('carry the line where they start: quotes hold line breaks, blank lines are passed', async () => {
    const { rows } = await rowsOf('A;B\r\n"un\r\ndeux";x\r\n\r\n;\r\n"trois ""3""";y\r\nAPT "B";z');
    expect(rows.slice(1)).toEqual([
      { line: 2, cells: ['un\r\ndeux', 'x'] },
      { line: 6, cells: ['trois "3"', 'y'] },
      { line: 7, cells: ['APT "B"', 'z'] },
    ]);
  });

  test.each([
    ['\r\n', 'Windows'],
    ['\n', 'Unix'],
    ['\r', 'old Macintosh'],
  ])('end with %j', async (end) => {
    const { rows } = await rowsOf(['A;B', 'x;1', 'y;2'].join(end));
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'A', 'B'],
      [2, 'x', '1'],
      [3, 'y', '2'],
    ]);
  });

  test('are whole wherever the pieces of the file are cut', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `D${index};é🏠"${index}`);
    const { rows } = await rowsOf(`A;B\r\n${lines.join('\r\n')}`);
    expect(rows.length).toBe(20_001);
    expect(
      rows.slice(1).every(({ line, cells }, index) => line === index + 2 && cells.join(';') === lines[index]),
    ).toBe(true);
  });
});

describe('a workbook', () => {
  test('gives the first visible sheet, and says that there are others', async () => {
    const file = await aWorkbook([
      { name: 'Cachée', hidden: true, rows: [['non']] },
      { name: 'Logements', rows: [['Référence'], ['D1']] },
      { name: 'Autres', rows: [['non']] },
    ]);
    const { form, header, sample, notes } = await inspected(file);
    expect([form, header, sample]).toEqual([{ format: 'xlsx' }, ['Référence'], [['D1']]]);
    expect(notes).toEqual([{ code: 'sheets', params: { sheets: 2, name: 'Logements' } }]);
  });

  test('gives numbers, days, shared and styled texts as they are meant', async () => {
    const file = await aWorkbook(
      [
        {
          rows:
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
            '<row r="3"><c r="A3"><v>650.5</v></c><c r="B3" s="1"><v>46348</v></c><c r="C3" t="b"><v>1</v></c><c r="D3" t="d"><v>2026-11-22</v></c></row>',
        },
      ],
      {
        sharedStrings:
          '<si><t>Réf</t></si><si><r><t>Loy</t></r><r><t xml:space="preserve">er &amp; co</t></r><rPh><t>x</t></rPh></si>',
        styles:
          '<numFmts><numFmt numFmtId="164" formatCode="dd\\/mm\\/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
      },
    );
    const { rows } = await rowsOf(file);
    expect(rows).toEqual([
      { line: 1, cells: ['Réf', '', 'Loyer & co'] },
      { line: 3, cells: [650.5, '2026-11-22', 'true', '2026-11-22'] },
    ]);
  });

  test('of days counted from 1904 gives the same days', async () => {
    const file = await aWorkbook(
      [{ rows: '<row><c t="inlineStr"><is><t>Jour</t></is></c></row><row><c s="1"><v>44886</v></c></row>' }],
      { styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>', workbook: '<workbookPr date1904="1"/>' },
    );
    expect((await rowsOf(file)).rows[1]!.cells).toEqual(['2026-11-22']);
  });

  test('tells the cells that hold a formula or an error, whose results it does not believe', async () => {
    const file = await aWorkbook([
      {
        rows: '<row><c t="inlineStr"><is><t>A</t></is></c></row><row><c><f>1+1</f><v>2</v></c><c t="e"><v>#REF!</v></c></row>',
      },
    ]);
    expect((await rowsOf(file)).rows[1]!.formulas).toEqual([0, 1]);
  });

  test('says how many groups of cells are merged', async () => {
    const after = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/></mergeCells>';
    expect((await rowsOf(await aWorkbook([{ rows: [['A'], ['1']], after }]))).merged).toBe(2);
  });

  test('that gives a line twice is read all the same', async () => {
    const row = (text: string) => `<row r="1"><c t="inlineStr"><is><t>${text}</t></is></c></row>`;
    const { rows } = await rowsOf(await aWorkbook([{ rows: row('A') + row('B') }]));
    expect(rows.map(({ line }) => line)).toEqual([1, 2]);
  });

  test('that unpacks beyond measure is refused, whatever size it declares', async () => {
    const bomb = await aWorkbook([{ rows: [['A'], ['1']] }], {
      sharedStrings: `<si><t>${'x'.repeat(1_000)}</t></si>`.repeat(50_000),
    });
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusalOf(bomb)).toBe('E-IMPORT-XLSX-LARGE');
  });
});

describe('what is no table is refused with its reason', () => {
  const heading = 'Référence;Rue\r\n';
  test.each<[string, () => string | Buffer | Promise<Buffer>, string]>([
    ['an empty file', () => '', 'E-IMPORT-EMPTY'],
    ['blank lines', () => '\r\n\r\n  \r\n', 'E-IMPORT-EMPTY'],
    ['the mark of UTF-8 alone', () => '\ufeff', 'E-IMPORT-EMPTY'],
    [
      'binary garbage',
      () => Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256)),
      'E-IMPORT-UNREADABLE',
    ],
    [
      'an image',
      () => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(500)]),
      'E-IMPORT-UNREADABLE',
    ],
    ['a PDF that is text', () => '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n', 'E-IMPORT-UNREADABLE'],
    ['a page named .xls', () => '<html><body><table><tr><td>Référence</td></tr></table>', 'E-IMPORT-UNREADABLE'],
    ['JSON', () => '{\n  "reference": "D1"\n}', 'E-IMPORT-UNREADABLE'],
    [
      'an old workbook',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'E-IMPORT-OLD-EXCEL',
    ],
    [
      'an archive that is no workbook',
      () => Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(100)]),
      'E-IMPORT-UNREADABLE',
    ],
    [
      'a workbook cut short',
      async () => (await aWorkbook([{ rows: [['A'], ['1']] }])).subarray(0, 200),
      'E-IMPORT-UNREADABLE',
    ],
    ['a workbook without a sheet', () => aWorkbook([]), 'E-IMPORT-UNREADABLE'],
    [
      'a sheet that is no XML',
      () => aWorkbook([{ rows: '<row><c t="inlineStr"><is><t>A</t></is></c></row><!-- ' }]),
      'E-IMPORT-UNREADABLE',
    ],
    [
      '2,000 columns',
      () => Array.from({ length: 2_000 }, (_, index) => `c${index}`).join(';'),
      'E-IMPORT-TOO-MANY-COLUMNS',
    ],
    [
      '2,000 columns of a sheet',
      () => aWorkbook([{ rows: [Array.from({ length: 2_000 }, (_, index) => `c${index}`)] }]),
      'E-IMPORT-TOO-MANY-COLUMNS',
    ],
    ['a quote never closed', () => `${heading}"D1;Rue\r\nD2;Rue\r\n`, 'E-IMPORT-QUOTE'],
    [
      'a quote never closed before many lines',
      () => `${heading}"D1;Rue\r\n${'D2;Rue\r\n'.repeat(100_000)}`,
      'E-IMPORT-LINE-LONG',
    ],
    ['a line of a million characters', () => `${heading}${'x'.repeat(1_000_000)};y\r\n`, 'E-IMPORT-LINE-LONG'],
    ['a heading alone', () => heading, 'read'],
    ['a NUL in the heading and in a cell', () => 'Réf\0;Rue\r\nD\0;Rue\r\n', 'read'],
  ])('%s', async (_name, content, expected) => expect(await refusalOf(await content())).toBe(expected));

  test('a NUL is shown as what cannot be read', async () => {
    expect(await inspected('Réf\0;Rue\r\nD\0;Rue\r\n')).toMatchObject({
      header: ['Réf\ufffd', 'Rue'],
      sample: [['D\ufffd', 'Rue']],
    });
  });

  test('entities of its own are not expanded', async () => {
    const file = await aWorkbook([
      {
        rows: '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]><row><c t="inlineStr"><is><t>&b;&a;</t></is></c></row>',
      },
    ]);
    expect((await inspected(file)).header.join()).not.toContain('root');
  });
});
