-- More of the base: the files of reference documents and who reads them, their review clause, the rehousing asked of each
-- landlord by the State, the scoring of internal transfers, what is credited afterwards.

-- Files of reference documents (F-09) --------------------------------------------------------------------------------

alter table flow.reference_documents add column shared_with text not null default 'nobody';
alter table flow.reference_documents
  add constraint reference_document_readers check (shared_with in ('nobody', 'overseers', 'partners'));
comment on column flow.reference_documents.shared_with is 'Who reads it beside the landlord: nobody, those who watch over it (State, territories), or every partner';
grant update (shared_with) on flow.reference_documents to palier_app;

create table flow.document_versions (
  organisation_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  number smallint not null,
  file_id uuid not null,
  note text,
  added_by text not null,
  added_by_name text not null,
  added_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint document_version_numbers_are_unique unique (organisation_id, document_id, number)
);
comment on table flow.document_versions is 'The file of a reference document, each time it was replaced: the last number holds, the former ones stay readable';
create index document_versions_by_file on flow.document_versions (organisation_id, file_id);
call platform.keep_apart('flow.document_versions', 'select, insert');

create table flow.document_reviews (
  organisation_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  reviewed_on date,
  next_on date,
  note text,
  recorded_by text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id)
);
comment on table flow.document_reviews is 'Review clause of a document (clause de revoyure, F-10): the last row says from which day it is to be reviewed';
comment on column flow.document_reviews.reviewed_on is 'Day it was reviewed; null: the clause as signed';
comment on column flow.document_reviews.next_on is 'First day from which it is to be reviewed again; null: no more';
create index document_reviews_in_order on flow.document_reviews (organisation_id, document_id, recorded_at desc, id desc);
call platform.keep_apart('flow.document_reviews', 'select, insert');

-- Whether the actor's organisation is among those a landlord shares a document with.
create function flow.is_shared_with(p_host uuid, p_readers text) returns boolean
language sql stable security definer set search_path = '' as $$
  select p_readers <> 'nobody' and exists (
    select 1 from organisations.relations r
    where r.host_id = p_host and r.partner_id = platform.organisation_id()
      and r.since <= current_date and (r.until is null or r.until >= current_date)
      and (p_readers = 'partners' or r.kind = 'overseer'))
$$;
comment on function flow.is_shared_with is 'Whether the actor''s organisation reads what a landlord shares with its overseers or with all partners';

create policy shared on flow.reference_documents for select using (flow.is_shared_with(organisation_id, shared_with));

do $$
declare subject text;
begin
  foreach subject in array array['document_volumes', 'document_versions', 'document_reviews'] loop
    execute format('create policy shared on flow.%I for select using (exists (select from flow.reference_documents d
      where d.organisation_id = %I.organisation_id and d.id = %I.document_id))', subject, subject, subject);
  end loop;
end $$;

create policy of_a_shared_document on platform.files for select
  using (exists (select from flow.document_versions v where v.organisation_id = files.organisation_id and v.file_id = files.id));

-- Rehousing asked of each landlord (F-11) ----------------------------------------------------------------------------

create table flow.rehousing_targets (
  organisation_id uuid not null,
  id uuid not null,
  landlord_id uuid not null,
  year smallint not null,
  department text not null,
  category text not null,
  state text not null,
  target int not null,
  decided_on date not null,
  reason text not null,
  by_user text not null,
  by_name text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint rehousing_categories check (category in ('urban-renewal', 'condominium', 'substandard')),
  constraint rehousing_states check (state in ('proposed', 'decided', 'withdrawn')),
  constraint rehousing_targets_are_not_negative check (target >= 0)
);
comment on table flow.rehousing_targets is 'Rehousing the State asks of a landlord for a year, also of one that demolishes nothing: appended, the last row of a place and category holds';
create index rehousing_targets_in_order on flow.rehousing_targets (landlord_id, year, department, category, at desc, id desc);
create index rehousing_targets_of_the_state on flow.rehousing_targets (organisation_id, year);
alter table flow.rehousing_targets enable row level security;
create policy parties on flow.rehousing_targets for select
  using (platform.organisation_id() in (organisation_id, landlord_id));
create policy arbiters_ask on flow.rehousing_targets for insert
  with check (organisation_id = platform.organisation_id() and flow.watches(landlord_id, department, null, false));
grant select, insert on flow.rehousing_targets to palier_app;

-- What the State asks now: the last row of each landlord, year, département and category, withdrawn ones left out.
create view flow.rehousing_asked with (security_invoker = true) as
  select * from (select distinct on (t.landlord_id, t.year, t.department, t.category) t.*
    from flow.rehousing_targets t order by t.landlord_id, t.year, t.department, t.category, t.at desc, t.id desc) last
  where last.state <> 'withdrawn';
