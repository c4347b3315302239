-- Settings of the flow: proposed, answered by the parties concerned, fixed for a region by the State (F-89, F-90).

alter table organisations.settings
  add column layer text not null default 'own',
  add column proposal_id uuid,
  add column fixed_by_name text,
  add column source text,
  add constraint setting_layers check (layer in ('own', 'regional')),
  add constraint regional_settings_say_who check ((layer = 'regional') = (fixed_by_name is not null)),
  drop constraint settings_pkey,
  add primary key (organisation_id, key, layer, valid_from);
comment on column organisations.settings.layer is 'own: the organisation''s choice; regional: fixed by the State, above it. The value null in « regional » gives the choice back';
comment on column organisations.settings.proposal_id is 'The proposal it was adopted by (flow.setting_proposals); null: chosen directly';
comment on column organisations.settings.fixed_by_name is 'Who fixed it for the region, as it was named then';
comment on column organisations.settings.source is 'Text or decision the regional value rests on';

-- Whether a body of the State watches over a landlord today.
create function organisations.governs(p_landlord uuid, p_state uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from organisations.relations r
    join organisations.organisations o on o.id = r.partner_id
    where r.host_id = p_landlord and r.partner_id = p_state and r.kind = 'overseer' and o.kind = 'state'
      and r.since <= current_date and (r.until is null or r.until >= current_date))
$$;

create table flow.setting_proposals (
  organisation_id uuid not null,
  id uuid not null,
  scope text not null,
  key text not null,
  value jsonb not null,
  valid_from date not null,
  reason text not null,
  source text,
  landlord_ids uuid[] not null,
  party_ids uuid[] not null,
  parties jsonb not null,
  answer_by date not null,
  proposed_on date not null,
  proposer_name text not null,
  proposed_by text not null,
  proposed_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint setting_scopes check (scope in ('own', 'regional')),
  constraint own_proposals_bind_oneself check (scope = 'regional' or landlord_ids = array[organisation_id])
);
comment on table flow.setting_proposals is 'A value proposed for a setting of the flow: by a landlord for itself, or by the State for the landlords it watches over. Never changed';
comment on column flow.setting_proposals.value is 'null (JSON): the State gives the choice back to the landlords';
comment on column flow.setting_proposals.landlord_ids is 'Landlords it binds, as they were on the day of the proposal';
comment on column flow.setting_proposals.party_ids is 'Who is asked: holders with a running agreement; the landlords too, of a regional value';
comment on column flow.setting_proposals.parties is 'The same with their names: [{id, name, kind}], the landlords bound first';
create index setting_proposals_by_day on flow.setting_proposals (organisation_id, proposed_at desc, id);
create index setting_proposals_by_party on flow.setting_proposals using gin (party_ids);
create index setting_proposals_by_landlord on flow.setting_proposals using gin (landlord_ids);
alter table flow.setting_proposals enable row level security;
create policy parties on flow.setting_proposals for select
  using (organisation_id = platform.organisation_id() or platform.organisation_id() = any(party_ids)
    or platform.organisation_id() = any(landlord_ids) or flow.watches(organisation_id, null));
create policy proposers on flow.setting_proposals for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.setting_proposals to palier_app;

create table flow.setting_decisions (
  organisation_id uuid not null,
  id uuid not null,
  proposal_id uuid not null,
  party_id uuid not null,
  party_name text not null,
  decision text not null,
  reason text,
  decided_by text not null,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint setting_decision_words check (decision in
    ('approved', 'refused', 'favourable', 'unfavourable', 'arbitration-asked', 'adopted', 'dismissed', 'withdrawn')),
  constraint setting_refusals_say_why check (decision in ('approved', 'favourable') or reason is not null)
);
comment on table flow.setting_decisions is 'What each party says of a proposed setting, and how it ended. Appended, never changed';
create unique index one_answer_a_party on flow.setting_decisions (organisation_id, proposal_id, party_id)
  where decision in ('approved', 'refused', 'favourable', 'unfavourable');
create unique index one_end_of_a_proposal on flow.setting_decisions (organisation_id, proposal_id)
  where decision in ('adopted', 'dismissed', 'withdrawn');
create index setting_decisions_of_one on flow.setting_decisions (organisation_id, proposal_id, decided_at);
alter table flow.setting_decisions enable row level security;
create policy parties on flow.setting_decisions for select
  using (exists (select from flow.setting_proposals p
    where p.organisation_id = setting_decisions.organisation_id and p.id = setting_decisions.proposal_id));
-- Who is asked answers; who proposes withdraws or asks for arbitration; the State adopts its own, and arbitrates those of a landlord.
create policy deciders on flow.setting_decisions for insert
  with check (party_id = platform.organisation_id() and exists (select from flow.setting_proposals p
    where p.organisation_id = setting_decisions.organisation_id and p.id = setting_decisions.proposal_id
      and case
        when decision in ('approved', 'refused') then p.scope = 'own' and party_id = any(p.party_ids)
        when decision in ('favourable', 'unfavourable') then p.scope = 'regional' and party_id = any(p.party_ids)
        when decision = 'withdrawn' then p.organisation_id = party_id
        when decision = 'arbitration-asked' then p.scope = 'own' and p.organisation_id = party_id
        when decision = 'adopted' then (p.scope = 'regional' and p.organisation_id = party_id)
          or (p.scope = 'own' and organisations.governs(p.organisation_id, party_id))
        else p.scope = 'own' and organisations.governs(p.organisation_id, party_id) end));
