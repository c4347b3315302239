import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../../../kernel/local-date.ts';
import { settingDefinitions } from '../settings.ts';
import { settingFrames } from './setting-frames.ts';
import { choiceInForce, type DatedChoice, nextChoice } from './setting-in-force.ts';

const own = (validFrom: string, value: unknown): DatedChoice => ({ layer: 'own', validFrom, value });
const regional = (validFrom: string, value: unknown): DatedChoice => ({ layer: 'regional', validFrom, value });

test.each<[DatedChoice[], string, unknown, string]>([
  [[], '2026-03-12', undefined, 'nobody chose: the default'],
  [[own('2026-01-01', 2)], '2026-03-12', 2, 'its own choice'],
  [[own('2026-01-01', 2), own('2026-04-01', 3)], '2026-03-31', 2, 'not before its day'],
  [[own('2026-01-01', 2), regional('2026-02-01', 5)], '2026-03-12', 5, 'F-90: the State fixed it'],
  [[own('2026-03-01', 2), regional('2026-02-01', 5)], '2026-03-12', 5, 'F-90: a later own choice does not pass it'],
  [[own('2026-01-01', 2), regional('2026-02-01', 5)], '2026-01-31', 2, 'F-90: not before its day'],
  [[own('2026-01-01', 2), regional('2026-02-01', 5), regional('2026-03-01', null)], '2026-03-12', 2, 'given back'],
  [[regional('2026-02-01', 5), regional('2026-03-01', null)], '2026-03-12', undefined, 'given back: the default'],
])('%j on %s is %j (%s)', (choices, on, value) => {
  expect(choiceInForce(choices, day(on))?.value).toBe(value);
});

test('says the next day on which the value may change', () => {
  const choices = [own('2026-01-01', 2), own('2026-04-01', 3), regional('2026-02-01', 5), regional('2026-05-01', null)];
  expect(nextChoice(choices, day('2026-03-12'))).toMatchObject({ on: '2026-05-01', choice: { value: 3 } });
  expect(nextChoice(choices, day('2026-05-01'))).toBeNull();
});

test('the value on a day never changes when a later choice is added', () => {
  const someDay = fc.integer({ min: 0, max: 400 }).map((days) => addDays(day('2026-01-01'), days));
  const choice = fc.record({
    layer: fc.constantFrom('own', 'regional'),
    validFrom: someDay,
    value: fc.oneof(fc.integer(), fc.constant(null)),
  });
  fc.assert(
    fc.property(fc.array(choice), choice, someDay, (choices, later, on) => {
      fc.pre(later.validFrom > on);
      expect(choiceInForce([...choices, later], on)).toEqual(choiceInForce(choices, on));
    }),
  );
});

test('every setting of the flow stands in the matrix, and nothing else (F-90)', () => {
  const ofFlow = Object.keys(settingDefinitions).filter((key) => key.startsWith('flow.'));
  expect(ofFlow.filter((key) => !settingFrames[key])).toEqual([]);
  expect(Object.keys(settingFrames).filter((key) => !key.startsWith('flow.'))).toEqual([]);
});
