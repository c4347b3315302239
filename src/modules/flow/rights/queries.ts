import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { Inventory, Programme, ScenarioView } from './contract.ts';
import { bandStarts, type SegmentCriterion } from './rules/turnover.ts';

/** The band of a dwelling `d`: how many starts it reaches; null when its area is not known. */
const bandIn = {
  area: sql`width_bucket(d.area_m2, ${sql.lit(`{${bandStarts.area.join(',')}}`)}::numeric[])`,
  rent: sql`width_bucket(d.rent_cents / nullif(d.area_m2, 0), ${sql.lit(`{${bandStarts.rent.join(',')}}`)}::numeric[])`,
};

/** Of whom a line is: the partner of that name, else the name itself; each quota apart. */
const partyId = sql<string>`coalesce(l.holder_id::text, l.holder_name) || '|' || l.contingent`;
const partyName = sql<string>`coalesce(h.name, l.holder_name)`;

/** Rights of each holder, as the level 2 of an inventory tells them. */
export const synthesisOf = sql<Inventory['synthesis']>`(
  select coalesce(json_agg(json_build_object('holder', s.holder, 'contingent', s.contingent, 'department', s.department,
      'recurring', s.recurring, 'singleUse', s.single_use, 'over', s.over, 'lines', s.lines)
      order by s.contingent, s.holder, s.department), '[]')
  from (
    select ${partyName} as holder, l.contingent, substr(l.municipality_code, 1, 2) as department, count(*)::int as lines,
      coalesce(sum(l.rights) filter (where l.kind = 'recurring' and (l.ends_on is null or l.ends_on >= i.converts_on)), 0)::int as recurring,
      coalesce(sum(l.rights) filter (where l.kind = 'single-use' and (l.ends_on is null or l.ends_on >= i.converts_on)), 0)::int as single_use,
      coalesce(sum(l.rights) filter (where l.ends_on < i.converts_on), 0)::int as over
    from flow.inventory_lines l
    left join organisations.organisations h on h.id = l.holder_id
    where l.organisation_id = i.organisation_id and l.inventory_id = i.id
    group by 1, 2, 3) s)`;

export type InventoryRow = Inventory & { own: boolean };

/** Inventories of the landlord, and those shared with the holder, the latest conversion first. */
export const inventories = (organisationId: string): CompiledQuery<InventoryRow> =>
  sql<InventoryRow>`
    select i.id, i.organisation_id as "landlordId", o.name as landlord, i.converts_on as "convertsOn", i.state, i.note,
      i.shared_on as "sharedOn", i.agreed_on as "agreedOn", i.version, i.organisation_id = ${organisationId} as own,
      case when i.state = 'draft' then ${synthesisOf} else coalesce(i.synthesis, '[]')::json end as synthesis
    from flow.inventories i
    join organisations.organisations o on o.id = i.organisation_id
    where i.organisation_id = ${organisationId} or i.state <> 'draft'
    order by i.converts_on desc, i.id`.compile(statements);

export type LineRow = {
  party: string;
  name: string;
  contingent: string;
  kind: 'recurring' | 'single-use';
  count: number;
  endsOn: LocalDate | null;
  municipality: string | null;
  rooms: number | null;
  funding: string | null;
  inPriorityArea: boolean | null;
  /** Of the dwellings the right names, when they are all in one band. */
  area?: number | null;
  rent?: number | null;
};

export type ScenarioRow = {
  id: string;
  name: string;
  department: string | null;
  parameters: ScenarioView['parameters'];
  result: Omit<ScenarioView, 'id' | 'name' | 'department' | 'parameters' | 'createdOn' | 'createdBy'>;
  createdOn: string;
  createdBy: string;
};

export type ConversionRow = {
  id: string;
  convertsOn: LocalDate;
  state: Inventory['state'];
  version: number;
  lines: LineRow[];
  scenarios: ScenarioRow[];
};

