-- Organisations, their people, what they may do for each other, their settings; municipalities and territories.

create schema organisations;
grant usage on schema organisations to palier_app;
comment on schema organisations is 'Organisations, territories, users, roles, delegations, settings';

-- Territories: the same for all, loaded from public lists.

create table organisations.municipalities (
  code text not null primary key,
  country text not null,
  name_fr text not null,
  name_nl text,
  department text,
  intermunicipality text,
  territory text,
  territory_name text,
  postal_codes text[] not null,
  inner_ring boolean not null default false,
  constraint municipality_countries check (country in ('BE', 'FR'))
);
comment on table organisations.municipalities is 'The 19 municipalities of Brussels (NIS code) and those of Île-de-France (INSEE code)';
comment on column organisations.municipalities.department is 'Département (FR): 75, 77, 78, 91 to 95';
comment on column organisations.municipalities.territory is 'SIREN of the établissement public territorial in the Grand Paris, of the intermunicipality elsewhere; null in Paris';
create index municipalities_by_territory on organisations.municipalities (territory) where territory is not null;
alter table organisations.municipalities enable row level security;
create policy readable on organisations.municipalities for select using (true);
grant select on organisations.municipalities to palier_app;

-- Organisations.

create table organisations.organisations (
  id uuid not null primary key,
  name text not null,
  short_name text not null,
  jurisdiction text not null,
  kind text not null,
  parent_id uuid,
  registration_number text,
  address text,
  email text,
  phone text,
  language text not null default 'fr',
  modules text[] not null default '{}',
  perimeter jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint jurisdictions check (jurisdiction in ('be-bru', 'fr-idf')),
  constraint organisation_kinds check (kind in ('agency', 'landlord', 'holder', 'municipality', 'state', 'federation', 'territory')),
  constraint organisation_languages check (language in ('fr', 'nl', 'en'))
);
comment on table organisations.organisations is 'Bodies that work with Palier: agencies, landlords, reservation holders, municipalities, the State, federations';
comment on column organisations.organisations.registration_number is 'Enterprise number (BE) or SIREN (FR)';
comment on column organisations.organisations.perimeter is 'What an overseer or holder covers: {departments: [], municipalities: [], agencies: []}';

create table organisations.relations (
  host_id uuid not null,
  partner_id uuid not null,
  kind text not null,
  since date not null default current_date,
  until date,
  primary key (host_id, partner_id, kind),
  constraint relation_kinds check (kind in ('holder', 'overseer'))
);
comment on table organisations.relations is 'Who works with whom: holder = names candidates for the host''s dwellings; overseer = sees the host''s figures, without names';
create index relations_by_partner on organisations.relations (partner_id, host_id);
alter table organisations.relations enable row level security;
create policy parties on organisations.relations
  using (host_id = platform.organisation_id() or partner_id = platform.organisation_id())
  with check (host_id = platform.organisation_id());
grant select, insert, update on organisations.relations to palier_app;

-- Whether the partner shares dwellings with the host today: it may then write into the shared files.
create function organisations.acts_with(p_host uuid, p_partner uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select 1 from organisations.relations r
    where r.host_id = p_host and r.partner_id = p_partner and r.kind = 'holder'
      and r.since <= current_date and (r.until is null or r.until >= current_date))
$$;

alter table organisations.organisations enable row level security;
-- One sees oneself and those one works with.
create policy known_organisations on organisations.organisations for select
  using (id = platform.organisation_id()
    or id in (select partner_id from organisations.relations where host_id = platform.organisation_id())
    or id in (select host_id from organisations.relations where partner_id = platform.organisation_id()));
create policy own_organisation on organisations.organisations for update using (id = platform.organisation_id());
grant select, update on organisations.organisations to palier_app;

-- People. An account (schema auth) signs in; a membership says for which organisation, with which roles.

