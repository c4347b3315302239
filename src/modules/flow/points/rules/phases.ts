import { z } from 'zod';
import { addDays, addMonths, day, type LocalDate } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';
import { localDate, text } from '../../../../kernel/schemas.ts';

/** Exact decimal text from 0 to 1. */
const part = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'E-FIELD-FORM');

/** Weights of some places, by tension of the territory: a municipality, an EPT (`T8`) or a département. */
const band = z.object({
  name: text(60),
  places: z
    .array(z.string().regex(/^[0-9A-Z]{2,12}$/, 'E-FIELD-FORM'))
    .min(1)
    .max(500),
  wp: part,
  wa: part,
});

/** How proposals and attributions make points between two days (S2, thème 2-2; every value is an open arbitration). */
export const phaseSchema = z.object({
  from: localDate,
  /** Last day; empty for the phase that runs on. */
  to: localDate.nullable(),
  /** Variante A counts proposals, variante B attributions, `mixed` both. */
  mode: z.enum(['proposals', 'attributions', 'mixed']),
  wp: part.default('0.3'),
  wa: part.default('0.7'),
  bands: z.array(band).max(30).default([]),
  /** Points of proposals counted: at most this many times those of attributions. */
  capRatio: part.default('1'),
  capScope: z.enum(['agreement', 'department', 'municipality']).default('agreement'),
  reviewOn: localDate.nullable().default(null),
  basis: z.enum(['lease-signed', 'committee-decision']).default('lease-signed'),
  countReofferAfterRefusal: z.boolean().default(false),
  countExpired: z.boolean().default(true),
  countWithdrawnByLandlord: z.boolean().default(false),
  countReturnedByHolder: z.boolean().default(true),
  /** Reasons of a return that take the proposal back all the same: a dwelling that was not fit. */
  uncountedReturns: z.array(text(40)).max(20).default([]),
  keepAfterCandidateRefusal: z.boolean().default(false),
  exchangeCounts: z.enum(['none', 'owner', 'receiver']).default('owner'),
  /** Whether pending points of a closed year are taken into the next; otherwise they lapse. */
  carryPending: z.boolean().default(false),
});

export type Phase = z.output<typeof phaseSchema>;
export type PhaseInput = z.input<typeof phaseSchema>;

export type PhaseWarning = { from: LocalDate; warning: 'cap-binds-early' };

/**
 * Checks that phases follow each other day by day.
 * @returns what deserves a thought: with wp ≥ wa the cap binds as soon as there are more proposals than attributions
 * @throws Problem E-POINTS-01 days between two phases that none covers, or no phase that runs on; E-POINTS-02 a day
 *   that two cover; E-POINTS-03 weights that do not add up to 1; E-POINTS-04 a phase that ends before it begins
 */
export function checkPhases(phases: readonly Phase[]): PhaseWarning[] {
  for (const [index, phase] of phases.entries()) {
    const next = phases[index + 1];
    if (phase.to && phase.to < phase.from) throw refused('E-POINTS-04', { from: phase.from, to: phase.to });
    if (!next && phase.to) throw refused('E-POINTS-01', { from: addDays(phase.to, 1), to: null });
    if (next && (!phase.to || phase.to >= next.from)) throw refused('E-POINTS-02', { on: next.from });
    if (next && phase.to && addDays(phase.to, 1) < next.from)
      throw refused('E-POINTS-01', { from: addDays(phase.to, 1), to: addDays(next.from, -1) });
    for (const { wp, wa } of phase.mode === 'mixed' ? [phase, ...phase.bands] : [])
      if (!exact(wp).add(exact(wa)).equals(1)) throw refused('E-POINTS-03', { wp, wa });
  }
  if (phases.length === 0) throw refused('E-POINTS-01', { from: null, to: null });
  return phases
    .filter(
      ({ mode, ...phase }) => mode === 'mixed' && [phase, ...phase.bands].some(({ wp, wa }) => bindsEarly(wp, wa)),
    )
    .map(({ from }) => ({ from, warning: 'cap-binds-early' }));
}

const bindsEarly = (wp: string, wa: string): boolean => exact(wp).compare(exact(wa)) >= 0;

/**
 * What counts when nothing was agreed: attributions alone for two years, then both at 0.3 and 0.7, reviewed after a
 * year. Values of the working groups of 2020–2021, never of a law.
 */
export function defaultPhases(startsOn: LocalDate): Phase[] {
  const mixedFrom = addMonths(startsOn, 24);
  return [
    { from: startsOn, to: addDays(mixedFrom, -1), mode: 'attributions', reviewOn: mixedFrom },
    { from: mixedFrom, to: null, mode: 'mixed', reviewOn: addMonths(mixedFrom, 12) },
  ].map((phase) => phaseSchema.parse(phase));
}

/** Rules both parties approved, in the order in which they came into force. */
export type AdoptedRule = { phases: readonly Phase[] };

/**
 * The phases of an agreement: the default ones, each adopted rule replacing what was from its own first day. What was
 * before that day stays as it was.
 */
export function timelineOf(startsOn: LocalDate, adopted: readonly AdoptedRule[]): Phase[] {
  let phases = defaultPhases(startsOn);
  for (const rule of adopted) {
    const from = rule.phases[0]!.from;
    const kept = phases
      .filter((phase) => phase.from < from)
      .map((phase) => (phase.to && phase.to < from ? phase : { ...phase, to: addDays(from, -1) }));
    phases = [...kept, ...rule.phases];
  }
  return phases;
}

export const phaseOn = (phases: readonly Phase[], on: string): Phase | undefined =>
  phases.find((phase) => phase.from <= on && (phase.to === null || phase.to >= on));

/** The phases of a year, for those who want to try others on it: one phase, from its first day on. */
export const wholeYear = (year: number, phase: Omit<PhaseInput, 'from' | 'to'>): Phase[] => [
  phaseSchema.parse({ ...phase, from: day(`${year}-01-01`), to: null }),
];
