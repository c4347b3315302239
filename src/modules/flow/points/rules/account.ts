import { day, type LocalDate } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { number, type Step } from '../../../../kernel/steps.ts';
import { type AdoptedRule, type Phase, phaseOn, timelineOf } from './phases.ts';
import { type Carried, type PointEvent, type Points, pointsOf, pointsSource, Tally, type TallyRow } from './points.ts';

/** A year of an agreement as its closing froze it. */
export type ClosedYear = {
  year: number;
  closedOn: string;
  due: string;
  phases: Phase[];
  carried: Carried[];
  tally: TallyRow[];
  points: Points;
  /** Its other counters. */
  counters: { freed: number; proposed: number; attributed: number; leased: number };
  /** What that closing took in of years closed before. */
  adjustments: Adjustment[];
};

/** What came after a year was closed: counts and points, with their sign, in the open year. */
export type Adjustment = { year: number; rows: TallyRow[]; points: string };

/** What the points of an agreement are computed from: all of it from histories that are only added to. */
export type AccountFacts = AccountHistory & {
  due: string;
  /** Counts of the year, and what late events change in each closed one. */
  tally: readonly TallyRow[];
  changes: readonly { year: number; rows: readonly TallyRow[] }[];
};

/** What was agreed for an agreement, and what its closings froze. */
export type AccountHistory = {
  year: number;
  startsOn: LocalDate;
  adopted: readonly AdoptedRule[];
  closed: readonly ClosedYear[];
};

/** An event; `late`: counted after the closing of its year, or after the last closing when the year is open. */
export type DatedPointEvent = PointEvent & { late: boolean };

export type Account = {
  year: number;
  isClosed: boolean;
  closedOn: string | null;
  due: string;
  phases: Phase[];
  carried: Carried[];
  tally: TallyRow[];
  points: Points;
  adjustments: Adjustment[];
  /** Points of the year and adjustments of closed ones together, two decimals; and ÷ due, four. */
  total: string;
  attainment: string | null;
  totalSteps: Step[];
};

/**
 * Counts the events of an agreement vacancy by vacancy: those of the year, and what late ones change in closed years. Of
 * a closed year only what was counted before its closing.
 */
export class AccountTallies {
  readonly #isClosed: boolean;
  readonly #tally: Tally;
  readonly #changes: { year: number; tally: Tally }[];

  constructor({ year, startsOn, adopted, closed }: AccountHistory) {
    const frozen = closed.find((entry) => entry.year === year);
    this.#isClosed = frozen !== undefined;
    this.#tally = new Tally(frozen?.phases ?? timelineOf(startsOn, adopted), year);
    const last = closed.reduce((latest, entry) => Math.max(latest, entry.year), 0);
    this.#changes =
      last === year - 1
        ? closed.map((entry) => ({ year: entry.year, tally: new Tally(entry.phases, entry.year) }))
        : [];
  }

  /** Adds the events of one vacancy, all of them. */
  add(events: readonly DatedPointEvent[]): void {
    const inTime = events.filter(({ late }) => !late);
    this.#tally.add(this.#isClosed ? inTime : events);
    if (inTime.length === events.length) return;
    for (const { tally } of this.#changes) {
      tally.add(inTime, -1);
      tally.add(events);
    }
  }

  rows(): Pick<AccountFacts, 'tally' | 'changes'> {
    return {
      tally: this.#tally.rows(),
      changes: this.#changes
        .map(({ year, tally }) => ({ year, rows: tally.rows() }))
        .filter(({ rows }) => rows.length > 0),
    };
  }
}

/** The same of events that are all at hand. */
export function talliesOf(
  history: AccountHistory,
  events: Iterable<DatedPointEvent>,
): Pick<AccountFacts, 'tally' | 'changes'> {
  const tallies = new AccountTallies(history);
  for (const group of Map.groupBy(events, ({ vacancy }) => vacancy).values()) tallies.add(group);
  return tallies.rows();
}

