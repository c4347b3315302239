import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  optionalText,
  queryList,
  queryNumber,
  steps,
} from '../../../kernel/schemas.ts';
import { countsTouched, reconciliationReasons } from './rules/reconcile.ts';

export const reconciliationReason = z.enum(reconciliationReasons);
export const countTouched = z.enum(countsTouched);

const year = queryNumber.int().min(2015).max(2100).optional();

const countRow = z.object({
  reason: reconciliationReason,
  counted: countTouched,
  /** Our contingent, `own` for the landlord's own. */
  contingent: z.string(),
  party: z.string(),
  lines: z.number(),
  /** Of which said to be mended in the register of the State. */
  corrected: z.number(),
  /** What the count would lose (negative) or has too much, as long as nothing is mended. */
  effect: z.number(),
});

export const getReconciliation = endpoint({
  id: 'flow.getReconciliation',
  method: 'GET',
  path: '/reconciliation',
  summary:
    'Leases of a year against the national register and SYPLO, counted by reason and by party; for others than the landlord, without names',
  permission: 'flow.read',
  query: z.object({ year }),
  reply: z.object({
    year: z.number(),
    /** Leases of the year that followed an attribution; null for others than the landlord. */
    leases: z.number().nullable(),
    closuresUntil: dayOut.nullable(),
    labelsUntil: dayOut.nullable(),
    /** The landlord's own. */
    own: z.array(countRow),
    /** Of landlords one watches over, or holds a contingent of. */
    others: z.array(
      countRow
        .omit({ party: true })
        .extend({ landlordId: id, landlord: z.string(), department: z.string().nullable() }),
    ),
  }),
});

export const reconciliationFilters = z.object({
  year,
  reason: queryList.optional(),
  counted: queryList.optional(),
  contingent: queryList.optional(),
  /** Only what is still to be mended, or only what was. */
  standing: z.enum(['open', 'corrected']).optional(),
});

const reconciliationLine = z.object({
  key: z.string(),
  subjectId: id,
  tenancyId: id.nullable(),
  reason: reconciliationReason,
  counted: countTouched,
  effect: z.number(),
  signedOn: dayOut.nullable(),
  reference: z.string().nullable(),
  uniqueNumber: z.string().nullable(),
  household: z.string().nullable(),
  party: z.string().nullable(),
  contingent: z.string(),
  toldContingent: z.string().nullable(),
  priorityGroup: z.string().nullable(),
  decidedOn: dayOut.nullable(),
  closedOn: dayOut.nullable(),
  dwellingReference: z.string().nullable(),
  correctedOn: dayOut.nullable(),
  steps,
});
export type ReconciliationLine = z.output<typeof reconciliationLine>;

export const listReconciliation = endpoint({
  id: 'flow.listReconciliation',
  method: 'GET',
  path: '/reconciliation/lines',
  summary: 'Each disagreement between a lease, its closure in the national register and the labels of its household',
  permission: 'flow.reconcile',
  query: reconciliationFilters.extend({ ...listQuery, order: z.enum(['asc', 'desc']).default('desc') }),
  reply: listOf(reconciliationLine),
});

export const noteCorrection = endpoint({
  id: 'flow.noteCorrection',
  method: 'POST',
  path: '/reconciliation/corrections',
  summary: 'Note that a disagreement was mended in the register of the State, and when',
  permission: 'flow.reconcile',
  body: z.object({ subjectId: id, reason: reconciliationReason, correctedOn: localDate, note: optionalText(500) }),
  reply: z.object({ id }),
});
