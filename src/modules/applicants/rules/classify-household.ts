import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Explained } from '../../../kernel/rule.ts';
import { bedroomsNeeded } from './bedrooms-needed.ts';
import { brusselsIncomeClass, frenchIncomeClass, type IncomeClassification } from './income-class.ts';

/** A member of a household, as far as its size and its ceilings depend on it. */
export type HouseholdMember = {
  relation: 'reference' | 'partner' | 'child' | 'parent' | 'other';
  sex: 'F' | 'M' | 'X' | null;
  birthDate: LocalDate | null;
  disabled: boolean;
};

export type Composition = { adults: number; children: number; disabledAdults: number; disabledChildren: number };

export type HouseholdFacts = {
  jurisdiction: string;
  members: readonly HouseholdMember[];
  /** Two of the adults live as a couple; of no effect for one adult alone. */
  couple: boolean;
  /** Yearly income in cents, as the jurisdiction counts it; null: not known. */
  incomeCents: number | null;
  incomeEarners: number;
  /** Below this age, children of different sex may share a bedroom: the organisation's choice. */
  shareUntil: number;
  on: LocalDate;
};

/** Completed years on a day; null when the day of birth is not known. */
export const ageOn = (birthDate: string | null, on: LocalDate): number | null =>
  birthDate === null
    ? null
    : Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (on.slice(5) < birthDate.slice(5) ? 1 : 0);

/** Who counts as what: those said to be children are children whatever their age, all others adults, at least one. */
export function compositionOf(members: readonly HouseholdMember[]): Composition {
  const children = members.filter(isChild);
  return {
    adults: Math.max(members.length - children.length, 1),
    children: children.length,
    disabledAdults: members.filter((member) => member.disabled && !isChild(member)).length,
    disabledChildren: children.filter((member) => member.disabled).length,
  };
}

/**
 * The two figures that place a household in the register: the bedrooms it needs and its class of income, each with its
 * steps. The same function answers while one types and when the file is saved.
 *
 * Île-de-France: the ceiling shown is that of PLUS in Paris and the municipalities that adjoin it, until a dwelling is
 * known.
 * @throws NotInForce when no ceiling is recorded for the day
 */
export function classifyHousehold(facts: HouseholdFacts): {
  bedrooms: Explained<number>;
  income: Explained<IncomeClassification>;
} {
  const composition = compositionOf(facts.members);
  const { adults, children, disabledAdults, disabledChildren } = composition;
  const bedrooms = bedroomsNeeded({
    adults,
    couple: facts.couple && adults >= 2,
    children,
    known: facts.members.filter(isChild).map(({ sex, birthDate }) => ({ sex, age: ageOn(birthDate, facts.on) })),
    shareUntil: facts.shareUntil,
  });
  const income =
    facts.jurisdiction === 'be-bru'
      ? brusselsIncomeClass({
          income: facts.incomeCents,
          adults,
          earners: facts.incomeEarners,
          children,
          disabledChildren,
          disabledAdults,
          on: facts.on,
        })
      : frenchIncomeClass({
          income: facts.incomeCents,
          persons: adults + children,
          adults,
          funding: 'PLUS',
          innerRing: true,
          on: facts.on,
        });
  return { bedrooms, income };
}

const isChild = (member: HouseholdMember): boolean => member.relation === 'child';
