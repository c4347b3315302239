import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { endOfYear, type LocalDate, of, startOfYear, yearOf } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import { type GuaranteeRow, guaranteeRows } from '../points/guarantees.ts';
import { net } from '../queries.ts';
import type { DuePart } from './rules/gap.ts';
import type { RelettingBin } from './rules/reletting-time.ts';

/** A year as far as it has gone: a past one to its end, the current one to today. */
export const periodOf = (year: number | undefined, today: LocalDate): { from: LocalDate; to: LocalDate } => {
  const from = year === undefined ? startOfYear(today) : of(year, 1, 1);
  const end = endOfYear(from);
  return { from, to: end < today || from > today ? end : today };
};

// Where one stands -----------------------------------------------------------------------------------------------------

export type StandingRow = {
  months: { on: string; due: string; proposed: number; leased: number }[];
  tolerance: unknown;
  /** Null: the landlord credits nothing to this contingent. */
  credited: number | null;
  pending: {
    proposalId: string;
    vacancyId: string;
    address: string;
    municipality: string;
    rooms: number | null;
    funding: string | null;
    inPriorityArea: boolean;
    proposedOn: string;
    candidates: number;
    state: string;
    stage: string;
    dueOn: string | null;
    dueWhat: string | null;
  }[];
  actions: { id: string; title: string; owner: string; dueOn: string; state: 'open' }[];
  exchanges: {
    id: string;
    on: string;
    given: boolean;
    other: string;
    municipality: string;
    rooms: number | null;
    note: string;
  }[];
};

/**
 * An agreement beyond its counters: cumulated month by month (the last point being today), the landlord's tolerance, the vacancies on their way with their clocks, the corrective actions.
 */
export const standingOf = (agreementId: string, today: LocalDate): CompiledQuery<StandingRow> =>
  sql<StandingRow>`
    with months as (
      select least((date_trunc('month', m) + interval '1 month - 1 day')::date, ${today}::date) as until
      from generate_series(${startOfYear(today)}::timestamp, ${today}::timestamp, interval '1 month') m),
    due as (
      select p.on_day, sum(p.part) as part from flow.due_parts p
      where p.agreement_id = ${agreementId} and p.organisation_id in (select a.organisation_id from flow.agreements a where a.id = ${agreementId})
        and p.on_day between ${startOfYear(today)}::date and ${today}::date
      group by p.on_day),
    done as (
      select e.on_day, ${net('proposed', 'withdrawn')} as proposed, ${net('leased', 'unleased')} as leased
      from flow.agreements a
      join flow.events e on e.organisation_id = a.organisation_id and e.agreement_id = a.id
      where a.id = ${agreementId} and e.base_class = 'in-base' and e.on_day between ${startOfYear(today)}::date and ${today}::date
      group by e.on_day)
    select
      (select json_agg(json_build_object('on', months.until,
          'due', (select coalesce(round(sum(due.part), 2), 0)::text from due where due.on_day <= months.until),
          'proposed', (select coalesce(sum(done.proposed), 0)::int from done where done.on_day <= months.until),
          'leased', (select coalesce(sum(done.leased), 0)::int from done where done.on_day <= months.until)) order by months.until)
        from months) as months,
      insights.flow_setting(a.organisation_id, 'flow.tolerance-dwellings', ${today}::date) as tolerance,
      insights.post_hoc_credit(a.id, ${startOfYear(today)}::date, ${today}::date) as credited,
      (select coalesce(json_agg(json_build_object('proposalId', p.proposal_id, 'vacancyId', p.vacancy_id,
          'address', p.dwelling->>'address', 'municipality', p.dwelling->>'municipality', 'rooms', (p.dwelling->>'rooms')::int,
          'funding', p.dwelling->>'funding', 'inPriorityArea', coalesce((p.dwelling->>'inPriorityArea')::boolean, false),
          'proposedOn', p.proposed_on, 'candidates', p.candidates, 'state', p.state, 'stage', p.stage, 'dueOn', p.due_on,
          'dueWhat', p.due_what) order by p.due_on nulls last, p.proposal_id), '[]')
        from insights.pending_proposals() p where p.landlord_id = a.organisation_id and p.agreement_id = a.id) as pending,
      (select coalesce(json_agg(json_build_object('id', c.id, 'title', c.title, 'owner', c.owner, 'dueOn', c.due_on, 'state', c.state)
          order by c.due_on), '[]')
        from flow.corrective_actions c where c.organisation_id = a.organisation_id and c.agreement_id = a.id) as actions,
      (select coalesce(json_agg(json_build_object('id', x.id, 'on', x.on_day, 'given', x.owner_agreement_id = a.id,
          'other', case when x.owner_agreement_id = a.id then x.receiver_name else x.owner_name end,
          'municipality', coalesce(m.name_fr, x.municipality_code), 'rooms', x.rooms, 'note', x.note) order by x.on_day desc, x.id), '[]')
        from flow.exchanges x left join organisations.municipalities m on m.code = x.municipality_code
        where x.organisation_id = a.organisation_id and a.id in (x.owner_agreement_id, x.receiver_agreement_id)
          and x.on_day between ${startOfYear(today)}::date and ${today}::date) as exchanges
    from flow.agreements a where a.id = ${agreementId}`.compile(statements);

