import type { TableWriter } from './table.ts';

/** A list as an array of objects, with the values of the API: whole cents, days `YYYY-MM-DD`, codes rather than words. */
export const writeJson: TableWriter = async function* (table, rows) {
  const keys = table.columns.map(({ key }) => key);
  let before = '[';
  for await (const portion of rows) {
    let text = '';
    for (const row of portion) {
      text += `${before}\n${JSON.stringify(row, keys)}`;
      before = ',';
    }
    yield text;
  }
  yield before === '[' ? '[]\n' : '\n]\n';
};
