import { expect, test } from 'vitest';
import { bedroomsNeeded } from './bedrooms-needed.ts';

const child = (sex: 'F' | 'M' | null, age: number | null = null) => ({ sex, age });

test.each<[string, Parameters<typeof bedroomsNeeded>[0], number, string]>([
  ['single', { adults: 1, couple: false, children: 0, known: [], shareUntil: 0 }, 1, 'one adult, one bedroom'],
  ['couple', { adults: 2, couple: true, children: 0, known: [], shareUntil: 0 }, 1, 'a couple shares'],
  ['two adults', { adults: 2, couple: false, children: 0, known: [], shareUntil: 0 }, 2, 'no couple, no sharing'],
  [
    'girl and boy',
    { adults: 2, couple: true, children: 2, known: [child('F'), child('M')], shareUntil: 0 },
    3,
    'ais-brussels H-092',
  ],
  [
    'two girls',
    { adults: 2, couple: true, children: 2, known: [child('F'), child('F')], shareUntil: 0 },
    2,
    'same sex share',
  ],
  [
    'young girl and boy',
    { adults: 2, couple: true, children: 2, known: [child('F', 4), child('M', 6)], shareUntil: 8 },
    2,
    'policy: share below 8',
  ],
  [
    'boy turns 8',
    { adults: 2, couple: true, children: 2, known: [child('F', 4), child('M', 8)], shareUntil: 8 },
    2,
    'a young child completes the room of an older one',
  ],
  [
    'parent and three',
    { adults: 1, couple: false, children: 3, known: [child('F'), child('F'), child('M')], shareUntil: 0 },
    3,
    'two girls, one boy, one parent',
  ],
  ['unknown sexes', { adults: 2, couple: true, children: 3, known: [], shareUntil: 0 }, 3, 'by two when unknown'],
  [
    'five children',
    {
      adults: 2,
      couple: true,
      children: 5,
      known: [child('F'), child('F'), child('F'), child('M'), child('M')],
      shareUntil: 0,
    },
    4,
    'three girls need two rooms, two boys one',
  ],
])('%s', (_who, input, expected) => {
  const { result, steps } = bedroomsNeeded(input);
  expect(result).toBe(expected);
  expect(steps.at(-1)?.result).toEqual({ unit: 'bedrooms', value: expected });
});
