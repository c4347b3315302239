-- What the State's registers say of our attributions (SNE: closed demands; SYPLO: labels of priority households; AL'in:
-- households named by Action Logement), and how it agrees with the leases signed here.

create table flow.national_closures (
  organisation_id uuid not null,
  id uuid not null,
  unique_number text not null,
  closed_on date not null,
  reason text not null,
  landlord_siren text,
  lease_signed_on date,
  register_id text,
  contingent text,
  dalo boolean,
  quartile smallint,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint closures_are_unique unique (organisation_id, unique_number),
  constraint closure_numbers check (unique_number ~ '^[0-9A-Z]{18}$'),
  constraint closure_reasons check (reason in ('attribution', 'withdrawal', 'no-reply', 'inadmissible', 'not-renewed', 'merged')),
  constraint closure_contingents check (contingent in ('state-staff', 'state-priority', 'authorities', 'employers', 'other')),
  constraint closure_quartiles check (quartile between 1 and 4)
);
comment on table flow.national_closures is 'Demands closed in the national register (radiations, R441-2-8), as its extraction tells them';
comment on column flow.national_closures.landlord_siren is 'Who recorded the lease there; null: the extraction does not say';
comment on column flow.national_closures.contingent is 'Contingent the attribution is imputed to there (R441-2-9)';
comment on column flow.national_closures.quartile is 'Income quartile once the income was verified';
create index closures_by_day on flow.national_closures (organisation_id, closed_on);
create index closures_by_batch on flow.national_closures (organisation_id, batch_id) where batch_id is not null;
call platform.keep_apart('flow.national_closures');

create table flow.priority_labels (
  organisation_id uuid not null,
  id uuid not null,
  unique_number text not null,
  label text not null,
  labelled_on date not null,
  ends_on date,
  commission_reference text,
  is_dalo boolean not null generated always as (label ~* '\mdalo\M') stored,
  batch_id uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint labels_are_unique unique (organisation_id, unique_number, labelled_on, label),
  constraint label_numbers check (unique_number ~ '^[0-9A-Z]{18}$'),
  constraint labels_end_after_they_begin check (ends_on >= labelled_on)
);
comment on table flow.priority_labels is 'Labels of priority households in SYPLO: the only proof that counts in Île-de-France (L-64)';
create index labels_by_day on flow.priority_labels (organisation_id, labelled_on);
create index labels_by_batch on flow.priority_labels (organisation_id, batch_id) where batch_id is not null;
call platform.keep_apart('flow.priority_labels');

create table flow.national_corrections (
  organisation_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  reason text not null,
  corrected_on date not null,
  note text,
  noted_by text not null,
  noted_at timestamptz not null default now(),
  primary key (organisation_id, id)
);
comment on table flow.national_corrections is 'What an officer says was mended in the register of the State, and when: appended, the last one holds';
comment on column flow.national_corrections.subject_id is 'The lease, or the closure that has none here';
create index corrections_by_subject on flow.national_corrections (organisation_id, subject_id, reason, noted_at desc);
call platform.keep_apart('flow.national_corrections', 'select, insert');

-- Households named by a file belong to it, so that it can be undone.
alter table allocation.candidates add column batch_id uuid, add column holder_rank smallint;
comment on column allocation.candidates.holder_rank is 'Rank the holder gave among those it named';
-- A candidacy is history and stays; one that only a file made, and nobody took up, goes with the file.
grant delete on allocation.candidates to palier_app;
create policy named_by_a_file on allocation.candidates as restrictive for delete
  using (organisation_id = platform.organisation_id() and batch_id is not null and state = 'named' and household_id is null);
create index candidates_by_batch on allocation.candidates (organisation_id, batch_id) where batch_id is not null;
create index candidates_housed on allocation.candidates (organisation_id, unique_number) where state = 'housed';
create index dwellings_by_register_id on portfolio.dwellings (organisation_id, register_id) where register_id is not null;
create index tenancies_by_signing on tenancies.tenancies (organisation_id, signed_on, id);

-- What other modules may read of a proposal.
create view allocation.proposal_cards with (security_invoker = true) as
  select p.organisation_id, p.id, p.vacancy_id, v.dwelling_id, p.agreement_id, p.holder_id, p.state, p.proposed_on, p.nominate_by
  from allocation.proposals p
  join allocation.vacancies v on v.organisation_id = p.organisation_id and v.id = p.vacancy_id;
create view allocation.candidate_cards with (security_invoker = true) as
  select c.organisation_id, c.id, c.vacancy_id, c.proposal_id, c.unique_number, c.application_id, c.state
  from allocation.candidates c;

