import { sql } from 'kysely';
import { statements } from '../../platform/database/statements.ts';
import { defineList, matchesSearch } from '../../platform/lists/list.ts';
import { contractFilters, dwellingFilters, ownerFilters } from './contract.ts';

/** `12 bte 3`, `12`: house number and box as one reads them on the door. */
const addressOf = (table: string) =>
  sql<string>`${sql.ref(`${table}.street`)} || ' ' || ${sql.ref(`${table}.house_number`)} || coalesce(' bte ' || ${sql.ref(`${table}.box`)}, '')`;

export const dwellingList = defineList({
  name: 'portfolio.dwellings',
  permission: 'portfolio.read',
  filters: dwellingFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('portfolio.dwellings as d')
      .innerJoin('organisations.municipalities as m', 'm.code', 'd.municipality_code')
      .select([
        'd.id',
        'd.reference',
        'd.street',
        'd.house_number as houseNumber',
        'd.box',
        'd.postal_code as postalCode',
        'm.name_fr as municipality',
        'd.kind',
        'd.bedrooms',
        'd.rooms',
        'd.area_m2 as areaM2',
        'd.rent_cents as rentCents',
        'd.charges_cents as chargesCents',
        'd.energy_label as energyLabel',
        'd.programme',
        'd.funding',
        'd.occupancy',
      ])
      .where('d.organisation_id', '=', organisationId);
    // Without `left`, the partial indexes on dwellings still in the stock serve.
    query = filters.left ? query.where('d.left_on', 'is not', null) : query.where('d.left_on', 'is', null);
    if (filters.q) query = query.where(matchesSearch('d.id', 'dwelling', filters.q));
    if (filters.occupancy) query = query.where('d.occupancy', 'in', filters.occupancy);
    if (filters.municipality) query = query.where('d.municipality_code', 'in', filters.municipality);
    if (filters.kind) query = query.where('d.kind', 'in', filters.kind);
    if (filters.funding) query = query.where('d.funding', 'in', filters.funding);
    if (filters.management) query = query.where('d.management', 'in', filters.management);
    if (filters.bedrooms !== undefined) query = query.where('d.bedrooms', '=', filters.bedrooms);
    if (filters.rooms !== undefined) query = query.where('d.rooms', '=', filters.rooms);
    if (filters.priorityArea !== undefined) {
      query = query.where(
        sql<boolean>`${filters.priorityArea ? sql`` : sql`not`} exists (select 1 from portfolio.buildings b
          where b.organisation_id = ${organisationId} and b.id = d.building_id and b.priority_area is not null)`,
      );
    }
    return query;
  },
  sorts: {
    address: ['d.street', 'd.house_number', 'd.id'],
    municipality: ['d.municipality_code', 'd.street', 'd.house_number', 'd.id'],
    rent: ['d.rent_cents', 'd.id'],
    reference: ['d.reference', 'd.id'],
    occupancy: ['d.occupancy', 'd.street', 'd.house_number', 'd.id'],
  },
  defaultSort: 'address',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'street', type: 'text' },
    { key: 'houseNumber', type: 'text' },
    { key: 'box', type: 'text' },
    { key: 'postalCode', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'kind', type: 'word', words: 'dwelling-kind' },
    { key: 'bedrooms', type: 'count' },
    { key: 'rooms', type: 'count' },
    { key: 'areaM2', type: 'number' },
    { key: 'rentCents', type: 'cents' },
    { key: 'chargesCents', type: 'cents' },
    { key: 'energyLabel', type: 'text' },
    { key: 'programme', type: 'word', words: 'programme' },
    { key: 'funding', type: 'text' },
    { key: 'occupancy', type: 'word', words: 'occupancy' },
  ],
});

