import type Fraction from 'fraction.js';
import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, number, rate, type Source, type Step, text } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';
import { type Phase, phaseOn, phaseSchema } from './phases.ts';

const kinds = [
  'proposed',
  'withdrawn',
  'returned',
  'expired',
  'attributed',
  'unattributed',
  'leased',
  'unleased',
] as const;

/** An event of the base, of one agreement. Of the journal, only what points depend on. */
export const pointEventSchema = z.object({
  on: localDate,
  kind: z.enum(kinds),
  vacancy: z.string(),
  department: z.string(),
  municipality: z.string(),
  territory: z.string().nullable().default(null),
  /** Why it was returned, withdrawn or taken back. */
  reason: z.string().nullable().default(null),
  /** Of a dwelling exchanged between holders: whether this agreement gave it or received it. */
  exchange: z.enum(['owner', 'receiver']).nullable().default(null),
});

export type PointEvent = z.output<typeof pointEventSchema>;
export type PointKind = (typeof kinds)[number];

/** The reason of an `unattributed` that follows a household's own refusal. */
export const candidateRefused = 'candidate-refused';

/** What one vacancy gives an agreement in a year: at most one attribution, and its proposals. */
export type Unit = { what: 'proposal' | 'attribution'; event: PointEvent; phase: Phase };

/** How many proposals and attributions count, by phase and place: whole numbers, which weights come upon. */
export type TallyRow = {
  /** First day of the phase. */
  phase: string;
  department: string;
  municipality: string;
  territory: string | null;
  proposals: number;
  attributions: number;
};

/** Points proposed or pending in one scope of the cap. Exact fractions as text. */
export type ScopePoints = { scope: string; proposed: string; attributed: string; counted: string; pending: string };

export type Points = {
  /** Eligible proposals and attributions, whole. */
  proposals: number;
  attributions: number;
  /** Points: P, A, P counted, P pending, A + P counted. Decimal text, two places. */
  proposed: string;
  attributed: string;
  counted: string;
  pending: string;
  total: string;
  /** Total ÷ due, four places; null when nothing is due. */
  attainment: string | null;
  scopes: ScopePoints[];
  why: { proposed: Step[]; attributed: Step[]; counted: Step[]; total: Step[] };
};

/** Points of a closed year that were pending and are taken into this one, by scope. */
export type Carried = { scope: string; points: string };

const opens = new Set<PointKind>(['proposed', 'attributed', 'leased']);

const inOrder = (a: PointEvent, b: PointEvent): number =>
  compare(a.on, b.on) ||
  Number(opens.has(b.kind)) - Number(opens.has(a.kind)) ||
  compare(a.kind, b.kind) ||
  compare(a.reason ?? '', b.reason ?? '');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What the events of one vacancy count for one agreement, whatever their order within a day: of each kind, what takes
 * back comes after what it takes back, and takes back the oldest. A proposal counts once, at its first day, unless its
 * phase counts what is offered again. An attribution counts once, at the first day its phase recognises. How a
 * proposal or an attribution may be taken back is said by the phase in force at its own day.
 */
export function countVacancy(events: readonly PointEvent[], phases: readonly Phase[]): Unit[] {
  const ordered = events.length > 1 ? [...events].sort(inOrder) : events;
  const units: Unit[] = [];
  const proposals = standing(ordered, phases, 'proposed', (phase, event) => {
    if (event.kind === 'withdrawn') return phase.countWithdrawnByLandlord;
    if (event.kind === 'expired') return phase.countExpired;
    if (event.kind === 'returned')
      return phase.countReturnedByHolder && !phase.uncountedReturns.includes(event.reason ?? '');
    return undefined;
  });
  for (const [index, { event, phase }] of proposals.entries())
    if (index === 0 || phase.countReofferAfterRefusal) units.push({ what: 'proposal', event, phase });

  const leases = standing(ordered, phases, 'leased', (_, { kind }) => (kind === 'unleased' ? false : undefined));
  const decisions = standing(ordered, phases, 'attributed', (phase, { kind, reason }) =>
    kind === 'unattributed' ? reason === candidateRefused && phase.keepAfterCandidateRefusal : undefined,
  );
  const [first] = [
    ...leases.filter(({ phase }) => phase.basis === 'lease-signed'),
    ...decisions.filter(({ phase }) => phase.basis === 'committee-decision'),
  ].sort((a, b) => compare(a.event.on, b.event.on));
  if (first) units.push({ what: 'attribution', ...first });
  return units;
}

/**
 * Whether a dwelling was let for an agreement to which it was never proposed. It counts as an attribution all the same:
 * someone has to look. What was received by exchange was proposed to another.
 */
export function isUnproposed(events: readonly Pick<PointEvent, 'kind' | 'exchange'>[]): boolean {
  const leases = (wanted: PointKind) =>
    events.filter(({ kind, exchange }) => kind === wanted && exchange !== 'receiver').length;
  return leases('leased') > leases('unleased') && !events.some(({ kind }) => kind === 'proposed');
}

/**
 * What stands of the events of a kind. What takes back concerns the oldest one that says the same of an exchange.
 * @param after whether an event leaves the oldest one open standing; undefined when it does not concern it
 */
