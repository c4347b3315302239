-- Imports (preview, apply, undo) and extractions. An import is a batch: nothing reaches the tables of the trade before
-- it is applied, and it is undone as a whole.

create schema exchange;
grant usage on schema exchange to palier_app;
comment on schema exchange is 'Imports waiting, applied or undone, and what they changed';

-- COPY does not work under row-level security: files are read into a temporary table of the session, then inserted.
do $$ begin execute format('grant temporary on database %I to palier_app', current_database()); end $$;

create table exchange.imports (
  organisation_id uuid not null,
  id uuid not null,
  kind text not null,
  file_name text not null,
  stored_as text,
  size bigint not null,
  format text not null,
  encoding text,
  separator text,
  header text[] not null,
  sample json not null,
  notes jsonb not null default '[]',
  mapping jsonb not null,
  date_order text not null default 'dmy',
  job_id uuid,
  problem jsonb,
  primary key (organisation_id, id),
  constraint import_kinds check (kind in ('dwellings', 'applicants')),
  constraint import_formats check (format in ('csv', 'xlsx')),
  constraint import_date_orders check (date_order in ('dmy', 'mdy', 'ymd'))
);
comment on table exchange.imports is 'A file sent to be imported: the batch of the same identifier says where it stands';
comment on column exchange.imports.stored_as is 'Its name in the folder of uploads; null once it is no longer needed';
comment on column exchange.imports.mapping is 'Field → place of its column in the file, from 0; proposed by name, then chosen';
comment on column exchange.imports.job_id is 'The job that works on it, or worked on it last';
create index imports_by_file on exchange.imports (organisation_id, stored_as) where stored_as is not null;
call platform.keep_apart('exchange.imports');

-- Rows that cannot be imported as they are. Kept after the rest is applied, so that they can be corrected and sent again.
create table exchange.wrong_rows (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  problems jsonb not null,
  primary key (organisation_id, batch_id, line)
);
comment on table exchange.wrong_rows is 'Rows of a file that cannot be imported: their cells as sent, and what is wrong with each';
call platform.keep_apart('exchange.wrong_rows');

-- What an import changed, as it was before: the undo reads it. Records an import created carry its batch_id instead; they
-- have a line here only when a later import changed them and was undone, since their version then moved on.
create table exchange.changes (
  organisation_id uuid not null,
  batch_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  before jsonb,
  version int not null,
  primary key (organisation_id, batch_id, subject_kind, subject_id)
);
comment on table exchange.changes is 'Records changed by an import: as they were before, and the version the import left them with';
call platform.keep_apart('exchange.changes');

-- Staging. Unlogged: after a crash of the database the preview is simply made again. Good rows only; a null field means
-- « not in the file », and leaves what is already known.

create unlogged table exchange.staged_dwellings (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  reference text not null,
  kind text,
  street text not null,
  house_number text not null,
  box text,
  floor smallint,
  postal_code text not null,
  municipality_code text not null,
  bedrooms smallint,
  rooms smallint,
  area_m2 numeric(7, 2),
  rent_cents bigint not null,
  charges_cents bigint,
  energy_label text,
  programme text,
  funding text,
  management text,
  accessible boolean,
  register_id text,
  entered_on date,
  occupancy text,
  building_reference text,
  building_name text,
  construction_year smallint,
  priority_area text,
  owner_reference text,
  owner_name text,
  owner_kind text,
  owner_email text,
  owner_phone text,
  owner_language text,
  owner_iban text,
  owner_enterprise_number text,
  contract_reference text,
  contract_kind text,
  contract_starts_on date,
  contract_ends_on date,
  owner_rent_cents bigint,
  fee_rate numeric(6, 5),
  tenant_family_name text,
  tenant_given_name text,
  tenant_email text,
  tenant_phone text,
  lease_signed_on date,
  lease_starts_on date,
  first_rent_cents bigint,
  first_rent_steps json,
  -- What becomes of each record of the row. An owner or a building is told on the first of its rows only.
  dwelling_id uuid not null,
  dwelling_version int,
  dwelling_effect text,
  building_id uuid not null,
  building_version int,
  building_effect text,
  owner_id uuid,
  owner_version int,
  owner_effect text,
  contract_id uuid,
  contract_version int,
  contract_effect text,
  household_id uuid,
  tenancy_id uuid,
  lease_effect text,
  effect text not null generated always as (case
    when dwelling_effect = 'create' then 'create'
    when coalesce(dwelling_effect, building_effect, owner_effect, contract_effect, lease_effect) is not null then 'update'
    else 'unchanged' end) stored,
  primary key (organisation_id, batch_id, line)
);
comment on table exchange.staged_dwellings is 'Rows of dwellings ready to be applied, with the record each one creates or changes';
call platform.keep_apart('exchange.staged_dwellings');

