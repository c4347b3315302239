import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { checkPhases, defaultPhases, type PhaseInput, phaseSchema, timelineOf, wholeYear } from './phases.ts';
import { countVacancy, type PointEvent, type PointKind, pointEventSchema, pointsOf, Tally, tallyOf } from './points.ts';

let serial = 0;
const event = (kind: PointKind, on: string, given: Partial<PointEvent> = {}): PointEvent =>
  pointEventSchema.parse({
    kind,
    on,
    vacancy: `v${++serial}`,
    department: '93',
    municipality: '93048',
    ...given,
  });
const times = (n: number, kind: PointKind, given: Partial<PointEvent> = {}, on = '2026-03-02') =>
  Array.from({ length: n }, () => event(kind, on, given));
const mixed = (wp: string, wa: string, given: Partial<PhaseInput> = {}) =>
  wholeYear(2026, { mode: 'mixed', wp, wa, ...given });
const pointsIn2026 = (events: PointEvent[], phases: ReturnType<typeof wholeYear>, due = '50') =>
  pointsOf(tallyOf(events, phases, 2026), phases, due).result;

describe('vectors of § 4.3', () => {
  const a = wholeYear(2026, { mode: 'proposals' });
  const b = wholeYear(2026, { mode: 'attributions' });
  test.each([
    [a, 38, 21, '38.00', '0.00', '38.00', '0.00', '38.00', '0.7600', 'flux-fr P1'],
    [b, 38, 21, '0.00', '21.00', '0.00', '0.00', '21.00', '0.4200', 'flux-fr P2'],
    [mixed('0.5', '0.5'), 38, 21, '19.00', '10.50', '10.50', '8.50', '21.00', '0.4200', 'flux-fr P3'],
    [mixed('0.3', '0.7'), 38, 21, '11.40', '14.70', '11.40', '0.00', '26.10', '0.5220', 'flux-fr P4'],
    [mixed('0.2', '0.8'), 38, 21, '7.60', '16.80', '7.60', '0.00', '24.40', '0.4880', 'flux-fr P5'],
    [mixed('0.4', '0.6'), 60, 21, '24.00', '12.60', '12.60', '11.40', '25.20', '0.5040', 'flux-fr P6'],
    [mixed('0.3', '0.7'), 10, 6, '3.00', '4.20', '3.00', '0.00', '7.20', '0.1440', 'flux-fr P7'],
    [mixed('0.3', '0.7'), 4, 0, '1.20', '0.00', '0.00', '1.20', '0.00', '0.0000', 'flux-fr P8'],
  ])(
    '%#: %s proposals, %s leases',
    (phases, proposals, leases, proposed, attributed, counted, pending, total, attainment) => {
      const events = [...times(proposals, 'proposed'), ...times(leases, 'leased')];
      expect(pointsIn2026(events, phases)).toMatchObject({
        proposed,
        attributed,
        counted,
        pending,
        total,
        attainment,
      });
    },
  );

  // P9 gives points: 18 proposals and 8 leases at 0.5 are 9 and 4, 2 and 16 are 1 and 8.
  test.each([
    ['agreement', '22.00', 'flux-fr P9'],
    ['department', '17.00', 'flux-fr P9'],
    ['municipality', '17.00', 'flux-fr P9, one municipality in each département'],
  ])('the scope of the cap: %s gives %s', (capScope, total) => {
    const paris = { department: '75', municipality: '75056' };
    const marne = { department: '77', municipality: '77288' };
    const events = [
      ...times(18, 'proposed', paris),
      ...times(8, 'leased', paris),
      ...times(2, 'proposed', marne),
      ...times(16, 'leased', marne),
    ];
    expect(pointsIn2026(events, mixed('0.5', '0.5', { capScope: capScope as 'agreement' })).total).toBe(total);
  });

  test.each([
    ['2026-01-31', '1.20', '0.00', '0.00', '1.20', 'flux-fr P10, January'],
    ['2026-02-28', '1.20', '0.60', '1.20', '0.60', 'flux-fr P10, February'],
    ['2026-03-31', '1.20', '1.20', '2.40', '0.00', 'flux-fr P10, March'],
  ])('pending points unlock over time: %s', (until, proposed, attributed, total, pending) => {
    const events = [
      ...times(3, 'proposed', {}, '2026-01-12'),
      event('leased', '2026-02-10'),
      event('leased', '2026-03-05'),
    ].filter(({ on }) => on <= until);
    expect(pointsIn2026(events, mixed('0.4', '0.6'))).toMatchObject({ proposed, attributed, total, pending });
  });
});

