import type { z } from 'zod';
import type { Step } from './steps.ts';

/**
 * A rule of the trade: a pure function of plain data, which anyone may call (`npx palier compute <name>`,
 * `/api/v1/compute/<name>`) and which answers how it came to its result. The law is imported; the organisation's policy
 * and the day are given.
 */
export type Rule<Input extends z.ZodType = z.ZodType, Result = unknown> = {
  /** `module.noun`: `tenancies.notice-period`. */
  name: string;
  summary: string;
  input: Input;
  compute(input: z.output<Input>): Explained<Result>;
};

/** A result with the way it was obtained. */
export type Explained<Result> = { result: Result; steps: Step[] };

export const defineRule = <Input extends z.ZodType, Result>(rule: Rule<Input, Result>): Rule<Input, Result> => rule;

// biome-ignore lint/suspicious/noExplicitAny: a rule of any input and result
export type AnyRule = Rule<any, any>;
