import { z } from 'zod';
import { notFound } from '../../kernel/problem.ts';
import type { AnyRule, Explained } from '../../kernel/rule.ts';
import { modules } from '../modules.ts';

/** Every rule of the program, by name. */
export const rules: ReadonlyMap<string, AnyRule> = new Map(
  modules
    .flatMap((module) => module.rules ?? [])
    .map((rule): [string, AnyRule] => [rule.name, rule])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

export type DescribedRule = { name: string; summary: string; input: Record<string, unknown> };

/** The rules one may compute, with the JSON schema of what each wants to know. */
export const describeRules = (): DescribedRule[] =>
  [...rules.values()].map(({ name, summary, input }) => {
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
    return { name, summary, input: schema };
  });

/**
 * Computes a rule on an input from outside.
 * @throws Problem E-RULE-01 no such rule; the rule's own refusals
 * @throws ZodError naming the fields of the input that are wrong
 * @throws NotInForce when the law of the day asked is not known
 */
export function computeRule(name: string, input: unknown): Explained<unknown> {
  const rule = rules.get(name);
  if (!rule) throw notFound('E-RULE-01', { rule: name });
  return rule.compute(rule.input.parse(input));
}
