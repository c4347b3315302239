import { sql } from 'kysely';
import { statements } from '../../../platform/database/statements.ts';
import { defineList, matchesSearch } from '../../../platform/lists/list.ts';
import { baseFilters, transferFilters } from './contract.ts';
import { classOfDwelling } from './queries.ts';

/** The whole stock, each dwelling with its class for the flow and what decided it. */
export const baseDwellingList = defineList({
  name: 'flow.base-dwellings',
  permission: 'flow.read-base',
  filters: baseFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('portfolio.dwelling_cards as d')
      .leftJoin('flow.dwelling_classes as k', (join) =>
        join.onRef('k.organisation_id', '=', 'd.organisation_id').onRef('k.dwelling_id', '=', 'd.id'),
      )
      .leftJoin('flow.base_rules as r', (join) =>
        join.onRef('r.organisation_id', '=', 'k.organisation_id').onRef('r.id', '=', 'k.rule_id'),
      )
      .leftJoin('flow.base_choices as c', (join) =>
        join.onRef('c.organisation_id', '=', 'k.organisation_id').onRef('c.id', '=', 'k.choice_id'),
      )
      .select([
        'd.id',
        'd.reference',
        sql<string>`d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '')`.as('address'),
        sql<string>`d.municipality_fr`.as('municipality'),
        'd.department',
        'd.building_name as building',
        'd.rooms',
        'd.funding',
        sql<string>`d.management`.as('management'),
        sql<boolean>`d.priority_area is not null`.as('inPriorityArea'),
        classOfDwelling.as('baseClass'),
        sql<'rule'>`case when k.choice_id is not null then 'choice' when k.rule_id is not null then 'rule'
          when d.management = 'stock' then 'management' else 'default' end`.as('by'),
        sql<string | null>`coalesce(c.reason, r.name)`.as('why'),
        sql<string | null>`(select x.title || ' (' || x.number || ')' from flow.reference_documents x
          where x.organisation_id = d.organisation_id and x.id = coalesce(c.document_id, r.document_id))`.as(
          'document',
        ),
        'k.since',
      ])
      .where('d.organisation_id', '=', organisationId)
      .where('d.left_on', 'is', null);
    if (filters.q) query = query.where(matchesSearch('d.id', 'dwelling', filters.q));
    if (filters.baseClass) {
      const { baseClass } = filters;
      const unruled = [
        baseClass.includes('in-base') && sql`(k.base_class is null and d.management <> 'stock')`,
        baseClass.includes('retained-stock') && sql`(k.base_class is null and d.management = 'stock')`,
      ].filter((condition) => condition !== false);
      query = query.where(sql<boolean>`(${sql.join([sql`k.base_class = any(${baseClass})`, ...unruled], sql` or `)})`);
    }
    if (filters.department) query = query.where('d.department', 'in', filters.department);
    if (filters.municipality) query = query.where('d.municipality_code', 'in', filters.municipality);
    if (filters.building) query = query.where('d.building_id', '=', filters.building);
    if (filters.funding) query = query.where('d.funding', 'in', filters.funding);
    if (filters.rule) query = query.where('k.rule_id', '=', filters.rule);
    return query;
  },
  sorts: {
    address: ['d.street', 'd.house_number', 'd.id'],
    municipality: ['d.municipality_code', 'd.street', 'd.house_number', 'd.id'],
    reference: ['d.reference', 'd.id'],
  },
  defaultSort: 'address',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'department', type: 'text' },
    { key: 'building', type: 'text' },
    { key: 'rooms', type: 'count' },
    { key: 'funding', type: 'text' },
    { key: 'management', type: 'word', words: 'management' },
    { key: 'inPriorityArea', type: 'yes-no' },
    { key: 'baseClass', type: 'word', words: 'base-class' },
    { key: 'by', type: 'word', words: 'class-origin' },
    { key: 'why', type: 'text' },
    { key: 'document', type: 'text' },
    { key: 'since', type: 'day' },
  ],
});

/** Tenants who ask to move within the stock, by their points (F-21). */
export const transferList = defineList({
  name: 'flow.transfers',
  permission: 'flow.rank-transfers',
  filters: transferFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('flow.transfer_scores as s')
      .innerJoin('flow.tenant_applications as t', (join) =>
        join
          .onRef('t.organisation_id', '=', 's.organisation_id')
          .onRef('t.application_id', '=', 's.application_id')
          .onRef('t.tenancy_id', '=', 's.tenancy_id'),
      )
      .select([
        's.application_id as id',
        's.rank',
        's.points',
        't.number',
        't.family_name as familyName',
        't.given_name as givenName',
        't.persons',
        't.bedrooms_needed as bedroomsNeeded',
        't.bedrooms',
        's.registered_on as registeredOn',
        't.dwelling_reference as dwelling',
        's.dwelling_id as dwellingId',
        't.address',
        't.municipality_fr as municipality',
        's.steps',
        's.counted_on as countedOn',
      ])
      .where('s.organisation_id', '=', organisationId);
    if (filters.q) query = query.where(matchesSearch('s.application_id', 'application', filters.q));
    if (filters.department) query = query.where('t.department', 'in', filters.department);
    return query;
  },
  sorts: { rank: ['s.rank'] },
  defaultSort: 'rank',
  columns: [
    { key: 'rank', type: 'count' },
    { key: 'points', type: 'count' },
    { key: 'number', type: 'text' },
    { key: 'familyName', type: 'text' },
    { key: 'givenName', type: 'text' },
    { key: 'persons', type: 'count' },
    { key: 'bedroomsNeeded', type: 'count' },
    { key: 'bedrooms', type: 'count' },
    { key: 'registeredOn', type: 'day' },
    { key: 'dwelling', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'countedOn', type: 'day' },
  ],
});
