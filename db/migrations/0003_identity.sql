-- Accounts, passwords and sessions: the tables of Better Auth, as its own migration prints them, in a schema that only
-- the role palier_auth sees. The program itself learns who is signed in through one function.

create schema auth;
grant usage on schema auth to palier_auth;
comment on schema auth is 'Accounts and sessions (Better Auth)';

create table auth."user" (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null,
  "twoFactorEnabled" boolean
);
create table auth."session" (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade
);
create table auth."account" (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null
);
create table auth."verification" (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null
);
create table auth."twoFactor" (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "verified" boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
create index "session_userId_idx" on auth."session" ("userId");
create index "account_userId_idx" on auth."account" ("userId");
create index "verification_identifier_idx" on auth."verification" ("identifier");
create index "twoFactor_secret_idx" on auth."twoFactor" ("secret");
create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

-- Ours: failed sign-ins, counted by account and by address, so that guessing is slowed down and then locked.
create table auth.sign_in_failures (
  subject text not null,
  at timestamptz not null default now(),
  primary key (subject, at)
);
comment on table auth.sign_in_failures is 'Recent failures; subject = sha256 of the address of mail, or the network address';

do $$
declare t text;
begin
  foreach t in array array['user', 'session', 'account', 'verification', 'twoFactor', 'sign_in_failures'] loop
    execute format('alter table auth.%I enable row level security', t);
    execute format('create policy identity_only on auth.%I to palier_auth using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on auth.%I to palier_auth', t);
  end loop;
end $$;

-- Finds the session of a token and sets the actor of the transaction. No row: nobody is signed in, or not for this
-- organisation; the settings then stay empty and row-level security shows nothing.
-- Without p_organisation: the organisation the person joined first.
create function organisations.open_session(
  p_token text, p_organisation uuid, p_on_behalf_of text, p_request text, p_today date
) returns table (
  user_id text, email text, given_name text, family_name text, language text,
  organisation_id uuid, organisation_name text, organisation_kind text, jurisdiction text, modules text[],
  roles text[], on_behalf_of text, session_id text
) language plpgsql security definer set search_path = '' as $$
begin
  -- Every request begins here. Once the organisation is known, all is found by key, with nothing to sort.
  if p_organisation is null then
    select f.organisation_id into p_organisation from organisations.of_session(p_token, p_today) f limit 1;
  end if;
  select s."id", u.id, u.email, u.given_name, u.family_name, u.language,
      o.id, o.name, o.kind, o.jurisdiction, o.modules, m.roles
    into session_id, user_id, email, given_name, family_name, language,
      organisation_id, organisation_name, organisation_kind, jurisdiction, modules, roles
    from auth."session" s
    join organisations.users u on u.id = s."userId"
    join organisations.memberships m on m.user_id = s."userId" and m.organisation_id = p_organisation
      and m.starts_on <= p_today and (m.ends_on is null or m.ends_on >= p_today)
    join organisations.organisations o on o.id = p_organisation
    where s."token" = p_token and s."expiresAt" > now();
  if not found then return; end if;
  if p_on_behalf_of is not null then
    select d.roles, f.given_name || ' ' || f.family_name into roles, on_behalf_of
      from organisations.delegations d
      join organisations.users f on f.id = d.from_user_id
      where d.organisation_id = open_session.organisation_id and d.to_user_id = open_session.user_id
        and d.from_user_id = p_on_behalf_of and d.starts_on <= p_today and d.ends_on >= p_today and d.revoked_at is null
      order by d.ends_on desc limit 1;
    if not found then return; end if;
  end if;
  perform set_config('app.organisation_id', organisation_id::text, true),
    set_config('app.user_id', user_id, true),
    set_config('app.user_name', given_name || ' ' || family_name, true),
    set_config('app.on_behalf_of', coalesce(on_behalf_of, ''), true),
    set_config('app.request_id', coalesce(p_request, ''), true);
  return next;
end $$;
revoke execute on function organisations.open_session from public;
grant execute on function organisations.open_session to palier_app;

-- The organisations a signed-in person may choose, for the switch, and whether codes guard the account.
create function organisations.of_session(p_token text, p_today date)
returns table (organisation_id uuid, name text, short_name text, kind text, jurisdiction text, two_factor boolean)
language sql stable security definer set search_path = '' as $$
  select o.id, o.name, o.short_name, o.kind, o.jurisdiction, coalesce(a."twoFactorEnabled", false)
    from auth."session" s
    join auth."user" a on a."id" = s."userId"
    join organisations.memberships m on m.user_id = s."userId"
      and m.starts_on <= p_today and (m.ends_on is null or m.ends_on >= p_today)
    join organisations.organisations o on o.id = m.organisation_id
    where s."token" = p_token and s."expiresAt" > now()
    order by m.starts_on, o.name
$$;
revoke execute on function organisations.of_session from public;
grant execute on function organisations.of_session to palier_app;

-- What the identity part may write of the people themselves: invitations accepted, language and name.
grant usage on schema organisations to palier_auth;

-- An invitation is accepted by someone not yet signed in: found by the hash of its secret, across organisations.
create function organisations.find_invitation(p_token_hash bytea) returns table (
  organisation_id uuid, id uuid, organisation_name text, email text, given_name text, family_name text, language text,
  known_user_id text
) language sql stable security definer set search_path = '' as $$
  select i.organisation_id, i.id, o.name, i.email, i.given_name, i.family_name, i.language, u.id
    from organisations.invitations i
    join organisations.organisations o on o.id = i.organisation_id
    left join organisations.users u on lower(u.email) = lower(i.email)
    where i.token_hash = p_token_hash and i.expires_at > now() and i.accepted_at is null and i.revoked_at is null
$$;
revoke execute on function organisations.find_invitation from public;
grant execute on function organisations.find_invitation to palier_app, palier_auth;

-- Turns an invitation into a membership. Called by the identity role, after it made the account.
create function organisations.accept_invitation(p_token_hash bytea, p_user_id text, p_today date) returns void
language plpgsql security definer set search_path = '' as $$
declare v organisations.invitations;
begin
  select * into v from organisations.invitations i
    where i.token_hash = p_token_hash and i.expires_at > now() and i.accepted_at is null and i.revoked_at is null for update;
  if not found then raise exception 'invitation not found' using errcode = 'P0002'; end if;
  insert into organisations.users (id, email, given_name, family_name, language)
    values (p_user_id, v.email, v.given_name, v.family_name, v.language) on conflict (id) do nothing;
  insert into organisations.memberships (organisation_id, user_id, roles, starts_on)
    values (v.organisation_id, p_user_id, v.roles, p_today)
    on conflict (organisation_id, user_id) do update set roles = excluded.roles, ends_on = null, version = memberships.version + 1;
  update organisations.invitations set accepted_at = now() where organisation_id = v.organisation_id and id = v.id;
end $$;
revoke execute on function organisations.accept_invitation from public;
grant execute on function organisations.accept_invitation to palier_auth;

-- Providers one may sign in through, before anyone is signed in. Secrets stay sealed.
create function organisations.sign_in_providers() returns table (
  id text, name text, issuer text, client_id text, client_secret bytea
) language sql stable security definer set search_path = '' as $$
  select id, name, issuer, client_id, client_secret from organisations.identity_providers where active order by name
$$;
revoke execute on function organisations.sign_in_providers from public;
grant execute on function organisations.sign_in_providers to palier_app;
