import { describe, expect, test } from 'vitest';
import { dated, inForce, NotInForce } from './dated.ts';
import { day } from './local-date.ts';
import type { Source } from './steps.ts';

const source: Source = { title: 'invented for this test', confidence: 'unverified' };
const table = dated({
  subject: 'test ceiling',
  unit: 'cents',
  checkedOn: day('2025-06-01'),
  values: [
    { from: day('2024-01-01'), value: 100, source },
    { from: day('2025-01-01'), until: day('2025-12-31'), value: 110, source },
  ],
});

describe('dated values', () => {
  test.each([
    ['2024-01-01', 100, 'first day'],
    ['2024-12-31', 100, 'last day before the next value'],
    ['2025-01-01', 110, 'first day of the next value'],
    ['2025-12-31', 110, 'last day of effect'],
  ])('on %s the value is %i (%s)', (on, expected) => expect(inForce(table, day(on)).value).toBe(expected));

  test('never guesses before the first day, nor after the last', () => {
    expect(() => inForce(table, day('2023-12-31'))).toThrow(NotInForce);
    expect(() => inForce(table, day('2026-01-01'))).toThrow(NotInForce);
  });

  test('marks an answer more than a year after the last check', () => {
    const open = dated({ ...table, values: [table.values[0]!] });
    expect(inForce(open, day('2026-06-01')).unchecked).toBe(false);
    expect(inForce(open, day('2026-06-02')).unchecked).toBe(true);
  });

  test('refuses a table out of order, overlapping or empty', () => {
    const [first, second] = [table.values[0]!, table.values[1]!];
    expect(() => dated({ ...table, values: [second, first] })).toThrow('does not follow');
    expect(() => dated({ ...table, values: [{ ...first, until: day('2025-01-01') }, second] })).toThrow('overlaps');
    expect(() => dated({ ...table, values: [] })).toThrow('at least one');
  });
});