-- Leases that followed an attribution, with what was known of the household on the day of the committee.
create view allocation.attributed_leases with (security_invoker = true) as
  select t.organisation_id, t.id as tenancy_id, t.reference, t.signed_on, t.contingent, t.holder_id, t.household_id,
    v.id as vacancy_id, v.base_class, v.dwelling_id, c.family_name, c.given_name,
    coalesce(c.unique_number, a.unique_number) as unique_number, c.priority_group, c.quartile, s.held_on as decided_on
  from tenancies.tenancies t
  join allocation.vacancies v on v.organisation_id = t.organisation_id and v.new_tenancy_id = t.id
  join allocation.candidates c on c.organisation_id = v.organisation_id and c.vacancy_id = v.id and c.state = 'housed'
  left join applicants.applications a on a.organisation_id = c.organisation_id and a.id = c.application_id
  left join lateral (
    select s.held_on from allocation.decisions d
    join allocation.agenda_items i on i.organisation_id = d.organisation_id and i.id = d.agenda_item_id
    join allocation.sessions s on s.organisation_id = i.organisation_id and s.id = i.session_id
    where d.organisation_id = c.organisation_id and d.vacancy_id = c.vacancy_id and d.candidate_id = c.id
      and d.annulled_at is null and d.kind in ('granted', 'ranked', 'conditional')
    order by s.held_on desc limit 1) s on true;
grant select on allocation.proposal_cards, allocation.candidate_cards, allocation.attributed_leases to palier_app;

-- One row a lease that followed an attribution, or a closure for attribution that has no lease here: what each register says.
create view flow.national_facts with (security_invoker = true) as
  select l.organisation_id, l.tenancy_id as subject_id, l.tenancy_id, k.id as closure_id, l.signed_on, l.reference,
    l.unique_number, l.family_name, l.given_name, l.contingent, l.holder_id, l.priority_group, l.quartile, l.decided_on,
    l.dwelling_id, d.reference as dwelling_reference, d.municipality_code, d.department, d.priority_area is not null as in_priority_area,
    k.closed_on, k.reason as closure_reason, k.contingent as told_contingent, k.dalo as told_dalo, k.quartile as verified_quartile,
    k.lease_signed_on as told_signed_on,
    coalesce(k.landlord_siren <> o.registration_number, false) as closed_by_another,
    (select max(m.closed_on) from flow.national_closures m where m.organisation_id = l.organisation_id) as closures_until,
    (select max(m.labelled_on) from flow.priority_labels m where m.organisation_id = l.organisation_id) as labels_until,
    p.label, p.labelled_on, p.late_on, p.ended_on, coalesce(p.dalo, false) or coalesce(l.priority_group ~* '\mdalo\M', false) as dalo,
    l.contingent is not distinct from 'state-priority'
      or coalesce(l.priority_group not in ('mutation', 'relogement'), false) as is_priority
  from allocation.attributed_leases l
  join organisations.organisations o on o.id = l.organisation_id
  -- A look-up a lease: the whole stock is never read for the leases of a year.
  join lateral (select d.reference, d.municipality_code, m.department, b.priority_area
    from portfolio.dwellings d
    join portfolio.buildings b on b.organisation_id = d.organisation_id and b.id = d.building_id
    join organisations.municipalities m on m.code = d.municipality_code
    where d.organisation_id = l.organisation_id and d.id = l.dwelling_id limit 1) d on true
  left join flow.national_closures k on k.organisation_id = l.organisation_id and k.unique_number = l.unique_number
  left join lateral (
    select min(n.labelled_on) filter (where n.valid) as labelled_on, min(n.label) filter (where n.valid) as label,
      bool_or(n.is_dalo) filter (where n.valid) as dalo, min(n.labelled_on) filter (where n.labelled_on > l.decided_on) as late_on,
      max(n.ends_on) filter (where n.ends_on < l.decided_on) as ended_on
    from (select n.*, n.labelled_on <= l.decided_on and (n.ends_on is null or n.ends_on >= l.decided_on) as valid
      from flow.priority_labels n where n.organisation_id = l.organisation_id and n.unique_number = l.unique_number) n) p on true
  union all
  select k.organisation_id, k.id, null, k.id, coalesce(k.lease_signed_on, k.closed_on), null, k.unique_number, null, null, null, null,
    null, null, null, d.id, d.reference, d.municipality_code, m.department, false, k.closed_on, k.reason, k.contingent, k.dalo,
    k.quartile, k.lease_signed_on, false, k.closed_on, null, null, null, null, null, false, false
  from flow.national_closures k
  join organisations.organisations o on o.id = k.organisation_id
  left join lateral (select d.id, d.reference, d.municipality_code from portfolio.dwellings d
    where d.organisation_id = k.organisation_id and d.register_id = k.register_id limit 1) d on true
  left join organisations.municipalities m on m.code = d.municipality_code
  where k.reason = 'attribution' and coalesce(k.landlord_siren = o.registration_number, true)
    and not exists (select 1 from allocation.candidates c
      join allocation.vacancies v on v.organisation_id = c.organisation_id and v.id = c.vacancy_id and v.new_tenancy_id is not null
      where c.organisation_id = k.organisation_id and c.unique_number = k.unique_number and c.state = 'housed')
    and not exists (select 1 from applicants.applications a
      join allocation.candidates c on c.organisation_id = a.organisation_id and c.application_id = a.id and c.state = 'housed'
      join allocation.vacancies v on v.organisation_id = c.organisation_id and v.id = c.vacancy_id and v.new_tenancy_id is not null
      where a.organisation_id = k.organisation_id and a.unique_number = k.unique_number);

