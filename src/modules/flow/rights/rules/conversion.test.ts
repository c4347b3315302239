import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMonths, day } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { apportion, unreserved } from './apportion.ts';
import { issuedByYear } from './carried-rounding.ts';
import { shareProgramme } from './programme-sharing.ts';
import { runOff } from './run-off.ts';
import { type SmallHolderRounding, smallHolderRights, smallHolderYears } from './small-holder.ts';
import { type ConvertedLine, monthsLeft, volumeOf } from './volume.ts';

const convertsOn = day('2024-01-01');

/** A line of which the right has so many months left. */
const line = (count: number, turnover: string, months: number): ConvertedLine => ({
  kind: 'recurring',
  count,
  turnover: exact(turnover),
  endsOn: addMonths(day('2023-12-31'), months),
});
const unique = (count: number): ConvertedLine => ({
  kind: 'single-use',
  count,
  turnover: exact('0.05'),
  endsOn: null,
});

describe('volume of single-use rights', () => {
  test.each<[ConvertedLine[], string, string, string]>([
    [[line(40, '0.05', 240)], '40', '2', 'flux-fr C1'],
    [[line(30, '0.08', 150), line(50, '0.06', 120), line(20, '0.04', 180), unique(3)], '75', '6.2', 'flux-fr C2'],
    [[line(10, '0.06', -4), line(10, '0.06', 7)], '0.35', '0.6', 'flux-fr C3'],
    [[line(4, '0.05', 144)], '2.4', '0.2', 'flux-fr C8'],
    [[], '0', '0', 'nothing reserved'],
    [[{ ...line(10, '0.05', 0), endsOn: null }], '0', '0.5', 'a right without an end gives each year, for ever'],
    [[{ ...unique(5), endsOn: day('2023-12-31') }], '0', '0', 'a single-use right is over after its last day'],
  ])('%#: V = %s, v₀ = %s (%s)', (lines, volume, yearly) => {
    const found = volumeOf(convertsOn, lines);
    expect([found.volume.equals(exact(volume)), found.yearly.equals(exact(yearly))]).toEqual([true, true]);
  });

  test.each([
    ['2043-12-31', 240, 'flux-fr C1: the last day counts'],
    ['2024-07-31', 7, 'flux-fr C3'],
    ['2024-07-30', 6, 'whole months'],
    ['2023-12-31', 0, 'over on the eve'],
    ['2023-09-01', 0, 'flux-fr C3: past'],
    ['2024-01-30', 0, 'less than a month'],
  ])('a right until %s has %i months left (%s)', (endsOn, months) =>
    expect(monthsLeft(convertsOn, day(endsOn))).toBe(months),
  );
});

const parties = (shares: Record<string, string>) =>
  Object.entries(shares).map(([id, share]) => ({ id, share: exact(share) }));
const c4 = parties({ prefet: '0.3', communes: '0.18', als: '0.27', departement: '0.03', region: '0.02' });