grant select on flow.rehousing_asked to palier_app;

-- Security definer: stock, forecasts and lettings of other organisations are counted here, by landlord, département and
-- category, only where the actor watches over them. Every landlord with dwellings there has its line, also without rehousing.
create function insights.rehousing_balance(p_year int, p_today date) returns table (
  landlord_id uuid, landlord text, department text, stock int, forecast jsonb, done jsonb, mutations int
) language sql stable security definer set search_path = '' as $$
  with hosts as (select * from insights.watched_landlords(p_today)),
  places as (select * from insights.watched_places()),
  stock as (
    select d.organisation_id, p.department, count(*)::int as n
    from portfolio.dwellings d
    join places p on p.code = d.municipality_code
    where d.organisation_id in (select hosts.organisation_id from hosts) and d.left_on is null
    group by 1, 2),
  told as (
    select f.organisation_id, f.department, l.line->>'category' as category, sum((l.line->>'volume')::int) as volume
    from flow.exclusion_forecasts f
    join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
    cross join lateral jsonb_array_elements(r.lines) as l(line)
    where f.organisation_id in (select hosts.organisation_id from hosts) and f.year = p_year and f.shared_at is not null
      and f.territory is null and l.line->>'category' in ('urban-renewal', 'condominium', 'substandard')
    group by 1, 2, 3),
  let as (
    select e.organisation_id, e.department, e.base_class, extract(year from e.on_day)::int as year,
      sum(case e.kind when 'leased' then 1 else -1 end)::int as n
    from flow.events e
    where e.organisation_id in (select hosts.organisation_id from hosts) and e.kind in ('leased', 'unleased')
      and e.base_class in ('urban-renewal', 'condominium', 'substandard', 'mutation')
      and e.on_day >= make_date(p_year - 2, 1, 1) and e.on_day <= least(make_date(p_year, 12, 31), p_today)
      and e.municipality_code in (select places.code from places)
    group by 1, 2, 3, 4)
  select h.organisation_id, h.name, s.department, s.n,
    (select coalesce(jsonb_agg(jsonb_build_object('category', t.category, 'volume', t.volume)), '[]') from told t
      where t.organisation_id = h.organisation_id and t.department = s.department),
    (select coalesce(jsonb_agg(jsonb_build_object('year', l.year, 'category', l.base_class, 'lettings', l.n)), '[]') from let l
      where l.organisation_id = h.organisation_id and l.department = s.department and l.base_class <> 'mutation'),
    (select coalesce(sum(l.n), 0)::int from let l
      where l.organisation_id = h.organisation_id and l.department = s.department and l.base_class = 'mutation' and l.year = p_year)
  from hosts h join stock s on s.organisation_id = h.organisation_id
$$;
revoke execute on function insights.rehousing_balance from public;
grant execute on function insights.rehousing_balance to palier_app;

-- Lettings outside the base (F-18, F-20) -----------------------------------------------------------------------------

alter table flow.outside_lettings add column persons smallint, add column unknown_for text[] not null default '{}';
comment on column flow.outside_lettings.persons is 'How many the household was: no more is kept of it';
comment on column flow.outside_lettings.unknown_for is 'Contingents for which nobody knows whether the household was eligible: a fact was missing';

-- What decides whether Action Logement or the contingent of public servants could have housed a household.
alter table applicants.applications add column pays_into_action_logement boolean, add column public_agent boolean;
comment on column applicants.applications.pays_into_action_logement is 'Works for an employer liable to the PEEC (L313-1); null: not known';
comment on column applicants.applications.public_agent is 'Agent of the State, who may be housed on its 5 % (R441-5); null: not known';
create or replace view applicants.application_cards with (security_invoker = true) as
  select a.organisation_id, a.id, a.number, a.household_id, a.state, a.registered_on, a.bedrooms_needed, a.persons,
    a.income_class, a.income_steps, a.unique_number, a.priority_group, a.quartile, a.exit_on, a.exit_cause,
    a.pays_into_action_logement, a.public_agent
  from applicants.applications a;

-- Where households live as tenants of the same landlord.
create view flow.tenants_homes with (security_invoker = true) as
  select t.organisation_id, t.household_id, t.dwelling_id, d.municipality_code, t.starts_on, t.ended_on
  from tenancies.tenancies t
  join portfolio.dwellings d on d.organisation_id = t.organisation_id and d.id = t.dwelling_id;
grant select on flow.tenants_homes to palier_app;

