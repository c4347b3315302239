import type Fraction from 'fraction.js';
import { z } from 'zod';
import { inForce } from '../../../../kernel/dated.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, number, rate, type Step, text } from '../../../../kernel/steps.ts';
import { guaranteeCap, stateCap, stateStaffCap } from '../../../../regulation/scales/reservation-caps.ts';
import { policy, unverified } from '../../../../regulation/sources.ts';
import { apportion, type Cap, unreserved } from './apportion.ts';
import { exhaustionPolicies, runOff } from './run-off.ts';
import { smallHolderRights, smallHolderRoundings, smallHolderYears } from './small-holder.ts';
import { segmentCriteria, segmentFinder, turnoverBySegment, usualCriteria } from './turnover.ts';
import { rightKinds, type Volume, volumeOf } from './volume.ts';

export const shareMethods = ['stock', 'turnover-weighted', 'negotiated', 'fixed'] as const;

/** Exact decimal text from 0 to 1. */
const ratio = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'E-FIELD-FORM');

export const scenarioParameters = z.object({
  /** Typed, the same everywhere; or observed, by segment. */
  turnover: z.discriminatedUnion('method', [
    z.object({ method: z.literal('given'), rate: ratio }),
    z.object({
      method: z.literal('observed'),
      criteria: z
        .array(z.enum(segmentCriteria))
        .max(3)
        .default([...usualCriteria]),
    }),
  ]),
  share: z.enum(shareMethods),
  /** Share of each party under `negotiated`. */
  negotiated: z.record(z.string(), ratio).default({}),
  /** Years over which `fixed` spreads the volume. */
  spreadingYears: z.number().int().min(1).max(40).default(15),
  /** Dwellings of the base in a year; null: those observed. */
  base: z.number().int().min(0).max(1_000_000).nullable().default(null),
  /** Below so many rights a year, a holder is small. */
  smallHolderBelow: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,2})?$/, 'E-FIELD-FORM')
    .default('1'),
  smallHolderRounding: z.enum(smallHolderRoundings).default('nearest'),
  onExhaustion: z.enum(exhaustionPolicies).default('unreserved'),
});
export type ScenarioParameters = z.output<typeof scenarioParameters>;

const segmentFacts = {
  municipality: z.string().nullable(),
  rooms: z.number().int().nullable(),
  funding: z.string().nullable(),
  inPriorityArea: z.boolean().nullable(),
  area: z.number().int().nullable().optional(),
  rent: z.number().int().nullable().optional(),
  contingent: z.string().nullable().optional(),
};

export const scenarioInput = z.object({
  convertsOn: localDate,
  /** Years observed; each group of the stock tells its dwellings and those freed in each of them. */
  years: z.array(z.number().int()).min(1),
  stock: z.array(z.object({ ...segmentFacts, dwellings: z.array(z.number()), freed: z.array(z.number()) })),
  /** Dwellings freed in the base, by year. */
  freedInBase: z.array(z.number().int()),
  parties: z.array(z.object({ id: z.string(), name: z.string(), contingent: z.string() })),
  lines: z.array(
    z.object({
      party: z.string(),
      kind: z.enum(rightKinds),
      count: z.number().int().min(0),
      endsOn: localDate.nullable(),
      ...segmentFacts,
    }),
  ),
  parameters: scenarioParameters,
});

/** Figures of a party under a scenario; exact decimals have six places. */
export type ScenarioParty = {
  id: string;
  name: string;
  contingent: string;
  reserved: number;
  owed: number;
  over: number;
  endless: number;
  volume: string;
  before: string;
  share: string;
  due: string;
  yearly: number;
  difference: string;
  small: boolean;
  /** For a small holder, the years in which it uses its rights. */
  calendar: number[];
  steps: Step[];
};

export type Scenario = {
  base: number;
  stock: number;
  turnover: string;
  parties: ScenarioParty[];
  unreserved: { share: string; due: string; yearly: number };
  runOff: { year: number; issued: { id: string; issued: number; left: string | null }[]; unreserved: number }[];
  /** Communes and other bodies together above a fifth, for guarantees: not verified. */
  aboveGuarantees: boolean;
};

