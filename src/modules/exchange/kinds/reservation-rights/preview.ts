import { sql } from 'kysely';
import { knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { StreamTransaction } from '../../../../platform/database/stream-transaction.ts';
import { rightsInBulk } from '../../../flow/index.ts';
import type { BatchScope, RecordCounts } from '../kind.ts';
import { duplicates } from '../preview-checks.ts';

/** Finds the open inventory, its lines that rows mean, and the partners they name: by name, or the only one of the State. */
export const prepareRights = ({ organisationId }: BatchScope): Sql[] => [
  sql`create temporary table open_inventory on commit drop as
    select id from flow.inventory_cards where organisation_id = ${organisationId} and state = 'draft'`,
  sql`create temporary table known_holders on commit drop as
    select distinct on (i.holder_name, i.contingent) i.holder_name, i.contingent, h.id
    from (select distinct holder_name, contingent from incoming where holder_name is not null) as i
    join organisations.holder_cards h on h.organisation_id = ${organisationId}
      and (platform.fold(i.holder_name) in (platform.fold(h.name), platform.fold(h.short_name))
        or (h.kind = 'state' and i.contingent in ('state-priority', 'state-staff') and platform.fold(i.holder_name) = 'etat'))
    order by 1, 2, h.name`,
  sql`create temporary table known_rights on commit drop as
    select i.line, r.id
    from incoming i
    join open_inventory o on true
    join ${knownRecords(rightsInBulk, organisationId)} r on r.reference = i.reference and r.inventory_id = o.id`,
  sql`analyze known_rights`,
];

export const rightsChecks = ({ organisationId }: BatchScope): Sql[] => [
  duplicates('reference', 'reference'),
  sql`select line, null::text, 'E-IMPORT-INVENTORY', '{}'::jsonb from incoming where not exists (select 1 from open_inventory)`,
  sql`select i.line, 'dwellings', 'E-IMPORT-DWELLING-UNKNOWN', jsonb_build_object('reference', min(named.reference), 'count', count(*))
    from incoming i
    cross join lateral regexp_split_to_table(i.dwellings, ' ') as named(reference)
    where i.dwellings is not null and not exists (select 1 from portfolio.dwelling_cards d
      where d.organisation_id = ${organisationId} and d.reference = named.reference)
    group by i.line`,
];

/** Fields of a line, as the staging table and the inventory both name them. */
export const rightColumns = [
  ...['holder_name', 'contingent', 'origin', 'agreement_reference', 'signed_on', 'ends_on', 'kind', 'rights'],
  ...['municipality_code', 'in_priority_area', 'rooms', 'funding', 'construction_period', 'dwellings'],
] as const;

/** Writes the good rows, each with the line of the inventory it creates or changes: a null in the file tells nothing. */
export async function settleRights(stream: StreamTransaction, { organisationId, batchId }: BatchScope): Promise<void> {
  const told = ['reference', ...rightColumns].map((name) => sql.ref(name));
  const compared = rightColumns.map(
    (column) => sql`coalesce(i.${sql.ref(column)}, r.${sql.ref(column)}) is distinct from r.${sql.ref(column)}`,
  );
  await stream.run(sql`
    insert into exchange.staged_rights (organisation_id, batch_id, line, cells, ${sql.join(told)}, inventory_id, holder_id,
      right_id, right_version, effect)
    select ${organisationId}, ${batchId}, i.line, i.cells, ${sql.join(['reference', ...rightColumns].map((name) => sql.ref(`i.${name}`)))},
      o.id, h.id, coalesce(r.id, i.right_id), r.version,
      case when r.id is null then 'create'
        when ${sql.join(compared, sql` or `)} or coalesce(h.id, r.holder_id) is distinct from r.holder_id then 'update'
        else 'unchanged' end
    from incoming i
    join open_inventory o on true
    left join known_rights k on k.line = i.line
    left join ${knownRecords(rightsInBulk, organisationId)} r on r.id = k.id
    left join known_holders h on h.holder_name = i.holder_name and h.contingent is not distinct from i.contingent
    where i.problems is null`);
}

export const countRightRecords = ({ organisationId, batchId }: BatchScope) => sql<{ records: RecordCounts }>`
  select json_build_object('reservation-right', json_build_object(
    'create', count(*) filter (where effect = 'create'), 'update', count(*) filter (where effect = 'update'))) as records
  from exchange.staged_rights where organisation_id = ${organisationId} and batch_id = ${batchId}`;