grant select, insert on flow.setting_decisions to palier_app;

-- Whether a proposal came to its end: the State adopted it, or all who were asked approved.
create function flow.setting_adopted(p_proposal uuid) returns boolean language sql stable set search_path = '' as $$
  select exists (select from flow.setting_proposals p
    where p.id = p_proposal
      and (exists (select from flow.setting_decisions d where d.organisation_id = p.organisation_id and d.proposal_id = p.id
          and d.decision = 'adopted')
        or (p.scope = 'own' and not exists (select from unnest(p.party_ids) as asked (id)
          where not exists (select from flow.setting_decisions d where d.organisation_id = p.organisation_id
            and d.proposal_id = p.id and d.party_id = asked.id and d.decision = 'approved')))))
$$;

-- A landlord chooses for itself; what was adopted is put in force by whoever gave the last word, for those it binds.
drop policy own_organisation on organisations.settings;
create policy own_organisation on organisations.settings for select using (organisation_id = platform.organisation_id());
create policy own_choice on organisations.settings for insert
  with check (organisation_id = platform.organisation_id() and layer = 'own');
create policy adopted on organisations.settings for insert
  with check (proposal_id is not null and flow.setting_adopted(proposal_id) and exists (select from flow.setting_proposals p
    where p.id = settings.proposal_id and settings.organisation_id = any(p.landlord_ids) and p.key = settings.key
      and p.value = settings.value and settings.valid_from >= p.valid_from
      and (p.scope = 'regional') = (settings.layer = 'regional')));

-- The value of a landlord's choice on a day: what the State fixed, else what the landlord chose; its partners read it too.
create or replace function insights.flow_setting(p_landlord uuid, p_key text, p_today date) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select nullif(s.value, 'null') from organisations.settings s
      where s.organisation_id = p_landlord and s.key = p_key and s.layer = 'regional' and s.valid_from <= p_today
      order by s.valid_from desc limit 1),
    (select s.value from organisations.settings s
      where s.organisation_id = p_landlord and s.key = p_key and s.layer = 'own' and s.valid_from <= p_today
      order by s.valid_from desc limit 1))
  where p_key like 'flow.%'
    and (p_landlord = platform.organisation_id() or exists (select from organisations.relations r
      where r.host_id = p_landlord and r.partner_id = platform.organisation_id()))
$$;

-- Every choice about the flow of the landlords one works with or watches over: what a region shares, and who decided it.
create function insights.flow_choices() returns table (
  landlord_id uuid, landlord text, key text, layer text, valid_from date, value jsonb, reason text, fixed_by_name text, source text
) language sql stable security definer set search_path = '' as $$
  select o.id, o.name, s.key, s.layer, s.valid_from, s.value, s.reason, s.fixed_by_name, s.source
  from organisations.organisations o
  left join organisations.settings s on s.organisation_id = o.id and s.key like 'flow.%'
  where o.kind = 'landlord' and o.jurisdiction = 'fr-idf'
    and (o.id = platform.organisation_id() or exists (select from organisations.relations r
      where r.host_id = o.id and r.partner_id = platform.organisation_id()))
$$;
comment on function insights.flow_choices is 'Dated choices about the flow of the landlords that the reader works with, one row without a key for a landlord that chose nothing';
revoke execute on function insights.flow_choices from public;
grant execute on function insights.flow_choices to palier_app;

-- Landlords whose settings the State may fix: it watches over them, and every running agreement of theirs lies in its perimeter.
create function insights.governed_landlords(p_today date) returns table (
  id uuid, name text, holders jsonb, closed_year int
) language sql stable security definer set search_path = '' as $$
  select h.organisation_id, h.name,
    jsonb_agg(distinct jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind)),
    (select max(y.year)::int from flow.year_closings y where y.organisation_id = h.organisation_id)
  from insights.watched_landlords(p_today) h
  join organisations.organisations me on me.id = platform.organisation_id() and me.kind = 'state'
  join flow.agreements a on a.organisation_id = h.organisation_id and a.state = 'signed'
    and a.starts_on <= p_today and (a.ends_on is null or a.ends_on >= p_today)
  join organisations.organisations o on o.id = a.holder_id
  group by h.organisation_id, h.name
  having bool_and(insights.covers(me.perimeter, a.perimeter_code) or exists (
    select from organisations.municipalities m where m.territory = a.perimeter_code and insights.covers(me.perimeter, m.code)))
$$;
comment on function insights.governed_landlords is 'Landlords that the State fixes settings for, with the holders of their running agreements and the last closed year';
revoke execute on function insights.governed_landlords from public;
grant execute on function insights.governed_landlords to palier_app;

-- The State writes what it decides of a setting into the file of the landlords it watches over, and nothing else.
create or replace function platform.record_event(
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
     and not organisations.acts_with(p_organisation, platform.organisation_id())
     and not (p_kind like 'flow.setting-%' and organisations.governs(p_organisation, platform.organisation_id())) then
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

-- Foreign keys ------------------------------------------------------------------------------------------------------

alter table flow.setting_decisions
  add constraint decision_on_a_setting foreign key (organisation_id, proposal_id) references flow.setting_proposals (organisation_id, id);
