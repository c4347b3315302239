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
  basis text,
  nomination_mode text not null default 'direct',
  if_none_proposed text not null default 'landlord',
  proposal_terms text,
  agreed_otherwise boolean not null default false,
  sent_on date,
  signed_on date,
  ending_kind text,
  ending_reason text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint agreement_references_are_unique unique (organisation_id, reference),
  constraint agreement_shares check (share > 0 and share <= 1),
  constraint agreement_scales check (scale in ('municipality', 'department', 'territory')),
  constraint agreement_states check (state in ('draft', 'negotiation', 'to-sign', 'signed', 'abandoned')),
  constraint agreement_bases check (basis in ('legal', 'guarantee', 'land', 'funding', 'other')),
  constraint agreement_nomination_modes check (nomination_mode in ('direct', 'delegated')),
  constraint agreement_outcomes check (if_none_proposed in ('landlord', 'second-proposal', 'other-holder')),
  constraint agreement_endings check (ending_kind in ('holder', 'landlord', 'notice-unheeded', 'both', 'merged')),
  constraint agreement_contingents check (contingent in ('state-priority', 'state-staff', 'municipality', 'intermunicipality', 'action-logement', 'department', 'region', 'other')),
  constraint territories_have_a_siren check ((scale = 'territory') = (length(perimeter_code) = 9)),
  constraint one_agreement_per_holder_and_perimeter exclude using gist
    (organisation_id with =, holder_id with =, contingent with =, perimeter_code with =, daterange(starts_on, ends_on, '[]') with &&)
    where (state = 'signed')
);
comment on table flow.agreements is 'Reservation agreement (convention de réservation): landlord × holder × perimeter, a share of the yearly flow';
comment on column flow.agreements.scale is 'Scale of the contractual target: municipality for municipalities and the State, territory for an EPCI or EPT, department for others (F-30)';
comment on column flow.agreements.nomination_days is 'Days to name candidates; null: one calendar month (L-38)';
comment on column flow.agreements.share is 'Share as first signed: from another day on, that of the amendment (flow.dated_shares)';
comment on column flow.agreements.state is 'Only a signed one gives rights. Amended and ended are signed ones: by their amendments and their last day';
comment on column flow.agreements.basis is 'What the reservation answers: the law, a loan guarantee, land, funding; null: not said';
comment on column flow.agreements.nomination_mode is 'direct: the holder names candidates; delegated: the landlord does, as both signed (F-86)';
comment on column flow.agreements.if_none_proposed is 'What becomes of a dwelling for which nobody is proposed in time (L-37)';
comment on column flow.agreements.agreed_otherwise is 'The State and the landlord agreed to depart from the uniform share (R441-5-2 II)';
comment on column flow.agreements.sent_on is 'Day it was sent to the holder: before, the holder does not see it';
create index agreements_by_holder on flow.agreements (holder_id, organisation_id);
alter table flow.agreements enable row level security;
create policy parties on flow.agreements
  using (organisation_id = platform.organisation_id()
    or (holder_id = platform.organisation_id() and (state = 'signed' or sent_on is not null)))
  with check (organisation_id = platform.organisation_id());
-- A holder signs in its own space, and sends back what it will not sign.
create policy holder_signs on flow.agreements for update
  using (holder_id = platform.organisation_id() and state in ('negotiation', 'to-sign'))
  with check (holder_id = platform.organisation_id() and state in ('negotiation', 'to-sign', 'signed'));
grant select, insert, update on flow.agreements to palier_app;

create table flow.amendments (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  number smallint not null,
  from_day date not null,
  share numeric(7, 6) not null,
  nomination_days smallint,
  nomination_mode text not null default 'direct',
  if_none_proposed text not null default 'landlord',
  reason text not null,
  state text not null default 'to-sign',
  effective_on date,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint amendment_shares check (share > 0 and share <= 1),
  constraint amendment_states check (state in ('to-sign', 'signed', 'abandoned')),
  constraint amendment_nomination_modes check (nomination_mode in ('direct', 'delegated')),
  constraint amendment_outcomes check (if_none_proposed in ('landlord', 'second-proposal', 'other-holder')),
  constraint signed_amendments_have_a_day check (state <> 'signed' or effective_on is not null),
  constraint amendment_numbers_are_unique unique (organisation_id, agreement_id, number)
);
comment on table flow.amendments is 'New share and terms of a signed agreement from a day on (avenant); the days before keep theirs';
comment on column flow.amendments.effective_on is 'Day from which it counts: the day asked for, never before its last signature';
create unique index one_amendment_a_day on flow.amendments (organisation_id, agreement_id, effective_on) where state = 'signed';
alter table flow.amendments enable row level security;
create policy parties on flow.amendments
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
create policy holder_signs on flow.amendments for update
  using (holder_id = platform.organisation_id() and state = 'to-sign')
  with check (holder_id = platform.organisation_id() and state in ('to-sign', 'signed', 'abandoned'));
grant select, insert, update on flow.amendments to palier_app;

