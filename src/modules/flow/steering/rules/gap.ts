import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, number, rate, type Step } from '../../../../kernel/steps.ts';
import { law, policy } from '../../../../regulation/sources.ts';

/** Vacancies that gave rights at one share: an agreement has as many parts as its share has had values. */
export const duePart = z.object({ share: z.string(), freed: z.number().int() });
export type DuePart = z.output<typeof duePart>;

export const gapInput = z.object({
  parts: z.array(duePart),
  proposed: z.number().int(),
  /** Dwellings on each side of what is due within which nothing is amiss. */
  tolerance: z.number().min(0),
});

export const gapLevels = ['far-behind', 'behind', 'within', 'ahead', 'far-ahead'] as const;
export type GapLevel = (typeof gapLevels)[number];

/** So many times the tolerance is far. */
const far = 3;

/** Exact sum of share × vacancies: dwellings, never rounded before it is shown. */
const dueOf = (parts: readonly DuePart[]) =>
  parts.reduce((sum, { share, freed }) => sum.add(exact(share).mul(freed)), exact(0));

/** What is due for vacancies freed at given shares: Σ share × vacancies, to two decimals, halves up. */
export const dueFor = (parts: readonly DuePart[]): string => decimal(dueOf(parts), 2);

/**
 * How far proposals are from what is due, in dwellings: proposed − Σ share × vacancies. Within the tolerance on either
 * side nothing is amiss; three tolerances away is far. The comparison is exact; due and gap are shown to two decimals,
 * halves up. Source: due, CCH R441-5 and flux-fr § 3.1; tolerance, the landlord's setting.
 */
export function gapOf(
  input: z.output<typeof gapInput>,
): Explained<{ due: string; gap: string; level: GapLevel; isOff: boolean }> {
  const due = dueOf(input.parts);
  const gap = exact(input.proposed).sub(due);
  const distance = gap.abs();
  const isOff = distance.compare(exact(input.tolerance)) > 0;
  const isFar = distance.compare(exact(input.tolerance).mul(far)) > 0;
  const behind = gap.compare(0) < 0;
  const level: GapLevel = !isOff
    ? 'within'
    : behind
      ? isFar
        ? 'far-behind'
        : 'behind'
      : isFar
        ? 'far-ahead'
        : 'ahead';
  const steps: Step[] = [
    ...input.parts.map(
      ({ share, freed }): Step => ({
        label: 'gap.part',
        inputs: { freed: count(freed), share: rate(share) },
        formula: 'freed × share',
        result: number(decimal(exact(share).mul(freed), 2)),
        source: law('Code de la construction et de l’habitation', 'R441-5 I'),
      }),
    ),
    { label: 'gap.due', result: number(decimal(due, 2)) },
    { label: 'gap.proposed', result: count(input.proposed) },
    {
      label: 'gap.gap',
      inputs: { proposed: count(input.proposed), due: number(decimal(due, 2)) },
      formula: 'proposed − due',
      result: number(decimal(gap, 2)),
    },
    {
      label: 'gap.tolerance',
      result: number(String(input.tolerance)),
      source: policy('Réglage du bailleur : bande de tolérance'),
    },
  ];
  return { result: { due: decimal(due, 2), gap: decimal(gap, 2), level, isOff }, steps };
}

export const gapRule = defineRule({
  name: 'flow.gap',
  summary: 'How far the proposals are from what is due to a reservation holder, and whether it leaves the tolerance',
  input: gapInput,
  compute: gapOf,
});