function standing(
  ordered: readonly PointEvent[],
  phases: readonly Phase[],
  opening: PointKind,
  after: (phase: Phase, event: PointEvent) => boolean | undefined,
): { event: PointEvent; phase: Phase }[] {
  const all: { event: PointEvent; phase: Phase; open: boolean; stands: boolean }[] = [];
  for (const event of ordered) {
    if (event.kind === opening) {
      const phase = phaseOn(phases, event.on);
      if (phase && (event.exchange === null || event.exchange === phase.exchangeCounts))
        all.push({ event, phase, open: true, stands: true });
      continue;
    }
    const oldest = all.find((entry) => entry.open && entry.event.exchange === event.exchange);
    const stands = oldest && after(oldest.phase, event);
    if (oldest && stands !== undefined) Object.assign(oldest, { open: false, stands });
  }
  return all.filter(({ stands }) => stands);
}

/** Counts of a year, vacancy by vacancy: what is kept does not grow with the number of events. */
export class Tally {
  readonly #phases: readonly Phase[];
  readonly #year: string;
  readonly #rows = new Map<string, TallyRow>();

  constructor(phases: readonly Phase[], year: number, rows: readonly TallyRow[] = []) {
    this.#phases = phases;
    this.#year = String(year);
    for (const row of rows) this.#rows.set(keyOf(row.phase, row.municipality, row.territory), { ...row });
  }

