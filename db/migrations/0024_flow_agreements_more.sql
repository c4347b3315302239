-- Agreements: needs that holders write themselves, what targets rest on, targets adapted from the report of the year.

-- The one place that says whether a dwelling meets a criterion; `place` is a municipality, a territory or a département.
create function flow.meets_target(p_criterion text, p_value text, p_rooms int, p_funding text, p_in_priority_area boolean,
  p_construction_year int, p_department text, p_municipality text, p_territory text) returns boolean
language sql immutable parallel safe as $$
  select case p_criterion
    when 'rooms-min' then p_rooms >= p_value::int
    when 'rooms' then p_rooms = p_value::int
    when 'funding' then p_funding = p_value
    when 'priority-area' then p_in_priority_area = (p_value = 'in')
    when 'built-since' then p_construction_year >= p_value::int
    when 'territory' then p_territory = p_value
    when 'near' then p_municipality = any (string_to_array(p_value, ' '))
    when 'place' then flow.in_perimeter(p_value, p_department, p_municipality, p_territory)
    else false end
$$;
comment on function flow.meets_target is 'Whether a dwelling, or an event with its facts, meets an indicative target or lies in the place of a contractual one';

-- Who wrote a need: the landlord in the words of the holder, or the holder itself (F-33).
alter table flow.indicative_targets
  add column written_by text not null default 'landlord',
  add column writer text,
  add column written_on date,
  add column version int not null default 1,
  add constraint target_writers check (written_by in ('landlord', 'holder'));
comment on column flow.indicative_targets.written_by is 'The party whose words these are: the other one reads them and never changes them';
comment on column flow.indicative_targets.writer is 'Who wrote it last; null: before it was kept';
drop policy parties on flow.indicative_targets;
create policy parties on flow.indicative_targets for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
create policy landlord_writes on flow.indicative_targets
  using (organisation_id = platform.organisation_id() and written_by = 'landlord')
  with check (organisation_id = platform.organisation_id() and written_by = 'landlord');
create policy holder_writes on flow.indicative_targets
  using (holder_id = platform.organisation_id() and written_by = 'holder')
  with check (holder_id = platform.organisation_id() and written_by = 'holder'
    and organisations.acts_with(organisation_id, platform.organisation_id())
    and exists (select 1 from flow.agreements a where a.organisation_id = indicative_targets.organisation_id
      and a.id = indicative_targets.agreement_id and a.holder_id = platform.organisation_id()));
-- A holder takes over what the landlord wrote for it; from then on the words are its own.
create policy holder_takes_over on flow.indicative_targets for update
  using (holder_id = platform.organisation_id())
  with check (holder_id = platform.organisation_id() and written_by = 'holder'
    and organisations.acts_with(organisation_id, platform.organisation_id()));

