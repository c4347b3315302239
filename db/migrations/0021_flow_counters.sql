-- Counters of the flow: prepared aggregates of what the events say, written in the transaction of each event, so that the
-- figures of a region are read and not counted again. The events stay the truth: flow.counter_differences recounts them.

create table flow.counters (
  organisation_id uuid not null,
  year smallint not null,
  account_id uuid not null,
  department text not null,
  municipality_code text not null,
  holder_id uuid,
  freed int not null,
  due numeric not null,
  proposed int not null,
  attributed int not null,
  leased int not null,
  primary key (organisation_id, year, account_id, department, municipality_code)
);
comment on table flow.counters is 'What the events of a year come to, in the base, by account and municipality. Written by flow.count_events only';
comment on column flow.counters.account_id is 'The agreement; or the landlord itself, for its whole base and for what it keeps';
comment on column flow.counters.due is 'Exact: sum of the shares (flow.due_parts). Nought for the landlord: what is left to it is freed less what is due to others';
create index counters_by_account on flow.counters (organisation_id, account_id);
create index counters_by_holder on flow.counters (holder_id, organisation_id, year) where holder_id is not null;
alter table flow.counters enable row level security;
create policy parties on flow.counters for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
grant select on flow.counters to palier_app;

create table flow.lease_counters (
  organisation_id uuid not null,
  year smallint not null,
  department text not null,
  municipality_code text not null,
  in_priority_area boolean not null,
  contingent text not null,
  leases int not null,
  quartile_known int not null,
  first_quartile int not null,
  rehoused int not null,
  rehoused_unknown int not null,
  priority int not null,
  primary key (organisation_id, year, department, municipality_code, in_priority_area, contingent)
);
comment on table flow.lease_counters is 'Leases of a year by what the objectives of the law look at (L-60 to L-62), as they were on the day of the lease';
call platform.keep_apart('flow.lease_counters', 'select');

-- What each event adds to flow.counters. The counters are sums of these lines, whether one adds a line or recounts them all.
create view flow.counter_parts with (security_invoker = true) as
  select p.organisation_id, p.event_id, extract(year from p.on_day)::smallint as year, p.agreement_id as account_id,
    p.department, p.municipality_code, p.holder_id, p.sign as freed, p.part as due, 0 as proposed, 0 as attributed, 0 as leased
  from flow.due_parts p
  union all
  select e.organisation_id, e.id, extract(year from e.on_day)::smallint, coalesce(a.id, e.organisation_id),
    e.department, e.municipality_code, a.holder_id,
    case e.kind when 'freed' then 1 when 'unfreed' then -1 else 0 end, 0,
    case e.kind when 'proposed' then 1 when 'withdrawn' then -1 else 0 end,
    case e.kind when 'attributed' then 1 when 'unattributed' then -1 else 0 end,
    case e.kind when 'leased' then 1 when 'unleased' then -1 else 0 end
  from flow.events e
  left join flow.agreements a on a.organisation_id = e.organisation_id and a.id = e.agreement_id
  where e.base_class = 'in-base'
    and e.kind in ('freed', 'unfreed', 'proposed', 'withdrawn', 'attributed', 'unattributed', 'leased', 'unleased');
comment on view flow.counter_parts is 'What each event adds to flow.counters';

