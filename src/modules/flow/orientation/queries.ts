import { type RawBuilder, sql } from 'kysely';
import { type LocalDate, startOfYear, yearOf } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { type FlowFacts, meetsTarget } from '../queries.ts';

export type PartyRow = {
  id: string;
  holderId: string;
  name: string;
  contingent: string;
  scale: 'municipality' | 'department' | 'territory';
  /** Share in force today, exact; what the days before gave is in `due`. */
  share: string;
  nominationDays: number | null;
  freed: number;
  due: string;
  proposed: number;
  returned: boolean;
  needs: { criterion: string; value: string; place: string | null; target: number; served: number }[];
};

/** Counted over its whole perimeter, département or territory (F-30), or in the municipality of the dwelling. Agreements are `a`. */
const countedEverywhere = sql`(a.scale = 'territory' or a.scale = 'department' and length(a.perimeter_code) = 2)`;

/** The counter of an agreement `a` among those of the municipality, the territory and the département of the dwelling. */
const ofScale = (counters: string) => {
  const column = (name: string) => sql.ref(`${counters}.${name}`);
  return sql`case when a.scale = 'territory' then ${column('around')} when ${countedEverywhere} then ${column('everywhere')} else ${column('home')} end`;
};

/** What counts as one, and what takes one back, among rows that have a `kind`. */
const sum = (plus: string, minus: string, extra = sql``) =>
  sql`(count(*) filter (where kind = ${sql.lit(plus)} ${extra}) - count(*) filter (where kind = ${sql.lit(minus)} ${extra}))::int`;

export type OwnContingent = { freed: number; kept: number; promised: string };

/**
 * The parties a dwelling of these facts may go to, with their counters of the year at their own scale: the municipality
 * of the dwelling for municipalities and the State, the territory of an EPT or EPCI, its département for the others (F-30); the landlord's own contingent
 * in the département (vacancies of the base, those it kept, what agreements have due, each in its own perimeter: the rest
 * is its own); and how many dwellings of the département wait for an orientation. One pass over the events of the year
 * for each thing counted, whatever the number of agreements.
 */
export async function orientationParties(
  tx: Tx,
  landlordId: string,
  facts: FlowFacts,
  vacancyId: string | null,
  today: LocalDate,
): Promise<Figures> {
  const { rows } = await figures(landlordId, facts, vacancyId, today).execute(tx);
  return rows[0]!;
}

type Figures = { parties: PartyRow[]; own: OwnContingent; waiting: number };

