import { z } from 'zod';
import { addDays, addMonths, type LocalDate } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { localDate } from '../../../kernel/schemas.ts';
import { date, days, type Step } from '../../../kernel/steps.ts';
import { brusselsOfferDays, caleol, nominationDelay } from '../../../regulation/scales/allocation.ts';
import { nextWorkingDay } from '../../../regulation/scales/public-holidays.ts';
import { policy } from '../../../regulation/sources.ts';

export const answerInput = z.object({
  jurisdiction: z.enum(['be-bru', 'fr-idf']),
  /** Day the offer reached the household: receipt, or the vain presentation of a registered letter (L-46). */
  notifiedOn: localDate,
  /** Days the offer states. */
  days: z.number().int().min(1).max(60),
});

/**
 * Last day on which a household may answer an offer. The day of notification does not count; the last day runs to
 * midnight and moves to the next working day when it is a Saturday, a Sunday or a holiday (L-45). In France the offer
 * states ten days at least (L-44).
 * @throws Problem E-OFFER-01 fewer than ten days in France
 */
export function answerDeadline(input: z.output<typeof answerInput>): Explained<LocalDate> {
  const french = input.jurisdiction === 'fr-idf';
  const least = caleol.minimumResponseDays;
  if (french && input.days < least.value) throw refused('E-OFFER-01', { days: input.days, minimum: least.value });
  const counted = addDays(input.notifiedOn, input.days);
  const last = nextWorkingDay(counted, french ? 'FR' : 'BE');
  const steps: Step[] = [
    { label: 'answer.notified', result: date(input.notifiedOn) },
    { label: 'answer.days', result: days(input.days), source: french ? least.source : brusselsOfferDays },
    { label: 'answer.counted', result: date(counted), source: caleol.countingOfDays.source },
    ...(last === counted ? [] : [{ label: 'answer.moved', result: date(last), source: caleol.countingOfDays.source }]),
  ];
  return { result: last, steps };
}

export const nominationInput = z.object({
  proposedOn: localDate,
  /** Days agreed in the agreement; without: one calendar month (L-38). */
  days: z.number().int().min(1).max(90).nullable().default(null),
});

/** Last day on which a reservation holder may name candidates: one calendar month, or the days of the agreement. */
export function nominationDeadline(input: z.output<typeof nominationInput>): Explained<LocalDate> {
  const last =
    input.days === null ? addMonths(input.proposedOn, nominationDelay.months) : addDays(input.proposedOn, input.days);
  return {
    result: last,
    steps: [
      { label: 'nomination.proposed', result: date(input.proposedOn) },
      input.days === null
        ? { label: 'nomination.one-month', result: date(last), source: nominationDelay.source }
        : {
            label: 'nomination.days',
            inputs: { days: days(input.days) },
            result: date(last),
            source: policy('Convention de réservation'),
          },
    ],
  };
}

export const answerDeadlineRule = defineRule({
  name: 'allocation.answer-deadline',
  summary: 'Last day on which a household may answer an offer',
  input: answerInput,
  compute: answerDeadline,
});

export const nominationDeadlineRule = defineRule({
  name: 'allocation.nomination-deadline',
  summary: 'Last day on which a reservation holder may name candidates',
  input: nominationInput,
  compute: nominationDeadline,
});
