import { sql } from 'kysely';
import type { Sql } from '../../../../platform/database/bulk.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { householdsInBulk } from '../../../applicants/index.ts';
import {
  buildingsInBulk,
  contractsInBulk,
  dwellingsInBulk,
  indexDwellings,
  indexOwners,
  ownersInBulk,
} from '../../../portfolio/index.ts';
import { indexTenancies, numberLeases, tenanciesInBulk } from '../../../tenancies/index.ts';
import type { BatchScope, RecordCounts } from '../kind.ts';
import { addExactly, changeExactly } from '../records.ts';

/**
 * Writes what the rows of `plan` tell: owners, buildings, dwellings, contracts, households and their leases, each kind in
 * one statement to add and one to change.
 * @throws Problem E-IMPORT-CHANGED-SINCE
 */
export async function applyDwellings(
  tx: Tx,
  actor: Actor,
  scope: BatchScope,
  counts: RecordCounts,
  progress: () => Promise<void>,
): Promise<void> {
  const { owner, building, dwelling, contract, tenancy } = counts as Record<
    string,
    { create: number; update: number }
  > &
    RecordCounts;

  await addExactly(
    tx,
    scope,
    owner!.create,
    ownersInBulk,
    ['id', 'reference', ...ownersInBulk.columns],
    newOwners(actor.language),
  );
  await changeExactly(tx, scope, owner!.update, ownersInBulk, ownersInBulk.columns, changedOwners);
  await progress();

  await addExactly(
    tx,
    scope,
    building!.create,
    buildingsInBulk,
    ['id', 'reference', ...buildingsInBulk.columns, ...buildingsInBulk.ofNew!],
    newBuildings,
  );
  await changeExactly(tx, scope, building!.update, buildingsInBulk, buildingsInBulk.columns, changedBuildings);
  await progress();

  const management = actor.jurisdiction === 'fr-idf' ? 'flow' : 'own';
  await addExactly(
    tx,
    scope,
    dwelling!.create,
    dwellingsInBulk,
    ['id', 'reference', ...dwellingsInBulk.columns],
    newDwellings(management, scope.today),
  );
  await changeExactly(tx, scope, dwelling!.update, dwellingsInBulk, dwellingsInBulk.columns, changedDwellings);
  await progress();

  await addExactly(
    tx,
    scope,
    contract!.create,
    contractsInBulk,
    ['id', 'reference', 'dwelling_id', ...contractsInBulk.columns],
    contracts('create'),
  );
  await changeExactly(tx, scope, contract!.update, contractsInBulk, contractsInBulk.columns, contracts('update'));
  await progress();

  if (tenancy!.create > 0) {
    for (const statement of numberLeases(scope.organisationId, newLeases)) await statement.execute(tx);
    const household = ['id', 'reference', 'family_name', 'given_name', 'language', 'email', 'phone'];
    await addExactly(tx, scope, tenancy!.create, householdsInBulk, household, newHouseholds(actor.language));
    await addExactly(
      tx,
      scope,
      tenancy!.create,
      tenanciesInBulk,
      ['id', 'reference', ...tenanciesInBulk.ofNew!],
      newTenancies,
    );
    await progress();
    await indexTenancies(scope.organisationId, sql`select tenancy_id from plan where lease_effect = 'create'`).execute(
      tx,
    );
  }
  await indexOwners(scope.organisationId, sql`select owner_id from plan where owner_effect is not null`).execute(tx);
  await indexDwellings(
    scope.organisationId,
    sql`select dwelling_id from plan where dwelling_effect is not null
      or building_id in (select building_id from plan where building_effect = 'update')`,
  ).execute(tx);
  await progress();
}

/** What the timeline of each record shows the import under. */
export const subjectsOfDwellings: Sql = sql`
  select 'dwelling' as kind, dwelling_id as id from plan where effect <> 'unchanged'
  union all select 'owner', owner_id from plan where owner_effect is not null
  union all select 'tenancy', tenancy_id from plan where lease_effect = 'create'
  union all select 'household', household_id from plan where lease_effect = 'create'`;

