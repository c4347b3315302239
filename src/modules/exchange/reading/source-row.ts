import type { Cell } from '../rules/cells.ts';

/** A row of a file. */
export type SourceRow = {
  /** Where it starts in the file, from 1: the number a spreadsheet shows beside it. */
  line: number;
  cells: Cell[];
  /** Columns whose cell holds a formula. */
  formulas?: number[];
};
