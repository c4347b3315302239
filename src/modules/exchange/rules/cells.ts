import { enterpriseNumber, iban, nationalNumber, uniqueRegistrationNumber } from '../../../kernel/check-digits.ts';
import { isLocalDate } from '../../../kernel/local-date.ts';
import type { ProblemParams } from '../../../kernel/problem.ts';

/** A cell as a file gives it: text, or a number that a spreadsheet typed as such. */
export type Cell = string | number;

export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** What is wrong with a cell; its sentence is the message `fields.<code>`. */
export type WrongCell = { code: string; params?: ProblemParams };

export type CellValue = string | number | boolean;

/**
 * Reads a cell that is not blank. The answer is the value as the database keeps it (days `YYYY-MM-DD`, amounts in whole
 * cents, exact decimals as text), or what is wrong with it.
 */
export type CellReader = (cell: Cell, order: DateOrder) => CellValue | WrongCell;

const wrong = (code: string, params?: ProblemParams): WrongCell => ({ code, params });

export const isWrong = (reading: CellValue | WrongCell): reading is WrongCell => typeof reading === 'object';

/** The same text without accents, capitals, nor anything but letters and digits: how words and headings are compared. */
export function foldWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/**
 * Text as it was typed, without blanks around. An apostrophe before `= + - @` is taken off: our own extractions put it
 * there so that a spreadsheet does not compute.
 */
export function plainText(cell: Cell): string {
  const text = String(cell).trim();
  return text.startsWith("'") && /^'[=+\-@\t]/.test(text) ? text.slice(1) : text;
}

