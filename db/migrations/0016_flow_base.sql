-- The base of the flow (assiette): what puts each dwelling in it or takes it out, reference documents, the yearly forecast.

create table flow.reference_documents (
  organisation_id uuid not null,
  id uuid not null,
  kind text not null,
  number text not null,
  title text not null,
  signatories text not null,
  signed_on date not null,
  starts_on date not null,
  ends_on date,
  note text,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint reference_document_kinds check (kind in ('anru-agreement', 'rehousing-charter', 'sale-plan', 'cus', 'cia', 'other')),
  constraint reference_document_numbers_are_unique unique (organisation_id, kind, number),
  constraint reference_document_ends_after_start check (ends_on >= starts_on)
);
comment on table flow.reference_documents is 'What an exclusion rests on (F-09): ANRU agreement, rehousing charter, sale plan, CUS, CIA';
call platform.keep_apart('flow.reference_documents', 'select, insert');

create table flow.document_volumes (
  organisation_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  year smallint not null,
  department text not null,
  category text not null,
  volume int not null,
  reason text,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint document_volumes_are_not_negative check (volume >= 0)
);
comment on table flow.document_volumes is 'Dwellings a document plans by year, département and category: the last one recorded holds, the former ones stay';
create index document_volumes_by_year on flow.document_volumes (organisation_id, document_id, year, department, category, recorded_at desc);
call platform.keep_apart('flow.document_volumes', 'select, insert');

-- Classes ------------------------------------------------------------------------------------------------------------

create table flow.base_rules (
  organisation_id uuid not null,
  id uuid not null,
  position int not null,
  name text not null,
  base_class text not null,
  service text,
  document_id uuid,
  reason text not null,
  starts_on date not null,
  ends_on date,
  building_ids uuid[],
  municipality_codes text[],
  fundings text[],
  managements text[],
  programmes text[],
  entered_from date,
  entered_until date,
  in_priority_area boolean,
  changed int not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by text,
  undone_reason text,
  primary key (organisation_id, id),
  constraint base_rule_classes check (base_class in ('in-base', 'mutation', 'urban-renewal', 'substandard', 'condominium', 'sale', 'demolition', 'intermediated', 'unregulated', 'retained-stock', 'first-letting')),
  constraint base_rule_services check (service in ('defence', 'internal-security', 'health')),
  constraint base_rule_ends_after_start check (ends_on >= starts_on),
  constraint undone_base_rules_say_why check ((undone_at is null) = (undone_reason is null))
);
comment on table flow.base_rules is 'Ordered, dated rules that class the stock: the first that covers a dwelling on a day holds. Undone as a whole, never removed';
comment on column flow.base_rules.entered_from is 'Dwellings first let from this day on: new programmes, out of the flow until their first vacancy (L-71)';
create index base_rules_in_order on flow.base_rules (organisation_id, position, id) where undone_at is null;
call platform.keep_apart('flow.base_rules', 'select, insert, update');

create table flow.base_choices (
  organisation_id uuid not null,
  id uuid not null,
  dwelling_id uuid not null,
  base_class text,
  document_id uuid,
  reason text not null,
  starts_on date not null,
  ends_on date,
  decided_by text not null,
  decided_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint base_choice_classes check (base_class in ('in-base', 'mutation', 'urban-renewal', 'substandard', 'condominium', 'sale', 'demolition', 'intermediated', 'unregulated', 'retained-stock', 'first-letting')),
  constraint base_choice_ends_after_start check (ends_on >= starts_on)
);
comment on table flow.base_choices is 'A dwelling classed by hand for a time: wins over rules; the last decided holds; without a class it is given back to the rules';
create index base_choices_by_dwelling on flow.base_choices (organisation_id, dwelling_id, decided_at desc, id desc);
call platform.keep_apart('flow.base_choices', 'select, insert');

create table flow.first_releases (
  organisation_id uuid not null,
  dwelling_id uuid not null,
  vacancy_id uuid not null,
  on_day date not null,
  primary key (organisation_id, dwelling_id)
);
comment on table flow.first_releases is 'The first time a new dwelling was left: from then on it is in the flow (L-71)';
call platform.keep_apart('flow.first_releases', 'select, insert');

create table flow.dwelling_classes (
  organisation_id uuid not null,
  dwelling_id uuid not null,
  base_class text not null,
  rule_id uuid,
  choice_id uuid,
  since date not null,
  primary key (organisation_id, dwelling_id)
);
comment on table flow.dwelling_classes is 'The class of today of dwellings that a rule or a choice classes, made from these each morning and at each change; the others are in the base, or retained when managed in stock';
create index dwelling_classes_by_class on flow.dwelling_classes (organisation_id, base_class, dwelling_id);
call platform.keep_apart('flow.dwelling_classes');

