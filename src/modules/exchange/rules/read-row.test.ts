import { describe, expect, test } from 'vitest';
import { amount, national, text } from './cells.ts';
import { rowReader } from './read-row.ts';

const fields = [
  { name: 'name', column: 'name', read: text(10), required: true as const, headings: [] },
  { name: 'rent', column: 'rent', read: amount, headings: [] },
  { name: 'number', column: 'number', read: national, guarded: true as const, headings: [] },
];
const mapping = { name: 0, rent: 1, number: 2 };
const read = rowReader(fields, mapping, 'dmy', 3);

describe('a row', () => {
  test('gives its values, and null where a cell is blank, a dash or « n/a »', () => {
    expect(read({ cells: ['Anne', '650', ''] })).toEqual({
      values: { name: 'Anne', rent: 65_000, number: null },
      problems: [],
    });
    for (const blank of ['', '  ', '-', '–', 'N/A'])
      expect(read({ cells: ['Anne', blank, ''] }).values.rent).toBeNull();
  });

  test('names every field that is wrong, with the cell as it stands', () => {
    expect(read({ cells: ['', 'six cents', ''] }).problems).toEqual([
      { field: 'name', code: 'E-IMPORT-REQUIRED' },
      { field: 'rent', code: 'E-IMPORT-NUMBER', cell: 'six cents' },
    ]);
  });

  test('never repeats a guarded cell', () => {
    const [problem] = read({ cells: ['Anne', '', '85.07.30-033.29'] }).problems;
    expect(problem).toEqual({ field: 'number', code: 'E-NISS-01' });
  });

  test('with cells missing or too many is not read at all: its columns may have shifted', () => {
    for (const cells of [
      ['Anne', '650'],
      ['Anne', '650', '', 'x'],
    ]) {
      expect(read({ cells })).toEqual({
        values: {},
        problems: [{ field: null, code: 'E-IMPORT-COLUMNS', params: { expected: 3, found: cells.length } }],
      });
    }
    expect(read({ cells: ['Anne', '650', '', ''] }).problems).toEqual([]);
  });

  test('of a spreadsheet may be short', () => {
    const readSheet = rowReader(fields, mapping, 'dmy', null);
    expect(readSheet({ cells: ['Anne'] })).toEqual({
      values: { name: 'Anne', rent: null, number: null },
      problems: [],
    });
  });

  test('with a formula is wrong there, whatever its last result', () => {
    expect(read({ cells: ['Anne', 650, ''], formulas: [1] }).problems).toEqual([
      { field: 'rent', code: 'E-IMPORT-FORMULA' },
    ]);
  });

  test('cuts a long cell between two characters, never in the middle of one', () => {
    const [problem] = read({ cells: ['Anne', `${'x'.repeat(58)}🏠${'y'.repeat(20)}`, ''] }).problems;
    expect(problem!.cell!.isWellFormed()).toBe(true);
    expect(problem!.cell!.length).toBeLessThanOrEqual(60);
  });
});
