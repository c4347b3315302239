import type { LocalDate } from './local-date.ts';

/**
 * How an amount, a rank or a refusal was obtained. Every rule returns its steps; a screen shows them under
 * « Pourquoi ? », a letter prints them, an appeal quotes them. Steps carry no words: labels and formulas are message
 * keys (`steps.<label>`), so that each reader gets them in his or her language.
 */
export type Step = {
  /** Message key below `steps.`; its sentence may use the inputs by name. */
  label: string;
  inputs?: Record<string, Quantity>;
  /** The computation, with inputs by name: `rent * days / daysInMonth`. Absent when the step is a finding. */
  formula?: string;
  result?: Quantity;
  source?: Source;
};

/** A value with its unit: an amount in cents never looks like a number of days. */
export type Quantity =
  | { unit: 'cents'; value: number }
  | { unit: 'days' | 'months' | 'years' | 'count' | 'persons' | 'bedrooms'; value: number }
  /** Exact decimal text, for shares and deficits. */
  | { unit: 'number' | 'rate'; value: string }
  | { unit: 'day'; value: LocalDate }
  | { unit: 'text'; value: string }
  /** A message key below `values.` */
  | { unit: 'word'; value: string }
  | { unit: 'yes-no'; value: boolean };

/** Where a rule or a value comes from, and how far it can be trusted. */
export type Source = {
  title: string;
  article?: string;
  url?: string;
  /**
   * `verified`: read in an official text. `secondary`: read in a named secondary source. `unverified`: from practice,
   * an estimate or memory; shown with a tag, never presented as law. `policy`: the organisation's own choice.
   */
  confidence: 'verified' | 'secondary' | 'unverified' | 'policy';
};

export const amount = (value: number): Quantity => ({ unit: 'cents', value });
export const days = (value: number): Quantity => ({ unit: 'days', value });
export const count = (value: number): Quantity => ({ unit: 'count', value });
export const date = (value: LocalDate): Quantity => ({ unit: 'day', value });
export const text = (value: string): Quantity => ({ unit: 'text', value });
export const word = (value: string): Quantity => ({ unit: 'word', value });
export const number = (value: string): Quantity => ({ unit: 'number', value });
export const rate = (value: string): Quantity => ({ unit: 'rate', value });
export const yesNo = (value: boolean): Quantity => ({ unit: 'yes-no', value });
