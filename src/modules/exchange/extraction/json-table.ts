import { isoMoment } from '../../../platform/database/connection.ts';
import type { ColumnType } from '../../../platform/lists/list.ts';
import type { TableWriter } from './table.ts';

/** A list as an array of objects, with the values of the API: whole cents, days `YYYY-MM-DD`, codes rather than words. */
export const writeJson: TableWriter = async function* (table, rows) {
  const members = table.columns.map(({ key, place, type }, index) => ({
    name: `${index === 0 ? '' : ','}${JSON.stringify(key)}:`,
    place,
    write: valueWriter(type),
  }));
  let before = '[';
  for await (const portion of rows) {
    let text = '';
    for (const row of portion) {
      text += `${before}\n{`;
      for (const { name, place, write } of members) {
        const value = row[place];
        text += name + (value === null || value === undefined ? 'null' : write(value));
      }
      text += '}';
      before = ',';
    }
    yield text;
  }
  yield before === '[' ? '[]\n' : '\n]\n';
};

function valueWriter(type: ColumnType): (text: string) => string {
  if (type === 'count' || type === 'cents') return (digits) => digits;
  if (type === 'yes-no') return (value) => (value === 't' ? 'true' : 'false');
  if (type === 'moment') return (moment) => JSON.stringify(isoMoment(moment));
  // Numbers with decimals stay exact: text, as the API has them.
  return (text) => JSON.stringify(text);
}
