-- Inventory of reservation rights (état des lieux des réservations), their conversion from stock to flow, and the sharing
-- of new programmes between the parties.

create table flow.inventories (
  organisation_id uuid not null,
  id uuid not null,
  converts_on date not null,
  state text not null default 'draft',
  note text,
  synthesis jsonb,
  shared_on date,
  agreed_on date,
  created_by text not null,
  created_at timestamptz not null default now(),
  version int not null default 1,
  primary key (organisation_id, id),
  constraint one_inventory_per_conversion unique (organisation_id, converts_on),
  constraint inventory_states check (state in ('draft', 'shared', 'agreed'))
);
comment on table flow.inventories is 'Inventory of the rights held on a landlord''s dwellings on the day they are converted into a share of the flow';
comment on column flow.inventories.synthesis is 'Level 2, as it was when shared: rights by holder, without dwellings. Every holder reads it';
create unique index one_open_inventory on flow.inventories (organisation_id) where state = 'draft';
alter table flow.inventories enable row level security;
create policy own_organisation on flow.inventories using (organisation_id = platform.organisation_id());
create policy shared_with_holders on flow.inventories for select
  using (state <> 'draft' and organisations.acts_with(organisation_id, platform.organisation_id()));
grant select, insert, update on flow.inventories to palier_app;

create table flow.inventory_lines (
  organisation_id uuid not null,
  id uuid not null,
  inventory_id uuid not null,
  reference text not null,
  holder_id uuid,
  holder_name text not null,
  contingent text not null,
  origin text not null default 'other',
  agreement_reference text,
  signed_on date,
  ends_on date,
  kind text not null default 'recurring',
  rights int not null,
  municipality_code text,
  in_priority_area boolean,
  rooms smallint,
  funding text,
  construction_period text,
  dwellings text,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint inventory_references_are_unique unique (organisation_id, inventory_id, reference),
  constraint inventory_contingents check (contingent in ('state-priority', 'state-staff', 'municipality', 'intermunicipality', 'action-logement', 'department', 'region', 'other')),
  constraint inventory_origins check (origin in ('guarantee', 'funding', 'land', 'legal', 'other')),
  constraint inventory_kinds check (kind in ('recurring', 'single-use')),
  constraint inventory_fundings check (funding in ('PLAI', 'PLUS', 'PLS', 'PLI', 'OTHER')),
  constraint inventory_rights check (rights between 1 and 100000)
);
comment on table flow.inventory_lines is 'Rights alike held by one body under one agreement: what a line of the inventory says (L-36)';
comment on column flow.inventory_lines.reference is 'What a person knows the line by; made of its contents when the file gives none';
comment on column flow.inventory_lines.holder_id is 'The partner of that name; null as long as it does not work with the landlord here';
comment on column flow.inventory_lines.kind is 'recurring: revives at every letting until its last day (droit de suite); single-use: used up by one (droit unique)';
comment on column flow.inventory_lines.dwellings is 'References of the dwellings concerned, separated by spaces, when the right names them';
create index inventory_lines_by_holder_name on flow.inventory_lines (organisation_id, holder_name, id);
create index inventory_lines_by_end on flow.inventory_lines (organisation_id, ends_on, id);
create index inventory_lines_by_reference on flow.inventory_lines (organisation_id, reference, id);
create index inventory_lines_by_holder on flow.inventory_lines (holder_id, organisation_id) where holder_id is not null;
create index inventory_lines_by_batch on flow.inventory_lines (organisation_id, batch_id) where batch_id is not null;
alter table flow.inventory_lines enable row level security;
create policy own_organisation on flow.inventory_lines using (organisation_id = platform.organisation_id());
-- Level 1: each holder reads its own lines, once the inventory is shared.
create policy own_lines on flow.inventory_lines for select
  using (holder_id = platform.organisation_id() and exists (select 1 from flow.inventories i
    where i.organisation_id = inventory_lines.organisation_id and i.id = inventory_lines.inventory_id and i.state <> 'draft'));
grant select, insert, update, delete on flow.inventory_lines to palier_app;

create table flow.conversion_scenarios (
  organisation_id uuid not null,
  id uuid not null,
  inventory_id uuid not null,
  name text not null,
  department text,
  parameters jsonb not null,
  result jsonb not null,
  created_by text not null,
  created_on date not null,
  created_at timestamptz not null default now(),
  set_aside_on date,
  primary key (organisation_id, id)
);
comment on table flow.conversion_scenarios is 'A conversion tried: its parameters and its result, frozen. Never changed; set aside when it is no longer looked at';
comment on column flow.conversion_scenarios.department is 'Computed on one département; null: on the whole stock';
create index conversion_scenarios_by_inventory on flow.conversion_scenarios (organisation_id, inventory_id, created_at);
call platform.keep_apart('flow.conversion_scenarios', 'select, insert, update');