const spaces = /[\s\u00a0\u202f'’]/g;

/** @param max characters the column keeps; beyond: E-FIELD-LONG */
export const text =
  (max: number): CellReader =>
  (cell) => {
    const value = plainText(cell);
    if (value.includes('\0')) return wrong('E-IMPORT-CHARACTERS');
    return value.length > max ? wrong('E-FIELD-LONG') : value;
  };

/**
 * Exact decimal text of a number as people write it: `1 234,56`, `1.234,56`, `1,234.56`, `1234.5`. A sole mark followed by
 * exactly three digits parts thousands when `sole` says so (« 1.250 » of rent is one thousand two hundred and fifty), and
 * decimals otherwise (an area of « 62.125 »). A number typed by a spreadsheet is taken at its fifteen digits, which is
 * what the spreadsheet shows.
 * @returns null when it is not a number
 */
export function decimalText(cell: Cell, sole: 'thousands' | 'decimals'): string | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? plainNumber(cell) : null;
  const typed = cell.replace(spaces, '').replace(/^(?:€|EUR)|(?:€|EUR|%|m2|m²|,-)$/gi, '');
  const match = /^([+-]?)(\d[\d.,]*)$/.exec(typed);
  if (!match) return null;
  const [, sign, body = ''] = match;
  const digits = unifyMarks(body, sole);
  if (digits === null) return null;
  const canonical = digits
    .replace(/^0+(?=\d)/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  return sign === '-' && canonical !== '0' ? `-${canonical}` : canonical;
}

/** Thousands marks out, a point for the decimals; null when the marks contradict each other. */
function unifyMarks(body: string, sole: 'thousands' | 'decimals'): string | null {
  const marks = body.replace(/\d/g, '');
  if (marks === '') return body;
  const last = marks.at(-1)!;
  if (marks.length === 1) {
    const [whole = '', rest = ''] = body.split(last);
    const thousands = sole === 'thousands' && rest.length === 3 && whole.length <= 3 && !/^0/.test(whole);
    return thousands ? whole + rest : `${whole}.${rest || '0'}`;
  }
  const isSame = [...marks].every((mark) => mark === last);
  const groups = isSame ? body : body.slice(0, body.lastIndexOf(last));
  if (!/^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(groups)) return null;
  const whole = groups.replace(/[.,]/g, '');
  return isSame ? whole : `${whole}.${body.slice(body.lastIndexOf(last) + 1) || '0'}`;
}

const plainNumber = (value: number): string => {
  const rounded = Number(value.toPrecision(15));
  const written = String(rounded);
  return /e/i.test(written) ? rounded.toFixed(10).replace(/\.?0+$/, '') : written;
};

/**
 * Whole cents, from zero to 100 million euros. More than two decimals is wrong: nothing is rounded in silence, nor is
 * « 1,250 » taken for thousands or for decimals, since people write both.
 */
export const amount: CellReader = (cell) => {
  if (typeof cell === 'string' && /^\D*\d{1,3},\d{3}\D*$/.test(cell.replace(spaces, '')))
    return wrong('E-IMPORT-CENTS');
  const value = decimalText(cell, 'thousands');
  if (value === null) return wrong('E-IMPORT-NUMBER');
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(value);
  if (!match) return wrong(/\.\d{3,}$/.test(value) ? 'E-IMPORT-CENTS' : 'E-FIELD-AMOUNT');
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
};

/** A whole number within bounds. */
export const whole =
  (minimum: number, maximum: number): CellReader =>
  (cell) => {
    const value = decimalText(cell, 'decimals');
    if (value === null || !/^-?\d{1,9}$/.test(value)) return wrong('E-IMPORT-NUMBER');
    const number = Number(value);
    if (number < minimum) return wrong('E-FIELD-MIN', { minimum });
    return number > maximum ? wrong('E-FIELD-MAX', { maximum }) : number;
  };

/** Square metres with at most two decimals, kept as exact text. */
export const area: CellReader = (cell) => {
  const value = decimalText(cell, 'decimals');
  if (value === null || !/^\d{1,9}(?:\.\d{1,2})?$/.test(value)) return wrong('E-IMPORT-NUMBER');
  return Number(value) > 2_000 ? wrong('E-FIELD-MAX', { maximum: 2_000 }) : value;
};

/** A share, from 0 to 1 with five decimals: « 15 % », « 15 » and « 0,15 » are the same. Above 1, it is a percentage. */
export const share: CellReader = (cell) => {
  const value = decimalText(cell, 'decimals');
  if (value === null || !/^\d{1,3}(?:\.\d{1,6})?$/.test(value)) return wrong('E-IMPORT-NUMBER');
  const isPercentage = Number(value) > 1 || (typeof cell === 'string' && cell.includes('%'));
  const found = isPercentage ? Number(value) / 100 : Number(value);
  return found > 1 ? wrong('E-FIELD-MAX', { maximum: 100 }) : found.toFixed(5);
};

const dayForms: Record<DateOrder, RegExp> = {
  dmy: /^(?<d>\d{1,2})[/.\- ](?<m>\d{1,2})[/.\- ](?<y>\d{4})$/,
  mdy: /^(?<m>\d{1,2})[/.\- ](?<d>\d{1,2})[/.\- ](?<y>\d{4})$/,
  ymd: /^(?<y>\d{4})[/.\- ](?<m>\d{1,2})[/.\- ](?<d>\d{1,2})$/,
};
const isoDay = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$/;
const shortYear = /^\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2}$/;

/** A day that exists. `2026-11-22`, with or without a time, is read in every order; two-digit years are refused. */
export const day: CellReader = (cell, order) => {
  const typed = plainText(cell);
  const iso = isoDay.exec(typed)?.[1];
  if (iso) return isLocalDate(iso) ? iso : wrong('E-IMPORT-DATE');
  const withoutTime = typed.replace(/[ T]\d{1,2}:\d{2}(?::\d{2})?$/, '');
  const parts = dayForms[order].exec(withoutTime)?.groups;
  if (!parts) return wrong(shortYear.test(withoutTime) ? 'E-IMPORT-SHORT-YEAR' : 'E-IMPORT-DATE');
  const found = `${parts.y}-${parts.m!.padStart(2, '0')}-${parts.d!.padStart(2, '0')}`;
  return isLocalDate(found) ? found : wrong('E-IMPORT-DATE');
};

/** A year as a number; a whole day gives its year. */
export const year =
  (minimum: number, maximum: number): CellReader =>
  (cell, order) => {
    const found = day(cell, order);
    return whole(minimum, maximum)(isWrong(found) ? cell : String(found).slice(0, 4), order);
  };

