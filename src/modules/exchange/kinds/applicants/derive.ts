import { newId } from '../../../../kernel/id.ts';
import { classifyByCounts, type HouseholdCounts } from '../../../applicants/index.ts';
import type { CellValue } from '../../rules/cells.ts';
import type { RowProblem, RowValues } from '../../rules/read-row.ts';
import type { DerivedColumn, RowContext } from '../kind.ts';

export const applicantDerived: readonly DerivedColumn[] = [
  { column: 'application_id', type: 'uuid' },
  { column: 'household_id', type: 'uuid' },
  { column: 'member_id', type: 'uuid' },
  { column: 'bedrooms_needed', type: 'smallint' },
  { column: 'income_class', type: 'text' },
  { column: 'income_steps', type: 'json' },
];

/**
 * Completes a row of an applicant: it needs its file number or its number in the national register, its days follow each
 * other, and the size and class of income are those the rules give for a household of which only the counts are known.
 */
export function deriveApplicant(
  values: RowValues,
  context: RowContext,
  addProblem: (problem: RowProblem) => void,
): (CellValue | null)[] {
  if (values.number === null && values.uniqueNumber === null)
    addProblem({ field: 'number', code: 'E-IMPORT-REQUIRED' });
  for (const field of ['birthDate', 'receivedOn', 'registeredOn']) {
    if (isAfter(values[field], context.today)) addProblem({ field, code: 'E-FIELD-FUTURE' });
  }
  if (isAfter(values.receivedOn, values.registeredOn ?? null)) {
    addProblem({ field: 'registeredOn', code: 'E-IMPORT-BEFORE', params: { day: String(values.receivedOn) } });
  }
  if (Number(values.disabledChildren ?? 0) > Number(values.children ?? 20)) {
    addProblem({ field: 'disabledChildren', code: 'E-FIELD-MAX', params: { maximum: Number(values.children) } });
  }
  const { bedrooms, income } = classify(countsOf(values), context);
  return [newId(), newId(), newId(), bedrooms.result, income.result.class, JSON.stringify(income.steps)];
}

/** Size and class of income under the organisation's own choices. */
export const classify = (counts: HouseholdCounts, context: RowContext) =>
  classifyByCounts(counts, {
    jurisdiction: context.jurisdiction,
    shareUntil: context.childrenShareUntil,
    on: context.today,
  });

const isAfter = (day: CellValue | null | undefined, limit: CellValue | null): boolean =>
  typeof day === 'string' && typeof limit === 'string' && day > limit;

/** A household as a row tells it; what it does not tell is what the register takes for granted. */
const countsOf = (values: RowValues): HouseholdCounts => ({
  adults: Number(values.adults ?? 1),
  children: Number(values.children ?? 0),
  couple: values.couple === true,
  disabledAdults: Number(values.disabledAdults ?? 0),
  disabledChildren: Number(values.disabledChildren ?? 0),
  incomeCents: typeof values.income === 'number' ? values.income : null,
  incomeEarners: Number(values.incomeEarners ?? 1),
});
