-- Gestion en flux: agreements with reservation holders, indicative targets, and the events that are counted.

create schema flow;
grant usage on schema flow to palier_app;
comment on schema flow is 'Reservation agreements, targets, counted events';

create table flow.agreements (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  holder_id uuid not null,
  contingent text not null,
  scale text not null,
  perimeter_code text not null,
  share numeric(7, 6) not null,
  nomination_days smallint,
  small_holder boolean not null default false,
  starts_on date not null,
  ends_on date,
  state text not null default 'signed',
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint agreement_references_are_unique unique (organisation_id, reference),
  constraint agreement_shares check (share > 0 and share <= 1),
  constraint agreement_scales check (scale in ('municipality', 'department')),
  constraint agreement_states check (state in ('draft', 'signed', 'ended')),
  constraint agreement_contingents check (contingent in ('state-priority', 'state-staff', 'municipality', 'action-logement', 'department', 'region', 'other')),
  constraint one_agreement_per_holder_and_perimeter exclude using gist
    (organisation_id with =, holder_id with =, contingent with =, perimeter_code with =, daterange(starts_on, ends_on, '[]') with &&)
    where (state <> 'draft')
);
comment on table flow.agreements is 'Reservation agreement (convention de réservation): landlord × holder × perimeter, a share of the yearly flow';
comment on column flow.agreements.scale is 'Scale of the contractual target: municipality for municipalities and the State, department for others (F-30)';
comment on column flow.agreements.nomination_days is 'Days to name candidates; null: one calendar month (L-38)';
create index agreements_by_holder on flow.agreements (holder_id, organisation_id);
alter table flow.agreements enable row level security;
create policy parties on flow.agreements
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
grant select, insert, update on flow.agreements to palier_app;

create table flow.indicative_targets (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  criterion text not null,
  value text not null,
  target smallint not null,
  year smallint not null,
  primary key (organisation_id, id),
  constraint target_criteria check (criterion in ('rooms-min', 'rooms', 'funding', 'priority-area', 'built-since', 'territory')),
  constraint one_target_per_criterion unique (organisation_id, agreement_id, year, criterion, value)
);
comment on table flow.indicative_targets is 'Needs a holder expressed: they guide, they never block (F-31, F-32)';
alter table flow.indicative_targets enable row level security;
create policy parties on flow.indicative_targets
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
grant select, insert, update, delete on flow.indicative_targets to palier_app;

create table flow.events (
  organisation_id uuid not null,
  id uuid not null,
  on_day date not null,
  kind text not null,
  vacancy_id uuid not null,
  base_class text not null,
  agreement_id uuid,
  holder_id uuid,
  department text not null,
  municipality_code text not null,
  territory text,
  rooms smallint,
  funding text,
  in_priority_area boolean not null,
  construction_year smallint,
  at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint flow_event_kinds check (kind in ('freed', 'unfreed', 'proposed', 'withdrawn', 'returned', 'expired', 'attributed', 'unattributed', 'leased', 'unleased'))
);
comment on table flow.events is 'What the counters count: appended, never changed; a mistake is cancelled by its contrary (unfreed, withdrawn, unleased)';
create index flow_events_counted on flow.events (organisation_id, on_day, kind) include (base_class, department, municipality_code, holder_id, agreement_id);
create index flow_events_by_holder on flow.events (holder_id, organisation_id, on_day);
create index flow_events_by_vacancy on flow.events (organisation_id, vacancy_id);
alter table flow.events enable row level security;
-- A holder recounts its own share: it sees its own events, and the vacancies of the base they are a share of.
create policy parties on flow.events for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id()
    or (kind in ('freed', 'unfreed') and organisations.acts_with(organisation_id, platform.organisation_id())));
create policy own_organisation on flow.events for insert
  with check (organisation_id = platform.organisation_id()
    or (holder_id = platform.organisation_id() and organisations.acts_with(organisation_id, platform.organisation_id())));
grant select, insert on flow.events to palier_app;

-- What other modules may read of an agreement.
create view flow.agreement_cards with (security_invoker = true) as
  select a.organisation_id, a.id, a.reference, a.holder_id, a.contingent, a.scale, a.nomination_days
  from flow.agreements a;
grant select on flow.agreement_cards to palier_app;

-- What other modules may read of the counted events.
create view flow.counted_events with (security_invoker = true) as
  select e.organisation_id, e.vacancy_id, e.agreement_id, e.holder_id, e.kind, e.on_day, e.base_class, e.department,
    e.municipality_code, e.territory, e.rooms, e.funding, e.in_priority_area, e.construction_year
  from flow.events e;
grant select on flow.counted_events to palier_app;

alter table flow.agreements
  add constraint agreement_holder foreign key (holder_id) references organisations.organisations (id);
alter table flow.indicative_targets
  add constraint target_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.events
  add constraint flow_event_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