create unlogged table exchange.staged_applicants (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  number text,
  unique_number text,
  family_name text not null,
  given_name text not null,
  birth_date date,
  sex text,
  national_number text,
  language text,
  email text,
  phone text,
  street text,
  postal_code text,
  city text,
  adults smallint,
  children smallint,
  couple boolean,
  disabled_adults smallint,
  disabled_children smallint,
  income_cents bigint,
  income_year smallint,
  income_earners smallint,
  received_on date not null,
  registered_on date,
  priority_group text,
  quartile smallint,
  bedrooms_needed smallint,
  income_class text,
  income_steps json,
  application_id uuid not null,
  application_version int,
  household_id uuid not null,
  household_version int,
  member_id uuid not null,
  adds_national_number boolean not null default false,
  effect text not null,
  primary key (organisation_id, batch_id, line),
  constraint staged_effects check (effect in ('create', 'update', 'unchanged'))
);
comment on table exchange.staged_applicants is 'Rows of applicants ready to be applied, with the application each one creates or changes';
call platform.keep_apart('exchange.staged_applicants');

-- All rows of an import as a screen lists them.
create view exchange.import_rows with (security_invoker = true) as
  select organisation_id, batch_id, line, 'wrong' as effect, cells, problems from exchange.wrong_rows
  union all
  select organisation_id, batch_id, line, effect, cells, '[]'::jsonb from exchange.staged_dwellings
  union all
  select organisation_id, batch_id, line, effect, cells, '[]'::jsonb from exchange.staged_applicants;
grant select on exchange.import_rows to palier_app;

-- Whether persons have another national number on file than the one given. The program may not read the number on file;
-- this says no more than that the two differ: another person under the same file number.
create function applicants.compare_national_numbers(p_members uuid[], p_numbers text[])
returns table (member_id uuid, differs boolean)
language sql stable security definer set search_path = '' as $$
  select m.id, m.national_number <> given.number
  from unnest(p_members, p_numbers) as given(member, number)
  join applicants.members m on m.organisation_id = platform.organisation_id() and m.id = given.member
  where m.national_number is not null
$$;
revoke execute on function applicants.compare_national_numbers from public;
grant execute on function applicants.compare_national_numbers to palier_app;

-- What other modules may read of a vacancy.
create view allocation.vacancy_cards with (security_invoker = true) as
  select v.organisation_id, v.id, v.dwelling_id, v.stage, v.opened_on, v.closed_on, v.closed_as
  from allocation.vacancies v;
grant select on allocation.vacancy_cards to palier_app;

-- What other modules may read of a building and of a contract.
create view portfolio.building_cards with (security_invoker = true) as
  select b.organisation_id, b.id, b.reference, b.name, b.street, b.house_number, b.postal_code, b.municipality_code
  from portfolio.buildings b;
create view portfolio.contract_cards with (security_invoker = true) as
  select c.organisation_id, c.id, c.reference, c.owner_id, c.dwelling_id, c.kind, c.starts_on, c.ends_on
  from portfolio.contracts c;
grant select on portfolio.building_cards, portfolio.contract_cards to palier_app;

-- Undoing an import removes records many at once; without these, each removal would read the tables that refer to it.
create index contracts_by_dwelling on portfolio.contracts (organisation_id, dwelling_id);
create index applications_by_housed_dwelling on applicants.applications (organisation_id, housed_dwelling_id)
  where housed_dwelling_id is not null;
create index tenancies_by_application on tenancies.tenancies (organisation_id, application_id) where application_id is not null;
create index notices_by_tenancy on tenancies.notices (organisation_id, tenancy_id);
create index vacancies_by_tenancy on allocation.vacancies (organisation_id, tenancy_id) where tenancy_id is not null;
create index vacancies_by_new_tenancy on allocation.vacancies (organisation_id, new_tenancy_id) where new_tenancy_id is not null;
create index candidates_by_application on allocation.candidates (organisation_id, application_id) where application_id is not null;

alter table exchange.imports
  add constraint import_batch foreign key (organisation_id, id) references platform.batches (organisation_id, id);
alter table exchange.wrong_rows
  add constraint wrong_row_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id);
alter table exchange.changes
  add constraint change_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id);
