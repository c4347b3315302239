import { z } from 'zod';
import { defineRule, type Explained } from '../../../kernel/rule.ts';
import { count, yesNo } from '../../../kernel/steps.ts';
import { moderateIncomeLimit } from '../../../regulation/ceilings/admission-income-brussels.ts';

export const moderateQuotaInput = z.object({
  /** Dwellings of the agency. */
  stock: z.number().int().min(0),
  /** Running tenancies of households that had 100 to 150 % of the admission income. */
  moderate: z.number().int().min(0),
});

/** Up to one third of the stock may go to households with 100–150 % of the admission income: whole dwellings, floored. */
export function moderateQuota(
  input: z.output<typeof moderateQuotaInput>,
): Explained<{ limit: number; reached: boolean }> {
  const { numerator, denominator } = moderateIncomeLimit.quota;
  const limit = Math.floor((input.stock * numerator) / denominator);
  const reached = input.moderate >= limit;
  return {
    result: { limit, reached },
    steps: [
      {
        label: 'quota.limit',
        inputs: { stock: count(input.stock) },
        formula: 'stock ÷ 3',
        result: count(limit),
        source: moderateIncomeLimit.source,
      },
      { label: 'quota.used', result: count(input.moderate) },
      { label: 'quota.reached', result: yesNo(reached) },
    ],
  };
}

export const moderateQuotaRule = defineRule({
  name: 'applicants.moderate-quota',
  summary: 'Whether the third of the stock open to moderate incomes is full',
  input: moderateQuotaInput,
  compute: moderateQuota,
});
