import { type Arc, leastCostFlow } from '../src/modules/flow/orientation/rules/least-cost-flow.ts';
import { gapOf, type Party, whole } from '../src/modules/flow/orientation/rules/turn.ts';

/** Made-up years of a landlord, the same for the same seed: what is to be oriented, in its order, and to whom it may go. */

/** A generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Dwellings of one to five rooms: the indicative kinds. */
export const kinds = 5;
const mix = [0.1, 0.25, 0.35, 0.22, 0.08];

export type Holder = {
  id: string;
  /** Where it may be served: a municipality, or everywhere. */
  home: number | null;
  /** Counted municipality by municipality, or over the département (F-30). */
  scale: 'municipality' | 'department';
  /** Billionths. */
  share: number;
  /** Dwellings of each kind it would like this year; none for those without indicative needs. */
  wishes: number[] | null;
};

export type Freed = {
  day: number;
  municipality: number;
  kind: number;
  /** Place of the holder that gives it back a month later, should it be proposed there. */
  returnedBy: number | null;
};

export type Year = { municipalities: number; holders: Holder[]; vacancies: Freed[] };

const pareto = (random: () => number) => (1 - random()) ** (-1 / 1.2);

function drawn(random: () => number, weights: readonly number[]): number {
  const at = random() * weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    if (at < sum) return index;
  }
  return weights.length - 1;
}

/** Whole parts of a whole in proportion to weights; the last takes what rounding leaves. */
function sharesOf(weights: readonly number[], of: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => Math.floor((of * weight) / sum / 1_000) * 1_000);
  shares[shares.length - 1]! += of - shares.reduce((a, b) => a + b, 0);
  return shares;
}

/** Everyone may be served everywhere, and the shares make the whole. */
export function unconstrainedYear(seed: number, vacancies: number): Year {
  const random = seeded(seed);
  const count = 3 + Math.floor(random() * 23);
  const shares = sharesOf(
    Array.from({ length: count }, () => pareto(random)),
    whole,
  );
  const holders = shares.map(
    (share, index): Holder => ({
      id: `h${index}`,
      home: null,
      scale: 'department',
      share,
      wishes: wishesOf(random, (share * vacancies) / whole),
    }),
  );
  return withVacancies(random, { municipalities: 1, holders, vacancies: [] }, vacancies, 0);
}

/** What a holder would like of what is due to it: the kinds as they come free, each more or less wanted. */
function wishesOf(random: () => number, due: number): number[] {
  const tastes = mix.map((part) => part * (0.4 + 1.2 * random()));
  const all = tastes.reduce((a, b) => a + b, 0);
  return tastes.map((taste) => Math.round((Math.floor(due) * taste) / all));
}

/**
 * As agreements are: the State counted in each municipality, municipalities at home only, the others anywhere, the
 * landlord with the rest; one dwelling in fifteen is given back.
 */
export function constrainedYear(seed: number, vacancies: number): Year {
  const random = seeded(seed);
  const count = 3 + Math.floor(random() * 23);
  const municipalities = 4 + Math.floor(random() * 9);
  const holders: Holder[] = [{ id: 'state', home: null, scale: 'municipality', share: 0.3 * whole, wishes: null }];
  const towns = Math.min(municipalities, Math.floor((count - 1) * 0.5));
  for (let town = 0; town < towns; town++)
    holders.push({
      id: `town${town}`,
      home: town,
      scale: 'municipality',
      share: Math.round(60 + random() * 140) * 1_000_000,
      wishes: [],
    });
  const others = count - 1 - towns;
  const weights = Array.from({ length: others }, () => pareto(random));
  for (const [index, share] of sharesOf(weights, 0.35 * whole).entries())
    holders.push({ id: `other${index}`, home: null, scale: 'department', share, wishes: [] });
  const year = withVacancies(random, { municipalities, holders, vacancies: [] }, vacancies, 1 / 15);
  for (const holder of holders) {
    if (!holder.wishes) continue;
    const foreseen = year.vacancies.filter(
      ({ municipality }) => holder.home === null || holder.home === municipality,
    ).length;
    // The year was foreseen within a tenth.
    holder.wishes = wishesOf(random, (holder.share * foreseen * (0.9 + random() * 0.2)) / whole);
  }
  return year;
}

