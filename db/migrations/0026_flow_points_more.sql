-- Points, continued: dwellings exchanged between holders (bourse d'échange, F-46).

create table flow.exchange_acts (
  organisation_id uuid not null,
  id uuid not null,
  act text not null,
  vacancy_id uuid not null,
  proposal_id uuid not null,
  owner_agreement_id uuid not null,
  owner_holder_id uuid not null,
  owner_name text not null,
  receiver_agreement_id uuid not null,
  receiver_holder_id uuid not null,
  receiver_name text not null,
  municipality_code text not null,
  rooms smallint,
  on_day date not null,
  note text not null,
  said_by text not null,
  said_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint exchange_act_words check (act in ('recorded', 'withdrawn')),
  constraint exchanges_are_between_two check (owner_agreement_id <> receiver_agreement_id)
);
comment on table flow.exchange_acts is 'A dwelling proposed to one holder and let to a candidate of another: recorded, taken back. Never changed, the last one holds';
create index exchange_acts_by_proposal on flow.exchange_acts (organisation_id, proposal_id, said_at);
create index exchange_acts_by_owner on flow.exchange_acts (organisation_id, owner_agreement_id, on_day);
create index exchange_acts_by_receiver on flow.exchange_acts (organisation_id, receiver_agreement_id, on_day);
alter table flow.exchange_acts enable row level security;
create policy parties on flow.exchange_acts for select
  using (organisation_id = platform.organisation_id() or owner_holder_id = platform.organisation_id()
    or receiver_holder_id = platform.organisation_id());
create policy own_organisation on flow.exchange_acts for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.exchange_acts to palier_app;

create view flow.exchanges with (security_invoker = true) as
  select x.organisation_id, x.id, x.vacancy_id, x.proposal_id, x.owner_agreement_id, x.owner_holder_id, x.owner_name,
    x.receiver_agreement_id, x.receiver_holder_id, x.receiver_name, x.municipality_code, x.rooms, x.on_day, x.note
  from flow.exchange_acts x
  where x.act = 'recorded' and not exists (select from flow.exchange_acts w where w.organisation_id = x.organisation_id
    and w.proposal_id = x.proposal_id and w.act = 'withdrawn' and w.said_at >= x.said_at);
comment on view flow.exchanges is 'Exchanges in force: one a proposal';
grant select on flow.exchanges to palier_app;

-- What the points of an agreement in a year are computed from: its due and counters, the rules approved by both parties, the
-- years closed, and the events of each vacancy concerned, whatever their year.
create function flow.account_facts(p_organisation uuid, p_agreement uuid, p_year int) returns table (
  freed int, due text, proposed int, attributed int, leased int, adopted json, closed json, events json
) language sql stable as $$
  select d.freed, d.due, c.proposed, c.attributed, c.leased, r.adopted, f.closed, v.events
  from (select coalesce(sum(p.sign), 0)::int as freed, coalesce(sum(p.part), 0)::text as due
    from flow.due_parts p where p.organisation_id = p_organisation and p.agreement_id = p_agreement
      and p.on_day between make_date(p_year, 1, 1) and make_date(p_year, 12, 31)) d
  cross join lateral (select
      (count(*) filter (where e.kind = 'proposed') - count(*) filter (where e.kind = 'withdrawn'))::int as proposed,
      (count(*) filter (where e.kind = 'attributed') - count(*) filter (where e.kind = 'unattributed'))::int as attributed,
      (count(*) filter (where e.kind = 'leased') - count(*) filter (where e.kind = 'unleased'))::int as leased
    from flow.events e where e.organisation_id = p_organisation and e.agreement_id = p_agreement
      and e.on_day between make_date(p_year, 1, 1) and make_date(p_year, 12, 31) and e.base_class = 'in-base') c
  cross join lateral (select coalesce(json_agg(json_build_object('ruleId', x.rule_id, 'phases', x.phases,
      'adoptedAt', x.adopted_at) order by x.adopted_at), '[]') as adopted
    from flow.adopted_rules x where x.organisation_id = p_organisation and x.agreement_id = p_agreement) r
  cross join lateral (select coalesce(json_agg(json_build_object('year', x.year, 'closedOn', y.closed_on, 'due', x.due::text,
      'phases', x.phases, 'carried', x.carried, 'tally', x.tally, 'points', x.points->'points', 'counters',
      json_build_object('freed', x.freed, 'proposed', x.proposed, 'attributed', x.attributed, 'leased', x.leased),
      'adjustments', x.points->'adjustments') order by x.year), '[]') as closed,
      coalesce(max(y.closed_at) filter (where x.year = p_year), max(y.closed_at)) as closed_at, max(x.year) as year
    from flow.closed_counters x join flow.year_closings y on y.organisation_id = x.organisation_id and y.id = x.closing_id
    where x.organisation_id = p_organisation and x.agreement_id = p_agreement) f
  cross join lateral (select coalesce(json_agg(json_build_array(e.on_day, e.kind, e.vacancy_id, e.department,
      e.municipality_code, e.territory, e.reason, e.exchange, coalesce(e.at > f.closed_at, false))), '[]') as events
    from flow.events e where e.organisation_id = p_organisation and e.agreement_id = p_agreement
      and e.base_class in ('in-base', 'exchanged')
      and e.vacancy_id in (select x.vacancy_id from flow.events x
        where x.organisation_id = p_organisation and x.agreement_id = p_agreement
          and (x.on_day between make_date(p_year, 1, 1) and make_date(p_year, 12, 31)
            or (f.year = p_year - 1 and x.at > f.closed_at)))) v
$$;
comment on function flow.account_facts is 'What the points of an agreement in a year are computed from, as far as the reader may see it';

-- Security definer: the State or a territory that watches over a landlord reads the same of the agreements whose whole perimeter
-- lies in its own, to show counts and points. Events say places and days, never households.
create function insights.watched_accounts(p_landlord uuid, p_year int) returns table (
  id uuid, landlord_id uuid, landlord text, holder_id uuid, holder text, reference text, contingent text, perimeter_code text,
  perimeter_name text, starts_on date, ends_on date, freed int, due text, proposed int, attributed int, leased int, adopted json,
  closed json, events json
) language sql stable security definer set search_path = '' as $$
  select a.id, a.organisation_id, l.name, a.holder_id, h.name, a.reference, a.contingent, a.perimeter_code,
    flow.perimeter_name(a.perimeter_code), a.starts_on, a.ends_on, x.freed, x.due, x.proposed, x.attributed, x.leased,
    x.adopted, x.closed, x.events
  from flow.agreements a
  join organisations.organisations me on me.id = platform.organisation_id()
  join organisations.organisations l on l.id = a.organisation_id
  join organisations.organisations h on h.id = a.holder_id
  cross join lateral flow.account_facts(a.organisation_id, a.id, p_year) x
  where a.organisation_id = p_landlord and flow.watches(p_landlord, null) and a.state = 'signed'
    and a.starts_on <= make_date(p_year, 12, 31) and (a.ends_on is null or a.ends_on >= make_date(p_year, 1, 1))
    and not exists (select from organisations.municipalities m where m.country = 'FR'
      and flow.in_perimeter(a.perimeter_code, m.department, m.code, m.territory) and not insights.covers(me.perimeter, m.code))
$$;
comment on function insights.watched_accounts is 'Agreements of a landlord one watches over, within one''s perimeter, with what their points rest on: no names of households';
revoke execute on function insights.watched_accounts from public;
grant execute on function insights.watched_accounts to palier_app;

-- Beneficiaries effectively rehoused (F-47): what an agreement guarantees; it changes no count.

create table flow.beneficiary_guarantees (
  organisation_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  holder_id uuid not null,
  perimeter_code text not null,
  beneficiaries text not null,
  minimum_kind text,
  minimum numeric(10, 6),
  from_day date not null,
  note text not null,
  said_by text not null,
  said_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, id),
  constraint guarantee_beneficiaries check (beneficiaries in ('employees', 'priority')),
  constraint guarantee_kinds check (minimum_kind in ('share', 'count')),
  constraint guarantees_say_how_many check ((minimum_kind is null) = (minimum is null)),
  constraint guarantee_minimums check (minimum > 0 and (minimum_kind <> 'share' or minimum <= 1))
);
comment on table flow.beneficiary_guarantees is 'Least share or number of leases of beneficiaries in a year, from a day on; without minimum: none any more. Never changed, the last one holds';
create index beneficiary_guarantees_of_one on flow.beneficiary_guarantees (organisation_id, agreement_id, from_day desc);
alter table flow.beneficiary_guarantees enable row level security;
create policy parties on flow.beneficiary_guarantees for select
  using (organisation_id = platform.organisation_id() or holder_id = platform.organisation_id());
