import { z } from 'zod';
import { addDays, addMonths, endOfMonth, type LocalDate, startOfMonth } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { localDate } from '../../../kernel/schemas.ts';
import { date, type Step } from '../../../kernel/steps.ts';
import { landlordNotice, tenantNotice } from '../../../regulation/scales/notice.ts';

export type NoticePeriod = { months: number; startsOn: LocalDate; endsOn: LocalDate };

export const noticeInput = z.object({
  jurisdiction: z.enum(['be-bru', 'fr-idf']),
  givenBy: z.enum(['tenant', 'landlord', 'agreement']),
  receivedOn: localDate,
  /** Agreed last day, when both parties end the lease together. */
  agreedEnd: localDate.optional(),
  leaseStartsOn: localDate,
  /** Months agreed or ordered instead of those of the law. */
  months: z.number().int().min(0).max(12).optional(),
});

/**
 * From the day a notice is received to the last day of the lease.
 *
 * Brussels: the notice runs from the first day of the month after receipt, for whole months: received 10 March, three
 * months, it runs 1 April to 30 June. France: from the day of receipt; the last day is the eve of the same
 * day of the month after (received 10 March, one month: to 9 April) (L-76, not verified).
 * @throws Problem E-NOTICE-01 received before the lease began; E-NOTICE-02 an agreed end before the agreement
 * Not covered: reduced notice for social reasons (France), compensation for leaving early (Brussels, R-82).
 */
export function noticePeriod(input: z.output<typeof noticeInput>): Explained<NoticePeriod> {
  const { receivedOn, leaseStartsOn } = input;
  if (receivedOn < leaseStartsOn) throw refused('E-NOTICE-01', { receivedOn, startsOn: leaseStartsOn });
  if (input.givenBy === 'agreement') return agreedEnd(input);

  const law = input.givenBy === 'tenant' ? tenantNotice[input.jurisdiction] : landlordNotice[input.jurisdiction];
  const monthsSource = 'monthsSource' in law ? law.monthsSource : law.source;
  const months = input.months ?? law.months;
  const startsOn = law.startsNextMonth ? startOfMonth(addMonths(receivedOn, 1)) : receivedOn;
  const endsOn = law.startsNextMonth
    ? endOfMonth(addMonths(startsOn, Math.max(months, 1) - 1))
    : addDays(addMonths(startsOn, months), -1);
  const steps: Step[] = [
    { label: 'notice.received', result: date(receivedOn) },
    {
      label: law.startsNextMonth ? 'notice.starts-next-month' : 'notice.starts-at-receipt',
      result: date(startsOn),
      source: 'startSource' in law ? law.startSource : law.source,
    },
    {
      label: input.months === undefined ? 'notice.months' : 'notice.months-agreed',
      result: { unit: 'months', value: months },
      ...(input.months === undefined ? { source: monthsSource } : {}),
    },
    { label: 'notice.ends', result: date(endsOn) },
  ];
  return { result: { months, startsOn, endsOn }, steps };
}

function agreedEnd(input: z.output<typeof noticeInput>): Explained<NoticePeriod> {
  const endsOn = input.agreedEnd ?? input.receivedOn;
  if (endsOn < input.receivedOn) throw refused('E-NOTICE-02', { endsOn, receivedOn: input.receivedOn });
  return {
    result: { months: 0, startsOn: input.receivedOn, endsOn },
    steps: [
      { label: 'notice.agreed', result: date(input.receivedOn) },
      { label: 'notice.ends', result: date(endsOn) },
    ],
  };
}

export const noticePeriodRule = defineRule({
  name: 'tenancies.notice-period',
  summary: 'From the receipt of a notice to the last day of the lease',
  input: noticeInput,
  compute: noticePeriod,
});