create function flow.contingent_told_for(p_contingent text) returns text language sql immutable as $$
  select case coalesce(p_contingent, 'own') when 'state-staff' then 'state-staff' when 'state-priority' then 'state-priority'
    when 'municipality' then 'authorities' when 'intermunicipality' then 'authorities' when 'department' then 'authorities' when 'region' then 'authorities'
    when 'action-logement' then 'employers' else 'other' end
$$;
comment on function flow.contingent_told_for is 'The word of the national register for one of our contingents; what is not reserved is « other »';

-- Each disagreement is a line: why, which count it touches, by how much. A lease on which all agree has one, « matched ».
-- The same as src/modules/flow/national/rules/reconcile.ts, which tells the steps; a test holds them together.
create view flow.national_lines with (security_invoker = true) as
  select f.*, r.reason, r.counted, r.effect, c.corrected_on
  from flow.national_facts f
  cross join lateral (select
    f.tenancy_id is null as without_lease,
    f.tenancy_id is not null and f.unique_number is null as without_number,
    f.unique_number is not null and f.closure_id is null and coalesce(f.signed_on <= f.closures_until, false) as without_closure,
    f.tenancy_id is not null and f.closure_id is not null and (f.closure_reason <> 'attribution' or f.closed_by_another) as otherwise_closed,
    f.tenancy_id is not null and f.closure_id is not null and f.closure_reason = 'attribution' and not f.closed_by_another as closed,
    f.is_priority and f.unique_number is not null and f.decided_on is not null and f.labels_until is not null
      and f.labelled_on is null as unlabelled) t
  cross join lateral (select
    t.closed and f.told_contingent is not null and f.told_contingent <> flow.contingent_told_for(f.contingent) as contingent_differs,
    t.closed and f.told_dalo is not null and f.told_dalo <> f.dalo as dalo_differs,
    t.closed and coalesce(f.verified_quartile <> f.quartile, false) as quartile_differs) u
  cross join lateral (values
    ('without-lease', t.without_lease, 'attribution', 1),
    ('without-number', t.without_number, 'attribution', -1),
    ('without-closure', t.without_closure, 'attribution', -1),
    ('otherwise-closed', t.otherwise_closed, 'attribution', -1),
    ('contingent-differs', u.contingent_differs, 'contingent', -1),
    ('label-late', t.unlabelled and f.late_on is not null, 'priority', -1),
    ('label-ended', t.unlabelled and f.late_on is null and f.ended_on is not null, 'priority', -1),
    ('label-missing', t.unlabelled and f.late_on is null and f.ended_on is null, 'priority', -1),
    ('dalo-differs', u.dalo_differs, 'dalo', case when f.dalo then -1 else 1 end),
    ('quartile-differs', u.quartile_differs, case when f.in_priority_area then 'other-quartiles' else 'first-quartile' end,
      case when f.quartile = 1 then case when f.in_priority_area then 1 else -1 end
        when f.verified_quartile = 1 then case when f.in_priority_area then -1 else 1 end else 0 end),
    ('matched', not (t.without_lease or t.without_number or t.without_closure or t.otherwise_closed or t.unlabelled
      or u.contingent_differs or u.dalo_differs or u.quartile_differs) and t.closed, 'none', 0),
    ('waiting', f.unique_number is not null and f.closure_id is null and not t.without_closure and not t.unlabelled, 'none', 0)
  ) as r(reason, applies, counted, effect)
  left join lateral (select n.corrected_on from flow.national_corrections n
    where n.organisation_id = f.organisation_id and n.subject_id = f.subject_id and n.reason = r.reason
    order by n.noted_at desc limit 1) c on true
  where r.applies;