  /** Adds the events of one vacancy, all of them; `sign` −1 takes them back. */
  add(events: readonly PointEvent[], sign = 1): void {
    for (const { what, event, phase } of countVacancy(events, this.#phases)) {
      if (!event.on.startsWith(this.#year)) continue;
      const key = keyOf(phase.from, event.municipality, event.territory);
      let row = this.#rows.get(key);
      if (!row) {
        const { department, municipality, territory } = event;
        row = { phase: phase.from, department, municipality, territory, proposals: 0, attributions: 0 };
        this.#rows.set(key, row);
      }
      if (what === 'proposal') row.proposals += sign;
      else row.attributions += sign;
    }
  }

  /** In an order of their own, so that the same counts are the same text. */
  rows(): TallyRow[] {
    return [...this.#rows]
      .filter(([, { proposals, attributions }]) => proposals !== 0 || attributions !== 0)
      .sort(([a], [b]) => compare(a, b))
      .map(([, row]) => row);
  }
}

const keyOf = (phase: string, municipality: string, territory: string | null): string =>
  `${phase}|${municipality}|${territory ?? ''}`;

/** The events of one agreement, gathered by vacancy. */
export function tallyOf(events: Iterable<PointEvent>, phases: readonly Phase[], year: number): TallyRow[] {
  const tally = new Tally(phases, year);
  for (const group of Map.groupBy(events, ({ vacancy }) => vacancy).values()) tally.add(group);
  return tally.rows();
}

type Weights = { wp: string; wa: string };

/** Weights at a place: of its municipality, else of its EPT, else of its département, else of the phase. */
function weightsAt(phase: Phase, { municipality, territory, department }: TallyRow): Weights {
  if (phase.mode === 'proposals') return { wp: '1', wa: '0' };
  if (phase.mode === 'attributions') return { wp: '0', wa: '1' };
  for (const place of [municipality, territory, department]) {
    const band = place && phase.bands.find(({ places }) => places.includes(place));
    if (band) return band;
  }
  return phase;
}

/** What the cap looks at together: the whole agreement, or a place; apart for phases whose cap differs. */
function scopeOf(phase: Phase, row: TallyRow): string {
  if (phase.mode !== 'mixed') return phase.mode;
  const place = phase.capScope === 'agreement' ? '' : row[phase.capScope];
  return `${phase.capScope} ${place} ${phase.capRatio}`.replaceAll('  ', ' ');
}

/** Where the method comes from: working groups, not law. */
export const pointsSource: Source = unverified('DRIHL, restitution de la concertation du 27 janvier 2021', 'thème 2-2');

const points = (value: Fraction) => number(decimal(value, 2));

/**
 * Points of an agreement from its counts. In each scope, those of proposals count at most `capRatio` times those of
 * attributions; the others are pending, and count as soon as attributions follow in the year.
 * Rounding: none but where shown, two decimals, halves up; attainment four.
 * @param due rights due in the year, decimal text
 */
export function pointsOf(
  tally: readonly TallyRow[],
  phases: readonly Phase[],
  due: string,
  carried: readonly Carried[] = [],
): Explained<Points> {
  const scopes = new Map<string, { phase: Phase | undefined; proposed: Fraction; attributed: Fraction }>();
  const byWeights = new Map<string, Weights & { proposals: number; attributions: number }>();
  const scopeNamed = (name: string, phase: Phase | undefined) => {
    const known = scopes.get(name) ?? { phase, proposed: exact(0), attributed: exact(0) };
    scopes.set(name, known);
    return known;
  };
  for (const { scope, points } of carried) {
    const phase = phases.find(({ mode, capScope, capRatio }) =>
      mode === 'mixed' ? scope.startsWith(`${capScope} `) && scope.endsWith(` ${capRatio}`) : false,
    );
    const entry = phase && scopeNamed(scope, phase);
    if (entry) entry.proposed = entry.proposed.add(exact(points));
  }
  for (const row of tally) {
    const phase = phases.find(({ from }) => from === row.phase)!;
    const weights = weightsAt(phase, row);
    const scope = scopeNamed(scopeOf(phase, row), phase);
    scope.proposed = scope.proposed.add(exact(weights.wp).mul(row.proposals));
    scope.attributed = scope.attributed.add(exact(weights.wa).mul(row.attributions));
    const key = `${weights.wp}/${weights.wa}`;
    const counts = byWeights.get(key) ?? { wp: weights.wp, wa: weights.wa, proposals: 0, attributions: 0 };
    byWeights.set(key, {
      ...counts,
      proposals: counts.proposals + row.proposals,
      attributions: counts.attributions + row.attributions,
    });
  }

  const why: Points['why'] = { proposed: [], attributed: [], counted: [], total: [] };
  const sum = { proposed: exact(0), attributed: exact(0), counted: exact(0), pending: exact(0) };
  const settled: ScopePoints[] = [];
  for (const [name, { phase, proposed, attributed }] of [...scopes].sort(([a], [b]) => compare(a, b))) {
    const isCapped = phase?.mode === 'mixed';
    const cap = isCapped ? exact(phase.capRatio).mul(attributed) : proposed;
    const counted = proposed.compare(cap) > 0 ? cap : proposed;
    const pending = proposed.sub(counted);
    settled.push({
      scope: name,
      proposed: proposed.toFraction(),
      attributed: attributed.toFraction(),
      counted: counted.toFraction(),
      pending: pending.toFraction(),
    });
    sum.proposed = sum.proposed.add(proposed);
    sum.attributed = sum.attributed.add(attributed);
    sum.counted = sum.counted.add(counted);
    sum.pending = sum.pending.add(pending);
    if (isCapped) {
      const [, place] = name.split(' ');
      const label = phase.capScope === 'agreement' ? 'points.cap' : 'points.cap-at';
      why.counted.push({
        label,
        inputs: { ratio: number(phase.capRatio), attributed: points(attributed), place: text(place ?? '') },
        formula: 'ratio × attributed',
        result: points(cap),
        source: pointsSource,
      });
    }
  }
  for (const { wp, wa, proposals, attributions } of byWeights.values()) {
    if (wp !== '0')
      why.proposed.push({
        label: 'points.proposals',
        inputs: { proposals: count(proposals), wp: number(wp) },
        formula: 'proposals × wp',
        result: points(exact(wp).mul(proposals)),
        source: pointsSource,
      });
    if (wa !== '0')
      why.attributed.push({
        label: 'points.attributions',
        inputs: { attributions: count(attributions), wa: number(wa) },
        formula: 'attributions × wa',
        result: points(exact(wa).mul(attributions)),
        source: pointsSource,
      });
  }
  for (const { scope, points: carriedPoints } of carried)
    why.proposed.push({
      label: 'points.carried',
      inputs: { scope: text(scope) },
      result: points(exact(carriedPoints)),
    });
  why.counted.push(
    { label: 'points.counted', result: points(sum.counted) },
    { label: 'points.pending', result: points(sum.pending) },
  );
  const total = sum.attributed.add(sum.counted);
  const attainment = exact(due).equals(0) ? null : decimal(total.div(exact(due)), 4);
  why.total.push({
    label: 'points.total',
    inputs: { attributed: points(sum.attributed), counted: points(sum.counted) },
    formula: 'attributed + counted',
    result: points(total),
  });
  if (attainment !== null)
    why.total.push({
      label: 'points.attainment',
      inputs: { total: points(total), due: number(due) },
      formula: 'total ÷ due',
      result: rate(attainment),
    });
  const sumOf = (what: 'proposals' | 'attributions') => tally.reduce((all, row) => all + row[what], 0);
  return {
    result: {
      proposals: sumOf('proposals'),
      attributions: sumOf('attributions'),
      proposed: decimal(sum.proposed, 2),
      attributed: decimal(sum.attributed, 2),
      counted: decimal(sum.counted, 2),
      pending: decimal(sum.pending, 2),
      total: decimal(total, 2),
      attainment,
      scopes: settled,
      why,
    },
    steps: [...why.proposed, ...why.attributed, ...why.counted, ...why.total],
  };
}

export const pointsInput = z.object({
  year: z.number().int().min(2000).max(2100),
  due: z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'E-FIELD-FORM'),
  phases: z.array(phaseSchema),
  events: z.array(pointEventSchema).max(200_000),
});

/** Points of an agreement from its events. The same events in any order within a day give the same points. */
export const pointsRule = defineRule({
  name: 'flow.points',
  summary: 'Points of an agreement from its proposals and attributions, with the cap and what is pending',
  input: pointsInput,
  compute: ({ year, due, phases, events }) => pointsOf(tallyOf(events, phases, year), phases, due),
});
