-- What is let: owners, contracts with them, buildings, dwellings.

create schema portfolio;
grant usage on schema portfolio to palier_app;
comment on schema portfolio is 'Owners, contracts on dwellings, buildings, dwellings';

create table portfolio.owners (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  kind text not null default 'person',
  name text not null,
  contact_name text,
  email text,
  phone text,
  language text not null default 'fr',
  street text,
  postal_code text,
  city text,
  iban text,
  enterprise_number text,
  note text,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint owner_kinds check (kind in ('person', 'company', 'public')),
  constraint owner_references_are_unique unique (organisation_id, reference)
);
comment on table portfolio.owners is 'Whoever entrusts dwellings (concédant, bailleur): persons, companies, public bodies';
create index owners_by_name on portfolio.owners (organisation_id, name, id);
call platform.keep_apart('portfolio.owners');

create table portfolio.buildings (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  name text,
  street text not null,
  house_number text not null,
  postal_code text not null,
  municipality_code text not null,
  construction_year smallint,
  priority_area text,
  priority_area_geography text,
  latitude numeric(9, 6),
  longitude numeric(9, 6),
  first_quartile_rate numeric(5, 4),
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint building_references_are_unique unique (organisation_id, reference)
);
comment on table portfolio.buildings is 'Buildings (BE) and residences (FR)';
comment on column portfolio.buildings.priority_area is 'Code of the quartier prioritaire (QPV) it stands in, with the geography (2015 or 2024) the code is of';
comment on column portfolio.buildings.first_quartile_rate is 'Share of its households in the lowest income quarter, when known';
create index buildings_by_municipality on portfolio.buildings (organisation_id, municipality_code, street, id);
call platform.keep_apart('portfolio.buildings');

create table portfolio.dwellings (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  building_id uuid not null,
  kind text not null default 'apartment',
  box text,
  floor smallint,
  bedrooms smallint not null,
  rooms smallint,
  area_m2 numeric(7, 2),
  rent_cents bigint not null,
  charges_cents bigint not null default 0,
  energy_label text,
  programme text not null default 'ordinary',
  funding text,
  management text not null default 'flow',
  accessible boolean not null default false,
  register_id text,
  occupancy text not null default 'let',
  entered_on date not null,
  left_on date,
  exit_reason text,
  -- Of the building, repeated so that lists filter and sort on one index.
  street text not null,
  house_number text not null,
  postal_code text not null,
  municipality_code text not null,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint dwelling_references_are_unique unique (organisation_id, reference),
  constraint dwelling_kinds check (kind in ('apartment', 'house', 'studio', 'room')),
  constraint dwelling_programmes check (programme in ('ordinary', 'transit', 'student', 'solidarity', 'adapted', 'housing-first')),
  constraint dwelling_fundings check (funding in ('PLAI', 'PLUS', 'PLS', 'PLI', 'OTHER')),
  constraint dwelling_managements check (management in ('flow', 'stock', 'own')),
  constraint dwelling_occupancies check (occupancy in ('let', 'notice', 'void', 'reserved')),
  constraint dwelling_labels check (energy_label in ('A', 'B', 'C', 'D', 'E', 'F', 'G')),
  constraint dwelling_rents_are_not_negative check (rent_cents >= 0 and charges_cents >= 0),
  constraint dwelling_leaves_after_entering check (left_on >= entered_on)
);
comment on table portfolio.dwellings is 'Dwellings (logement, woning) let by the organisation';
comment on column portfolio.dwellings.rooms is 'Main rooms: T1, T2… (FR)';
comment on column portfolio.dwellings.management is 'flow: shared by reservation agreements as a flow; stock: rights attached to the dwelling itself; own: the organisation''s own list (BE)';
comment on column portfolio.dwellings.occupancy is 'let; notice: under notice; void: empty; reserved: lease signed, not yet begun';
comment on column portfolio.dwellings.register_id is 'Identifier in the national directory (RPLS), ten positions';
create index dwellings_by_address on portfolio.dwellings (organisation_id, street, house_number, id) where left_on is null;
create index dwellings_by_municipality on portfolio.dwellings (organisation_id, municipality_code, street, house_number, id) where left_on is null;
create index dwellings_by_rent on portfolio.dwellings (organisation_id, rent_cents, id) where left_on is null;
create index dwellings_by_reference on portfolio.dwellings (organisation_id, reference, id) where left_on is null;
create index dwellings_by_occupancy on portfolio.dwellings (organisation_id, occupancy, street, house_number, id) where left_on is null;
-- What lists filter by: their totals are counted from this index alone.
create index dwellings_by_filter on portfolio.dwellings (organisation_id)
  include (occupancy, municipality_code, kind, funding, management, bedrooms, rooms) where left_on is null;
create index dwellings_by_building on portfolio.dwellings (organisation_id, building_id);
create index dwellings_by_batch on portfolio.dwellings (organisation_id, batch_id) where batch_id is not null;
call platform.keep_apart('portfolio.dwellings');

create table portfolio.contracts (
  organisation_id uuid not null,
  id uuid not null,
  reference text not null,
  owner_id uuid not null,
  dwelling_id uuid not null,
  kind text not null,
  starts_on date not null,
  ends_on date,
  owner_rent_cents bigint not null default 0,
  fee_rate numeric(6, 5),
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint contract_references_are_unique unique (organisation_id, reference),
  constraint contract_kinds check (kind in ('mandate', 'head-lease', 'emphyteusis', 'ownership')),
  constraint contract_ends_after_start check (ends_on is null or ends_on >= starts_on),
  constraint one_running_contract_per_dwelling exclude using gist
    (organisation_id with =, dwelling_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
comment on table portfolio.contracts is 'How a dwelling came under management: mandate, head lease, emphyteusis, ownership';
create index contracts_by_owner on portfolio.contracts (organisation_id, owner_id);
create index contracts_by_start on portfolio.contracts (organisation_id, starts_on, id);
create index contracts_by_end on portfolio.contracts (organisation_id, ends_on, id);
call platform.keep_apart('portfolio.contracts');

-- What other modules may read of a dwelling.
create view portfolio.dwelling_cards with (security_invoker = true) as
  select d.organisation_id, d.id, d.reference, d.kind, d.street, d.house_number, d.box, d.floor, d.postal_code,
    d.municipality_code, m.name_fr as municipality_fr, coalesce(m.name_nl, m.name_fr) as municipality_nl,
    m.department, m.territory, m.inner_ring, d.bedrooms, d.rooms, d.area_m2, d.rent_cents, d.charges_cents, d.energy_label,
    d.programme, d.funding, d.management, d.accessible, d.occupancy, d.building_id, b.name as building_name,
    b.construction_year, b.priority_area, b.first_quartile_rate, d.left_on, d.entered_on
  from portfolio.dwellings d
  join portfolio.buildings b on b.organisation_id = d.organisation_id and b.id = d.building_id
  join organisations.municipalities m on m.code = d.municipality_code;
grant select on portfolio.dwelling_cards to palier_app;

alter table portfolio.buildings
  add constraint building_municipality foreign key (municipality_code) references organisations.municipalities (code);
alter table portfolio.dwellings
  add constraint dwelling_building foreign key (organisation_id, building_id) references portfolio.buildings (organisation_id, id);
alter table portfolio.contracts
  add constraint contract_owner foreign key (organisation_id, owner_id) references portfolio.owners (organisation_id, id),
  add constraint contract_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id);