create table flow.class_changes (
  organisation_id uuid not null,
  run_id uuid not null,
  dwelling_id uuid not null,
  on_day date not null,
  before text not null,
  after text not null,
  rule_id uuid,
  choice_id uuid,
  cause text not null,
  by_user text,
  at timestamptz not null default now(),
  primary key (organisation_id, run_id, dwelling_id),
  constraint class_change_causes check (cause in ('rule', 'rule-undone', 'choice', 'first-release', 'time'))
);
comment on table flow.class_changes is 'Each change of the class of a dwelling as it was made: appended, never changed (L-78)';
create index class_changes_by_dwelling on flow.class_changes (organisation_id, dwelling_id, at desc);
call platform.keep_apart('flow.class_changes', 'select, insert');

-- What other areas and modules may read: the class of each dwelling that is not simply in the base.
create view flow.base_cards with (security_invoker = true) as
  select k.organisation_id, k.dwelling_id, k.base_class, k.since from flow.dwelling_classes k;
grant select on flow.base_cards to palier_app;

-- Vacancies ----------------------------------------------------------------------------------------------------------

create table flow.linked_vacancies (
  organisation_id uuid not null,
  used_vacancy_id uuid not null,
  left_tenancy_id uuid not null,
  left_dwelling_id uuid not null,
  freed_vacancy_id uuid,
  in_base boolean not null,
  linked_on date not null,
  primary key (organisation_id, used_vacancy_id)
);
comment on table flow.linked_vacancies is 'A mutation is two vacancies (L-77): the one the tenant takes, and the one the tenant leaves';
comment on column flow.linked_vacancies.in_base is 'Whether the vacancy used stays in the base: it had been counted for a reservation holder';
create index linked_vacancies_by_tenancy on flow.linked_vacancies (organisation_id, left_tenancy_id);
create index linked_vacancies_by_freed on flow.linked_vacancies (organisation_id, freed_vacancy_id);
call platform.keep_apart('flow.linked_vacancies', 'select, insert, update');

create table flow.outside_lettings (
  organisation_id uuid not null,
  id uuid not null,
  vacancy_id uuid not null,
  signed_on date not null,
  base_class text not null,
  department text not null,
  municipality_code text not null,
  territory text,
  rooms smallint,
  funding text,
  in_priority_area boolean not null,
  priority_group text,
  quartile smallint,
  eligible_to text[] not null default '{}',
  primary key (organisation_id, id),
  constraint one_outside_letting_per_vacancy unique (organisation_id, vacancy_id)
);
comment on table flow.outside_lettings is 'Lettings outside the base with the publics they served and the contingents these could have gone to (F-18, F-19): no household is named';
create index outside_lettings_by_day on flow.outside_lettings (organisation_id, signed_on, id);
alter table flow.outside_lettings enable row level security;

-- The forecast of the year -------------------------------------------------------------------------------------------

create table flow.exclusion_forecasts (
  organisation_id uuid not null,
  id uuid not null,
  year smallint not null,
  department text not null,
  territory text,
  revision int not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  shared_at timestamptz,
  published_at timestamptz,
  version int not null default 1,
  primary key (organisation_id, id),
  constraint one_forecast_a_year unique nulls not distinct (organisation_id, year, department, territory)
);
comment on table flow.exclusion_forecasts is 'The dwellings a landlord expects to subtract in a year, by département or by territory (L-32)';
comment on column flow.exclusion_forecasts.territory is 'SIREN of the établissement public territorial, when the forecast is for it alone';
alter table flow.exclusion_forecasts enable row level security;

create table flow.forecast_revisions (
  organisation_id uuid not null,
  forecast_id uuid not null,
  revision int not null,
  stock int not null,
  retained int not null,
  first_lettings int not null,
  expected int not null,
  expected_origin text not null,
  rotation numeric(7, 6),
  expected_reason text,
  cap_percent numeric(5, 2),
  excluded int not null,
  base int not null,
  steps jsonb not null,
  lines jsonb not null,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (organisation_id, forecast_id, revision),
  constraint forecast_expected_origins check (expected_origin in ('past-years', 'rotation', 'typed'))
);
comment on table flow.forecast_revisions is 'What a forecast says, each time it was written: appended, never changed. base = expected − excluded (F_N = L_N − X_N)';
comment on column flow.forecast_revisions.lines is 'By category: volume, origin (document, past-years, typed), document, past years, reason, steps';
alter table flow.forecast_revisions enable row level security;

