import type { Translate } from '../../../kernel/messages.ts';
import type { Language } from '../../../kernel/schemas.ts';
import type { AnyList, ColumnType } from '../../../platform/lists/list.ts';

export type Row = Record<string, unknown>;

export type TableColumn = {
  key: string;
  type: ColumnType;
  heading: string;
  /** A value of a closed list in words. */
  word(value: string): string;
};

/** A list to be written as a file, with its words in one language. */
export type Table = { title: string; language: Language; columns: TableColumn[]; yes: string; no: string };

/** The rows of a table, some at a time, in the bytes of a file. */
export type TableWriter = (table: Table, rows: AsyncIterable<Row[]>) => AsyncGenerator<string | Buffer>;

export function tableOf(list: AnyList, language: Language, t: Translate): Table {
  return {
    title: t(`values.list.${list.name}`),
    language,
    columns: list.columns.map(({ key, type, words }) => ({
      key,
      type,
      heading: t(`columns.${list.name}.${key}`),
      word: wordsOf(words, t),
    })),
    yes: t('values.yes'),
    no: t('values.no'),
  };
}

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

/** A moment as the clocks of both jurisdictions show it: `2026-11-22 14:05`. */
export const localMoment = (moment: string): string => clock.format(new Date(moment));
