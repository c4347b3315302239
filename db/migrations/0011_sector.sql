-- What overseers may know: figures of the organisations they watch over, never a name or an address.

create schema insights;
grant usage on schema insights to palier_app;
comment on schema insights is 'Figures of a sector, for federations, administrations, territories and the State';

create function insights.covers(p_perimeter jsonb, p_municipality text) returns boolean language sql immutable as $$
  select (p_perimeter->'departments' is null or p_perimeter->'departments' ? substr(p_municipality, 1, 2))
    and (p_perimeter->'municipalities' is null or p_perimeter->'municipalities' ? p_municipality)
$$;
comment on function insights.covers is 'Whether a municipality is in a perimeter; an empty perimeter holds everything';

-- Security definer: rows of other organisations are counted here and nowhere else. Only hosts that have the actor's
-- organisation as an overseer; only what lies in its perimeter. Applications have no place: they count for the host.
create function insights.sector(p_today date) returns table (
  organisation_id uuid, name text, kind text, dwellings int, voids int, under_notice int, applications int,
  leases_this_year int, vacancies_open int, late int, rent_lost_days bigint, municipalities jsonb, flows jsonb
) language sql stable security definer set search_path = '' as $$
  with me as (select perimeter from organisations.organisations where id = platform.organisation_id()),
  year as (select date_trunc('year', p_today::timestamp)::date as first_day),
  places as (select m.code, substr(m.code, 1, 2) as department from organisations.municipalities m, me
    where insights.covers(me.perimeter, m.code)),
  hosts as (
    select o.id, o.name, o.kind from organisations.relations r
    join organisations.organisations o on o.id = r.host_id
    where r.partner_id = platform.organisation_id() and r.kind = 'overseer'
      and r.since <= p_today and (r.until is null or r.until >= p_today)),
  dwellings as (
    select d.organisation_id, d.id, d.municipality_code, d.occupancy, d.left_on from portfolio.dwellings d
    where d.organisation_id in (select id from hosts) and d.municipality_code in (select code from places)),
  stock as (
    select d.organisation_id, sum(d.n)::int as dwellings, sum(d.voids)::int as voids, sum(d.under_notice)::int as under_notice,
      jsonb_object_agg(d.municipality_code, d.n) as municipalities
    from (select organisation_id, municipality_code, count(*)::int as n, count(*) filter (where occupancy = 'void') as voids,
        count(*) filter (where occupancy = 'notice') as under_notice
      from dwellings where left_on is null group by organisation_id, municipality_code) d
    group by d.organisation_id),
  leases as (
    select t.organisation_id, count(*)::int as n from tenancies.tenancies t
    join dwellings d on d.organisation_id = t.organisation_id and d.id = t.dwelling_id
    cross join year where t.signed_on between year.first_day and p_today group by t.organisation_id),
  vacancies as (
    select v.organisation_id, (count(*) filter (where v.closed_on is null))::int as open,
      (count(*) filter (where v.closed_on is null and v.next_due_on < p_today))::int as late,
      coalesce(sum(greatest(0, least(coalesce(v.let_from, p_today), p_today) - greatest(coalesce(v.freed_on, v.expected_free_on), year.first_day)))
        filter (where v.closed_as is distinct from 'cancelled'), 0)::bigint as empty_days
    from allocation.vacancies v
    join dwellings d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
    cross join year group by v.organisation_id),
  counted as (
    select e.organisation_id, e.agreement_id, e.department, e.municipality_code, e.kind, count(*)::int as n
    from flow.events e cross join year
    where e.organisation_id in (select id from hosts) and e.on_day between year.first_day and p_today
      and e.base_class = 'in-base' and e.municipality_code in (select code from places)
    group by 1, 2, 3, 4, 5),
  -- One that ended in the year keeps what was due until then; its share is no longer promised.
  agreements as (
    select a.organisation_id, substr(a.perimeter_code, 1, 2) as department, a.perimeter_code, a.contingent, a.id,
      (select s.share from flow.dated_shares s where s.organisation_id = a.organisation_id and s.agreement_id = a.id
        and s.from_day <= p_today and (s.until_day is null or s.until_day >= p_today)) as share
    from flow.agreements a cross join year
    where a.organisation_id in (select id from hosts) and a.state = 'signed' and a.starts_on <= p_today
      and (a.ends_on is null or a.ends_on >= year.first_day)
      and exists (select from places where a.perimeter_code in (places.code, places.department))),
  dues as (
    select d.organisation_id, d.agreement_id, sum(d.part) as due
    from flow.due_parts d cross join year
    where d.organisation_id in (select id from hosts) and d.on_day between year.first_day and p_today
      and d.municipality_code in (select code from places)
    group by d.organisation_id, d.agreement_id),
  flows as (
    select a.organisation_id, jsonb_build_object('department', a.department, 'contingent', a.contingent,
      'share', round(sum(a.share) filter (where length(a.perimeter_code) = 2), 4),
      'due', round(coalesce(sum(b.due), 0), 2), 'proposed', sum(c.proposed), 'attributed', sum(c.attributed), 'leased', sum(c.leased)) as flow
    from agreements a
    left join dues b on b.organisation_id = a.organisation_id and b.agreement_id = a.id
    cross join lateral (select
        coalesce(sum(case k.kind when 'proposed' then k.n when 'withdrawn' then -k.n end), 0) as proposed,
        coalesce(sum(case k.kind when 'attributed' then k.n when 'unattributed' then -k.n end), 0) as attributed,
        coalesce(sum(case k.kind when 'leased' then k.n when 'unleased' then -k.n end), 0) as leased
      from counted k where k.organisation_id = a.organisation_id and k.agreement_id = a.id) c
    group by a.organisation_id, a.department, a.contingent)
  select h.id, h.name, h.kind, coalesce(s.dwellings, 0), coalesce(s.voids, 0), coalesce(s.under_notice, 0),
    (select count(*)::int from applicants.applications a where a.organisation_id = h.id and a.state = 'active'),
    coalesce(l.n, 0), coalesce(v.open, 0), coalesce(v.late, 0), coalesce(v.empty_days, 0), coalesce(s.municipalities, '{}'),
    coalesce((select jsonb_agg(f.flow order by f.flow->>'department', f.flow->>'contingent') from flows f where f.organisation_id = h.id), '[]')
  from hosts h
  left join stock s on s.organisation_id = h.id
  left join leases l on l.organisation_id = h.id
  left join vacancies v on v.organisation_id = h.id
  order by h.name
$$;
revoke execute on function insights.sector from public;
grant execute on function insights.sector to palier_app;