/** The State never loses its right: it is the law's, and not bought (flux-fr 3.1). */
const isState = (contingent: string): boolean => contingent.startsWith('state-');
const bodies = ['municipality', 'intermunicipality', 'department', 'region'];

const conversionSource = unverified('DRIHL, restitution de la concertation du 27 janvier 2021, thème 3');

const horizon = 15;
const six = (value: Fraction): string => decimal(value, 6);
const plain = (value: Fraction): string => decimal(value, 6).replace(/\.?0+$/, '') || '0';

/**
 * What a conversion of rights on dwellings into a share of the flow gives each party (F-70 to F-78): volume of single-use
 * rights, what the rights gave in a year, the share, the dwellings of a year by largest remainder under the State's caps,
 * before and after, how they run off over fifteen years, and the calendar of small holders.
 * Rounding: exact until the whole dwellings of the year; decimals to six places, halves up, in what is answered.
 * @throws Problem E-RIGHTS-01 the shares add up to more than the whole; E-RIGHTS-02 the stock has no dwelling to share;
 *   E-RIGHTS-03 nothing was freed in the years observed, so that no turnover or base can be told
 */
export function computeScenario(input: z.output<typeof scenarioInput>): Explained<Scenario> {
  const { parameters, convertsOn } = input;
  const criteria = parameters.turnover.method === 'observed' ? parameters.turnover.criteria : [];
  const whole = turnoverBySegment(input.stock, [])[0];
  const dwellings = whole?.dwellings.at(-1) ?? 0;
  if (!whole || dwellings === 0) throw refused('E-RIGHTS-02');
  const given = parameters.turnover.method === 'given' ? exact(parameters.turnover.rate) : null;
  const overall = given ?? whole.rate ?? exact(0);
  if (overall.compare(0) === 0) throw refused('E-RIGHTS-03');
  const find = segmentFinder(input.stock, criteria);
  const base = parameters.base ?? meanOf(input.freedInBase);
  if (base === 0) throw refused('E-RIGHTS-03');

  const cases = input.parties.map((party) => {
    const lines = input.lines
      .filter((line) => line.party === party.id)
      .map((line) => {
        const found = given ? null : find(line);
        return { ...line, turnover: given ?? found!.segment.rate!, segment: found };
      });
    return { party, lines, volume: volumeOf(convertsOn, lines) };
  });
  const expected = given ? overall.mul(dwellings) : expectedOf(input.stock, find);
  const shareOf = ({ party, volume }: (typeof cases)[number]): Fraction => {
    switch (parameters.share) {
      case 'stock':
        return exact(volume.running).div(dwellings);
      case 'turnover-weighted':
        return expected.compare(0) === 0 ? exact(0) : volume.yearly.div(expected);
      case 'negotiated':
        return exact(parameters.negotiated[party.id] ?? '0');
      case 'fixed':
        return volume.volume.div(parameters.spreadingYears).add(volume.endlessYearly).div(base);
    }
  };
  const shares = cases.map((one) => ({ id: one.party.id, share: shareOf(one) }));
  const idsOf = (among: (contingent: string) => boolean) =>
    input.parties.filter(({ contingent }) => among(contingent)).map(({ id }) => id);
  const state = inForce(stateCap, convertsOn);
  const guarantees = inForce(guaranteeCap, convertsOn);
  const caps: Cap[] = [
    { ids: idsOf(isState), share: exact(state.value) },
    {
      ids: idsOf((contingent) => contingent === 'state-staff'),
      share: exact(inForce(stateStaffCap, convertsOn).value),
    },
  ];
  const parts = apportion({ total: base, parties: shares, caps });
  const partOf = (id: string) => parts.find((part) => part.id === id)!;

  const small = new Set(
    cases
      .filter(
        ({ party, volume }) =>
          !isState(party.contingent) &&
          volume.volume.compare(0) > 0 &&
          volume.yearly.compare(exact(parameters.smallHolderBelow)) < 0,
      )
      .map(({ party }) => party.id),
  );
  const start = yearOf(convertsOn);
  const years = runOff({
    start,
    bases: Array.from({ length: horizon }, () => base),
    parties: cases.map(({ party, volume }) => ({
      id: party.id,
      share: partOf(party.id).share,
      volume: isState(party.contingent) || volume.endless > 0 ? null : volume.volume,
      until: null,
    })),
    onExhaustion: parameters.onExhaustion,
  });

  const parties = cases.map(({ party, lines, volume }): ScenarioParty => {
    const part = partOf(party.id);
    const rights = small.has(party.id) ? smallHolderRights(volume.volume, parameters.smallHolderRounding) : 0;
    return {
      ...party,
      reserved: volume.running,
      owed: volume.owed,
      over: volume.over,
      endless: volume.endless,
      volume: six(volume.volume),
      before: six(volume.yearly),
      share: six(part.share),
      due: six(part.exact),
      yearly: part.count,
      difference: six(exact(part.count).sub(volume.yearly)),
      small: small.has(party.id),
      calendar: smallHolderYears({ start, rights, months: volume.months }),
      steps: [
        ...volumeSteps(volume, lines),
        ...shareSteps(parameters, volume, part.share, { dwellings, expected, base }),
        {
          label: 'rights.yearly',
          inputs: { share: rate(six(part.share)), base: count(base), yearly: number(decimal(part.exact, 2)) },
          formula: 'share × base',
          result: number(decimal(part.exact, 2)),
        },
        {
          label: isState(party.contingent) ? 'rights.rounded-capped' : 'rights.rounded',
          result: count(part.count),
          ...(isState(party.contingent) ? { source: state.source } : {}),
        },
        {
          label: 'rights.difference',
          inputs: { after: count(part.count), before: number(plain(volume.yearly)) },
          formula: 'after − before',
          result: number(decimal(exact(part.count).sub(volume.yearly), 2)),
        },
        ...(small.has(party.id)
          ? [
              {
                label: 'rights.small-holder',
                inputs: { threshold: number(parameters.smallHolderBelow) },
                result: count(rights),
                source: policy('Seuil de petit réservataire'),
              },
            ]
          : []),
      ],
    };
  });
  const own = partOf(unreserved);
  const ofBodies = shares.filter(({ id }) => idsOf((contingent) => bodies.includes(contingent)).includes(id));
  const bodiesShare = ofBodies.reduce((sum, { share }) => sum.add(share), exact(0));
  return {
    result: {
      base,
      stock: dwellings,
      turnover: six(overall),
      parties,
      unreserved: { share: six(own.share), due: six(own.exact), yearly: own.count },
      runOff: years.map(({ year, parties: ofYear, unreserved: kept }) => ({
        year,
        issued: ofYear.map(({ id, issued, left }) => ({ id, issued, left: left && six(left) })),
        unreserved: kept,
      })),
      aboveGuarantees: bodiesShare.compare(exact(guarantees.value)) > 0,
    },
    steps: [
      { label: 'rights.stock', result: count(dwellings) },
      given
        ? { label: 'rights.turnover-given', result: rate(six(given)), source: policy('Taux de rotation partagé') }
        : {
            label: 'rights.turnover',
            inputs: {
              years: text(input.years.join(', ')),
              freed: text(whole.freed.join(' + ')),
              dwellings: text(whole.dwellings.join(' ; ')),
            },
            result: rate(six(overall)),
          },
      parameters.base === null
        ? {
            label: 'rights.base',
            inputs: { years: text(input.years.join(', ')), freed: text(input.freedInBase.join(' + ')) },
            result: count(base),
          }
        : { label: 'rights.base-given', result: count(base), source: policy('Assiette retenue pour la simulation') },
      {
        label: 'rights.unreserved',
        inputs: { share: rate(six(own.share)), base: count(base) },
        formula: 'share × base',
        result: count(own.count),
      },
      ...(bodiesShare.compare(exact(guarantees.value)) > 0
        ? [{ label: 'rights.above-guarantees', result: rate(six(bodiesShare)), source: guarantees.source }]
        : []),
    ],
  };
}