function figures(
  landlordId: string,
  facts: FlowFacts,
  vacancyId: string | null,
  today: LocalDate,
): RawBuilder<Figures> {
  const from = startOfYear(today);
  return sql<Figures>`
    with dwelling as materialized (select ${facts.rooms}::int as rooms, ${facts.funding}::text as funding,
      ${facts.inPriorityArea}::boolean as in_priority_area, ${facts.constructionYear}::int as construction_year,
      ${facts.territory}::text as territory, ${facts.municipalityCode}::text as municipality_code),
    flows as materialized (
      select e.kind, e.on_day, e.vacancy_id, e.agreement_id, e.municipality_code, e.territory, e.rooms, e.funding,
        e.in_priority_area, e.construction_year, e.department = ${facts.department} as in_department,
        e.territory is not distinct from ${facts.territory}::text and e.territory is not null as in_territory
      from flow.events e
      where e.organisation_id = ${landlordId} and e.on_day between ${from}::date and ${today}::date
        and e.kind in ('freed', 'unfreed', 'proposed', 'withdrawn', 'returned', 'expired')
        and e.base_class = 'in-base' and (e.department = ${facts.department} or e.territory = ${facts.territory}::text)
        -- Said twice for its index: a territory may reach over départements.
        and e.department = any (array(select m.department from organisations.municipalities m where m.territory = ${facts.territory}::text)
          || ${facts.department}::text)),
    -- A vacancy taken back takes back the day it was freed.
    freed as materialized (
      select on_day, municipality_code, territory, in_department, in_territory, sum(n)::int as n from (
        select on_day, municipality_code, territory, in_department, in_territory, 1 as n from flows where kind = 'freed'
        union all
        select coalesce((select max(f.on_day) from flow.events f where f.organisation_id = ${landlordId}
            and f.vacancy_id = u.vacancy_id and f.kind = 'freed' and f.on_day <= u.on_day), u.on_day), u.municipality_code, u.territory, u.in_department, u.in_territory, -1
        from flows u where u.kind = 'unfreed') each
      group by on_day, municipality_code, territory, in_department, in_territory),
    days as materialized (
      select on_day, coalesce(sum(n) filter (where in_department), 0)::int as everywhere,
        coalesce(sum(n) filter (where in_territory), 0)::int as around,
        coalesce(sum(n) filter (where municipality_code = ${facts.municipalityCode}), 0)::int as home
      from freed group by on_day),
    year as materialized (select coalesce(sum(everywhere), 0)::int as everywhere, coalesce(sum(around), 0)::int as around,
      coalesce(sum(home), 0)::int as home from days),
    shares as materialized (
      select s.agreement_id, s.perimeter_code, s.share, greatest(s.from_day, ${from}::date) as from_day,
        least(coalesce(s.until_day, ${today}::date), ${today}::date) as until_day
      from flow.dated_shares s
      where s.organisation_id = ${landlordId} and ${facts.department} = any(flow.departments_of(s.perimeter_code))
        and s.from_day <= ${today}::date and (s.until_day is null or s.until_day >= ${from}::date)),
    -- A share seldom changes within a year: the vacancies of each span of days are added up once.
    spans as materialized (
      select p.from_day, p.until_day, coalesce(sum(d.everywhere), 0) as everywhere, coalesce(sum(d.around), 0) as around,
        coalesce(sum(d.home), 0) as home
      from (select distinct from_day, until_day from shares) p
      left join days d on d.on_day between p.from_day and p.until_day group by p.from_day, p.until_day),
    dues as materialized (
      select s.agreement_id, sum(s.share * p.everywhere) as everywhere, sum(s.share * p.around) as around,
        sum(s.share * p.home) as home
      from shares s join spans p on p.from_day = s.from_day and p.until_day = s.until_day group by s.agreement_id),
    places as materialized (
      select p.from_day, p.until_day, f.municipality_code, f.territory, sum(f.n) as n
      from spans p join freed f on f.in_department and f.on_day between p.from_day and p.until_day
      group by 1, 2, 3, 4),
    promised as materialized (
      select coalesce(sum(due), 0) as due from (
        select s.share * p.everywhere as due
        from shares s join spans p on p.from_day = s.from_day and p.until_day = s.until_day
        where s.perimeter_code = ${facts.department}
        union all
        select s.share * p.n from shares s
        join places p on p.from_day = s.from_day and p.until_day = s.until_day
          and s.perimeter_code in (p.municipality_code, p.territory)) each),
    given as materialized (
      select agreement_id, ${sum('proposed', 'withdrawn', sql`and in_department`)} as everywhere,
        ${sum('proposed', 'withdrawn', sql`and in_territory`)} as around,
        ${sum('proposed', 'withdrawn', sql`and municipality_code = ${facts.municipalityCode}`)} as home
      from flows where kind in ('proposed', 'withdrawn') group by agreement_id),
    served as materialized (
      select agreement_id, territory, municipality_code, rooms, funding, in_priority_area, construction_year, ${sum('proposed', 'withdrawn')} as n
      from flows where kind in ('proposed', 'withdrawn') and agreement_id is not null group by 1, 2, 3, 4, 5, 6, 7),
    targets as materialized (
      select t.agreement_id, t.criterion, t.value, t.place, t.target from flow.indicative_targets t cross join dwelling
      where t.organisation_id = ${landlordId} and t.year = ${yearOf(today)} and t.target is not null and ${meetsTarget('dwelling')}),
    needs as materialized (
      select agreement_id, json_agg(json_build_object('criterion', criterion, 'value', value, 'place', place, 'target', target,
        'served', served) order by criterion, value) as needs
      from (select t.agreement_id, t.criterion, t.value, t.place, t.target, coalesce(sum(v.n), 0) as served
        from targets t left join served v on v.agreement_id = t.agreement_id and ${meetsTarget('v')}
        group by t.agreement_id, t.criterion, t.value, t.place, t.target) each
      group by agreement_id),
    waiting as materialized (
      select count(*)::int as n from (
        select from flows where in_department group by vacancy_id
        having ${sum('freed', 'unfreed')} > 0
          and count(*) filter (where kind = 'proposed') <= count(*) filter (where kind in ('withdrawn', 'returned', 'expired'))) each),
    parties as (
      select a.id, a.holder_id as "holderId", h.name, a.contingent, a.scale, s.share::text, flow.nomination_days(a.organisation_id, a.id, ${today}::date) as "nominationDays",
        ${ofScale('year')} as freed, coalesce(${ofScale('u')}, 0)::text as due, coalesce(${ofScale('g')}, 0) as proposed,
        exists (select from flow.events e where e.organisation_id = a.organisation_id and e.vacancy_id = ${vacancyId}::uuid
          and e.agreement_id = a.id and e.kind in ('returned', 'expired')) as returned,
        coalesce(n.needs, '[]') as needs
      from flow.agreements a
      join organisations.organisations h on h.id = a.holder_id
      join shares s on s.agreement_id = a.id and s.until_day = ${today}::date
      cross join year
      left join dues u on u.agreement_id = a.id
      left join given g on g.agreement_id = a.id
      left join needs n on n.agreement_id = a.id
      where a.organisation_id = ${landlordId}
        and flow.in_perimeter(a.perimeter_code, ${facts.department}, ${facts.municipalityCode}, ${facts.territory})
      order by a.scale, s.share desc, a.id)
    select coalesce((select json_agg(parties) from parties), '[]') as parties, (select n from waiting) as waiting,
      json_build_object('freed', year.everywhere, 'kept', coalesce((select everywhere from given where agreement_id is null), 0),
        'promised', (select due::text from promised)) as own
    from year`;
}