const lines = sql`(select coalesce(json_agg(json_build_object('party', ${partyId}, 'name', ${partyName}, 'contingent', l.contingent,
    'kind', l.kind, 'count', l.rights, 'endsOn', l.ends_on, 'municipality', l.municipality_code, 'rooms', l.rooms,
    'funding', l.funding, 'inPriorityArea', l.in_priority_area, 'area', b.area, 'rent', b.rent) order by l.contingent, ${partyName}, l.id), '[]')
  from flow.inventory_lines l
  left join organisations.organisations h on h.id = l.holder_id
  left join lateral (select case when min(${bandIn.area}) = max(${bandIn.area}) then min(${bandIn.area}) end as area,
      case when min(${bandIn.rent}) = max(${bandIn.rent}) then min(${bandIn.rent}) end as rent
    from portfolio.dwelling_cards d
    where d.organisation_id = l.organisation_id and d.reference = any (string_to_array(l.dwellings, ' '))) b on l.dwellings is not null
  where l.organisation_id = i.organisation_id and l.inventory_id = i.id)`;

/** An inventory with its lines and the scenarios that are looked at, and the settings chosen for its landlord. */
export const conversion = (
  organisationId: string,
  inventoryId: string,
  settings: readonly string[],
  today: LocalDate,
): CompiledQuery<ConversionRow & { chosen: Record<string, unknown> }> =>
  sql<ConversionRow & { chosen: Record<string, unknown> }>`select c.*, (
      select jsonb_object_agg(s.key, insights.flow_setting(${organisationId}::uuid, s.key, ${today}::date))
      from unnest(${[...settings]}::text[]) as s (key)) as chosen
    from (${conversionOf(organisationId, inventoryId)}) as c`.compile(statements);

const conversionOf = (organisationId: string, inventoryId: string): RawBuilder<ConversionRow> => sql<ConversionRow>`
    select i.id, i.converts_on as "convertsOn", i.state, i.version, ${lines} as lines,
      (select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name, 'department', s.department,
          'parameters', s.parameters, 'result', s.result, 'createdOn', s.created_on,
          'createdBy', coalesce(u.given_name || ' ' || u.family_name, '')) order by s.created_at, s.id), '[]')
        from flow.conversion_scenarios s
        left join organisations.users u on u.id = s.created_by
        where s.organisation_id = i.organisation_id and s.inventory_id = i.id and s.set_aside_on is null) as scenarios
    from flow.inventories i
    where i.organisation_id = ${organisationId} and i.id = ${inventoryId}`;

/** The same, inside an action. */
export const readConversion = async (
  tx: Tx,
  organisationId: string,
  inventoryId: string,
): Promise<ConversionRow | undefined> => (await conversionOf(organisationId, inventoryId).execute(tx)).rows[0];

export type StockRow = {
  municipality: string;
  rooms: number | null;
  funding: string | null;
  inPriorityArea: boolean | null;
  /** Null, as the others, unless segments are cut by it. */
  area?: number | null;
  rent?: number | null;
  contingent?: string | null;
  year: number;
  dwellings: number;
  freed: number;
  inBase: number;
};

/**
 * Dwellings shared in flow at the end of each year, and those freed in it, by the municipality and what segments are cut
 * by. The years are the last three whole ones in which anything was freed: before, nothing is known. Retained stock and
 * first lettings are out of both (L-04, L-71). The quota is that of the lease: the one that ran at the end of the year, or
 * the one that ended.
 */
export const stockByYear = (
  organisationId: string,
  criteria: readonly SegmentCriterion[],
  today: LocalDate,
): CompiledQuery<StockRow> => stockOf(organisationId, criteria, today).compile(statements);

