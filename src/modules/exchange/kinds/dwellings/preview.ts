import { sql } from 'kysely';
import { knownRecords, type Sql } from '../../../../platform/database/bulk.ts';
import type { StreamTransaction } from '../../../../platform/database/stream-transaction.ts';
import { buildingsInBulk, contractsInBulk, dwellingsInBulk, ownersInBulk } from '../../../portfolio/index.ts';
import type { BatchScope, RecordCounts } from '../kind.ts';
import { contradictions, duplicates } from '../preview-checks.ts';

/** Finds the dwellings and buildings that rows mean. A building without a reference is known by its address. */
export const prepareDwellings = ({ organisationId }: BatchScope): Sql[] => [
  sql`create temporary table known_dwellings on commit drop as
    select i.line, d.id, d.building_id, d.left_on
    from incoming i join portfolio.dwelling_cards d on d.organisation_id = ${organisationId} and d.reference = i.reference`,
  sql`analyze known_dwellings`,
  // A dwelling already known stays in its building, unless the file names another.
  sql`update incoming i
    set building_key = 'a:' || platform.fold(i.street || ' ' || i.house_number) || ' ' || i.municipality_code
    where i.building_key is null and not exists (select 1 from known_dwellings k where k.line = i.line)`,
  sql`create temporary table known_buildings on commit drop as
    select distinct on (key) key, id, municipality_code
    from (
      select 'r:' || b.reference as key, b.id, b.reference, b.municipality_code from portfolio.building_cards b
      where b.organisation_id = ${organisationId}
      union all
      select 'a:' || platform.fold(b.street || ' ' || b.house_number) || ' ' || b.municipality_code, b.id, b.reference,
        b.municipality_code
      from portfolio.building_cards b
      where b.organisation_id = ${organisationId} and exists (select 1 from incoming where building_key like 'a:%')
    ) as buildings
    where key in (select building_key from incoming)
    order by key, reference`,
  sql`analyze known_buildings`,
];

export const dwellingChecks = ({ organisationId }: BatchScope): Sql[] => [
  duplicates('reference', 'reference'),
  // A reference made from that of the dwelling is there twice when that one is, which is said already.
  duplicates('contract_reference', 'contractReference', sql`contract_reference <> 'C-' || reference`),
  contradictions('owner_reference', {
    ownerName: 'owner_name',
    ownerKind: 'owner_kind',
    ownerEmail: 'owner_email',
    ownerPhone: 'owner_phone',
    ownerLanguage: 'owner_language',
    ownerIban: 'owner_iban',
    ownerEnterpriseNumber: 'owner_enterprise_number',
  }),
  contradictions('building_key', {
    municipality: 'municipality_code',
    buildingName: 'building_name',
    constructionYear: 'construction_year',
    priorityArea: 'priority_area',
  }),
  sql`select line, 'reference', 'E-IMPORT-LEFT', jsonb_build_object('day', left_on) from known_dwellings where left_on is not null`,
  sql`select i.line, 'buildingReference', 'E-IMPORT-BUILDING', jsonb_build_object('municipality', m.name_fr)
    from incoming i
    join known_buildings b on b.key = i.building_key
    join organisations.municipalities m on m.code = b.municipality_code
    where i.municipality_code <> b.municipality_code`,
  sql`select i.line, 'ownerName', 'E-IMPORT-REQUIRED', '{}'::jsonb
    from incoming i
    where i.owner_reference in (
        select owner_reference from incoming where owner_reference is not null group by 1 having min(owner_name) is null)
      and not exists (select 1 from ${knownRecords(ownersInBulk, organisationId)} o where o.reference = i.owner_reference)`,
  sql`select i.line, 'contractReference', 'E-IMPORT-CONTRACT-OTHER', jsonb_build_object('dwelling', d.reference)
    from incoming i
    join portfolio.contract_cards c on c.organisation_id = ${organisationId} and c.reference = i.contract_reference
    join portfolio.dwelling_cards d on d.organisation_id = c.organisation_id and d.id = c.dwelling_id
    where d.reference <> i.reference`,
  sql`select i.line, 'contractStartsOn', 'E-CONTRACT-OVERLAP', jsonb_build_object('contract', min(c.reference))
    from incoming i
    join known_dwellings k on k.line = i.line
    join portfolio.contract_cards c on c.organisation_id = ${organisationId} and c.dwelling_id = k.id
      and c.reference <> i.contract_reference
      and daterange(c.starts_on, c.ends_on, '[]') && case when i.contract_ends_on < i.contract_starts_on then 'empty'
        else daterange(i.contract_starts_on, i.contract_ends_on, '[]') end
    where i.contract_starts_on is not null
    group by i.line`,
  sql`select i.line, 'leaseStartsOn', 'E-LEASE-OVERLAP', jsonb_build_object('lease', min(t.reference))
    from incoming i
    join known_dwellings k on k.line = i.line
    join tenancies.tenancy_cards t on t.organisation_id = ${organisationId} and t.dwelling_id = k.id
      and (t.ended_on is null or t.ended_on >= i.lease_starts_on)
    join applicants.household_cards h on h.organisation_id = t.organisation_id and h.id = t.household_id
    where i.lease_starts_on is not null
      and (t.starts_on <> i.lease_starts_on or platform.fold(h.family_name) <> platform.fold(i.tenant_family_name))
    group by i.line`,
  sql`select i.line, 'leaseStartsOn', 'E-IMPORT-VACANCY', '{}'::jsonb
    from incoming i
    join known_dwellings k on k.line = i.line
    where i.lease_starts_on is not null
      and exists (select 1 from allocation.vacancy_cards v
        where v.organisation_id = ${organisationId} and v.dwelling_id = k.id and v.closed_on is null)
      and not exists (select 1 from tenancies.tenancy_cards t
        where t.organisation_id = ${organisationId} and t.dwelling_id = k.id and t.starts_on = i.lease_starts_on)`,
];