/**
 * One of the words of a closed list, in French, Dutch or English.
 * @param list name of the list: its words on screen are the messages `values.<list>.<word>`
 * @param words for each value, what people write for it, folded; the value itself always counts
 */
export function choice<Value extends string>(list: string, words: Record<Value, readonly string[]>): CellReader {
  const known = new Map<string, Value>();
  for (const [value, written] of Object.entries(words) as [Value, readonly string[]][]) {
    for (const word of [value, ...written]) known.set(foldWord(word), value);
  }
  const choices = Object.keys(words).join(',');
  return (cell) => known.get(foldWord(plainText(cell))) ?? wrong('E-IMPORT-CHOICE', { list, choices });
}

const yes = new Set(['oui', 'o', 'vrai', 'ja', 'j', 'waar', 'yes', 'y', 'true', 't', '1', 'x']);
const no = new Set(['non', 'n', 'faux', 'nee', 'onwaar', 'no', 'false', 'f', '0']);

export const yesNo: CellReader = (cell) => {
  const word = foldWord(plainText(cell));
  if (yes.has(word)) return true;
  return no.has(word) ? false : wrong('E-IMPORT-CHOICE', { list: '', choices: 'yes,no' });
};

/** Code of a quartier prioritaire, of 2015 (QP) or 2024 (QN). The RPLS says only 1 or 2 for yes or no: which one it is, nobody knows. */
export const priorityArea: CellReader = (cell) => {
  const code = plainText(cell).toUpperCase();
  return /^Q[NP][0-9A-Z]{4,8}$/.test(code) ? code : wrong('E-IMPORT-AREA');
};

/** « T3 », « F3 », « 3 pièces », « 3 ». */
export const rooms: CellReader = (cell, order) =>
  whole(1, 20)(
    typeof cell === 'number'
      ? cell
      : cell
          .trim()
          .replace(/^[tf]\s*(?=\d)/i, '')
          .replace(/\s*(?:pi[eè]ces?|p|kamers?|rooms?)$/i, ''),
    order,
  );

/** « rez-de-chaussée », « RDC », « 3e », « 3ème », « 3 ». */
export const floor: CellReader = (cell, order) => {
  if (typeof cell === 'number') return whole(-5, 100)(cell, order);
  const word = foldWord(cell);
  if (['rdc', 'rez', 'rez de chaussee', 'rch', 'rc', 'gelijkvloers', 'glv', 'ground', 'ground floor'].includes(word))
    return 0;
  return whole(-5, 100)(
    cell.trim().replace(/(?<=\d)\s*(?:er|e|eme|ème|de|ste|st|nd|rd|th)(?:\s+(?:étage|etage|verdieping|floor))?$/i, ''),
    order,
  );
};

const proven =
  (check: (typed: string) => string | null, code: string): CellReader =>
  (cell) =>
    check(plainText(cell)) ?? wrong(code);

export const account = proven(iban, 'E-IBAN-01');
export const enterprise = proven(enterpriseNumber, 'E-ENTERPRISE-01');
/** A spreadsheet drops the zeros in front of a number: they are put back before the proof. */
export const national = proven(
  (typed) => nationalNumber(/^\d{1,10}$/.test(typed) ? typed.padStart(11, '0') : typed),
  'E-NISS-01',
);
export const uniqueNumber = proven(uniqueRegistrationNumber, 'E-NUR-01');

const mail = /^[^\s@,;]{1,64}@[^\s@,;]+\.[^\s@,;]{2,}$/;

export const email: CellReader = (cell) => {
  const typed = plainText(cell).replace(/^mailto:/i, '');
  return typed.length <= 200 && mail.test(typed) && !typed.includes('\0') ? typed : wrong('E-FIELD-EMAIL');
};

export const language = choice('language', {
  fr: ['français', 'f', 'fra', 'french', 'frans'],
  nl: ['néerlandais', 'n', 'nld', 'nederlands', 'dutch', 'flamand'],
  en: ['anglais', 'e', 'eng', 'english', 'engels'],
});
