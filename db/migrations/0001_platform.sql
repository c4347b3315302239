-- What every module stands on: who acts, what was done, work in progress, search. No housing word.
-- SQL stays within PostgreSQL 15. Foreign keys come last in each file, so that tables can be distributed before them.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists btree_gist;
create extension if not exists unaccent;

create schema platform;
grant usage on schema platform to palier_app;
comment on schema platform is 'Technique: events, journal, batches, jobs, reminders, files, search';

-- The actor of a transaction is set at its start and forgotten at its end.
create function platform.organisation_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.organisation_id', true), '')::uuid $$;
comment on function platform.organisation_id is 'The organisation the actor works for in this transaction; null when nobody acts';

create function platform.user_id() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '') $$;

-- Puts a table under row-level security: its rows are seen and written by their own organisation alone.
create procedure platform.keep_apart(subject regclass, rights text default 'select, insert, update, delete')
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', subject);
  execute format('create policy own_organisation on %s using (organisation_id = platform.organisation_id())', subject);
  execute format('grant %s on %s to palier_app', rights, subject);
end $$;
comment on procedure platform.keep_apart is 'Row-level security with the policy own_organisation, and the rights of the program';

-- Folded text: no accents, no capitals. Both sides of a search go through it.
create function platform.fold(value text) returns text language sql stable parallel safe
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, coalesce(value, ''))) $$;

-- Batches -----------------------------------------------------------------------------------------------------------

create table platform.batches (
  organisation_id uuid not null,
  id uuid not null,
  kind text not null,
  label text not null,
  parameters jsonb not null default '{}',
  state text not null default 'preparing',
  counts jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz not null default now(),
  applied_by text,
  applied_at timestamptz,
  reverted_by text,
  reverted_at timestamptz,
  revert_report jsonb,
  version int not null default 1,
  primary key (organisation_id, id),
  constraint batch_states check (state in ('preparing', 'previewed', 'applying', 'applied', 'reverting', 'reverted', 'abandoned', 'failed'))
);
comment on table platform.batches is 'Work done on many rows at once: previewed, applied, undone as a whole';
create index batches_by_time on platform.batches (organisation_id, created_at desc, id);
call platform.keep_apart('platform.batches');

-- Events and journal ------------------------------------------------------------------------------------------------

create table platform.events (
  organisation_id uuid not null,
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  actor_user_id text,
  actor_name text,
  actor_organisation_id uuid,
  on_behalf_of text,
  reason text,
  before jsonb,
  after jsonb,
  batch_id uuid,
  request_id text,
  primary key (organisation_id, id)
);
comment on table platform.events is 'Every change: who, when, on whose behalf, why, before and after. Written in the transaction of the change';
create index events_by_time on platform.events (organisation_id, at desc, id);
call platform.keep_apart('platform.events', 'select');

create table platform.event_subjects (
  organisation_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  at timestamptz not null,
  event_id uuid not null,
  primary key (organisation_id, subject_kind, subject_id, at, event_id)
);
comment on table platform.event_subjects is 'What an event is about: the timelines of records read this table';
call platform.keep_apart('platform.event_subjects', 'select, insert');

create table platform.journal (
  organisation_id uuid not null,
  seq bigint not null,
  at timestamptz not null default clock_timestamp(),
  event_id uuid not null,
  entry text not null,
  entry_hash bytea not null,
  hash bytea not null,
  primary key (organisation_id, seq)
);
comment on table platform.journal is 'Decisions about people and shares, chained: hash = sha256(previous hash || seq || sha256(entry)). Carries no names';
create index journal_by_event on platform.journal (organisation_id, event_id);
call platform.keep_apart('platform.journal', 'select');

create table platform.journal_heads (
  organisation_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  primary key (organisation_id)
);
comment on table platform.journal_heads is 'Last link of each organisation''s chain; its row lock orders the entries';
call platform.keep_apart('platform.journal_heads', 'select');

-- The one way to write an event. The journal entry, when there is one, is chained in the same transaction.
-- A partner may write into the organisation it shares dwellings with: organisations.acts_with says who does.
create function platform.record_event(
  p_organisation uuid, p_id uuid, p_kind text, p_subjects jsonb, p_reason text,
  p_before jsonb, p_after jsonb, p_batch uuid, p_entry text
) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  v_at timestamptz := clock_timestamp();
  v_entry_hash bytea;
  v_seq bigint;
  v_hash bytea;
