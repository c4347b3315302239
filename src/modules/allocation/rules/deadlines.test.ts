import { describe, expect, test } from 'vitest';
import { day } from '../../../kernel/local-date.ts';
import { answerDeadline, nominationDeadline } from './deadlines.ts';

describe('answer to an offer', () => {
  test.each<['be-bru' | 'fr-idf', string, number, string, string]>([
    // where     notified      days  last day      source
    ['fr-idf', '2026-11-12', 10, '2026-11-23', 'L-45: counted to Sunday 22, moved to Monday'],
    ['fr-idf', '2026-11-11', 10, '2026-11-23', 'L-45: counted to Saturday 21, moved to Monday'],
    ['fr-idf', '2026-11-10', 10, '2026-11-20', 'L-45: the day of notice does not count'],
    ['fr-idf', '2026-05-04', 10, '2026-05-15', 'L-45: counted to Ascension, moved to Friday'],
    ['fr-idf', '2026-07-04', 10, '2026-07-15', 'L-45: counted to 14 July, moved'],
    ['be-bru', '2026-07-04', 10, '2026-07-14', '14 July is an ordinary day in Brussels'],
    ['be-bru', '2026-07-11', 10, '2026-07-22', 'Belgian national day, moved'],
    ['fr-idf', '2026-12-15', 10, '2026-12-28', 'Christmas on a Friday, then the week-end'],
    ['fr-idf', '2026-11-10', 15, '2026-11-25', 'more days than the least'],
  ])('%s: notified %s, %i days, until %s (%s)', (jurisdiction, notifiedOn, days, expected) =>
    expect(answerDeadline({ jurisdiction, notifiedOn: day(notifiedOn), days }).result).toBe(expected),
  );

  test('refuses fewer than ten days in France, not in Brussels', () => {
    const offer = { notifiedOn: day('2026-11-10'), days: 9 };
    expect(() => answerDeadline({ ...offer, jurisdiction: 'fr-idf' })).toThrow(
      expect.objectContaining({ code: 'E-OFFER-01' }),
    );
    expect(answerDeadline({ ...offer, jurisdiction: 'be-bru' }).result).toBe('2026-11-19');
  });
});

describe('nomination', () => {
  test.each<[string, number | null, string, string]>([
    ['2026-11-22', null, '2026-12-22', 'flux-fr L-38: one month'],
    ['2026-01-31', null, '2026-02-28', 'one month, shorter'],
    ['2026-11-22', 20, '2026-12-12', 'days of the agreement'],
  ])('proposed %s (%s days): until %s (%s)', (proposedOn, days, expected) =>
    expect(nominationDeadline({ proposedOn: day(proposedOn), days }).result).toBe(expected),
  );
});
