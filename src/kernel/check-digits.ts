/**
 * Numbers that carry their own proof. Each function takes the number as a person types it (spaces, dots, dashes and
 * slashes do not count) and answers its canonical form, or `null` when the proof fails.
 */

const compact = (typed: string): string => typed.replace(/[\s./+-]/g, '').toUpperCase();

/** Remainder by 97 of digits of any length. */
export const mod97 = (digits: string): number => Number(BigInt(digits) % 97n);

/**
 * IBAN (ISO 13616): four first characters to the end, letters to numbers (A = 10), remainder 1. Belgian accounts carry
 * a second check on their last two digits.
 */
export function iban(typed: string): string | null {
  const value = compact(typed);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(value)) return null;
  const length = ibanLength[value.slice(0, 2)];
  if (length !== undefined && value.length !== length) return null;
  const digits = [...(value.slice(4) + value.slice(0, 4))].map((c) => Number.parseInt(c, 36)).join('');
  if (mod97(digits) !== 1) return null;
  return value.startsWith('BE') && (mod97(value.slice(4, 14)) || 97) !== Number(value.slice(14)) ? null : value;
}

/** Lengths for the countries a landlord of Brussels or Île-de-France meets most; others are checked by remainder. */
const ibanLength: Record<string, number | undefined> = {
  BE: 16,
  FR: 27,
  LU: 20,
  NL: 18,
  DE: 22,
  ES: 24,
  IT: 27,
  PT: 25,
};

/** IBAN in groups of four, as printed on the card. */
export const formatIban = (value: string): string => value.replace(/(.{4})(?=.)/g, '$1 ');

/**
 * Belgian national number (NISS): six digits of the birth date, three of order, two of check:
 * 97 − (nine digits mod 97), with a 2 before the nine digits for those born from 2000 on. Numbers « bis » add 20 or 40
 * to the month. The century is the one whose check fits.
 */
export function nationalNumber(typed: string): string | null {
  const value = compact(typed);
  if (!/^\d{11}$/.test(value)) return null;
  const [nine, check] = [value.slice(0, 9), Number(value.slice(9))];
  const fits = (prefix: string) => 97 - mod97(prefix + nine) === check;
  if (!fits('') && !fits('2')) return null;
  const month = Number(value.slice(2, 4)) % 20;
  return month <= 12 && Number(value.slice(2, 4)) < 60 && Number(value.slice(4, 6)) <= 31 ? value : null;
}

export const formatNationalNumber = (value: string): string =>
  `${value.slice(0, 2)}.${value.slice(2, 4)}.${value.slice(4, 6)}-${value.slice(6, 9)}.${value.slice(9)}`;

/** Belgian enterprise number: the last two digits are 97 − (first eight mod 97). Nine digits get their leading 0. */
export function enterpriseNumber(typed: string): string | null {
  const value = compact(typed).replace(/^BE/, '').padStart(10, '0');
  if (!/^[01]\d{9}$/.test(value)) return null;
  return 97 - mod97(value.slice(0, 8)) === Number(value.slice(8)) ? value : null;
}

/** Belgian structured communication: ten digits and their remainder by 97, a remainder of 0 being written 97. */
export function structuredReference(typed: string): string | null {
  const value = compact(typed).replace(/\*/g, '');
  if (!/^\d{12}$/.test(value)) return null;
  return (mod97(value.slice(0, 10)) || 97) === Number(value.slice(10)) ? value : null;
}

/** @param base up to ten digits */
export function makeStructuredReference(base: string): string {
  const digits = base.padStart(10, '0');
  return digits + String(mod97(digits) || 97).padStart(2, '0');
}

export const formatStructuredReference = (value: string): string =>
  `+++${value.slice(0, 3)}/${value.slice(3, 7)}/${value.slice(7)}+++`;

/**
 * Number of a demand in the French national register (NUR): eighteen letters and digits. Its inner layout is not
 * published, so only the form is checked.
 */
export function uniqueRegistrationNumber(typed: string): string | null {
  const value = compact(typed);
  return /^[0-9A-Z]{18}$/.test(value) ? value : null;
}

/** French SIREN: nine digits, Luhn. */
export function siren(typed: string): string | null {
  const value = compact(typed);
  return /^\d{9}$/.test(value) && luhn(value) ? value : null;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