/** Whether what the file tells of a record differs from what is known: a null in the file tells nothing. */
const differs = (pairs: readonly [told: string, known: string][]) => sql`
  (${sql.join(pairs.map(([told, known]) => sql`coalesce(${sql.ref(told)}, ${sql.ref(known)})`))})
  is distinct from (${sql.join(pairs.map(([, known]) => sql.ref(known)))})`;

const copied = [
  'line',
  'cells',
  'reference',
  'kind',
  'street',
  'house_number',
  'box',
  'floor',
  'postal_code',
  'municipality_code',
  'bedrooms',
  'rooms',
  'area_m2',
  'rent_cents',
  'charges_cents',
  'energy_label',
  'programme',
  'funding',
  'management',
  'accessible',
  'register_id',
  'entered_on',
  'occupancy',
  'building_reference',
  'building_name',
  'construction_year',
  'priority_area',
  'owner_reference',
  'owner_name',
  'owner_kind',
  'owner_email',
  'owner_phone',
  'owner_language',
  'owner_iban',
  'owner_enterprise_number',
  'contract_reference',
  'contract_kind',
  'contract_starts_on',
  'contract_ends_on',
  'owner_rent_cents',
  'fee_rate',
  'tenant_family_name',
  'tenant_given_name',
  'tenant_email',
  'tenant_phone',
  'lease_signed_on',
  'lease_starts_on',
  'first_rent_cents',
  'first_rent_steps',
] as const;

const settled = [
  'dwelling_id',
  'dwelling_version',
  'dwelling_effect',
  'building_id',
  'building_version',
  'building_effect',
  'owner_id',
  'owner_version',
  'owner_effect',
  'contract_id',
  'contract_version',
  'contract_effect',
  'household_id',
  'tenancy_id',
  'lease_effect',
] as const;

/**
 * Writes the good rows, each with the records it creates (with the identifiers made for them) or changes. Rows that share
 * an owner or a building agree on it by now: what one of them tells is true of all, and the first carries the effect.
 */
