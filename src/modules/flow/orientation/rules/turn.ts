/**
 * Whose turn it is. With vacancies coming one by one and shares to keep, this is the chairman assignment problem
 * (R. Tijdeman, « The chairman assignment problem », Discrete Mathematics 32, 1980): a schedule exists in which nobody is
 * ever one dwelling or more away from what is due. Here the whole set of first choices that keep such a schedule open is
 * computed, so that indicative needs may decide among them.
 *
 * All numbers are whole: a share is counted in billionths, a gap in billionths of a dwelling. No rounding.
 */
export type Party = {
  id: string;
  /** Billionths: 0.27 is 270,000,000. */
  share: number;
  /** Vacancies of its perimeter since 1 January, this one included: the pace at which others come. */
  freed: number;
  /** Billionths of a dwelling: what these vacancies give it. */
  due: number;
  proposed: number;
  /** Indicative needs that this dwelling serves. */
  needs: readonly { target: number; served: number }[];
  /** Whether it may be suggested at all. */
  open: boolean;
  /** The objectives of the place lean to it: it comes before its equals, never before anybody else. */
  favoured?: boolean;
};

/** A whole share, and a whole dwelling. */
export const whole = 1_000_000_000;

export type Calendar = {
  /** Dwellings of the base that wait for an orientation, this one included. */
  waiting: number;
  /** Days of the year passed, today included, and of the whole year: what is still to come keeps the pace. */
  passed: number;
  length: number;
};

export type Standing =
  /** Not to be asked: it gave this dwelling back. */
  | 'closed'
  /** It has what it is due: one more would put it a dwelling ahead. */
  | 'ahead'
  /** Others must be served first, or someone will be a dwelling late. */
  | 'can-wait'
  | 'eligible';

export type Turn = {
  /** Place in `parties`. */
  first: number;
  standings: Standing[];
  /** Vacancies of its perimeter that each may still see go elsewhere before it is a dwelling late; null without share. */
  waits: (number | null)[];
  /** Why it is the first among those eligible. */
  because: 'only-one' | 'need' | 'deficit' | 'stake' | 'least-ahead';
};

/** Beyond so many vacancies nobody looks ahead: no landlord frees as many in a year. */
const horizon = 10_000;

/** Proposed − due, in billionths of a dwelling. */
export const gapOf = ({ proposed, due }: Pick<Party, 'due' | 'proposed'>): number => proposed * whole - due;

/**
 * The `nth` next dwelling of a party must come before this many more vacancies of its perimeter have passed: at the one
 * after, it would be a whole dwelling late.
 */
const deadlineOf = (party: Party, nth: number): number =>
  Math.max(0, Math.ceil((gapOf(party) + nth * whole) / party.share));

/**
 * The first vacancy at which every dwelling still to come is already owed: whoever is served now must be one of those
 * owed by then. `Infinity` when there is room whoever is served.
 */
function tightest(parties: readonly Party[], waiting: number): number {
  let end = 0;
  for (const party of parties) {
    if (party.share > 0 && gapOf(party) + whole > 0) end = Math.max(end, deadlineOf(party, 1));
  }
  end = Math.min(end, horizon);
  const owed = new Int32Array(end + 1);
  for (const party of parties) {
    if (party.share === 0) continue;
    for (let nth = 1, at = deadlineOf(party, 1); at <= end; nth++, at = deadlineOf(party, nth)) owed[at]! += 1;
  }
  for (let at = 0, sum = 0; at <= end; at++) {
    sum += owed[at]!;
    if (sum >= at + waiting) return at;
  }
  return Infinity;
}

/**
 * How much of what is still due to a party this year must be of this kind: 1,000,000 when all of it must. Of several
 * needs the dwelling serves, the one furthest behind.
 */
function needOf(party: Party, { passed, length }: Calendar): number {
  const vacancies = Math.floor((party.freed * (length - passed)) / passed);
  const toCome = Math.max(1, Math.ceil((party.share * vacancies - gapOf(party)) / whole));
  const missing = Math.max(0, ...party.needs.map(({ target, served }) => target - served));
  return Math.min(1_000_000, Math.floor((missing * 1_000_000) / toCome));
}

/**
 * Needs weigh as much as a dwelling of gap while so many vacancies are still to come in the perimeter, and less and less
 * after: the year must end on what is due. Chosen on made-up years, see `bench/orientation.ts`.
 */
const settlingFrom = 40;

/** What the needs of a party add to its gap, in millionths of a dwelling, as long as the year allows. */
export function needValue(party: Party, calendar: Calendar): number {
  const toCome = Math.floor((party.freed * (calendar.length - calendar.passed)) / calendar.passed);
  return Math.floor((needOf(party, calendar) * Math.min(toCome, settlingFrom)) / settlingFrom);
}

/** What serving a party is worth, in millionths: its gap up to one dwelling, and its needs. */
const worthOf = (party: Party, calendar: Calendar): number =>
  Math.min(1_000_000, Math.floor(-gapOf(party) / 1_000)) + needValue(party, calendar);

/** Who is served with a dwelling, of those it may go to. O(parties), and the vacancies until the smallest is due. */
export function whoseTurn(parties: readonly Party[], calendar: Calendar): Turn {
  const waits = parties.map((party) => (party.share === 0 ? null : deadlineOf(party, 1)));
  const open = parties.filter((party) => party.open);
  const limit = tightest(open, calendar.waiting);
  const standings = parties.map((party, index): Standing => {
    if (!party.open) return 'closed';
    if (gapOf(party) >= 0) return 'ahead';
    return waits[index]! <= limit ? 'eligible' : 'can-wait';
  });
  const eligible = parties.filter((_party, index) => standings[index] === 'eligible');
  const place = (party: Party) => parties.indexOf(party);
  if (eligible.length === 0) {
    const latest = largest(open, (party) => -gapOf(party));
    return { first: place(latest), standings, waits, because: gapOf(latest) < 0 ? 'deficit' : 'least-ahead' };
  }
  const first = largest(eligible, (party) => worthOf(party, calendar));
  const asLate = eligible.filter((party) => gapOf(party) <= gapOf(first));
  const worth = worthOf(first, calendar);
  const passed = eligible.some(
    (party) => !party.favoured && gapOf(party) === gapOf(first) && worthOf(party, calendar) === worth,
  );
  const decided =
    first.favoured && passed ? 'stake' : asLate.length > 1 && needOf(first, calendar) > 0 ? 'need' : 'deficit';
  return { first: place(first), standings, waits, because: eligible.length === 1 ? 'only-one' : decided };
}

/**
 * Ties go to the larger deficit, then to those the objectives lean to, then to the larger share, then to the older
 * agreement: the order in which parties are given is never felt.
 */
function largest(parties: readonly Party[], by: (party: Party) => number): Party {
  return parties.reduce((best, party) => {
    const more =
      by(party) - by(best) ||
      gapOf(best) - gapOf(party) ||
      Number(party.favoured ?? false) - Number(best.favoured ?? false) ||
      party.share - best.share;
    return more > 0 || (more === 0 && party.id < best.id) ? party : best;
  });
}
