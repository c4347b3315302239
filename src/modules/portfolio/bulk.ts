import { sql } from 'kysely';
import { type BulkTable, indexAllForSearch, type Sql } from '../../platform/database/bulk.ts';

/** What may be told of owners, buildings, dwellings and contracts, many at once. */

export const ownersInBulk: BulkTable = {
  kind: 'owner',
  table: 'portfolio.owners',
  reference: 'reference',
  columns: ['kind', 'name', 'email', 'phone', 'language', 'iban', 'enterprise_number'],
  defaults: { kind: 'person', language: 'fr' },
};

/** Where a building stands is told once: its dwellings repeat it. */
export const buildingsInBulk: BulkTable = {
  kind: 'building',
  table: 'portfolio.buildings',
  reference: 'reference',
  columns: ['name', 'construction_year', 'priority_area'],
  ofNew: ['street', 'house_number', 'postal_code', 'municipality_code'],
};

export const dwellingsInBulk: BulkTable = {
  kind: 'dwelling',
  table: 'portfolio.dwellings',
  reference: 'reference',
  columns: [
    ...[
      'building_id',
      'kind',
      'street',
      'house_number',
      'box',
      'floor',
      'postal_code',
      'municipality_code',
      'bedrooms',
      'rooms',
    ],
    ...['area_m2', 'rent_cents', 'charges_cents', 'energy_label', 'programme', 'funding', 'management', 'accessible'],
    ...['register_id', 'entered_on', 'occupancy'],
  ],
  defaults: { kind: 'apartment', charges_cents: 0, programme: 'ordinary', accessible: false, occupancy: 'let' },
};

export const contractsInBulk: BulkTable = {
  kind: 'contract',
  table: 'portfolio.contracts',
  reference: 'reference',
  columns: ['owner_id', 'kind', 'starts_on', 'ends_on', 'owner_rent_cents', 'fee_rate'],
  ofNew: ['dwelling_id'],
  defaults: { kind: 'mandate', owner_rent_cents: 0 },
};

/**
 * Puts dwellings back in the occupancy they had before a lease that is undone.
 * @param rows selection of id and occupancy
 */
export const restoreOccupancy = (organisationId: string, rows: Sql): Sql => sql`
  update portfolio.dwellings d set occupancy = r.occupancy from (${rows}) as r
  where d.organisation_id = ${organisationId} and d.id = r.id`;

/** Makes dwellings findable by their address, their building and their numbers. @param ids selection of identifiers */
export const indexDwellings = (organisationId: string, ids: Sql): Sql =>
  indexAllForSearch(sql`
    select d.organisation_id, 'dwelling', d.id, d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, ''),
      d.reference || ' · ' || m.name_fr,
      platform.fold(concat_ws(' ', d.reference, d.street, d.house_number, d.box, d.postal_code, m.name_fr, m.name_nl, b.reference,
        b.name, d.register_id))
    from portfolio.dwellings d
    join portfolio.buildings b on b.organisation_id = d.organisation_id and b.id = d.building_id
    join organisations.municipalities m on m.code = d.municipality_code
    where d.organisation_id = ${organisationId} and d.id in (${ids})`);

/** Makes owners findable, as the actions that write one of them do. @param ids selection of identifiers */
export const indexOwners = (organisationId: string, ids: Sql): Sql =>
  indexAllForSearch(sql`
    select o.organisation_id, 'owner', o.id, o.name, o.reference,
      platform.fold(concat_ws(' ', o.name, o.reference, o.contact_name, o.email, o.phone, o.enterprise_number, o.city))
    from portfolio.owners o
    where o.organisation_id = ${organisationId} and o.id in (${ids})`);