const stockOf = (
  organisationId: string,
  criteria: readonly SegmentCriterion[],
  today: LocalDate,
): RawBuilder<StockRow> => {
  const thisYear = Number(today.slice(0, 4));
  const cut = (criterion: SegmentCriterion, fact: RawBuilder<unknown>, type: string) =>
    criteria.includes(criterion) ? fact : sql`null::${sql.raw(type)}`;
  const bands = sql`${cut('area', bandIn.area, 'int')} as area, ${cut('rent', bandIn.rent, 'int')} as rent`;
  const quotaOn = (day: RawBuilder<unknown>) =>
    cut(
      'contingent',
      sql`(select q.contingent from tenancies.tenancy_quotas q
        where q.organisation_id = d.organisation_id and q.dwelling_id = d.id and q.starts_on <= ${day}
        order by q.starts_on desc limit 1)`,
      'text',
    );
  return sql<StockRow>`
    with counted as materialized (
      select e.vacancy_id, e.on_day, extract(year from e.on_day)::int as year, e.municipality_code, e.rooms, e.funding,
        e.in_priority_area,
        case when e.base_class in ('retained-stock', 'first-letting', 'not-applicable') then 0
          when e.kind = 'freed' then 1 else -1 end as freed,
        case when e.base_class <> 'in-base' then 0 when e.kind = 'freed' then 1 else -1 end as in_base
      from flow.events e
      where e.organisation_id = ${organisationId} and e.kind in ('freed', 'unfreed')
        and e.on_day between make_date(${thisYear - 3}, 1, 1) and make_date(${thisYear - 1}, 12, 31)),
    years as (select distinct year from counted),
    dwellings as (
      select d.municipality_code, ${cut('rooms', sql`d.rooms`, 'int')} as rooms, ${cut('funding', sql`d.funding`, 'text')} as funding,
        ${cut('priority-area', sql`d.priority_area is not null`, 'boolean')} as in_priority_area, ${bands},
        ${quotaOn(sql`make_date(y.year, 12, 31)`)} as contingent, y.year, 1 as dwellings, 0 as freed, 0 as in_base
      from portfolio.dwelling_cards d
      join years y on d.entered_on <= make_date(y.year, 12, 31) and (d.left_on is null or d.left_on > make_date(y.year, 12, 31))
      where d.organisation_id = ${organisationId} and d.management <> 'stock'
      union all
      select e.municipality_code, ${cut('rooms', sql`e.rooms`, 'int')}, ${cut('funding', sql`e.funding`, 'text')},
        ${cut('priority-area', sql`e.in_priority_area`, 'boolean')}, ${bands},
        ${quotaOn(sql`e.on_day`)}, e.year, 0, e.freed, e.in_base
      from counted e
      left join allocation.vacancy_cards v on v.organisation_id = ${organisationId} and v.id = e.vacancy_id
      left join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id)
    select municipality_code as municipality, rooms, funding, in_priority_area as "inPriorityArea", area, rent, contingent,
      year, sum(dwellings)::int as dwellings, sum(freed)::int as freed, sum(in_base)::int as "inBase"
    from dwellings
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8`;
};

/** The same, inside an action. */
export const readStock = async (
  tx: Tx,
  organisationId: string,
  criteria: readonly SegmentCriterion[],
  today: LocalDate,
): Promise<StockRow[]> => (await stockOf(organisationId, criteria, today).execute(tx)).rows;

export type ProgrammeRow = Omit<Programme, 'can' | 'rows' | 'setAsideBySize' | 'meetingDue'> & {
  sharing: { rows: Programme['rows']; setAside: number[] };
};

/** New programmes of the landlord, and those the holder has a part in, the next to be delivered first. */
export const programmes = (organisationId: string): CompiledQuery<ProgrammeRow> =>
  sql<ProgrammeRow>`
    select p.id, o.name as landlord, p.organisation_id = ${organisationId} as own, p.name, m.name_fr as municipality,
      p.municipality_code as "municipalityCode", p.delivered_on as "deliveredOn", p.meeting_on as "meetingOn", p.state, p.sizes,
      p.set_aside as "setAside", p.shares, p.sharing, p.agreed_on as "agreedOn", p.version,
      (select coalesce(json_object_agg(e.party, e.dwellings), '{}')
        from (select coalesce(e.agreement_id::text, 'own') as party,
            sum(case e.kind when 'proposed' then 1 else -1 end)::int as dwellings
          from flow.events e
          join allocation.vacancy_cards v on v.organisation_id = e.organisation_id and v.id = e.vacancy_id
          join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
          where e.organisation_id = p.organisation_id and e.kind in ('proposed', 'withdrawn') and e.base_class = 'first-letting'
            and d.building_id = p.building_id
          group by 1) e) as oriented
    from flow.programmes p
    join organisations.organisations o on o.id = p.organisation_id
    join organisations.municipalities m on m.code = p.municipality_code
    where p.organisation_id = ${organisationId} or ${organisationId}::uuid = any (p.holder_ids)
    order by p.delivered_on desc, p.id`.compile(statements);
