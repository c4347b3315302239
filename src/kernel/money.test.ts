import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cents, decimal, exact, prorate, roundHalfUp } from './money.ts';

describe('rounding', () => {
  test.each([
    // value      expected  source
    ['0.5', 1, 'half goes up'],
    ['-0.5', -1, 'half goes away from zero'],
    ['1.4999', 1, 'below half'],
    ['2.5', 3, 'never to even'],
    ['-2.4', -2, 'below half, negative'],
  ])('%s becomes %i (%s)', (value, expected) => expect(roundHalfUp(exact(value))).toBe(expected));

  test.each([
    ['0.35', 2, '0.35', 'flux-fr C3'],
    ['1/3', 4, '0.3333', 'one third'],
    ['-0.005', 2, '-0.01', 'half, negative'],
    ['12', 0, '12', 'no decimals'],
    ['0.004', 2, '0.00', 'below half'],
  ])('%s with %i decimals is %s (%s)', (value, places, expected) =>
    expect(decimal(exact(value), places)).toBe(expected),
  );

  test('parts of an amount differ from the whole by at most half a cent each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 31 }), (amount, days) => {
        const part = prorate(cents(amount), days, 31);
        expect(Math.abs(part * 31 - amount * days)).toBeLessThanOrEqual(15.5);
      }),
    );
  });

  test('refuses an amount that is not whole', () => expect(() => cents(1.5)).toThrow(RangeError));
});
