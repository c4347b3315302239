-- Steering the flow: where each party stands, what was decided when it drifted, the meetings, the figures of a territory.

-- Corrective actions (F-83) ------------------------------------------------------------------------------------------

create table flow.corrective_actions (
  organisation_id uuid not null,
  id uuid not null,
  title text not null,
  decided text not null,
  -- What had drifted on the day of the decision: contingent, perimeter, due, proposed, leased. Null: no figure started it.
  drift jsonb,
  agreement_id uuid,
  holder_id uuid,
  meeting_id uuid,
  owner text not null,
  decided_on date not null,
  due_on date not null,
  state text not null default 'open',
  shared boolean not null default true,
  version int not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint corrective_action_states check (state in ('open', 'under-way', 'done', 'dropped'))
);
comment on table flow.corrective_actions is 'What was decided when results drifted: owner, due date, state (F-83). Its steps tell how it came there';
comment on column flow.corrective_actions.shared is 'Whether the holder of the agreement reads it';
create index corrective_actions_by_day on flow.corrective_actions (organisation_id, due_on, id);
create index corrective_actions_by_holder on flow.corrective_actions (holder_id, organisation_id) where shared;
alter table flow.corrective_actions enable row level security;
create policy own_organisation on flow.corrective_actions using (organisation_id = platform.organisation_id());
create policy holder_reads on flow.corrective_actions for select using (shared and holder_id = platform.organisation_id());
grant select, insert, update on flow.corrective_actions to palier_app;

create table flow.corrective_action_steps (
  organisation_id uuid not null,
  id uuid not null,
  action_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  by_name text not null,
  state text not null,
  due_on date not null,
  note text,
  primary key (organisation_id, id),
  constraint corrective_action_step_states check (state in ('open', 'under-way', 'done', 'dropped'))
);
comment on table flow.corrective_action_steps is 'History of a corrective action: appended, never changed';
create index corrective_action_steps_of_one on flow.corrective_action_steps (organisation_id, action_id, at);
alter table flow.corrective_action_steps enable row level security;
create policy own_organisation on flow.corrective_action_steps using (organisation_id = platform.organisation_id());
create policy holder_reads on flow.corrective_action_steps for select
  using (exists (select from flow.corrective_actions a where a.organisation_id = corrective_action_steps.organisation_id
    and a.id = corrective_action_steps.action_id and a.shared and a.holder_id = platform.organisation_id()));
grant select, insert on flow.corrective_action_steps to palier_app;

-- Meetings (F-84) ----------------------------------------------------------------------------------------------------

create table flow.meetings (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  kind text not null,
  title text not null,
  held_on date not null,
  held_at text,
  place text,
  state text not null default 'draft',
  minutes_file_id uuid,
  minutes_sha256 text,
  version int not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint meeting_references_are_unique unique (organisation_id, reference),
  constraint meeting_kinds check (kind in ('yearly-report', 'follow-up', 'conference', 'department')),
  constraint meeting_states check (state in ('draft', 'called', 'held', 'cancelled')),
  constraint minutes_close_a_meeting check ((state = 'held') = (minutes_file_id is not null))
);
comment on table flow.meetings is 'Meeting of the partners of the flow: yearly report, follow-up, CIL, department (F-84). A draft is the landlord''s alone';
create index meetings_by_day on flow.meetings (organisation_id, held_on desc, id);

create table flow.meeting_participants (
  organisation_id uuid not null,
  id uuid not null,
  meeting_id uuid not null,
  partner_id uuid,
  name text not null,
  represented_by text,
  present boolean,
  position smallint not null,
  primary key (organisation_id, id),
  constraint one_invitation_per_partner unique (organisation_id, meeting_id, partner_id)
);
comment on table flow.meeting_participants is 'Organisations invited; those that use Palier read the meeting once it is called';
create index meeting_participants_of_one on flow.meeting_participants (organisation_id, meeting_id, position);
create index meeting_participants_by_partner on flow.meeting_participants (partner_id) where partner_id is not null;

create table flow.meeting_items (
  organisation_id uuid not null,
  id uuid not null,
  meeting_id uuid not null,
  kind text not null default 'point',
  title text not null,
  agreement_id uuid,
  action_id uuid,
  notes text,
  position smallint not null,
  primary key (organisation_id, id),
  constraint meeting_item_kinds check (kind in ('point', 'delegation'))
);
comment on column flow.meeting_items.kind is 'delegation: the yearly point on delegated nomination (F-86)';
comment on table flow.meeting_items is 'Agenda: a point, with the agreement or the corrective action it is about, and what was said';
create index meeting_items_of_one on flow.meeting_items (organisation_id, meeting_id, position);

