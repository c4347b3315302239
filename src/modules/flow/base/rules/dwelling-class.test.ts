import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../../kernel/local-date.ts';
import { type BaseClass, baseClasses } from './categories.ts';
import { type BaseChoice, type BaseRule, classOnDay, type DwellingFacts } from './dwelling-class.ts';

const facts: DwellingFacts = {
  buildingId: 'b1',
  municipalityCode: '93048',
  funding: 'PLUS',
  management: 'flow',
  programme: 'ordinary',
  inPriorityArea: false,
  enteredOn: day('2026-06-01'),
};

const everywhere = {
  buildingIds: null,
  municipalityCodes: null,
  fundings: null,
  managements: null,
  programmes: null,
  enteredFrom: null,
  enteredUntil: null,
  inPriorityArea: null,
};

const rule = (baseClass: BaseClass, given: Partial<BaseRule> = {}): BaseRule => ({
  id: `rule-${baseClass}`,
  position: 10,
  name: baseClass,
  baseClass,
  document: null,
  reason: 'Accord local',
  startsOn: day('2026-01-01'),
  endsOn: null,
  ...everywhere,
  ...given,
});

const choice = (baseClass: BaseClass | null, given: Partial<BaseChoice> = {}): BaseChoice => ({
  id: `choice-${baseClass}`,
  baseClass,
  document: null,
  reason: 'Décision',
  startsOn: day('2026-01-01'),
  endsOn: null,
  ...given,
});

type Case = {
  rules?: BaseRule[];
  choices?: BaseChoice[];
  facts?: Partial<DwellingFacts>;
  on?: string;
  released?: string;
};
const sale = rule('sale', { buildingIds: ['b1'] });
const fresh = rule('first-letting', { enteredFrom: day('2026-01-01'), position: 1 });

describe('the class of a dwelling on a day', () => {
  test.each<[Case, BaseClass, string, string]>([
    [{}, 'in-base', 'default', 'flux-fr L-10: the whole stock'],
    [{ facts: { management: 'stock' } }, 'retained-stock', 'management', 'flux-fr L-04'],
    [{ rules: [sale] }, 'sale', 'rule', 'flux-fr L-11 (e)'],
    [{ rules: [sale], on: '2025-12-31' }, 'in-base', 'default', 'F-03: rules are dated'],
    [{ rules: [{ ...sale, endsOn: day('2026-03-09') }] }, 'in-base', 'default', 'F-03: it ended the day before'],
    [{ rules: [{ ...sale, endsOn: day('2026-03-10') }] }, 'sale', 'rule', 'F-03: the last day counts'],
    [{ rules: [sale], facts: { buildingId: 'b2' } }, 'in-base', 'default', 'a condition that does not hold'],
    [{ rules: [sale, rule('urban-renewal', { position: 5 })] }, 'urban-renewal', 'rule', 'ordered rules: the first'],
    [{ rules: [sale], choices: [choice('in-base')] }, 'in-base', 'choice', 'F-03: editable, the hand wins'],
    [{ rules: [sale], choices: [choice('in-base'), choice(null)] }, 'sale', 'rule', 'given back to the rules'],
    [
      { rules: [sale], choices: [choice('in-base', { endsOn: day('2026-02-28') })] },
      'sale',
      'rule',
      'a choice is for a time',
    ],
    [{ rules: [fresh, sale] }, 'first-letting', 'rule', 'flux-fr L-71: new, in stock'],
    [{ rules: [fresh], released: '2026-03-10' }, 'in-base', 'default', 'flux-fr L-71: first libération'],
    [{ rules: [fresh], released: '2026-03-11' }, 'first-letting', 'rule', 'flux-fr L-71: not yet'],
    [{ rules: [fresh, sale], released: '2026-03-01' }, 'sale', 'rule', 'L-71 opens the flow, L-11 may still close it'],
    [
      { rules: [rule('sale', { fundings: ['PLS'] })], facts: { funding: null } },
      'in-base',
      'default',
      'unknown funding',
    ],
  ])('%j → %s by %s (%s)', (given, baseClass, by) => {
    const { result, steps } = classOnDay({
      facts: { ...facts, ...given.facts },
      rules: given.rules ?? [],
      choices: given.choices ?? [],
      firstReleasedOn: given.released ? day(given.released) : null,
      on: day(given.on ?? '2026-03-10'),
    });
    expect(result).toMatchObject({ baseClass, by });
    expect(steps.at(-1)).toMatchObject({ label: 'base.class', result: { value: `base-class.${baseClass}` } });
  });

  test('what is in no text we could read is said so, the law is named for the rest', () => {
    const confidenceOf = (baseClass: BaseClass) =>
      classOnDay({
        facts,
        rules: [rule(baseClass)],
        choices: [],
        firstReleasedOn: null,
        on: day('2026-03-10'),
      }).steps.at(-1)?.source?.confidence;
    expect(baseClasses.filter((one) => confidenceOf(one) === 'unverified')).toEqual([
      'demolition',
      'intermediated',
      'unregulated',
      'first-letting',
    ]);
  });
});

describe('properties', () => {
  const anyClass = fc.constantFrom(...baseClasses);
  const anyDay = fc.integer({ min: 0, max: 900 }).map((n) => addDays(day('2025-06-01'), n));
  const anyRule = fc
    .record({ baseClass: anyClass, position: fc.integer({ min: 1, max: 5 }), startsOn: anyDay, id: fc.uuid() })
    .map((given) => rule(given.baseClass, given));

  test('the order in which rules are read does not matter', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyDay, (rules, on) => {
        const of = (list: BaseRule[]) =>
          classOnDay({ facts, rules: list, choices: [], firstReleasedOn: null, on }).result;
        expect(of(rules.toReversed())).toEqual(of(rules));
      }),
    );
  });

  test('a choice that runs always wins, whatever the rules', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyClass, (rules, baseClass) => {
        const { result } = classOnDay({
          facts,
          rules,
          choices: [choice(baseClass)],
          firstReleasedOn: null,
          on: day('2026-03-10'),
        });
        expect(result).toMatchObject({ baseClass, by: 'choice' });
      }),
    );
  });
});
