import { describe, expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { computeScenario, scenarioInput } from './scenario.ts';
import { type StockGroup, segmentFinder, turnoverBySegment } from './turnover.ts';

const group = (given: Partial<StockGroup>): StockGroup => ({
  municipality: '93048',
  rooms: 3,
  funding: 'PLUS',
  inPriorityArea: false,
  dwellings: [1_000, 1_000, 1_000],
  freed: [60, 50, 40],
  ...given,
});

describe('turnover', () => {
  test('the mean of three years, by segment, with its inputs (F-71)', () => {
    const segments = turnoverBySegment(
      [
        group({}),
        group({ rooms: 1, dwellings: [100, 100, 200], freed: [8, 8, 16] }),
        group({ rooms: 2, dwellings: [0, 0, 0], freed: [0, 0, 0] }),
        group({ municipality: '94081', dwellings: [0, 500, 500], freed: [0, 10, 15] }),
      ],
      ['department', 'rooms'],
    );
    expect(segments.map(({ key, rate, freed }) => [key, rate?.toFraction(), freed])).toEqual([
      [['93', '1-2'], '2/25', [8, 8, 16]],
      [['93', '3'], '1/20', [60, 50, 40]],
      [['94', '3'], '1/40', [0, 10, 15]],
    ]);
  });

  test.each<[Parameters<typeof turnoverBySegment>[1], Partial<StockGroup>, Partial<StockGroup>, string[][], string]>([
    [['area'], { area: 0 }, { area: 4 }, [['0'], ['4']], 'F-71 surface: under 35 m², 90 m² and more'],
    [
      ['department', 'rent'],
      { rent: 1 },
      { rent: 3 },
      [
        ['93', '1'],
        ['93', '3'],
      ],
      'F-71 rent: 6 to 8 €/m², 10 and more',
    ],
    [
      ['contingent'],
      { contingent: 'action-logement' },
      { contingent: 'municipality' },
      [['action-logement'], ['municipality']],
      'F-71 réservataire; § 5.1 rotationMethod « by réservataire »',
    ],
    [['area'], { area: null }, { area: 2 }, [['2']], 'a dwelling of unknown area is in no band, and in the whole'],
  ])('turnover by %s', (criteria, one, other, keys, _source) => {
    const groups = [group(one), group({ ...other, freed: [10, 10, 10] })];
    const segments = turnoverBySegment(groups, criteria);
    expect(segments.map(({ key }) => key)).toEqual(keys);
    expect(segments.at(-1)!.rate!.toFraction()).toBe('1/100');
    expect(turnoverBySegment(groups, [])[0]!.dwellings).toEqual([2_000, 2_000, 2_000]);
  });

  test('a right without area takes the rate of its département; without anything, that of the whole', () => {
    const find = segmentFinder([group({ area: 1 })], ['department', 'area']);
    const facts = { municipality: '93048', rooms: null, funding: null, inPriorityArea: null };
    expect(find({ ...facts, area: 1 })!.criteria).toEqual(['department', 'area']);
    expect(find(facts)!.criteria).toEqual(['department']);
  });

  test('a small segment, or a line that does not tell where it belongs, takes the wider one', () => {
    const find = segmentFinder(
      [group({}), group({ rooms: 6, dwellings: [5, 5, 5], freed: [5, 5, 5] })],
      ['department', 'rooms'],
    );
    const facts = { municipality: '93048', rooms: 6, funding: null, inPriorityArea: null };
    expect(find(facts)!.criteria).toEqual(['department']);
    expect(find({ ...facts, rooms: 3 })!.segment.rate!.equals(exact('0.05'))).toBe(true);
    expect(find({ ...facts, municipality: null })!.criteria).toEqual([]);
  });
});

const line = (party: string, count: number, endsOn: string | null, kind = 'recurring') => ({
  party,
  kind,
  count,
  endsOn,
  municipality: '93048',
  rooms: 3,
  funding: 'PLUS',
  inPriorityArea: false,
});

const input = (parameters: object, given: object = {}) =>
  scenarioInput.parse({
    convertsOn: day('2024-01-01'),
    years: [2021, 2022, 2023],
    stock: [group({})],
    freedInBase: [40, 36, 35],
    parties: [
      { id: 'etat', name: 'Préfecture', contingent: 'state-priority' },
      { id: 'als', name: 'ALS', contingent: 'action-logement' },
      { id: 'rail', name: 'Rail', contingent: 'other' },
    ],
    lines: [
      line('etat', 300, null),
      line('als', 200, '2043-12-31'),
      line('als', 10, '2023-06-30'),
      line('rail', 4, '2035-12-31'),
    ],
    parameters: { turnover: { method: 'observed', criteria: ['rooms'] }, share: 'stock', ...parameters },
    ...given,
  });

const figures = (parameters: object, given?: object) =>
  Object.fromEntries(
    computeScenario(input(parameters, given)).result.parties.map(({ id, volume, before, share, yearly, small }) => [
      id,
      [volume, before, share, yearly, small],
    ]),
  );

describe('scenario', () => {
  test('by share of the stock: V, v₀, s, the year’s number; what is over counts nothing (C3, F-75)', () => {
    const { result } = computeScenario(input({}));
    expect(result.base).toBe(37);
    expect(figures({})).toEqual({
      etat: ['0.000000', '15.000000', '0.300000', 11, false],
      als: ['200.000000', '10.000000', '0.200000', 8, false],
      rail: ['2.400000', '0.200000', '0.004000', 0, true],
    });
    expect(result.unreserved.yearly).toBe(18);
    const [, als, rail] = result.parties;
    expect([als!.over, als!.reserved, als!.difference]).toEqual([10, 200, '-2.000000']);
    expect(rail!.calendar).toEqual([2027, 2033]);
    expect(als!.steps.map(({ label }) => label)).toContain('rights.volume');
  });

  test.each<[object, string, string]>([
    [{ share: 'turnover-weighted' }, '0.200000', 'v₀ 10 ÷ 50 expected in a year'],
    [{ share: 'negotiated', negotiated: { als: '0.25' } }, '0.250000', 'as negotiated'],
    [{ share: 'fixed', spreadingYears: 20 }, '0.270270', 'flux-fr 3.1: V ÷ 20 years ÷ 37'],
    [
      { turnover: { method: 'given', rate: '0.1' }, share: 'fixed', spreadingYears: 40 },
      '0.270270',
      'V doubles at 10 %',
    ],
  ])('%j: share %s (%s)', (parameters, share) => expect(figures(parameters).als![2]).toBe(share));

  test('a fixed number leaves the State what it had: its right has no end', () => {
    // 300 × 5 % = 15 a year of 37; brought down to 30 %.
    const { result } = computeScenario(input({ share: 'fixed', base: 100 }));
    expect(result.parties[0]).toMatchObject({ share: '0.150000', yearly: 15, endless: 300 });
    expect(figures({ share: 'fixed' }).etat![2]).toBe('0.300000');
  });

  test('the State stays under its caps, whatever its rights: 30 %, of which 5 % for its staff, rounded down (L-20)', () => {
    const parties = [
      { id: 'etat', name: 'Préfecture', contingent: 'state-priority' },
      { id: 'agents', name: 'Préfecture', contingent: 'state-staff' },
    ];
    const { result } = computeScenario(
      input({ base: 487 }, { parties, lines: [line('etat', 400, null), line('agents', 100, null)] }),
    );
    expect(result.parties.map(({ yearly }) => yearly)).toEqual([130, 16]);
  });

  test('communes and others above a fifth together are told, as unverified (L-26)', () => {
    const given = {
      parties: [{ id: 'ville', name: 'Ville', contingent: 'municipality' }],
      lines: [line('ville', 250, null)],
    };
    const { result, steps } = computeScenario(input({}, given));
    expect(result.aboveGuarantees).toBe(true);
    expect(steps.at(-1)).toMatchObject({ label: 'rights.above-guarantees', source: { confidence: 'unverified' } });
  });

  test.each<[object, object, string]>([
    [{}, { stock: [] }, 'E-RIGHTS-02'],
    [{}, { stock: [group({ freed: [0, 0, 0] })] }, 'E-RIGHTS-03'],
    [{ base: 0 }, {}, 'E-RIGHTS-03'],
    [{ share: 'negotiated', negotiated: { als: '0.8', etat: '0.4' } }, {}, 'E-RIGHTS-01'],
  ])('refuses %j %j with %s', (parameters, given, code) =>
    expect(() => computeScenario(input(parameters, given))).toThrow(expect.objectContaining({ code })),
  );
});
