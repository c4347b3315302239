import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  enterpriseNumber,
  formatIban,
  formatNationalNumber,
  formatStructuredReference,
  iban,
  makeStructuredReference,
  nationalNumber,
  siren,
  structuredReference,
  uniqueRegistrationNumber,
} from './check-digits.ts';

describe('IBAN', () => {
  test.each<[string, string | null, string]>([
    ['BE68 5390 0754 7034', 'BE68539007547034', 'ais-brussels 4.3'],
    ['be62510007547061', 'BE62510007547061', 'ais-brussels 4.3'],
    ['BE21 0012 3456 7803', 'BE21001234567803', 'ais-brussels 4.3'],
    ['BE69 5390 0754 7034', null, 'ais-brussels 4.3: remainder 2'],
    ['BE68 5390 0754 703', null, 'one digit short'],
    ['FR14 2004 1010 0505 0001 3M02 606', 'FR1420041010050500013M02606', 'ISO 13616 registry example'],
    ['', null, 'empty'],
    ['BE68-5390-0754-7034 x', null, 'a letter too many'],
  ])('%s gives %s (%s)', (typed, expected) => expect(iban(typed)).toBe(expected));

  test('a changed digit never passes', () => {
    const valid = 'BE68539007547034';
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 1, max: 9 }), (at, shift) => {
        const digit = (Number(valid[at]) + shift) % 10;
        expect(iban(valid.slice(0, at) + digit + valid.slice(at + 1))).toBeNull();
      }),
    );
  });

  test('is printed in groups of four', () => expect(formatIban('BE68539007547034')).toBe('BE68 5390 0754 7034'));
});

describe('national number', () => {
  test.each<[string, string | null, string]>([
    ['42.01.22-051.81', '42012205181', 'ais-brussels 4.2'],
    ['93.05.18-223.61', '93051822361', 'ais-brussels 4.2'],
    ['85.07.30-033.28', '85073003328', 'ais-brussels 4.2'],
    ['00.01.25-567.77', '00012556777', 'ais-brussels 4.2: born 2000'],
    ['00.01.25-567.48', '00012556748', 'ais-brussels 4.2: born 1900'],
    ['12.06.15-002.65', '12061500265', 'ais-brussels 4.2'],
    ['40.00.00-955.79', '40000095579', 'ais-brussels 4.2: unknown day'],
    ['00.00.01-003.64', '00000100364', 'ais-brussels 4.2: unknown'],
    ['80.42.15-123.43', '80421512343', 'ais-brussels 4.2: bis'],
    ['42.01.22-051.82', null, 'wrong check'],
    ['80.72.15-123.43', null, 'no such month'],
    ['4201220518', null, 'ten digits'],
  ])('%s gives %s (%s)', (typed, expected) => expect(nationalNumber(typed)).toBe(expected));

  test('is printed as on the card', () => expect(formatNationalNumber('42012205181')).toBe('42.01.22-051.81'));
});

describe('structured reference', () => {
  test.each([
    ['1234567890', '+++123/4567/89002+++'],
    ['1', '+++000/0000/00101+++'],
    ['97', '+++000/0000/09797+++'],
    ['2025000123', '+++202/5000/12390+++'],
    ['0101000042', '+++010/1000/04253+++'],
    ['9999999999', '+++999/9999/99948+++'],
    ['1212041021', '+++121/2041/02125+++'],
  ])('%s is printed %s (ais-brussels 4.1)', (base, expected) => {
    expect(formatStructuredReference(makeStructuredReference(base))).toBe(expected);
    expect(structuredReference(expected)).toBe(makeStructuredReference(base));
  });

  test.each(['123456789003', '000000009700', '12345678900', 'abcdefghijkl'])(
    '%s is refused (ais-brussels 4.1)',
    (typed) => expect(structuredReference(typed)).toBeNull(),
  );
});

describe('enterprise numbers and registers', () => {
  test.each<[string, string | null, string]>([
    ['0566.988.259', '0566988259', 'ais-brussels 4.3'],
    ['BE 419.618.535', '0419618535', 'ais-brussels 4.3, without its zero'],
    ['0403.170.701', '0403170701', 'ais-brussels 4.3: check 01'],
    ['0566.988.258', null, 'ais-brussels 4.3: wrong'],
  ])('enterprise number %s gives %s (%s)', (typed, expected) => expect(enterpriseNumber(typed)).toBe(expected));

  test.each<[string, string | null, string]>([
    ['200 057 966', '200057966', 'flux-fr 6.4: Vallée Sud Grand Paris'],
    ['200057967', null, 'wrong check'],
  ])('SIREN %s gives %s (%s)', (typed, expected) => expect(siren(typed)).toBe(expected));

  test.each<[string, string | null, string]>([
    ['075 0119 123456 GDPUB'.replaceAll(' ', ''), '0750119123456GDPUB', 'flux-fr 6.1: letters allowed'],
    ['12345678901234567', null, 'seventeen characters'],
  ])('registration number %s gives %s (%s)', (typed, expected) =>
    expect(uniqueRegistrationNumber(typed)).toBe(expected),
  );
});
