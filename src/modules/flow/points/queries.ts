import { type CompiledQuery, sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import { type AccountFacts, type ClosedYear, type DatedPointEvent, talliesOf } from './rules/account.ts';
import type { Phase } from './rules/phases.ts';
import type { PointEvent, PointKind } from './rules/points.ts';

export type AccountScope = { agreementId: string } | { partyId: string } | { landlordId: string };

type EventCells = [
  on: LocalDate,
  kind: PointKind,
  vacancy: string,
  department: string,
  municipality: string,
  territory: string | null,
  reason: string | null,
  exchange: PointEvent['exchange'],
  late: boolean,
];

/** An agreement with all that its points of a year are computed from, and its counters of that year. */
export type AccountRow = {
  id: string;
  landlordId: string;
  landlord: string;
  holderId: string;
  holder: string;
  reference: string;
  contingent: string;
  perimeterCode: string;
  perimeterName: string;
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  freed: number;
  due: string;
  proposed: number;
  attributed: number;
  leased: number;
  adopted: { ruleId: string; phases: Phase[]; adoptedAt: string }[];
  closed: ClosedYear[];
  events: EventCells[];
  /** The landlord's choice on 1 January for the gap of closed years; null or absent: the default. */
  carryGap?: string | null;
};

const within = (scope: AccountScope) =>
  'agreementId' in scope
    ? sql`a.id = ${scope.agreementId}`
    : 'landlordId' in scope
      ? sql`a.organisation_id = ${scope.landlordId}`
      : sql`(a.organisation_id = ${scope.partyId} or a.holder_id = ${scope.partyId})`;

/** In the base; or received by exchange, which counts in the base of the holder that gave it. */
export const countsForPoints = sql`e.base_class in ('in-base', 'exchanged')`;

/**
 * Signed agreements with what their points of a year rest on, in one statement. Of a vacancy concerned all events are
 * read, whatever their year: an offer of January may repeat one of December.
 */
export const accounts = (scope: AccountScope, year: number): CompiledQuery<AccountRow> =>
  sql<AccountRow>`
    select a.id, a.organisation_id as "landlordId", l.name as landlord, a.holder_id as "holderId", h.name as holder,
      a.reference, a.contingent, a.perimeter_code as "perimeterCode", flow.perimeter_name(a.perimeter_code) as "perimeterName",
      a.starts_on as "startsOn", a.ends_on as "endsOn", x.freed, x.due, x.proposed, x.attributed, x.leased, x.adopted,
      x.closed, x.events,
      insights.flow_setting(a.organisation_id, 'flow.carry-gap', make_date(${year}::int, 1, 1)) as "carryGap"
    from flow.agreements a
    join organisations.organisations l on l.id = a.organisation_id
    join organisations.organisations h on h.id = a.holder_id
    cross join lateral flow.account_facts(a.organisation_id, a.id, ${year}::int) x
    where ${within(scope)} and a.state = 'signed' and a.starts_on <= make_date(${year}::int, 12, 31)
      and (a.ends_on is null or a.ends_on >= make_date(${year}::int, 1, 1))
    order by l.name, h.name, a.perimeter_code, a.contingent, a.id`.compile(statements);

/** Whose agreement it is, for one of its parties. */
export const ownAgreement = (partyId: string, agreementId: string): CompiledQuery<{ landlordId: string }> =>
  sql<{ landlordId: string }>`select a.organisation_id as "landlordId" from flow.agreements a
    where a.id = ${agreementId} and a.state = 'signed' and ${partyId}::uuid in (a.organisation_id, a.holder_id)`.compile(
    statements,
  );

/** The landlords one watches over, and of one of them (the first, if none is asked) the same as `accounts`: no names. */
export const watchedAccounts = (
  landlordId: string | undefined,
  year: number,
  today: LocalDate,
): [CompiledQuery<{ id: string; name: string }>, CompiledQuery<AccountRow>] => [
  sql<{
    id: string;
    name: string;
  }>`select w.organisation_id as id, w.name from insights.watched_landlords(${today}::date) w
    order by w.name, w.organisation_id`.compile(statements),
  sql<AccountRow>`select x.id, x.landlord_id as "landlordId", x.landlord, x.holder_id as "holderId", x.holder, x.reference, x.contingent,
      x.perimeter_code as "perimeterCode", x.perimeter_name as "perimeterName", x.starts_on as "startsOn", x.ends_on as "endsOn",
      x.freed, x.due, x.proposed, x.attributed, x.leased, x.adopted, x.closed, x.events
    from insights.watched_accounts(coalesce(${landlordId ?? null}::uuid, (select w.organisation_id
      from insights.watched_landlords(${today}::date) w order by w.name, w.organisation_id limit 1)), ${year}::int) x
    order by x.holder, x.perimeter_code, x.contingent, x.id`.compile(statements),
];

export const eventOf = ([
  on,
  kind,
  vacancy,
  department,
  municipality,
  territory,
  reason,
  exchange,
  late,
]: EventCells): DatedPointEvent => ({
  on,
  kind,
  vacancy,
  department,
  municipality,
  territory,
  reason,
  exchange,
  late,
});

/** What the rule of an account wants, from its row. Of a closed year, what its closing froze. */
export const factsOf = (row: AccountRow, year: number): AccountFacts => {
  const history = { year, startsOn: row.startsOn, adopted: row.adopted, closed: row.closed };
  const frozen = row.closed.find((entry) => entry.year === year);
  const counted = talliesOf(history, row.events.map(eventOf));
  return { ...history, due: row.due, ...counted, ...(frozen ? { tally: frozen.tally } : {}) };
};

export type RuleRow = {
  id: string;
  agreementId: string | null;
  landlordId: string;
  landlord: string;
  holder: string | null;
  perimeterName: string | null;
  reference: string | null;
  phases: Phase[];
  fromDay: string;
  note: string;
  proposedBy: string;
  proposedAt: string;
  decisions: { party: string; decision: 'approved' | 'refused'; reason: string | null; at: string }[];
  mine: 'approved' | 'refused' | null;
};

/** Rules proposed to or by an organisation, newest first, with what each party it may see said of them. */
export const countingRules = (partyId: string): CompiledQuery<RuleRow> =>
  sql<RuleRow>`
    select r.id, r.agreement_id as "agreementId", r.organisation_id as "landlordId", l.name as landlord, h.name as holder,
      flow.perimeter_name(r.perimeter_code) as "perimeterName", a.reference, r.phases, r.from_day as "fromDay", r.note,
      p.name as "proposedBy", r.proposed_at as "proposedAt", d.decisions, d.mine
    from flow.counting_rules r
    join organisations.organisations l on l.id = r.organisation_id
    join organisations.organisations p on p.id = r.proposed_by_party
    left join organisations.organisations h on h.id = r.holder_id
    left join flow.agreements a on a.organisation_id = r.organisation_id and a.id = r.agreement_id
    cross join lateral (select coalesce(json_agg(json_build_object('party', o.name, 'decision', x.decision, 'reason', x.reason,
        'at', x.decided_at) order by x.decided_at), '[]') as decisions,
        max(x.decision) filter (where x.party_id = ${partyId}) as mine
      from flow.counting_decisions x join organisations.organisations o on o.id = x.party_id
      where x.organisation_id = r.organisation_id and x.rule_id = r.id) d
    order by r.proposed_at desc, r.id
    limit 100`.compile(statements);

export type CountedAgreementRow = Pick<
  AccountRow,
  'id' | 'landlordId' | 'landlord' | 'holder' | 'reference' | 'contingent' | 'perimeterName' | 'startsOn' | 'adopted'
> & { closings: { year: number; closedOn: string; events: number; hash: string }[]; firstEvent: string | null };

/** The agreements of an organisation with the rules in force for each, and the years its landlord closed. */
export const countedAgreements = (partyId: string, today: LocalDate): CompiledQuery<CountedAgreementRow> =>
  sql<CountedAgreementRow>`
    select a.id, a.organisation_id as "landlordId", l.name as landlord, h.name as holder, a.reference, a.contingent,
      flow.perimeter_name(a.perimeter_code) as "perimeterName", a.starts_on as "startsOn", r.adopted, y.closings,
      (select min(e.on_day) from flow.events e where e.organisation_id = a.organisation_id and e.agreement_id = a.id) as "firstEvent"
    from flow.agreements a
    join organisations.organisations l on l.id = a.organisation_id
    join organisations.organisations h on h.id = a.holder_id
    cross join lateral (select coalesce(json_agg(json_build_object('ruleId', x.rule_id, 'phases', x.phases,
        'adoptedAt', x.adopted_at) order by x.adopted_at), '[]') as adopted
      from flow.adopted_rules x where x.organisation_id = a.organisation_id and x.agreement_id = a.id) r
    cross join lateral (select coalesce(json_agg(json_build_object('year', x.year, 'closedOn', x.closed_on, 'events', x.events,
        'hash', x.events_hash) order by x.year desc), '[]') as closings
      from flow.year_closings x where x.organisation_id = a.organisation_id) y
    where (a.organisation_id = ${partyId} or a.holder_id = ${partyId}) and a.state = 'signed'
      and (a.ends_on is null or a.ends_on >= ${today}::date)
    order by l.name, h.name, a.perimeter_code, a.contingent, a.id`.compile(statements);

/** A line of the journal, as COPY writes its cells. */
export const journalColumns = [
  'landlord',
  'vacancy',
  'on',
  'kind',
  'agreement',
  'department',
  'municipality',
  'territory',
  'reason',
  'exchange',
  'late',
] as const;

/**
 * Events of the base of a year that an organisation may read, all those of each vacancy together: its own as a landlord;
 * as a holder its own and the vacancies they are a share of.
 */
export const journalEvents = (partyId: string, year: number): CompiledQuery =>
  sql`
    with landlords as materialized (
      select distinct a.organisation_id from flow.agreements a
      where a.state = 'signed' and (a.organisation_id = ${partyId}::uuid or a.holder_id = ${partyId}::uuid)
      union select ${partyId}::uuid),
    closings as materialized (
      select l.organisation_id, max(y.year) as year,
        coalesce(max(y.closed_at) filter (where y.year = ${year}::int), max(y.closed_at)) as closed_at
      from landlords l left join flow.year_closings y on y.organisation_id = l.organisation_id group by 1),
    concerned as (
      select distinct e.organisation_id, e.vacancy_id from closings c
      join flow.events e on e.organisation_id = c.organisation_id
        and e.on_day between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date
      union
      select e.organisation_id, e.vacancy_id from closings c
      join flow.events e on e.organisation_id = c.organisation_id and c.year = ${year}::int - 1 and e.at > c.closed_at)
    select e.organisation_id as landlord, e.vacancy_id as vacancy, e.on_day as on, e.kind, e.agreement_id as agreement,
      e.department, e.municipality_code as municipality, e.territory, e.reason, e.exchange,
      coalesce(e.at > c.closed_at, false) as late
    from concerned x
    join closings c on c.organisation_id = x.organisation_id
    join flow.events e on e.organisation_id = x.organisation_id and e.vacancy_id = x.vacancy_id
    where ${countsForPoints}
      and (e.organisation_id = ${partyId}::uuid or e.holder_id = ${partyId}::uuid or e.kind in ('freed', 'unfreed'))
    order by e.organisation_id, e.vacancy_id, e.on_day, e.id`.compile(statements);

/** Shares of the agreements of an organisation, from day to day. */
export const datedShares = (
  partyId: string,
): CompiledQuery<{ agreementId: string; from: string; until: string | null; share: string }> =>
  sql<{ agreementId: string; from: string; until: string | null; share: string }>`
    select s.agreement_id as "agreementId", s.from_day as "from", s.until_day as until, s.share::text as share
    from flow.dated_shares s where s.organisation_id = ${partyId} or s.holder_id = ${partyId}
    order by s.agreement_id, s.from_day`.compile(statements);
