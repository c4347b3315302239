import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type LocalDate, of } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';

/** How the figures of reports are counted: the same SQL freezes them, previews them and counts them again. */

type Fragment = RawBuilder<unknown>;

/** The métropole holds the municipalities of its territories; they answer for themselves, and Paris for itself. */
const metropole = '200054781';

export const yearOfReport = (year: number): { from: LocalDate; until: LocalDate } => ({
  from: of(year, 1, 1),
  until: of(year, 12, 31),
});

/** One agreement of a holder, as a report keeps it. */
export type ScopeAgreement = { id: string; reference: string; contingent: string; share: string; code: string };

/** For whom figures are counted, and where: départements, municipalities and territories, and for a holder its agreements. */
export type Scope = {
  key: string;
  kind: 'holder' | 'territory';
  holder: string | null;
  codes: string[];
  agreements: ScopeAgreement[];
};

/**
 * Recipients of a year: the holders with a signed agreement in that year, and the établissements publics territoriaux and
 * intermunicipalities where the landlord had dwellings. @param names of territories that have no space here
 */
export function currentRecipients(landlordId: string, year: number, names: Record<string, string>): Fragment {
  const { from, until } = yearOfReport(year);
  return sql`
    select 'holder:' || a.holder_id as key, 'holder' as kind, a.holder_id::text as code, a.holder_id as recipient_id, h.name,
      a.holder_id as holder, array_agg(distinct a.perimeter_code) as codes,
      jsonb_agg(jsonb_build_object('id', a.id, 'reference', a.reference, 'contingent', a.contingent, 'share', s.share::text,
        'code', a.perimeter_code) order by a.reference) as agreements
    from flow.agreements a
    join organisations.organisations h on h.id = a.holder_id
    cross join lateral (select d.share from flow.dated_shares d where d.organisation_id = a.organisation_id
      and d.agreement_id = a.id and d.from_day <= ${until}::date order by d.from_day desc limit 1) s
    where a.organisation_id = ${landlordId} and a.state = 'signed'
      and a.starts_on <= ${until}::date and (a.ends_on is null or a.ends_on >= ${from}::date)
    group by a.holder_id, h.name
    union all
    select 'territory:' || t.code, 'territory', t.code, o.id, coalesce(o.name, ${JSON.stringify(names)}::jsonb->>t.code, t.code),
      null, t.codes, '[]'
    from (select coalesce(m.territory, nullif(m.intermunicipality, ${metropole})) as code, array_agg(m.code order by m.code) as codes
      from organisations.municipalities m
      where m.code in (select d.municipality_code from portfolio.dwelling_cards d
        where d.organisation_id = ${landlordId} and (d.left_on is null or d.left_on >= ${from}::date))
      group by 1) t
    left join organisations.organisations o on o.kind = 'territory' and o.registration_number = t.code
    where t.code is not null`;
}

/** The same, chosen beforehand. */
export const givenScopes = (scopes: readonly Scope[]): Fragment =>
  sql`select * from jsonb_to_recordset(${JSON.stringify(scopes)}::jsonb)
    as r(key text, kind text, holder uuid, codes text[], agreements jsonb)`;

/** The scopes of the reports of one production, as they are kept. */
const scopesOfBatch = (landlordId: string, batchId: string): Fragment =>
  sql`select r.id::text as key, s.kind, s.holder, s.codes, s.agreements
    from flow.reports r
    cross join lateral jsonb_to_record(r.inputs->'scope') as s(kind text, holder uuid, codes text[], agreements jsonb)
    where r.organisation_id = ${landlordId} and r.batch_id = ${batchId}`;

/** The scope a report was frozen with, for its landlord alone: no other counts all parties. */
export const scopeOfReport = (landlordId: string, reportId: string): Fragment =>
  sql`select r.id::text as key, s.kind, s.holder, s.codes, s.agreements
    from flow.reports r
    cross join lateral jsonb_to_record(r.inputs->'scope') as s(kind text, holder uuid, codes text[], agreements jsonb)
    where r.organisation_id = ${landlordId} and r.id = ${reportId}`;

const counted = sql`('freed', 'unfreed', 'proposed', 'withdrawn', 'attributed', 'unattributed', 'leased', 'unleased')`;

/** What an event adds to, and whether it adds or takes back. */
const measured = sql`case when e.kind in ('freed', 'proposed', 'attributed', 'leased') then 1 else -1 end as sign,
  case e.kind when 'unfreed' then 'freed' when 'withdrawn' then 'proposed' when 'unattributed' then 'attributed'
    when 'unleased' then 'leased' else e.kind end as what`;

