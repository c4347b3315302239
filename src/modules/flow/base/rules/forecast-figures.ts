import type { LocalDate } from '../../../../kernel/local-date.ts';
import { count, type Step, text } from '../../../../kernel/steps.ts';
import { policy } from '../../../../regulation/sources.ts';
import { type ExclusionCategory, legalCategories } from './categories.ts';
import { expectedVacancies, expectedVolume, type FlowBase, flowBase } from './exclusion-forecast.ts';

/** What a forecast is computed from. */
export type ForecastFacts = {
  stock: number;
  retained: number;
  firstLettings: number;
  /** Complete years that are known, with their vacancies by class. */
  years: readonly { year: number; vacancies: readonly { baseClass: string; vacancies: number }[] }[];
  /** What documents in force plan for the year. */
  planned: readonly {
    category: string;
    year: number;
    volume: number;
    document: string;
    kind: string;
    reviewOn: LocalDate | null;
  }[];
  /** What the State decided for the year, by category (F-11). */
  asked: readonly { category: string; target: number }[];
};

/** What the landlord chooses in it. */
export type ForecastChoices = {
  expected:
    | { origin: 'past-years' }
    | { origin: 'rotation'; rotation: string; reason: string }
    | { origin: 'typed'; count: number; reason: string };
  capPercent: string | null;
  /** Volumes typed, each with its reason: they replace what is computed, which stays shown. */
  typed: readonly { category: ExclusionCategory; volume: number; reason: string }[];
};

export type ForecastSettings = {
  years: number;
  method: 'mean' | 'median';
  open: readonly ExclusionCategory[];
  today: LocalDate;
};

export type ForecastLine = {
  category: ExclusionCategory;
  volume: number;
  origin: 'document' | 'past-years' | 'arbitration' | 'typed';
  documents: string[];
  promised: number;
  asked: number | null;
  reviews: { document: string; on: LocalDate }[];
  reason: string | null;
  steps: Step[];
};

export type Figures = FlowBase &
  Pick<ForecastFacts, 'stock' | 'retained' | 'firstLettings'> & {
    expectedOrigin: 'past-years' | 'rotation' | 'typed';
    expectedReason: string | null;
    rotation: string | null;
    capPercent: string | null;
    steps: Step[];
    lines: ForecastLine[];
  };

/** Classes whose vacancies are not in the scope of the flow: neither in the base nor subtracted from it. */
const outOfScope = ['retained-stock', 'first-letting', 'not-applicable'];

/**
 * The forecast of a year: each category by the documents in force, else by the last complete years, else as typed; the
 * vacancies expected; the base F = L − X (flux-fr § 3.1, C4). Rounding is that of its parts.
 */
export function figuresOf(facts: ForecastFacts, choices: ForecastChoices, settings: ForecastSettings): Figures {
  const lines = [...legalCategories, ...settings.open].map((category) => lineOf(category, facts, choices, settings));
  const expected = expectedOf(facts, choices, settings);
  const base = flowBase({
    stock: facts.stock,
    retained: facts.retained,
    firstLettings: facts.firstLettings,
    expected: expected.given,
    exclusions: lines.map(({ category, volume }) => ({ category, volume })),
    capPercent: choices.capPercent,
  });
  return {
    stock: facts.stock,
    retained: facts.retained,
    firstLettings: facts.firstLettings,
    ...base.result,
    expectedOrigin: choices.expected.origin,
    expectedReason: 'reason' in choices.expected ? choices.expected.reason : null,
    rotation: choices.expected.origin === 'rotation' ? choices.expected.rotation : null,
    capPercent: choices.capPercent,
    steps: [...expected.steps, ...base.steps],
    lines,
  };
}

/** Documents that bind whoever signed them (F-13). */
const binding = ['anru-agreement', 'rehousing-charter'];

/**
 * One category. What the State asks replaces the past years, and a document that plans less: a document already signed is
 * respected, so that the larger of the two holds (F-11, F-13).
 */
function lineOf(
  category: ExclusionCategory,
  facts: ForecastFacts,
  choices: ForecastChoices,
  { years, method, today }: ForecastSettings,
): ForecastLine {
  const planned = facts.planned.filter((one) => one.category === category);
  const documents = planned.map((one) => one.document);
  const sumOf = (some: typeof planned) => some.reduce((sum, one) => sum + one.volume, 0);
  const asked = facts.asked.find((one) => one.category === category)?.target ?? null;
  const computed = expectedVolume({
    category,
    planned: planned.length > 0 ? { count: sumOf(planned), documents, year: planned[0]!.year } : null,
    past: facts.years.map(({ year, vacancies }) => ({
      year,
      count: Math.max(vacancies.find((one) => one.baseClass === category)?.vacancies ?? 0, 0),
    })),
    years,
    method,
  });
  const reviews = planned.flatMap(({ document, reviewOn }) =>
    reviewOn !== null && reviewOn <= today ? [{ document, on: reviewOn }] : [],
  );
  const line: ForecastLine = {
    category,
    ...computed.result,
    documents,
    promised: sumOf(planned.filter(({ kind }) => binding.includes(kind))),
    asked,
    reviews,
    reason: null,
    steps: [
      ...computed.steps,
      ...reviews.map(
        ({ document, on }): Step => ({
          label: 'base.review-due',
          inputs: { document: text(document) },
          result: { unit: 'day', value: on },
        }),
      ),
    ],
  };
  if (asked !== null && (planned.length === 0 || asked > line.volume)) {
    line.volume = asked;
    line.origin = 'arbitration';
  }
  if (asked !== null)
    line.steps.push({ label: 'base.asked', result: count(asked), source: policy('Arbitrage de l’État') });
  const typed = choices.typed.find((one) => one.category === category);
  if (!typed) return line;
  const step: Step = { label: 'base.typed', inputs: { reason: text(typed.reason) }, result: count(typed.volume) };
  return { ...line, volume: typed.volume, origin: 'typed', reason: typed.reason, steps: [...line.steps, step] };
}

/** The first category whose volume is below what signed documents promise for the year (F-13). */
export const brokenPromise = (
  lines: readonly { category: string; volume: number; promised?: number }[],
): { category: string; volume: number; promised: number } | undefined =>
  lines.map((line) => ({ ...line, promised: line.promised ?? 0 })).find(({ volume, promised }) => volume < promised);

function expectedOf(facts: ForecastFacts, { expected }: ForecastChoices, { years, method }: ForecastSettings) {
  if (expected.origin === 'rotation') return { given: { rotation: expected.rotation }, steps: [] };
  if (expected.origin === 'typed') return { given: { count: expected.count }, steps: [] };
  const computed = expectedVacancies({
    past: facts.years.map(({ year, vacancies }) => ({
      year,
      count: vacancies
        .filter(({ baseClass }) => !outOfScope.includes(baseClass))
        .reduce((sum, one) => sum + Math.max(one.vacancies, 0), 0),
    })),
    years,
    method,
  });
  return { given: { count: computed.result }, steps: computed.steps };
}
