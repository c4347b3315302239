import type { Translate } from '../../../kernel/messages.ts';
import type { Language } from '../../../kernel/schemas.ts';
import { isoMoment } from '../../../platform/database/connection.ts';
import type { TextRow } from '../../../platform/database/copy-out.ts';
import type { AnyList, ColumnType } from '../../../platform/lists/list.ts';
import { translate } from '../../../platform/messages.ts';

export type TableColumn = {
  key: string;
  /** Where its cell is in a row. */
  place: number;
  type: ColumnType;
  heading: string;
  /** A value of a closed list in words. */
  word(value: string): string;
};

/** A list to be written as a file, with its words in one language. */
export type Table = { title: string; language: Language; columns: TableColumn[]; yes: string; no: string };

/** The rows of a table, some at a time, in the bytes of a file. */
export type TableWriter = (table: Table, rows: AsyncIterable<TextRow[]>) => AsyncGenerator<string | Buffer>;

/** @param names the columns of the rows, in their order */
export function tableOf(list: AnyList, names: readonly string[], language: Language): Table {
  const t = translate(language);
  return {
    title: titleOf(list, t),
    language,
    columns: list.columns.map(({ key, type, words }) => ({
      key,
      place: names.indexOf(key),
      type,
      heading: headingOf(list, key, t),
      word: wordsOf(words, t),
    })),
    yes: t('values.yes'),
    no: t('values.no'),
  };
}

export const titleOf = (list: AnyList, t: Translate): string => t(`values.list.${list.name}`);

export const headingOf = (list: AnyList, key: string, t: Translate): string => t(`columns.${list.name}.${key}`);

/** Each word is looked up once, however many rows say it. */
function wordsOf(list: string | undefined, t: Translate): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    let word = known.get(value);
    if (word === undefined) {
      word = t(`values.${list}.${value}`);
      known.set(value, word);
    }
    return word;
  };
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Brussels',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** A moment of the database as the clocks of both jurisdictions show it: `2026-11-22 14:05`. */
export const localMoment = (text: string): string => clock.format(new Date(isoMoment(text)));
