import type { LocalDate } from './local-date.ts';
import { addYears } from './local-date.ts';
import type { Source } from './steps.ts';

/**
 * A value of the law that changes with time: a table of values by the day they take effect, each with its source.
 * Looking up never guesses: before the first day there is no answer, and an answer far from the last check says so.
 */
export type Dated<Value> = {
  subject: string;
  unit: string;
  /** The day someone last compared the table with its sources. */
  checkedOn: LocalDate;
  values: readonly DatedValue<Value>[];
};

export type DatedValue<Value> = {
  from: LocalDate;
  /** Last day of effect, when the value ends without a successor being known. */
  until?: LocalDate;
  value: Value;
  source: Source;
};

export type InForce<Value> = {
  value: Value;
  from: LocalDate;
  source: Source;
  /** More than a year has passed since the last check: answers still, but batches refuse it. */
  unchecked: boolean;
};

/** No value is recorded for that day. */
export class NotInForce extends Error {
  readonly subject: string;
  readonly on: LocalDate;
  constructor(subject: string, on: LocalDate) {
    super(`${subject}: no value recorded for ${on}`);
    this.name = 'NotInForce';
    this.subject = subject;
    this.on = on;
  }
}

/** @throws Error when the table is empty or out of order: a table of the law must read from old to new. */
export function dated<Value>(table: Dated<Value>): Dated<Value> {
  if (table.values.length === 0) throw new Error(`${table.subject}: a dated table needs at least one value`);
  for (const [index, entry] of table.values.entries()) {
    const next = table.values[index + 1];
    if (next && next.from <= entry.from)
      throw new Error(`${table.subject}: ${next.from} does not follow ${entry.from}`);
    if (entry.until && next && entry.until >= next.from) throw new Error(`${table.subject}: ${entry.from} overlaps`);
  }
  return table;
}

/** @throws NotInForce before the first day of the table, and between a value's `until` and the next value. */
export function inForce<Value>(table: Dated<Value>, on: LocalDate): InForce<Value> {
  const entry = table.values.findLast((candidate) => candidate.from <= on);
  if (!entry || (entry.until && entry.until < on)) throw new NotInForce(table.subject, on);
  return {
    value: entry.value,
    from: entry.from,
    source: entry.source,
    unchecked: on > addYears(table.checkedOn, 1),
  };
}
