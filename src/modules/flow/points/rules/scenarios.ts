import { decimal, exact } from '../../../../kernel/money.ts';
import type { Explained } from '../../../../kernel/rule.ts';
import { type Phase, wholeYear } from './phases.ts';
import { type PointEvent, type Points, pointsOf, tallyOf } from './points.ts';

/** What one may choose in the simulator; hundredths, so that a slider has whole steps. */
export type Choice = {
  wp: number;
  cap: number;
  capScope: Phase['capScope'];
  basis: Phase['basis'];
};

export type ScenarioName = 'in-force' | 'variant-a' | 'variant-b' | 'equal' | 'mixed' | 'chosen';

const hundredths = (n: number): string => decimal(exact(n).div(100), 2);

/**
 * What ways of counting would have given an agreement on the same events: the rules in force, each variant, equal
 * weights, 0.3 and 0.7, and what one chooses. By the very rule that counts.
 */
export function scenariosOf(
  facts: { year: number; due: string; events: readonly PointEvent[]; inForce: readonly Phase[] },
  choice: Choice,
): { name: ScenarioName; points: Explained<Points> }[] {
  const { year, due, events, inForce } = facts;
  const { basis, capScope } = choice;
  const capRatio = hundredths(choice.cap);
  const mixed = (wp: number) =>
    wholeYear(year, {
      mode: 'mixed',
      wp: hundredths(wp),
      wa: hundredths(100 - wp),
      capRatio,
      capScope,
      basis,
    });
  const ways: [ScenarioName, readonly Phase[]][] = [
    ['in-force', inForce],
    ['variant-a', wholeYear(year, { mode: 'proposals', basis })],
    ['variant-b', wholeYear(year, { mode: 'attributions', basis })],
    ['equal', mixed(50)],
    ['mixed', mixed(30)],
    ['chosen', mixed(choice.wp)],
  ];
  return ways.map(([name, phases]) => ({ name, points: pointsOf(tallyOf(events, phases, year), phases, due) }));
}

/** Beyond how many proposals for one attribution the cap binds: cap × wa ÷ wp, two decimals; null when it never does. */
export const bindsBeyond = ({ wp, cap }: Choice): string | null =>
  wp === 0
    ? null
    : decimal(
        exact(cap)
          .div(100)
          .mul(100 - wp)
          .div(wp),
        2,
      );
