import { addDays, type LocalDate, of, weekday } from '../../kernel/local-date.ts';
import { law } from '../sources.ts';

/** Easter Sunday of the Gregorian calendar (anonymous algorithm of Meeus, Jones and Butcher). */
export function easter(year: number): LocalDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return of(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

/** Public holidays of each country: the same month and day every year, and days counted from Easter. */
export const publicHolidays = {
  FR: {
    fixed: ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'],
    /** Monday, Ascension, Whit Monday. */
    afterEaster: [1, 39, 50],
    source: law('Code du travail', 'L3133-1'),
  },
  BE: {
    fixed: ['01-01', '05-01', '07-21', '08-15', '11-01', '11-11', '12-25'],
    afterEaster: [1, 39, 50],
    source: law('Arrêté royal du 18 avril 1974'),
  },
} as const;

/** Whether a day is a public holiday. Alsace-Moselle's own days are not covered. */
export function isPublicHoliday(date: LocalDate, country: 'BE' | 'FR'): boolean {
  const [year, monthAndDay] = [Number(date.slice(0, 4)), date.slice(5)];
  const { fixed, afterEaster } = publicHolidays[country];
  return (
    (fixed as readonly string[]).includes(monthAndDay) ||
    afterEaster.some((days) => addDays(easter(year), days) === date)
  );
}

/** The day itself, or the next one that is neither Saturday, Sunday nor a holiday (CPC art. 642). */
export function nextWorkingDay(date: LocalDate, country: 'BE' | 'FR'): LocalDate {
  let candidate = date;
  while ([0, 6].includes(weekday(candidate)) || isPublicHoliday(candidate, country)) candidate = addDays(candidate, 1);
  return candidate;
}
