import type { LocalDate } from '../../../../kernel/local-date.ts';
import type { Explained } from '../../../../kernel/rule.ts';
import { date, type Source, type Step, text, word } from '../../../../kernel/steps.ts';
import { law, unverified } from '../../../../regulation/sources.ts';
import { type BaseClass, optionalCategories } from './categories.ts';

/** The facts of a dwelling that rules look at. */
export type DwellingFacts = {
  buildingId: string;
  municipalityCode: string;
  funding: string | null;
  management: string;
  programme: string;
  inPriorityArea: boolean;
  /** The day it entered the stock: of a new programme, its first letting. */
  enteredOn: LocalDate;
};

/** What a rule covers: every condition told must hold; a list that is not told covers all. */
export type BaseCondition = {
  buildingIds: readonly string[] | null;
  municipalityCodes: readonly string[] | null;
  fundings: readonly string[] | null;
  managements: readonly string[] | null;
  programmes: readonly string[] | null;
  enteredFrom: LocalDate | null;
  enteredUntil: LocalDate | null;
  inPriorityArea: boolean | null;
};

export type BaseRule = BaseCondition & {
  id: string;
  position: number;
  name: string;
  baseClass: BaseClass;
  document: string | null;
  reason: string;
  startsOn: LocalDate;
  endsOn: LocalDate | null;
};

export type BaseChoice = {
  id: string;
  /** Null: given back to the rules. */
  baseClass: BaseClass | null;
  document: string | null;
  reason: string;
  startsOn: LocalDate;
  endsOn: LocalDate | null;
};

export type ClassedDwelling = {
  baseClass: BaseClass;
  /** What decided: a choice by hand, a rule, stock management, or nothing at all: the base is where all dwellings are. */
  by: 'choice' | 'rule' | 'management' | 'default';
  id: string | null;
};

const article = law('Code de la construction et de l’habitation', 'R441-5');
const health = law('Code de la construction et de l’habitation', 'L441-1, R441-5');
const firstLettings = unverified('Restitution de la concertation, DRIHL, 27 janvier 2021', 'Th. 3-3');

/** How far the reason of a class can be trusted: an article of the law, or the choice of the organisation. */
export function sourceOfClass(baseClass: BaseClass): Source {
  if (baseClass === 'retained-stock') return health;
  if (baseClass === 'first-letting') return firstLettings;
  if ((optionalCategories as readonly string[]).includes(baseClass))
    return unverified('Atelier 3, DRIHL, 8 octobre 2020', '§ 1-2');
  return article;
}

/** Whether a rule covers a dwelling, whatever the day. */
export function covers(condition: BaseCondition, facts: DwellingFacts): boolean {
  const among = (list: readonly string[] | null, value: string | null) =>
    list === null || (value !== null && list.includes(value));
  return (
    among(condition.buildingIds, facts.buildingId) &&
    among(condition.municipalityCodes, facts.municipalityCode) &&
    among(condition.fundings, facts.funding) &&
    among(condition.managements, facts.management) &&
    among(condition.programmes, facts.programme) &&
    (condition.enteredFrom === null || facts.enteredOn >= condition.enteredFrom) &&
    (condition.enteredUntil === null || facts.enteredOn <= condition.enteredUntil) &&
    (condition.inPriorityArea === null || facts.inPriorityArea === condition.inPriorityArea)
  );
}

const runs = ({ startsOn, endsOn }: { startsOn: LocalDate; endsOn: LocalDate | null }, on: LocalDate): boolean =>
  startsOn <= on && (endsOn === null || endsOn >= on);

/**
 * The class of a dwelling on a day. The last choice made by hand that runs that day holds; without one, the first rule, in
 * their order, that covers the dwelling; without one, dwellings managed in stock are retained (L-04) and all others are in
 * the base (L-10). A rule of first lettings no longer holds once the dwelling was left for the first time (L-71).
 * The same is done for the whole stock in SQL (`effectiveClasses`); a test compares the two.
 * @param choices as decided, the oldest first
 */
export function classOnDay(input: {
  facts: DwellingFacts;
  rules: readonly BaseRule[];
  choices: readonly BaseChoice[];
  firstReleasedOn: LocalDate | null;
  on: LocalDate;
}): Explained<ClassedDwelling> {
  const { facts, on, firstReleasedOn } = input;
  const steps: Step[] = [{ label: 'base.on', result: date(on) }];
  const choice = input.choices.findLast((candidate) => runs(candidate, on));
  if (choice?.baseClass) {
    return classed(choice.baseClass, 'choice', choice.id, [
      ...steps,
      { label: 'base.by-hand', result: text(choice.reason) },
      ...documentStep(choice.document),
    ]);
  }
  const released = firstReleasedOn !== null && firstReleasedOn <= on;
  if (released) steps.push({ label: 'base.first-released', result: date(firstReleasedOn) });
  const rule = input.rules
    .toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
    .find(
      (candidate) =>
        runs(candidate, on) && !(released && candidate.baseClass === 'first-letting') && covers(candidate, facts),
    );
  if (rule) {
    return classed(rule.baseClass, 'rule', rule.id, [
      ...steps,
      { label: 'base.rule', result: text(rule.name) },
      { label: 'base.reason', result: text(rule.reason) },
      ...documentStep(rule.document),
    ]);
  }
  return facts.management === 'stock'
    ? classed('retained-stock', 'management', null, [...steps, { label: 'base.managed-in-stock' }])
    : classed('in-base', 'default', null, [...steps, { label: 'base.no-rule' }]);
}

const documentStep = (document: string | null): Step[] =>
  document ? [{ label: 'base.document', result: text(document) }] : [];

const classed = (
  baseClass: BaseClass,
  by: ClassedDwelling['by'],
  id: string | null,
  steps: Step[],
): Explained<ClassedDwelling> => ({
  result: { baseClass, by, id },
  steps: [...steps, { label: 'base.class', result: word(`base-class.${baseClass}`), source: sourceOfClass(baseClass) }],
});
