import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';
import { countedDwellings } from './contract.ts';

const takesBack: Record<string, string> = {
  freed: 'unfreed',
  proposed: 'withdrawn',
  attributed: 'unattributed',
  leased: 'unleased',
};

const base = (column: RawBuilder<unknown>) => sql<boolean>`e.base_class = 'in-base' and ${column}`;

/** The events a line of a report counts, besides being among those of the report. */
function ofLine(section: string, key: string): RawBuilder<boolean> {
  const plain = key === 'unknown' ? null : key;
  switch (section) {
    case 'agreement':
      return base(sql`case when e.kind in ('freed', 'unfreed')
        then exists (select from flow.agreements a where a.organisation_id = e.organisation_id and a.id = ${key}::uuid
          and flow.in_perimeter(a.perimeter_code, e.department, e.municipality_code, e.territory))
        else e.agreement_id = ${key}::uuid end`);
    case 'holder':
      return base(
        key === 'own'
          ? sql`e.holder_id is null and e.kind not in ('freed', 'unfreed')`
          : sql`e.holder_id = ${key}::uuid`,
      );
    case 'rooms':
      return base(sql`e.rooms is not distinct from ${plain}::int`);
    case 'funding':
      return base(sql`e.funding is not distinct from ${plain}`);
    case 'priority-area':
      return base(sql`e.in_priority_area = ${key === 'in'}`);
    case 'municipality':
      return base(sql`e.municipality_code = ${key}`);
    case 'built': {
      const [from, until] = boundsOf(key);
      return base(sql`e.construction_year is not null = ${key !== 'unknown'}
        and (e.construction_year is null or (e.construction_year >= ${from} and e.construction_year < ${until}))`);
    }
    case 'credited':
      return sql`false`;
    case 'outside':
      return sql`e.base_class = ${key}`;
    case 'own-outside':
      return sql`e.base_class = ${key} and e.holder_id = (select r.recipient_id from flow.reports r
        where r.organisation_id = e.organisation_id and r.id = s.report_id)`;
    default:
      return base(sql`true`);
  }
}

/** « 1949-1974 » → from 1949, before 1975. */
function boundsOf(period: string): [from: number, until: number] {
  const [first, last] = period.split('-').map(Number);
  if (period === 'before-1949') return [0, 1949];
  if (period === 'since-2010') return [2010, 10_000];
  return [first || 0, (last || 9_999) + 1];
}

/** A key of a line that stands for a record or a number is one, or the line is empty. */
const isKeyOf = (section: string, key: string): boolean =>
  section === 'agreement' || (section === 'holder' && key !== 'own')
    ? z.uuid().safeParse(key).success
    : section !== 'rooms' || key === 'unknown' || /^\d{1,2}$/.test(key);

/** The counted events of a landlord, one by one: all of them, those of a report, or those behind one of its figures. */
export const reportEventList = defineList({
  name: 'flow.report-events',
  permission: 'flow.manage-reports',
  filters: z.object(countedDwellings),
  select({ organisationId, filters }) {
    const query = statements
      .selectFrom('flow.events as e')
      .select([
        'e.id',
        'e.on_day as onDay',
        'e.kind',
        'e.vacancy_id as vacancyId',
        sql<string | null>`(select h.name from organisations.organisations h where h.id = e.holder_id)`.as('holder'),
        sql<string>`coalesce((select c.name_fr from organisations.municipalities c where c.code = e.municipality_code), e.municipality_code)`.as(
          'municipality',
        ),
        'e.rooms',
        'e.funding',
        'e.in_priority_area as inPriorityArea',
        'e.construction_year as constructionYear',
        'e.base_class as baseClass',
        sql<number>`case when e.kind in ('unfreed', 'withdrawn', 'unattributed', 'unleased') then -1 else 1 end`.as(
          'counts',
        ),
      ])
      .where('e.organisation_id', '=', organisationId)
      .where('e.base_class', '<>', 'exchanged')
      .where('e.kind', 'in', [...Object.keys(takesBack), ...Object.values(takesBack)]);
    const { report, section = 'total', key = 'all', measure } = filters;
    const measured = measure ? query.where('e.kind', 'in', [measure, takesBack[measure]!]) : query;
    if (!report) return measured;
    if (!isKeyOf(section, key)) return measured.where(sql<boolean>`false`);
    return measured.where(
      sql<boolean>`exists (select from flow.report_sources s where s.organisation_id = ${organisationId} and s.report_id = ${report}
        and e.id = any(s.event_ids) and ${ofLine(section, key)})`,
    );
  },
  sorts: { day: ['e.on_day', 'e.id'] },
  defaultSort: 'day',
  columns: [
    { key: 'onDay', type: 'day' },
    { key: 'kind', type: 'word', words: 'flow-event' },
    { key: 'counts', type: 'number' },
    { key: 'holder', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'rooms', type: 'count' },
    { key: 'funding', type: 'text' },
    { key: 'inPriorityArea', type: 'yes-no' },
    { key: 'constructionYear', type: 'number' },
    { key: 'baseClass', type: 'word', words: 'base-class' },
    { key: 'vacancyId', type: 'text' },
  ],
});
