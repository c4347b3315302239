/** Begins a file that spreadsheets then read as UTF-8. */
export const byteOrderMark = '\ufeff';

/**
 * A cell of a CSV file: quoted when it must be. Text that a spreadsheet would compute (`=`, `+`, `-`, `@`, a tab or a return
 * first) gets an apostrophe in front, which shows it as text; `cells.ts` of exchange takes it off again when the file comes back.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(';')}\r\n`;
