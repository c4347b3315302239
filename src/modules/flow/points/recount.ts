import type Fraction from 'fraction.js';
import { decimal, exact } from '../../../kernel/money.ts';
import { perimetersOf } from '../agreements/rules/perimeter.ts';
import {
  JournalChain,
  type JournalEvent,
  JournalFault,
  type JournalFigures,
  type JournalFooter,
  type JournalHeader,
} from './journal-lines.ts';
import { AccountTallies, accountOf } from './rules/account.ts';
import { isUnproposed, type PointEvent } from './rules/points.ts';

export type Difference = { agreement: string; reference: string; what: string; told: string; counted: string };

export type Recount = {
  year: number;
  on: string;
  perimeter: string;
  events: number;
  vacancies: number;
  /** Hash of the last line: whoever has the same one has the same journal. */
  head: string;
  figures: (JournalFigures & { reference: string; holder: string; landlord: string })[];
  differences: Difference[];
  /** Leases of an agreement to which the dwelling was never proposed (E-RECOUNT-06): counted, and told. */
  unproposed: { agreement: string; reference: string; vacancy: string }[];
};

/**
 * Recounts a journal from its lines, without a database: vacancies, dues, counters and points of each agreement, then
 * compares with the figures at its end. Memory follows the number of agreements, not of events.
 * @throws JournalFault naming the first line that is altered (E-RECOUNT-01), missing (-02), the cut (-03), or that the
 *   file is no journal (-04)
 */
export async function recount(chunks: AsyncIterable<string> | Iterable<string>): Promise<Recount> {
  const chain = new JournalChain();
  let counter: Counter | undefined;
  let footer: JournalFooter | undefined;
  for await (const { text, isWhole } of linesOf(chunks)) {
    try {
      const content = chain.next(text);
      if ('palier' in content) counter = new Counter(content);
      else if ('end' in content) footer = content;
      else counter!.add(content);
    } catch (error) {
      // The last line, without its end: the file was cut there.
      if (!isWhole && chain.line > 0 && error instanceof JournalFault)
        throw new JournalFault('E-RECOUNT-03', error.line);
      throw error;
    }
  }
  if (!counter) throw new JournalFault('E-RECOUNT-04', 1);
  if (!footer) throw new JournalFault('E-RECOUNT-03', chain.line + 1);
  return counter.finish(footer, chain.head);
}

async function* linesOf(chunks: AsyncIterable<string> | Iterable<string>) {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const text of lines) yield { text, isWhole: true };
  }
  if (rest !== '') yield { text: rest, isWhole: false };
}

type Counted = {
  freed: number;
  due: Fraction;
  proposed: number;
  attributed: number;
  leased: number;
  tallies: AccountTallies;
};

const counters: Record<string, ['proposed' | 'attributed' | 'leased', number] | undefined> = {
  proposed: ['proposed', 1],
  withdrawn: ['proposed', -1],
  attributed: ['attributed', 1],
  unattributed: ['attributed', -1],
  leased: ['leased', 1],
  unleased: ['leased', -1],
};

/** Counts a journal: the events of one vacancy are gathered, counted and forgotten. */
class Counter {
  readonly #header: JournalHeader;
  readonly #year: string;
  readonly #agreements = new Map<string, Counted>();
  readonly #byPlace: Map<string, JournalHeader['agreements']>;
  readonly #isClosed = new Set<string>();
  #vacancy: JournalEvent[] = [];
  #vacancies = 0;
  #events = 0;
  readonly #unproposed: { agreement: string; vacancy: string }[] = [];

