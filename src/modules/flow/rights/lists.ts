import { sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';
import { rightFilters } from './contract.ts';

/** Lines of the inventories one may read: a landlord its own, a holder those that are its own and shared. */
export const rightList = defineList({
  name: 'flow.reservation-rights',
  permission: 'flow.read',
  filters: rightFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('flow.inventory_lines as l')
      .innerJoin('flow.inventories as i', (join) =>
        join.onRef('i.organisation_id', '=', 'l.organisation_id').onRef('i.id', '=', 'l.inventory_id'),
      )
      .innerJoin('organisations.organisations as o', 'o.id', 'l.organisation_id')
      .leftJoin('organisations.organisations as h', 'h.id', 'l.holder_id')
      .leftJoin('organisations.municipalities as m', 'm.code', 'l.municipality_code')
      .select([
        'l.id',
        'l.reference',
        'o.name as landlord',
        sql<string>`coalesce(h.name, l.holder_name)`.as('holder'),
        sql<boolean>`l.holder_id is not null`.as('knownHolder'),
        'l.contingent',
        'l.origin',
        'l.agreement_reference as agreementReference',
        'l.signed_on as signedOn',
        'l.ends_on as endsOn',
        sql<'recurring'>`l.kind`.as('kind'),
        'l.rights',
        sql<number>`case when l.ends_on < i.converts_on then 0 else l.rights end`.as('counted'),
        'm.name_fr as municipality',
        'l.in_priority_area as inPriorityArea',
        'l.rooms',
        'l.funding',
        'l.construction_period as constructionPeriod',
        'l.dwellings',
      ])
      .where((eb) => eb.or([eb('l.organisation_id', '=', organisationId), eb('l.holder_id', '=', organisationId)]));
    if (filters.inventory) query = query.where('l.inventory_id', '=', filters.inventory);
    if (filters.contingent) query = query.where('l.contingent', 'in', filters.contingent);
    if (filters.kind) query = query.where('l.kind', '=', filters.kind);
    if (filters.only === 'over') query = query.where(sql<boolean>`l.ends_on < i.converts_on`);
    if (filters.only === 'running')
      query = query.where(sql<boolean>`(l.ends_on is null or l.ends_on >= i.converts_on)`);
    if (filters.only === 'unknown-holder') query = query.where('l.holder_id', 'is', null);
    if (filters.q) {
      const found = `%${filters.q.replace(/[%_\\]/g, '\\$&')}%`;
      query = query.where(
        sql<boolean>`platform.fold(concat_ws(' ', l.reference, l.holder_name, l.agreement_reference, m.name_fr)) like platform.fold(${found})`,
      );
    }
    return query;
  },
  nullable: ['l.ends_on'],
  sorts: {
    holder: ['l.holder_name', 'l.id'],
    end: ['l.ends_on', 'l.id'],
    reference: ['l.reference', 'l.id'],
  },
  defaultSort: 'holder',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'landlord', type: 'text' },
    { key: 'holder', type: 'text' },
    { key: 'contingent', type: 'word', words: 'contingent' },
    { key: 'origin', type: 'word', words: 'rights-origin' },
    { key: 'agreementReference', type: 'text' },
    { key: 'signedOn', type: 'day' },
    { key: 'endsOn', type: 'day' },
    { key: 'kind', type: 'word', words: 'rights-kind' },
    { key: 'rights', type: 'count' },
    { key: 'counted', type: 'count' },
    { key: 'municipality', type: 'text' },
    { key: 'inPriorityArea', type: 'yes-no' },
    { key: 'rooms', type: 'count' },
    { key: 'funding', type: 'text' },
    { key: 'constructionPeriod', type: 'text' },
    { key: 'dwellings', type: 'text' },
  ],
});

type PartyRow = {
  id: string;
  convertsOn: LocalDate;
  scenario: string;
  department: string | null;
  method: string;
  holder: string;
  contingent: string;
  reserved: number;
  volume: string;
  before: string;
  share: string;
  yearly: number;
  difference: string;
};

/** The scenarios looked at, a line for each holder: what the note prints, for a spreadsheet. */
export const scenarioList = defineList({
  name: 'flow.conversion-scenarios',
  permission: 'flow.convert',
  filters: z.object({ inventory: z.uuid().optional() }),
  select: ({ organisationId, filters }) =>
    statements
      .selectFrom(
        sql<PartyRow>`(
          select s.id::text || '|' || (p.value->>'id') as id, i.converts_on as "convertsOn", s.name as scenario, s.department,
            s.parameters->>'share' as method, p.value->>'name' as holder, p.value->>'contingent' as contingent,
            (p.value->>'reserved')::int as reserved, p.value->>'volume' as volume, p.value->>'before' as before,
            p.value->>'share' as share, (p.value->>'yearly')::int as yearly, p.value->>'difference' as difference
          from flow.conversion_scenarios s
          join flow.inventories i on i.organisation_id = s.organisation_id and i.id = s.inventory_id
          cross join lateral jsonb_array_elements(s.result->'parties') p
          where s.organisation_id = ${organisationId} and s.set_aside_on is null
            ${filters.inventory ? sql`and s.inventory_id = ${filters.inventory}` : sql``})`.as('parties'),
      )
      .selectAll(),
  sorts: { scenario: ['scenario', 'id'] },
  defaultSort: 'scenario',
  columns: [
    { key: 'scenario', type: 'text' },
    { key: 'convertsOn', type: 'day' },
    { key: 'department', type: 'text' },
    { key: 'method', type: 'word', words: 'share-method' },
    { key: 'holder', type: 'text' },
    { key: 'contingent', type: 'word', words: 'contingent' },
    { key: 'reserved', type: 'count' },
    { key: 'volume', type: 'number' },
    { key: 'before', type: 'number' },
    { key: 'share', type: 'number' },
    { key: 'yearly', type: 'count' },
    { key: 'difference', type: 'number' },
  ],
});