-- Applications of households that hold a running lease of the same landlord: internal transfers asked for.
create view flow.tenant_applications with (security_invoker = true) as
  select a.organisation_id, a.id as application_id, a.number, a.household_id, a.state, a.registered_on, a.persons, a.bedrooms_needed,
    a.priority_group, a.quartile, a.unique_number, h.family_name, h.given_name,
    h.disabled_adults + h.disabled_children > 0 as disabled,
    t.id as tenancy_id, t.starts_on as lease_starts_on, t.ended_on as lease_ends_on, t.dwelling_id, d.reference as dwelling_reference,
    d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address,
    d.bedrooms, d.accessible, d.municipality_code, d.municipality_fr, d.department
  from applicants.applications a
  join applicants.households h on h.organisation_id = a.organisation_id and h.id = a.household_id
  join tenancies.tenancies t on t.organisation_id = a.organisation_id and t.household_id = a.household_id
  join portfolio.dwelling_cards d on d.organisation_id = t.organisation_id and d.id = t.dwelling_id;
grant select on flow.tenant_applications to palier_app;

-- Lettings outside the base an agreement may be credited for afterwards, by the choice of the landlord at the end of the
-- period. Never mixed with what is due or attributed. Security definer: the holder reads a count, no letting.
create function insights.post_hoc_credit(p_agreement uuid, p_from date, p_to date) returns int
language sql stable security definer set search_path = '' as $$
  select case when c.choice = 'none' or (c.choice <> 'all' and c.choice <> a.contingent) then null else (
    select count(*)::int from flow.outside_lettings x
    where x.organisation_id = a.organisation_id and x.signed_on between greatest(p_from, a.starts_on) and least(p_to, a.ends_on)
      and a.contingent = any(x.eligible_to) and flow.in_perimeter(a.perimeter_code, x.department, x.municipality_code, x.territory)) end
  from flow.agreements a
  cross join lateral (select coalesce(insights.flow_setting(a.organisation_id, 'flow.post-hoc-credit', p_to)#>>'{}', 'none') as choice) c
  where a.id = p_agreement and a.state = 'signed' and platform.organisation_id() in (a.organisation_id, a.holder_id)
$$;
comment on function insights.post_hoc_credit is 'Null: the landlord credits nothing to this contingent';
revoke execute on function insights.post_hoc_credit from public;
grant execute on function insights.post_hoc_credit to palier_app;

alter table flow.report_lines drop constraint report_sections;
alter table flow.report_lines add constraint report_sections check (section in ('total', 'agreement', 'holder', 'rooms', 'funding',
  'priority-area', 'municipality', 'built', 'outside', 'own-outside', 'credited'));

-- Scoring of internal transfers (F-21) -------------------------------------------------------------------------------

create table flow.transfer_grids (
  organisation_id uuid not null,
  id uuid not null,
  starts_on date not null,
  points jsonb not null,
  reason text not null,
  recorded_by text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint one_transfer_grid_a_day unique (organisation_id, starts_on)
);
comment on table flow.transfer_grids is 'Points by criterion for tenants who ask to move within the stock, from a day on; without one the default grid holds';
call platform.keep_apart('flow.transfer_grids', 'select, insert');

create table flow.transfer_scores (
  organisation_id uuid not null,
  application_id uuid not null,
  tenancy_id uuid not null,
  dwelling_id uuid not null,
  rank int not null,
  points int not null,
  registered_on date not null,
  steps jsonb not null,
  counted_on date not null,
  primary key (organisation_id, application_id),
  constraint transfer_ranks_are_unique unique (organisation_id, rank)
);
comment on table flow.transfer_scores is 'Internal transfers asked for with their points, made anew each morning and when the grid changes';
comment on column flow.transfer_scores.rank is 'By points, then by the day of registration';
call platform.keep_apart('flow.transfer_scores');

alter table flow.document_versions
  add constraint version_document foreign key (organisation_id, document_id) references flow.reference_documents (organisation_id, id),
  add constraint version_file foreign key (organisation_id, file_id) references platform.files (organisation_id, id);
alter table flow.document_reviews
  add constraint review_document foreign key (organisation_id, document_id) references flow.reference_documents (organisation_id, id);
alter table flow.rehousing_targets
  add constraint rehousing_landlord foreign key (landlord_id) references organisations.organisations (id);
alter table flow.transfer_scores
  add constraint score_application foreign key (organisation_id, application_id) references applicants.applications (organisation_id, id),
  add constraint score_tenancy foreign key (organisation_id, tenancy_id) references tenancies.tenancies (organisation_id, id),
  add constraint score_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id);