-- What each lease adds to flow.lease_counters, whatever its class: the objectives look at all attributions. One exchanged
-- between holders is counted for both, and is one lease: that of the holder it was proposed to.
create view flow.lease_parts with (security_invoker = true) as
  select e.organisation_id, e.id as event_id, extract(year from e.on_day)::smallint as year, e.department, e.municipality_code,
    e.in_priority_area, coalesce(a.contingent, 'own') as contingent, s.sign as leases,
    case when c.quartile is not null then s.sign else 0 end as quartile_known,
    case when c.quartile = 1 then s.sign else 0 end as first_quartile,
    case when e.base_class = 'urban-renewal' and c.quartile is distinct from 1 then s.sign else 0 end as rehoused,
    case when e.base_class = 'urban-renewal' and c.quartile is null then s.sign else 0 end as rehoused_unknown,
    case when c.priority_group is not null then s.sign else 0 end as priority
  from flow.events e
  cross join lateral (select case e.kind when 'leased' then 1 else -1 end as sign) s
  left join flow.agreements a on a.organisation_id = e.organisation_id and a.id = e.agreement_id
  left join lateral (select c.quartile, c.priority_group from allocation.candidates c
    where c.organisation_id = e.organisation_id and c.vacancy_id = e.vacancy_id and c.state = 'housed' limit 1) c on true
  where e.kind in ('leased', 'unleased') and e.exchange is distinct from 'receiver';
comment on view flow.lease_parts is 'What each lease adds to flow.lease_counters';

create view flow.recounted with (security_invoker = true) as
  select p.organisation_id, p.year, p.account_id, p.department, p.municipality_code, p.holder_id, sum(p.freed)::int as freed,
    sum(p.due) as due, sum(p.proposed)::int as proposed, sum(p.attributed)::int as attributed, sum(p.leased)::int as leased
  from flow.counter_parts p group by 1, 2, 3, 4, 5, 6;
comment on view flow.recounted is 'What flow.counters should be, counted from the events';

create view flow.recounted_leases with (security_invoker = true) as
  select p.organisation_id, p.year, p.department, p.municipality_code, p.in_priority_area, p.contingent, sum(p.leases)::int as leases,
    sum(p.quartile_known)::int as quartile_known, sum(p.first_quartile)::int as first_quartile, sum(p.rehoused)::int as rehoused,
    sum(p.rehoused_unknown)::int as rehoused_unknown, sum(p.priority)::int as priority
  from flow.lease_parts p group by 1, 2, 3, 4, 5, 6;
comment on view flow.recounted_leases is 'What flow.lease_counters should be, counted from the events';

