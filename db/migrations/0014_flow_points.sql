-- Points: how proposals and attributions count, who agreed to it, and the years that are closed.

alter table flow.events
  add column reason text,
  add column exchange text,
  add constraint flow_event_exchanges check (exchange in ('owner', 'receiver'));
comment on column flow.events.reason is 'Why it was returned or taken back, as a code: never words about a household';
comment on column flow.events.exchange is 'Of a dwelling exchanged between holders: whether this agreement gave it or received it (F-46)';
create index flow_events_by_agreement on flow.events (organisation_id, agreement_id, on_day) include (vacancy_id);

-- Whether the actor's organisation watches over a landlord, in a perimeter that holds this département or municipality, or a part of this territory.
create function flow.watches(p_landlord uuid, p_perimeter_code text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select 1 from organisations.relations r
    join organisations.organisations o on o.id = r.partner_id
    where r.host_id = p_landlord and r.partner_id = platform.organisation_id() and r.kind = 'overseer'
      and r.since <= current_date and (r.until is null or r.until >= current_date)
      and (p_perimeter_code is null or insights.covers(o.perimeter, p_perimeter_code)
        or exists (select 1 from organisations.municipalities m where m.territory = p_perimeter_code and insights.covers(o.perimeter, m.code))))
$$;

create table flow.counting_rules (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid,
  holder_id uuid,
  perimeter_code text,
  phases jsonb not null,
  from_day date not null,
  note text not null,
  proposed_by_party uuid not null,
  proposed_by text not null,
  proposed_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint counting_rule_scope check ((agreement_id is null) = (holder_id is null) and (agreement_id is null) = (perimeter_code is null))
);
comment on table flow.counting_rules is 'How points are counted from a day on, as one party proposed it: for one agreement, or for all of a landlord. Never changed';
comment on column flow.counting_rules.phases is 'Dated phases: mode, weights, cap, what is counted; they replace what was from their first day on';
create index counting_rules_by_agreement on flow.counting_rules (organisation_id, agreement_id);
create index counting_rules_by_holder on flow.counting_rules (holder_id, organisation_id);
alter table flow.counting_rules enable row level security;
create policy parties on flow.counting_rules for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id()
    or (holder_id is null and organisations.acts_with(organisation_id, platform.organisation_id())));
create policy watchers on flow.counting_rules for select using (flow.watches(organisation_id, perimeter_code));
create policy proposers on flow.counting_rules for insert
  with check (proposed_by_party = platform.organisation_id()
    and (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id()));
grant select, insert on flow.counting_rules to palier_app;

create table flow.counting_decisions (
  organisation_id uuid not null,
  id uuid not null,
  rule_id uuid not null,
  party_id uuid not null,
  decision text not null,
  reason text,
  decided_by text not null,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint counting_decision_words check (decision in ('approved', 'refused')),
  constraint refusals_say_why check (decision = 'approved' or reason is not null),
  constraint one_decision_a_party unique (organisation_id, rule_id, party_id)
);
comment on table flow.counting_decisions is 'What each party says of a proposed rule; whoever proposes approves. Never changed';
alter table flow.counting_decisions enable row level security;
create policy parties on flow.counting_decisions for select
  using (organisation_id = platform.organisation_id() or party_id = platform.organisation_id()
    or (party_id = organisation_id and organisations.acts_with(organisation_id, platform.organisation_id())));
create policy deciders on flow.counting_decisions for insert
  with check (party_id = platform.organisation_id()
    and (organisation_id = platform.organisation_id() or organisations.acts_with(organisation_id, platform.organisation_id())));
grant select, insert on flow.counting_decisions to palier_app;

-- A rule is in force for an agreement once its landlord and its holder approved: no holder is bound by what another one
-- approved, none waits for another.
create view flow.adopted_rules with (security_invoker = true) as
  select r.organisation_id, a.id as agreement_id, r.id as rule_id, r.phases, r.from_day,
    greatest(l.decided_at, h.decided_at) as adopted_at
  from flow.counting_rules r
  join flow.agreements a on a.organisation_id = r.organisation_id and (r.agreement_id is null or r.agreement_id = a.id)
  join flow.counting_decisions l on l.organisation_id = r.organisation_id and l.rule_id = r.id
    and l.party_id = r.organisation_id and l.decision = 'approved'
  join flow.counting_decisions h on h.organisation_id = r.organisation_id and h.rule_id = r.id
    and h.party_id = a.holder_id and h.decision = 'approved';
grant select on flow.adopted_rules to palier_app;

create table flow.year_closings (
  organisation_id uuid not null,
  id uuid not null,
  year smallint not null,
  closed_on date not null,
  closed_at timestamptz not null,
  closed_by text not null,
  events int not null,
  events_hash text not null,
  primary key (organisation_id, id),
  constraint a_year_closes_once unique (organisation_id, year)
);
comment on table flow.year_closings is 'A year that a landlord closed: what is counted later becomes an adjustment of the open year';
alter table flow.year_closings enable row level security;
create policy parties on flow.year_closings for select
  using (organisation_id = platform.organisation_id() or organisations.acts_with(organisation_id, platform.organisation_id()));
create policy watchers on flow.year_closings for select using (flow.watches(organisation_id, null));
create policy own_organisation on flow.year_closings for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.year_closings to palier_app;

create table flow.closed_counters (
  organisation_id uuid not null,
  id uuid not null,
  closing_id uuid not null,
  year smallint not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  perimeter_code text not null,
  freed int not null,
  due numeric not null,
  proposed int not null,
  attributed int not null,
  leased int not null,
  phases jsonb not null,
  carried jsonb not null,
  tally jsonb not null,
  points jsonb not null,
  events int not null,
  events_hash text not null,
  primary key (organisation_id, id),
  constraint one_counter_a_year unique (organisation_id, agreement_id, year)
);
comment on table flow.closed_counters is 'Counters of an agreement as they were when the year was closed, with the phases then in force and the hash of what was counted';
create index closed_counters_by_holder on flow.closed_counters (holder_id, organisation_id, year);
alter table flow.closed_counters enable row level security;
create policy parties on flow.closed_counters for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
create policy watchers on flow.closed_counters for select using (flow.watches(organisation_id, perimeter_code));
create policy own_organisation on flow.closed_counters for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.closed_counters to palier_app;

alter table flow.counting_rules
  add constraint counting_rule_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.counting_decisions
  add constraint decision_on_a_rule foreign key (organisation_id, rule_id) references flow.counting_rules (organisation_id, id);
alter table flow.closed_counters
  add constraint counter_of_a_closing foreign key (organisation_id, closing_id) references flow.year_closings (organisation_id, id),
  add constraint counter_of_an_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