// The cockpit ----------------------------------------------------------------------------------------------------------

type Narrowing = { criterion?: string | undefined; value?: string | undefined };

/** Years between which the dwellings of a period were built; the last is open. */
const built: Record<string, [number, number]> = {
  'before-1949': [0, 1948],
  '1949-1974': [1949, 1974],
  '1975-1989': [1975, 1989],
  '1990-1999': [1990, 1999],
  'since-2000': [2000, 9999],
};

/** Keeps the events of one size, funding, place or period; a value that is none keeps nothing. */
export function narrowed(alias: string, { criterion, value }: Narrowing): RawBuilder<boolean> {
  if (!criterion || value === undefined) return sql<boolean>`true`;
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  if (criterion === 'rooms') return sql<boolean>`${column('rooms')} = ${Number.parseInt(value, 10) || 0}`;
  if (criterion === 'funding') return sql<boolean>`${column('funding')} = ${value}`;
  if (criterion === 'priority-area') return sql<boolean>`${column('in_priority_area')} = ${value === 'in'}`;
  const [first, last] = built[value] ?? [1, 0];
  return sql<boolean>`${column('construction_year')} between ${first} and ${last}`;
}

export type CockpitRow = {
  places: { code: string; name: string; department: string; freed: number; kept: number }[];
  agreements: {
    id: string;
    holderId: string;
    holder: string;
    contingent: string;
    scale: 'municipality' | 'department' | 'territory';
    reference: string;
    perimeterCode: string;
    perimeterName: string;
  }[];
  cells: {
    agreementId: string;
    municipality: string;
    parts: DuePart[];
    proposed: number;
    attributed: number;
    leased: number;
  }[];
};

/** Every agreement in every municipality, with what gave rights there and what came of it, in one row. */
export const cockpitOf = (
  organisationId: string,
  { from, to }: { from: LocalDate; to: LocalDate },
  narrowing: Narrowing,
): CompiledQuery<CockpitRow> =>
  sql<CockpitRow>`
    with counted as (
      select e.agreement_id, e.municipality_code, ${net('freed', 'unfreed')} as freed, ${net('proposed', 'withdrawn')} as proposed,
        ${net('attributed', 'unattributed')} as attributed, ${net('leased', 'unleased')} as leased
      from flow.events e
      where e.organisation_id = ${organisationId} and e.on_day between ${from}::date and ${to}::date and e.base_class = 'in-base'
        and ${narrowed('e', narrowing)}
      group by e.agreement_id, e.municipality_code),
    due as (
      select s.agreement_id, s.municipality_code,
        json_agg(json_build_object('share', s.share::text, 'freed', s.freed) order by s.first) as parts
      from (select p.agreement_id, p.municipality_code, p.share, sum(p.sign)::int as freed, min(p.on_day) as first
        from flow.due_parts p
        where p.organisation_id = ${organisationId} and p.on_day between ${from}::date and ${to}::date and ${narrowed('p', narrowing)}
        group by p.agreement_id, p.municipality_code, p.share) s
      group by s.agreement_id, s.municipality_code)
    select
      (select coalesce(json_agg(json_build_object('code', m.code, 'name', m.name_fr, 'department', m.department, 'freed', c.freed,
          'kept', c.kept) order by m.department, m.name_fr), '[]')
        from (select counted.municipality_code, sum(counted.freed)::int as freed,
            coalesce(sum(counted.proposed) filter (where counted.agreement_id is null), 0)::int as kept
          from counted group by counted.municipality_code) c
        join organisations.municipalities m on m.code = c.municipality_code) as places,
      (select coalesce(json_agg(json_build_object('id', a.id, 'holderId', a.holder_id, 'holder', h.name, 'contingent', a.contingent,
          'scale', a.scale, 'reference', a.reference, 'perimeterCode', a.perimeter_code,
          'perimeterName', flow.perimeter_name(a.perimeter_code)) order by a.share desc, h.name, a.perimeter_code), '[]')
        from flow.agreements a
        join organisations.organisations h on h.id = a.holder_id
        where a.organisation_id = ${organisationId} and a.state = 'signed' and a.starts_on <= ${to}::date
          and (a.ends_on is null or a.ends_on >= ${from}::date)) as agreements,
      (select coalesce(json_agg(json_build_object('agreementId', coalesce(d.agreement_id, c.agreement_id),
          'municipality', coalesce(d.municipality_code, c.municipality_code), 'parts', coalesce(d.parts, '[]'),
          'proposed', coalesce(c.proposed, 0), 'attributed', coalesce(c.attributed, 0), 'leased', coalesce(c.leased, 0))), '[]')
        from due d full join (select * from counted where agreement_id is not null) c
          on c.agreement_id = d.agreement_id and c.municipality_code = d.municipality_code) as cells`.compile(
    statements,
  );