function withVacancies(random: () => number, year: Year, count: number, returns: number): Year {
  const sizes = Array.from({ length: year.municipalities }, () => pareto(random));
  year.vacancies = Array.from({ length: count }, () => ({
    day: 1 + Math.floor(random() * 365),
    municipality: drawn(random, sizes),
    kind: drawn(random, mix),
    returnedBy: random() < returns ? Math.floor(random() * year.holders.length) : null,
  })).sort((a, b) => a.day - b.day);
  return year;
}

export const admits = (holder: Holder, municipality: number) => holder.home === null || holder.home === municipality;

/** Chooses a party; the year is lived day by day. @returns the place in `parties` */
export type Choose = (parties: readonly Party[], day: number) => number;

export type Outcome = {
  /** Dwellings proposed and kept, by holder (the landlord last) and municipality. */
  given: number[][];
  freed: number[];
  /** By holder and kind. */
  kinds: number[][];
  maxGap: number;
  /** Who may not have which vacancy: those it was returned by. */
  refused: (number | null)[];
};

/** Lives a year with a way of choosing. */
export function live(year: Year, choose: Choose, own: boolean): Outcome {
  const { holders, municipalities } = year;
  const given = Array.from({ length: holders.length + 1 }, () => new Array<number>(municipalities).fill(0));
  const totals = new Array<number>(holders.length + 1).fill(0);
  const kept = Array.from({ length: holders.length + 1 }, () => new Array<number>(kinds).fill(0));
  const freed = new Array<number>(municipalities).fill(0);
  const refused: (number | null)[] = year.vacancies.map(() => null);
  let all = 0;
  let maxGap = 0;
  const serve = (index: number, day: number, on: 'new' | 'again') => {
    const vacancy = year.vacancies[index]!;
    if (on === 'new') {
      freed[vacancy.municipality]! += 1;
      all += 1;
    }
    const places: number[] = [];
    const parties: Party[] = [];
    for (const [place, holder] of holders.entries()) {
      if (!admits(holder, vacancy.municipality)) continue;
      const local = holder.scale === 'municipality';
      places.push(place);
      const wish = holder.wishes?.[vacancy.kind] ?? 0;
      parties.push({
        id: holder.id,
        share: holder.share,
        freed: local ? freed[vacancy.municipality]! : all,
        due: holder.share * (local ? freed[vacancy.municipality]! : all),
        proposed: local ? given[place]![vacancy.municipality]! : totals[place]!,
        needs: wish > 0 ? [{ target: wish, served: kept[place]![vacancy.kind]! }] : [],
        open: refused[index] !== place,
      });
    }
    if (own) {
      places.push(holders.length);
      parties.push({
        id: 'own',
        share: ownOf(year, freed, all),
        freed: all,
        due: ownOf(year, freed, all) * all,
        proposed: totals[holders.length]!,
        needs: [],
        open: true,
      });
    }
    const chosen = choose(parties, day);
    const place = places[chosen]!;
    if (vacancy.returnedBy === place && on === 'new') {
      refused[index] = place;
      return 'returned' as const;
    }
    given[place]![vacancy.municipality]! += 1;
    totals[place]! += 1;
    kept[place]![vacancy.kind]! += 1;
    for (const [at, party] of parties.entries())
      maxGap = Math.max(maxGap, Math.abs(gapOf(party) + (at === chosen ? whole : 0)) / whole);
    return 'kept' as const;
  };
  const again: { index: number; day: number }[] = [];
  for (const [index, { day }] of year.vacancies.entries()) {
    while (again.length > 0 && again[0]!.day <= day) serve(again.shift()!.index, again[0]?.day ?? day, 'again');
    if (serve(index, day, 'new') === 'returned') again.push({ index, day: day + 30 });
  }
  for (const { index } of again) serve(index, 365, 'again');
  return { given, freed, kinds: kept, maxGap, refused };
}