/** Mean of whole numbers, rounded down: a base is not counted on before it is sure. */
const meanOf = (counts: readonly number[]): number =>
  counts.length === 0 ? 0 : Math.floor(counts.reduce((sum, one) => sum + one, 0) / counts.length);

/** Dwellings the whole stock is expected to free in a year, each at the turnover of its segment. */
const expectedOf = (stock: z.output<typeof scenarioInput>['stock'], find: ReturnType<typeof segmentFinder>): Fraction =>
  stock.reduce((sum, group) => {
    const segment = find(group)?.segment;
    return sum.add((segment?.rate ?? exact(0)).mul(group.dwellings.at(-1) ?? 0));
  }, exact(0));

type TurnedLine = {
  kind: string;
  count: number;
  turnover: Fraction;
  segment: ReturnType<ReturnType<typeof segmentFinder>>;
};

function volumeSteps(volume: Volume, lines: readonly TurnedLine[]): Step[] {
  const segments = new Map<string, { criteria: string; rights: number; turnover: Fraction }>();
  for (const { kind, count: rights, turnover, segment } of lines) {
    if (kind !== 'recurring') continue;
    const key = segment?.segment.key.join(' · ') ?? '';
    const known = segments.get(key) ?? { criteria: key, rights: 0, turnover };
    segments.set(key, { ...known, rights: known.rights + rights });
  }
  const shown = [...segments.values()].sort((a, b) => b.rights - a.rights).slice(0, 4);
  return [
    { label: 'rights.running', inputs: { over: count(volume.over) }, result: count(volume.running) },
    ...shown.map(({ criteria, rights, turnover }) => ({
      label: criteria === '' ? 'rights.segment-whole' : 'rights.segment',
      inputs: { segment: text(criteria), rights: count(rights) },
      result: rate(six(turnover)),
    })),
    { label: 'rights.before', inputs: {}, formula: 'Σ n × τ', result: number(plain(volume.yearly)) },
    {
      label: 'rights.volume',
      inputs: { owed: count(volume.owed) },
      formula: 'Σ n × τ × m ÷ 12 + U',
      result: number(plain(volume.volume)),
      source: conversionSource,
    },
    ...(volume.endless > 0 ? [{ label: 'rights.endless', result: count(volume.endless) }] : []),
  ];
}

