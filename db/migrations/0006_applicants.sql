-- Who asks for a dwelling: households, their members, their applications in the register.

create schema applicants;
grant usage on schema applicants to palier_app;
comment on schema applicants is 'Households, applications, the register';

create table applicants.households (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  family_name text not null,
  given_name text not null,
  language text not null default 'fr',
  email text,
  phone text,
  street text,
  postal_code text,
  city text,
  adults smallint not null default 1,
  children smallint not null default 0,
  couple boolean not null default false,
  disabled_adults smallint not null default 0,
  disabled_children smallint not null default 0,
  income_cents bigint,
  income_year smallint,
  income_earners smallint not null default 1,
  note text,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint household_references_are_unique unique (organisation_id, reference),
  constraint household_has_an_adult check (adults >= 1 and children >= 0)
);
comment on table applicants.households is 'A household as it declared itself; its file number is its reference';
comment on column applicants.households.income_cents is 'Net taxable income of the year income_year, in cents per year';
call platform.keep_apart('applicants.households');

create table applicants.members (
  organisation_id uuid not null,
  id uuid not null,
  household_id uuid not null,
  family_name text not null,
  given_name text not null,
  birth_date date,
  sex text,
  relation text not null default 'reference',
  national_number text,
  disabled boolean not null default false,
  batch_id uuid,
  primary key (organisation_id, id),
  constraint member_relations check (relation in ('reference', 'partner', 'child', 'parent', 'other')),
  constraint member_sexes check (sex in ('F', 'M', 'X'))
);
comment on table applicants.members is 'Members of a household; the national number (NISS) is guarded: each reading is logged';
create index members_by_household on applicants.members (organisation_id, household_id);
create index members_by_national_number on applicants.members (organisation_id, national_number) where national_number is not null;
call platform.keep_apart('applicants.members', 'insert, update, delete');
-- The national number is readable only through applicants.read_national_number, which logs.
grant select (organisation_id, id, household_id, family_name, given_name, birth_date, sex, relation, disabled, batch_id)
  on applicants.members to palier_app;

create table applicants.applications (
  organisation_id uuid not null,
  id uuid not null,
  number text not null,
  household_id uuid not null,
  state text not null default 'active',
  received_on date not null,
  registered_on date,
  bedrooms_needed smallint not null,
  persons smallint not null,
  income_class text not null default 'unknown',
  income_class_on date,
  income_steps jsonb,
  unique_number text,
  priority_group text,
  quartile smallint,
  social_flags text[] not null default '{}',
  requested_municipalities text[] not null default '{}',
  exit_on date,
  exit_cause text,
  exit_reason text,
  housed_dwelling_id uuid,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint application_numbers_are_unique unique (organisation_id, number),
  constraint application_states check (state in ('incomplete', 'active', 'suspended', 'housed', 'removed')),
  constraint active_applications_are_registered check (state <> 'active' or registered_on is not null),
  constraint application_income_classes check (income_class in ('unknown', 'admission', 'moderate', 'over')),
  constraint application_exit_causes check (exit_cause in ('housed', 'withdrawn', 'no-reply', 'conditions', 'deceased', 'duplicate', 'housed-elsewhere', 'refusals')),
  constraint exits_have_a_day_and_a_cause check ((exit_on is null) = (exit_cause is null))
);
comment on table applicants.applications is 'The register: one line an application, in the order of complete files (art. 39/3)';
comment on column applicants.applications.registered_on is 'The day the complete file was filed: the rank in the register';
comment on column applicants.applications.unique_number is 'Number in the national register (NUR), eighteen characters (FR)';
comment on column applicants.applications.income_class is 'admission: up to the ceiling; moderate: up to 150 %; over: above';
-- The ranking of candidates for a dwelling reads this index and nothing else (see applicants/queries.ts).
create index applications_ranked on applicants.applications
  (organisation_id, bedrooms_needed, registered_on, id) include (income_class, persons, household_id, number) where state = 'active';
-- How many of the right size are not ranked, by reason, is counted from this one.
create index applications_by_suitability on applicants.applications
  (organisation_id, bedrooms_needed, income_class, persons) where state = 'active';
create index applications_by_receipt on applicants.applications (organisation_id, received_on, id);
create index applications_by_registration on applicants.applications (organisation_id, registered_on, id);
create index applications_by_state on applicants.applications (organisation_id, state, registered_on, id);
create index applications_by_household on applicants.applications (organisation_id, household_id);
create index applications_by_unique_number on applicants.applications (organisation_id, unique_number) where unique_number is not null;
create index applications_by_batch on applicants.applications (organisation_id, batch_id) where batch_id is not null;
call platform.keep_apart('applicants.applications');

create function applicants.read_national_number(p_id uuid, p_member uuid, p_purpose text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_number text; v_household uuid;
begin
  select national_number, household_id into v_number, v_household from applicants.members
    where organisation_id = platform.organisation_id() and id = p_member;
  if not found then return null; end if;
  insert into platform.sensitive_reads (organisation_id, id, user_id, field, subject_kind, subject_id, purpose)
    values (platform.organisation_id(), p_id, platform.user_id(), 'national-number', 'household', v_household, p_purpose);
  return v_number;
end $$;

-- What other modules may read of a household.
create view applicants.household_cards with (security_invoker = true) as
  select h.organisation_id, h.id, h.reference, h.family_name, h.given_name, h.language, h.email, h.phone, h.street,
    h.postal_code, h.city, h.adults, h.children, h.couple, h.income_cents, h.income_year
  from applicants.households h;
grant select on applicants.household_cards to palier_app;

create view applicants.application_cards with (security_invoker = true) as
  select a.organisation_id, a.id, a.number, a.household_id, a.state, a.registered_on, a.bedrooms_needed, a.persons,
    a.income_class, a.income_steps, a.unique_number, a.priority_group, a.quartile, a.exit_on, a.exit_cause
  from applicants.applications a;
grant select on applicants.application_cards to palier_app;

alter table applicants.members
  add constraint member_household foreign key (organisation_id, household_id) references applicants.households (organisation_id, id);
alter table applicants.applications
  add constraint application_housed_dwelling foreign key (organisation_id, housed_dwelling_id) references portfolio.dwellings (organisation_id, id),
  add constraint application_household foreign key (organisation_id, household_id) references applicants.households (organisation_id, id);
