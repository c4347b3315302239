import { type CompiledQuery, sql } from 'kysely';
import { yearOf } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';
import { reconciliationFilters } from './contract.ts';
import type { CountTouched, NationalFacts, ReconciliationReason } from './rules/reconcile.ts';

const firstDay = (year: number) => `${year}-01-01`;
const lastDay = (year: number) => `${year}-12-31`;

/** Disagreements of a landlord's leases of a year, this one unless another is asked; extracted as they are listed. */
export const reconciliationList = defineList({
  name: 'flow.reconciliation',
  permission: 'flow.reconcile',
  filters: reconciliationFilters,
  select({ organisationId, filters, today }) {
    const year = filters.year ?? yearOf(today);
    let query = statements
      .selectFrom('flow.national_lines as n')
      .leftJoin('organisations.organisations as p', 'p.id', 'n.holder_id')
      .select([
        sql<string>`n.subject_id || ':' || n.reason`.as('key'),
        'n.subject_id as subjectId',
        'n.tenancy_id as tenancyId',
        'n.reason',
        'n.counted',
        'n.effect',
        'n.signed_on as signedOn',
        'n.reference',
        'n.unique_number as uniqueNumber',
        sql<string | null>`n.family_name || ' ' || n.given_name`.as('household'),
        'p.name as party',
        sql<string>`coalesce(n.contingent, 'own')`.as('contingent'),
        'n.told_contingent as toldContingent',
        'n.priority_group as priorityGroup',
        'n.decided_on as decidedOn',
        'n.closed_on as closedOn',
        'n.closure_reason as closureReason',
        'n.closed_by_another as closedByAnother',
        'n.told_dalo as toldDalo',
        'n.quartile',
        'n.verified_quartile as verifiedQuartile',
        'n.dalo',
        'n.is_priority as isPriority',
        'n.in_priority_area as inPriorityArea',
        'n.closures_until as closuresUntil',
        'n.labels_until as labelsUntil',
        'n.label',
        'n.labelled_on as labelledOn',
        'n.late_on as lateOn',
        'n.ended_on as endedOn',
        'n.dwelling_reference as dwellingReference',
        'n.corrected_on as correctedOn',
      ])
      .where('n.organisation_id', '=', organisationId)
      .where('n.signed_on', '>=', firstDay(year))
      .where('n.signed_on', '<=', lastDay(year));
    // What agrees is the rule: it is shown to who asks for it.
    if (filters.reason) query = query.where('n.reason', 'in', filters.reason);
    else query = query.where('n.reason', 'not in', ['matched', 'waiting']);
    if (filters.counted) query = query.where('n.counted', 'in', filters.counted);
    if (filters.contingent) query = query.where(sql`coalesce(n.contingent, 'own')`, 'in', filters.contingent);
    if (filters.standing) query = query.where('n.corrected_on', filters.standing === 'open' ? 'is' : 'is not', null);
    return query;
  },
  sorts: { signed: ['n.signed_on', 'n.subject_id', 'n.reason'] },
  defaultSort: 'signed',
  columns: [
    { key: 'signedOn', type: 'day' },
    { key: 'reference', type: 'text' },
    { key: 'household', type: 'text' },
    { key: 'uniqueNumber', type: 'text' },
    { key: 'dwellingReference', type: 'text' },
    { key: 'party', type: 'text' },
    { key: 'contingent', type: 'word', words: 'contingent' },
    { key: 'reason', type: 'word', words: 'reconciliation' },
    { key: 'counted', type: 'word', words: 'count-touched' },
    { key: 'effect', type: 'count' },
    { key: 'toldContingent', type: 'word', words: 'told-contingent' },
    { key: 'decidedOn', type: 'day' },
    { key: 'closedOn', type: 'day' },
    { key: 'quartile', type: 'count' },
    { key: 'verifiedQuartile', type: 'count' },
    { key: 'correctedOn', type: 'day' },
  ],
});

type FactsRow = {
  tenancyId: string | null;
  signedOn: string | null;
  uniqueNumber: string | null;
  contingent: string;
  decidedOn: string | null;
  isPriority: boolean | null;
  dalo: boolean | null;
  quartile: number | null;
  inPriorityArea: boolean | null;
  closedOn: string | null;
  closureReason: string | null;
  closedByAnother: boolean | null;
  toldContingent: string | null;
  toldDalo: boolean | null;
  verifiedQuartile: number | null;
  closuresUntil: string | null;
  labelsUntil: string | null;
  label: string | null;
  labelledOn: string | null;
  lateOn: string | null;
  endedOn: string | null;
};