/** The landlord's own part, as the program computes it (`ownShare`). */
function ownOf({ holders }: Year, freed: readonly number[], all: number): number {
  let promised = 0;
  for (const { share, home } of holders) promised += share * (home === null ? all : freed[home]!);
  if (promised > all * whole) return 0;
  return Math.floor((all * whole - promised) / all / 1_000) * 1_000;
}

/** Gaps at the end of the year, each at the scale of its agreement, in dwellings: the landlord's own included. */
export function contractualGaps(year: Year, { given, freed }: Pick<Outcome, 'given' | 'freed'>): number {
  let sum = 0;
  for (const cell of cellsOf(year, freed))
    sum += Math.abs(cell.municipalities.reduce((n, town) => n + given[cell.holder]![town]!, 0) - cell.due / whole);
  return sum;
}

/** Wished dwellings that did not come, all holders and kinds. */
export const shortfall = ({ holders }: Year, { kinds: served }: Pick<Outcome, 'kinds'>): number =>
  holders.reduce(
    (sum, { wishes }, holder) =>
      sum + (wishes ?? []).reduce((n, wish, kind) => n + Math.max(0, wish - served[holder]![kind]!), 0),
    0,
  );

/** What is counted together: a holder in a municipality, or over the département. */
export type Cell = { holder: number; municipalities: number[]; due: number };

export function cellsOf(year: Year, freed: readonly number[]): Cell[] {
  const all = freed.reduce((a, b) => a + b, 0);
  const everywhere = freed.map((_n, town) => town);
  const cells: Cell[] = [];
  for (const [index, holder] of year.holders.entries()) {
    if (holder.scale === 'department')
      cells.push({ holder: index, municipalities: everywhere, due: holder.share * all });
    else
      for (const town of everywhere)
        if (admits(holder, town))
          cells.push({ holder: index, municipalities: [town], due: holder.share * freed[town]! });
  }
  cells.push({ holder: year.holders.length, municipalities: everywhere, due: ownOf(year, freed, all) * all });
  return cells;
}

/** Vacancies alike: of a municipality and a kind, and given back by the same holder. */
export type Class = { municipality: number; kind: number; not: number | null; count: number };

export function classesOf({ vacancies }: Year, refused: readonly (number | null)[]): Class[] {
  const classes = new Map<string, Class>();
  for (const [index, { municipality, kind }] of vacancies.entries()) {
    const not = refused[index]!;
    const key = `${municipality} ${kind} ${not}`;
    const known = classes.get(key);
    if (known) known.count += 1;
    else classes.set(key, { municipality, kind, not, count: 1 });
  }
  return [...classes.values()];
}

/** A shortfall of a whole year weighs less than the smallest difference between two gaps: the contracts come first. */
const gapWeight = 2_000;

/**
 * The best that could be done knowing the whole year: the least sum of gaps at its end, and the least shortfall of wishes
 * that leaves that sum as it is. A whole-number programme over classes of identical vacancies, solved exactly as a flow:
 * what a gap costs grows with each dwelling on either side of what is due. Gaps are whole millionths.
 */