const period = sql`case when m.construction_year is null then 'unknown' when m.construction_year < 1949 then 'before-1949'
  when m.construction_year < 1975 then '1949-1974' when m.construction_year < 1990 then '1975-1989'
  when m.construction_year < 2000 then '1990-1999' when m.construction_year < 2010 then '2000-2009' else 'since-2010' end`;

/**
 * Common table expressions that count a year for each of `recipients`:
 * - `matched`: each event that counts, once for what the recipient had itself (`own`), once for what happened where it is;
 * - `lines`: (recipient, section, key) with the four measures. In the base, a holder has its own proposals, attributions and
 *   leases beside all vacancies of its perimeter; a territory has those of all parties. Out of the base: all parties.
 * `credited` is beside both: lettings outside the base an agreement may be credited with afterwards (F-20).
 * What comes to nothing has no line, but the total. What is due to an agreement, and the vacancies it is a share of, are those
 * of `flow.due_parts`.
 */
export function countedLines(landlordId: string, year: number | Fragment, recipients: Fragment): Fragment {
  const first = sql`make_date((${year})::int, 1, 1)`;
  return sql`
    recipients as materialized (${recipients}),
    places as (select distinct r.key, r.kind, c.code from recipients r cross join lateral unnest(r.codes) as c(code)),
    year_events as materialized (
      select e.id, e.on_day, e.at, e.kind, e.vacancy_id, e.base_class, e.holder_id, e.agreement_id, e.department,
        e.municipality_code, e.territory, e.rooms, e.funding, e.in_priority_area, e.construction_year, ${measured}
      from flow.events e
      where e.organisation_id = ${landlordId} and e.on_day >= ${first} and e.on_day < ${first} + interval '1 year'
        and e.kind in ${counted} and e.base_class <> 'exchanged'),
    here as (
      select p.key, p.kind as recipient_kind, e.* from places p join year_events e on e.municipality_code = p.code
      union select p.key, p.kind, e.* from places p join year_events e on e.department = p.code
      union select p.key, p.kind, e.* from places p join year_events e on e.territory = p.code),
    matched as materialized (
      select r.key, r.kind as recipient_kind, e.*, true as own
      from recipients r join year_events e on e.holder_id = r.holder and e.what <> 'freed'
      union all
      select h.*, false from here h where h.recipient_kind = 'territory' or h.what = 'freed' or h.base_class <> 'in-base'),
    raw as (
      select r.key, 'total' as section, 'all' as line, 'freed' as what, 0 as sign from recipients r
      union all
      select m.key, s.section, s.line, m.what, m.sign from matched m
      cross join lateral (values ('total', 'all'),
        ('holder', case when m.recipient_kind = 'territory' and m.what <> 'freed' then coalesce(m.holder_id::text, 'own') end),
        ('rooms', coalesce(m.rooms::text, 'unknown')), ('funding', coalesce(m.funding, 'unknown')),
        ('priority-area', case when m.in_priority_area then 'in' else 'out' end), ('municipality', m.municipality_code),
        ('built', ${period})) as s(section, line)
      where m.base_class = 'in-base' and s.line is not null
      union all
      select m.key, case when m.own then 'own-outside' else 'outside' end, m.base_class, m.what, m.sign from matched m
      where m.base_class <> 'in-base'
      union all
      select r.key, 'agreement', a.id::text, m.what, coalesce(m.sign, 0) from recipients r
      cross join lateral jsonb_to_recordset(r.agreements) as a(id uuid)
      left join matched m on m.key = r.key and m.own and m.base_class = 'in-base' and m.agreement_id = a.id),
    dues as (
      select p.agreement_id::text as agreement, p.holder_id as holder, sum(p.sign)::int as freed, sum(p.part) as due
      from flow.due_parts p
      where p.organisation_id = ${landlordId} and p.on_day >= ${first} and p.on_day < ${first} + interval '1 year'
        and p.holder_id in (select holder from recipients)
      group by p.agreement_id, p.holder_id),
    lines as (
      select g.key as recipient, g.section, g.line as key,
        case g.section when 'agreement' then coalesce((select d.freed from dues d where d.agreement = g.line), 0) else g.freed end as freed,
        g.proposed, g.attributed, g.leased,
        case g.section when 'agreement' then coalesce((select d.due from dues d where d.agreement = g.line), 0)
          when 'total' then (select sum(d.due) from dues d join recipients r on r.holder = d.holder where r.key = g.key) end as due
      from (select key, section, line, coalesce(sum(sign) filter (where what = 'freed'), 0)::int as freed,
          coalesce(sum(sign) filter (where what = 'proposed'), 0)::int as proposed,
          coalesce(sum(sign) filter (where what = 'attributed'), 0)::int as attributed,
          coalesce(sum(sign) filter (where what = 'leased'), 0)::int as leased
        from raw group by key, section, line) g
      where g.section in ('total', 'agreement') or g.freed <> 0 or g.proposed <> 0 or g.attributed <> 0 or g.leased <> 0
      union all
      select r.key, 'credited', a.id::text, 0, 0, 0, c.leased, null::numeric from recipients r
      cross join lateral jsonb_to_recordset(r.agreements) as a(id uuid)
      cross join lateral (select insights.post_hoc_credit(a.id, ${first}, (${first} + interval '1 year - 1 day')::date) as leased) c
      where c.leased > 0)`;
}

