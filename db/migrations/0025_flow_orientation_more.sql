-- Orientation: needs near a place, objectives of the intercommunal conventions, plans applied and undone as a whole.

-- A need near a place: the municipalities that are near enough, and the place in words (F-58).
alter table flow.indicative_targets drop constraint target_criteria;
alter table flow.indicative_targets
  add column place text,
  add constraint target_criteria check (criterion in ('rooms-min', 'rooms', 'funding', 'priority-area', 'built-since', 'territory', 'near', 'in-words')),
  add constraint only_near_has_a_place check (place is null or criterion = 'near');
comment on column flow.indicative_targets.value is 'What the criterion compares with; near: INSEE codes separated by spaces';
comment on column flow.indicative_targets.place is 'near: the place of work, or another, in the words of the holder';

-- Several vacancies oriented at once, and taken back at once.
alter table allocation.orientations add column batch_id uuid;
comment on column allocation.orientations.batch_id is 'The plan it was decided in, applied and undone as a whole; null: decided by itself';
create index orientations_by_batch on allocation.orientations (organisation_id, batch_id) where batch_id is not null;
alter table allocation.orientations
  add constraint orientation_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id);

-- Under whose quota dwellings were let, for their turnover (F-71).
create view tenancies.tenancy_quotas with (security_invoker = true) as
  select t.organisation_id, t.dwelling_id, t.starts_on, t.ended_on, t.contingent from tenancies.tenancies t;
grant select on tenancies.tenancy_quotas to palier_app;

-- Intercommunal conventions of allocation (CIA, L-65): what the landlord committed itself to, and the listed residences.
create table flow.territory_commitments (
  organisation_id uuid not null,
  id uuid not null,
  year smallint not null,
  place text not null,
  objective text not null,
  share numeric(7, 6),
  source text not null,
  set_by text not null,
  set_on date not null,
  set_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint commitment_objectives check (objective in ('first-quartile', 'social-mix', 'priority')),
  constraint commitment_shares check (share between 0 and 1),
  constraint commitment_places check (place ~ '^(\d{2}|\d{9})$')
);
comment on table flow.territory_commitments is 'What a landlord committed itself to in an intercommunal convention of allocation, for a year and a place (L441-1-6). Appended: the last one said holds';
comment on column flow.territory_commitments.place is 'SIREN of the territory (EPT), or département outside of Greater Paris';
comment on column flow.territory_commitments.share is 'Null: taken back, what the law asks for holds again';
create index territory_commitments_by_year on flow.territory_commitments (organisation_id, year, place, objective, set_at desc);
call platform.keep_apart('flow.territory_commitments', 'select, insert');

create table flow.listed_residences (
  organisation_id uuid not null,
  id uuid not null,
  building_id uuid not null,
  from_day date not null,
  until_day date not null,
  source text not null,
  listed_by text not null,
  listed_at timestamptz not null default now(),
  taken_off_on date,
  primary key (organisation_id, id),
  constraint listed_for_a_time check (until_day >= from_day)
);
comment on table flow.listed_residences is 'Residences « à enjeu prioritaire de mixité sociale » of the intercommunal conventions: a list for three years (L441-1-6)';
create index listed_residences_by_building on flow.listed_residences (organisation_id, building_id, until_day desc);
call platform.keep_apart('flow.listed_residences', 'select, insert, update');

-- Leases that followed an attribution, by what the objectives of the law look at. The landlord's own.
create view insights.objective_leases with (security_invoker = true) as
  select l.organisation_id, l.signed_on, coalesce(d.territory, d.department) as place, d.priority_area is not null as in_priority_area,
    l.quartile, l.base_class = 'urban-renewal' as rehoused, l.priority_group is not null as priority,
    coalesce(l.contingent in ('state-priority', 'state-staff'), false) as of_state
  from allocation.attributed_leases l
  join portfolio.dwelling_cards d on d.organisation_id = l.organisation_id and d.id = l.dwelling_id;
grant select on insights.objective_leases to palier_app;

alter table flow.listed_residences
  add constraint listed_residence_building foreign key (organisation_id, building_id) references portfolio.buildings (organisation_id, id);
create index listed_residences_by_end on flow.listed_residences (organisation_id, until_day, id);

-- The counters of a département: what a suggestion reads.
create index flow_events_of_department on flow.events (organisation_id, department, on_day) where base_class = 'in-base';

-- What people do in an organisation, for figures by role, never by person.
create view organisations.role_cards with (security_invoker = true) as
  select m.organisation_id, m.user_id, m.roles from organisations.memberships m;
grant select on organisations.role_cards to palier_app;