export const ownerList = defineList({
  name: 'portfolio.owners',
  permission: 'portfolio.read',
  filters: ownerFilters,
  select({ organisationId, filters, today }) {
    let query = statements
      .selectFrom('portfolio.owners as o')
      .select([
        'o.id',
        'o.reference',
        'o.kind',
        'o.name',
        'o.email',
        'o.phone',
        'o.language',
        running(organisationId, today, sql<number>`count(*)::int`).as('dwellings'),
        running(organisationId, today, sql<number>`coalesce(sum(c.owner_rent_cents), 0)::bigint`).as('rentCents'),
        running(organisationId, today, sql<string | null>`min(c.ends_on)`).as('nextEndOn'),
      ])
      .where('o.organisation_id', '=', organisationId);
    if (filters.q) query = query.where(matchesSearch('o.id', 'owner', filters.q));
    if (filters.kind) query = query.where('o.kind', 'in', filters.kind);
    return query;
  },
  sorts: { name: ['o.name', 'o.id'], reference: ['o.reference', 'o.id'] },
  defaultSort: 'name',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'kind', type: 'word', words: 'owner-kind' },
    { key: 'name', type: 'text' },
    { key: 'email', type: 'text' },
    { key: 'phone', type: 'text' },
    { key: 'language', type: 'text' },
    { key: 'dwellings', type: 'count' },
    { key: 'rentCents', type: 'cents' },
    { key: 'nextEndOn', type: 'day' },
  ],
});

/** An aggregate over the contracts of an owner that run today. */
const running = <Value>(organisationId: string, today: string, aggregate: ReturnType<typeof sql<Value>>) =>
  sql<Value>`(select ${aggregate} from portfolio.contracts c
    where c.organisation_id = ${organisationId} and c.owner_id = o.id
      and c.starts_on <= ${today}::date and (c.ends_on is null or c.ends_on >= ${today}::date))`;

export const contractList = defineList({
  name: 'portfolio.contracts',
  permission: 'portfolio.read',
  filters: contractFilters,
  select({ organisationId, filters, today }) {
    let query = statements
      .selectFrom('portfolio.contracts as c')
      .innerJoin('portfolio.owners as o', (join) =>
        join.onRef('o.organisation_id', '=', 'c.organisation_id').onRef('o.id', '=', 'c.owner_id'),
      )
      .innerJoin('portfolio.dwellings as d', (join) =>
        join.onRef('d.organisation_id', '=', 'c.organisation_id').onRef('d.id', '=', 'c.dwelling_id'),
      )
      .innerJoin('organisations.municipalities as m', 'm.code', 'd.municipality_code')
      .select([
        'c.id',
        'c.reference',
        'c.kind',
        'c.starts_on as startsOn',
        'c.ends_on as endsOn',
        'c.owner_rent_cents as ownerRentCents',
        'c.fee_rate as feeRate',
        'c.owner_id as ownerId',
        'o.name as ownerName',
        'c.dwelling_id as dwellingId',
        'd.reference as dwellingReference',
        addressOf('d').as('address'),
        'm.name_fr as municipality',
      ])
      .where('c.organisation_id', '=', organisationId)
      // Contracts without an end come last: they have the last day of the calendar.
      .where((eb) => eb.or([eb('c.ends_on', 'is', null), eb('c.ends_on', '>=', today)]));
    if (filters.q) {
      const text = filters.q;
      query = query.where((eb) =>
        eb.or([matchesSearch('c.owner_id', 'owner', text), matchesSearch('c.dwelling_id', 'dwelling', text)]),
      );
    }
    if (filters.kind) query = query.where('c.kind', 'in', filters.kind);
    if (filters.endsBefore) query = query.where('c.ends_on', '<', filters.endsBefore);
    return query;
  },
  sorts: { start: ['c.starts_on', 'c.id'], reference: ['c.reference', 'c.id'], owner: ['o.name', 'c.id'] },
  defaultSort: 'reference',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'kind', type: 'word', words: 'contract-kind' },
    { key: 'startsOn', type: 'day' },
    { key: 'endsOn', type: 'day' },
    { key: 'ownerRentCents', type: 'cents' },
    { key: 'feeRate', type: 'number' },
    { key: 'ownerName', type: 'text' },
    { key: 'dwellingReference', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
  ],
});
