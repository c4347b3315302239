import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import { refused } from '../../../../kernel/problem.ts';
import { knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { StreamTransaction } from '../../../../platform/database/stream-transaction.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { addNominees, candidatesInBulk, holdOpenProposals } from '../../../allocation/index.ts';
import { nominationFields } from '../../rules/national-fields.ts';
import type { BatchScope, ImportKind, RecordCounts } from '../kind.ts';
import { keepUsed, removeCreated, writeExactly } from '../records.ts';

/**
 * Which proposal each row means: by its own identifier, or by the dwelling; the one that still waits comes first.
 * @param concerned condition on `g`, the agreement of the proposal
 */
const prepare =
  (concerned: Sql) =>
  ({ organisationId }: BatchScope): Sql[] => [
    sql`create temporary table proposed on commit drop as
    with meant as (
      select i.line, p.id from incoming i
      join portfolio.dwelling_cards d on d.organisation_id = ${organisationId} and d.reference = i.proposal_reference
      join allocation.proposal_cards p on p.organisation_id = ${organisationId} and p.dwelling_id = d.id
      union
      select i.line, p.id from incoming i
      join allocation.proposal_cards p on p.organisation_id = ${organisationId} and p.id::text = lower(i.proposal_reference))
    select distinct on (m.line) m.line, p.id as proposal_id, p.vacancy_id, p.holder_id, p.nominate_by, p.state, i.unique_number
    from meant m
    join incoming i on i.line = m.line
    join allocation.proposal_cards p on p.organisation_id = ${organisationId} and p.id = m.id
    join flow.agreement_cards g on g.organisation_id = ${organisationId} and g.id = p.agreement_id and ${concerned}
    order by m.line, p.state = 'open' desc, p.proposed_on desc, p.id`,
    sql`create temporary table registered on commit drop as
    select distinct on (i.line) i.line, a.priority_group, a.quartile, a.registered_on, h.adults, h.children, h.income_cents, h.income_year
    from incoming i
    join applicants.application_cards a on a.organisation_id = ${organisationId} and a.unique_number = i.unique_number
      and a.state in ('active', 'incomplete', 'suspended')
    join applicants.household_cards h on h.organisation_id = ${organisationId} and h.id = a.household_id
    order by i.line, a.registered_on, a.id`,
    sql`create temporary table named on commit drop as
    select distinct p.line, c.id from proposed p
    join allocation.candidate_cards c on c.organisation_id = ${organisationId} and c.vacancy_id = p.vacancy_id
      and c.unique_number = p.unique_number and c.state <> 'withdrawn'`,
  ];

const checks =
  (unknown: 'E-NATIONAL-03' | 'E-NATIONAL-06') =>
  ({ today }: BatchScope): Sql[] => [
    sql`select i.line, 'proposalReference'::text as field, ${unknown}::text as code, jsonb_build_object('reference', i.proposal_reference) as params
    from incoming i where i.proposal_reference is not null and not exists (select 1 from proposed p where p.line = i.line)`,
    sql`select p.line, 'proposalReference', 'E-NATIONAL-04', jsonb_build_object('deadline', p.nominate_by)
    from proposed p where (p.state <> 'open' or p.nominate_by < ${today}::date) and not exists (select 1 from named n where n.line = p.line)`,
    sql`select i.line, 'adults', 'E-NATIONAL-05', '{}'::jsonb
    from incoming i where i.adults is null and not exists (select 1 from registered r where r.line = i.line)`,
    sql`select line, 'uniqueNumber', 'E-IMPORT-DUPLICATE', jsonb_build_object('line', first)
    from (select line, min(line) over (partition by vacancy_id, unique_number) as first from proposed where unique_number is not null) as same
    where first < line`,
  ];

async function settle(stream: StreamTransaction, { organisationId, batchId }: BatchScope): Promise<void> {
  await stream.run(sql`
    insert into exchange.staged_nominations (organisation_id, batch_id, line, cells, proposal_reference, unique_number, holder_rank,
      family_name, given_name, adults, children, income_cents, income_year, registered_on, priority_group, quartile, proposal_id, vacancy_id,
      holder_id, record_id, effect)
    select ${organisationId}, ${batchId}, i.line, i.cells, i.proposal_reference, i.unique_number, i.holder_rank, i.family_name, i.given_name,
      coalesce(i.adults, r.adults), coalesce(i.children, r.children, 0), coalesce(i.income_cents, r.income_cents),
      coalesce(i.income_year, r.income_year), coalesce(i.registered_on, r.registered_on), r.priority_group, r.quartile, p.proposal_id,
      p.vacancy_id, p.holder_id, coalesce(n.id, i.record_id), case when n.id is null then 'create' else 'unchanged' end
    from incoming i
    join proposed p on p.line = i.line
    left join registered r on r.line = i.line
    left join named n on n.line = i.line
    where i.problems is null`);
}

/**
 * The households become candidates of their proposals, which go on waiting until they are handed over or their last day.
 * @throws Problem E-IMPORT-CHANGED-SINCE when a proposal waits no longer
 */
async function apply(
  tx: Tx,
  actor: Actor,
  scope: BatchScope,
  counts: RecordCounts,
  progress: () => Promise<void>,
): Promise<void> {
  const { organisationId, today } = scope;
  const held = await holdOpenProposals(
    organisationId,
    today,
    sql`select proposal_id from plan where effect = 'create'`,
  ).execute(tx);
  const { rows: totals } = await sql<{ count: number }>`
    select count(distinct proposal_id)::int as count from plan where effect = 'create'`.execute(tx);
  if (held.rows.length !== totals[0]!.count)
    throw refused('E-IMPORT-CHANGED-SINCE', { count: totals[0]!.count - held.rows.length });
  await progress();
  const rows = sql`select record_id as id, proposal_id, vacancy_id, holder_id, unique_number, holder_rank, family_name, given_name,
    adults, children, income_cents, income_year, registered_on, priority_group, quartile, line
    from plan where effect = 'create'`;
  await writeExactly(tx, counts.candidate!.create, addNominees(scope, actor.userId, rows));
  await progress();
}

const common: Omit<ImportKind, 'name' | 'prepare' | 'checks'> = {
  fields: nominationFields,
  stagingTable: 'exchange.staged_nominations',
  derived: [{ column: 'record_id', type: 'uuid' }],
  derive(values, { today }, addProblem) {
    if (typeof values.registeredOn === 'string' && values.registeredOn > today)
      addProblem({ field: 'registeredOn', code: 'E-FIELD-FUTURE' });
    return [newId()];
  },
  settle,
  countRecords: ({ organisationId, batchId }) => sql<{ records: RecordCounts }>`
    select json_build_object('candidate', json_build_object('create', count(*) filter (where effect = 'create'), 'update', 0)) as records
    from exchange.staged_nominations where organisation_id = ${organisationId} and batch_id = ${batchId}`,
  apply,
  subjects: sql`
    select distinct 'proposal' as kind, proposal_id as id from plan where effect = 'create'
    union all select distinct 'vacancy', vacancy_id from plan where effect = 'create'
    union all select 'candidate', record_id from plan where effect = 'create'`,
  // Who is put forward is a decision about people: the journal keeps how many, and a fingerprint in the order of the proposals.
  journalFacts: () => sql<{ facts: Record<string, unknown> }>`
    select json_build_object('created', count(*), 'sha256', encode(sha256(convert_to(coalesce(string_agg(
      concat_ws('|', proposal_id, unique_number, holder_rank), E'\n' order by proposal_id, unique_number collate "C"), ''), 'UTF8')), 'hex')) as facts
    from plan where effect = 'create'`,
  async revert(tx, scope, progress) {
    await keepUsed(tx, scope, candidatesInBulk);
    // Handed over, withdrawn or put before the committee: no longer only what the file said.
    await sql`insert into kept (subject_kind, subject_id, reason)
      select 'candidate', r.id, 'changed' from ${knownRecords(candidatesInBulk, scope.organisationId)} r
      join allocation.proposal_cards p on p.organisation_id = r.organisation_id and p.id = r.proposal_id
      where r.batch_id = ${scope.batchId} and (r.state <> 'named' or r.household_id is not null or p.state <> 'open')
      on conflict do nothing`.execute(tx);
    await progress();
    const removed = { candidate: await removeCreated(tx, scope, candidatesInBulk) };
    await progress();
    return { removed, restored: {} };
  },
  tables: [candidatesInBulk],
  example: {
    proposalReference: 'D0001',
    uniqueNumber: '093012300123GDPUB1',
    rank: '1',
    familyName: 'Haddad',
    givenName: 'Amina',
    adults: '2',
    children: '1',
    income: '21 500,00',
    incomeYear: '2024',
    registeredOn: '14/03/2024',
  },
};

/** Households named by Action Logement (AL'in) for the dwellings proposed to it. */
export const nominationImport: ImportKind = {
  ...common,
  name: 'alin-nominations',
  prepare: prepare(sql`g.contingent = 'action-logement'`),
  checks: checks('E-NATIONAL-03'),
};

/**
 * Households that applied themselves for a dwelling published by another holder to whom it is proposed (location choisie), in
 * the order of its platform. There is no public interface: the platform's list of candidacies, as a file.
 */
export const candidacyImport: ImportKind = {
  ...common,
  name: 'choice-candidacies',
  prepare: prepare(sql`g.contingent <> 'action-logement'`),
  checks: checks('E-NATIONAL-06'),
};
