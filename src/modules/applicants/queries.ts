import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList, matchesSearch } from '../../platform/lists/list.ts';
import { applicationFilters, type getApplication, registerFilters } from './contract.ts';
import type { IncomeClass } from './rules/income-class.ts';
import type { Suitability } from './rules/suitability.ts';

export const applicationList = defineList({
  name: 'applicants.applications',
  permission: 'applicants.read',
  filters: applicationFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('applicants.applications as a')
      .innerJoin('applicants.households as h', (join) =>
        join.onRef('h.organisation_id', '=', 'a.organisation_id').onRef('h.id', '=', 'a.household_id'),
      )
      .select([
        'a.id',
        'a.number',
        'a.household_id as householdId',
        'h.family_name as familyName',
        'h.given_name as givenName',
        'a.state',
        'a.registered_on as registeredOn',
        'a.received_on as receivedOn',
        'a.bedrooms_needed as bedroomsNeeded',
        'a.persons',
        'h.adults',
        'h.children',
        'a.income_class as incomeClass',
        'h.income_cents as incomeCents',
        'a.priority_group as priorityGroup',
        'a.unique_number as uniqueNumber',
        'a.exit_on as exitOn',
        'a.exit_cause as exitCause',
      ])
      .where('a.organisation_id', '=', organisationId);
    if (filters.q) query = query.where(matchesSearch('a.id', 'application', filters.q));
    if (filters.state) query = query.where('a.state', 'in', filters.state);
    if (filters.bedrooms !== undefined) query = query.where('a.bedrooms_needed', '=', filters.bedrooms);
    if (filters.incomeClass) query = query.where('a.income_class', 'in', filters.incomeClass);
    if (filters.priorityGroup) query = query.where('a.priority_group', 'in', filters.priorityGroup);
    return query;
  },
  sorts: { received: ['a.received_on', 'a.id'], number: ['a.number', 'a.id'] },
  defaultSort: 'received',
  columns: [
    { key: 'number', type: 'text' },
    { key: 'familyName', type: 'text' },
    { key: 'givenName', type: 'text' },
    { key: 'state', type: 'word', words: 'application-state' },
    { key: 'receivedOn', type: 'day' },
    { key: 'registeredOn', type: 'day' },
    { key: 'bedroomsNeeded', type: 'count' },
    { key: 'persons', type: 'count' },
    { key: 'incomeClass', type: 'word', words: 'income-class' },
    { key: 'priorityGroup', type: 'text' },
    { key: 'exitOn', type: 'day' },
    { key: 'exitCause', type: 'word', words: 'exit-cause' },
  ],
});

/** The register of the order: every application once complete, in chronological order, without names. */
export const registerList = defineList({
  name: 'applicants.register',
  permission: 'register.read',
  filters: registerFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('applicants.applications as a')
      .leftJoin('portfolio.dwelling_cards as d', (join) =>
        join.onRef('d.organisation_id', '=', 'a.organisation_id').onRef('d.id', '=', 'a.housed_dwelling_id'),
      )
      .select([
        'a.id',
        'a.number',
        'a.registered_on as registeredOn',
        'a.persons',
        'a.bedrooms_needed as bedroomsNeeded',
        'a.state',
        'a.exit_on as exitOn',
        'a.exit_cause as exitCause',
        'd.reference as dwelling',
      ])
      .where('a.organisation_id', '=', organisationId)
      .where('a.registered_on', 'is not', null);
    if (filters.state) query = query.where('a.state', 'in', filters.state);
    if (filters.bedrooms !== undefined) query = query.where('a.bedrooms_needed', '=', filters.bedrooms);
    return query;
  },
  sorts: { registration: ['a.registered_on', 'a.id'] },
  defaultSort: 'registration',
  columns: [
    { key: 'number', type: 'text' },
    { key: 'registeredOn', type: 'day' },
    { key: 'persons', type: 'count' },
    { key: 'bedroomsNeeded', type: 'count' },
    { key: 'state', type: 'word', words: 'application-state' },
    { key: 'exitOn', type: 'day' },
    { key: 'exitCause', type: 'word', words: 'exit-cause' },
    { key: 'dwelling', type: 'text' },
  ],
});

