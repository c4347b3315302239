/** Rows in columns, as wide as their widest cell. The last column is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `0,4 s`, `312 ms` below a tenth of a second. */
export const duration = (milliseconds: number): string =>
  milliseconds < 100
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1_000).toLocaleString('fr-BE', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`;

/** `41 Mo`. */
export const megabytes = (bytes: number): string =>
  `${Math.max(1, Math.round(bytes / 1_000_000)).toLocaleString('fr-BE')} Mo`;

/** `1 migration`, `9 migrations`; French says one up to two. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('fr-BE')} ${count < 2 ? one : many}`;

/** A line that is written over while work goes on, on a terminal; nothing elsewhere. */
export function progressLine(what: string): { at(share: number): void; end(): void } {
  const { stderr } = process;
  let shown = -1;
  return {
    at(share) {
      const percent = Math.floor(share * 100);
      if (!stderr.isTTY || percent === shown) return;
      shown = percent;
      stderr.write(`\r${what} ${percent} %`);
    },
    end() {
      if (shown >= 0) stderr.write(`\r${' '.repeat(what.length + 6)}\r`);
    },
  };
}
