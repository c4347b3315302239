import type { ReactNode } from 'react';
import classes from './plain-table.module.css';
import { Scrolled } from './scrolled.tsx';

export type PlainColumn<Row> = {
  title: ReactNode;
  render(row: Row): ReactNode;
  align?: 'right';
  width?: number | string;
};

/**
 * A short table inside a panel: all its rows at once. It scrolls sideways on a phone rather than squeeze; one of sentences
 * rather than figures `stacks` its cells there.
 */
export function PlainTable<Row>({
  columns,
  rows,
  rowKey,
  caption,
  highlight,
  stacks,
}: {
  columns: PlainColumn<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  caption: string;
  highlight?(row: Row): boolean;
  stacks?: boolean;
}) {
  return (
    <Scrolled label={caption}>
      <table className={`${classes.table} ${stacks ? classes.stacks : ''}`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are written in place
              <th key={index} scope="col" style={{ textAlign: column.align, width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={highlight?.(row) ? classes.on : undefined}>
              {columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are written in place
                <td key={index} style={{ textAlign: column.align }}>
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