grant select on flow.national_facts, flow.national_lines to palier_app;

-- Counts of a year, without names, for those whose counts they are. Security definer: rows of landlords are counted here and
-- nowhere else. Overseers see what lies in their perimeter; a reservation holder its own contingent; a landlord nothing, since
-- it reads its own lines.
create function flow.national_counts(p_from date, p_until date) returns table (
  landlord_id uuid, landlord text, department text, contingent text, reason text, counted text, lines int, corrected int, effect int
) language plpgsql stable security definer set search_path = '' as $$
declare
  me record;
  host record;
begin
  select o.id, o.perimeter into me from organisations.organisations o where o.id = platform.organisation_id();
  -- One landlord after the other: its leases are then found by its own indexes.
  for host in
    select r.host_id, o.name, bool_or(r.kind = 'overseer') as watched from organisations.relations r
    join organisations.organisations o on o.id = r.host_id and o.kind = 'landlord'
    where r.partner_id = me.id and r.since <= current_date and (r.until is null or r.until >= current_date)
    group by r.host_id, o.name order by o.name
  loop
    return query
      select host.host_id, host.name, n.department, coalesce(n.contingent, 'own'), n.reason, n.counted, count(*)::int,
        count(n.corrected_on)::int, coalesce(sum(n.effect) filter (where n.corrected_on is null), 0)::int
      from flow.national_lines n
      where n.organisation_id = host.host_id and n.signed_on between p_from and p_until
        and ((host.watched and (n.municipality_code is null or insights.covers(me.perimeter, n.municipality_code))) or n.holder_id = me.id)
      group by n.department, coalesce(n.contingent, 'own'), n.reason, n.counted;
  end loop;
end $$;
revoke execute on function flow.national_counts from public;
grant execute on function flow.national_counts to palier_app;

-- Imports of these three. Staging as for the others: good rows only; a null field means « not in the file ».

create unlogged table exchange.staged_closures (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  unique_number text not null,
  closed_on date not null,
  reason text not null,
  landlord_siren text,
  lease_signed_on date,
  register_id text,
  contingent text,
  dalo boolean,
  quartile smallint,
  record_id uuid not null,
  record_version int,
  effect text not null,
  primary key (organisation_id, batch_id, line)
);
comment on table exchange.staged_closures is 'Rows of an extraction of the national register ready to be applied';
call platform.keep_apart('exchange.staged_closures');

create unlogged table exchange.staged_labels (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  unique_number text not null,
  label text not null,
  labelled_on date not null,
  ends_on date,
  commission_reference text,
  record_id uuid not null,
  record_version int,
  effect text not null,
  primary key (organisation_id, batch_id, line)
);
comment on table exchange.staged_labels is 'Rows of SYPLO labels ready to be applied';
call platform.keep_apart('exchange.staged_labels');

create unlogged table exchange.staged_nominations (
  organisation_id uuid not null,
  batch_id uuid not null,
  line int not null,
  cells json not null,
  proposal_reference text not null,
  unique_number text not null,
  holder_rank smallint,
  family_name text not null,
  given_name text,
  adults smallint,
  children smallint,
  income_cents bigint,
  income_year smallint,
  registered_on date,
  priority_group text,
  quartile smallint,
  proposal_id uuid not null,
  vacancy_id uuid not null,
  holder_id uuid not null,
  record_id uuid not null,
  effect text not null,
  primary key (organisation_id, batch_id, line)
);
comment on table exchange.staged_nominations is 'Households named by Action Logement for dwellings proposed to it, ready to become candidates';
call platform.keep_apart('exchange.staged_nominations');

alter table exchange.imports drop constraint import_kinds;
alter table exchange.imports add constraint import_kinds check (kind in
  ('dwellings', 'applicants', 'reservation-rights', 'sne-closures', 'syplo-labels', 'alin-nominations', 'choice-candidacies'));

-- The rows of all kinds as a screen lists them: those of these three are added to what the view already tells.
do $$ begin
  execute 'create or replace view exchange.import_rows with (security_invoker = true) as ' ||
    rtrim(pg_get_viewdef('exchange.import_rows'::regclass), '; ') || '
    union all select organisation_id, batch_id, line, effect, cells, ''[]''::jsonb from exchange.staged_closures
    union all select organisation_id, batch_id, line, effect, cells, ''[]''::jsonb from exchange.staged_labels
    union all select organisation_id, batch_id, line, effect, cells, ''[]''::jsonb from exchange.staged_nominations';
end $$;

alter table flow.national_closures
  add constraint closure_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id);
alter table flow.priority_labels
  add constraint label_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id);
