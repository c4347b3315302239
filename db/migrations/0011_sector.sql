-- What overseers may know: figures of the organisations they watch over, never a name or an address.

create schema insights;
grant usage on schema insights to palier_app;
comment on schema insights is 'Figures of a sector, for federations, administrations, territories and the State';

-- Security definer: rows of other organisations are counted here and nowhere else. Only hosts that have the actor's
-- organisation as an overseer, and within its perimeter.
create function insights.sector(p_today date) returns table (
  organisation_id uuid, name text, kind text, dwellings int, voids int, under_notice int, applications int,
  leases_this_year int, vacancies_open int, late int, rent_lost_days bigint, municipalities jsonb, flows jsonb
) language sql stable security definer set search_path = '' as $$
  with me as (select id, perimeter from organisations.organisations where id = platform.organisation_id()),
  hosts as (
    select o.id, o.name, o.kind from organisations.relations r
    join organisations.organisations o on o.id = r.host_id
    where r.partner_id = platform.organisation_id() and r.kind = 'overseer'
      and r.since <= p_today and (r.until is null or r.until >= p_today)),
  year as (select date_trunc('year', p_today::timestamp)::date as first_day)
  select h.id, h.name, h.kind,
    (select count(*)::int from portfolio.dwellings d where d.organisation_id = h.id and d.left_on is null),
    (select count(*)::int from portfolio.dwellings d where d.organisation_id = h.id and d.left_on is null and d.occupancy = 'void'),
    (select count(*)::int from portfolio.dwellings d where d.organisation_id = h.id and d.left_on is null and d.occupancy = 'notice'),
    (select count(*)::int from applicants.applications a where a.organisation_id = h.id and a.state = 'active'),
    (select count(*)::int from tenancies.tenancies t, year where t.organisation_id = h.id and t.signed_on >= year.first_day and t.signed_on <= p_today),
    (select count(*)::int from allocation.vacancies v where v.organisation_id = h.id and v.closed_on is null),
    (select count(*)::int from allocation.vacancies v where v.organisation_id = h.id and v.closed_on is null and v.next_due_on < p_today),
    (select coalesce(sum(least(coalesce(v.let_from, p_today), p_today) - greatest(coalesce(v.freed_on, v.expected_free_on), year.first_day)), 0)::bigint
      from allocation.vacancies v, year where v.organisation_id = h.id and v.closed_as is distinct from 'cancelled'
        and coalesce(v.freed_on, v.expected_free_on) < p_today and (v.let_from is null or v.let_from > year.first_day)
        and least(coalesce(v.let_from, p_today), p_today) > greatest(coalesce(v.freed_on, v.expected_free_on), year.first_day)),
    (select coalesce(jsonb_object_agg(c.code, c.n), '{}') from (
      select d.municipality_code as code, count(*)::int as n from portfolio.dwellings d
      where d.organisation_id = h.id and d.left_on is null group by 1) c),
    (select coalesce(jsonb_agg(f order by f->>'department', f->>'contingent'), '[]') from (
      select jsonb_build_object('department', substr(a.perimeter_code, 1, 2), 'contingent', a.contingent,
        'share', round(sum(a.share) filter (where length(a.perimeter_code) = 2), 4),
        'proposed', sum(c.proposed), 'attributed', sum(c.attributed), 'leased', sum(c.leased), 'due', round(sum(a.share * b.freed), 2)) as f
      from flow.agreements a
      cross join me
      cross join year
      cross join lateral (select count(*) filter (where e.kind = 'freed') - count(*) filter (where e.kind = 'unfreed') as freed
        from flow.events e where e.organisation_id = a.organisation_id and e.on_day between year.first_day and p_today
          and e.base_class = 'in-base' and e.kind in ('freed', 'unfreed') and a.perimeter_code in (e.department, e.municipality_code)) b
      cross join lateral (select count(*) filter (where e.kind = 'proposed') - count(*) filter (where e.kind = 'withdrawn') as proposed,
          count(*) filter (where e.kind = 'attributed') - count(*) filter (where e.kind = 'unattributed') as attributed,
          count(*) filter (where e.kind = 'leased') - count(*) filter (where e.kind = 'unleased') as leased
        from flow.events e where e.organisation_id = a.organisation_id and e.on_day between year.first_day and p_today
          and e.base_class = 'in-base' and e.agreement_id = a.id) c
      where a.organisation_id = h.id and a.state = 'signed' and a.starts_on <= p_today and (a.ends_on is null or a.ends_on >= p_today)
        and (me.perimeter->'departments' is null or me.perimeter->'departments' ? substr(a.perimeter_code, 1, 2))
      group by substr(a.perimeter_code, 1, 2), a.contingent) g)
  from hosts h order by h.name
$$;
revoke execute on function insights.sector from public;
grant execute on function insights.sector to palier_app;
