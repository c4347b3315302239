import { type CellValue, type DateOrder, isWrong, plainText, type WrongCell } from './cells.ts';
import type { ImportField, Mapping } from './fields.ts';

/** What is wrong with a row: with one of its fields, or with the whole of it. */
export type RowProblem = WrongCell & {
  field: string | null;
  /** The cell as it stands, for the sentence; never a guarded one. */
  cell?: string;
};

export type RowValues = Record<string, CellValue | null>;

export type ReadRow = { values: RowValues; problems: RowProblem[] };

/**
 * Reads the rows of a file by its mapping. A blank cell, a dash or « N/A » is no value. A row with another number of cells than
 * the heading is not read at all: its columns may have shifted.
 * @param width columns of the heading; null when short rows are natural (a spreadsheet does not keep empty cells)
 */
export function rowReader(
  fields: readonly ImportField[],
  mapping: Mapping,
  order: DateOrder,
  width: number | null,
): (row: { cells: (string | number)[]; formulas?: number[] }) => ReadRow {
  const places = fields.map((field) => ({ field, place: mapping[field.name] ?? null }));
  return ({ cells, formulas }) => {
    const values: RowValues = {};
    const problems: RowProblem[] = [];
    if (width !== null && (cells.length < width || cells.slice(width).some((cell) => cell !== ''))) {
      return {
        values,
        problems: [{ field: null, code: 'E-IMPORT-COLUMNS', params: { expected: width, found: cells.length } }],
      };
    }
    for (const { field, place } of places) {
      const cell = place === null ? '' : (cells[place] ?? '');
      values[field.name] = null;
      if (place !== null && formulas?.includes(place)) problems.push({ field: field.name, code: 'E-IMPORT-FORMULA' });
      else if (isBlank(cell)) {
        if (field.required) problems.push({ field: field.name, code: 'E-IMPORT-REQUIRED' });
      } else {
        const reading = field.read(cell, order);
        if (isWrong(reading))
          problems.push({ ...reading, field: field.name, ...(field.guarded ? {} : { cell: excerpt(cell) }) });
        else values[field.name] = reading;
      }
    }
    return { values, problems };
  };
}

const isBlank = (cell: string | number): boolean =>
  typeof cell === 'string' && (cell === '' || /^\s*(?:[-–—]|n\/a)?\s*$/i.test(cell));

function excerpt(cell: string | number): string {
  const typed = plainText(cell).replace(/\p{Cc}/gu, ' ');
  // Neither the cut nor the file may leave half a character: the database would refuse the whole preview for it.
  return (typed.length > 60 ? `${typed.slice(0, 59)}…` : typed).toWellFormed();
}