export type AlertRow = {
  guarantees: GuaranteeRow[];
  tolerance: unknown;
  alerts: {
    kind: 'returned' | 'expired' | 'nomination-soon';
    on: string;
    holder: string;
    contingent: 'other';
    agreementId: string;
    vacancyId: string;
    what: string;
  }[];
};

/**
 * What came back or ran out in the last month, nominations that run out within ten days, what agreements guarantee in the
 * year, and the tolerance.
 */
export const alertsOf = (organisationId: string, year: number, today: LocalDate): CompiledQuery<AlertRow> =>
  sql<AlertRow>`
    select (select coalesce(json_agg(row_to_json(g)), '[]')
        from (${guaranteeRows(sql<boolean>`a.organisation_id = ${organisationId}`, year, today)}) g) as guarantees,
      insights.flow_setting(${organisationId}, 'flow.tolerance-dwellings', ${today}::date) as tolerance,
      (select coalesce(json_agg(row_to_json(x)), '[]') from (
        select * from (
          select e.kind, e.on_day as on, h.name as holder, a.contingent, a.id as "agreementId", e.vacancy_id as "vacancyId",
            r.address || ', ' || r.municipality as what
          from flow.events e
          join flow.agreements a on a.organisation_id = e.organisation_id and a.id = e.agreement_id
          join organisations.organisations h on h.id = e.holder_id
          join insights.vacancy_roads r on r.organisation_id = e.organisation_id and r.id = e.vacancy_id
          where e.organisation_id = ${organisationId} and e.kind in ('returned', 'expired')
            and e.on_day between ${today}::date - 30 and ${today}::date
          order by e.on_day desc, e.id limit 40) back
        union all
        select * from (
          select 'nomination-soon', p.nominate_by, h.name, a.contingent, a.id, p.vacancy_id,
            (p.dwelling->>'address') || ', ' || (p.dwelling->>'municipality')
          from insights.pending_proposals() p
          join flow.agreements a on a.organisation_id = p.landlord_id and a.id = p.agreement_id
          join organisations.organisations h on h.id = p.holder_id
          where p.landlord_id = ${organisationId} and p.state = 'open' and p.nominate_by <= ${today}::date + 10
          order by p.nominate_by, p.proposal_id limit 40) soon) x) as alerts`.compile(statements);

// Re-letting times -----------------------------------------------------------------------------------------------------

export type RelettingRow = {
  convertedOn: string | null;
  departments: string[];
  bins: (RelettingBin & { quarter: string })[];
  declared: { year: number; relettings: number; mean: string; median: string; source: string }[];
};

/**
 * How many dwellings took how many days, by quarter of the lease; what was declared of the years before. The flow began on
 * the day most of the agreements in force did.
 */