create table flow.meeting_decisions (
  organisation_id uuid not null,
  id uuid not null,
  meeting_id uuid not null,
  decided text not null,
  owner text not null,
  due_on date,
  position smallint not null,
  primary key (organisation_id, id)
);
comment on table flow.meeting_decisions is 'What a meeting decided, who does it, before when';
create index meeting_decisions_of_one on flow.meeting_decisions (organisation_id, meeting_id, position);

-- Security definer: meetings and participants would otherwise ask each other for ever.
create function flow.is_invited(p_organisation uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select 1 from flow.meeting_participants p
    join flow.meetings m on m.organisation_id = p.organisation_id and m.id = p.meeting_id
    where p.organisation_id = p_organisation and p.meeting_id = p_meeting
      and p.partner_id = platform.organisation_id() and m.state <> 'draft')
$$;
comment on function flow.is_invited is 'Whether the actor''s organisation is invited to a meeting that was called';

do $$
declare subject text;
begin
  foreach subject in array array['meetings', 'meeting_participants', 'meeting_items', 'meeting_decisions'] loop
    execute format('alter table flow.%I enable row level security', subject);
    execute format('create policy own_organisation on flow.%I using (organisation_id = platform.organisation_id())', subject);
    execute format('create policy invited on flow.%I for select using (flow.is_invited(organisation_id, %s))', subject,
      case subject when 'meetings' then 'id' else 'meeting_id' end);
    execute format('grant select, insert, update%s on flow.%I to palier_app',
      case subject when 'meetings' then '' else ', delete' end, subject);
  end loop;
end $$;

-- The minutes of a meeting one held or was invited to, and no other file of the landlord.
create function flow.meeting_minutes(p_meeting uuid) returns table (name text, media_type text, content bytea)
language sql stable security definer set search_path = '' as $$
  select f.name, f.media_type, f.content
  from flow.meetings m
  join platform.files f on f.organisation_id = m.organisation_id and f.id = m.minutes_file_id
  where m.id = p_meeting
    and (m.organisation_id = platform.organisation_id() or flow.is_invited(m.organisation_id, m.id))
$$;

-- Re-letting times (F-48) --------------------------------------------------------------------------------------------

create table flow.reletting_references (
  organisation_id uuid not null,
  id uuid not null,
  year smallint not null,
  relettings int not null,
  mean_days numeric(6, 1) not null,
  median_days numeric(6, 1) not null,
  source text not null,
  entered_by text not null,
  entered_at timestamptz not null default now(),
  superseded_at timestamptz,
  primary key (organisation_id, id),
  constraint reletting_reference_numbers check (relettings > 0 and mean_days >= 0 and median_days >= 0)
);
comment on table flow.reletting_references is 'Re-letting time of a year that Palier did not count, as the landlord declares it: what the flow is compared with (F-48)';
create unique index one_reletting_reference_a_year on flow.reletting_references (organisation_id, year) where superseded_at is null;
call platform.keep_apart('flow.reletting_references', 'select, insert, update');

-- How long a dwelling took from its notice to the next lease: what the landlord sees of its own, across modules.
create view insights.relettings with (security_invoker = true) as
  select v.organisation_id, v.id as vacancy_id, v.base_class, v.opened_on, t.signed_on, t.signed_on - v.opened_on as days,
    m.department, d.municipality_code
  from allocation.vacancies v
  join tenancies.tenancies t on t.organisation_id = v.organisation_id and t.id = v.new_tenancy_id
  join portfolio.dwellings d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
  join organisations.municipalities m on m.code = d.municipality_code
  where v.cause = 'notice' and t.signed_on >= v.opened_on;
grant select on insights.relettings to palier_app;

-- Where the vacancies behind a figure are, and where they stand now.
create view insights.vacancy_roads with (security_invoker = true) as
  select v.organisation_id, v.id, v.stage, v.next_due_on, v.next_due_what, v.opened_on,
    coalesce(v.freed_on, v.expected_free_on) as free_on, v.closed_on, v.base_class, d.id as dwelling_id, d.reference,
    d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address, d.municipality_code, m.name_fr as municipality
  from allocation.vacancies v
  join portfolio.dwellings d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
  join organisations.municipalities m on m.code = d.municipality_code;