describe('what is eligible (§ 4.2, 1 and 2)', () => {
  const at = (kind: PointKind, on: string, reason: string | null = null) => event(kind, on, { vacancy: 'one', reason });
  const twice = [at('proposed', '2026-01-05'), at('returned', '2026-01-20', 'declined'), at('proposed', '2026-02-02')];
  const decided = [at('attributed', '2026-02-01'), at('unattributed', '2026-02-20', 'candidate-refused')];
  test.each([
    ['one for a dwelling offered twice', twice, {}, 1, 0, '§ 4.2 step 1'],
    ['two when what is offered again counts', twice, { countReofferAfterRefusal: true }, 2, 0, '§ 4.2 step 1'],
    [
      'silence for a month counts',
      [at('proposed', '2026-01-05'), at('expired', '2026-02-06')],
      {},
      1,
      0,
      '§ 4.2 step 1',
    ],
    [
      'or does not',
      [at('proposed', '2026-01-05'), at('expired', '2026-02-06')],
      { countExpired: false },
      0,
      0,
      '§ 4.2 step 1',
    ],
    [
      'withdrawn by the landlord: none',
      [at('proposed', '2026-01-05'), at('withdrawn', '2026-01-06')],
      {},
      0,
      0,
      '§ 4.2 step 1',
    ],
    [
      'withdrawn, counted all the same',
      [at('proposed', '2026-01-05'), at('withdrawn', '2026-01-06')],
      { countWithdrawnByLandlord: true },
      1,
      0,
      '§ 4.2 step 1',
    ],
    [
      'returned because it is not fit',
      [at('proposed', '2026-01-05'), at('returned', '2026-01-09', 'unsuitable')],
      { uncountedReturns: ['unsuitable'] },
      0,
      0,
      '§ 4.2 step 1',
    ],
    [
      'returned, whatever the reason, when returns do not count',
      [at('proposed', '2026-01-05'), at('returned', '2026-01-09', 'no-candidate')],
      { countReturnedByHolder: false },
      0,
      0,
      '§ 4.2 step 1',
    ],
    [
      'returned for another reason than those that take it back',
      [at('proposed', '2026-01-05'), at('returned', '2026-01-09', 'no-candidate')],
      { uncountedReturns: ['unsuitable'] },
      1,
      0,
      '§ 4.2 step 1',
    ],
    ['a lease taken back', [at('leased', '2026-03-01'), at('unleased', '2026-03-09')], {}, 0, 0, '§ 4.2 step 2'],
    ['a decision, when leases count', decided.slice(0, 1), {}, 0, 0, '§ 4.2 step 2'],
    ['a decision, when decisions count', decided.slice(0, 1), { basis: 'committee-decision' }, 0, 1, '§ 4.2 step 2'],
    ['cancelled by a candidate’s refusal', decided, { basis: 'committee-decision' }, 0, 0, '§ 4.2 step 2'],
    [
      'kept after a candidate’s refusal',
      decided,
      { basis: 'committee-decision', keepAfterCandidateRefusal: true },
      0,
      1,
      '§ 4.2 step 2',
    ],
    [
      'one attribution a vacancy',
      [at('attributed', '2026-02-01'), at('leased', '2026-03-01'), at('leased', '2026-03-02')],
      {},
      0,
      1,
      '§ 4.2 step 2',
    ],
  ] as [string, PointEvent[], Partial<PhaseInput>, number, number, string][])(
    '%s',
    (_, events, settings, proposals, attributions) => {
      const phases = mixed('0.3', '0.7', settings);
      expect(pointsIn2026(events, phases)).toMatchObject({ proposals, attributions });
    },
  );

  test.each([
    ['owner', 'owner', 1, 'F-46'],
    ['owner', 'receiver', 0, 'F-46'],
    ['receiver', 'receiver', 1, 'F-46'],
    ['none', 'owner', 0, 'F-46'],
  ])('exchanges counted for the %s, lease of the %s', (exchangeCounts, exchange, attributions) => {
    const events = [event('leased', '2026-03-01', { exchange: exchange as 'owner' })];
    const phases = mixed('0.3', '0.7', { exchangeCounts: exchangeCounts as 'owner' });
    expect(pointsIn2026(events, phases).attributions).toBe(attributions);
  });

  const exchanged = (exchange: 'owner' | 'receiver' | null, kind: PointKind = 'attributed') =>
    event(kind, '2026-03-01', { vacancy: 'one', exchange, reason: kind === 'unattributed' ? 'exchanged' : null });
  test.each([
    ['owner', 1, 'F-46'],
    ['receiver', 0, 'F-46'],
    ['none', 0, 'F-46'],
  ])(
    'a decision counted, then exchanged and taken back the same day, counts as before; exchanged: %s %s',
    (counts, given) => {
      const phases = mixed('0.3', '0.7', { exchangeCounts: counts as 'owner', basis: 'committee-decision' });
      const recorded = [exchanged(null), exchanged(null, 'unattributed'), exchanged('owner')];
      expect(pointsIn2026(recorded, phases).attributions).toBe(given);
      const takenBack = [...recorded, exchanged('owner', 'unattributed'), exchanged(null)];
      expect(pointsIn2026(takenBack, phases).attributions).toBe(1);
    },
  );

  test('weights by tension: the municipality before the EPT, the EPT before the département', () => {
    const phases = mixed('0.3', '0.7', {
      bands: [
        { name: 'tendu', places: ['93'], wp: '0.2', wa: '0.8' },
        { name: 'très tendu', places: ['T8'], wp: '0.1', wa: '0.9' },
        { name: 'centre', places: ['93048'], wp: '0', wa: '1' },
      ],
    });
    const leases = [
      event('leased', '2026-03-01', { territory: 'T8' }),
      event('leased', '2026-03-01', { territory: 'T8', municipality: '93010' }),
      event('leased', '2026-03-01', { municipality: '93001' }),
      event('leased', '2026-03-01', { municipality: '77288', department: '77' }),
    ];
    expect(leases.map((lease) => pointsIn2026([lease], phases).attributed)).toEqual(['1.00', '0.90', '0.80', '0.70']);
  });
});