function shareSteps(
  parameters: ScenarioParameters,
  volume: Volume,
  share: Fraction,
  { dwellings, expected, base }: { dwellings: number; expected: Fraction; base: number },
): Step[] {
  const result = rate(six(share));
  switch (parameters.share) {
    case 'stock':
      return [
        {
          label: 'rights.share-stock',
          inputs: { reserved: count(volume.running), dwellings: count(dwellings) },
          formula: 'reserved ÷ dwellings',
          result,
          source: conversionSource,
        },
      ];
    case 'turnover-weighted':
      return [
        {
          label: 'rights.share-turnover-weighted',
          inputs: { before: number(decimal(volume.yearly, 2)), expected: number(decimal(expected, 2)) },
          formula: 'before ÷ expected',
          result,
        },
      ];
    case 'negotiated':
      return [{ label: 'rights.share-negotiated', result, source: policy('Part négociée') }];
    case 'fixed':
      return [
        {
          label: 'rights.share-fixed',
          inputs: {
            volume: number(decimal(volume.volume, 2)),
            years: count(parameters.spreadingYears),
            base: count(base),
            endless: number(decimal(volume.endlessYearly, 2)),
          },
          formula: '(volume ÷ years + endless) ÷ base',
          result,
        },
      ];
  }
}

export const conversionRule = defineRule({
  name: 'flow.conversion',
  summary: 'What converting rights on dwellings into a share of the flow gives each party, now and over the years',
  input: scenarioInput,
  compute: computeScenario,
});
