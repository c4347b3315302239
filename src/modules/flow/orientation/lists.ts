import { sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';

/** Residences of the intercommunal conventions, the first to be renewed first. */
export const residenceList = defineList({
  name: 'flow.listed-residences',
  permission: 'flow.steer',
  filters: z.object({}),
  select: ({ organisationId, today }) =>
    statements
      .selectFrom('flow.listed_residences as r')
      .innerJoin('portfolio.building_cards as b', (join) =>
        join.onRef('b.organisation_id', '=', 'r.organisation_id').onRef('b.id', '=', 'r.building_id'),
      )
      .innerJoin('organisations.municipalities as m', 'm.code', 'b.municipality_code')
      .select([
        'r.id',
        'b.reference',
        'b.name',
        'm.name_fr as municipality',
        sql<string | null>`(select max(d.first_quartile_rate)::text from portfolio.dwelling_cards d
          where d.organisation_id = r.organisation_id and d.building_id = r.building_id)`.as('firstQuartileRate'),
        sql<LocalDate>`r.from_day`.as('fromDay'),
        sql<LocalDate>`r.until_day`.as('untilDay'),
        'r.source',
        sql<'listed'>`case when r.taken_off_on is not null then 'taken-off' when r.until_day < ${today}::date then 'over'
          when r.until_day < ${today}::date + 183 then 'to-renew' else 'listed' end`.as('state'),
      ])
      .where('r.organisation_id', '=', organisationId),
  sorts: { until: ['r.until_day', 'r.id'] },
  defaultSort: 'until',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'name', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'firstQuartileRate', type: 'number' },
    { key: 'fromDay', type: 'day' },
    { key: 'untilDay', type: 'day' },
    { key: 'source', type: 'text' },
    { key: 'state', type: 'word', words: 'residence-state' },
  ],
});
