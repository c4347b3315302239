-- From a dwelling that becomes free to a lease: vacancy, orientation, proposal, candidates, committee, offers.

create schema allocation;
grant usage on schema allocation to palier_app;
comment on schema allocation is 'Vacancies, orientations, proposals, candidates, committee sessions, offers';

create table allocation.vacancies (
  organisation_id uuid not null,
  id uuid not null,
  dwelling_id uuid not null,
  tenancy_id uuid,
  notice_id uuid,
  cause text not null default 'notice',
  opened_on date not null,
  expected_free_on date not null,
  freed_on date,
  works_until date,
  works_done_on date,
  base_class text not null default 'in-base',
  base_reason text,
  stage text not null,
  stage_since date not null,
  next_due_on date,
  next_due_what text,
  holder_id uuid,
  new_tenancy_id uuid,
  let_from date,
  closed_on date,
  closed_as text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint vacancy_causes check (cause in ('notice', 'first-letting', 'intake', 'departure', 'other')),
  constraint vacancy_base_classes check (base_class in ('in-base', 'mutation', 'urban-renewal', 'substandard', 'condominium', 'sale', 'retained-stock', 'first-letting', 'not-applicable')),
  constraint vacancy_stages check (stage in ('to-orient', 'with-holder', 'to-select', 'committee', 'to-offer', 'offer', 'to-sign', 'signed', 'let', 'cancelled')),
  constraint vacancy_closings check (closed_as in ('let', 'cancelled')),
  constraint closed_vacancies_say_how check ((closed_on is null) = (closed_as is null))
);
comment on table allocation.vacancies is 'Vacancy (libération): the road of a dwelling from notice to lease';
comment on column allocation.vacancies.stage is 'Where it stands, kept up to date by each action from the facts (rules/stage.ts)';
comment on column allocation.vacancies.base_class is 'Whether it counts in the base of the flow, or why not (L-11)';
create unique index one_open_vacancy_per_dwelling on allocation.vacancies (organisation_id, dwelling_id) where closed_on is null;
create index vacancies_open on allocation.vacancies (organisation_id, next_due_on, id) where closed_on is null;
create index vacancies_by_opening on allocation.vacancies (organisation_id, opened_on desc, id);
create index vacancies_by_dwelling on allocation.vacancies (organisation_id, dwelling_id, opened_on desc);
alter table allocation.vacancies enable row level security;
create policy own_organisation on allocation.vacancies using (organisation_id = platform.organisation_id());
grant select, insert, update on allocation.vacancies to palier_app;

create table allocation.orientations (
  organisation_id uuid not null,
  id uuid not null,
  vacancy_id uuid not null,
  suggested_agreement_id uuid,
  chosen_agreement_id uuid,
  chosen_holder_id uuid,
  followed boolean not null,
  reason text,
  suggestion jsonb not null,
  decided_by text not null,
  decided_at timestamptz not null default now(),
  superseded_at timestamptz,
  primary key (organisation_id, id),
  constraint overrides_have_a_reason check (followed or reason is not null)
);
comment on table allocation.orientations is 'To whom a freed dwelling was oriented, what the program suggested and why (F-50 to F-54). No agreement: the landlord''s own contingent';
create unique index one_orientation_in_force on allocation.orientations (organisation_id, vacancy_id) where superseded_at is null;
call platform.keep_apart('allocation.orientations', 'select, insert, update');

create table allocation.proposals (
  organisation_id uuid not null,
  id uuid not null,
  vacancy_id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  orientation_id uuid not null,
  proposed_on date not null,
  nominate_by date not null,
  state text not null default 'open',
  closed_on date,
  return_reason text,
  -- What the holder needs to know of the dwelling: no more is shared.
  dwelling jsonb not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint proposal_states check (state in ('open', 'nominated', 'returned', 'expired', 'withdrawn', 'housed', 'unsuccessful'))
);
comment on table allocation.proposals is 'A dwelling offered to a reservation holder, who names candidates before a day (L-38)';
create unique index one_open_proposal_per_vacancy on allocation.proposals (organisation_id, vacancy_id) where state in ('open', 'nominated');
create index proposals_by_holder on allocation.proposals (holder_id, organisation_id, state, nominate_by, id);
create index proposals_due on allocation.proposals (nominate_by) where state = 'open';
alter table allocation.proposals enable row level security;
create policy own_organisation on allocation.proposals using (organisation_id = platform.organisation_id());
create policy holder_reads on allocation.proposals for select using (holder_id = platform.organisation_id());
create policy holder_answers on allocation.proposals for update
  using (holder_id = platform.organisation_id() and state in ('open', 'nominated'))
  with check (holder_id = platform.organisation_id() and state in ('open', 'nominated', 'returned'));