export function optimum(year: Year, outcome: Outcome): { gaps: number; shortfall: number } {
  const { freed, refused } = outcome;
  const cells = cellsOf(year, freed);
  const any = year.vacancies.length;
  let nodes = 2;
  const arcs: Arc[] = [];
  const at = cells.map(() => nodes++);
  const wished = new Map<string, number>();
  for (const [index, { holder, due }] of cells.entries()) {
    const millionth = Math.round((due % whole) / 1_000);
    arcs.push(
      { from: at[index]!, to: 1, capacity: Math.floor(due / whole), cost: -1_000_000 * gapWeight },
      { from: at[index]!, to: 1, capacity: 1, cost: (1_000_000 - 2 * millionth) * gapWeight },
      { from: at[index]!, to: 1, capacity: any, cost: 1_000_000 * gapWeight },
    );
    for (const [kind, wish] of (year.holders[holder]?.wishes ?? []).entries()) {
      if (wish === 0) continue;
      const node = nodes++;
      wished.set(`${holder} ${kind}`, node);
      arcs.push(
        { from: node, to: at[index]!, capacity: wish, cost: -1 },
        { from: node, to: at[index]!, capacity: any, cost: 0 },
      );
    }
  }
  const links: { arc: number; holder: number; municipality: number; kind: number }[] = [];
  for (const { municipality, kind, not, count } of classesOf(year, refused)) {
    const node = nodes++;
    arcs.push({ from: 0, to: node, capacity: count, cost: 0 });
    for (const [index, { holder, municipalities }] of cells.entries()) {
      if (holder === not || !municipalities.includes(municipality)) continue;
      links.push({ arc: arcs.length, holder, municipality, kind });
      arcs.push({ from: node, to: wished.get(`${holder} ${kind}`) ?? at[index]!, capacity: count, cost: 0 });
    }
  }
  const { flow } = leastCostFlow(nodes, arcs, 0, 1);
  const given = outcome.given.map((row) => row.map(() => 0));
  const served = outcome.kinds.map((row) => row.map(() => 0));
  for (const { arc, holder, municipality, kind } of links) {
    given[holder]![municipality]! += flow[arc]!;
    served[holder]![kind]! += flow[arc]!;
  }
  return { gaps: contractualGaps(year, { given, freed }), shortfall: shortfall(year, { kinds: served }) };
}

/**
 * The same programme written out (LP format), for a solver that knows nothing of flows. With `gaps`, the least shortfall
 * that keeps their sum there; without, the least sum of gaps.
 */
export function programmeOf(year: Year, { freed, refused }: Outcome, gaps: number | null): string {
  const classes = classesOf(year, refused);
  const cells = cellsOf(year, freed);
  const rules: string[] = [];
  const whole1: string[] = [];
  const lacks: string[] = [];
  const distances = cells.map((_cell, index) => `g${index}`);
  const given = cells.map((): string[] => []);
  const kindsGiven = new Map<string, string[]>();
  for (const [at, { municipality, kind, not, count }] of classes.entries()) {
    const from: string[] = [];
    for (const [index, cell] of cells.entries()) {
      if (cell.holder === not || !cell.municipalities.includes(municipality)) continue;
      const name = `x${at}_${index}`;
      from.push(name);
      given[index]!.push(name);
      const key = `${cell.holder} ${kind}`;
      kindsGiven.set(key, [...(kindsGiven.get(key) ?? []), name]);
    }
    whole1.push(...from);
    rules.push(`${from.join(' + ')} = ${count}`);
  }
  for (const [index, { due }] of cells.entries()) {
    const sum = given[index]!.length > 0 ? given[index]!.join(' + ') : '0 g0';
    rules.push(`${sum} - g${index} <= ${due / whole}`, `${sum} + g${index} >= ${due / whole}`);
  }
  for (const [holder, { wishes }] of year.holders.entries())
    for (const [kind, wish] of (wishes ?? []).entries()) {
      if (wish === 0) continue;
      lacks.push(`l${holder}_${kind}`);
      rules.push(`${[...(kindsGiven.get(`${holder} ${kind}`) ?? []), `l${holder}_${kind}`].join(' + ')} >= ${wish}`);
    }
  if (gaps !== null) rules.push(`${distances.join(' + ')} <= ${gaps + 0.000_01}`);
  const objective = gaps === null ? distances : lacks;
  return `Minimize\n ${objective.join(' + ')}\nSubject To\n ${rules.join('\n ')}\nGeneral\n ${whole1.join(' ')}\nEnd`;
}