create table flow.programmes (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  municipality_code text not null,
  building_id uuid,
  delivered_on date not null,
  meeting_on date,
  state text not null default 'draft',
  sizes jsonb not null,
  set_aside int not null default 0,
  shares jsonb not null,
  sharing jsonb not null,
  holder_ids uuid[] not null default '{}',
  agreed_on date,
  created_by text not null,
  created_at timestamptz not null default now(),
  version int not null default 1,
  primary key (organisation_id, id),
  constraint programme_states check (state in ('draft', 'proposed', 'agreed'))
);
comment on table flow.programmes is 'A new programme, first let out of the flow: how its dwellings are shared in the coordination meeting (L-71, F-79)';
comment on column flow.programmes.sizes is 'Dwellings by number of rooms: [{rooms, dwellings}]';
comment on column flow.programmes.shares is 'Parties with their shares: [{id, name, contingent, share}]';
comment on column flow.programmes.sharing is 'Whole dwellings of each party by size, by largest remainder; frozen once agreed';
create index programmes_by_delivery on flow.programmes (organisation_id, delivered_on, id);
create index programmes_by_building on flow.programmes (organisation_id, building_id) where building_id is not null;
alter table flow.programmes enable row level security;
create policy own_organisation on flow.programmes using (organisation_id = platform.organisation_id());
create policy parties on flow.programmes for select
  using (state <> 'draft' and platform.organisation_id() = any (holder_ids));
grant select, insert, update on flow.programmes to palier_app;

-- Imports of the inventory: rows of a file, ready to be applied.
create unlogged table exchange.staged_rights (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  reference text,
  holder_name text,
  contingent text,
  origin text,
  agreement_reference text,
  signed_on date,
  ends_on date,
  kind text,
  rights int not null,
  municipality_code text,
  in_priority_area boolean,
  rooms smallint,
  funding text,
  construction_period text,
  dwellings text,
  inventory_id uuid not null,
  holder_id uuid,
  right_id uuid not null,
  right_version int,
  effect text not null,
  primary key (organisation_id, batch_id, line),
  constraint staged_right_effects check (effect in ('create', 'update', 'unchanged'))
);
comment on table exchange.staged_rights is 'Rows of reservation rights ready to be applied, with the line of the inventory each one creates or changes';
call platform.keep_apart('exchange.staged_rights');
create or replace view exchange.import_rows with (security_invoker = true) as
  select organisation_id, batch_id, line, 'wrong' as effect, cells, problems from exchange.wrong_rows
  union all
  select organisation_id, batch_id, line, effect, cells, '[]'::jsonb from exchange.staged_dwellings
  union all
  select organisation_id, batch_id, line, effect, cells, '[]'::jsonb from exchange.staged_applicants
  union all
  select organisation_id, batch_id, line, effect, cells, '[]'::jsonb from exchange.staged_rights;

-- What the imports may read of the inventories.
create view flow.inventory_cards with (security_invoker = true) as
  select i.organisation_id, i.id, i.converts_on, i.state from flow.inventories i;
grant select on flow.inventory_cards to palier_app;
create view flow.rights_shared with (security_invoker = true) as
  select l.organisation_id, l.id, l.batch_id from flow.inventory_lines l
  join flow.inventories i on i.organisation_id = l.organisation_id and i.id = l.inventory_id and i.state <> 'draft';
grant select on flow.rights_shared to palier_app;

-- Partners by their name: an inventory is often received before anybody knows which of them works here.
create view organisations.holder_cards with (security_invoker = true) as
  select r.host_id as organisation_id, o.id, o.name, o.short_name, o.kind
  from organisations.relations r join organisations.organisations o on o.id = r.partner_id
  where r.kind = 'holder' and r.until is null;
grant select on organisations.holder_cards to palier_app;

alter table exchange.imports drop constraint import_kinds;
alter table exchange.imports add constraint import_kinds check (kind in ('dwellings', 'applicants', 'reservation-rights'));

alter table flow.inventory_lines
  add constraint inventory_line_inventory foreign key (organisation_id, inventory_id) references flow.inventories (organisation_id, id),
  add constraint inventory_line_municipality foreign key (municipality_code) references organisations.municipalities (code);
alter table flow.conversion_scenarios
  add constraint scenario_inventory foreign key (organisation_id, inventory_id) references flow.inventories (organisation_id, id);
alter table flow.programmes
  add constraint programme_municipality foreign key (municipality_code) references organisations.municipalities (code),
  add constraint programme_building foreign key (organisation_id, building_id) references portfolio.buildings (organisation_id, id);
