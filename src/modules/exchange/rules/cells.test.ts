import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell } from '../../../platform/spreadsheets/csv-text.ts';
import {
  account,
  amount,
  area,
  type Cell,
  type CellReader,
  choice,
  type DateOrder,
  day,
  decimalText,
  email,
  floor,
  foldWord,
  isWrong,
  language,
  national,
  plainText,
  priorityArea,
  rooms,
  share,
  text,
  uniqueNumber,
  whole,
  year,
  yesNo,
} from './cells.ts';

/** The value, or the code of what is wrong. */
const read = (reader: CellReader, cell: Cell, order: DateOrder = 'dmy') => {
  const reading = reader(cell, order);
  return isWrong(reading) ? reading.code : reading;
};

describe('amounts, in cents', () => {
  test.each<[Cell, number | string, string]>([
    ['650', 65_000, 'whole euros'],
    ['650,5', 65_050, 'decimal comma'],
    ['650.50', 65_050, 'decimal point'],
    ['1 234,56', 123_456, 'space between thousands'],
    ['1\u202f234,56 €', 123_456, 'narrow space, as French spreadsheets write it, and the sign'],
    ["1'234.56", 123_456, 'Swiss thousands'],
    ['1.234,56', 123_456, 'Belgian thousands'],
    ['1,234.56', 123_456, 'English thousands'],
    ['1.234.567', 123_456_700, 'several marks can only part thousands'],
    ['1.250', 125_000, 'a rent of one thousand two hundred and fifty, not of 1 euro 25'],
    ['EUR 650', 65_000, 'currency before'],
    ['650,-', 65_000, 'Dutch habit'],
    [650.5, 65_050, 'typed by a spreadsheet'],
    [0.1 + 0.2, 30, 'a spreadsheet shows 0.3: its fifteen digits'],
    ['0', 0, 'nothing is an amount'],
    ['-5', 'E-FIELD-AMOUNT', 'below zero'],
    ['12345678901', 'E-FIELD-AMOUNT', 'beyond any rent'],
    ['650,505', 'E-IMPORT-CENTS', 'not rounded in silence: 650,505 is no amount of money'],
    ['1,250', 'E-IMPORT-CENTS', 'one euro 25 or one thousand two hundred and fifty: both are written so'],
    ['1.23.456', 'E-IMPORT-NUMBER', 'marks that contradict each other'],
    ['six cents', 'E-IMPORT-NUMBER', 'words'],
    ['12 500 / an', 'E-IMPORT-NUMBER', 'a unit we do not know'],
  ])('%s is %s (%s)', (cell, expected) => expect(read(amount, cell)).toBe(expected));

  test('whatever the way of writing, the same cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
        const euros = Math.trunc(cents / 100);
        const decimals = String(cents % 100).padStart(2, '0');
        const grouped = (mark: string) => String(euros).replace(/\B(?=(?:\d{3})+$)/g, mark);
        for (const written of [
          `${euros},${decimals}`,
          `${grouped(' ')},${decimals}`,
          `${grouped('.')},${decimals}`,
          `${grouped(',')}.${decimals}`,
        ]) {
          expect([written, read(amount, written)]).toEqual([written, cents]);
        }
        expect(read(amount, cents / 100)).toBe(cents);
      }),
    );
  });
});

describe('other numbers', () => {
  test.each<[string, Cell, CellReader, unknown, string]>([
    ['whole', '3', whole(0, 20), 3, ''],
    ['whole', '3,0', whole(0, 20), 3, 'a spreadsheet that shows a decimal'],
    ['whole', '3,5', whole(0, 20), 'E-IMPORT-NUMBER', 'no half bedroom'],
    ['whole', '21', whole(0, 20), 'E-FIELD-MAX', ''],
    ['whole', '-1', whole(0, 20), 'E-FIELD-MIN', ''],
    ['area', '62,5', area, '62.5', 'exact text'],
    ['area', '62.125', area, 'E-IMPORT-NUMBER', 'three decimals are no area'],
    ['area', '62 m²', area, '62', 'the unit does not count'],
    ['area', '2001', area, 'E-FIELD-MAX', ''],
    ['share', '15 %', share, '0.15000', ''],
    ['share', '15', share, '0.15000', 'above 1, it is a percentage'],
    ['share', '0,15', share, '0.15000', ''],
    ['share', '0,5 %', share, '0.00500', 'half a percent'],
    ['share', '120', share, 'E-FIELD-MAX', 'beyond the whole'],
    ['rooms', 'T3', rooms, 3, ''],
    ['rooms', 'F4', rooms, 4, ''],
    ['rooms', '2 pièces', rooms, 2, ''],
    ['floor', 'RDC', floor, 0, ''],
    ['floor', 'rez-de-chaussée', floor, 0, ''],
    ['floor', '3ème étage', floor, 3, ''],
    ['floor', '-1', floor, -1, 'below ground'],
    ['priority area', 'qn07501m', priorityArea, 'QN07501M', ''],
    ['priority area', '1', priorityArea, 'E-IMPORT-AREA', 'yes or no: the RPLS'],
    ['year', '1974', year(1900, 2100), 1974, ''],
    ['year', '31/12/1974', year(1900, 2100), 1974, 'a day gives its year'],
    ['year', '74', year(1900, 2100), 'E-FIELD-MIN', 'two digits'],
  ])('%s: %s', (_name, cell, reader, expected) => expect(read(reader, cell)).toBe(expected));

  test('a sole mark before three digits parts thousands only where thousands make sense', () => {
    expect(decimalText('1.250', 'thousands')).toBe('1250');
    expect(decimalText('1.250', 'decimals')).toBe('1.25');
    expect(decimalText('0.250', 'thousands')).toBe('0.25');
  });
});

