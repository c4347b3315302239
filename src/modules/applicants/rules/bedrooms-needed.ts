import { z } from 'zod';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { count, type Step } from '../../../kernel/steps.ts';
import { policy } from '../../../regulation/sources.ts';

export const compositionInput = z.object({
  adults: z.number().int().min(1),
  /** Two of the adults share a bedroom. */
  couple: z.boolean(),
  children: z.number().int().min(0),
  /** Sex and age of the children, when known: they decide who may share. */
  known: z
    .array(z.object({ sex: z.enum(['F', 'M', 'X']).nullable(), age: z.number().int().min(0).nullable() }))
    .default([]),
  /** Below this age, children of different sex may share a bedroom. 0: they never do. */
  shareUntil: z.number().int().min(0).max(18).default(0),
});

/**
 * Bedrooms a household needs for a suitable dwelling. A couple shares one, every other adult has one, children share by
 * two: those of the same sex always, those of different sex only below the age the organisation chose (H-092: a couple
 * with two children of different sex needs three). Children whose sex is unknown share by two.
 */
export function bedroomsNeeded(input: z.output<typeof compositionInput>): Explained<number> {
  const forAdults = input.couple ? input.adults - 1 : input.adults;
  const young = input.known.filter((child) => child.age !== null && child.age < input.shareUntil).length;
  const older = input.known.filter((child) => child.age === null || child.age >= input.shareUntil);
  const girls = older.filter((child) => child.sex === 'F').length;
  const boys = older.filter((child) => child.sex === 'M').length;
  const others = Math.max(input.children - young - girls - boys, 0);
  const forChildren = sharedRooms(young, girls, boys, others);
  const steps: Step[] = [
    {
      label: input.couple ? 'bedrooms.couple-and-adults' : 'bedrooms.adults',
      inputs: { adults: count(input.adults) },
      result: bedrooms(forAdults),
    },
  ];
  if (input.children > 0) {
    steps.push({
      label: input.known.length > 0 ? 'bedrooms.children' : 'bedrooms.children-by-two',
      inputs: { children: count(input.children), girls: count(girls), boys: count(boys), young: count(young) },
      result: bedrooms(forChildren),
      source: policy('Règle de taille choisie par l’organisation'),
    });
  }
  const total = forAdults + forChildren;
  steps.push({ label: 'bedrooms.total', result: bedrooms(total) });
  return { result: total, steps };
}

/** Fewest rooms for two when young children and those of unknown sex may complete any room. */
function sharedRooms(young: number, girls: number, boys: number, others: number): number {
  const odd = (girls % 2) + (boys % 2);
  const alone = Math.floor(girls / 2) + Math.floor(boys / 2);
  const free = young + others;
  return alone + odd + Math.ceil(Math.max(free - odd, 0) / 2);
}

const bedrooms = (value: number) => ({ unit: 'bedrooms' as const, value });

export const bedroomsNeededRule = defineRule({
  name: 'applicants.bedrooms-needed',
  summary: 'Bedrooms a household needs for a suitable dwelling',
  input: compositionInput,
  compute: bedroomsNeeded,
});