begin
  if p_organisation is distinct from platform.organisation_id()
     and not organisations.acts_with(p_organisation, platform.organisation_id()) then
    raise exception 'no right to write events for %', p_organisation using errcode = '42501';
  end if;
  insert into platform.events (organisation_id, id, at, kind, actor_user_id, actor_name, actor_organisation_id,
      on_behalf_of, reason, before, after, batch_id, request_id)
    values (p_organisation, p_id, v_at, p_kind, platform.user_id(),
      nullif(current_setting('app.user_name', true), ''), platform.organisation_id(),
      nullif(current_setting('app.on_behalf_of', true), ''), p_reason, p_before, p_after, p_batch,
      nullif(current_setting('app.request_id', true), ''));
  insert into platform.event_subjects (organisation_id, subject_kind, subject_id, at, event_id)
    select p_organisation, s->>'kind', (s->>'id')::uuid, v_at, p_id from jsonb_array_elements(p_subjects) s
    on conflict do nothing;
  if p_entry is null then return null; end if;
  v_entry_hash := sha256(convert_to(p_entry, 'UTF8'));
  insert into platform.journal_heads as head (organisation_id, seq, hash) values (p_organisation, 0, sha256(''::bytea))
    on conflict (organisation_id) do update set seq = head.seq returning head.seq + 1, head.hash into v_seq, v_hash;
  v_hash := sha256(v_hash || convert_to(v_seq::text, 'UTF8') || v_entry_hash);
  update platform.journal_heads set seq = v_seq, hash = v_hash where organisation_id = p_organisation;
  insert into platform.journal (organisation_id, seq, at, event_id, entry, entry_hash, hash)
    values (p_organisation, v_seq, v_at, p_id, p_entry, v_entry_hash, v_hash);
  return v_seq;
end $$;

create table platform.sensitive_reads (
  organisation_id uuid not null,
  id uuid not null,
  at timestamptz not null default now(),
  user_id text not null,
  field text not null,
  subject_kind text not null,
  subject_id uuid not null,
  purpose text,
  primary key (organisation_id, id)
);
comment on table platform.sensitive_reads is 'Each reading of a national number or another guarded field';
create index sensitive_reads_by_subject on platform.sensitive_reads (organisation_id, subject_kind, subject_id, at desc);
call platform.keep_apart('platform.sensitive_reads', 'select, insert');

-- Jobs, reminders, schedules ----------------------------------------------------------------------------------------

create table platform.jobs (
  organisation_id uuid not null,
  id uuid not null,
  kind text not null,
  label text not null,
  parameters jsonb not null default '{}',
  state text not null default 'queued',
  done int not null default 0,
  total int,
  attempts int not null default 0,
  result jsonb,
  problem jsonb,
  cancel_asked boolean not null default false,
  subject_kind text,
  subject_id uuid,
  created_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (organisation_id, id),
  constraint job_states check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
comment on table platform.jobs is 'Long work as its users see it: progress, result or reason of failure, retry, cancellation';
create index jobs_by_time on platform.jobs (organisation_id, created_at desc, id);
call platform.keep_apart('platform.jobs');

-- Hands a job to the queue (Graphile Worker) in the transaction that causes it. The program may add, not read or change.
-- Jobs of one p_queue run one after the other.
create function platform.queue_job(
  p_task text, p_payload json, p_key text, p_run_at timestamptz, p_attempts int, p_queue text default null
) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(
    p_task, p_payload, queue_name => p_queue, run_at => p_run_at, max_attempts => p_attempts, job_key => p_key);
end $$;
revoke execute on function platform.queue_job from public;
grant execute on function platform.queue_job to palier_app;

create table platform.reminders (
  organisation_id uuid not null,
  id uuid not null,
  due_on date not null,
  kind text not null,
  subject_kind text not null,
  subject_id uuid not null,
  for_organisation_id uuid not null,
  for_role text,
  for_user text,
  facts jsonb not null default '{}',
  state text not null default 'waiting',
  raised_at timestamptz,
  done_at timestamptz,
  done_by text,
  primary key (organisation_id, id),
  constraint reminder_states check (state in ('waiting', 'raised', 'done', 'void'))
);
comment on table platform.reminders is 'A day on which someone must be told something; raised by the daily job, then shown under Aujourd''hui';
create index reminders_due on platform.reminders (due_on) where state = 'waiting';
create index reminders_open on platform.reminders (for_organisation_id, state, due_on);
create index reminders_by_subject on platform.reminders (organisation_id, subject_kind, subject_id);
alter table platform.reminders enable row level security;
-- Shared: raised in the file of one organisation, addressed to itself or to its partner.
create policy own_organisation on platform.reminders
  using (organisation_id = platform.organisation_id() or for_organisation_id = platform.organisation_id());
grant select, insert, update on platform.reminders to palier_app;

create table platform.schedules (
  name text not null primary key,
  every interval not null,
  last_started_at timestamptz,
  last_succeeded_at timestamptz,
  last_problem text
);
comment on table platform.schedules is 'Work that must happen by itself; the watchdog compares last_succeeded_at with every';
alter table platform.schedules enable row level security;
create policy readable on platform.schedules for select using (true);
grant select on platform.schedules to palier_app;

-- Requests, files, mail, drafts, views ------------------------------------------------------------------------------

create table platform.idempotency_keys (
  organisation_id uuid not null,
  key text not null,
  user_id text not null,
  endpoint text not null,
  request_hash text not null,
  status int,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (organisation_id, user_id, key)
);
comment on table platform.idempotency_keys is 'Answers given to creating requests, so that a repeated request gets the same answer once';
create index idempotency_keys_by_age on platform.idempotency_keys (created_at);
call platform.keep_apart('platform.idempotency_keys', 'select, insert, update');

create table platform.files (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  media_type text not null,
  size int not null,
  sha256 bytea not null,
  content bytea not null,
  created_by text,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id)
);
comment on table platform.files is 'Documents made or received; never changed after they are stored';
call platform.keep_apart('platform.files', 'select, insert');

