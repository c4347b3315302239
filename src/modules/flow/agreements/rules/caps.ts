import { z } from 'zod';
import { inForce, NotInForce } from '../../../../kernel/dated.ts';
import { addDays, addYears, type LocalDate } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { date, rate, type Source, type Step, text } from '../../../../kernel/steps.ts';
import {
  derogationYears,
  guaranteeCap,
  stateCap,
  stateFloorOutsideQpv,
  stateStaffCap,
} from '../../../../regulation/scales/reservation-caps.ts';
import { codeLength } from './perimeter.ts';

/** Exact decimal text between 0 and 1. */
const share = z.string().regex(/^[01](\.\d+)?$/, 'E-FIELD-FORM');

export const bases = ['legal', 'guarantee', 'land', 'funding', 'other'] as const;

export const commitment = z.object({
  id: z.string(),
  holder: z.string(),
  contingent: z.string(),
  basis: z.enum(bases).nullable(),
  /** Département of two characters, commune of five, EPT or EPCI of nine. */
  perimeterCode: z.string().regex(/^(\d{2}|\d{5}|\d{9})$/, 'E-FIELD-FORM'),
  /** Of a commune: the EPT or EPCI it is in. */
  territory: z.string().nullable().default(null),
  /** Of an EPT or EPCI: the départements it lies in. */
  departments: z.array(z.string()).default([]),
  /** The State and the landlord agreed to another distribution (R441-5-2 II). */
  agreedOtherwise: z.boolean().default(false),
  /** Its share from day to day; `until` null: open. */
  shares: z.array(z.object({ from: localDate, until: localDate.nullable(), share })),
});
export type Commitment = z.output<typeof commitment>;

/** Where something is promised: the départements a perimeter lies in. */
export const departmentsOf = ({ perimeterCode, departments }: Commitment): string[] =>
  perimeterCode.length === codeLength.territory ? departments : [perimeterCode.slice(0, 2)];

export const capsInput = z.object({
  department: z.string().regex(/^\d{2}$/, 'E-FIELD-FORM'),
  from: localDate,
  until: localDate.nullable(),
  commitments: z.array(commitment),
  /** Arrêtés that raise the cap of the State. */
  derogations: z.array(z.object({ from: localDate, until: localDate, cap: share })).default([]),
  /** Dwellings of the landlord by commune: the weight of the communes in what is capped overall. */
  municipalities: z
    .array(
      z.object({
        code: z.string(),
        territory: z.string().nullable().default(null),
        dwellings: z.number().int().min(0),
      }),
    )
    .default([]),
});
export type CapsInput = z.output<typeof capsInput>;

export type CapKind = 'sum' | 'state' | 'state-staff' | 'state-floor' | 'guarantee';

export type CapFinding = {
  kind: CapKind;
  /** Unverified caps and what may be agreed otherwise warn; the others refuse. */
  refuses: boolean;
  /** Département, commune, EPT or EPCI. */
  place: string;
  from: LocalDate;
  until: LocalDate | null;
  value: string;
  cap: string;
  source: Source;
};

export type CapPart = { id: string; holder: string; contingent: string; share: string };

export type CapPlace = {
  code: string;
  /** The period in which most is promised; the first of them. */
  from: LocalDate;
  until: LocalDate | null;
  parts: CapPart[];
  total: string;
  left: string;
};

export type Caps = { places: CapPlace[]; findings: CapFinding[] };

const sumSource: Source = { title: 'Somme des parts du flux', confidence: 'policy' };

/**
 * What the agreements of a landlord promise in a département, at every day of a period, and which caps that passes: the
 * whole (L-29); 30 % for the State, 5 % for its staff, raised by an arrêté (L-20, L-21); not below 30 % outside the
 * quartiers prioritaires unless agreed otherwise (L-23); 20 % against guarantees over all, not verified (L-26). The
 * shares of the département, of its EPT or EPCI and of a commune add up in that commune. The State's share is the same everywhere,
 * hence uniform (L-22), because it is one share of one département.
 * Units: parts of the flow, exact; six decimals where shown. Days before the caps took effect have none.
 */