grant select, insert, update on allocation.proposals to palier_app;

-- Whether the actor's organisation may still name candidates on a proposal.
create function allocation.is_open_to(p_organisation uuid, p_proposal uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select 1 from allocation.proposals p
    where p.organisation_id = p_organisation and p.id = p_proposal
      and p.holder_id = platform.organisation_id() and p.state in ('open', 'nominated'))
$$;

-- A holder that answers moves the vacancy on, and touches nothing else of the landlord's file.
create function allocation.holder_moves(
  p_organisation uuid, p_proposal uuid, p_stage text, p_on date, p_due_on date, p_due_what text
) returns void language plpgsql security definer set search_path = '' as $$
begin
  update allocation.vacancies v
    set stage = p_stage, stage_since = case when v.stage = p_stage then v.stage_since else p_on end,
      next_due_on = p_due_on, next_due_what = p_due_what, version = v.version + 1
    from allocation.proposals p
    where p.organisation_id = p_organisation and p.id = p_proposal and p.holder_id = platform.organisation_id()
      and v.organisation_id = p.organisation_id and v.id = p.vacancy_id
      and v.stage in ('to-orient', 'with-holder', 'to-select');
  if not found then raise exception 'the vacancy is not with this holder' using errcode = '42501'; end if;
end $$;

create table allocation.candidates (
  organisation_id uuid not null,
  id uuid not null,
  vacancy_id uuid not null,
  source text not null,
  application_id uuid,
  household_id uuid,
  proposal_id uuid,
  holder_id uuid,
  register_rank int,
  family_name text not null,
  given_name text not null,
  file_number text,
  unique_number text,
  persons smallint not null,
  adults smallint not null,
  children smallint not null,
  income_cents bigint,
  income_year smallint,
  income_class text not null default 'unknown',
  priority_group text,
  quartile smallint,
  registered_on date,
  language text not null default 'fr',
  email text,
  phone text,
  steps jsonb not null default '[]',
  state text not null default 'named',
  position smallint not null,
  named_by text not null,
  named_at timestamptz not null default now(),
  version int not null default 1,
  primary key (organisation_id, id),
  constraint candidate_sources check (source in ('register', 'nomination')),
  constraint candidate_states check (state in ('named', 'withdrawn', 'granted', 'ranked', 'conditional', 'not-granted', 'inadmissible', 'offered', 'accepted', 'declined', 'silent', 'housed', 'released')),
  constraint nominations_come_from_a_proposal check ((source = 'nomination') = (proposal_id is not null)),
  constraint candidate_positions_are_unique unique (organisation_id, vacancy_id, position) deferrable initially immediate
);
comment on table allocation.candidates is 'A household considered for a vacancy: taken from the register with its rank, or named by the reservation holder';
create unique index one_candidacy_per_unique_number on allocation.candidates (organisation_id, vacancy_id, unique_number)
  where unique_number is not null and state <> 'withdrawn';
create unique index one_candidacy_per_application on allocation.candidates (organisation_id, vacancy_id, application_id)
  where application_id is not null and state <> 'withdrawn';
create index candidates_by_proposal on allocation.candidates (holder_id, organisation_id, proposal_id);
create index candidates_by_household on allocation.candidates (organisation_id, household_id) where household_id is not null;
alter table allocation.candidates enable row level security;
create policy own_organisation on allocation.candidates using (organisation_id = platform.organisation_id());
create policy holder_reads on allocation.candidates for select using (holder_id = platform.organisation_id());
create policy holder_names on allocation.candidates for insert
  with check (holder_id = platform.organisation_id() and source = 'nomination' and allocation.is_open_to(organisation_id, proposal_id));