/**
 * The points of an agreement in a year. A closed year has the phases, the due and what it carried as they were frozen;
 * what was counted since is an adjustment of the first open year, year by year, and never touches the closed one.
 */
export function accountOf(facts: AccountFacts): Account {
  const { year, closed, tally } = facts;
  const frozen = closed.find((entry) => entry.year === year);
  const phases = frozen?.phases ?? timelineOf(facts.startsOn, facts.adopted);
  const carried = frozen?.carried ?? carriedInto(year, phases, closed);
  const due = frozen?.due ?? facts.due;
  const points = pointsOf(tally, phases, due, carried).result;
  const adjustments = frozen?.adjustments ?? adjustmentsOf(facts);
  return account(year, frozen?.closedOn ?? null, due, phases, { carried, tally: [...tally] }, points, adjustments);
}

function account(
  year: number,
  closedOn: string | null,
  due: string,
  phases: Phase[],
  { carried, tally }: { carried: Carried[]; tally: TallyRow[] },
  points: Points,
  adjustments: Adjustment[],
): Account {
  const total = adjustments.reduce((sum, adjustment) => sum.add(exact(adjustment.points)), exact(points.total));
  const attainment = exact(due).equals(0) ? null : decimal(total.div(exact(due)), 4);
  const adjusted: Step[] = adjustments.map((adjustment) => ({
    label: 'points.adjustment',
    inputs: { year: { unit: 'text', value: String(adjustment.year) } },
    result: number(adjustment.points),
    source: pointsSource,
  }));
  const [sum, ...rest] = points.why.total;
  return {
    year,
    isClosed: closedOn !== null,
    closedOn,
    due,
    phases,
    carried,
    tally,
    points,
    adjustments,
    total: decimal(total, 2),
    attainment,
    totalSteps:
      adjusted.length === 0
        ? points.why.total
        : [
            sum!,
            ...adjusted,
            { label: 'points.adjusted', result: number(decimal(total, 2)) },
            ...rest.map((step) => ({
              ...step,
              inputs: { ...step.inputs, total: number(decimal(total, 2)) },
              ...(attainment ? { result: { unit: 'rate' as const, value: attainment } } : {}),
            })),
          ],
  };
}

/** Points pending when the year before was closed, where the phase of 1 January takes them in. */
function carriedInto(year: number, phases: readonly Phase[], closed: readonly ClosedYear[]): Carried[] {
  const before = closed.find((entry) => entry.year === year - 1);
  if (!before || !phaseOn(phases, day(`${year}-01-01`))?.carryPending) return [];
  return before.points.scopes
    .filter(({ pending }) => exact(pending).compare(0) > 0)
    .map(({ scope, pending }) => ({ scope, points: pending }));
}

/** The points of each closed year as they would be with what came late, less as they were. */
function adjustmentsOf({ changes, closed }: AccountFacts): Adjustment[] {
  return changes.map(({ year, rows }) => {
    const entry = closed.find((candidate) => candidate.year === year)!;
    const earlier = closed.flatMap(({ adjustments }) => adjustments).filter((adjustment) => adjustment.year === year);
    const known = sumOf([entry.tally, ...earlier.map((adjustment) => adjustment.rows)]);
    const points = (tally: TallyRow[]) => exact(pointsOf(tally, entry.phases, entry.due, entry.carried).result.total);
    return { year, rows: [...rows], points: decimal(points(sumOf([known, rows])).sub(points(known)), 2) };
  });
}

function sumOf(tallies: readonly (readonly TallyRow[])[]): TallyRow[] {
  const sums = new Map<string, TallyRow>();
  for (const row of tallies.flat()) {
    const key = `${row.phase}|${row.municipality}|${row.territory ?? ''}`;
    const known = sums.get(key);
    sums.set(key, {
      ...row,
      proposals: row.proposals + (known?.proposals ?? 0),
      attributions: row.attributions + (known?.attributions ?? 0),
    });
  }
  return [...sums.values()];
}