/** The facts of a row of the list, as the rule takes them. */
export const factsOf = (row: FactsRow): NationalFacts => ({
  hasLease: row.tenancyId !== null,
  signedOn: row.signedOn,
  uniqueNumber: row.uniqueNumber,
  contingent: row.contingent === 'own' ? null : row.contingent,
  decidedOn: row.decidedOn,
  isPriority: row.isPriority ?? false,
  dalo: row.dalo ?? false,
  quartile: row.quartile,
  inPriorityArea: row.inPriorityArea ?? false,
  closure:
    row.closedOn === null
      ? null
      : {
          closedOn: row.closedOn,
          reason: row.closureReason ?? '',
          byAnother: row.closedByAnother ?? false,
          contingent: row.toldContingent,
          dalo: row.toldDalo,
          quartile: row.verifiedQuartile,
        },
  closuresUntil: row.closuresUntil,
  labelsUntil: row.labelsUntil,
  label: row.label,
  labelledOn: row.labelledOn,
  lateOn: row.lateOn,
  endedOn: row.endedOn,
});

export type OwnCounts = {
  leases: number;
  closuresUntil: string | null;
  labelsUntil: string | null;
  counts: {
    reason: ReconciliationReason;
    counted: CountTouched;
    contingent: string;
    party: string;
    lines: number;
    corrected: number;
    effect: number;
  }[];
};

/** A landlord's own lines of a year, by reason and party, and how far the extractions it imported go. */
export const ownCounts = (organisationId: string, year: number): CompiledQuery<OwnCounts> =>
  sql<OwnCounts>`
    with lines as materialized (
      select n.tenancy_id, n.reason, n.counted, coalesce(n.contingent, 'own') as contingent, n.holder_id, n.effect, n.corrected_on
      from flow.national_lines n
      where n.organisation_id = ${organisationId} and n.signed_on between ${firstDay(year)}::date and ${lastDay(year)}::date)
    select (select count(distinct tenancy_id)::int from lines) as leases,
      (select max(closed_on) from flow.national_closures where organisation_id = ${organisationId}) as "closuresUntil",
      (select max(labelled_on) from flow.priority_labels where organisation_id = ${organisationId}) as "labelsUntil",
      (select coalesce(json_agg(c order by c.lines desc, c.reason, c.party), '[]') from (
        select l.reason, l.counted, l.contingent, coalesce(h.name, o.name) as party, count(*)::int as lines,
          count(l.corrected_on)::int as corrected, coalesce(sum(l.effect) filter (where l.corrected_on is null), 0)::int as effect
        from lines l
        join organisations.organisations o on o.id = ${organisationId}
        left join organisations.organisations h on h.id = l.holder_id
        group by l.reason, l.counted, l.contingent, coalesce(h.name, o.name)) c) as counts`.compile(statements);

export type OthersCounts = Omit<OwnCounts['counts'][number], 'party'> & {
  landlordId: string;
  landlord: string;
  department: string | null;
};

/** The counts of the landlords one watches over, or of one's own contingent with them: no names leave them. */
export const othersCounts = (year: number): CompiledQuery<OthersCounts> =>
  sql<OthersCounts>`
    select landlord_id as "landlordId", landlord, department, contingent, reason, counted, lines, corrected, effect
    from flow.national_counts(${firstDay(year)}::date, ${lastDay(year)}::date)
    order by landlord, lines desc, reason, contingent, department`.compile(statements);

/** One disagreement, for who says it was mended; undefined when it is not one of this landlord's. */
export async function lineOf(
  tx: Tx,
  organisationId: string,
  subjectId: string,
  reason: string,
): Promise<{ tenancyId: string | null; uniqueNumber: string | null; signedOn: string | null } | undefined> {
  return tx
    .selectFrom('flow.national_lines')
    .select(['tenancy_id as tenancyId', 'unique_number as uniqueNumber', 'signed_on as signedOn'])
    .where('organisation_id', '=', organisationId)
    .where('subject_id', '=', subjectId)
    .where('reason', '=', reason)
    .executeTakeFirst();
}
