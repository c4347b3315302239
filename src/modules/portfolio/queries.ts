import { type CompiledQuery, sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import type { getDwelling, getOwner } from './contract.ts';

export type DwellingRow = Omit<z.output<typeof getDwelling.reply & {}>, 'can'>;
export type OwnerRow = Omit<z.output<typeof getOwner.reply & {}>, 'can'>;

/** A dwelling with its building, its municipality and its contracts: one row, one statement. */
export const dwellingRecord = (organisationId: string, dwellingId: string): CompiledQuery<DwellingRow> =>
  sql<DwellingRow>`
    select d.id, d.reference, d.street, d.house_number as "houseNumber", d.box, d.postal_code as "postalCode",
      m.name_fr as municipality, d.kind, d.bedrooms, d.rooms, d.area_m2 as "areaM2", d.rent_cents as "rentCents",
      d.charges_cents as "chargesCents", d.energy_label as "energyLabel", d.programme, d.funding, d.occupancy, d.floor,
      d.municipality_code as "municipalityCode", d.management, d.accessible, d.register_id as "registerId",
      d.entered_on as "enteredOn", d.left_on as "leftOn", d.exit_reason as "exitReason", d.batch_id as "batchId", d.version,
      json_build_object('id', b.id, 'reference', b.reference, 'name', b.name, 'constructionYear', b.construction_year,
        'priorityArea', b.priority_area, 'firstQuartileRate', b.first_quartile_rate::text,
        'dwellings', s.dwellings, 'voids', s.voids) as building,
      c.contracts
    from portfolio.dwellings d
    join portfolio.buildings b on b.organisation_id = d.organisation_id and b.id = d.building_id
    join organisations.municipalities m on m.code = d.municipality_code
    cross join lateral (select count(*)::int as dwellings, (count(*) filter (where n.occupancy = 'void'))::int as voids
      from portfolio.dwellings n
      where n.organisation_id = d.organisation_id and n.building_id = d.building_id and n.left_on is null) s
    cross join lateral (select coalesce(json_agg(json_build_object('id', c.id, 'reference', c.reference, 'kind', c.kind,
        'startsOn', c.starts_on, 'endsOn', c.ends_on, 'ownerRentCents', c.owner_rent_cents, 'feeRate', c.fee_rate::text,
        'ownerId', o.id, 'ownerName', o.name) order by c.starts_on desc), '[]') as contracts
      from portfolio.contracts c
      join portfolio.owners o on o.organisation_id = c.organisation_id and o.id = c.owner_id
      where c.organisation_id = d.organisation_id and c.dwelling_id = d.id) c
    where d.organisation_id = ${organisationId} and d.id = ${dwellingId}`.compile(statements);

export const ownerRecord = (organisationId: string, ownerId: string): CompiledQuery<OwnerRow> =>
  sql<OwnerRow>`
    select o.id, o.reference, o.kind, o.name, o.contact_name as "contactName", o.email, o.phone, o.language, o.street,
      o.postal_code as "postalCode", o.city, right(o.iban, 4) as "ibanEnd", o.enterprise_number as "enterpriseNumber", o.note,
      o.batch_id as "batchId", o.version, c.contracts
    from portfolio.owners o
    cross join lateral (select coalesce(json_agg(json_build_object('id', c.id, 'reference', c.reference, 'kind', c.kind,
        'startsOn', c.starts_on, 'endsOn', c.ends_on, 'ownerRentCents', c.owner_rent_cents, 'feeRate', c.fee_rate::text,
        'dwellingId', d.id, 'dwellingReference', d.reference,
        'address', d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, ''), 'municipality', m.name_fr)
        order by d.street, d.house_number), '[]') as contracts
      from portfolio.contracts c
      join portfolio.dwellings d on d.organisation_id = c.organisation_id and d.id = c.dwelling_id
      join organisations.municipalities m on m.code = d.municipality_code
      where c.organisation_id = o.organisation_id and c.owner_id = o.id) c
    where o.organisation_id = ${organisationId} and o.id = ${ownerId}`.compile(statements);

/** Dwellings of an agency still in its stock: the whole of which a third may go to moderate incomes. */
export async function countStock(tx: Tx, organisationId: string): Promise<number> {
  const { total } = await tx
    .selectFrom('portfolio.dwellings')
    .select(sql<number>`count(*)::int`.as('total'))
    .where('organisation_id', '=', organisationId)
    .where('left_on', 'is', null)
    .executeTakeFirstOrThrow();
  return total;
}