export function capsOf(input: CapsInput): Explained<Caps> {
  const { commitments, department } = input;
  const relevant = commitments.filter((one) => departmentsOf(one).includes(department));
  const periods = periodsOf(input, relevant);
  const territoryOf = new Map(relevant.map(({ perimeterCode, territory }) => [perimeterCode, territory]));
  const others = [...territoryOf.keys()].filter((code) => code !== department);
  const findings: CapFinding[] = [];
  const places = [department, ...others.sort()].map((code): CapPlace => {
    const around = [department, code, territoryOf.get(code)];
    let worst: CapPlace | undefined;
    for (const { from, until } of periods) {
      const parts = partsOn(relevant, from, (perimeter) => around.includes(perimeter));
      const total = sum(parts.map((part) => part.share));
      if (total.compare(1) > 0)
        findings.push({
          kind: 'sum',
          refuses: true,
          place: code,
          from,
          until,
          value: decimal(total, 6),
          cap: '1',
          source: sumSource,
        });
      if (worst && exact(worst.total).compare(total) >= 0) continue;
      const left = total.compare(1) > 0 ? '0' : decimal(exact(1).sub(total), 6);
      worst = { code, from, until, parts, total: decimal(total, 6), left };
    }
    return worst!;
  });
  for (const period of periods) findings.push(...cappedOver(input, relevant, period));
  const merged = mergeFindings(findings);
  return { result: { places, findings: merged }, steps: stepsOf(places, merged) };
}

export const capsRule = defineRule({
  name: 'flow.caps',
  summary: 'What the reservation agreements of a département promise at every day, and which caps that passes',
  input: capsInput,
  compute: capsOf,
});

type Period = { from: LocalDate; until: LocalDate | null };

/** The days between two changes of anything. */
function periodsOf({ from, until, derogations }: CapsInput, commitments: readonly Commitment[]): Period[] {
  const changes = [
    ...commitments.flatMap(({ shares }) => shares),
    ...derogations,
    ...[stateCap, stateStaffCap, stateFloorOutsideQpv, guaranteeCap].flatMap(({ values }) =>
      values.map((value) => ({ from: value.from, until: null })),
    ),
  ].flatMap((change) => [change.from, ...(change.until ? [addDays(change.until, 1)] : [])]);
  const starts = [
    ...new Set([from, ...changes.filter((day) => day > from && (until === null || day <= until))]),
  ].sort();
  return starts.map((start, index) => ({
    from: start,
    until: starts[index + 1] ? addDays(starts[index + 1]!, -1) : until,
  }));
}

/** What is promised on a day, by the larger share first. */
function partsOn(commitments: readonly Commitment[], on: LocalDate, admits: (perimeter: string) => boolean): CapPart[] {
  return commitments
    .filter(({ perimeterCode }) => admits(perimeterCode))
    .flatMap(({ id, holder, contingent, shares }) =>
      shares
        .filter(({ from, until }) => from <= on && (until === null || until >= on))
        .map((dated) => ({ id, holder, contingent, share: dated.share })),
    )
    .sort((a, b) => exact(b.share).compare(exact(a.share)) || (a.id < b.id ? -1 : 1));
}

const sum = (shares: readonly string[]) => shares.reduce((total, part) => total.add(exact(part)), exact(0));

const isState = (contingent: string): boolean => contingent === 'state-priority' || contingent === 'state-staff';