create table flow.forecast_moves (
  organisation_id uuid not null,
  id uuid not null,
  forecast_id uuid not null,
  revision int not null,
  from_state text not null,
  to_state text not null,
  body text,
  decided_on date not null,
  comment text,
  by_user text not null,
  by_name text not null,
  by_organisation_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint forecast_states check (to_state in ('submitted', 'returned', 'territory-agreed', 'agreed', 'published'))
);
comment on table flow.forecast_moves is 'The road of a forecast: landlord, CIL or EPT, département, published. Its state is where the last move led (F-14)';
create index forecast_moves_in_order on flow.forecast_moves (organisation_id, forecast_id, at desc);
alter table flow.forecast_moves enable row level security;

-- Whether the actor's organisation watches over a host in a place: the State and the territories before a decision, every
-- partner after it.
create function flow.watches(p_host uuid, p_department text, p_territory text, p_public boolean) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select 1 from organisations.relations r
    join organisations.organisations me on me.id = r.partner_id
    where r.host_id = p_host and r.partner_id = platform.organisation_id()
      and r.since <= current_date and (r.until is null or r.until >= current_date)
      and (p_public or (r.kind = 'overseer' and me.kind in ('state', 'territory')))
      and (p_public or me.perimeter->'departments' is null or me.perimeter->'departments' ? p_department)
      and (p_public or me.kind <> 'territory' or p_territory is null or me.registration_number is null
        or me.registration_number = p_territory))
$$;

create policy own_organisation on flow.exclusion_forecasts using (organisation_id = platform.organisation_id());
create policy watched on flow.exclusion_forecasts for select
  using (shared_at is not null and flow.watches(organisation_id, department, territory, published_at is not null));
grant select, insert, update on flow.exclusion_forecasts to palier_app;

create policy own_organisation on flow.forecast_revisions using (organisation_id = platform.organisation_id());
create policy watched on flow.forecast_revisions for select
  using (exists (select 1 from flow.exclusion_forecasts f
    where f.organisation_id = forecast_revisions.organisation_id and f.id = forecast_revisions.forecast_id));
grant select, insert on flow.forecast_revisions to palier_app;

create policy own_organisation on flow.forecast_moves using (organisation_id = platform.organisation_id());
create policy watched on flow.forecast_moves for select
  using (exists (select 1 from flow.exclusion_forecasts f
    where f.organisation_id = forecast_moves.organisation_id and f.id = forecast_moves.forecast_id));
-- A territory or the State gives its own opinion, and nothing else.
create policy arbiters_move on flow.forecast_moves for insert
  with check (by_organisation_id = platform.organisation_id() and to_state in ('territory-agreed', 'agreed', 'returned')
    and exists (select 1 from flow.exclusion_forecasts f
      where f.organisation_id = forecast_moves.organisation_id and f.id = forecast_moves.forecast_id
        and f.published_at is null and flow.watches(f.organisation_id, f.department, f.territory, false)));
grant select, insert on flow.forecast_moves to palier_app;

create policy own_organisation on flow.outside_lettings using (organisation_id = platform.organisation_id());
create policy watched on flow.outside_lettings for select
  using (flow.watches(organisation_id, department, territory, false));
grant select, insert on flow.outside_lettings to palier_app;

alter table flow.document_volumes
  add constraint volume_document foreign key (organisation_id, document_id) references flow.reference_documents (organisation_id, id);
alter table flow.base_rules
  add constraint base_rule_document foreign key (organisation_id, document_id) references flow.reference_documents (organisation_id, id);
alter table flow.base_choices
  add constraint base_choice_document foreign key (organisation_id, document_id) references flow.reference_documents (organisation_id, id),
  add constraint base_choice_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id);
alter table flow.dwelling_classes
  add constraint class_dwelling foreign key (organisation_id, dwelling_id) references portfolio.dwellings (organisation_id, id),
  add constraint class_rule foreign key (organisation_id, rule_id) references flow.base_rules (organisation_id, id),
  add constraint class_choice foreign key (organisation_id, choice_id) references flow.base_choices (organisation_id, id);
alter table flow.forecast_revisions
  add constraint revision_forecast foreign key (organisation_id, forecast_id) references flow.exclusion_forecasts (organisation_id, id);
alter table flow.forecast_moves
  add constraint move_forecast foreign key (organisation_id, forecast_id) references flow.exclusion_forecasts (organisation_id, id);

-- A vacancy may be outside the base by the categories an organisation added (F-07).
alter table allocation.vacancies drop constraint vacancy_base_classes;
alter table allocation.vacancies add constraint vacancy_base_classes check (base_class in ('in-base', 'mutation', 'urban-renewal',
  'substandard', 'condominium', 'sale', 'demolition', 'intermediated', 'unregulated', 'retained-stock', 'first-letting', 'not-applicable'));
