import { type CompiledQuery, sql } from 'kysely';
import type { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList, matchesSearch } from '../../platform/lists/list.ts';
import { type getTenancy, type tenanciesOfDwelling, tenancyFilters } from './contract.ts';

type TenancyItem = z.output<NonNullable<typeof tenanciesOfDwelling.reply>>['items'][number];
export type TenancyRow = Omit<z.output<NonNullable<typeof getTenancy.reply>>, 'can'>;

/** Where a lease stands on a day. */
const stateOn = (today: LocalDate) => sql<TenancyItem['state']>`case
  when t.ended_on < ${today}::date then 'ended'
  when t.ended_on is not null then 'notice'
  when t.starts_on > ${today}::date then 'to-come'
  else 'running' end`;

const columns = (today: LocalDate) => sql`t.id, t.reference, t.household_id as "householdId",
  h.family_name || ' ' || h.given_name as household, t.dwelling_id as "dwellingId",
  d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address, d.municipality_fr as municipality,
  t.starts_on as "startsOn", t.ended_on as "endedOn", t.rent_cents as "rentCents", t.charges_cents as "chargesCents",
  ${stateOn(today)} as state`;

const source = sql`tenancies.tenancies t
  join applicants.household_cards h on h.organisation_id = t.organisation_id and h.id = t.household_id
  join portfolio.dwelling_cards d on d.organisation_id = t.organisation_id and d.id = t.dwelling_id`;

export const tenancyList = defineList({
  name: 'tenancies.tenancies',
  permission: 'tenancies.read',
  filters: tenancyFilters,
  select({ organisationId, filters, today }) {
    const state = stateOn(today);
    let query = statements
      .selectFrom('tenancies.tenancies as t')
      .innerJoin('applicants.household_cards as h', (join) =>
        join.onRef('h.organisation_id', '=', 't.organisation_id').onRef('h.id', '=', 't.household_id'),
      )
      .innerJoin('portfolio.dwelling_cards as d', (join) =>
        join.onRef('d.organisation_id', '=', 't.organisation_id').onRef('d.id', '=', 't.dwelling_id'),
      )
      .select([
        't.id',
        't.reference',
        't.household_id as householdId',
        sql<string>`h.family_name || ' ' || h.given_name`.as('household'),
        't.dwelling_id as dwellingId',
        sql<string>`d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '')`.as('address'),
        'd.municipality_fr as municipality',
        't.starts_on as startsOn',
        't.ended_on as endedOn',
        't.rent_cents as rentCents',
        't.charges_cents as chargesCents',
        state.as('state'),
      ])
      .where('t.organisation_id', '=', organisationId);
    if (filters.q) {
      const text = filters.q;
      query = query.where((eb) =>
        eb.or([matchesSearch('t.id', 'tenancy', text), matchesSearch('t.dwelling_id', 'dwelling', text)]),
      );
    }
    if (filters.state) query = query.where(state, 'in', filters.state as never);
    return query;
  },
  sorts: { start: ['t.starts_on', 't.id'], reference: ['t.reference', 't.id'] },
  defaultSort: 'start',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'household', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'startsOn', type: 'day' },
    { key: 'endedOn', type: 'day' },
    { key: 'rentCents', type: 'cents' },
    { key: 'chargesCents', type: 'cents' },
    { key: 'state', type: 'word', words: 'tenancy-state' },
  ],
});

export const tenancyRecord = (organisationId: string, tenancyId: string, today: LocalDate): CompiledQuery<TenancyRow> =>
  sql<TenancyRow>`select ${columns(today)}, t.application_id as "applicationId", d.reference as "dwellingReference", t.kind,
      t.signed_on as "signedOn", t.term_on as "termOn", t.deposit_cents as "depositCents",
      t.first_rent_cents as "firstRentCents", t.first_rent_steps as "firstRentSteps", t.income_class as "incomeClass",
      t.contingent, o.name as holder, h.reference as "householdFile", h.email as "householdEmail",
      h.phone as "householdPhone", t.batch_id as "batchId", t.version, n.notices
    from ${source}
    left join organisations.organisations o on o.id = t.holder_id
    cross join lateral (select coalesce(json_agg(json_build_object('id', n.id, 'givenBy', n.given_by,
        'receivedOn', n.received_on, 'months', n.months, 'startsOn', n.starts_on, 'endsOn', n.ends_on, 'reason', n.reason,
        'steps', n.steps, 'withdrawnOn', n.withdrawn_on, 'withdrawnReason', n.withdrawn_reason, 'version', n.version)
        order by n.received_on desc, n.id desc), '[]') as notices
      from tenancies.notices n where n.organisation_id = t.organisation_id and n.tenancy_id = t.id) n
    where t.organisation_id = ${organisationId} and t.id = ${tenancyId}`.compile(statements);

export const dwellingTenancies = (
  organisationId: string,
  dwellingId: string,
  today: LocalDate,
): CompiledQuery<TenancyItem> =>
  sql<TenancyItem>`select ${columns(today)} from ${source}
    where t.organisation_id = ${organisationId} and t.dwelling_id = ${dwellingId}
    order by t.starts_on desc`.compile(statements);

export type TenancyCard = {
  id: string;
  dwellingId: string;
  householdId: string;
  startsOn: LocalDate;
  endedOn: LocalDate | null;
  version: number;
};

/** Holds a lease for the rest of the transaction. */
export async function lockTenancy(tx: Tx, organisationId: string, tenancyId: string): Promise<TenancyCard | undefined> {
  return tx
    .selectFrom('tenancies.tenancies')
    .select([
      'id',
      'dwelling_id as dwellingId',
      'household_id as householdId',
      'starts_on as startsOn',
      'ended_on as endedOn',
      'version',
    ])
    .where('organisation_id', '=', organisationId)
    .where('id', '=', tenancyId)
    .forUpdate()
    .executeTakeFirst() as Promise<TenancyCard | undefined>;
}

/** Running leases that took a place of the third of the stock open to moderate incomes. */
export async function countModerate(tx: Tx, organisationId: string, on: LocalDate): Promise<number> {
  const { total } = await tx
    .selectFrom('tenancies.tenancies')
    .select(sql<number>`count(*)::int`.as('total'))
    .where('organisation_id', '=', organisationId)
    .where('income_class', '=', 'moderate')
    .where((eb) => eb.or([eb('ended_on', 'is', null), eb('ended_on', '>=', on)]))
    .executeTakeFirstOrThrow();
  return total;
}
