import fc from 'fast-check';
import highs from 'highs';
import { describe, expect, test } from 'vitest';
import { leastCostFlow } from './least-cost-flow.ts';
import { planInput, planOrientations } from './plan.ts';

const cell = (id: string, share: string, freed: number, proposed: number) => ({
  id,
  party: id,
  scale: 'department' as const,
  share,
  freed,
  proposed,
});
const plan = (input: Parameters<typeof planInput.parse>[0]) => planOrientations(planInput.parse(input)).result;

describe('orienting several vacancies at once', () => {
  test('who may be served once is not left out: the other, served anywhere, takes the other dwelling', () => {
    // Both 0.9 late. « home » may only have the second vacancy; taken in order, the first decides nothing for it.
    const input = {
      cells: [cell('all', '0.9', 1, 0), cell('home', '0.9', 1, 0), cell('own', '0', 2, 0)],
      vacancies: [
        { id: 'v1', options: [{ cell: 'all' }, { cell: 'own' }] },
        { id: 'v2', options: [{ cell: 'all' }, { cell: 'home' }, { cell: 'own' }] },
      ],
      on: '2026-12-31',
    };
    const { choices, cells, together } = plan(input);
    expect(choices.map(({ together: to }) => to)).toEqual(['all', 'home']);
    expect(cells.map(({ gapTogether }) => gapTogether)).toEqual(['0.10', '0.10', '0.00']);
    expect(together.gaps).toBe('0.20');
  });

  test('dwellings of the kind a holder lacks go to it, as many as its share gives', () => {
    const { choices, together, oneByOne } = plan({
      cells: [cell('a', '0.5', 20, 9), cell('b', '0.5', 20, 9)],
      targets: [{ id: 'a-large', target: 8, served: 2 }],
      vacancies: [
        { id: 'small', options: [{ cell: 'a' }, { cell: 'b' }] },
        { id: 'large', options: [{ cell: 'a', targets: ['a-large'] }, { cell: 'b' }] },
      ],
      on: '2026-06-30',
    });
    // One by one, the small dwelling would have gone to « a », the older agreement.
    expect(choices).toEqual([
      { vacancy: 'small', together: 'b', oneByOne: 'a' },
      { vacancy: 'large', together: 'a', oneByOne: 'b' },
    ]);
    expect([together.serving, oneByOne.serving]).toEqual([1, 0]);
  });

  test('a vacancy that may go nowhere is refused', () =>
    expect(() => plan({ cells: [], vacancies: [{ id: 'v', options: [] }], on: '2026-01-01' })).toThrow(
      expect.objectContaining({ code: 'E-ORIENTATION-01' }),
    ));

  test('every vacancy goes to one of its options; together is never worse than one by one, in squared gaps', () => {
    const inputs = fc.record({
      cells: fc.array(
        fc.record({
          share: fc.integer({ min: 0, max: 100 }),
          freed: fc.integer({ min: 0, max: 50 }),
          proposed: fc.integer({ min: 0, max: 30 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      vacancies: fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(inputs, (drawn) => {
        const cells = drawn.cells.map(({ share, freed, proposed }, index) =>
          cell(`c${index}`, (share / 100).toFixed(2), freed, proposed),
        );
        const vacancies = drawn.vacancies.map((options, index) => ({
          id: `v${index}`,
          options: [...new Set(options.map((option) => option % cells.length))].map((option) => ({
            cell: `c${option}`,
          })),
        }));
        const { choices, cells: gaps } = plan({ cells, vacancies, on: '2026-05-05' });
        for (const [index, { together, oneByOne }] of choices.entries()) {
          const allowed = vacancies[index]!.options.map((option) => option.cell);
          expect(allowed).toContain(together);
          expect(allowed).toContain(oneByOne);
        }
        const squares = (of: 'gapTogether' | 'gapOneByOne') => gaps.reduce((sum, one) => sum + Number(one[of]) ** 2, 0);
        expect(squares('gapTogether')).toBeLessThanOrEqual(squares('gapOneByOne') + 1e-9);
      }),
    );
  });
});

test('the flow is the optimum an independent solver finds (HiGHS)', async () => {
  const solver = await (highs as unknown as typeof highs.default)();
  const problems = fc.sample(
    fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 3 }), {
      minLength: 2,
      maxLength: 6,
    }),
    { numRuns: 25, seed: 1 },
  );
  for (const costs of problems) {
    // Units from the source, each to one of three places of room 1, 2 and 9.
    const room = [1, 2, 9];
    const arcs = costs.flatMap((row, unit) => [
      { from: 0, to: 2 + unit, capacity: 1, cost: 0 },
      ...row.map((cost, at) => ({ from: 2 + unit, to: 2 + costs.length + at, capacity: 1, cost })),
    ]);
    arcs.push(...room.map((capacity, at) => ({ from: 2 + costs.length + at, to: 1, capacity, cost: 0 })));
    const names = costs.map((row, unit) => row.map((_cost, at) => `x${unit}_${at}`));
    const model = `Minimize\n ${costs.flatMap((row, unit) => row.map((cost, at) => `${cost < 0 ? '-' : '+'} ${Math.abs(cost)} x${unit}_${at}`)).join(' ')}
Subject To\n ${[...names.map((row) => `${row.join(' + ')} = 1`), ...room.map((size, at) => `${names.map((row) => row[at]).join(' + ')} <= ${size}`)].join('\n ')}
Binary\n ${names.flat().join(' ')}\nEnd`;
    expect(leastCostFlow(5 + costs.length, arcs, 0, 1).cost).toBe(Math.round(solver.solve(model).ObjectiveValue));
  }
});