create policy holder_withdraws on allocation.candidates for update
  using (holder_id = platform.organisation_id() and state = 'named' and allocation.is_open_to(organisation_id, proposal_id))
  with check (holder_id = platform.organisation_id() and state in ('named', 'withdrawn'));
grant select, insert, update on allocation.candidates to palier_app;

create table allocation.sessions (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  kind text not null,
  held_on date not null,
  held_at text,
  place text,
  state text not null default 'preparing',
  quorum smallint not null,
  opened_at timestamptz,
  closed_at timestamptz,
  minutes_file_id uuid,
  minutes_sha256 text,
  version int not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint session_references_are_unique unique (organisation_id, reference),
  constraint session_kinds check (kind in ('committee', 'caleol')),
  constraint session_states check (state in ('preparing', 'open', 'closed', 'signed', 'cancelled'))
);
comment on table allocation.sessions is 'A sitting of the allocation committee (comité d''attribution, CALEOL)';
create index sessions_by_day on allocation.sessions (organisation_id, held_on desc, id);
call platform.keep_apart('allocation.sessions', 'select, insert, update');

create table allocation.session_members (
  organisation_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  name text not null,
  capacity text not null,
  voting boolean not null,
  chair boolean not null default false,
  user_id text,
  present boolean not null default false,
  signed_at timestamptz,
  signed_sha256 text,
  position smallint not null,
  primary key (organisation_id, id),
  constraint member_capacities check (capacity in ('landlord', 'mayor', 'state', 'intermunicipality', 'association', 'holder', 'board', 'staff', 'secretary')),
  constraint member_names_are_unique unique (organisation_id, session_id, name)
);
comment on table allocation.session_members is 'Members of a sitting: who is there, who votes, who chairs, who signed the minutes';
call platform.keep_apart('allocation.session_members');

create table allocation.agenda_items (
  organisation_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  vacancy_id uuid not null,
  position smallint not null,
  fewer_than_three text,
  state text not null default 'pending',
  decided_at timestamptz,
  decided_by text,
  version int not null default 1,
  primary key (organisation_id, id),
  constraint agenda_states check (state in ('pending', 'decided', 'withdrawn', 'postponed')),
  constraint agenda_exceptions check (fewer_than_three in ('not-enough-candidates', 'dalo', 'subsidised')),
  constraint one_line_per_vacancy_and_session unique (organisation_id, session_id, vacancy_id)
);
comment on table allocation.agenda_items is 'A vacancy put before a sitting';
comment on column allocation.agenda_items.fewer_than_three is 'Which exception allows fewer than three demands (CCH R441-3)';
create unique index one_pending_line_per_vacancy on allocation.agenda_items (organisation_id, vacancy_id) where state = 'pending';
call platform.keep_apart('allocation.agenda_items');

create table allocation.decisions (
  organisation_id uuid not null,
  id uuid not null,
  agenda_item_id uuid not null,
  vacancy_id uuid not null,
  candidate_id uuid not null,
  kind text not null,
  rank smallint,
  condition text,
  condition_due_on date,
  condition_met_on date,
  reason text,
  annulled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint decision_kinds check (kind in ('granted', 'ranked', 'conditional', 'not-granted', 'inadmissible')),
  constraint conditions_are_named check (kind <> 'conditional' or condition is not null),
  constraint refusals_have_a_reason check (kind not in ('not-granted', 'inadmissible') or reason is not null)
);
comment on table allocation.decisions is 'One decision a candidate, of the five the law knows (CCH R441-3)';
create unique index one_decision_per_candidate on allocation.decisions (organisation_id, agenda_item_id, candidate_id) where annulled_at is null;
create unique index one_rank_per_vacancy on allocation.decisions (organisation_id, agenda_item_id, rank) where annulled_at is null and rank is not null;
create index decisions_by_vacancy on allocation.decisions (organisation_id, vacancy_id);
call platform.keep_apart('allocation.decisions', 'select, insert, update');