create table flow.indicative_targets (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  criterion text not null,
  value text not null,
  target smallint,
  year smallint not null,
  primary key (organisation_id, id),
  constraint target_criteria check (criterion in ('rooms-min', 'rooms', 'funding', 'priority-area', 'built-since', 'territory', 'in-words')),
  constraint only_words_have_no_number check ((target is null) = (criterion = 'in-words')),
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

-- The one place that says whether a vacancy is in the perimeter of an agreement: its département, its municipality, or its
-- EPT or EPCI (L-08, L-09, F-30). `rules/perimeter.ts` says the same where there is no database.
create function flow.in_perimeter(p_perimeter text, p_department text, p_municipality text, p_territory text) returns boolean
language sql immutable parallel safe as $$
  select (p_perimeter in (p_department, p_municipality, p_territory)) is true
$$;
comment on function flow.in_perimeter is 'Whether a vacancy of this département, municipality and territory is in a perimeter';

create function flow.perimeter_name(p_perimeter text) returns text language sql stable parallel safe as $$
  select coalesce((select m.name_fr from organisations.municipalities m where m.code = p_perimeter),
    (select m.territory_name from organisations.municipalities m where m.territory = p_perimeter limit 1), p_perimeter)
$$;
comment on function flow.perimeter_name is 'Name of a municipality, of an EPT or EPCI; a département is known by its number';

create function flow.departments_of(p_perimeter text) returns text[] language sql stable parallel safe as $$
  select case length(p_perimeter) when 9
    then array(select distinct m.department from organisations.municipalities m where m.territory = p_perimeter order by 1)
    else array[substr(p_perimeter, 1, 2)] end
$$;
comment on function flow.departments_of is 'Départements a perimeter lies in: an EPT may lie in two or three';

-- The share of each signed agreement, from day to day. Everything due is computed from this view and the next.
create view flow.dated_shares with (security_invoker = true) as
  select s.organisation_id, s.agreement_id, s.holder_id, s.contingent, s.perimeter_code, s.share, s.from_day,
    least(lead(s.from_day) over (partition by s.organisation_id, s.agreement_id order by s.from_day) - 1, s.ends_on) as until_day
  from (
    select a.organisation_id, a.id as agreement_id, a.holder_id, a.contingent, a.perimeter_code, a.share, a.starts_on as from_day, a.ends_on
    from flow.agreements a where a.state = 'signed'
    union all
    select a.organisation_id, a.id, a.holder_id, a.contingent, a.perimeter_code, m.share, m.effective_on, a.ends_on
    from flow.amendments m join flow.agreements a on a.organisation_id = m.organisation_id and a.id = m.agreement_id
    where m.state = 'signed' and a.state = 'signed') s;
comment on view flow.dated_shares is 'Share of an agreement from from_day to until_day (null: open): an amendment or the end never changes the days before';
grant select on flow.dated_shares to palier_app;

-- What each vacancy of the base gives to each agreement: the share of the day it was freed. A vacancy taken back takes
-- back the share of that same day. due = sum(part).
create view flow.due_parts with (security_invoker = true) as
  select s.organisation_id, s.agreement_id, s.holder_id, e.on_day, e.department, e.municipality_code, e.territory, s.from_day, s.until_day,
    s.share, 1 as sign, s.share as part,
    e.rooms, e.funding, e.in_priority_area, e.construction_year, e.id as event_id
  from flow.dated_shares s
  join flow.events e on e.organisation_id = s.organisation_id
    and flow.in_perimeter(s.perimeter_code, e.department, e.municipality_code, e.territory)
    and e.on_day >= s.from_day and (s.until_day is null or e.on_day <= s.until_day)
  where e.kind = 'freed' and e.base_class = 'in-base'
  union all
  select s.organisation_id, s.agreement_id, s.holder_id, e.on_day, e.department, e.municipality_code, e.territory, s.from_day, s.until_day,
    s.share, -1, -s.share,
    e.rooms, e.funding, e.in_priority_area, e.construction_year, e.id as event_id
  from flow.dated_shares s
  join flow.events e on e.organisation_id = s.organisation_id
    and flow.in_perimeter(s.perimeter_code, e.department, e.municipality_code, e.territory)
  cross join lateral (select coalesce(max(f.on_day), e.on_day) as on_day from flow.events f
    where f.organisation_id = e.organisation_id and f.vacancy_id = e.vacancy_id and f.kind = 'freed' and f.on_day <= e.on_day) freed
  where e.kind = 'unfreed' and e.base_class = 'in-base'
    and freed.on_day >= s.from_day and (s.until_day is null or freed.on_day <= s.until_day);
comment on view flow.due_parts is 'Parts of vacancies due to agreements, by day: due = sum(part)';
grant select on flow.due_parts to palier_app;

-- The delay to name candidates for a dwelling proposed on a day: of the agreement, or of the last amendment then in force.
create function flow.nomination_days(p_organisation uuid, p_agreement uuid, p_on date) returns smallint language sql stable as $$
  select t.nomination_days from (
    select 0 as number, a.nomination_days from flow.agreements a where a.organisation_id = p_organisation and a.id = p_agreement
    union all
    select m.number, m.nomination_days from flow.amendments m
    where m.organisation_id = p_organisation and m.agreement_id = p_agreement and m.state = 'signed' and m.effective_on <= p_on) t
  order by t.number desc limit 1
$$;
comment on function flow.nomination_days is 'Days to name candidates for a dwelling proposed on a day; null: one calendar month (L-38)';

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
alter table flow.amendments
  add constraint amendment_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.indicative_targets
  add constraint target_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.events
  add constraint flow_event_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
