import { sql } from 'kysely';
import { type BulkTable, indexAllForSearch, type Sql } from '../../platform/database/bulk.ts';
import { classifyHousehold, type HouseholdFacts, type HouseholdMember } from './rules/classify-household.ts';

/** What may be told of households and their applications, many at once. */

export const householdsInBulk: BulkTable = {
  kind: 'household',
  table: 'applicants.households',
  reference: 'reference',
  columns: [
    ...[
      'family_name',
      'given_name',
      'language',
      'email',
      'phone',
      'street',
      'postal_code',
      'city',
      'adults',
      'children',
      'couple',
    ],
    ...['disabled_adults', 'disabled_children', 'income_cents', 'income_year', 'income_earners'],
  ],
  defaults: {
    language: 'fr',
    adults: 1,
    children: 0,
    couple: false,
    disabled_adults: 0,
    disabled_children: 0,
    income_earners: 1,
  },
};

export const applicationsInBulk: BulkTable = {
  kind: 'application',
  table: 'applicants.applications',
  reference: 'number',
  columns: [
    ...[
      'state',
      'received_on',
      'registered_on',
      'bedrooms_needed',
      'persons',
      'income_class',
      'income_class_on',
      'income_steps',
    ],
    ...['unique_number', 'priority_group', 'quartile'],
  ],
  ofNew: ['household_id'],
};

/** The person of reference of each household, as a part of a statement to join. */
export const referenceMembers = (organisationId: string): Sql => sql`
  (select distinct on (household_id) household_id, id, family_name, given_name, birth_date, sex, has_national_number
    from applicants.members where organisation_id = ${organisationId} and relation = 'reference' order by household_id, id)`;

type From = { organisationId: string; batchId: string };

/**
 * Adds the person of reference of new households.
 * @param rows selection of id, household_id, family_name, given_name, birth_date, sex and national_number
 */
export const addReferenceMembers = ({ organisationId, batchId }: From, rows: Sql): Sql => sql`
  insert into applicants.members (organisation_id, id, household_id, family_name, given_name, birth_date, sex, relation,
    national_number, batch_id)
  select ${organisationId}, r.id, r.household_id, r.family_name, r.given_name, r.birth_date, r.sex, 'reference', r.national_number,
    ${batchId}
  from (${rows}) as r`;

/**
 * Changes persons of reference; a null leaves what is known.
 * @param rows selection of id, family_name, given_name, birth_date and sex
 */
export const changeReferenceMembers = (organisationId: string, rows: Sql): Sql => sql`
  update applicants.members m set family_name = r.family_name, given_name = r.given_name,
    birth_date = coalesce(r.birth_date, m.birth_date), sex = coalesce(r.sex, m.sex)
  from (${rows}) as r
  where m.organisation_id = ${organisationId} and m.id = r.id`;

/**
 * Writes the national numbers of persons who had none on file. A number is never replaced: another number is another
 * person.
 * @param rows selection of id and national_number
 */
export const addNationalNumbers = (organisationId: string, rows: Sql): Sql => sql`
  update applicants.members m set national_number = r.national_number
  from (${rows}) as r
  where m.organisation_id = ${organisationId} and m.id = r.id and not m.has_national_number`;

/**
 * Puts persons of reference back as they were.
 * @param rows selection of id, family_name, given_name, birth_date and sex
 */
export const restoreReferenceMembers = (organisationId: string, rows: Sql): Sql => sql`
  update applicants.members m set family_name = r.family_name, given_name = r.given_name, birth_date = r.birth_date, sex = r.sex
  from (${rows}) as r
  where m.organisation_id = ${organisationId} and m.id = r.id`;

/** Takes national numbers off again. @param ids selection of identifiers */
export const removeNationalNumbers = (organisationId: string, ids: Sql): Sql => sql`
  update applicants.members set national_number = null where organisation_id = ${organisationId} and id in (${ids})`;

