import { exact } from '../../../../kernel/money.ts';
import { apportion, type Cap, type Part, type ShareOf } from './apportion.ts';

export type SharingRow = { id: string; counts: number[]; total: number };

/**
 * The dwellings of a new programme shared between the parties (F-79): how many each has by largest remainder, then of
 * which sizes, so that rows add up to the parties' numbers, columns to the dwellings of each size, and no cell is a whole
 * dwelling away from its exact part. A number set aside for rehousing is taken off first, from each size in proportion.
 * @throws Problem E-RIGHTS-01 when the shares add up to more than the whole
 */
export function shareProgramme({
  sizes,
  setAside = 0,
  parties,
  caps = [],
}: {
  sizes: readonly { rooms: number; dwellings: number }[];
  setAside?: number;
  parties: readonly ShareOf[];
  caps?: readonly Cap[];
}): { rows: SharingRow[]; setAside: number[] } {
  const total = sizes.reduce((sum, { dwellings }) => sum + dwellings, 0);
  const away = Math.min(setAside, total);
  const aside =
    total === 0
      ? sizes.map(() => 0)
      : apportion({
          total: away,
          parties: sizes.map(({ rooms, dwellings }) => ({ id: String(rooms), share: exact(dwellings).div(total) })),
        })
          .slice(0, sizes.length)
          .map(({ count }) => count);
  const columns = sizes.map(({ dwellings }, index) => dwellings - aside[index]!);
  const parts = apportion({ total: total - away, parties, caps });
  return {
    rows: fill(parts, columns).map((counts, index) => ({ id: parts[index]!.id, counts, total: parts[index]!.count })),
    setAside: aside,
  };
}

/** Cells with the given sums of rows and columns, each its exact part rounded down or up: there always are such cells. */
function fill(parts: readonly Part[], columns: readonly number[]): number[][] {
  const total = columns.reduce((sum, count) => sum + count, 0);
  const cells = parts.map(({ count }) =>
    columns.map((column) => {
      const part = total === 0 ? exact(0) : exact(count).mul(column).div(total);
      const floor = Number(part.floor().valueOf());
      return { count: floor, remainder: part.sub(floor), up: false };
    }),
  );
  const rowLeft = parts.map(({ count }, row) => count - sum(cells[row]!.map((cell) => cell.count)));
  const columnLeft = columns.map((column, index) => column - sum(cells.map((row) => row[index]!.count)));
  const byRemainder = cells
    .flatMap((row, rowIndex) => row.map((cell, columnIndex) => ({ cell, rowIndex, columnIndex })))
    .filter(({ cell }) => cell.remainder.compare(0) > 0)
    .sort(
      (a, b) => b.cell.remainder.compare(a.cell.remainder) || a.rowIndex - b.rowIndex || a.columnIndex - b.columnIndex,
    );
  for (const { cell, rowIndex, columnIndex } of byRemainder) {
    if (rowLeft[rowIndex]! === 0 || columnLeft[columnIndex]! === 0) continue;
    cell.up = true;
    rowLeft[rowIndex]!--;
    columnLeft[columnIndex]!--;
  }
  for (const [rowIndex] of parts.entries()) {
    while (rowLeft[rowIndex]! > 0) {
      const reached = place(rowIndex, cells, columnLeft, new Set());
      if (reached === null) throw new Error('No sharing of the sizes: rows and columns disagree');
      columnLeft[reached]!--;
      rowLeft[rowIndex]!--;
    }
  }
  return cells.map((row) => row.map(({ count, up }) => count + (up ? 1 : 0)));
}

type Cell = { remainder: { compare(other: number): number }; up: boolean };

/** Rounds one more cell of a row up, moving what others have where that makes room. @returns the column that took it */
function place(row: number, cells: Cell[][], columnLeft: readonly number[], seen: Set<number>): number | null {
  for (const [column, cell] of cells[row]!.entries()) {
    if (cell.up || cell.remainder.compare(0) === 0 || seen.has(column)) continue;
    seen.add(column);
    if (columnLeft[column]! > 0) {
      cell.up = true;
      return column;
    }
    for (const [other, otherCells] of cells.entries()) {
      if (other === row || !otherCells[column]!.up) continue;
      otherCells[column]!.up = false;
      const reached = place(other, cells, columnLeft, seen);
      if (reached !== null) {
        cell.up = true;
        return reached;
      }
      otherCells[column]!.up = true;
    }
  }
  return null;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
