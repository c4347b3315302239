import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { type CapKind, type Commitment, capsOf, lastsAYear } from './caps.ts';

let serial = 0;
const line = (
  contingent: string,
  perimeterCode: string,
  share: string,
  given: Partial<Commitment> = {},
): Commitment => ({
  id: `a${++serial}`,
  holder: `${contingent} ${perimeterCode}`,
  contingent,
  basis: null,
  perimeterCode,
  territory: null,
  departments: [],
  agreedOtherwise: false,
  shares: [{ from: day('2026-01-01'), until: null, share }],
  ...given,
});

const caps = (commitments: Commitment[], given: Partial<Parameters<typeof capsOf>[0]> = {}) =>
  capsOf({
    department: '93',
    from: day('2026-01-01'),
    until: day('2028-12-31'),
    derogations: [],
    municipalities: [],
    ...given,
    commitments,
  }).result;

const guarantee = { basis: 'guarantee' } as const;
const c4 = [
  line('state-priority', '93', '0.25'),
  line('state-staff', '93', '0.05'),
  line('municipality', '93048', '0.18', guarantee),
  line('action-logement', '93', '0.27'),
  line('department', '93', '0.03', guarantee),
  line('region', '93', '0.02', guarantee),
];

test('the shares of flux-fr C4 leave a fifth to the landlord, and pass no cap of the law', () => {
  const { places, findings } = caps(c4);
  expect(places.map(({ code, total, left }) => [code, total, left])).toEqual([
    ['93', '0.620000', '0.380000'],
    ['93048', '0.800000', '0.200000'],
  ]);
  expect(findings.filter(({ refuses }) => refuses)).toEqual([]);
});

describe('each cap', () => {
  const until = (last: string) => [{ from: day('2026-01-01'), until: day(last), share: '0.3' }];
  test.each<
    [string, Commitment[], Parameters<typeof caps>[1], [CapKind, boolean, string, string, string | null][], string]
  >([
    ['30 % and 5 % of it', c4.slice(0, 2), {}, [], 'L-20'],
    [
      'State above 30 %',
      [line('state-priority', '93', '0.28'), line('state-staff', '93', '0.05')],
      {},
      [['state', true, '0.330000', '2026-01-01', '2028-12-31']],
      'L-20',
    ],
    [
      'staff above 5 %',
      [line('state-priority', '93', '0.2'), line('state-staff', '93', '0.1')],
      {},
      [['state-staff', true, '0.100000', '2026-01-01', '2028-12-31']],
      'L-20: points of the total flow',
    ],
    [
      'raised by an arrêté, for its days',
      [line('state-priority', '93', '0.35')],
      { derogations: [{ from: day('2026-01-01'), until: day('2026-12-31'), cap: '0.35' }] },
      [['state', true, '0.350000', '2027-01-01', '2028-12-31']],
      'L-21',
    ],
    [
      'State below 30 %: warned, it may be agreed otherwise',
      [line('state-priority', '93', '0.2')],
      {},
      [['state-floor', false, '0.200000', '2026-01-01', '2028-12-31']],
      'L-23',
    ],
    ['below 30 % as agreed', [line('state-priority', '93', '0.2', { agreedOtherwise: true })], {}, [], 'L-23'],
    [
      'guarantees above 20 %: warned, not verified',
      [line('department', '93', '0.21', guarantee)],
      {},
      [['guarantee', false, '0.210000', '2026-01-01', '2028-12-31']],
      'L-26, confidence M',
    ],
    [
      'guarantees of a commune weigh as its stock',
      [line('department', '93', '0.15', guarantee), line('municipality', '93048', '0.2', guarantee)],
      {
        municipalities: [
          { code: '93048', territory: null, dwellings: 25 },
          { code: '93010', territory: null, dwellings: 75 },
        ],
      },
      [],
      '15 % + 20 % × 25 ÷ 100 = 20 %',
    ],
    [
      'the whole passed in one commune alone',
      [line('action-logement', '93', '0.85'), line('municipality', '93048', '0.18')],
      {},
      [['sum', true, '1.030000', '2026-01-01', '2028-12-31']],
      'L-29: département and commune add up',
    ],
    [
      'département, EPT and commune add up where they meet',
      [
        line('action-logement', '93', '0.7'),
        line('intermunicipality', '200057875', '0.15', { departments: ['93'] }),
        line('municipality', '93048', '0.2', { territory: '200057875' }),
        line('municipality', '93066', '0.2', { territory: '200057867' }),
      ],
      {},
      [['sum', true, '1.050000', '2026-01-01', '2028-12-31']],
      'L-09, L-29: 70 % + 15 % + 20 % in Montreuil, not in Saint-Denis, outside the EPT',
    ],
    [
      'an EPT in two départements counts in each',
      [
        line('action-logement', '95', '0.9'),
        line('intermunicipality', '200057990', '0.15', { departments: ['92', '95'] }),
      ],
      { department: '95' },
      [['sum', true, '1.050000', '2026-01-01', '2028-12-31']],
      'flux-fr 6.4: Boucle Nord de Seine lies in 92 and 95',
    ],
    [
      'guarantees of an EPT weigh as the stock of its communes',
      [
        line('department', '93', '0.15', guarantee),
        line('intermunicipality', '200057875', '0.1', { departments: ['93'], ...guarantee }),
      ],
      {
        municipalities: [
          { code: '93048', territory: '200057875', dwellings: 30 },
          { code: '93010', territory: '200057875', dwellings: 20 },
          { code: '93066', territory: '200057867', dwellings: 50 },
        ],
      },
      [],
      '15 % + 10 % × 50 ÷ 100 = 20 %',
    ],
    [
      'the whole passed for some days only',
      [line('action-logement', '93', '0.8'), line('other', '93', '0.3', { shares: until('2026-06-30') })],
      {},
      [['sum', true, '1.100000', '2026-01-01', '2026-06-30']],
      'L-29 at every date',
    ],
    [
      'an amendment that comes too high',
      [
        line('action-logement', '93', '0.8'),
        line('other', '93', '0.2', {
          shares: [
            { from: day('2026-01-01'), until: day('2026-12-31'), share: '0.2' },
            { from: day('2027-01-01'), until: null, share: '0.21' },
          ],
        }),
      ],
      {},
      [['sum', true, '1.010000', '2027-01-01', '2028-12-31']],
      'L-29 at every date',
    ],
    [
      'another département does not count',
      [line('action-logement', '93', '0.3'), line('action-logement', '94', '0.9')],
      {},
      [],
      'L-08',
    ],
    [
      'before the décret of 2020 there was no cap in flow',
      [line('state-priority', '93', '0.4', { shares: [{ from: day('2019-01-01'), until: null, share: '0.4' }] })],
      { from: day('2019-01-01'), until: day('2020-12-31') },
      [['state', true, '0.400000', '2020-02-22', '2020-12-31']],
      'décret 2020-145',
    ],
  ])('%s', (_what, commitments, given, expected, _source) => {
    const found = caps(commitments, given).findings;
    expect(found.map(({ kind, refuses, value, from, until }) => [kind, refuses, value, from, until])).toEqual(expected);
  });

  test.each([
    ['2026-03-01', '2027-02-28', true, 'a year from day to day'],
    ['2026-03-01', '2027-03-01', false, 'a day more'],
    ['2026-03-01', '2026-02-28', false, 'backwards'],
    ['2024-02-29', '2025-02-27', true, 'from a leap day'],
  ])('an arrêté from %s to %s: %s (%s, L-21)', (from, until, expected) =>
    expect(lastsAYear(day(from), day(until))).toBe(expected),
  );
});

