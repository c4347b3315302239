import { sql } from 'kysely';
import type { BulkTable, Sql } from '../../platform/database/bulk.ts';

/** Candidates as a part of a statement, and what finds them. */
export const candidatesInBulk: BulkTable = {
  kind: 'candidate',
  table: 'allocation.candidates',
  reference: 'unique_number',
  columns: ['state'],
  ofNew: ['vacancy_id', 'proposal_id', 'household_id', 'position'],
};

/**
 * Adds the households a reservation holder names by a file to the candidates of its proposals, in the order of their rank
 * after those named before. One that is named already is left out: whoever needs all of them compares the number written.
 * @param rows selection of id, proposal_id, vacancy_id, holder_id, unique_number, holder_rank, family_name, given_name, adults,
 *   children, income_cents, income_year, registered_on, priority_group, quartile and line
 */
export const addNominees = (from: { organisationId: string; batchId: string }, namedBy: string, rows: Sql): Sql => sql`
  insert into allocation.candidates (organisation_id, batch_id, id, vacancy_id, source, proposal_id, holder_id, holder_rank,
    family_name, given_name, unique_number, persons, adults, children, income_cents, income_year, registered_on, priority_group,
    quartile, position, named_by)
  select ${from.organisationId}, ${from.batchId}, r.id, r.vacancy_id, 'nomination', r.proposal_id, r.holder_id, r.holder_rank,
    r.family_name, coalesce(r.given_name, ''), r.unique_number, r.adults + r.children, r.adults, r.children, r.income_cents,
    r.income_year, r.registered_on, r.priority_group, r.quartile,
    coalesce(c.last, 0) + row_number() over (partition by r.vacancy_id order by r.holder_rank, r.line), ${namedBy}
  from (${rows}) as r
  left join (select vacancy_id, max(position) as last from allocation.candidates where organisation_id = ${from.organisationId}
    group by vacancy_id) c on c.vacancy_id = r.vacancy_id
  where not exists (select 1 from allocation.candidates k where k.organisation_id = ${from.organisationId}
    and k.vacancy_id = r.vacancy_id and k.unique_number = r.unique_number and k.state <> 'withdrawn')`;

/**
 * Holds, for the rest of the transaction, those of the proposals told that still wait for candidates.
 * @param proposals selection of identifiers
 */
export const holdOpenProposals = (organisationId: string, today: string, proposals: Sql) => sql<{ id: string }>`
  select p.id from allocation.proposals p
  where p.organisation_id = ${organisationId} and p.state = 'open' and p.nominate_by >= ${today}::date and p.id in (${proposals})
  order by p.id for update`;