describe('days', () => {
  test.each<[Cell, DateOrder, string, string]>([
    ['22/11/2026', 'dmy', '2026-11-22', ''],
    ['2/3/2026', 'dmy', '2026-03-02', ''],
    ['2.3.2026', 'dmy', '2026-03-02', 'points'],
    ['02-03-2026', 'dmy', '2026-03-02', 'dashes'],
    ['03/02/2026', 'mdy', '2026-03-02', 'American order, chosen'],
    ['2026/03/02', 'ymd', '2026-03-02', ''],
    ['2026-03-02', 'dmy', '2026-03-02', 'ISO in every order'],
    ['2026-03-02', 'mdy', '2026-03-02', 'ISO in every order'],
    ['2026-03-02T08:15:00Z', 'dmy', '2026-03-02', 'with its hour'],
    ['02/03/2026 08:15', 'dmy', '2026-03-02', 'with its hour'],
    ['31/02/2026', 'dmy', 'E-IMPORT-DATE', 'not in the calendar'],
    ['29/02/2027', 'dmy', 'E-IMPORT-DATE', '2027 is no leap year'],
    ['29/02/2028', 'dmy', '2028-02-29', '2028 is'],
    ['11/22/2026', 'dmy', 'E-IMPORT-DATE', 'a month of 22: the wrong order is told, never guessed'],
    ['22/11/26', 'dmy', 'E-IMPORT-SHORT-YEAR', '1926 or 2026'],
    ['2026-02-30', 'dmy', 'E-IMPORT-DATE', ''],
    ['demain', 'dmy', 'E-IMPORT-DATE', ''],
    [46_348, 'dmy', 'E-IMPORT-DATE', 'the serial of a spreadsheet, not formatted as a day'],
  ])('%s (%s) is %s', (cell, order, expected) => expect(read(day, cell, order)).toBe(expected));
});

describe('words', () => {
  const kind = choice('dwelling-kind', { apartment: ['appartement', 'appt'], house: ['maison', 'huis'] });

  test.each<[Cell, unknown]>([
    ['Appartement', 'apartment'],
    ['APPT.', 'apartment'],
    ['huis', 'house'],
    ['apartment', 'apartment'],
    ['château', 'E-IMPORT-CHOICE'],
  ])('%s is %s', (cell, expected) => expect(read(kind, cell)).toBe(expected));

  test('what is refused says what may be written', () =>
    expect(kind('château', 'dmy')).toEqual({
      code: 'E-IMPORT-CHOICE',
      params: { list: 'dwelling-kind', choices: 'apartment,house' },
    }));

  test.each<[Cell, unknown]>([
    ['Oui', true],
    ['ja', true],
    ['YES', true],
    ['x', true],
    ['1', true],
    [1, true],
    ['Non', false],
    ['nee', false],
    ['false', false],
    [0, false],
    ['peut-être', 'E-IMPORT-CHOICE'],
  ])('yes or no: %s is %s', (cell, expected) => expect(read(yesNo, cell)).toBe(expected));

  test.each<[Cell, unknown]>([
    ['FR', 'fr'],
    ['Néerlandais', 'nl'],
    ['Engels', 'en'],
    ['arabe', 'E-IMPORT-CHOICE'],
  ])('language: %s is %s', (cell, expected) => expect(read(language, cell)).toBe(expected));

  test('folding leaves letters and digits', () => {
    expect(foldWord('  N° d’Étage (rez) ')).toBe('n d etage rez');
    expect(foldWord('Cœur')).toBe('coeur');
  });
});

describe('numbers that prove themselves', () => {
  test.each<[string, Cell, CellReader, string, string]>([
    ['IBAN', 'BE68 5390 0754 7034', account, 'BE68539007547034', 'ais-brussels 4.3'],
    ['IBAN', 'BE69 5390 0754 7034', account, 'E-IBAN-01', 'ais-brussels 4.3: remainder 2'],
    ['NISS', '85.07.30-033.28', national, '85073003328', 'ais-brussels 4.2'],
    ['NISS', '85.07.30-033.29', national, 'E-NISS-01', 'one digit off'],
    ['NISS', 12_556_777, national, '00012556777', 'a spreadsheet dropped the zeros in front'],
    ['NUR', '093012612345671110', uniqueNumber, '093012612345671110', 'eighteen positions'],
    ['NUR', '0930126', uniqueNumber, 'E-NUR-01', 'too short'],
  ])('%s %s', (_name, cell, reader, expected) => expect(read(reader, cell)).toBe(expected));

  test.each<[Cell, string]>([
    ['mailto:a.b@exemple.be', 'a.b@exemple.be'],
    ['a.b@exemple', 'E-FIELD-EMAIL'],
    ['a@b.be; c@d.be', 'E-FIELD-EMAIL'],
  ])('address %s is %s', (cell, expected) => expect(read(email, cell)).toBe(expected));
});

describe('text', () => {
  test('is bounded, and holds no character the database cannot', () => {
    expect(read(text(5), '  abcde ')).toBe('abcde');
    expect(read(text(5), 'abcdef')).toBe('E-FIELD-LONG');
    expect(read(text(5), 'a\0b')).toBe('E-IMPORT-CHARACTERS');
  });

  test('what our own files neutralise comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (typed) => {
        const value = typed.trim();
        const written = csvCell(value);
        const cell = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
        if (!value.startsWith("'")) expect(plainText(cell)).toBe(value);
        expect(/^[=+\-@\t\r]/.test(cell)).toBe(false);
      }),
    );
  });
});
