-- The life of reservation agreements: who moved them and signed them, their yearly targets, what is to be reviewed.

create table flow.agreement_moves (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  by_user_id text not null,
  by_name text not null,
  by_organisation_id uuid not null,
  words text,
  facts jsonb not null default '{}',
  primary key (organisation_id, id),
  constraint move_kinds check (kind in ('recorded', 'drafted', 'changed', 'sent', 'commented', 'to-sign', 'reopened', 'landlord-signed', 'holder-signed', 'signed', 'abandoned', 'amendment-proposed', 'amendment-signed', 'amendment-abandoned', 'targets', 'targets-adapted', 'need-written', 'need-changed', 'need-ended', 'clause', 'clause-done', 'derogation', 'ended', 'document'))
);
comment on table flow.agreement_moves is 'What happened to an agreement, as both its parties read it: who, when, in which words. Appended, never changed';
create index agreement_moves_by_agreement on flow.agreement_moves (organisation_id, agreement_id, at);
alter table flow.agreement_moves enable row level security;
create policy parties on flow.agreement_moves for select
  using (organisation_id = platform.organisation_id()
    or (holder_id = platform.organisation_id() and kind not in ('drafted', 'changed')));
create policy own_words on flow.agreement_moves for insert
  with check (by_organisation_id = platform.organisation_id() and (organisation_id = platform.organisation_id()
    or (holder_id = platform.organisation_id() and organisations.acts_with(organisation_id, platform.organisation_id()))));
grant select, insert on flow.agreement_moves to palier_app;

create table flow.signatures (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  amendment_id uuid,
  holder_id uuid not null,
  party text not null,
  signatory text not null,
  title text,
  signed_on date not null,
  channel text not null default 'palier',
  terms_sha256 text not null,
  user_id text not null,
  at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint signature_parties check (party in ('landlord', 'holder')),
  constraint signature_channels check (channel in ('palier', 'paper')),
  constraint one_signature_of_the_same_terms unique nulls not distinct (organisation_id, agreement_id, amendment_id, party, terms_sha256)
);
comment on table flow.signatures is 'Who signed which terms, by their fingerprint: terms changed since are not signed';
alter table flow.signatures enable row level security;
create policy parties on flow.signatures for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
create policy own_hand on flow.signatures for insert
  with check (organisation_id = platform.organisation_id()
    or (party = 'holder' and channel = 'palier' and holder_id = platform.organisation_id()
      and organisations.acts_with(organisation_id, platform.organisation_id())));
grant select, insert on flow.signatures to palier_app;

create table flow.contractual_targets (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  year smallint not null,
  revision smallint not null,
  place_scale text not null,
  place_code text not null,
  share numeric(7, 6) not null,
  primary key (organisation_id, id),
  constraint contractual_target_scales check (place_scale in ('municipality', 'department', 'territory')),
  constraint contractual_target_shares check (share >= 0 and share <= 1),
  constraint one_target_per_place unique (organisation_id, agreement_id, year, revision, place_code)
);
comment on table flow.contractual_targets is 'What the agreement commits to in a year, place by place, as a share of the flow of that place; the last revision holds, the others are kept';
alter table flow.contractual_targets enable row level security;
create policy parties on flow.contractual_targets
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
grant select, insert on flow.contractual_targets to palier_app;

create table flow.review_clauses (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  due_on date not null,
  subject text not null,
  done_on date,
  outcome text,
  primary key (organisation_id, id),
  constraint clauses_done_have_an_outcome check ((done_on is null) = (outcome is null))
);
comment on table flow.review_clauses is 'Clauses de revoyure: what the parties look at again, and when; both are reminded';
create index review_clauses_by_agreement on flow.review_clauses (organisation_id, agreement_id, due_on);
alter table flow.review_clauses enable row level security;
create policy parties on flow.review_clauses
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
grant select, insert, update on flow.review_clauses to palier_app;

create table flow.derogations (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  reference text not null,
  department text not null,
  cap numeric(7, 6) not null,
  from_day date not null,
  until_day date not null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint derogation_caps check (cap > 0 and cap <= 1),
  constraint derogations_last_a_year check (until_day >= from_day and until_day < from_day + interval '1 year')
);
comment on table flow.derogations is 'Arrêtés of the préfet that raise the cap of the State, for one year at most (R441-5-2 I)';
alter table flow.derogations enable row level security;
create policy parties on flow.derogations
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id())
  with check (organisation_id = platform.organisation_id());
grant select, insert on flow.derogations to palier_app;

alter table flow.agreement_moves
  add constraint move_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.signatures
  add constraint signature_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id),
  add constraint signature_amendment foreign key (organisation_id, amendment_id) references flow.amendments (organisation_id, id);
alter table flow.contractual_targets
  add constraint contractual_target_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.review_clauses
  add constraint clause_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
alter table flow.derogations
  add constraint derogation_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
