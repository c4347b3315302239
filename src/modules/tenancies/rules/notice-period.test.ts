import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../kernel/local-date.ts';
import { noticePeriod } from './notice-period.ts';

const base = { givenBy: 'tenant' as const, leaseStartsOn: day('2020-01-01') };

describe('notice', () => {
  test.each<['be-bru' | 'fr-idf', 'tenant' | 'landlord', string, number | undefined, string, string, string]>([
    // where     by          received      months     starts        ends          source
    ['be-bru', 'tenant', '2025-03-10', undefined, '2025-04-01', '2025-06-30', 'ais-brussels R-81 and 4.15'],
    ['be-bru', 'landlord', '2025-03-10', undefined, '2025-04-01', '2025-09-30', 'ais-brussels 4.15: six months'],
    [
      'be-bru',
      'tenant',
      '2026-03-01',
      undefined,
      '2026-04-01',
      '2026-06-30',
      'R-81: first of a month counts as received in it',
    ],
    ['be-bru', 'tenant', '2026-11-30', undefined, '2026-12-01', '2027-02-28', 'R-81: over the year, short month'],
    ['be-bru', 'tenant', '2025-03-10', 1, '2025-04-01', '2025-04-30', 'agreed: one month'],
    ['fr-idf', 'tenant', '2026-03-10', undefined, '2026-03-10', '2026-04-09', 'flux-fr L-76: one month from receipt'],
    ['fr-idf', 'tenant', '2026-01-31', undefined, '2026-01-31', '2026-02-27', 'L-76: no 31 February'],
    ['fr-idf', 'tenant', '2026-03-10', 3, '2026-03-10', '2026-06-09', 'L-76: three months elsewhere'],
  ])(
    '%s, %s, received %s (%s months): %s to %s (%s)',
    (jurisdiction, givenBy, receivedOn, months, startsOn, endsOn) => {
      const { result, steps } = noticePeriod({ ...base, jurisdiction, givenBy, receivedOn: day(receivedOn), months });
      expect(result).toMatchObject({ startsOn, endsOn });
      expect(steps.at(-1)?.result).toEqual({ unit: 'day', value: endsOn });
    },
  );

  test('refuses a notice received before the lease began', () => {
    const notice = { ...base, jurisdiction: 'be-bru' as const, receivedOn: day('2019-12-31') };
    expect(() => noticePeriod(notice)).toThrow(expect.objectContaining({ code: 'E-NOTICE-01' }));
  });

  test('an agreement ends on the day agreed, never before it was made', () => {
    const agreement = {
      ...base,
      jurisdiction: 'be-bru' as const,
      givenBy: 'agreement' as const,
      receivedOn: day('2026-03-10'),
    };
    expect(noticePeriod({ ...agreement, agreedEnd: day('2026-03-31') }).result.endsOn).toBe('2026-03-31');
    expect(() => noticePeriod({ ...agreement, agreedEnd: day('2026-03-09') })).toThrow(
      expect.objectContaining({ code: 'E-NOTICE-02' }),
    );
  });

  test('a day later never ends earlier', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('be-bru' as const, 'fr-idf' as const),
        fc.integer({ min: 0, max: 3_000 }),
        (jurisdiction, days) => {
          const receivedOn = addDays(day('2020-01-01'), days);
          const [first, second] = [receivedOn, addDays(receivedOn, 1)].map(
            (on) => noticePeriod({ ...base, jurisdiction, receivedOn: on }).result.endsOn,
          );
          expect(second! >= first!).toBe(true);
        },
      ),
    );
  });
});