describe('whatever the agreements', () => {
  const anyLine = fc
    .record({
      contingent: fc.constantFrom('state-priority', 'state-staff', 'municipality', 'action-logement', 'other'),
      commune: fc.constantFrom('93048', '93010'),
      permille: fc.integer({ min: 1, max: 400 }),
      start: fc.integer({ min: 0, max: 700 }),
      length: fc.integer({ min: 1, max: 700 }),
    })
    .map(({ contingent, commune, permille, start, length }) => {
      const from = addDays(day('2026-01-01'), start);
      return line(contingent, contingent === 'municipality' ? commune : '93', (permille / 1000).toFixed(3), {
        shares: [{ from, until: addDays(from, length), share: (permille / 1000).toFixed(3) }],
      });
    });

  test('every day of the period, the whole is refused where it is passed and nowhere else', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 8 }), fc.integer({ min: 0, max: 1000 }), (lines, offset) => {
        const on = addDays(day('2026-01-01'), offset);
        const { findings } = caps(lines);
        for (const place of ['93', '93048', '93010']) {
          const total = lines
            .filter(({ perimeterCode }) => perimeterCode === '93' || perimeterCode === place)
            .flatMap(({ shares }) => shares)
            .filter(({ from, until }) => from <= on && until! >= on)
            .reduce((sum, { share }) => sum.add(exact(share)), exact(0));
          const known = place === '93' || lines.some(({ perimeterCode }) => perimeterCode === place);
          const found = findings.some(
            (one) =>
              one.kind === 'sum' && one.place === place && one.from <= on && (one.until === null || one.until >= on),
          );
          expect(found).toBe(known && total.compare(1) > 0);
        }
      }),
    );
  });

  test('the order of the agreements changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) => {
        expect(caps(lines.toReversed())).toEqual(caps(lines));
      }),
    );
  });
});
