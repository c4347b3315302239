import { z } from 'zod';
import { decimal, exact } from '../../../kernel/money.ts';
import { refused } from '../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { count, number, rate, type Step, text } from '../../../kernel/steps.ts';
import { law, policy } from '../../../regulation/sources.ts';

/** Exact decimal text between 0 and 1, such as a share kept in `numeric`. */
const share = z.string().regex(/^[01](\.\d+)?$/);

export const partySchema = z.object({
  /** Identifier of the agreement; `own` for the landlord's own contingent. */
  id: z.string(),
  name: z.string(),
  scale: z.enum(['municipality', 'department', 'landlord']),
  share,
  /** Vacancies of the base in its perimeter since 1 January, this one included. */
  freed: z.number().int().min(0),
  /** Dwellings proposed to it in its perimeter since 1 January. */
  proposed: z.number().int().min(0),
  /** Indicative needs this dwelling would serve, in words. */
  needs: z
    .array(z.object({ criterion: z.string(), value: z.string(), target: z.number(), served: z.number() }))
    .default([]),
});

export const orientationInput = z.object({ parties: z.array(partySchema) });

export type Alternative = {
  id: string;
  name: string;
  scale: 'municipality' | 'department' | 'landlord';
  /** Dwellings due to date, exact to two decimals for display. */
  due: string;
  proposed: number;
  /** Proposed − due, before and after this dwelling: negative when the party waits for dwellings. */
  gapBefore: string;
  gapAfter: string;
  needs: z.output<typeof partySchema>['needs'];
};

export type OrientationSuggestion = { suggested: string; alternatives: Alternative[] };

/**
 * Whom a freed dwelling should go to: the party furthest behind what its agreement gives it to date, due = share ×
 * vacancies of the base in its perimeter. Ties go to the larger share, then to the older agreement. Indicative needs
 * are shown and never decide (F-31, F-32); the landlord decides (F-50).
 * Rounding: none in the comparison; two decimals where shown.
 * @throws Problem E-ORIENTATION-01 when nobody may receive the dwelling
 */
export function suggestOrientation(input: z.output<typeof orientationInput>): Explained<OrientationSuggestion> {
  if (input.parties.length === 0) throw refused('E-ORIENTATION-01');
  const parties = input.parties.map((party) => {
    const due = exact(party.share).mul(party.freed);
    return { ...party, due, gap: exact(party.proposed).sub(due) };
  });
  const [first] = [...parties].sort(
    (a, b) => a.gap.compare(b.gap) || exact(b.share).compare(exact(a.share)) || (a.id < b.id ? -1 : 1),
  );
  const steps: Step[] = [
    { label: 'orientation.freed', inputs: { scale: text(first!.scale) }, result: count(first!.freed) },
    { label: 'orientation.share', result: rate(first!.share), source: policy('Convention de réservation') },
    {
      label: 'orientation.due',
      inputs: { freed: count(first!.freed), share: rate(first!.share) },
      formula: 'freed × share',
      result: number(decimal(first!.due, 2)),
    },
    { label: 'orientation.proposed', result: count(first!.proposed) },
    {
      label: 'orientation.gap',
      inputs: { proposed: count(first!.proposed), due: number(decimal(first!.due, 2)) },
      formula: 'proposed − due',
      result: number(decimal(first!.gap, 2)),
    },
    {
      label: 'orientation.largest-deficit',
      result: text(first!.name),
      source: law('Code de la construction et de l’habitation', 'R441-5'),
    },
  ];
  const alternatives = parties.map(({ id, name, scale, due, proposed, gap, needs }) => ({
    id,
    name,
    scale,
    due: decimal(due, 2),
    proposed,
    gapBefore: decimal(gap, 2),
    gapAfter: decimal(gap.add(1), 2),
    needs,
  }));
  return { result: { suggested: first!.id, alternatives }, steps };
}

export const orientationRule = defineRule({
  name: 'flow.orientation',
  summary:
    'To whom a freed dwelling should go: the party furthest behind its agreement, with the effect of each choice',
  input: orientationInput,
  compute: suggestOrientation,
});

/**
 * The part of a département's vacancies that no agreement has: agreements of municipalities weigh as much as the
 * vacancies of their own municipality. Nothing when they promise more than there is.
 * Rounding: six decimals, half up. Of a year without a vacancy yet: 0, nothing is due to anyone.
 */
export function ownShare({ freed, promised }: { freed: number; promised: string }): string {
  const left = exact(freed).sub(exact(promised));
  return freed === 0 || left.compare(0) < 0 ? '0' : decimal(left.div(freed), 6);
}

/**
 * What is left to the landlord's own contingent when every agreement has its share.
 * @throws Problem E-AGREEMENT-01 when the shares add up to more than the whole (L-29)
 */
export function remainingShare(shares: readonly string[]): string {
  const left = shares.reduce((rest, part) => rest.sub(exact(part)), exact(1));
  if (left.compare(0) < 0) throw refused('E-AGREEMENT-01', { total: decimal(exact(1).sub(left).mul(100), 2) });
  return decimal(left, 6);
}