/** What the rows of one owner tell of it together: they agree, or are silent. */
const told = {
  owners: sql`(select owner_id as id, min(owner_kind) as kind, min(owner_name) as name, min(owner_email) as email,
      min(owner_phone) as phone, min(owner_language) as language, min(owner_iban) as iban,
      min(owner_enterprise_number) as enterprise_number
    from plan where owner_id is not null group by owner_id)`,
  buildings: sql`(select building_id as id, min(building_name) as name, min(construction_year) as construction_year,
      min(priority_area) as priority_area
    from plan group by building_id)`,
};

const newOwners = (language: string) => sql`
  select t.id, p.owner_reference as reference, t.kind, t.name, t.email, t.phone, coalesce(t.language, ${language}) as language, t.iban,
    t.enterprise_number
  from ${told.owners} t join plan p on p.owner_id = t.id and p.owner_effect = 'create'`;

const changedOwners = sql`
  select t.*, p.owner_version as version from ${told.owners} t join plan p on p.owner_id = t.id and p.owner_effect = 'update'`;

const newBuildings = sql`
  select t.*, coalesce(p.building_reference, p.street || ' ' || p.house_number || ', ' || p.municipality_code) as reference, p.street,
    p.house_number, p.postal_code, p.municipality_code
  from ${told.buildings} t join plan p on p.building_id = t.id and p.building_effect = 'create'`;

const changedBuildings = sql`
  select t.*, p.building_version as version
  from ${told.buildings} t join plan p on p.building_id = t.id and p.building_effect = 'update'`;

const newDwellings = (management: string, today: string) => sql`
  select dwelling_id as id, reference, building_id, kind, street, house_number, box, floor, postal_code, municipality_code, bedrooms,
    rooms, area_m2, rent_cents, charges_cents, energy_label, programme, funding, coalesce(management, ${management}) as management,
    accessible, register_id, occupancy, coalesce(entered_on, least(contract_starts_on, lease_starts_on), ${today}::date) as entered_on
  from plan where dwelling_effect = 'create'`;

/** Occupancy follows a lease that is added; otherwise it is what the life of the dwelling made it. */
const changedDwellings = sql`
  select dwelling_id as id, dwelling_version as version, building_id, kind, street, house_number, box, floor, postal_code,
    municipality_code, bedrooms, rooms, area_m2, rent_cents, charges_cents, energy_label, programme, funding, management, accessible,
    register_id, entered_on, case when lease_effect = 'create' then occupancy end as occupancy
  from plan where dwelling_effect = 'update'`;

const contracts = (effect: 'create' | 'update') => sql`
  select contract_id as id, contract_version as version, contract_reference as reference, owner_id, dwelling_id, contract_kind as kind,
    contract_starts_on as starts_on, contract_ends_on as ends_on, owner_rent_cents, fee_rate
  from plan where contract_effect = ${effect}`;

const newLeases = sql`select tenancy_id as id, lease_signed_on as signed_on from plan where lease_effect = 'create'`;

/** A household known by its lease alone is known by the number of that lease. */
const newHouseholds = (language: string) => sql`
  select p.household_id as id, n.reference, p.tenant_family_name as family_name, p.tenant_given_name as given_name,
    ${language}::text as language, p.tenant_email as email, p.tenant_phone as phone
  from plan p join lease_numbers n on n.id = p.tenancy_id where p.lease_effect = 'create'`;

const newTenancies = sql`
  select p.tenancy_id as id, n.reference, p.dwelling_id, p.household_id, p.lease_signed_on as signed_on, p.lease_starts_on as starts_on,
    p.rent_cents, p.charges_cents, p.first_rent_cents, p.first_rent_steps::jsonb as first_rent_steps
  from plan p join lease_numbers n on n.id = p.tenancy_id where p.lease_effect = 'create'`;
