import { sql } from 'kysely';
import { knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { StreamTransaction } from '../../../../platform/database/stream-transaction.ts';
import {
  applicationsInBulk,
  type HouseholdCounts,
  householdsInBulk,
  referenceMembers,
} from '../../../applicants/index.ts';
import type { BatchScope, RecordCounts, RowContext } from '../kind.ts';
import { duplicates } from '../preview-checks.ts';
import { classify } from './derive.ts';

/** Finds the applications that rows mean: by their file number, else by their number in the national register. */
export const prepareApplicants = ({ organisationId }: BatchScope): Sql[] => [
  sql`create temporary table known on commit drop as
    with numbered as (
      select i.line, a.id from incoming i
      join applicants.application_cards a on a.organisation_id = ${organisationId} and a.number = i.number),
    unique_numbered as (
      select distinct on (i.line) i.line, a.id from incoming i
      join applicants.application_cards a on a.organisation_id = ${organisationId} and a.unique_number = i.unique_number
        and a.state in ('active', 'incomplete', 'suspended')
      where not exists (select 1 from numbered n where n.line = i.line)
      order by i.line, a.registered_on, a.id)
    select f.line, a.id as application_id, a.number, a.unique_number, a.state, a.household_id, m.id as member_id, m.has_national_number
    from (select * from numbered union all select * from unique_numbered) as f
    join applicants.application_cards a on a.organisation_id = ${organisationId} and a.id = f.id
    left join ${referenceMembers(organisationId)} m on m.household_id = a.household_id`,
  sql`analyze known`,
];

export const applicantChecks = ({ organisationId }: BatchScope): Sql[] => [
  duplicates('number', 'number'),
  duplicates('unique_number', 'uniqueNumber'),
  sql`select line, 'number', 'E-IMPORT-CLOSED', jsonb_build_object('number', number) from known where state in ('housed', 'removed')`,
  sql`select i.line, 'uniqueNumber', 'E-IMPORT-IDENTITY', jsonb_build_object('number', k.number)
    from incoming i join known k on k.line = i.line
    where k.number <> i.number or k.unique_number <> i.unique_number`,
  sql`select k.line, 'nationalNumber', 'E-IMPORT-IDENTITY', jsonb_build_object('number', k.number)
    from known k
    join applicants.compare_national_numbers(
      (select array_agg(k.member_id order by k.line) from known k join incoming i on i.line = k.line where i.national_number is not null),
      (select array_agg(i.national_number order by k.line) from known k join incoming i on i.line = k.line where i.national_number is not null)
    ) as compared on compared.member_id = k.member_id
    where compared.differs`,
  sql`select i.line, 'number', 'E-IMPORT-REFERENCE-TAKEN', '{}'::jsonb
    from incoming i
    where not exists (select 1 from known k where k.line = i.line)
      and exists (select 1 from applicants.household_cards h where h.organisation_id = ${organisationId} and h.reference = i.number)`,
];

const told = [
  ...[
    'number',
    'unique_number',
    'family_name',
    'given_name',
    'birth_date',
    'sex',
    'national_number',
    'language',
    'email',
    'phone',
  ],
  ...[
    'street',
    'postal_code',
    'city',
    'adults',
    'children',
    'couple',
    'disabled_adults',
    'disabled_children',
    'income_cents',
  ],
  ...['income_year', 'income_earners', 'received_on', 'registered_on', 'priority_group', 'quartile'],
] as const;

const settled = [
  ...[
    'bedrooms_needed',
    'income_class',
    'income_steps',
    'application_id',
    'application_version',
    'household_id',
    'household_version',
  ],
  ...['member_id', 'adds_national_number', 'effect'],
] as const;

/** Whether what the file tells of a record differs from what is known: a null in the file tells nothing. */
const differs = (record: string, columns: readonly string[]) => sql`
  (${sql.join(columns.map((column) => sql`coalesce(i.${sql.ref(column)}, ${sql.ref(`${record}.${column}`)})`))})
  is distinct from (${sql.join(columns.map((column) => sql.ref(`${record}.${column}`)))})`;

const composition = ['adults', 'children', 'couple', 'disabled_adults', 'disabled_children'];
const means = ['income_cents', 'income_earners'];

/**
 * Writes the good rows, each with the application it creates or changes. Size and class of income of a known household
 * are computed anew only where the row changes what they depend on: its members, if known one by one, tell more than
 * counts do.
 */
export async function settleApplicants(
  stream: StreamTransaction,
  { organisationId, batchId }: BatchScope,
  context: RowContext,
): Promise<void> {
  await stream.run(sql`
    insert into exchange.staged_applicants (organisation_id, batch_id, line, cells, ${sql.join([...told, ...settled].map((name) => sql.ref(name)))})
    select ${organisationId}, ${batchId}, i.line, i.cells, ${sql.join(told.map((name) => sql.ref(`i.${name}`)))},
      case when a.id is null or ${differs('h', composition)} then i.bedrooms_needed end,
      case when a.id is null or ${differs('h', [...composition, ...means])} then i.income_class end,
      case when a.id is null or ${differs('h', [...composition, ...means])} then i.income_steps end,
      coalesce(a.id, i.application_id), a.version, coalesce(h.id, i.household_id), h.version, coalesce(m.id, i.member_id),
      k.member_id is not null and i.national_number is not null and not k.has_national_number,
      case when a.id is null then 'create'
        when ${differs('h', ['family_name', 'given_name', 'language', 'email', 'phone', 'street', 'postal_code', 'city', ...composition, 'income_year', ...means])}
          or ${differs('a', ['unique_number', 'received_on', 'registered_on', 'priority_group', 'quartile'])}
          or (m.id is not null and ${differs('m', ['family_name', 'given_name', 'birth_date', 'sex'])})
          or (i.national_number is not null and m.id is not null and not m.has_national_number) then 'update'
        else 'unchanged' end
    from incoming i
    left join known k on k.line = i.line
    left join ${knownRecords(applicationsInBulk, organisationId)} a on a.id = k.application_id
    left join ${knownRecords(householdsInBulk, organisationId)} h on h.id = k.household_id
    left join ${referenceMembers(organisationId)} m on m.household_id = k.household_id
    where i.problems is null`);
  await classifyMerged(stream, { organisationId, batchId }, context);
}

type MergedRow = HouseholdCounts & { line: number; anew: boolean };

/** How many households are classified at a time. */
const portion = 5_000;

/**
 * Classifies known households of which the row changes something, by what the row tells and what was known together.
 * New ones were classified as they were read.
 */
async function classifyMerged(
  stream: StreamTransaction,
  scope: { organisationId: string; batchId: string },
  context: RowContext,
): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await stream.run(sql<MergedRow>`
      select s.line, s.bedrooms_needed is not null as anew, coalesce(s.adults, h.adults) as adults,
        coalesce(s.children, h.children) as children, coalesce(s.couple, h.couple) as couple,
        coalesce(s.disabled_adults, h.disabled_adults) as "disabledAdults",
        coalesce(s.disabled_children, h.disabled_children) as "disabledChildren",
        coalesce(s.income_cents, h.income_cents) as "incomeCents", coalesce(s.income_earners, h.income_earners) as "incomeEarners"
      from exchange.staged_applicants s
      join ${knownRecords(householdsInBulk, scope.organisationId)} h on h.id = s.household_id
      where s.organisation_id = ${scope.organisationId} and s.batch_id = ${scope.batchId} and s.line > ${after}
        and s.effect = 'update' and s.income_class is not null
      order by s.line limit ${portion}`);
    if (rows.length === 0) return;
    after = rows.at(-1)!.line;
    const classified = rows.map((row) => {
      const { bedrooms, income } = classify(row, context);
      return {
        line: row.line,
        bedrooms: row.anew ? bedrooms.result : null,
        income_class: income.result.class,
        steps: income.steps,
      };
    });
    await stream.run(sql`
      update exchange.staged_applicants s
      set bedrooms_needed = c.bedrooms, income_class = c.income_class, income_steps = c.steps
      from json_to_recordset(${JSON.stringify(classified)}::json) as c(line int, bedrooms smallint, income_class text, steps json)
      where s.organisation_id = ${scope.organisationId} and s.batch_id = ${scope.batchId} and s.line = c.line`);
  }
}

export const countApplicantRecords = ({ organisationId, batchId }: BatchScope) => sql<{ records: RecordCounts }>`
  select json_build_object('application', json_build_object(
    'create', count(*) filter (where effect = 'create'), 'update', count(*) filter (where effect = 'update'))) as records
  from exchange.staged_applicants where organisation_id = ${organisationId} and batch_id = ${batchId}`;
