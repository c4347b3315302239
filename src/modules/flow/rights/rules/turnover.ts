import type Fraction from 'fraction.js';
import { exact } from '../../../../kernel/money.ts';

/** What a segment may be cut by; several together cut finer (F-71). */
export const segmentCriteria = [
  'department',
  'municipality',
  'rooms',
  'area',
  'rent',
  'funding',
  'priority-area',
  'contingent',
] as const;
export type SegmentCriterion = (typeof segmentCriteria)[number];

/** What turnover is observed by unless one chooses otherwise: département and typology (F-72, the region's usual one). */
export const usualCriteria: readonly SegmentCriterion[] = ['department', 'rooms'];

/** Where the bands of living area (m²) and of rent (cents per m² and month) begin; the first begins at nothing. */
export const bandStarts = { area: [35, 50, 70, 90], rent: [600, 800, 1_000] } as const;

/** What is known of a dwelling, or of a line of the inventory, to place it in a segment; null: not known. */
export type SegmentFacts = {
  municipality: string | null;
  rooms: number | null;
  funding: string | null;
  inPriorityArea: boolean | null;
  /** Its band: the number of its starts that are reached. */
  area?: number | null;
  rent?: number | null;
  /** Whose quota it was let under, of a dwelling; whose right it is, of a line. */
  contingent?: string | null;
};

/** Dwellings alike, and how many became free, in each year looked at. */
export type StockGroup = SegmentFacts & { dwellings: readonly number[]; freed: readonly number[] };

export type Segment = {
  /** Its place in each criterion, in their order; empty for the whole stock. */
  key: readonly string[];
  dwellings: readonly number[];
  freed: readonly number[];
  /** Mean of the years: freed ÷ dwellings. Null without a dwelling. */
  rate: Fraction | null;
};

/** T1 and T2 turn over alike, and so do large dwellings: bands of flux-fr C2. */
export const roomsBand = (rooms: number): string => (rooms <= 2 ? '1-2' : rooms === 3 ? '3' : '4+');

function placeOf(facts: SegmentFacts, criterion: SegmentCriterion): string | null {
  switch (criterion) {
    case 'department':
      return facts.municipality?.slice(0, 2) ?? null;
    case 'municipality':
      return facts.municipality;
    case 'rooms':
      return facts.rooms === null ? null : roomsBand(facts.rooms);
    case 'funding':
      return facts.funding;
    case 'priority-area':
      return facts.inPriorityArea === null ? null : facts.inPriorityArea ? 'in' : 'out';
    case 'area':
    case 'rent':
      return facts[criterion]?.toString() ?? null;
    case 'contingent':
      return facts.contingent ?? null;
  }
}

const keyOf = (facts: SegmentFacts, criteria: readonly SegmentCriterion[]): string[] | null => {
  const key = criteria.map((criterion) => placeOf(facts, criterion));
  return key.every((place) => place !== null) ? (key as string[]) : null;
};

/**
 * Turnover of each segment of the stock: the mean over the years of (dwellings freed ÷ dwellings). A year in which a
 * segment had no dwelling does not count. Exact.
 * @returns segments in the order of their places
 */
export function turnoverBySegment(groups: readonly StockGroup[], criteria: readonly SegmentCriterion[]): Segment[] {
  const segments = new Map<string, { key: string[]; dwellings: number[]; freed: number[] }>();
  for (const group of groups) {
    const key = keyOf(group, criteria);
    if (key === null) continue;
    const name = key.join('|');
    const segment = segments.get(name) ?? {
      key,
      dwellings: group.dwellings.map(() => 0),
      freed: group.freed.map(() => 0),
    };
    for (const [index, count] of group.dwellings.entries()) segment.dwellings[index]! += count;
    for (const [index, count] of group.freed.entries()) segment.freed[index]! += count;
    segments.set(name, segment);
  }
  return [...segments.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, segment]) => ({ ...segment, rate: meanRate(segment) }));
}

function meanRate({ dwellings, freed }: Pick<Segment, 'dwellings' | 'freed'>): Fraction | null {
  const rates = dwellings.flatMap((count, index) => (count === 0 ? [] : [exact(freed[index]!).div(count)]));
  if (rates.length === 0) return null;
  return rates.reduce((sum, rate) => sum.add(rate), exact(0)).div(rates.length);
}

/** A segment smaller than this says little: the wider one stands for it. Ours. */
export const smallestSegment = 20;

/**
 * The segment whose turnover stands for a line: the finest of which the line tells everything and which has enough
 * dwellings, leaving out the last criteria one by one; in the end the whole stock.
 */
export function segmentFinder(
  groups: readonly StockGroup[],
  criteria: readonly SegmentCriterion[],
): (facts: SegmentFacts) => { criteria: readonly SegmentCriterion[]; segment: Segment } | null {
  const levels = criteria
    .map((_, index) => criteria.slice(0, criteria.length - index))
    .concat([[]])
    .map((used) => ({
      criteria: used,
      segments: new Map(turnoverBySegment(groups, used).map((segment) => [segment.key.join('|'), segment])),
    }));
  return (facts) => {
    for (const { criteria: used, segments } of levels) {
      const key = keyOf(facts, used);
      const segment = key && segments.get(key.join('|'));
      if (!segment || segment.rate === null) continue;
      if (used.length === 0 || (segment.dwellings.at(-1) ?? 0) >= smallestSegment) return { criteria: used, segment };
    }
    return null;
  };
}