export const relettingsOf = (
  organisationId: string,
  department: string | undefined,
  today: LocalDate,
): CompiledQuery<RelettingRow> =>
  sql<RelettingRow>`
    select
      (select a.starts_on::text from flow.agreements a where a.organisation_id = ${organisationId} and a.state = 'signed'
        and (a.ends_on is null or a.ends_on >= ${today}::date)
        group by a.starts_on order by count(*) desc, a.starts_on limit 1) as "convertedOn",
      (select coalesce(json_agg(x.department order by x.department), '[]') from (select distinct r.department
        from insights.relettings r where r.organisation_id = ${organisationId} and r.department is not null) x) as departments,
      (select coalesce(json_agg(row_to_json(x)), '[]') from (
        select date_trunc('quarter', r.signed_on)::date::text as quarter, r.days, count(*)::int as dwellings
        from insights.relettings r
        where r.organisation_id = ${organisationId} and (${department ?? null}::text is null or r.department = ${department ?? null})
        group by 1, 2) x) as bins,
      (select coalesce(json_agg(json_build_object('year', d.year, 'relettings', d.relettings, 'mean', d.mean_days::text,
          'median', d.median_days::text, 'source', d.source) order by d.year), '[]')
        from flow.reletting_references d
        where d.organisation_id = ${organisationId} and d.superseded_at is null) as declared`.compile(statements);

// Corrective actions, meetings -----------------------------------------------------------------------------------------

export type ActionRow = {
  id: string;
  organisationId: string;
  title: string;
  decided: string;
  drift: Record<string, unknown> | null;
  holder: string | null;
  owner: string;
  decidedOn: string;
  dueOn: string;
  state: 'open';
  shared: boolean;
  version: number;
  steps: { id: string; at: string; by: string; state: 'open'; dueOn: string; note: string | null }[];
};

export const actionRecord = (actionId: string): CompiledQuery<ActionRow> =>
  sql<ActionRow>`
    select c.id, c.organisation_id as "organisationId", c.title, c.decided, c.drift, h.name as holder, c.owner, c.decided_on as "decidedOn",
      c.due_on as "dueOn", c.state, c.shared, c.version,
      (select coalesce(json_agg(json_build_object('id', s.id, 'at', s.at, 'by', s.by_name, 'state', s.state, 'dueOn', s.due_on,
          'note', s.note) order by s.at desc, s.id desc), '[]')
        from flow.corrective_action_steps s where s.organisation_id = c.organisation_id and s.action_id = c.id) as steps
    from flow.corrective_actions c
    left join organisations.organisations h on h.id = c.holder_id
    where c.id = ${actionId}`.compile(statements);

export type MeetingRow = {
  id: string;
  organisationId: string;
  reference: string;
  kind: 'follow-up';
  title: string;
  heldOn: string;
  heldAt: string | null;
  place: string | null;
  state: 'draft' | 'called' | 'held' | 'cancelled';
  organiser: string;
  version: number;
  minutesSha256: string | null;
  participants: { partnerId: string | null; name: string; representedBy: string | null; present: boolean | null }[];
  delegated: { id: string; reference: string; holder: string; proposed: number; leased: number }[];
  items: {
    kind: 'point' | 'delegation';
    title: string;
    agreementId: string | null;
    agreement: string | null;
    actionId: string | null;
    action: string | null;
    notes: string | null;
  }[];
  decisions: { decided: string; owner: string; dueOn: string | null }[];
};

/** Whether an agreement `a` has delegated nomination on a day: as first signed, or as last amended. */
export const isDelegated = (day: string) => {
  const on = sql.ref(day);
  return sql<boolean>`a.state = 'signed' and a.starts_on <= ${on} and (a.ends_on is null or a.ends_on >= ${on})
    and coalesce((select x.nomination_mode from flow.amendments x where x.organisation_id = a.organisation_id and x.agreement_id = a.id
      and x.state = 'signed' and x.effective_on <= ${on} order by x.effective_on desc limit 1), a.nomination_mode) = 'delegated'`;
};

