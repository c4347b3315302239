import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { defineNews } from '../../kernel/news.ts';
import {
  abilities,
  centsOut,
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  optionalText,
  queryList,
  searchText,
  steps,
  text,
} from '../../kernel/schemas.ts';

export const tenancyState = z.enum(['to-come', 'running', 'notice', 'ended']);
export const noticeParty = z.enum(['tenant', 'landlord', 'agreement']);

export const tenancyFilters = z.object({ q: searchText, state: queryList.optional() });

const tenancyItem = z.object({
  id,
  reference: z.string(),
  householdId: id,
  household: z.string(),
  dwellingId: id,
  address: z.string(),
  municipality: z.string(),
  startsOn: dayOut,
  endedOn: dayOut.nullable(),
  rentCents: centsOut,
  chargesCents: centsOut,
  state: tenancyState,
});

export const listTenancies = endpoint({
  id: 'tenancies.listTenancies',
  method: 'GET',
  path: '/tenancies',
  summary: 'Leases of the organisation',
  permission: 'tenancies.read',
  query: tenancyFilters.extend(listQuery),
  reply: listOf(tenancyItem),
});

const notice = z.object({
  id,
  givenBy: noticeParty,
  receivedOn: dayOut,
  months: z.number(),
  startsOn: dayOut,
  endsOn: dayOut,
  reason: z.string().nullable(),
  steps,
  withdrawnOn: dayOut.nullable(),
  withdrawnReason: z.string().nullable(),
  version: z.number(),
});

export const getTenancy = endpoint({
  id: 'tenancies.getTenancy',
  method: 'GET',
  path: '/tenancies/:id',
  summary: 'A lease with its first rent, its deposit and its notices',
  permission: 'tenancies.read',
  params: z.object({ id }),
  reply: tenancyItem.extend({
    applicationId: id.nullable(),
    dwellingReference: z.string(),
    kind: z.enum(['primary-residence', 'short-term', 'transit', 'social']),
    signedOn: dayOut,
    termOn: dayOut.nullable(),
    depositCents: centsOut,
    firstRentCents: centsOut,
    firstRentSteps: steps,
    incomeClass: z.string(),
    contingent: z.string().nullable(),
    holder: z.string().nullable(),
    householdFile: z.string(),
    householdEmail: z.string().nullable(),
    householdPhone: z.string().nullable(),
    batchId: id.nullable(),
    version: z.number(),
    notices: z.array(notice),
    can: abilities('recordNotice', 'withdrawNotice'),
  }),
});

export const tenanciesOfDwelling = endpoint({
  id: 'tenancies.listOfDwelling',
  method: 'GET',
  path: '/dwellings/:id/tenancies',
  summary: 'The leases of a dwelling, the last first',
  permission: 'tenancies.read',
  params: z.object({ id }),
  reply: z.object({ items: z.array(tenancyItem) }),
});

export const recordNotice = endpoint({
  id: 'tenancies.recordNotice',
  method: 'POST',
  path: '/tenancies/:id/notice',
  summary: 'Record the notice of a lease: its end is computed, the vacancy opens',
  permission: 'tenancies.manage',
  params: z.object({ id }),
  body: z.object({
    givenBy: noticeParty,
    receivedOn: localDate,
    /** Months agreed or ordered instead of those of the law. */
    months: z.number().int().min(0).max(12).optional(),
    agreedEnd: localDate.optional(),
    reason: optionalText(500),
    version: z.number().int(),
  }),
  reply: z.object({ id, startsOn: dayOut, endsOn: dayOut, steps }),
});

export const withdrawNotice = endpoint({
  id: 'tenancies.withdrawNotice',
  method: 'POST',
  path: '/notices/:id/withdrawal',
  summary: 'Withdraw a notice: the lease goes on, the vacancy is cancelled',
  permission: 'tenancies.manage',
  params: z.object({ id }),
  body: z.object({ reason: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

/** A dwelling will be free: sent when a notice is recorded. */
export const noticeRecorded = defineNews<{
  noticeId: string;
  tenancyId: string;
  dwellingId: string;
  householdId: string;
  receivedOn: LocalDate;
  endsOn: LocalDate;
  today: LocalDate;
}>('tenancies.notice-recorded');

/** The household stays after all. */
export const noticeWithdrawn = defineNews<{
  noticeId: string;
  tenancyId: string;
  dwellingId: string;
  today: LocalDate;
  reason: string;
}>('tenancies.notice-withdrawn');