describe('phases', () => {
  const phase = (from: string, to: string | null, given: Partial<PhaseInput> = {}) =>
    phaseSchema.parse({ from, to, mode: 'mixed', ...given });
  test.each([
    [[phase('2026-01-01', '2026-06-30'), phase('2026-08-01', null)], 'E-POINTS-01', '§ 4.2: no gaps'],
    [[phase('2026-01-01', '2026-06-30')], 'E-POINTS-01', '§ 4.2: no gaps, the last one runs on'],
    [[], 'E-POINTS-01', '§ 4.2: no gaps'],
    [[phase('2026-01-01', '2026-07-01'), phase('2026-07-01', null)], 'E-POINTS-02', '§ 4.2: no overlaps'],
    [[phase('2026-01-01', null), phase('2026-07-01', null)], 'E-POINTS-02', '§ 4.2: no overlaps'],
    [[phase('2026-01-01', null, { wp: '0.3', wa: '0.6' })], 'E-POINTS-03', '§ 4.2 step 3'],
    [[phase('2026-01-01', '2025-12-31'), phase('2026-01-01', null)], 'E-POINTS-04', 'a phase ends after it begins'],
  ])('refused %#', (phases, code) => {
    expect(() => checkPhases(phases)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['0.5', '0.5', 1, '§ 4.4: wp ≥ wa'],
    ['0.6', '0.4', 1, '§ 4.4: wp ≥ wa'],
    ['0.3', '0.7', 0, '§ 4.4'],
  ])('weights %s and %s: %s warnings', (wp, wa, warnings) => {
    expect(checkPhases([phase('2026-01-01', null, { wp, wa })])).toHaveLength(warnings);
  });

  test('an adopted rule replaces what was from its first day and leaves the days before as they were (F-89)', () => {
    const before = defaultPhases(day('2024-03-01'));
    const rule = { phases: [phase('2026-07-01', null, { wp: '0.2', wa: '0.8' })] };
    const after = timelineOf(day('2024-03-01'), [rule]);
    expect(checkPhases(after)).toEqual([]);
    expect(after.map(({ from, to }) => [from, to])).toEqual([
      ['2024-03-01', '2026-02-28'],
      ['2026-03-01', '2026-06-30'],
      ['2026-07-01', null],
    ]);
    expect(after[0]).toEqual(before[0]);
  });

  test('each event counts by the phase of its own day', () => {
    const phases = [
      phase('2026-01-01', '2026-06-30', { mode: 'proposals' }),
      phase('2026-07-01', null, { wp: '0.3', wa: '0.7' }),
    ];
    const events = [
      ...times(4, 'proposed', {}, '2026-06-30'),
      ...times(2, 'proposed', {}, '2026-07-01'),
      event('leased', '2026-07-02'),
    ];
    expect(pointsIn2026(events, phases)).toMatchObject({ counted: '4.60', attributed: '0.70', total: '5.30' });
  });

  test('pending points of a closed year are taken in where the phase carries them', () => {
    const phases = mixed('0.4', '0.6');
    const { scopes } = pointsIn2026(times(3, 'proposed'), phases);
    const next = pointsOf(tallyOf([event('leased', '2026-02-01')], phases, 2026), phases, '50', [
      { scope: scopes[0]!.scope, points: scopes[0]!.pending },
    ]);
    expect(next.result).toMatchObject({ proposed: '1.20', counted: '0.60', total: '1.20', pending: '0.60' });
  });
});

describe('properties of § 4.2', () => {
  const anyEvent = fc.record({
    on: fc.integer({ min: 1, max: 20 }).map((d) => day(`2026-05-${String(d).padStart(2, '0')}`)),
    kind: fc.constantFrom<PointKind>(
      'proposed',
      'withdrawn',
      'returned',
      'expired',
      'attributed',
      'unattributed',
      'leased',
      'unleased',
    ),
    vacancy: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    // A dwelling does not move: the place follows from the vacancy.
    reason: fc.constantFrom(null, 'unsuitable', 'candidate-refused'),
    exchange: fc.constant(null),
  });
  const place = (vacancy: string) =>
    vacancy < 'd'
      ? { department: '93', municipality: '93048', territory: 'T8' }
      : { department: '77', municipality: '77288', territory: null };
  const someEvents = fc
    .array(anyEvent, { maxLength: 40 })
    .map((all) => all.map((e) => ({ ...e, ...place(e.vacancy) })));
  const weights = fc.integer({ min: 0, max: 20 }).map((n) => [String(n / 20), String((20 - n) / 20)] as const);
  const settings = fc.record({
    weights,
    capRatio: fc.constantFrom('0', '0.5', '1'),
    capScope: fc.constantFrom('agreement', 'department', 'municipality' as const),
    basis: fc.constantFrom('lease-signed', 'committee-decision' as const),
    countExpired: fc.boolean(),
    countWithdrawnByLandlord: fc.boolean(),
    countReturnedByHolder: fc.boolean(),
    keepAfterCandidateRefusal: fc.boolean(),
  });
  const phasesOf = ({ weights: [wp, wa], ...given }: typeof settings extends fc.Arbitrary<infer S> ? S : never) =>
    mixed(wp, wa, given as Partial<PhaseInput>);
  const total = (events: PointEvent[], phases: ReturnType<typeof phasesOf>) =>
    exact(pointsIn2026(events, phases).total);

  test('points of proposals counted never exceed the cap, in every scope', () => {
    fc.assert(
      fc.property(someEvents, settings, (events, chosen) => {
        for (const { attributed, counted, proposed, pending } of pointsIn2026(events, phasesOf(chosen)).scopes) {
          expect(exact(counted).compare(exact(chosen.capRatio).mul(exact(attributed)))).toBeLessThanOrEqual(0);
          expect(exact(counted).add(exact(pending)).equals(exact(proposed))).toBe(true);
        }
      }),
    );
  });

  test.each(['leased', 'attributed', 'proposed'] as const)('adding an event « %s » never lowers the total', (kind) => {
    fc.assert(
      fc.property(someEvents, anyEvent, settings, (events, more, chosen) => {
        const phases = phasesOf(chosen);
        const added = { ...more, ...place(more.vacancy), kind };
        expect(total([...events, added], phases).compare(total(events, phases))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the total is at most the number of eligible vacancies, when weights add up to 1', () => {
    fc.assert(
      fc.property(someEvents, settings, (events, chosen) => {
        const phases = phasesOf(chosen);
        const eligible = [...Map.groupBy(events, ({ vacancy }) => vacancy).values()].filter(
          (group) => countVacancy(group, phases).length > 0,
        );
        expect(total(events, phases).compare(eligible.length)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('the order in which events come is irrelevant, and a replay gives the same', () => {
    const shuffled = someEvents.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, settings, ([events, other], chosen) => {
        const phases = phasesOf(chosen);
        expect(pointsIn2026(other, phases)).toEqual(pointsIn2026(events, phases));
        expect(pointsIn2026(events, phases)).toEqual(pointsIn2026(events, phases));
      }),
    );
  });

  test('a tally corrected vacancy by vacancy is the tally of all events', () => {
    fc.assert(
      fc.property(someEvents, anyEvent, settings, (events, late, chosen) => {
        const phases = phasesOf(chosen);
        const all = [...events, { ...late, ...place(late.vacancy) }];
        const corrected = new Tally(phases, 2026, tallyOf(events, phases, 2026));
        corrected.add(
          events.filter(({ vacancy }) => vacancy === late.vacancy),
          -1,
        );
        corrected.add(all.filter(({ vacancy }) => vacancy === late.vacancy));
        expect(corrected.rows()).toEqual(tallyOf(all, phases, 2026));
      }),
    );
  });
});
