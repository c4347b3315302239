import { describe, expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { reportDeadline } from './report-deadline.ts';

describe('the day reports are due', () => {
  test.each([
    // year  counting   sent          today         last day      result     where the expected value comes from
    [2025, 'before', '2026-02-27', '2026-03-01', '2026-02-27', 'in-time', 'flux-fr L-34: 27/02 on time'],
    [2025, 'before', '2026-02-28', '2026-03-01', '2026-02-27', 'late', 'flux-fr L-34: 28/02 late if strict'],
    [2025, 'through', '2026-02-28', '2026-03-01', '2026-02-28', 'in-time', 'flux-fr L-34: inclusive'],
    [2025, 'through', '2026-03-01', '2026-03-01', '2026-02-28', 'late', 'flux-fr L-34: inclusive, a day later'],
    [2025, 'before', null, '2026-02-27', '2026-02-27', 'waiting', 'flux-fr L-30: still that day'],
    [2025, 'before', null, '2026-02-28', '2026-02-27', 'late', 'flux-fr L-30: not sent'],
    [2024, 'before', '2025-02-28', '2025-04-01', '2025-03-31', 'in-time', 'flux-fr L-33: tolerance of 2025'],
    [2024, 'before', '2025-03-31', '2025-04-01', '2025-03-31', 'in-time', 'flux-fr L-33: its own day included'],
    [2024, 'through', '2025-04-01', '2025-04-01', '2025-03-31', 'late', 'flux-fr L-33: a day later'],
    [2027, 'before', '2028-02-27', '2028-03-01', '2028-02-27', 'in-time', 'a leap year changes nothing'],
  ] as const)(
    'of %i (%s), sent %s, seen %s: %s, %s (%s)',
    (year, counting, sentOn, on, lastDay, punctuality, _source) => {
      const { result } = reportDeadline({ year, counting, sentOn: sentOn ? day(sentOn) : null, on: day(on) });
      expect(result).toEqual({ lastDay, punctuality });
    },
  );

  test.each([
    ['2026-03-31', '2026-03-31', 'flux-fr L-33: a tolerance given for that year'],
    ['2026-02-20', '2026-02-27', 'an earlier day takes nothing away'],
    ['2025-03-31', '2026-02-27', 'that of another year'],
  ])('the State allows %s: %s (%s)', (tolerance, lastDay) => {
    const given = {
      year: 2025,
      counting: 'before',
      tolerance: day(tolerance),
      sentOn: null,
      on: day('2026-01-05'),
    } as const;
    expect(reportDeadline(given).result.lastDay).toBe(lastDay);
  });

  test('says its text, and the tolerance where there is one', () => {
    const labels = (year: number) =>
      reportDeadline({ year, counting: 'before', sentOn: null, on: day('2026-01-05') }).steps.map(({ label }) => label);
    expect(labels(2024)).toContain('report-deadline.tolerance');
    expect(labels(2025)).not.toContain('report-deadline.tolerance');
  });
});