create table organisations.users (
  id text not null primary key,
  email text not null,
  given_name text not null,
  family_name text not null,
  language text not null default 'fr',
  reminder_mail boolean not null default true,
  created_at timestamptz not null default now(),
  constraint user_languages check (language in ('fr', 'nl', 'en'))
);
comment on table organisations.users is 'People who sign in; the account with its password is in auth.user under the same id';
comment on column organisations.users.reminder_mail is 'Wants the reminders of the morning by mail too';
create unique index users_by_email on organisations.users (lower(email));

create table organisations.memberships (
  organisation_id uuid not null,
  user_id text not null,
  roles text[] not null,
  title text,
  starts_on date not null default current_date,
  ends_on date,
  version int not null default 1,
  primary key (organisation_id, user_id)
);
comment on table organisations.memberships is 'The roles of a person in an organisation, and from when to when';
create index memberships_by_user on organisations.memberships (user_id);
call platform.keep_apart('organisations.memberships');

alter table organisations.users enable row level security;
create policy colleagues on organisations.users for select
  using (id = platform.user_id()
    or id in (select user_id from organisations.memberships where organisation_id = platform.organisation_id()));
create policy oneself on organisations.users for update using (id = platform.user_id());
grant select, update on organisations.users to palier_app;

create table organisations.delegations (
  organisation_id uuid not null,
  id uuid not null,
  from_user_id text not null,
  to_user_id text not null,
  roles text[] not null,
  starts_on date not null,
  ends_on date not null,
  reason text not null,
  revoked_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint delegation_ends_after_start check (ends_on >= starts_on),
  constraint delegation_to_someone_else check (from_user_id <> to_user_id)
);
comment on table organisations.delegations is 'A colleague acts on behalf of another for a time: what is done says so';
create index delegations_by_receiver on organisations.delegations (organisation_id, to_user_id, ends_on);
call platform.keep_apart('organisations.delegations', 'select, insert, update');

create table organisations.invitations (
  organisation_id uuid not null,
  id uuid not null,
  email text not null,
  given_name text not null,
  family_name text not null,
  roles text[] not null,
  language text not null default 'fr',
  token_hash bytea not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id)
);
comment on table organisations.invitations is 'An invitation to join; the link carries a secret of which only the hash is kept';
create unique index invitations_by_token on organisations.invitations (organisation_id, token_hash);
call platform.keep_apart('organisations.invitations', 'select, insert, update');

create table organisations.settings (
  organisation_id uuid not null,
  key text not null,
  valid_from date not null,
  value jsonb not null,
  reason text,
  decided_by text not null,
  decided_at timestamptz not null default now(),
  primary key (organisation_id, key, valid_from)
);
comment on table organisations.settings is 'Choices of the organisation, dated: its policy, not the law. A past value is never changed';
call platform.keep_apart('organisations.settings', 'select, insert');

create table organisations.identity_providers (
  organisation_id uuid not null,
  id text not null,
  name text not null,
  issuer text not null,
  client_id text not null,
  client_secret bytea not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id)
);
comment on table organisations.identity_providers is 'An organisation''s own OpenID Connect provider; the secret is encrypted with a key of the program';
call platform.keep_apart('organisations.identity_providers');

-- Foreign keys ------------------------------------------------------------------------------------------------------

alter table organisations.organisations
  add constraint organisation_parent foreign key (parent_id) references organisations.organisations (id);
alter table organisations.relations
  add constraint relation_host foreign key (host_id) references organisations.organisations (id),
  add constraint relation_partner foreign key (partner_id) references organisations.organisations (id);
alter table organisations.memberships
  add constraint membership_organisation foreign key (organisation_id) references organisations.organisations (id),
  add constraint membership_user foreign key (user_id) references organisations.users (id);
alter table organisations.delegations
  add constraint delegation_from foreign key (organisation_id, from_user_id) references organisations.memberships (organisation_id, user_id),
  add constraint delegation_to foreign key (organisation_id, to_user_id) references organisations.memberships (organisation_id, user_id);
