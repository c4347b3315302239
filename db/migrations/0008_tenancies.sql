-- Leases and their end.

create schema tenancies;
grant usage on schema tenancies to palier_app;
comment on schema tenancies is 'Leases, notices, first rents';

create table tenancies.tenancies (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  dwelling_id uuid not null,
  household_id uuid not null,
  application_id uuid,
  kind text not null default 'primary-residence',
  signed_on date not null,
  starts_on date not null,
  term_on date,
  ended_on date,
  rent_cents bigint not null,
  charges_cents bigint not null default 0,
  deposit_cents bigint not null default 0,
  first_rent_cents bigint not null,
  first_rent_steps jsonb not null default '[]',
  income_class text not null default 'unknown',
  contingent text,
  holder_id uuid,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint tenancy_references_are_unique unique (organisation_id, reference),
  constraint tenancy_kinds check (kind in ('primary-residence', 'short-term', 'transit', 'social')),
  constraint tenancy_ends_after_start check (ended_on >= starts_on),
  constraint tenancy_is_signed_before_it_starts check (signed_on <= starts_on),
  constraint one_running_tenancy_per_dwelling exclude using gist
    (organisation_id with =, dwelling_id with =, daterange(starts_on, ended_on, '[]') with &&)
);
comment on table tenancies.tenancies is 'Leases (bail, huurovereenkomst) between the organisation and a household';
comment on column tenancies.tenancies.term_on is 'Last day agreed in the lease; null: open';
comment on column tenancies.tenancies.ended_on is 'Last day it really ran or will run, once notice is given';
comment on column tenancies.tenancies.income_class is 'Income class of the household when the dwelling was allocated: counted in the quota of one third';
create index tenancies_by_dwelling on tenancies.tenancies (organisation_id, dwelling_id, starts_on desc);
create index tenancies_by_household on tenancies.tenancies (organisation_id, household_id);
create index tenancies_by_start on tenancies.tenancies (organisation_id, starts_on desc, id);
create index tenancies_by_end on tenancies.tenancies (organisation_id, ended_on);
call platform.keep_apart('tenancies.tenancies');

create table tenancies.notices (
  organisation_id uuid not null,
  id uuid not null,
  tenancy_id uuid not null,
  given_by text not null,
  received_on date not null,
  months smallint not null,
  starts_on date not null,
  ends_on date not null,
  reason text,
  steps jsonb not null,
  withdrawn_on date,
  withdrawn_reason text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint notice_parties check (given_by in ('tenant', 'landlord', 'agreement')),
  constraint notice_ends_after_receipt check (ends_on >= received_on)
);
comment on table tenancies.notices is 'Notice to leave (congé, préavis): from its receipt to the last day';
create unique index one_open_notice_per_tenancy on tenancies.notices (organisation_id, tenancy_id) where withdrawn_on is null;
call platform.keep_apart('tenancies.notices', 'select, insert, update');

-- What other modules may read of a lease.
create view tenancies.tenancy_cards with (security_invoker = true) as
  select t.organisation_id, t.id, t.reference, t.dwelling_id, t.household_id, t.starts_on, t.ended_on, t.rent_cents,
    t.charges_cents, t.income_class
  from tenancies.tenancies t;
grant select on tenancies.tenancy_cards to palier_app;

alter table tenancies.tenancies
  add constraint tenancy_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id),
  add constraint tenancy_household foreign key (organisation_id, household_id) references applicants.households (organisation_id, id),
  add constraint tenancy_application foreign key (organisation_id, application_id) references applicants.applications (organisation_id, id),
  add constraint tenancy_holder foreign key (holder_id) references organisations.organisations (id);
alter table tenancies.notices
  add constraint notice_tenancy foreign key (organisation_id, tenancy_id) references tenancies.tenancies (organisation_id, id);
