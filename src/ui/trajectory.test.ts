import { expect, test } from 'vitest';
import { spread } from './trajectory.tsx';

const room = { top: 10, bottom: 100 };

test.each<[number[], number[], string]>([
  [[50, 50, 50], [50, 65, 80], 'equal values: three lines below each other'],
  [[20, 60, 90], [20, 60, 90], 'far apart: where they are'],
  [[98, 99, 100], [70, 85, 100], 'at the foot of the chart: moved up'],
  [[0, 0], [10, 25], 'above the chart: brought in'],
])('labels at %j stand at %j: %s', (at, expected) =>
  expect(
    spread(
      at.map((value) => ({ at: value })),
      room,
    ).map((label) => label.at),
  ).toEqual(expected),
);
