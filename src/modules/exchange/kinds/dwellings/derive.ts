import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { firstRent } from '../../../tenancies/index.ts';
import type { CellValue } from '../../rules/cells.ts';
import type { RowProblem, RowValues } from '../../rules/read-row.ts';
import type { DerivedColumn, RowContext } from '../kind.ts';

export const dwellingDerived: readonly DerivedColumn[] = [
  { column: 'dwelling_id', type: 'uuid' },
  { column: 'building_id', type: 'uuid' },
  { column: 'owner_id', type: 'uuid' },
  { column: 'contract_id', type: 'uuid' },
  { column: 'household_id', type: 'uuid' },
  { column: 'tenancy_id', type: 'uuid' },
  { column: 'occupancy', type: 'text' },
  { column: 'first_rent_cents', type: 'bigint' },
  { column: 'first_rent_steps', type: 'json' },
  { column: 'building_key', type: 'text' },
];

const contractFields = ['contractReference', 'contractKind', 'contractEndsOn', 'ownerRent', 'feeRate'] as const;
const ownerFields = [
  'ownerName',
  'ownerKind',
  'ownerEmail',
  'ownerPhone',
  'ownerLanguage',
  'ownerIban',
  'ownerEnterpriseNumber',
] as const;
const leaseFields = [
  'tenantFamilyName',
  'tenantGivenName',
  'leaseSignedOn',
  'leaseStartsOn',
  'tenantEmail',
  'tenantPhone',
] as const;

/**
 * Completes a row of a dwelling: the municipality becomes its code, rooms give the bedrooms when those are not told (one
 * room is the living room), a contract without a reference takes that of its dwelling, and the lease gives occupancy and
 * first rent. Owner and contract go together: neither is imported without the other.
 */
export function deriveDwelling(
  values: RowValues,
  context: RowContext,
  addProblem: (problem: RowProblem) => void,
): (CellValue | null)[] {
  placeMunicipality(values, context, addProblem);
  countBedrooms(values, addProblem);
  if (after(values.enteredOn, context.today)) addProblem({ field: 'enteredOn', code: 'E-FIELD-FUTURE' });
  const hasContract = completeContract(values, addProblem);
  const hasLease = completeLease(values, context, addProblem);
  const first = hasLease && firstRentOf(values, context);
  const begins = hasLease && (after(values.leaseStartsOn, context.today) ? 'reserved' : 'let');
  return [
    newId(),
    newId(),
    hasContract ? newId() : null,
    hasContract ? newId() : null,
    hasLease ? newId() : null,
    hasLease ? newId() : null,
    begins || (context.mapped.has('tenantFamilyName') ? 'void' : null),
    first ? first.result.rent : null,
    first ? JSON.stringify(first.steps) : null,
    values.buildingReference === null ? null : `r:${values.buildingReference}`,
  ];
}

const after = (day: CellValue | null | undefined, limit: CellValue | null): boolean =>
  typeof day === 'string' && typeof limit === 'string' && day > limit;

const isTold = (values: RowValues, fields: readonly string[]): boolean =>
  fields.some((field) => values[field] !== null);

function placeMunicipality(values: RowValues, context: RowContext, addProblem: (problem: RowProblem) => void): void {
  const typed = values.municipality;
  if (typed === null || typed === undefined) return;
  values.municipality = context.findMunicipality(String(typed), String(values.postalCode ?? ''));
  if (values.municipality === null)
    addProblem({ field: 'municipality', code: 'E-IMPORT-MUNICIPALITY', cell: String(typed) });
}

function countBedrooms(values: RowValues, addProblem: (problem: RowProblem) => void): void {
  if (values.bedrooms !== null) return;
  if (typeof values.rooms === 'number') values.bedrooms = Math.max(values.rooms - 1, 0);
  else if (values.kind === 'studio') values.bedrooms = 0;
  else addProblem({ field: 'bedrooms', code: 'E-IMPORT-REQUIRED' });
}

function completeContract(values: RowValues, addProblem: (problem: RowProblem) => void): boolean {
  const isContract = values.contractStartsOn !== null || isTold(values, contractFields);
  const isOwner = values.ownerReference !== null || isTold(values, ownerFields);
  if (!isContract && !isOwner) return false;
  if (values.ownerReference === null) addProblem({ field: 'ownerReference', code: 'E-IMPORT-REQUIRED' });
  if (values.contractStartsOn === null) addProblem({ field: 'contractStartsOn', code: 'E-IMPORT-REQUIRED' });
  if (after(values.contractStartsOn, values.contractEndsOn ?? null)) {
    addProblem({ field: 'contractEndsOn', code: 'E-IMPORT-BEFORE', params: { day: String(values.contractStartsOn) } });
  }
  if (values.reference !== null) values.contractReference ??= `C-${values.reference}`;
  return true;
}

function completeLease(values: RowValues, context: RowContext, addProblem: (problem: RowProblem) => void): boolean {
  if (!isTold(values, leaseFields)) return false;
  for (const field of ['tenantFamilyName', 'tenantGivenName', 'leaseStartsOn']) {
    if (values[field] === null) addProblem({ field, code: 'E-IMPORT-REQUIRED' });
  }
  values.leaseSignedOn ??= values.leaseStartsOn ?? null;
  if (after(values.leaseSignedOn, context.today)) addProblem({ field: 'leaseSignedOn', code: 'E-FIELD-FUTURE' });
  if (after(values.leaseSignedOn, values.leaseStartsOn ?? null)) {
    addProblem({ field: 'leaseStartsOn', code: 'E-IMPORT-BEFORE', params: { day: String(values.leaseSignedOn) } });
  }
  return true;
}

const firstRentOf = (values: RowValues, context: RowContext) =>
  typeof values.rent === 'number' && typeof values.leaseStartsOn === 'string'
    ? firstRent({ rent: values.rent, startsOn: values.leaseStartsOn as LocalDate, method: context.firstRentMethod })
    : undefined;