create table allocation.derogations (
  organisation_id uuid not null,
  id uuid not null,
  agenda_item_id uuid not null,
  chosen_candidate_id uuid not null,
  passed_candidate_id uuid not null,
  kind text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint derogation_kinds check (kind in ('unsuitable-dwelling', 'social-mix', 'social-urgency', 'disability', 'transfer', 'unreachable', 'other')),
  constraint derogations_are_reasoned check (length(trim(reason)) >= 10),
  constraint one_derogation_per_passed_candidate unique (organisation_id, agenda_item_id, passed_candidate_id)
);
comment on table allocation.derogations is 'Why a candidate with a better rank was passed over (R-44, H-093, H-094)';
call platform.keep_apart('allocation.derogations', 'select, insert, delete');

create table allocation.offers (
  organisation_id uuid not null,
  id uuid not null,
  vacancy_id uuid not null,
  candidate_id uuid not null,
  rank smallint not null,
  channel text not null,
  sent_on date not null,
  notified_on date not null,
  response_days smallint not null,
  answer_by date not null,
  steps jsonb not null,
  state text not null default 'pending',
  answered_on date,
  answer_reason text,
  letter_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint offer_states check (state in ('pending', 'accepted', 'refused', 'silent', 'withdrawn')),
  constraint offer_channels check (channel in ('letter', 'registered-letter', 'email', 'by-hand'))
);
comment on table allocation.offers is 'The dwelling offered to a household, which has its legal time to answer; silence is a refusal';
create unique index one_pending_offer_per_vacancy on allocation.offers (organisation_id, vacancy_id) where state in ('pending', 'accepted');
create index offers_due on allocation.offers (answer_by) where state = 'pending';
create index offers_by_candidate on allocation.offers (organisation_id, candidate_id);
call platform.keep_apart('allocation.offers', 'select, insert, update');

alter table allocation.vacancies
  add constraint vacancy_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id),
  add constraint vacancy_tenancy foreign key (organisation_id, tenancy_id) references tenancies.tenancies (organisation_id, id),
  add constraint vacancy_new_tenancy foreign key (organisation_id, new_tenancy_id) references tenancies.tenancies (organisation_id, id),
  add constraint vacancy_notice foreign key (organisation_id, notice_id) references tenancies.notices (organisation_id, id);
alter table allocation.orientations
  add constraint orientation_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id),
  add constraint orientation_agreement foreign key (organisation_id, chosen_agreement_id) references flow.agreements (organisation_id, id);
alter table allocation.proposals
  add constraint proposal_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id),
  add constraint proposal_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id),
  add constraint proposal_orientation foreign key (organisation_id, orientation_id) references allocation.orientations (organisation_id, id);
alter table allocation.candidates
  add constraint candidate_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id),
  add constraint candidate_application foreign key (organisation_id, application_id) references applicants.applications (organisation_id, id),
  add constraint candidate_household foreign key (organisation_id, household_id) references applicants.households (organisation_id, id),
  add constraint candidate_proposal foreign key (organisation_id, proposal_id) references allocation.proposals (organisation_id, id);
alter table allocation.session_members
  add constraint member_session foreign key (organisation_id, session_id) references allocation.sessions (organisation_id, id);
alter table allocation.agenda_items
  add constraint agenda_session foreign key (organisation_id, session_id) references allocation.sessions (organisation_id, id),
  add constraint agenda_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id);
alter table allocation.decisions
  add constraint decision_item foreign key (organisation_id, agenda_item_id) references allocation.agenda_items (organisation_id, id),
  add constraint decision_candidate foreign key (organisation_id, candidate_id) references allocation.candidates (organisation_id, id);
alter table allocation.derogations
  add constraint derogation_item foreign key (organisation_id, agenda_item_id) references allocation.agenda_items (organisation_id, id),
  add constraint derogation_chosen foreign key (organisation_id, chosen_candidate_id) references allocation.candidates (organisation_id, id),
  add constraint derogation_passed foreign key (organisation_id, passed_candidate_id) references allocation.candidates (organisation_id, id);
alter table allocation.offers
  add constraint offer_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id),
  add constraint offer_candidate foreign key (organisation_id, candidate_id) references allocation.candidates (organisation_id, id);