create policy own_organisation on flow.beneficiary_guarantees for insert with check (organisation_id = platform.organisation_id());
grant select, insert on flow.beneficiary_guarantees to palier_app;

-- Security definer: a holder learns how many of the leases of its agreements went to beneficiaries, not to whom. The household of
-- a dwelling given by exchange is that of the holder that received it.
create function insights.beneficiary_leases(p_agreements uuid[], p_from date, p_to date) returns table (
  agreement_id uuid, leases int, employees int, employees_unknown int, priority int
) language sql stable security definer set search_path = '' as $$
  with let as (
    select a.organisation_id, a.id as agreement_id, e.vacancy_id
    from flow.agreements a
    join flow.events e on e.organisation_id = a.organisation_id and e.agreement_id = a.id
    where a.id = any (p_agreements) and platform.organisation_id() in (a.organisation_id, a.holder_id)
      and e.on_day between p_from and p_to and e.kind in ('leased', 'unleased')
      and e.base_class in ('in-base', 'exchanged') and e.exchange is distinct from 'owner'
    group by 1, 2, 3
    having count(*) filter (where e.kind = 'leased') > count(*) filter (where e.kind = 'unleased'))
  select l.agreement_id, count(*)::int,
    count(*) filter (where c.priority_group = 'worker' or p.pays_into_action_logement)::int,
    count(*) filter (where c.priority_group is distinct from 'worker' and p.pays_into_action_logement is null)::int,
    count(*) filter (where c.priority_group not in ('mutation', 'relogement', 'worker'))::int
  from let l
  left join lateral (select c.priority_group, c.application_id from allocation.candidates c
    where c.organisation_id = l.organisation_id and c.vacancy_id = l.vacancy_id and c.state = 'housed' limit 1) c on true
  left join applicants.applications p on p.organisation_id = l.organisation_id and p.id = c.application_id
  group by l.agreement_id
$$;
comment on function insights.beneficiary_leases is 'Leases of a period by agreement of one''s own, and how many went to employees and to priority households: no names';
revoke execute on function insights.beneficiary_leases from public;
grant execute on function insights.beneficiary_leases to palier_app;

alter table flow.exchange_acts
  add constraint exchange_vacancy foreign key (organisation_id, vacancy_id) references allocation.vacancies (organisation_id, id),
  add constraint exchange_proposal foreign key (organisation_id, proposal_id) references allocation.proposals (organisation_id, id),
  add constraint exchange_owner foreign key (organisation_id, owner_agreement_id) references flow.agreements (organisation_id, id),
  add constraint exchange_receiver foreign key (organisation_id, receiver_agreement_id) references flow.agreements (organisation_id, id);
alter table flow.beneficiary_guarantees
  add constraint guarantee_of_an_agreement foreign key (organisation_id, agreement_id) references flow.agreements (organisation_id, id);