-- Whoever writes counters waits for the turn of its landlord: that of its journal, which every decision waits for anyhow. One
-- lock, always the same, hence no deadlock; and what is read afterwards holds all that others counted before.
create function flow.take_turn(p_organisation uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_organisation is distinct from platform.organisation_id()
     and not organisations.acts_with(p_organisation, platform.organisation_id()) then
    raise exception 'no right to count for %', p_organisation using errcode = '42501';
  end if;
  insert into platform.journal_heads as head (organisation_id, seq, hash) values (p_organisation, 0, sha256(''::bytea))
    on conflict (organisation_id) do update set seq = head.seq;
end $$;
comment on function flow.take_turn is 'Waits until no other transaction writes counters or decisions of a landlord';
revoke execute on function flow.take_turn from public;

-- Adds events just written to the counters. Security definer: the counters are written here and nowhere else, and a partner
-- that acts on a landlord's dwelling may not read what it adds to.
create function flow.count_events(p_organisation uuid, p_events uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform flow.take_turn(p_organisation);
  insert into flow.counters as c
    select p.organisation_id, p.year, p.account_id, p.department, p.municipality_code, p.holder_id, sum(p.freed), sum(p.due),
      sum(p.proposed), sum(p.attributed), sum(p.leased)
    from flow.counter_parts p where p.organisation_id = p_organisation and p.event_id = any(p_events)
    group by 1, 2, 3, 4, 5, 6
  on conflict (organisation_id, year, account_id, department, municipality_code) do update set
    freed = c.freed + excluded.freed, due = c.due + excluded.due, proposed = c.proposed + excluded.proposed,
    attributed = c.attributed + excluded.attributed, leased = c.leased + excluded.leased;
  insert into flow.lease_counters as c
    select p.organisation_id, p.year, p.department, p.municipality_code, p.in_priority_area, p.contingent, sum(p.leases),
      sum(p.quartile_known), sum(p.first_quartile), sum(p.rehoused), sum(p.rehoused_unknown), sum(p.priority)
    from flow.lease_parts p where p.organisation_id = p_organisation and p.event_id = any(p_events)
    group by 1, 2, 3, 4, 5, 6
  on conflict (organisation_id, year, department, municipality_code, in_priority_area, contingent) do update set
    leases = c.leases + excluded.leases, quartile_known = c.quartile_known + excluded.quartile_known,
    first_quartile = c.first_quartile + excluded.first_quartile, rehoused = c.rehoused + excluded.rehoused,
    rehoused_unknown = c.rehoused_unknown + excluded.rehoused_unknown, priority = c.priority + excluded.priority;
end $$;
comment on function flow.count_events is 'Adds events to the counters, in the transaction that writes them';
revoke execute on function flow.count_events from public;
grant execute on function flow.count_events to palier_app;

-- An agreement was signed, amended or ended: what was freed since the day it changes is due anew.
create function flow.recount_agreement(p_organisation uuid, p_agreement uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform flow.take_turn(p_organisation);
  delete from flow.counters c where c.organisation_id = p_organisation and c.account_id = p_agreement;
  insert into flow.counters
    select * from flow.recounted r where r.organisation_id = p_organisation and r.account_id = p_agreement;
end $$;
comment on function flow.recount_agreement is 'Recounts one agreement from the events, in the transaction that changes its shares';
revoke execute on function flow.recount_agreement from public;
grant execute on function flow.recount_agreement to palier_app;

-- Every counter that is not what the events say. For operators: null is every landlord.
create function flow.counter_differences(p_organisation uuid default null) returns table (
  organisation_id uuid, year smallint, department text, municipality_code text, account_id uuid, kept jsonb, recounted jsonb
) language sql stable set search_path = '' as $$
  with kept as (select * from flow.counters c where p_organisation is null or c.organisation_id = p_organisation),
  counted as (select * from flow.recounted r where p_organisation is null or r.organisation_id = p_organisation),
  kept_leases as (select * from flow.lease_counters c where p_organisation is null or c.organisation_id = p_organisation),
  counted_leases as (select * from flow.recounted_leases r where p_organisation is null or r.organisation_id = p_organisation)
  select coalesce(k.organisation_id, r.organisation_id), coalesce(k.year, r.year), coalesce(k.department, r.department),
    coalesce(k.municipality_code, r.municipality_code), coalesce(k.account_id, r.account_id),
    jsonb_build_object('freed', coalesce(k.freed, 0), 'due', trim_scale(coalesce(k.due, 0)), 'proposed', coalesce(k.proposed, 0),
      'attributed', coalesce(k.attributed, 0), 'leased', coalesce(k.leased, 0)),
    jsonb_build_object('freed', coalesce(r.freed, 0), 'due', trim_scale(coalesce(r.due, 0)), 'proposed', coalesce(r.proposed, 0),
      'attributed', coalesce(r.attributed, 0), 'leased', coalesce(r.leased, 0))
  from kept k
  full join counted r on r.organisation_id = k.organisation_id and r.year = k.year and r.account_id = k.account_id
    and r.department = k.department and r.municipality_code = k.municipality_code
  where (coalesce(k.freed, 0), coalesce(k.due, 0), coalesce(k.proposed, 0), coalesce(k.attributed, 0), coalesce(k.leased, 0))
    <> (coalesce(r.freed, 0), coalesce(r.due, 0), coalesce(r.proposed, 0), coalesce(r.attributed, 0), coalesce(r.leased, 0))
  union all
  select coalesce(k.organisation_id, r.organisation_id), coalesce(k.year, r.year), coalesce(k.department, r.department),
    coalesce(k.municipality_code, r.municipality_code), null, l.kept, l.counted
  from kept_leases k
  full join counted_leases r on r.organisation_id = k.organisation_id and r.year = k.year and r.department = k.department
    and r.municipality_code = k.municipality_code and r.in_priority_area = k.in_priority_area and r.contingent = k.contingent
  cross join lateral (select
    jsonb_build_object('leases', coalesce(k.leases, 0), 'quartileKnown', coalesce(k.quartile_known, 0),
      'firstQuartile', coalesce(k.first_quartile, 0), 'rehoused', coalesce(k.rehoused, 0),
      'rehousedUnknown', coalesce(k.rehoused_unknown, 0), 'priority', coalesce(k.priority, 0)) as kept,
    jsonb_build_object('leases', coalesce(r.leases, 0), 'quartileKnown', coalesce(r.quartile_known, 0),
      'firstQuartile', coalesce(r.first_quartile, 0), 'rehoused', coalesce(r.rehoused, 0),
      'rehousedUnknown', coalesce(r.rehoused_unknown, 0), 'priority', coalesce(r.priority, 0)) as counted) l
  where l.kept <> l.counted
$$;
comment on function flow.counter_differences is 'Every counter that is not what the events say';
revoke execute on function flow.counter_differences from public;

-- Counts everything anew, of one landlord or of all, in a statement a table. For operators, imports and the demonstration.
create function flow.recount_counters(p_organisation uuid default null) returns void
language plpgsql set search_path = '' as $$
begin
  -- Whoever counts meanwhile waits, and then adds to what was recounted.
  lock table flow.counters, flow.lease_counters in share row exclusive mode;
  delete from flow.counters c where p_organisation is null or c.organisation_id = p_organisation;
  insert into flow.counters select * from flow.recounted r where p_organisation is null or r.organisation_id = p_organisation;
  delete from flow.lease_counters c where p_organisation is null or c.organisation_id = p_organisation;
  insert into flow.lease_counters
    select * from flow.recounted_leases r where p_organisation is null or r.organisation_id = p_organisation;
end $$;
comment on function flow.recount_counters is 'Counts the counters of one landlord, or of all, anew from the events';
revoke execute on function flow.recount_counters from public;

-- The figures of a territory (F-81, L-60 to L-62) --------------------------------------------------------------------

-- Security definer: counters of other organisations are read here, by landlord, département and contingent.
create function insights.flow_consolidation(p_year int, p_on date) returns table (
  organisation_id uuid, landlord text, department text, contingent text, freed int, due numeric, proposed int, attributed int, leased int
) language sql stable security definer set search_path = '' as $$
  with counted as (
    select c.organisation_id, h.name, c.account_id, c.department, sum(c.freed)::int as freed, sum(c.due) as due,
      sum(c.proposed)::int as proposed, sum(c.attributed)::int as attributed, sum(c.leased)::int as leased
    from flow.counters c
    join insights.watched_landlords(p_on) h on h.organisation_id = c.organisation_id
    where c.year = p_year and c.municipality_code in (select p.code from insights.watched_places() p)
    group by 1, 2, 3, 4)
  select c.organisation_id, c.name, c.department, a.contingent, sum(c.freed)::int, trim_scale(sum(c.due)), sum(c.proposed)::int,
    sum(c.attributed)::int, sum(c.leased)::int
  from counted c
  join flow.agreements a on a.organisation_id = c.organisation_id and a.id = c.account_id
  group by 1, 2, 3, 4
  union all
  -- What is left to the landlord: its base less what is due to others, and what it kept.
  select own.organisation_id, own.name, own.department, 'own', own.freed,
    trim_scale(own.freed - coalesce(d.due, 0)), own.proposed, null, null
  from counted own
  left join (select c.organisation_id, c.department, sum(c.due) as due from counted c group by 1, 2) d
    on d.organisation_id = own.organisation_id and d.department = own.department
  where own.account_id = own.organisation_id and (own.freed, own.proposed) <> (0, 0)
$$;
comment on function insights.flow_consolidation is 'Freed, due, proposed, attributed, leased of a year by landlord, département and contingent; « own » is what is left to the landlord';
revoke execute on function insights.flow_consolidation from public;
grant execute on function insights.flow_consolidation to palier_app;

-- Security definer: households are counted, never named. Leases of the year, by what the objectives of the law look at.
create function insights.flow_objectives(p_year int, p_on date) returns table (
  organisation_id uuid, landlord text, department text, territory text, in_priority_area boolean, contingent text,
  leases int, quartile_known int, first_quartile int, rehoused int, rehoused_unknown int, priority int
) language sql stable security definer set search_path = '' as $$
  select h.organisation_id, h.name, c.department, p.territory, c.in_priority_area, c.contingent, sum(c.leases)::int,
    sum(c.quartile_known)::int, sum(c.first_quartile)::int, sum(c.rehoused)::int, sum(c.rehoused_unknown)::int, sum(c.priority)::int
  from flow.lease_counters c
  join insights.watched_landlords(p_on) h on h.organisation_id = c.organisation_id
  join insights.watched_places() p on p.code = c.municipality_code
  where c.year = p_year
  group by 1, 2, 3, 4, 5, 6
  having sum(c.leases) > 0
$$;
comment on function insights.flow_objectives is 'Leases of a year by landlord, territory, priority area and contingent, with what is known of the households: L-60 to L-62';
revoke execute on function insights.flow_objectives from public;
grant execute on function insights.flow_objectives to palier_app;

-- The figures of a sector --------------------------------------------------------------------------------------------

create index dwellings_counted on portfolio.dwellings (organisation_id, municipality_code, occupancy) where left_on is null;
create index vacancies_by_letting on allocation.vacancies (organisation_id, let_from) where closed_as is distinct from 'cancelled';

-- Security definer: rows of other organisations are counted here and nowhere else. Only hosts that have the actor's
-- organisation as an overseer; only what lies in its perimeter. Applications have no place: they count for the host.
create function insights.sector(p_today date) returns table (
  organisation_id uuid, name text, kind text, dwellings int, voids int, under_notice int, applications int,
  leases_this_year int, vacancies_open int, late int, rent_lost_days bigint, municipalities jsonb, flows jsonb
) language sql stable security definer set search_path = '' as $$
  with me as (select perimeter from organisations.organisations where id = platform.organisation_id()),
  places as (select m.code, substr(m.code, 1, 2) as department, m.territory from organisations.municipalities m, me
    where insights.covers(me.perimeter, m.code)),
  -- Who sees everything need not look up where each lease and each vacancy lies.
  sight as materialized (select (select count(*) from places) = (select count(*) from organisations.municipalities) as whole),
  hosts as (
    select o.id, o.name, o.kind from organisations.relations r
    join organisations.organisations o on o.id = r.host_id
    where r.partner_id = platform.organisation_id() and r.kind = 'overseer'
      and r.since <= p_today and (r.until is null or r.until >= p_today)),
  stock as (
    select d.organisation_id, sum(d.n)::int as dwellings, sum(d.voids)::int as voids, sum(d.under_notice)::int as under_notice,
      jsonb_object_agg(d.municipality_code, d.n) as municipalities
    from (select d.organisation_id, d.municipality_code, count(*)::int as n, count(*) filter (where d.occupancy = 'void') as voids,
        count(*) filter (where d.occupancy = 'notice') as under_notice
      from portfolio.dwellings d where d.organisation_id in (select id from hosts) and d.left_on is null group by 1, 2) d
    where d.municipality_code in (select code from places)
    group by d.organisation_id),
  leases as (
    select t.organisation_id, count(*)::int as n
    from sight cross join tenancies.tenancies t
    where t.organisation_id in (select id from hosts) and t.signed_on between date_trunc('year', p_today::timestamp)::date and p_today
      and (sight.whole or (select d.municipality_code from portfolio.dwellings d
        where d.organisation_id = t.organisation_id and d.id = t.dwelling_id) in (select code from places))
    group by t.organisation_id),
  vacancies as (
    select v.organisation_id, (count(*) filter (where v.closed_on is null))::int as open,
      (count(*) filter (where v.closed_on is null and v.next_due_on < p_today))::int as late,
      coalesce(sum(greatest(0, least(coalesce(v.let_from, p_today), p_today) - greatest(coalesce(v.freed_on, v.expected_free_on), date_trunc('year', p_today::timestamp)::date))), 0)::bigint as empty_days
    from sight cross join allocation.vacancies v
    where v.organisation_id in (select id from hosts) and v.closed_as is distinct from 'cancelled'
      and (v.let_from is null or v.let_from > date_trunc('year', p_today::timestamp)::date)
      and (sight.whole or (select d.municipality_code from portfolio.dwellings d
        where d.organisation_id = v.organisation_id and d.id = v.dwelling_id) in (select code from places))
    group by v.organisation_id),
  -- A landlord's year is read whole, then what lies elsewhere is left out.
  counters as materialized (
    select c.organisation_id, c.account_id, c.municipality_code, c.due, c.proposed, c.attributed, c.leased
    from flow.counters c where c.organisation_id in (select id from hosts) and c.year = extract(year from p_today)::smallint),
  counted as materialized (
    select c.organisation_id, c.account_id, sum(c.due) as due, sum(c.proposed) as proposed, sum(c.attributed) as attributed,
      sum(c.leased) as leased
    from counters c where c.municipality_code in (select code from places)
    group by 1, 2),
  -- One that ended in the year keeps what was due until then; its share is no longer promised.
  perimeters as materialized (
    select x.perimeter_code, (flow.departments_of(x.perimeter_code))[1] as department
    from (select distinct a.perimeter_code from flow.agreements a where a.organisation_id in (select id from hosts)) x),
  agreements as materialized (
    select a.organisation_id, p.department, a.perimeter_code, a.contingent, a.id, s.share
    from sight cross join flow.agreements a
    join perimeters p on p.perimeter_code = a.perimeter_code
    left join flow.dated_shares s on s.organisation_id = a.organisation_id and s.agreement_id = a.id
      and s.from_day <= p_today and (s.until_day is null or s.until_day >= p_today)
    where a.organisation_id in (select id from hosts) and a.state = 'signed' and a.starts_on <= p_today
      and (a.ends_on is null or a.ends_on >= date_trunc('year', p_today::timestamp)::date)
      and (sight.whole or exists (select from places
        where flow.in_perimeter(a.perimeter_code, places.department, places.code, places.territory)))),
  flows as (
    select a.organisation_id, jsonb_build_object('department', a.department, 'contingent', a.contingent,
      'share', round(sum(a.share) filter (where length(a.perimeter_code) = 2), 4),
      'due', round(coalesce(sum(c.due), 0), 2), 'proposed', coalesce(sum(c.proposed), 0),
      'attributed', coalesce(sum(c.attributed), 0), 'leased', coalesce(sum(c.leased), 0)) as flow
    from agreements a
    left join counted c on c.organisation_id = a.organisation_id and c.account_id = a.id
    group by a.organisation_id, a.department, a.contingent),
  told as materialized (
    select f.organisation_id, jsonb_agg(f.flow order by f.flow->>'department', f.flow->>'contingent') as flows from flows f group by 1)
  select h.id, h.name, h.kind, coalesce(s.dwellings, 0), coalesce(s.voids, 0), coalesce(s.under_notice, 0),
    (select count(*)::int from applicants.applications a where a.organisation_id = h.id and a.state = 'active'),
    coalesce(l.n, 0), coalesce(v.open, 0), coalesce(v.late, 0), coalesce(v.empty_days, 0), coalesce(s.municipalities, '{}'),
    coalesce(t.flows, '[]')
  from hosts h
  left join stock s on s.organisation_id = h.id
  left join leases l on l.organisation_id = h.id
  left join vacancies v on v.organisation_id = h.id
  left join told t on t.organisation_id = h.id
  order by h.name
$$;
revoke execute on function insights.sector from public;
grant execute on function insights.sector to palier_app;
comment on function insights.sector is 'Stock, leases, vacancies and flow of the year of the organisations one oversees, in its perimeter';

select flow.recount_counters();
