import { expect, test } from 'vitest';
import { keptForRehousing, meetingIsDue } from './coordination.ts';

test.each<[number, string | null, number, boolean, string]>([
  [9, null, 10, false, 'flux-fr § 5.1 coordinationMinDwellings: 10'],
  [10, null, 10, true, 'the size itself requires it'],
  [10, '2026-03-01', 10, false, 'it has its day'],
  [2, null, 1, true, 'a setting of one: every programme'],
])('%i dwellings, meeting %s, from %i on: due %s', (dwellings, meetingOn, least, due, _source) => {
  expect(meetingIsDue({ dwellings, meetingOn }, least)).toBe(due);
});

test.each<[number, number, number, string]>([
  [32, 0, 0, 'flux-fr § 5.1 newProgrammeOffFlowPercent: 0'],
  [32, 10, 3, '3.2, rounded down'],
  [30, 10, 3, 'exact'],
  [5, 10, 0, '0.5: the parties lose nothing by rounding'],
])('of %i dwellings, %i %% are %i', (dwellings, percent, kept, _source) => {
  expect(keptForRehousing(dwellings, percent)).toBe(kept);
});