export type ApplicationRow = Omit<z.output<typeof getApplication.reply & {}>, 'can' | 'bedroomSteps'>;

/** An application with its household and members. National numbers stay where they are; only their presence is told. */
export const applicationRecord = (organisationId: string, applicationId: string): CompiledQuery<ApplicationRow> =>
  sql<ApplicationRow>`
    select a.id, a.number, a.household_id as "householdId", h.family_name as "familyName", h.given_name as "givenName",
      a.state, a.registered_on as "registeredOn", a.received_on as "receivedOn", a.bedrooms_needed as "bedroomsNeeded",
      a.persons, a.income_class as "incomeClass", a.priority_group as "priorityGroup", a.exit_on as "exitOn",
      a.exit_cause as "exitCause", a.unique_number as "uniqueNumber", a.quartile, a.pays_into_action_logement as "paysIntoActionLogement",
      a.public_agent as "publicAgent", a.social_flags as "socialFlags",
      a.requested_municipalities as "requestedMunicipalities", a.exit_reason as "exitReason",
      a.housed_dwelling_id as "housedDwellingId", a.income_class_on as "incomeClassOn",
      coalesce(a.income_steps, '[]') as "incomeSteps", a.batch_id as "batchId", a.version,
      case when a.state = 'active' then (select count(*)::int from applicants.applications o
        where o.organisation_id = a.organisation_id and o.state = 'active' and o.bedrooms_needed = a.bedrooms_needed
          and (o.registered_on, o.id) < (a.registered_on, a.id)) end as before,
      json_build_object('id', h.id, 'reference', h.reference, 'language', h.language, 'email', h.email, 'phone', h.phone,
        'street', h.street, 'postalCode', h.postal_code, 'city', h.city, 'adults', h.adults, 'children', h.children,
        'couple', h.couple, 'disabledAdults', h.disabled_adults, 'disabledChildren', h.disabled_children,
        'incomeCents', h.income_cents, 'incomeYear', h.income_year, 'incomeEarners', h.income_earners, 'note', h.note,
        'version', h.version, 'members', m.members) as household
    from applicants.applications a
    join applicants.households h on h.organisation_id = a.organisation_id and h.id = a.household_id
    cross join lateral (select coalesce(json_agg(json_build_object('id', m.id, 'familyName', m.family_name,
        'givenName', m.given_name, 'birthDate', m.birth_date, 'sex', m.sex, 'relation', m.relation, 'disabled', m.disabled,
        'hasNationalNumber', m.has_national_number)
        order by array_position(array['reference', 'partner', 'parent', 'child', 'other'], m.relation), m.birth_date), '[]') as members
      from applicants.members m where m.organisation_id = a.organisation_id and m.household_id = a.household_id) m
    where a.organisation_id = ${organisationId} and a.id = ${applicationId}`.compile(statements);

export type RankedRow = {
  rank: number;
  applicationId: string;
  householdId: string;
  number: string;
  familyName: string;
  givenName: string;
  registeredOn: string;
  persons: number;
  adults: number;
  children: number;
  incomeClass: IncomeClass;
  incomeCents: number | null;
};

/**
 * The first candidates of the register for a dwelling, in the order of their registration. The inner query reads the
 * index `applications_ranked` alone (checked by a test): 50 of 780,000 cost what 50 cost.
 */
