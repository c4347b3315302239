import { z } from 'zod';
import { decimal, exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, number, type Step } from '../../../../kernel/steps.ts';
import { policy } from '../../../../regulation/sources.ts';
import { type Arc, leastCostFlow } from './least-cost-flow.ts';
import { calendarOf, partySchema } from './suggestion.ts';
import { type Calendar, gapOf, needValue, type Party, whole, whoseTurn } from './turn.ts';

/** What is counted together: an agreement in a municipality or a département, the own contingent of a département. */
const cell = partySchema.pick({ scale: true, share: true, freed: true, due: true, proposed: true }).extend({
  /** Identifier of the agreement, or `own`, and the place: `018f…@93066`. */
  id: z.string(),
  party: z.string(),
});
const target = z.object({ id: z.string(), target: z.number().int().min(0), served: z.number().int().min(0) });

export const planInput = z.object({
  cells: z.array(cell).max(5_000),
  targets: z.array(target).max(5_000).default([]),
  /** The vacancies, in the order in which they would be oriented one by one. */
  vacancies: z
    .array(
      z.object({
        id: z.string(),
        /** Where it may go, and the targets it would serve there. */
        options: z.array(z.object({ cell: z.string(), targets: z.array(z.string()).default([]) })),
      }),
    )
    .max(500),
  on: localDate,
});
type PlanInput = z.output<typeof planInput>;

export type Plan = {
  choices: { vacancy: string; together: string; oneByOne: string }[];
  cells: { id: string; party: string; due: string; gapBefore: string; gapTogether: string; gapOneByOne: string }[];
  /** Sum over cells of |gap|, and vacancies that serve a target still behind. */
  together: { gaps: string; serving: number };
  oneByOne: { gaps: string; serving: number };
  before: { gaps: string };
};

/**
 * Orients vacancies all at once. The whole-number programme « least sum of squared gaps, a need served counting as much as
 * it does one by one » is solved exactly, as a flow: the cost of one more dwelling to a party only grows. Beside it, what
 * following the suggestions one by one would give. Nothing is decided here.
 * Rounding: none in the comparison; two decimals where shown. Needs are taken as they stand before the plan.
 * @throws Problem E-ORIENTATION-01 when a vacancy may go nowhere
 */
export function planOrientations(input: PlanInput): Explained<Plan> {
  if (input.vacancies.some(({ options }) => options.length === 0)) throw refused('E-ORIENTATION-01');
  const { vacancies } = input;
  const calendar = calendarOf({ on: input.on });
  const together = allAtOnce(input, calendar);
  const oneByOne = following(input, calendar);
  const cells = input.cells.map((given) => {
    const due = given.due ? exact(given.due) : exact(given.share).mul(given.freed);
    const gap = exact(given.proposed).sub(due);
    const got = (choices: readonly string[]) => gap.add(choices.filter((choice) => choice === given.id).length);
    return { id: given.id, party: given.party, due, gap, together: got(together), oneByOne: got(oneByOne) };
  });
  const sum = (of: 'gap' | 'together' | 'oneByOne') =>
    decimal(
      cells.reduce((all, one) => all.add(one[of].abs()), exact(0)),
      2,
    );
  const result: Plan = {
    choices: vacancies.map(({ id }, index) => ({
      vacancy: id,
      together: together[index]!,
      oneByOne: oneByOne[index]!,
    })),
    cells: cells.map((one) => ({
      id: one.id,
      party: one.party,
      due: decimal(one.due, 2),
      gapBefore: decimal(one.gap, 2),
      gapTogether: decimal(one.together, 2),
      gapOneByOne: decimal(one.oneByOne, 2),
    })),
    together: { gaps: sum('together'), serving: servingIn(input, together) },
    oneByOne: { gaps: sum('oneByOne'), serving: servingIn(input, oneByOne) },
    before: { gaps: sum('gap') },
  };
  return { result, steps: stepsOf(result) };
}