/** The caps of the State and of guarantees, in one period. */
function cappedOver(input: CapsInput, commitments: readonly Commitment[], { from, until }: Period): CapFinding[] {
  const { department } = input;
  const found: CapFinding[] = [];
  const valueIn = (table: typeof stateCap) => {
    try {
      return inForce(table, from);
    } catch (error) {
      if (error instanceof NotInForce) return undefined;
      throw error;
    }
  };
  const state = commitments.filter(({ contingent }) => isState(contingent));
  const parts = partsOn(state, from, (perimeter) => perimeter === department);
  const total = sum(parts.map((part) => part.share));
  const add = (kind: CapKind, refuses: boolean, value: ReturnType<typeof sum>, cap: string, source: Source) =>
    found.push({ kind, refuses, place: department, from, until, value: decimal(value, 6), cap, source });

  const cap = valueIn(stateCap);
  if (cap) {
    const raised = input.derogations
      .filter((derogation) => derogation.from <= from && derogation.until >= from)
      .map((derogation) => derogation.cap);
    const highest = [cap.value, ...raised].sort((a, b) => exact(b).compare(exact(a)))[0]!;
    if (total.compare(exact(highest)) > 0) add('state', true, total, highest, cap.source);
  }
  const staffCap = valueIn(stateStaffCap);
  const staff = sum(parts.filter(({ contingent }) => contingent === 'state-staff').map((part) => part.share));
  if (staffCap && staff.compare(exact(staffCap.value)) > 0)
    add('state-staff', true, staff, staffCap.value, staffCap.source);

  const floor = valueIn(stateFloorOutsideQpv);
  if (floor && parts.length > 0 && total.compare(exact(floor.value)) < 0 && !state.some((one) => one.agreedOtherwise))
    add('state-floor', false, total, floor.value, floor.source);

  const guarantees = commitments.filter(({ basis }) => basis === 'guarantee');
  const guaranteed = valueIn(guaranteeCap);
  const overall = overallOf(input, guarantees, from);
  if (guaranteed && overall.compare(exact(guaranteed.value)) > 0)
    add('guarantee', false, overall, guaranteed.value, guaranteed.source);
  return found;
}

/** Shares of a commune, EPT or EPCI count for its weight in the landlord's stock of the département. */
function overallOf({ department, municipalities }: CapsInput, commitments: readonly Commitment[], on: LocalDate) {
  const here = municipalities.filter(({ code }) => code.startsWith(department));
  const sumOf = (some: typeof here) => some.reduce((total, { dwellings }) => total + dwellings, 0);
  const stock = sumOf(here);
  const weightOf = (code: string) =>
    code === department || stock === 0
      ? exact(1)
      : exact(sumOf(here.filter((one) => one.code === code || one.territory === code))).div(stock);
  const perimeterOf = new Map(commitments.map(({ id, perimeterCode }) => [id, perimeterCode]));
  return partsOn(commitments, on, () => true).reduce(
    (total, part) => total.add(exact(part.share).mul(weightOf(perimeterOf.get(part.id)!))),
    exact(0),
  );
}

/** Periods that follow each other with the same value are one. */
function mergeFindings(findings: readonly CapFinding[]): CapFinding[] {
  const merged: CapFinding[] = [];
  for (const finding of [...findings].sort((a, b) => keyOf(a).localeCompare(keyOf(b)) || (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    const follows =
      last &&
      keyOf(last) === keyOf(finding) &&
      last.value === finding.value &&
      last.cap === finding.cap &&
      last.until !== null &&
      addDays(last.until, 1) === finding.from;
    if (follows) merged[merged.length - 1] = { ...last, until: finding.until };
    else merged.push(finding);
  }
  return merged.sort((a, b) => Number(b.refuses) - Number(a.refuses) || (a.from < b.from ? -1 : 1));
}

const keyOf = ({ kind, place }: CapFinding) => `${kind} ${place}`;

function stepsOf(places: readonly CapPlace[], findings: readonly CapFinding[]): Step[] {
  return [
    ...places.map(
      (place): Step => ({
        label: 'caps.promised',
        inputs: { place: text(place.code), from: date(place.from), left: rate(place.left) },
        result: rate(place.total),
      }),
    ),
    ...findings.map(
      (finding): Step => ({
        label: `caps.${finding.kind}`,
        inputs: { place: text(finding.place), from: date(finding.from), cap: rate(finding.cap) },
        result: rate(finding.value),
        source: finding.source,
      }),
    ),
  ];
}

/** Whether an arrêté lasts one year at most, from day to day (L-21). */
export const lastsAYear = (from: LocalDate, until: LocalDate): boolean =>
  until >= from && until < addYears(from, derogationYears.value);