export const rankedCandidates = (
  organisationId: string,
  criteria: Suitability & { classes: readonly IncomeClass[] },
  limit: number,
): CompiledQuery<RankedRow> =>
  sql<RankedRow>`
    with ranked as materialized (
      select a.registered_on, a.id, a.number, a.household_id, a.persons, a.income_class
      from applicants.applications a
      where a.organisation_id = ${organisationId} and a.state = 'active' and a.bedrooms_needed = ${criteria.bedroomsNeeded}
        and a.income_class = any(${[...criteria.classes]}::text[])
        and (${criteria.personsAtMost}::int is null or a.persons <= ${criteria.personsAtMost}::int)
      order by a.registered_on, a.id
      limit ${limit})
    select row_number() over (order by r.registered_on, r.id)::int as rank, r.id as "applicationId",
      r.household_id as "householdId", r.number, h.family_name as "familyName", h.given_name as "givenName",
      r.registered_on as "registeredOn", r.persons, h.adults, h.children, r.income_class as "incomeClass",
      h.income_cents as "incomeCents"
    from ranked r
    join applicants.households h on h.organisation_id = ${organisationId} and h.id = r.household_id
    order by r.registered_on, r.id`.compile(statements);

export type ExcludedRow = { over: number; moderate: number; unknown: number; tooMany: number };

/**
 * How many households of the right size are not ranked, by reason: the index `applications_by_suitability` counts each
 * without a look at those who are ranked.
 */
export const excludedCandidates = (
  organisationId: string,
  criteria: Suitability & { classes: readonly IncomeClass[] },
): CompiledQuery<ExcludedRow> => {
  const classes = sql`${[...criteria.classes]}::text[]`;
  const count = (reason: RawBuilder<boolean>) => sql<number>`(select count(*)::int from applicants.applications
    where organisation_id = ${organisationId} and state = 'active' and bedrooms_needed = ${criteria.bedroomsNeeded}
      and ${reason})`;
  return sql<ExcludedRow>`
    select ${count(sql`income_class = 'over'`)} as over,
      ${count(sql`income_class = 'moderate' and not 'moderate' = any(${classes})`)} as moderate,
      ${count(sql`income_class = 'unknown'`)} as unknown,
      ${count(sql`income_class = any(${classes}) and persons > ${criteria.personsAtMost}::int`)} as "tooMany"`.compile(
    statements,
  );
};

export type ApplicationCard = {
  id: string;
  number: string;
  householdId: string;
  state: string;
  registeredOn: string | null;
  bedroomsNeeded: number;
  persons: number;
  incomeClass: IncomeClass;
  uniqueNumber: string | null;
  priorityGroup: string | null;
  quartile: number | null;
  familyName: string;
  givenName: string;
  language: string;
  email: string | null;
  phone: string | null;
  adults: number;
  children: number;
  incomeCents: number | null;
  incomeYear: number | null;
};

const applicationCards = (tx: Tx, organisationId: string) =>
  tx
    .selectFrom('applicants.application_cards as a')
    .innerJoin('applicants.household_cards as h', (join) =>
      join.onRef('h.organisation_id', '=', 'a.organisation_id').onRef('h.id', '=', 'a.household_id'),
    )
    .select([
      'a.id',
      'a.number',
      'a.household_id as householdId',
      'a.state',
      'a.registered_on as registeredOn',
      'a.bedrooms_needed as bedroomsNeeded',
      'a.persons',
      'a.income_class as incomeClass',
      'a.unique_number as uniqueNumber',
      'a.priority_group as priorityGroup',
      'a.quartile',
      'h.family_name as familyName',
      'h.given_name as givenName',
      'h.language',
      'h.email',
      'h.phone',
      'h.adults',
      'h.children',
      'h.income_cents as incomeCents',
      'h.income_year as incomeYear',
    ])
    .where('a.organisation_id', '=', organisationId);

/** Applications by their identifiers, for the module that allocates. */
export async function findApplications(tx: Tx, organisationId: string, ids: string[]): Promise<ApplicationCard[]> {
  if (ids.length === 0) return [];
  return (await applicationCards(tx, organisationId).where('a.id', 'in', ids).execute()) as ApplicationCard[];
}

export async function findApplicationByUniqueNumber(
  tx: Tx,
  organisationId: string,
  uniqueNumber: string,
): Promise<ApplicationCard | undefined> {
  return (await applicationCards(tx, organisationId)
    .where('a.unique_number', '=', uniqueNumber)
    .where('a.state', 'in', ['active', 'incomplete', 'suspended'])
    .executeTakeFirst()) as ApplicationCard | undefined;
}