export type ProgrammeFigures = {
  name: string;
  parties: { id: string; part: number; whole: number; oriented: number; orientedInAll: number }[];
};

/**
 * The new programme a dwelling belongs to, once its sharing is agreed: what each party has of its number of rooms and in all,
 * and what was oriented to it. Undefined when the dwelling is of none.
 */
export async function programmeOf(
  tx: Tx,
  landlordId: string,
  dwellingId: string,
  rooms: number | null,
): Promise<ProgrammeFigures | undefined> {
  const { rows } = await sql<ProgrammeFigures>`
    with programme as (
      select p.* from flow.programmes p
      join portfolio.dwelling_cards d on d.organisation_id = p.organisation_id and d.building_id = p.building_id
      where p.organisation_id = ${landlordId} and d.id = ${dwellingId} and p.state = 'agreed'
      order by p.delivered_on desc limit 1),
    oriented as (
      select coalesce(e.agreement_id::text, 'own') as party,
        sum(case e.kind when 'proposed' then 1 else -1 end)::int as n,
        (coalesce(sum(case e.kind when 'proposed' then 1 else -1 end) filter (where e.rooms = ${rooms}), 0))::int as of_size
      from programme p
      join portfolio.dwelling_cards d on d.organisation_id = p.organisation_id and d.building_id = p.building_id
      join allocation.vacancy_cards v on v.organisation_id = d.organisation_id and v.dwelling_id = d.id
      join flow.events e on e.organisation_id = v.organisation_id and e.vacancy_id = v.id
        and e.kind in ('proposed', 'withdrawn') and e.base_class = 'first-letting'
      group by 1),
    -- Where this number of rooms stands among the sizes of the programme; from nought.
    size as (
      select (s.at - 1)::int as place from programme p
      cross join jsonb_array_elements(p.sizes) with ordinality as s(size, at) where (s.size->>'rooms')::int = ${rooms})
    select p.name, (select coalesce(json_agg(json_build_object('id', r.row->>'id', 'whole', (r.row->>'total')::int,
          'part', coalesce((r.row->'counts'->>(select place from size))::int, 0),
          'oriented', greatest(0, coalesce(o.of_size, 0)), 'orientedInAll', greatest(0, coalesce(o.n, 0)))), '[]')
        from jsonb_array_elements(p.sharing->'rows') as r(row) left join oriented o on o.party = r.row->>'id') as parties
    from programme p`.execute(tx);
  return rows[0];
}