export async function settleDwellings(
  stream: StreamTransaction,
  { organisationId, batchId }: BatchScope,
): Promise<void> {
  await stream.run(sql`
    insert into exchange.staged_dwellings (organisation_id, batch_id, ${sql.join([...copied, ...settled].map((name) => sql.ref(name)))})
    with told_owners as (
      select owner_reference, min(line) as line, min(owner_name) as name, min(owner_kind) as kind, min(owner_email) as email,
        min(owner_phone) as phone, min(owner_language) as language, min(owner_iban) as iban,
        min(owner_enterprise_number) as enterprise_number
      from incoming where problems is null and owner_reference is not null group by owner_reference),
    owners as materialized (
      select t.owner_reference, t.line, coalesce(o.id, i.owner_id) as id, o.version,
        case when o.id is null then 'create' when ${differs([
          ['t.name', 'o.name'],
          ['t.kind', 'o.kind'],
          ['t.email', 'o.email'],
          ['t.phone', 'o.phone'],
          ['t.language', 'o.language'],
          ['t.iban', 'o.iban'],
          ['t.enterprise_number', 'o.enterprise_number'],
        ])} then 'update' end as effect
      from told_owners t
      join incoming i on i.line = t.line
      left join ${knownRecords(ownersInBulk, organisationId)} o on o.reference = t.owner_reference),
    told_buildings as (
      select building_key, min(line) as line, min(building_name) as name, min(construction_year) as construction_year,
        min(priority_area) as priority_area
      from incoming where problems is null and building_key is not null group by building_key),
    buildings as materialized (
      select t.building_key, t.line, coalesce(b.id, i.building_id) as id, b.version,
        case when b.id is null then 'create' when ${differs([
          ['t.name', 'b.name'],
          ['t.construction_year', 'b.construction_year'],
          ['t.priority_area', 'b.priority_area'],
        ])} then 'update' end as effect
      from told_buildings t
      join incoming i on i.line = t.line
      left join known_buildings k on k.key = t.building_key
      left join ${knownRecords(buildingsInBulk, organisationId)} b on b.id = k.id),
    rows as (
      select i.*, d.id as known_id, d.version as known_version, d.building_id as known_building_id,
        case when i.lease_starts_on is not null and t.id is null then 'create' end as settled_lease,
        case when ${differs([
          ['i.kind', 'd.kind'],
          ['i.street', 'd.street'],
          ['i.house_number', 'd.house_number'],
          ['i.box', 'd.box'],
          ['i.floor', 'd.floor'],
          ['i.postal_code', 'd.postal_code'],
          ['i.municipality_code', 'd.municipality_code'],
          ['i.bedrooms', 'd.bedrooms'],
          ['i.rooms', 'd.rooms'],
          ['i.area_m2', 'd.area_m2'],
          ['i.rent_cents', 'd.rent_cents'],
          ['i.charges_cents', 'd.charges_cents'],
          ['i.energy_label', 'd.energy_label'],
          ['i.programme', 'd.programme'],
          ['i.funding', 'd.funding'],
          ['i.management', 'd.management'],
          ['i.accessible', 'd.accessible'],
          ['i.register_id', 'd.register_id'],
          ['i.entered_on', 'd.entered_on'],
        ])} then 'update' end as told_effect,
        d.occupancy as known_occupancy, c.id as known_contract_id, c.version as known_contract_version,
        c.owner_id as known_owner_id,
        case when i.contract_starts_on is null then null when c.id is null then 'create' when ${differs([
          ['i.contract_kind', 'c.kind'],
          ['i.contract_starts_on', 'c.starts_on'],
          ['i.contract_ends_on', 'c.ends_on'],
          ['i.owner_rent_cents', 'c.owner_rent_cents'],
          ['i.fee_rate', 'c.fee_rate'],
        ])} then 'update' end as told_contract
      from incoming i
      left join known_dwellings k on k.line = i.line
      left join ${knownRecords(dwellingsInBulk, organisationId)} d on d.id = k.id
      left join ${knownRecords(contractsInBulk, organisationId)} c on c.reference = i.contract_reference
      left join tenancies.tenancy_cards t on t.organisation_id = ${organisationId} and t.dwelling_id = k.id
        and t.starts_on = i.lease_starts_on
      where i.problems is null)
    select ${organisationId}, ${batchId}, ${sql.join(copied.map((name) => sql.ref(`r.${name}`)))},
      coalesce(r.known_id, r.dwelling_id), r.known_version,
      case when r.known_id is null then 'create'
        when r.told_effect = 'update' or (b.id is not null and b.id <> r.known_building_id)
          or (r.settled_lease = 'create' and r.occupancy <> r.known_occupancy) then 'update' end,
      coalesce(b.id, r.known_building_id), b.version, case when b.line = r.line then b.effect end,
      o.id, o.version, case when o.line = r.line then o.effect end,
      case when r.contract_starts_on is not null then coalesce(r.known_contract_id, r.contract_id) end, r.known_contract_version,
      case when r.told_contract is null and r.contract_starts_on is not null and r.known_owner_id <> o.id then 'update'
        else r.told_contract end,
      case when r.settled_lease = 'create' then r.household_id end,
      case when r.settled_lease = 'create' then r.tenancy_id end,
      r.settled_lease
    from rows r
    left join owners o on o.owner_reference = r.owner_reference
    left join buildings b on b.building_key = r.building_key`);
}

export const countDwellingRecords = ({ organisationId, batchId }: BatchScope) => {
  const counted = (kind: string, effect: string) => sql`${kind}::text, json_build_object(
    'create', count(*) filter (where ${sql.ref(effect)} = 'create'), 'update', count(*) filter (where ${sql.ref(effect)} = 'update'))`;
  return sql<{ records: RecordCounts }>`
    select json_build_object(${counted('owner', 'owner_effect')}, ${counted('building', 'building_effect')},
      ${counted('dwelling', 'dwelling_effect')}, ${counted('contract', 'contract_effect')},
      ${counted('tenancy', 'lease_effect')}) as records
    from exchange.staged_dwellings where organisation_id = ${organisationId} and batch_id = ${batchId}`;
};