create table platform.messages (
  organisation_id uuid not null,
  id uuid not null,
  recipient text not null,
  language text not null,
  subject text not null,
  content jsonb,
  state text not null default 'queued',
  attempts int not null default 0,
  problem text,
  answer text,
  message_id text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (organisation_id, id),
  constraint message_states check (state in ('queued', 'sending', 'sent', 'failed', 'kept')),
  constraint message_content_while_it_waits check ((content is not null) = (state in ('queued', 'sending')))
);
comment on table platform.messages is 'Mail sent, with its proof; kept = no mail server is configured, nothing left the machine';
comment on column platform.messages.content is 'Its words, until it has ended: the links in them are secrets';
comment on column platform.messages.answer is 'What the mail server said last';
create index messages_by_time on platform.messages (organisation_id, created_at desc, id desc);
call platform.keep_apart('platform.messages', 'select, insert, update');

create table platform.drafts (
  organisation_id uuid not null,
  user_id text not null,
  key text not null,
  content jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (organisation_id, user_id, key)
);
comment on table platform.drafts is 'What a person was typing, so that nothing is lost';
alter table platform.drafts enable row level security;
create policy own_organisation on platform.drafts
  using (organisation_id = platform.organisation_id() and user_id = platform.user_id());
grant select, insert, update, delete on platform.drafts to palier_app;

create table platform.saved_views (
  organisation_id uuid not null,
  id uuid not null,
  user_id text not null,
  list text not null,
  name text not null,
  state jsonb not null,
  shared boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id)
);
comment on table platform.saved_views is 'Filters, order and columns of a list, kept under a name, for oneself or for all';
create unique index saved_view_names on platform.saved_views (organisation_id, user_id, list, name);
alter table platform.saved_views enable row level security;
create policy own_organisation on platform.saved_views
  using (organisation_id = platform.organisation_id() and (shared or user_id = platform.user_id()))
  with check (organisation_id = platform.organisation_id() and user_id = platform.user_id());
grant select, insert, update, delete on platform.saved_views to palier_app;

create table platform.counters (
  organisation_id uuid not null,
  name text not null,
  value bigint not null,
  primary key (organisation_id, name)
);
comment on table platform.counters is 'Last number given in a series: applications of a year, leases, sittings';
call platform.keep_apart('platform.counters', 'select, insert, update');

-- Search ------------------------------------------------------------------------------------------------------------

create table platform.search_documents (
  organisation_id uuid not null,
  kind text not null,
  id uuid not null,
  title text not null,
  subtitle text not null default '',
  keywords text not null,
  primary key (organisation_id, kind, id)
);
comment on table platform.search_documents is 'What the global search looks through: one row a record, folded text';
create index search_documents_text on platform.search_documents using gin (organisation_id, keywords gin_trgm_ops);
call platform.keep_apart('platform.search_documents');

-- The words of a text as one condition each on `d.keywords`; null without a word. One `like` a word: `like all (array)`
-- would not use the trigram index.
create function platform.search_condition(p_text text) returns text
language sql stable parallel safe set search_path = ''
return (
  select string_agg(format('d.keywords like %L', '%' || word || '%'), ' and ')
  from regexp_split_to_table(regexp_replace(platform.fold(p_text), '[%_\\]', '', 'g'), '\s+') word where word <> '');

-- Security definer, because LIKE is not leakproof: under a policy the planner would not use the trigram index.
-- The organisation is the actor's own, never an argument. Beyond 10,000 records it stops looking, so that a word found
-- everywhere costs no more than another.
create function platform.search(p_text text, p_kinds text[], p_limit int)
returns table (kind text, id uuid, title text, subtitle text, total bigint)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_condition text := platform.search_condition(p_text);
  v_start text := substring(regexp_replace(platform.fold(p_text), '[%_\\]', '', 'g') from '\S+') || '%';
begin
  if v_condition is null then return; end if;
  return query execute
    'with found as materialized (select d.kind, d.id, d.title, d.subtitle from platform.search_documents d
       where d.organisation_id = $1 and d.kind = any($2) and ' || v_condition || ' limit 10001)
     select f.kind, f.id, f.title, f.subtitle, (select count(*) from found) from found f
     order by (platform.fold(f.title) like $3) desc, f.title, f.id limit $4'
    using platform.organisation_id(), p_kinds, v_start, p_limit;
end $$;

-- The records of a kind whose text matches, all of them without a word: for the search box of a list.
create function platform.matching(p_text text, p_kind text) returns table (id uuid)
language plpgsql stable security definer set search_path = '' as $$
begin
  return query execute
    'select d.id from platform.search_documents d where d.organisation_id = $1 and d.kind = $2 and '
      || coalesce(platform.search_condition(p_text), 'true')
    using platform.organisation_id(), p_kind;
end $$;
