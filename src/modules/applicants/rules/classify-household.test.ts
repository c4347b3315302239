import { expect, test } from 'vitest';
import { day } from '../../../kernel/local-date.ts';
import {
  ageOn,
  classifyHousehold,
  compositionOf,
  type HouseholdFacts,
  type HouseholdMember,
} from './classify-household.ts';

const member = (relation: HouseholdMember['relation'], given: Partial<HouseholdMember> = {}): HouseholdMember => ({
  relation,
  sex: null,
  birthDate: null,
  disabled: false,
  ...given,
});

test.each<[string | null, string, number | null, string]>([
  ['2018-11-22', '2026-11-22', 8, 'on the birthday'],
  ['2018-11-23', '2026-11-22', 7, 'the eve of the birthday'],
  ['2012-02-29', '2026-02-28', 13, 'born on 29 February: not before 1 March'],
  [null, '2026-11-22', null, 'day of birth not known'],
])('born %s, on %s: %s (%s)', (birthDate, on, expected) => expect(ageOn(birthDate, day(on))).toBe(expected));

test.each<[string, HouseholdMember[], ReturnType<typeof compositionOf>, string]>([
  ['alone', [member('reference')], { adults: 1, children: 0, disabledAdults: 0, disabledChildren: 0 }, 'one adult'],
  ['nobody yet', [], { adults: 1, children: 0, disabledAdults: 0, disabledChildren: 0 }, 'a household has an adult'],
  [
    'parent, grandparent, two children',
    [member('reference'), member('parent', { disabled: true }), member('child', { disabled: true }), member('child')],
    { adults: 2, children: 2, disabledAdults: 1, disabledChildren: 1 },
    'R-34: disabled children and adults are counted apart',
  ],
])('%s', (_who, members, expected) => expect(compositionOf(members)).toEqual(expected));

const facts: HouseholdFacts = {
  jurisdiction: 'be-bru',
  members: [member('reference'), member('partner'), member('child', { sex: 'F' }), member('child', { sex: 'M' })],
  couple: true,
  incomeCents: 4_000_000,
  incomeEarners: 1,
  shareUntil: 0,
  on: day('2024-06-01'),
};

test.each<[string, Partial<HouseholdFacts>, number, string, string]>([
  ['couple, girl and boy, Brussels', {}, 3, 'moderate', 'ais-brussels H-092 and H-100'],
  ['the same, not a couple', { couple: false }, 4, 'moderate', 'each adult has a bedroom'],
  ['the same, income not known', { incomeCents: null }, 3, 'unknown', 'no income, no class'],
  [
    'said a couple, but alone',
    { members: [member('reference')], incomeCents: 2_749_910 },
    1,
    'admission',
    'R-31 table 2024, single',
  ],
  [
    'four persons, Île-de-France',
    { jurisdiction: 'fr-idf', on: day('2026-06-01') },
    3,
    'admission',
    'flux-fr: PLUS ceiling of category 4 is above 40,000 €',
  ],
])('%s', (_who, change, bedrooms, incomeClass) => {
  const found = classifyHousehold({ ...facts, ...change });
  expect(found.bedrooms.result).toBe(bedrooms);
  expect(found.income.result.class).toBe(incomeClass);
});
