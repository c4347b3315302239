import Fraction from 'fraction.js';

/**
 * Amounts are whole cents. Anything between two cents is an exact fraction, rounded once, where the rule says so:
 * no amount ever goes through a floating number.
 */
export type Cents = number & { readonly brand: 'Cents' };

/** @throws RangeError when `amount` is not a whole number of cents. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not a whole number of cents: ${amount}`);
  return amount as Cents;
}

/** An exact number. Decimal text is read exactly: `exact('0.27')` is 27/100. */
export const exact = (value: Fraction | number | bigint | string): Fraction => new Fraction(value);

/** To the nearest whole, halves away from zero: the usual rounding of amounts. */
export function roundHalfUp(value: Fraction): number {
  const magnitude = value.abs().add(exact('0.5')).floor();
  return value.compare(0) < 0 ? 0 - magnitude.valueOf() : magnitude.valueOf();
}

/** `amount × numerator ÷ denominator`, to the nearest cent, halves up. Rounds once. */
export function prorate(amount: Cents, numerator: number, denominator: number): Cents {
  return cents(roundHalfUp(exact(amount).mul(numerator).div(denominator)));
}

/** Decimal text with exactly `places` decimals, halves up: for storage in `numeric` and for display. */
export function decimal(value: Fraction, places: number): string {
  const scaled = roundHalfUp(value.mul(exact(10n ** BigInt(places))));
  const digits = String(Math.abs(scaled)).padStart(places + 1, '0');
  const sign = scaled < 0 ? '-' : '';
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