-- Security definer: a holder learns how many dwellings of the perimeter meet what it asks for, never which. Only the two
-- parties of an agreement that the holder knows of.
create function flow.target_bases(p_agreement uuid, p_criteria jsonb, p_year int) returns table (
  criterion text, value text, residences int, dwellings int, freed jsonb, rights int, rights_on date
) language sql stable security definer set search_path = '' as $$
  with agreement as (
    select a.* from flow.agreements a where a.id = p_agreement and (a.organisation_id = platform.organisation_id()
      or (a.holder_id = platform.organisation_id() and (a.state = 'signed' or a.sent_on is not null)))),
  asked as (select distinct c.criterion, c.value from jsonb_to_recordset(p_criteria) as c(criterion text, value text)
    where c.criterion <> 'in-words'),
  stock as materialized (
    select d.building_id, d.rooms, d.funding, b.priority_area is not null as in_priority_area, b.construction_year,
      m.department, m.code as municipality, m.territory, count(*)::int as n
    from agreement a
    join portfolio.dwellings d on d.organisation_id = a.organisation_id and d.left_on is null and d.management <> 'stock'
    join portfolio.buildings b on b.organisation_id = d.organisation_id and b.id = d.building_id
    join organisations.municipalities m on m.code = d.municipality_code
    where flow.in_perimeter(a.perimeter_code, m.department, m.code, m.territory)
    group by 1, 2, 3, 4, 5, 6, 7, 8),
  years as (select generate_series(p_year - 3, p_year - 1) as year),
  events as materialized (
    select extract(year from e.on_day)::int as year, e.rooms, e.funding, e.in_priority_area, e.construction_year, e.department,
      e.municipality_code as municipality, e.territory, sum(case e.kind when 'freed' then 1 else -1 end)::int as n
    from agreement a
    join flow.events e on e.organisation_id = a.organisation_id and e.kind in ('freed', 'unfreed') and e.base_class = 'in-base'
      and e.on_day >= make_date(p_year - 3, 1, 1) and e.on_day < make_date(p_year, 1, 1)
    where flow.in_perimeter(a.perimeter_code, e.department, e.municipality_code, e.territory)
    group by 1, 2, 3, 4, 5, 6, 7, 8),
  inventory as (
    select i.organisation_id, i.id, i.converts_on from flow.inventories i join agreement a on a.organisation_id = i.organisation_id
    where i.state <> 'draft' order by i.converts_on desc limit 1),
  rights as materialized (
    select l.rooms, l.funding, l.in_priority_area, nullif(substr(l.construction_period, 1, 4), '') as period, m.department,
      m.code as municipality, m.territory, l.rights as n
    from inventory i
    join agreement a on a.organisation_id = i.organisation_id
    join flow.inventory_lines l on l.organisation_id = i.organisation_id and l.inventory_id = i.id
      and l.holder_id = a.holder_id and l.contingent = a.contingent
    left join organisations.municipalities m on m.code = l.municipality_code
    where m.code is null or flow.in_perimeter(a.perimeter_code, m.department, m.code, m.territory))
  select k.criterion, k.value,
    (select count(distinct s.building_id)::int from stock s where flow.meets_target(k.criterion, k.value, s.rooms, s.funding,
      s.in_priority_area, s.construction_year, s.department, s.municipality, s.territory)),
    (select coalesce(sum(s.n), 0)::int from stock s where flow.meets_target(k.criterion, k.value, s.rooms, s.funding,
      s.in_priority_area, s.construction_year, s.department, s.municipality, s.territory)),
    (select jsonb_agg(jsonb_build_object('year', y.year, 'freed', (select coalesce(sum(e.n), 0)::int from events e
        where e.year = y.year and flow.meets_target(k.criterion, k.value, e.rooms, e.funding, e.in_priority_area,
          e.construction_year, e.department, e.municipality, e.territory))) order by y.year)
      from years y where exists (select 1 from events e where e.year = y.year)),
    (select coalesce(sum(r.n), 0)::int from rights r where flow.meets_target(k.criterion, k.value, r.rooms, r.funding,
      r.in_priority_area, case when r.period ~ '^\d{4}$' then r.period::int end, r.department, r.municipality, r.territory)),
    (select i.converts_on from inventory i)
  from asked k cross join agreement
$$;
comment on function flow.target_bases is 'What targets rest on (F-35): stock, vacancies of the three years before, rights of the inventory, by criterion, without names';
revoke execute on function flow.target_bases from public;
grant execute on function flow.target_bases to palier_app;

create table flow.target_adaptations (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  year smallint not null,
  criterion text not null,
  value text not null,
  target smallint not null,
  served int not null,
  observed numeric(9, 2),
  proposed smallint not null,
  adopted smallint not null,
  reason text,
  by_name text not null,
  adapted_on date not null,
  at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint a_change_has_a_reason check (adopted = proposed or reason is not null)
);
comment on table flow.target_adaptations is 'Targets taken over from the result of the year before (F-36): what was proposed, what was adopted and why. Appended, never changed';
comment on column flow.target_adaptations.year is 'Year of the adopted target; target and served are of the year before';
comment on column flow.target_adaptations.observed is 'Vacancies of this kind in a mean year; null: none is known';
create index target_adaptations_by_agreement on flow.target_adaptations (organisation_id, agreement_id, year, at);
alter table flow.target_adaptations enable row level security;
create policy parties on flow.target_adaptations for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
create policy landlord_adapts on flow.target_adaptations for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.target_adaptations to palier_app;

alter table flow.target_adaptations
  add constraint adaptation_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
