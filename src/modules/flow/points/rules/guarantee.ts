import { z } from 'zod';
import { addDays, daysBetween, endOfYear, startOfYear } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, number, rate, type Source } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';

export const guaranteeInput = z.object({
  kind: z.enum(['share', 'count']),
  /** Of the leases of the year, from 0 to 1; or a number of leases. */
  minimum: z.string().regex(/^\d{1,6}(\.\d{1,6})?$/, 'E-FIELD-FORM'),
  leases: z.number().int().min(0),
  beneficiaries: z.number().int().min(0),
  /** Leases whose household is not known well enough to say. */
  unknown: z.number().int().min(0),
  /** The day counted to, within the year. */
  on: localDate,
});

export type Guaranteed = {
  /** Leases to beneficiaries the guarantee asks for by 31 December, at the pace of the year. */
  required: string;
  projected: string;
  /** Of the leases of the year; null without a lease. */
  attained: string | null;
  isShort: boolean;
};

const source: Source = unverified('DRIHL, atelier du 8 octobre 2020', '§ 2-2');

/**
 * Whether the leases of a year are on their way to the minimum of beneficiaries an agreement guarantees (F-47: an open
 * arbitration, off unless agreed; it changes no count). Leases and beneficiaries go on at the pace of the year to 31
 * December; a household of which it is not known counts for none, and is said apart.
 * Rounding: none but where shown: one decimal, the share four.
 */
export function guaranteeOf(input: z.output<typeof guaranteeInput>): Explained<Guaranteed> {
  const { kind, leases, beneficiaries, unknown, on } = input;
  const passed = daysBetween(startOfYear(on), on) + 1;
  const length = daysBetween(startOfYear(on), addDays(endOfYear(on), 1));
  const atYearEnd = (value: number) => exact(value).mul(length).div(passed);
  const minimum = exact(input.minimum);
  const required = kind === 'share' ? atYearEnd(leases).mul(minimum) : minimum;
  const projected = atYearEnd(beneficiaries);
  const attained = leases === 0 ? null : decimal(exact(beneficiaries).div(leases), 4);
  const pace = { passed: count(passed), length: count(length) };
  return {
    result: {
      required: decimal(required, 1),
      projected: decimal(projected, 1),
      attained,
      isShort: projected.compare(required) < 0,
    },
    steps: [
      { label: 'guarantee.beneficiaries', result: count(beneficiaries), source },
      ...(attained === null
        ? []
        : [
            {
              label: 'guarantee.attained',
              inputs: { beneficiaries: count(beneficiaries), leases: count(leases) },
              formula: 'beneficiaries ÷ leases',
              result: rate(attained),
            },
          ]),
      ...(unknown > 0 ? [{ label: 'guarantee.unknown', result: count(unknown) }] : []),
      {
        label: 'guarantee.projected',
        inputs: { beneficiaries: count(beneficiaries), ...pace },
        formula: 'beneficiaries ÷ passed × length',
        result: number(decimal(projected, 1)),
      },
      kind === 'share'
        ? {
            label: 'guarantee.required',
            inputs: { minimum: rate(decimal(minimum, 4)), leases: count(leases), ...pace },
            formula: 'minimum × leases ÷ passed × length',
            result: number(decimal(required, 1)),
          }
        : { label: 'guarantee.required', result: number(decimal(required, 1)) },
    ],
  };
}

export const guaranteeRule = defineRule({
  name: 'flow.beneficiary-guarantee',
  summary: 'Whether the leases of a year are on their way to the beneficiaries an agreement guarantees',
  input: guaranteeInput,
  compute: guaranteeOf,
});