grant select on insights.vacancy_roads to palier_app;

-- Security definer: a holder learns of the vacancies proposed to it their stage and their clock, and nothing more of the
-- landlord's file. The landlord reads the same of its own.
create function insights.pending_proposals() returns table (
  landlord_id uuid, proposal_id uuid, vacancy_id uuid, agreement_id uuid, holder_id uuid, dwelling jsonb, proposed_on date,
  nominate_by date, state text, candidates int, stage text, due_on date, due_what text
) language sql stable security definer set search_path = '' as $$
  select p.organisation_id, p.id, p.vacancy_id, p.agreement_id, p.holder_id, p.dwelling, p.proposed_on, p.nominate_by, p.state,
    (select count(*)::int from allocation.candidates c where c.organisation_id = p.organisation_id and c.proposal_id = p.id
      and c.state <> 'withdrawn'),
    v.stage, coalesce(case when p.state = 'open' then p.nominate_by end, v.next_due_on),
    case when p.state = 'open' then 'nominate' else v.next_due_what end
  from allocation.proposals p
  join allocation.vacancies v on v.organisation_id = p.organisation_id and v.id = p.vacancy_id
  where platform.organisation_id() in (p.holder_id, p.organisation_id) and p.state in ('open', 'nominated')
    and v.closed_on is null
$$;
revoke execute on function insights.pending_proposals from public;
grant execute on function insights.pending_proposals to palier_app;

-- A choice of a landlord that its partners' figures rest on: they may read it, not its other choices.
create function insights.flow_setting(p_landlord uuid, p_key text, p_today date) returns jsonb
language sql stable security definer set search_path = '' as $$
  select s.value from organisations.settings s
  where s.organisation_id = p_landlord and s.key = p_key and p_key like 'flow.%' and s.valid_from <= p_today
    and (p_landlord = platform.organisation_id() or exists (select from organisations.relations r
      where r.host_id = p_landlord and r.partner_id = platform.organisation_id()))
  order by s.valid_from desc limit 1
$$;
revoke execute on function insights.flow_setting from public;
grant execute on function insights.flow_setting to palier_app;

-- The figures of a territory (F-81, L-60 to L-62) --------------------------------------------------------------------

-- As insights.sector: only landlords that have the actor's organisation as an overseer, only what lies in its perimeter.
create function insights.watched_landlords(p_today date) returns table (organisation_id uuid, name text)
language sql stable security definer set search_path = '' as $$
  select o.id, o.name from organisations.relations r
  join organisations.organisations o on o.id = r.host_id
  where r.partner_id = platform.organisation_id() and r.kind = 'overseer' and o.kind = 'landlord'
    and r.since <= p_today and (r.until is null or r.until >= p_today)
$$;
revoke execute on function insights.watched_landlords from public;
grant execute on function insights.watched_landlords to palier_app;

create function insights.watched_places() returns table (code text, department text, territory text)
language sql stable security definer set search_path = '' as $$
  select m.code, m.department, m.territory from organisations.municipalities m
  join organisations.organisations o on o.id = platform.organisation_id()
  where m.country = 'FR' and insights.covers(o.perimeter, m.code)
$$;
revoke execute on function insights.watched_places from public;
grant execute on function insights.watched_places to palier_app;

alter table flow.corrective_actions
  add constraint corrective_action_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id),
  add constraint corrective_action_meeting foreign key (organisation_id, meeting_id) references flow.meetings (organisation_id, id);
alter table flow.corrective_action_steps
  add constraint step_of_an_action foreign key (organisation_id, action_id) references flow.corrective_actions (organisation_id, id);
alter table flow.meetings
  add constraint meeting_minutes_file foreign key (organisation_id, minutes_file_id) references platform.files (organisation_id, id);
alter table flow.meeting_participants
  add constraint participant_meeting foreign key (organisation_id, meeting_id) references flow.meetings (organisation_id, id);
alter table flow.meeting_items
  add constraint item_meeting foreign key (organisation_id, meeting_id) references flow.meetings (organisation_id, id),
  add constraint item_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id),
  add constraint item_action foreign key (organisation_id, action_id) references flow.corrective_actions (organisation_id, id);
alter table flow.meeting_decisions
  add constraint decision_meeting foreign key (organisation_id, meeting_id) references flow.meetings (organisation_id, id);
