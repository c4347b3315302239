import { hash } from 'node:crypto';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { ClosedYear } from './rules/account.ts';
import type { AdoptedRule, Phase } from './rules/phases.ts';
import type { PointEvent, PointKind } from './rules/points.ts';

/**
 * The journal of a year as lines of JSON: a header, an event a line, vacancy by vacancy, a footer with the figures.
 * Every line ends with its hash: SHA-256 of the hash of the line before and of the line's own text without it.
 */

export type JournalHeader = {
  palier: 'flow-journal';
  version: 1;
  year: number;
  /** The day it was made: what came later is not in it. */
  on: string;
  perimeter: { id: string; name: string };
  agreements: JournalAgreement[];
};

/** What of an agreement its figures depend on. */
export type JournalAgreement = {
  id: string;
  landlord: string;
  holder: string;
  landlordId: string;
  reference: string;
  perimeterCode: string;
  startsOn: LocalDate;
  shares: { from: string; until: string | null; share: string }[];
  /** The phases of the year, for the reader; computed again from `adopted` and `closed`. */
  phases: Phase[];
  adopted: AdoptedRule[];
  closed: ClosedYear[];
};

/** Names are short: there are as many of them as events. */
export type JournalEvent = {
  landlord: string;
  vacancy: string;
  on: LocalDate;
  kind: PointKind | 'freed' | 'unfreed';
  agreement: string | null;
  department: string;
  municipality: string;
  territory: string | null;
  reason: string | null;
  exchange: PointEvent['exchange'];
  /** Counted after the closing of the year, or of the last closed one when it is open. */
  late: boolean;
};

/** Figures of an agreement, as the program shows them. */
export type JournalFigures = {
  agreement: string;
  freed: number;
  due: string;
  proposed: number;
  attributed: number;
  leased: number;
  points: {
    proposed: string;
    attributed: string;
    counted: string;
    pending: string;
    total: string;
    attainment: string | null;
  };
};

export type JournalFooter = { end: true; events: number; figures: JournalFigures[] };

const marked = /,"hash":"[0-9a-f]{64}"\}$/;
const markLength = ',"hash":""}'.length + 64;

/** Writes the lines of a journal, each chained to the one before. */
export class JournalWriter {
  #hash = '';
  #seq = 0;

  /** Events written so far; the header is line 0. */
  get events(): number {
    return this.#seq - 1;
  }

  line(content: JournalHeader | JournalEvent | JournalFooter): string {
    const text = JSON.stringify({ seq: this.#seq++, ...content });
    this.#hash = hash('sha256', this.#hash + text);
    return `${text.slice(0, -1)},"hash":"${this.#hash}"}\n`;
  }
}

export type FaultCode = 'E-RECOUNT-01' | 'E-RECOUNT-02' | 'E-RECOUNT-03' | 'E-RECOUNT-04';

/** The first line that does not hold: altered, missing, cut off, or not of a journal at all. */
export class JournalFault extends Error {
  readonly code: FaultCode;
  /** Line of the file, from 1. */
  readonly line: number;
  constructor(code: FaultCode, line: number) {
    super(`${code} at line ${line}`);
    this.name = 'JournalFault';
    this.code = code;
    this.line = line;
  }
}

/** Checks the chain of a journal, line after line. */
export class JournalChain {
  #hash = '';
  #seq = 0;
  #isOver = false;

  get head(): string {
    return this.#hash;
  }

  get line(): number {
    return this.#seq;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * The content of the next line.
   * @throws JournalFault E-RECOUNT-01 it is not the line that was written; E-RECOUNT-02 lines before it are missing;
   *   E-RECOUNT-04 the first line is no header of a journal
   */
  next(text: string): JournalHeader | JournalEvent | JournalFooter {
    const line = this.#seq + 1;
    const isFirst = this.#seq === 0;
    const content = marked.test(text) ? parsed(text) : undefined;
    if (isFirst && content?.palier !== 'flow-journal') throw new JournalFault('E-RECOUNT-04', 1);
    if (this.#isOver || !content) throw new JournalFault('E-RECOUNT-01', line);
    if (typeof content.seq === 'number' && content.seq > this.#seq) throw new JournalFault('E-RECOUNT-02', line);
    const expected = hash('sha256', `${this.#hash}${text.slice(0, -markLength)}}`);
    if (content.seq !== this.#seq || expected !== content.hash) throw new JournalFault('E-RECOUNT-01', line);
    this.#hash = expected;
    this.#seq += 1;
    this.#isOver = content.end === true;
    return content as never;
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