function allAtOnce(input: PlanInput, calendar: Calendar): string[] {
  const { cells, vacancies } = input;
  const parties = partiesOf(input);
  const place = new Map(cells.map(({ id }, index) => [id, index]));
  const [source, sink, firstVacancy] = [0, 1, 2];
  const firstCell = firstVacancy + vacancies.length;
  const arcs: Arc[] = [];
  const chosen: { arc: number; vacancy: number; cell: string }[] = [];
  const wanted = cells.map(() => 0);
  for (const [index, { options }] of vacancies.entries()) {
    arcs.push({ from: source, to: firstVacancy + index, capacity: 1, cost: 0 });
    for (const option of options) {
      const at = place.get(option.cell)!;
      wanted[at]! += 1;
      chosen.push({ arc: arcs.length, vacancy: index, cell: option.cell });
      const worth = needValue(parties.of(option), calendar);
      // A gap g made g + 1 costs 2g + 1 more: to be worth as much as a gap of w, a need takes 2w off.
      arcs.push({ from: firstVacancy + index, to: firstCell + at, capacity: 1, cost: -2 * worth });
    }
  }
  for (const [index, given] of cells.entries()) {
    const gap = Math.round(gapOf(parties.of({ cell: given.id, targets: [] })) / 1_000);
    for (let nth = 0; nth < wanted[index]!; nth++)
      arcs.push({ from: firstCell + index, to: sink, capacity: 1, cost: 2 * (gap + nth * 1_000_000) + 1_000_000 });
  }
  const { flow } = leastCostFlow(firstCell + cells.length, arcs, source, sink);
  const choices = new Array<string>(vacancies.length);
  for (const { arc, vacancy, cell: id } of chosen) if (flow[arc] === 1) choices[vacancy] = id;
  return choices;
}

/** What the suggestions give, each followed before the next is asked. */
function following(input: PlanInput, calendar: Calendar): string[] {
  const parties = partiesOf(input);
  return input.vacancies.map(({ options }, index) => {
    const turn = whoseTurn(
      options.map((option) => parties.of(option)),
      { ...calendar, waiting: waitingBeside(input.vacancies.slice(index), options) },
    );
    const choice = options[turn.first]!;
    parties.serve(choice);
    return choice.cell;
  });
}

/** The vacancies still to orient that may go where this one may: those of its département. */
function waitingBeside(left: PlanInput['vacancies'], options: PlanInput['vacancies'][number]['options']): number {
  const last = options.at(-1)!.cell;
  return left.filter((other) => other.options.some((option) => option.cell === last)).length;
}

function servingIn({ vacancies, targets }: PlanInput, choices: readonly string[]): number {
  const behind = new Map(targets.map(({ id, target, served }) => [id, target - served]));
  return vacancies.filter(({ options }, index) => {
    const serves = options.find((option) => option.cell === choices[index])!.targets;
    const counts = serves.filter((id) => (behind.get(id) ?? 0) > 0);
    for (const id of counts) behind.set(id, behind.get(id)! - 1);
    return counts.length > 0;
  }).length;
}

/** The counters as they stand, and as they become. */
function partiesOf({ cells, targets }: PlanInput) {
  const known = new Map(cells.map((given) => [given.id, { ...given }]));
  const needs = new Map(targets.map((given) => [given.id, { ...given }]));
  type Option = PlanInput['vacancies'][number]['options'][number];
  return {
    of(option: Option): Party {
      const given = known.get(option.cell)!;
      const share = exact(given.share).mul(whole);
      return {
        id: given.id,
        share: Number(share.valueOf()),
        freed: given.freed,
        due: Number((given.due ? exact(given.due).mul(whole) : share.mul(given.freed)).valueOf()),
        proposed: given.proposed,
        needs: option.targets.map((id) => needs.get(id)!),
        open: true,
      };
    },
    serve(option: Option): void {
      known.get(option.cell)!.proposed += 1;
      for (const id of option.targets) needs.get(id)!.served += 1;
    },
  };
}

function stepsOf({ choices, before, together, oneByOne }: Plan): Step[] {
  return [
    { label: 'orientation-plan.vacancies', result: count(choices.length) },
    { label: 'orientation-plan.before', result: number(before.gaps) },
    {
      label: 'orientation-plan.one-by-one',
      inputs: { serving: count(oneByOne.serving) },
      result: number(oneByOne.gaps),
    },
    {
      label: 'orientation-plan.together',
      inputs: { serving: count(together.serving) },
      result: number(together.gaps),
      source: policy('Programme en nombres entiers : moindre somme des carrés des écarts, besoins compris'),
    },
  ];
}

export const planRule = defineRule({
  name: 'flow.orientation-plan',
  summary: 'Orients several freed dwellings at once, beside what the suggestions one by one would give',
  input: planInput,
  compute: planOrientations,
});
