/**
 * Days of the calendar. A legal day is not a moment: it has no hour and no zone, and stays `'YYYY-MM-DD'` from the
 * column to the screen. Strings in this form compare in the order of time, so `<` and `>` are right.
 */
export type LocalDate = string & { readonly brand: 'LocalDate' };

const form = /^(\d{4})-(\d{2})-(\d{2})$/;
const msPerDay = 86_400_000;

/** @throws RangeError when `text` is not a day that exists. */
export function day(text: string): LocalDate {
  if (!isLocalDate(text)) throw new RangeError(`Not a day: ${JSON.stringify(text)}`);
  return text;
}

export function isLocalDate(text: string): text is LocalDate {
  const match = form.exec(text);
  if (!match) return false;
  const [year, month, dayOfMonth] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysInMonthOf(year, month);
}

export const yearOf = (date: LocalDate): number => Number(date.slice(0, 4));
/** 1 to 12. */
export const monthOf = (date: LocalDate): number => Number(date.slice(5, 7));
export const dayOfMonth = (date: LocalDate): number => Number(date.slice(8, 10));

/** 0 is Sunday, 6 is Saturday. */
export const weekday = (date: LocalDate): number => new Date(toMs(date)).getUTCDay();

export function addDays(date: LocalDate, days: number): LocalDate {
  return fromMs(toMs(date) + days * msPerDay);
}

/** Same day of another month; the last day of that month when it is shorter (31 January + 1 month = 28 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const index = yearOf(date) * 12 + (monthOf(date) - 1) + months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  return of(year, month, Math.min(dayOfMonth(date), daysInMonthOf(year, month)));
}

export const addYears = (date: LocalDate, years: number): LocalDate => addMonths(date, years * 12);

/** Whole days from `from` to `to`; negative when `to` is before. The same day gives 0. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => Math.round((toMs(to) - toMs(from)) / msPerDay);

/** Complete months from `from` to `to`: 15-03-2018 to 20-02-2020 is 23. */
export function monthsBetween(from: LocalDate, to: LocalDate): number {
  if (to < from) return 0 - monthsBetween(to, from);
  const months = (yearOf(to) - yearOf(from)) * 12 + monthOf(to) - monthOf(from);
  return addMonths(from, months) > to ? months - 1 : months;
}

export const startOfMonth = (date: LocalDate): LocalDate => of(yearOf(date), monthOf(date), 1);
export const endOfMonth = (date: LocalDate): LocalDate => of(yearOf(date), monthOf(date), daysInMonth(date));
export const startOfYear = (date: LocalDate): LocalDate => of(yearOf(date), 1, 1);
export const endOfYear = (date: LocalDate): LocalDate => of(yearOf(date), 12, 31);
export const daysInMonth = (date: LocalDate): number => daysInMonthOf(yearOf(date), monthOf(date));

export const earliest = (...dates: LocalDate[]): LocalDate => dates.toSorted()[0]!;
export const latest = (...dates: LocalDate[]): LocalDate => dates.toSorted().at(-1)!;

/** @param month 1 to 12 */
export function of(year: number, month: number, dayOfMonth: number): LocalDate {
  return day(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`,
  );
}

/** The day it is at `moment` in `zone` (an IANA name such as `Europe/Brussels`). */
export function dayIn(zone: string, moment: Date): LocalDate {
  let calendar = calendars.get(zone);
  if (!calendar) {
    calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    calendars.set(zone, calendar);
  }
  return day(calendar.format(moment));
}

/** A calendar takes a hundred times longer to make than to read; each request asks for the day. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function daysInMonthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function toMs(date: LocalDate): number {
  return Date.UTC(yearOf(date), monthOf(date) - 1, dayOfMonth(date));
}

function fromMs(ms: number): LocalDate {
  return day(new Date(ms).toISOString().slice(0, 10));
}