export type PlannedVacancy = { id: string; facts: FlowFacts };

export type PlanFigures = {
  cells: {
    agreementId: string;
    code: string;
    holderId: string;
    name: string;
    nominationDays: number | null;
    contingent: string;
    scale: 'municipality' | 'department' | 'territory';
    share: string;
    freed: number;
    due: string;
    proposed: number;
  }[];
  own: (OwnContingent & { department: string })[];
  targets: { id: string; target: number; served: number }[];
  options: { vacancyId: string; agreementId: string; code: string; targets: string[] }[];
};

/**
 * The same counters for several vacancies at once: every place where something is counted, what each vacancy may do there.
 * One statement, whatever the number of vacancies.
 */
export async function planFigures(
  tx: Tx,
  landlordId: string,
  vacancies: readonly PlannedVacancy[],
  today: LocalDate,
): Promise<PlanFigures> {
  const from = startOfYear(today);
  const given = JSON.stringify(
    vacancies.map(({ id, facts }) => ({
      id,
      department: facts.department,
      municipality_code: facts.municipalityCode,
      territory: facts.territory,
      rooms: facts.rooms,
      funding: facts.funding,
      in_priority_area: facts.inPriorityArea,
      construction_year: facts.constructionYear,
    })),
  );
  const { rows } = await sql<PlanFigures>`
    with vacancies as materialized (select * from json_to_recordset(${given}::json) as v(id uuid, department text,
      municipality_code text, territory text, rooms int, funding text, in_priority_area boolean, construction_year int)),
    departments as materialized (select distinct department as code from vacancies),
    flows as materialized (
      select e.kind, e.on_day, e.vacancy_id, e.agreement_id, e.department, e.municipality_code, e.territory, e.rooms, e.funding,
        e.in_priority_area, e.construction_year
      from flow.events e
      where e.organisation_id = ${landlordId} and e.on_day between ${from}::date and ${today}::date
        and e.kind in ('freed', 'unfreed', 'proposed', 'withdrawn')
        and e.base_class = 'in-base' and (e.department in (select code from departments)
          or e.territory in (select v.territory from vacancies v))),
    freed as materialized (
      select on_day, department, municipality_code, territory, sum(n)::int as n from (
        select on_day, department, municipality_code, territory, 1 as n from flows where kind = 'freed'
        union all
        select coalesce((select max(f.on_day) from flow.events f where f.organisation_id = ${landlordId}
            and f.vacancy_id = u.vacancy_id and f.kind = 'freed' and f.on_day <= u.on_day), u.on_day), u.department, u.municipality_code, u.territory, -1
        from flows u where u.kind = 'unfreed') each
      group by on_day, department, municipality_code, territory),
    shares as materialized (
      select s.agreement_id, s.perimeter_code, s.share, greatest(s.from_day, ${from}::date) as from_day,
        least(coalesce(s.until_day, ${today}::date), ${today}::date) as until_day
      from flow.dated_shares s
      where s.organisation_id = ${landlordId} and flow.departments_of(s.perimeter_code) && array(select code from departments)
        and s.from_day <= ${today}::date and (s.until_day is null or s.until_day >= ${from}::date)),
    admitted as materialized (
      select v.id as vacancy_id, a.id as agreement_id, a.holder_id, h.name, a.contingent, a.scale, s.share,
        case when ${countedEverywhere} then a.perimeter_code else v.municipality_code end as code
      from flow.agreements a
      join organisations.organisations h on h.id = a.holder_id
      join shares s on s.agreement_id = a.id and s.until_day = ${today}::date
      join vacancies v on flow.in_perimeter(a.perimeter_code, v.department, v.municipality_code, v.territory)
      where a.organisation_id = ${landlordId} and not exists (select from flow.events e
        where e.organisation_id = a.organisation_id and e.vacancy_id = v.id and e.agreement_id = a.id
          and e.kind in ('returned', 'expired'))),
    cells as materialized (select distinct agreement_id, code, holder_id, name, contingent, scale, share from admitted),
    spans as materialized (
      select p.from_day, p.until_day, c.code, coalesce(sum(f.n), 0)::int as n
      from (select distinct from_day, until_day from shares union select ${from}::date, ${today}::date) p
      cross join (select distinct code from cells union select code from departments) c
      left join freed f on f.on_day between p.from_day and p.until_day
        and flow.in_perimeter(c.code, f.department, f.municipality_code, f.territory)
      group by p.from_day, p.until_day, c.code),
    dues as materialized (
      select c.agreement_id, c.code, sum(s.share * p.n) as due
      from cells c
      join shares s on s.agreement_id = c.agreement_id
      join spans p on p.from_day = s.from_day and p.until_day = s.until_day and p.code = c.code
      group by c.agreement_id, c.code),
    given as materialized (
      select agreement_id, department, municipality_code, territory, rooms, funding, in_priority_area, construction_year,
        ${sum('proposed', 'withdrawn')} as n
      from flows where kind in ('proposed', 'withdrawn') group by 1, 2, 3, 4, 5, 6, 7, 8),
    targets as materialized (
      select t.agreement_id, t.id, t.criterion, t.value, t.target from flow.indicative_targets t
      where t.organisation_id = ${landlordId} and t.year = ${yearOf(today)} and t.target is not null
        and t.agreement_id in (select agreement_id from cells)),
    promised as materialized (
      select d.code, coalesce((select sum(s.share * p.n) from shares s
          join spans p on p.from_day = s.from_day and p.until_day = s.until_day and p.code = d.code
          where s.perimeter_code = d.code), 0)
        + coalesce((select sum(s.share * f.n) from shares s
          join freed f on s.perimeter_code in (f.municipality_code, f.territory) and f.on_day between s.from_day and s.until_day
          where f.department = d.code), 0) as due
      from departments d)
    select
      (select coalesce(json_agg(json_build_object('agreementId', c.agreement_id, 'code', c.code, 'holderId', c.holder_id, 'name', c.name,
          'nominationDays', flow.nomination_days(${landlordId}, c.agreement_id, ${today}::date),
          'contingent', c.contingent, 'scale', c.scale, 'share', c.share::text,
          'freed', (select p.n from spans p where p.from_day = ${from}::date and p.until_day = ${today}::date and p.code = c.code),
          'due', coalesce(u.due, 0)::text,
          'proposed', coalesce((select sum(g.n) from given g where g.agreement_id = c.agreement_id
            and flow.in_perimeter(c.code, g.department, g.municipality_code, g.territory)), 0))
          order by c.scale, c.code, c.share desc, c.agreement_id), '[]')
        from cells c left join dues u on u.agreement_id = c.agreement_id and u.code = c.code) as cells,
      (select coalesce(json_agg(json_build_object('department', m.code, 'promised', m.due::text,
          'freed', (select p.n from spans p where p.from_day = ${from}::date and p.until_day = ${today}::date and p.code = m.code),
          'kept', coalesce((select sum(g.n) from given g where g.agreement_id is null and g.department = m.code), 0))
          order by m.code), '[]') from promised m) as own,
      (select coalesce(json_agg(json_build_object('id', t.id, 'target', t.target, 'served', greatest(0, coalesce((select sum(v.n)
          from given v where v.agreement_id = t.agreement_id and ${meetsTarget('v')}), 0))) order by t.id), '[]') from targets t) as targets,
      (select coalesce(json_agg(json_build_object('vacancyId', o.vacancy_id, 'agreementId', o.agreement_id, 'code', o.code,
          'targets', (select coalesce(json_agg(t.id order by t.id), '[]') from targets t
            join vacancies v on v.id = o.vacancy_id where t.agreement_id = o.agreement_id and ${meetsTarget('v')}))
          order by o.scale, o.code, o.share desc, o.agreement_id), '[]') from admitted o) as options`.execute(tx);
  return rows[0]!;
}