describe('largest remainder', () => {
  test.each<[number, ReturnType<typeof parties>, Parameters<typeof apportion>[0]['caps'], number[], string]>([
    [500, c4, [], [150, 90, 135, 15, 10, 100], 'flux-fr C4'],
    [487, c4, [], [146, 88, 131, 15, 10, 97], 'flux-fr C5'],
    [
      487,
      parties({ agents: '0.05', autres: '0.3' }),
      [{ ids: ['agents'], share: exact('0.05') }],
      [24, 146, 317],
      'flux-fr C5: staff at most 24',
    ],
    [
      40,
      parties({ commune: '0.2', prefet: '0.3', als: '0.25' }),
      [{ ids: ['commune'], share: exact('0.2') }],
      [8, 12, 10, 10],
      'flux-fr C6',
    ],
    [
      10,
      parties({ b: '0.25', a: '0.25', c: '0.5' }),
      [],
      [2, 3, 5, 0],
      'equal remainders and shares: smaller identifier',
    ],
    [5, parties({ small: '0.1', large: '0.5', other: '0.4' }), [], [0, 3, 2, 0], 'equal remainders: larger share'],
    [
      10,
      parties({ a: '0.4', b: '0.6' }),
      [{ ids: ['a', 'b'], share: exact('0.5') }],
      [2, 3, 5],
      'above their cap together: brought down in proportion, the landlord keeps the rest',
    ],
    [0, c4, [], [0, 0, 0, 0, 0, 0], 'nothing to share'],
  ])('%i shared: %#', (total, among, caps = [], counts) =>
    expect(apportion({ total, parties: among, caps }).map(({ count }) => count)).toEqual(counts),
  );

  test('refuses more than the whole (L-29)', () =>
    expect(() => apportion({ total: 10, parties: parties({ a: '0.6', b: '0.41' }) })).toThrow(
      expect.objectContaining({ code: 'E-RIGHTS-01', params: { total: '101' } }),
    ));

  const arbitrary = fc.record({
    total: fc.integer({ min: 0, max: 2_000 }),
    weights: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 9 }),
    own: fc.integer({ min: 0, max: 100 }),
    cap: fc.integer({ min: 0, max: 100 }),
  });
  const made = ({ weights, own }: { weights: number[]; own: number }) => {
    const whole = weights.reduce((sum, weight) => sum + weight, own) || 1;
    return weights.map((weight, index) => ({ id: `p${index}`, share: exact(weight).div(whole) }));
  };

  test('the sum is kept, nobody passes a cap, nobody uncapped is a whole dwelling below its part', () => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        const among = made(given);
        const cap = exact(given.cap).div(100);
        const parts = apportion({ total: given.total, parties: among, caps: [{ ids: ['p0'], share: cap }] });
        expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(given.total);
        for (const { id, count, exact: part } of parts) {
          if (id === 'p0') expect(cap.mul(given.total).compare(count)).toBeGreaterThanOrEqual(0);
          else expect(part.sub(count).compare(1)).toBe(-1);
        }
      }),
    );
  });

  test('the order in which parties are told changes nothing', () => {
    fc.assert(
      fc.property(arbitrary, fc.infiniteStream(fc.nat()), (given, order) => {
        const among = made(given);
        const keys = new Map(among.map(({ id }) => [id, order.next().value as number]));
        const shuffled = among.toSorted((a, b) => keys.get(a.id)! - keys.get(b.id)!);
        const counts = (parts: ReturnType<typeof apportion>) =>
          Object.fromEntries(parts.map(({ id, count }) => [id, count]));
        expect(counts(apportion({ total: given.total, parties: shuffled }))).toEqual(
          counts(apportion({ total: given.total, parties: among })),
        );
      }),
    );
  });
});

test('the rounding carried over years never errs by more than a half, to date', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 30 }), (hundredths) => {
      const dues = hundredths.map((value) => exact(value).div(100));
      let error = exact(0);
      for (const [index, issued] of issuedByYear(dues).entries()) {
        error = error.add(dues[index]!).sub(issued);
        expect(error.abs().compare(exact('0.5'))).toBeLessThanOrEqual(0);
      }
    }),
  );
});

describe('run-off', () => {
  test('flux-fr C7', () => {
    const years = runOff({
      start: 2024,
      bases: [110, 95, 120],
      parties: [{ id: 'ville', share: exact('0.06'), volume: exact(75), until: null }],
      onExhaustion: 'unreserved',
    });
    expect(
      years.map(({ parties: [ville] }) => [decimal(ville!.due, 2), ville!.issued, ville!.left!.toString()]),
    ).toEqual([
      ['6.60', 7, '68'],
      ['5.70', 5, '63'],
      ['7.20', 8, '55'],
    ]);
    expect(years.map(({ unreserved: kept }) => kept)).toEqual([103, 90, 112]);
  });

  const two = [
    { id: 'rail', share: exact('0.1'), volume: exact('5.5'), until: null },
    { id: 'prefet', share: exact('0.3'), volume: null, until: null },
  ];

  test.each<['unreserved' | 'redistribute', number[][], string]>([
    [
      'unreserved',
      [
        [10, 30, 60],
        [0, 30, 70],
      ],
      'what is used up goes to the landlord',
    ],
    [
      'redistribute',
      [
        [10, 30, 60],
        [0, 40, 60],
      ],
      'what is used up goes to the others',
    ],
  ])('on exhaustion, %s (%#: %s)', (onExhaustion, expected) => {
    const wide = two.map((party) => (party.id === 'rail' ? { ...party, volume: exact('9.5') } : party));
    const years = runOff({ start: 2024, bases: [100, 100], parties: wide, onExhaustion });
    expect(years.map(({ parties: [rail, prefet], unreserved: kept }) => [rail!.issued, prefet!.issued, kept])).toEqual(
      expected,
    );
  });

  test('a volume never goes below nothing, and a part of a right gives one dwelling at most', () => {
    const [first, second] = runOff({ start: 2024, bases: [100, 100], parties: two, onExhaustion: 'unreserved' });
    expect([first!.parties[0]!.issued, first!.parties[0]!.left!.toString()]).toEqual([6, '0']);
    expect(second!.parties[0]!.issued).toBe(0);
  });

  test('each year adds up to its base', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 12 }), (bases) => {
        for (const { base, parties: ofYear, unreserved: kept } of runOff({
          start: 2024,
          bases,
          parties: two,
          onExhaustion: 'redistribute',
        }))
          expect(ofYear.reduce((sum, { issued }) => sum + issued, kept)).toBe(base);
      }),
    );
  });
});