export const meetingRecord = (meetingId: string): CompiledQuery<MeetingRow> =>
  sql<MeetingRow>`
    select m.id, m.organisation_id as "organisationId", m.reference, m.kind, m.title, m.held_on as "heldOn", m.held_at as "heldAt",
      m.place, m.state, o.name as organiser, m.version, m.minutes_sha256 as "minutesSha256",
      (select coalesce(json_agg(json_build_object('partnerId', p.partner_id, 'name', p.name, 'representedBy', p.represented_by,
          'present', p.present) order by p.position), '[]')
        from flow.meeting_participants p where p.organisation_id = m.organisation_id and p.meeting_id = m.id) as participants,
      (select coalesce(json_agg(json_build_object('id', a.id, 'reference', a.reference, 'holder', h.name, 'proposed', c.proposed,
          'leased', c.leased) order by a.reference), '[]')
        from flow.agreements a
        join organisations.organisations h on h.id = a.holder_id
        cross join lateral (select ${net('proposed', 'withdrawn')} as proposed, ${net('leased', 'unleased')} as leased
          from flow.events e where e.organisation_id = a.organisation_id and e.agreement_id = a.id and e.base_class = 'in-base'
            and e.on_day between date_trunc('year', m.held_on)::date and m.held_on) c
        where a.organisation_id = m.organisation_id and ${isDelegated('m.held_on')}) as delegated,
      (select coalesce(json_agg(json_build_object('kind', i.kind, 'title', i.title, 'agreementId', a.id, 'agreement', a.reference,
          'actionId', c.id, 'action', c.title, 'notes', i.notes) order by i.position), '[]')
        from flow.meeting_items i
        left join flow.agreements a on a.organisation_id = i.organisation_id and a.id = i.agreement_id
        left join flow.corrective_actions c on c.organisation_id = i.organisation_id and c.id = i.action_id
        where i.organisation_id = m.organisation_id and i.meeting_id = m.id) as items,
      (select coalesce(json_agg(json_build_object('decided', d.decided, 'owner', d.owner, 'dueOn', d.due_on) order by d.position), '[]')
        from flow.meeting_decisions d where d.organisation_id = m.organisation_id and d.meeting_id = m.id) as decisions
    from flow.meetings m
    join organisations.organisations o on o.id = m.organisation_id
    where m.id = ${meetingId}`.compile(statements);

// The figures of a territory -------------------------------------------------------------------------------------------

export type ConsolidationRow = {
  landlordId: string;
  landlord: string;
  department: string;
  contingent: string;
  freed: number;
  due: string;
  proposed: number;
  attributed: number | null;
  leased: number | null;
  tolerance: unknown;
};

export const consolidationOf = ({ from, to }: { from: LocalDate; to: LocalDate }): CompiledQuery<ConsolidationRow> =>
  sql<ConsolidationRow>`
    with lines as materialized (select * from insights.flow_consolidation(${yearOf(from)}, ${to}::date)),
    -- Asked once a landlord, not once a line; and names are compared once, not for each line.
    landlords as materialized (select l.organisation_id, row_number() over (order by l.landlord) as place,
        insights.flow_setting(l.organisation_id, 'flow.tolerance-dwellings', ${to}::date) as tolerance
      from (select distinct organisation_id, landlord from lines) l)
    select l.organisation_id as "landlordId", l.landlord, l.department, l.contingent, l.freed, l.due::text as due, l.proposed,
      l.attributed, l.leased, t.tolerance
    from lines l join landlords t on t.organisation_id = l.organisation_id
    order by t.place, l.department collate "C", l.contingent collate "C"`.compile(statements);

/** The leases of a territory outside or inside priority areas; or, where `contingent` is told, those of a contingent. */
export type ObjectiveRow = {
  landlord: string;
  department: string;
  territory: string | null;
  inPriorityArea: boolean | null;
  contingent: string | null;
  leases: number;
  quartileKnown: number;
  firstQuartile: number;
  rehoused: number;
  rehousedUnknown: number;
  priority: number;
};

export const objectivesOf = ({ from, to }: { from: LocalDate; to: LocalDate }): CompiledQuery<ObjectiveRow> =>
  sql<ObjectiveRow>`
    with lines as materialized (
      select organisation_id, landlord, department, territory, in_priority_area, contingent, sum(leases)::int as leases,
        sum(quartile_known)::int as quartile_known, sum(first_quartile)::int as first_quartile, sum(rehoused)::int as rehoused,
        sum(rehoused_unknown)::int as rehoused_unknown, sum(priority)::int as priority
      from insights.flow_objectives(${yearOf(from)}, ${to}::date)
      group by organisation_id, landlord, department, grouping sets ((territory, in_priority_area), (contingent))),
    landlords as materialized (select l.organisation_id, row_number() over (order by l.landlord) as place
      from (select distinct organisation_id, landlord from lines) l)
    select l.landlord, l.department, l.territory, l.in_priority_area as "inPriorityArea", l.contingent, l.leases,
      l.quartile_known as "quartileKnown", l.first_quartile as "firstQuartile", l.rehoused, l.rehoused_unknown as "rehousedUnknown",
      l.priority
    from lines l join landlords t on t.organisation_id = l.organisation_id
    order by t.place, l.department collate "C", l.contingent collate "C" nulls first, l.in_priority_area, l.territory collate "C"`.compile(
    statements,
  );
