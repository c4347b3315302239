import { expect, test } from 'vitest';
import { day } from '../../kernel/local-date.ts';
import { easter, isPublicHoliday, nextWorkingDay } from './public-holidays.ts';

test.each([
  // year  Easter        source
  [2024, '2024-03-31', 'published calendar'],
  [2025, '2025-04-20', 'published calendar'],
  [2026, '2026-04-05', 'published calendar'],
  [2038, '2038-04-25', 'latest possible day'],
  [2285, '2285-03-22', 'earliest possible day'],
])('Easter of %i is %s (%s)', (year, expected) => expect(easter(year)).toBe(expected));

test.each<[string, 'BE' | 'FR', boolean, string]>([
  ['2026-07-14', 'FR', true, 'L3133-1'],
  ['2026-07-14', 'BE', false, 'not Belgian'],
  ['2026-07-21', 'BE', true, 'national day'],
  ['2026-05-14', 'FR', true, 'Ascension 2026'],
  ['2026-05-25', 'BE', true, 'Whit Monday 2026'],
  ['2026-11-11', 'FR', true, 'armistice'],
  ['2026-11-12', 'FR', false, 'ordinary day'],
])('%s in %s: %s (%s)', (date, country, expected) => expect(isPublicHoliday(day(date), country)).toBe(expected));

test.each<[string, string, string]>([
  ['2026-11-21', '2026-11-23', 'Saturday to Monday'],
  ['2026-12-25', '2026-12-28', 'Christmas on a Friday'],
  ['2026-05-14', '2026-05-15', 'Ascension to Friday'],
  ['2026-11-23', '2026-11-23', 'already a working day'],
])('from %s the next working day is %s (%s)', (date, expected) =>
  expect(nextWorkingDay(day(date), 'FR')).toBe(expected),
);