/** Removes the members a batch made, of the households told. @param households selection of identifiers */
export const removeMembers = ({ organisationId, batchId }: From, households: Sql): Sql => sql`
  delete from applicants.members
  where organisation_id = ${organisationId} and batch_id = ${batchId} and household_id in (${households})`;

/**
 * Moves the counters of the years behind the numbers given by hand (« 2024-0117 »), so that the next application
 * registered does not find its number taken.
 * @param numbers selection of number
 */
export const passNumbersGiven = (organisationId: string, numbers: Sql): Sql => sql`
  insert into platform.counters as c (organisation_id, name, value)
  select ${organisationId}, 'applications-' || substr(number, 1, 4), max(substr(number, 6)::bigint)
  from (${numbers}) as given where number ~ '^[0-9]{4}-[0-9]{1,9}$' group by substr(number, 1, 4)
  on conflict (organisation_id, name) do update set value = greatest(c.value, excluded.value)`;

/**
 * Gives numbers to applications that have none, following those of the year in which they were received, in the
 * temporary table `application_numbers` (id, number).
 * @param applications selection of id, number (null where it is to be given) and received_on
 */
export const numberApplications = (organisationId: string, applications: Sql): Sql[] => [
  sql`create temporary table application_numbers on commit drop as
    select a.id, a.number, a.received_on, extract(year from a.received_on)::int as year from (${applications}) as a`,
  passNumbersGiven(organisationId, sql`select number from application_numbers where number is not null`),
  sql`insert into platform.counters as c (organisation_id, name, value)
    select ${organisationId}, 'applications-' || year, count(*) from application_numbers where number is null group by year order by year
    on conflict (organisation_id, name) do update set value = c.value + excluded.value`,
  sql`update application_numbers n set number = numbered.number
    from (select id, year || '-' || lpad(place, greatest(4, length(place)), '0') as number
      from (select a.id, a.year, (c.value - count(*) over year + row_number() over (year order by a.received_on, a.id))::text as place
        from application_numbers a
        join platform.counters c on c.organisation_id = ${organisationId} and c.name = 'applications-' || a.year
        where a.number is null
        window year as (partition by a.year)) as placed) as numbered
    where numbered.id = n.id`,
];

/** Makes applications findable, as registering one does. @param ids selection of identifiers */
export const indexApplications = (organisationId: string, ids: Sql): Sql =>
  indexAllForSearch(sql`
    select a.organisation_id, 'application', a.id, h.family_name || ' ' || h.given_name, a.number,
      platform.fold(concat_ws(' ', m.names, a.number, a.unique_number, h.email, h.phone))
    from applicants.applications a
    join applicants.households h on h.organisation_id = a.organisation_id and h.id = a.household_id
    cross join lateral (select string_agg(m.family_name || ' ' || m.given_name, ' ') as names from applicants.members m
      where m.organisation_id = a.organisation_id and m.household_id = h.id) m
    where a.organisation_id = ${organisationId} and a.id in (${ids})`);

/** A household of which only the counts are known. */
export type HouseholdCounts = {
  adults: number;
  children: number;
  couple: boolean;
  disabledAdults: number;
  disabledChildren: number;
  incomeCents: number | null;
  incomeEarners: number;
};

/** Bedrooms and class of income of a household known by its counts, by the rule of every household. */
export function classifyByCounts(
  counts: HouseholdCounts,
  context: Pick<HouseholdFacts, 'jurisdiction' | 'shareUntil' | 'on'>,
) {
  const anyone = (relation: HouseholdMember['relation'], disabled: boolean): HouseholdMember => ({
    relation,
    sex: null,
    birthDate: null,
    disabled,
  });
  const members = [
    ...Array.from({ length: counts.adults }, (_, index) => anyone('other', index < counts.disabledAdults)),
    ...Array.from({ length: counts.children }, (_, index) => anyone('child', index < counts.disabledChildren)),
  ];
  return classifyHousehold({
    ...context,
    members,
    couple: counts.couple,
    incomeCents: counts.incomeCents,
    incomeEarners: counts.incomeEarners,
  });
}