/** Lines with the names they had: of holders, municipalities, agreements. */
export const labelledLines = sql`
  select l.*, coalesce(h.name, c.name_fr, a.reference) as label, a.share
  from lines l
  left join organisations.organisations h on l.section = 'holder' and l.key <> 'own' and h.id::text = l.key
  left join organisations.municipalities c on l.section = 'municipality' and c.code = l.key
  left join lateral (select x.reference, x.share from recipients r
    cross join lateral jsonb_to_recordset(r.agreements) as x(id text, reference text, share numeric)
    where l.section in ('agreement', 'credited') and r.key = l.recipient and x.id = l.key) a on true`;

/** What a report counted: its events in their order, and their hash. */
const countedEvents = sql`
  select r.key as recipient, coalesce(array_agg(distinct m.id order by m.id) filter (where m.id is not null), '{}') as event_ids
  from recipients r left join matched m on m.key = r.key group by r.key`;

/**
 * Attributions of the last years under each category that is subtracted, where each recipient is: (recipient,
 * category, year, count). Years before the first event of the landlord are unknown, not zero.
 */
export function subtractedHistory(landlordId: string, year: number, years: number, recipients: Fragment): Fragment {
  const first = year - years + 1;
  return sql`
    with recipients as materialized (${recipients}),
    years as (select y::int as year from generate_series(${first}::int, ${year}::int) y
      where y >= (select extract(year from min(e.on_day)) from flow.events e where e.organisation_id = ${landlordId})),
    places as (select distinct r.key, c.code from recipients r cross join lateral unnest(r.codes) as c(code)),
    happened as materialized (
      select e.id, extract(year from e.on_day)::int as year, e.base_class, e.department, e.municipality_code, e.territory,
        case e.kind when 'attributed' then 1 else -1 end as sign
      from flow.events e
      where e.organisation_id = ${landlordId} and e.on_day >= make_date(${first}::int, 1, 1)
        and e.on_day <= make_date(${year}::int, 12, 31) and e.kind in ('attributed', 'unattributed')
        and e.base_class not in ('in-base', 'exchanged', 'first-letting', 'retained-stock', 'not-applicable')),
    here as (select p.key, h.* from places p join happened h on h.municipality_code = p.code
      union select p.key, h.* from places p join happened h on h.department = p.code
      union select p.key, h.* from places p join happened h on h.territory = p.code),
    known as (select distinct base_class from happened)
    select r.key, k.base_class as category,
      jsonb_agg(jsonb_build_object('year', y.year, 'count', greatest(coalesce(n.count, 0), 0)) order by y.year) as history
    from recipients r cross join known k cross join years y
    left join (select key, base_class, year, sum(sign)::int as count from here group by 1, 2, 3) n
      on n.key = r.key and n.base_class = k.base_class and n.year = y.year
    group by r.key, k.base_class
    having sum(coalesce(n.count, 0)) > 0`;
}

/**
 * Counts and writes the figures of one production in one statement: all its reports are of the same moment. What is done now
 * for a landlord, and when the demonstration is loaded.
 */
export const freezeFigures = (landlordId: string, year: number, batchId: string): CompiledQuery =>
  sql`
    with ${countedLines(landlordId, year, scopesOfBatch(landlordId, batchId))},
    labelled as (${labelledLines}),
    figures as (insert into flow.report_lines (organisation_id, report_id, section, key, label, share, due, freed, proposed, attributed, leased)
      select ${landlordId}::uuid, l.recipient::uuid, l.section, l.key, l.label, l.share, l.due, l.freed, l.proposed, l.attributed, l.leased
      from labelled l)
    insert into flow.report_sources (organisation_id, report_id, event_ids, counted, hash)
    select ${landlordId}::uuid, c.recipient::uuid, c.event_ids, cardinality(c.event_ids),
      sha256(convert_to(array_to_string(c.event_ids, ','), 'UTF8'))
    from (${countedEvents}) c`.compile(statements);