  constructor(header: JournalHeader) {
    this.#header = header;
    this.#year = String(header.year);
    this.#byPlace = Map.groupBy(header.agreements, placeOf);
    for (const { id, startsOn, adopted, closed } of header.agreements) {
      if (closed.some(({ year }) => year === header.year)) this.#isClosed.add(id);
      this.#agreements.set(id, {
        freed: 0,
        due: exact(0),
        proposed: 0,
        attributed: 0,
        leased: 0,
        tallies: new AccountTallies({ year: header.year, startsOn, adopted, closed }),
      });
    }
  }

  add(event: JournalEvent): void {
    const [first] = this.#vacancy;
    if (first && first.vacancy !== event.vacancy) this.#count();
    this.#vacancy.push(event);
    this.#events += 1;
  }

  #count(): void {
    this.#vacancies += 1;
    const events = this.#vacancy;
    this.#vacancy = [];
    for (const event of events) {
      if (event.kind === 'freed' || event.kind === 'unfreed') this.#countFreed(event, events);
      else if (event.agreement) this.#countKind(event, event.agreement);
    }
    const byAgreement = Map.groupBy(events, ({ agreement }) => agreement);
    for (const [id, group] of byAgreement) {
      if (id && this.#agreements.has(id) && isUnproposed(group.filter(isPointEvent)))
        this.#unproposed.push({ agreement: id, vacancy: group[0]!.vacancy });
      if (id) this.#agreements.get(id)?.tallies.add(group.filter(isPointEvent));
    }
  }

  #countFreed(event: JournalEvent, events: readonly JournalEvent[]): void {
    if (!event.on.startsWith(this.#year)) return;
    const sign = event.kind === 'freed' ? 1 : -1;
    // What is taken back takes back the share of the day it was freed.
    const on = sign > 0 ? event.on : lastFreed(events, event.on);
    for (const place of perimetersOf(event)) {
      for (const agreement of this.#byPlace.get(`${event.landlord} ${place}`) ?? []) {
        if (event.late && this.#isClosed.has(agreement.id)) continue;
        const period = agreement.shares.find(({ from, until }) => from <= on && (until === null || until >= on));
        const counted = period && this.#agreements.get(agreement.id)!;
        if (!counted) continue;
        counted.freed += sign;
        counted.due = counted.due.add(exact(period.share).mul(sign));
      }
    }
  }

  #countKind(event: JournalEvent, agreement: string): void {
    const counter = counters[event.kind];
    const counted = this.#agreements.get(agreement);
    // What was received by exchange is counted once, for who gave it.
    if (!counter || !counted || event.exchange === 'receiver' || !event.on.startsWith(this.#year)) return;
    if (event.late && this.#isClosed.has(agreement)) return;
    counted[counter[0]] += counter[1];
  }

  finish(footer: JournalFooter, head: string): Recount {
    if (this.#vacancy.length > 0) this.#count();
    const { year, on, perimeter, agreements } = this.#header;
    const figures = agreements.map(({ id, reference, holder, landlord, startsOn, adopted, closed }) => {
      const counted = this.#agreements.get(id)!;
      const account = accountOf({
        year,
        due: decimal(counted.due, 6),
        startsOn,
        adopted,
        closed,
        ...counted.tallies.rows(),
      });
      const { points } = account;
      return {
        agreement: id,
        reference,
        holder,
        landlord,
        freed: counted.freed,
        // Shares have at most six decimals: sums of them are exact as decimal text.
        due: decimal(counted.due, 6),
        proposed: counted.proposed,
        attributed: counted.attributed,
        leased: counted.leased,
        points: {
          proposed: points.proposed,
          attributed: points.attributed,
          counted: points.counted,
          pending: points.pending,
          total: account.total,
          attainment: account.attainment,
        },
      };
    });
    const told = new Map(footer.figures.map((entry) => [entry.agreement, entry]));
    const differences = figures.flatMap((counted) => differencesOf(counted, told.get(counted.agreement)));
    if (footer.events !== this.#events)
      differences.push({
        agreement: '',
        reference: '',
        what: 'events',
        told: String(footer.events),
        counted: String(this.#events),
      });
    return {
      year,
      on,
      perimeter: perimeter.name,
      events: this.#events,
      vacancies: this.#vacancies,
      head,
      figures,
      differences,
      unproposed: this.#unproposed.map((one) => ({
        ...one,
        reference: agreements.find(({ id }) => id === one.agreement)!.reference,
      })),
    };
  }
}

const placeOf = ({ landlordId, perimeterCode }: { landlordId: string; perimeterCode: string }): string =>
  `${landlordId} ${perimeterCode}`;

const isPointEvent = (event: JournalEvent): event is JournalEvent & PointEvent =>
  event.kind !== 'freed' && event.kind !== 'unfreed';

const lastFreed = (events: readonly JournalEvent[], until: string): string =>
  events
    .filter(({ kind, on }) => kind === 'freed' && on <= until)
    .map(({ on }) => on)
    .toSorted()
    .at(-1) ?? until;

function differencesOf(counted: Recount['figures'][number], told: JournalFigures | undefined): Difference[] {
  const flat = (figures: JournalFigures): Record<string, string> => ({
    freed: String(figures.freed),
    due: decimal(exact(figures.due), 6),
    proposed: String(figures.proposed),
    attributed: String(figures.attributed),
    leased: String(figures.leased),
    ...Object.fromEntries(Object.entries(figures.points).map(([name, value]) => [`points.${name}`, value ?? '–'])),
  });
  const theirs = told ? flat(told) : {};
  return Object.entries(flat(counted))
    .filter(([what, value]) => theirs[what] !== value)
    .map(([what, value]) => ({
      agreement: counted.agreement,
      reference: counted.reference,
      what,
      told: theirs[what] ?? '–',
      counted: value,
    }));
}