describe('small holders', () => {
  test.each<[SmallHolderRounding, string, number, string]>([
    ['floor', '2.4', 2, 'flux-fr C8'],
    ['nearest', '2.4', 2, 'flux-fr C8'],
    ['ceil', '2.4', 3, 'flux-fr C8'],
    ['nearest', '2.5', 3, 'halves up'],
    ['floor', '0.35', 1, 'flux-fr C3 and 5.1: at least one'],
    ['ceil', '0', 0, 'nothing is left'],
  ])('%s of %s is %i (%s)', (rounding, volume, rights) =>
    expect(smallHolderRights(exact(volume), rounding)).toBe(rights),
  );

  test.each([
    [2, 144, [2027, 2033], 'flux-fr C8'],
    [3, 144, [2026, 2030, 2034], 'flux-fr C8'],
    [1, 18, [2024], 'half of one year and a half is in the first'],
    [0, 144, [], 'no right'],
  ])('%i rights over %i months: %j (%s)', (rights, months, years) =>
    expect(smallHolderYears({ start: 2024, rights, months })).toEqual(years),
  );
});

describe('sharing of a new programme', () => {
  test('rows, columns and the State’s part (F-79)', () => {
    const { rows, setAside } = shareProgramme({
      sizes: [
        { rooms: 2, dwellings: 14 },
        { rooms: 3, dwellings: 18 },
        { rooms: 4, dwellings: 9 },
      ],
      setAside: 2,
      parties: parties({ prefet: '0.3', ville: '0.2', als: '0.27' }),
      caps: [{ ids: ['prefet'], share: exact('0.3') }],
    });
    expect(setAside).toEqual([1, 1, 0]);
    expect(rows).toEqual([
      { id: 'prefet', counts: [4, 5, 2], total: 11 },
      { id: 'ville', counts: [3, 3, 2], total: 8 },
      { id: 'als', counts: [3, 5, 3], total: 11 },
      { id: unreserved, counts: [3, 4, 2], total: 9 },
    ]);
  });

  test('every sharing adds up both ways, each cell less than one dwelling from its exact part', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 });
    const weights = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(sizes, weights, fc.nat(10), (dwellings, given, setAside) => {
        const whole = given.reduce((sum, weight) => sum + weight, 5);
        const shared = shareProgramme({
          sizes: dwellings.map((count, index) => ({ rooms: index + 1, dwellings: count })),
          setAside,
          parties: given.map((weight, index) => ({ id: `p${index}`, share: exact(weight).div(whole) })),
        });
        const columns = dwellings.map((count, index) => count - shared.setAside[index]!);
        const total = columns.reduce((sum, count) => sum + count, 0);
        expect(shared.rows.reduce((sum, row) => sum + row.total, 0)).toBe(total);
        for (const { counts, total: ofRow } of shared.rows) {
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ofRow);
          for (const [index, count] of counts.entries())
            if (total > 0) expect(exact(ofRow).mul(columns[index]!).div(total).sub(count).abs().compare(1)).toBe(-1);
        }
        for (const [index, column] of columns.entries())
          expect(shared.rows.reduce((sum, { counts }) => sum + counts[index]!, 0)).toBe(column);
      }),
    );
  });
});
