import { type CompiledQuery, sql } from 'kysely';
import { z } from 'zod';
import { type LocalDate, startOfYear, yearOf } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';
import { meetsTarget, net } from '../queries.ts';
import type { Agreement, AgreementRecord, Terms } from './contract.ts';
import type { KeptState, Party } from './rules/life-cycle.ts';

type Scope = { landlordId: string } | { holderId: string } | { agreementId: string } | { partyId: string };

/**
 * Agreements with their counters since 1 January. Row-level security shows a landlord its own, a holder those that were
 * sent to it. `signed` keeps those that give or gave rights; `all` has negotiations too.
 */
export const agreementsWithFigures = (
  scope: Scope,
  today: LocalDate,
  states: 'signed' | 'all' = 'signed',
): CompiledQuery<Agreement> =>
  sql<Agreement>`${agreements(scope, today, states)} order by l.name, a.perimeter_code, a.contingent, h.name`.compile(
    statements,
  );

/** Where an agreement (`a`) is in its life on a day: amended and ended follow from its amendments and its last day. */
const lifeStateOf = (today: LocalDate) => sql`case when a.state <> 'signed' then a.state
  when a.ends_on < ${today}::date then 'ended'
  when exists (select from flow.amendments m where m.organisation_id = a.organisation_id and m.agreement_id = a.id
    and m.state = 'signed' and m.effective_on <= ${today}::date) then 'amended'
  else 'signed' end`;

/** The share of an agreement (`a`) on a day; the first one before it begins. */
const shareOf = (today: LocalDate) => sql`coalesce((select m.share from flow.amendments m
  where m.organisation_id = a.organisation_id and m.agreement_id = a.id and m.state = 'signed' and m.effective_on <= ${today}::date
  order by m.effective_on desc limit 1), a.share)`;

function agreements(scope: Scope, today: LocalDate, states: 'signed' | 'all') {
  const which =
    'landlordId' in scope
      ? sql`a.organisation_id = ${scope.landlordId}`
      : 'holderId' in scope
        ? sql`a.holder_id = ${scope.holderId}`
        : 'partyId' in scope
          ? sql`(a.organisation_id = ${scope.partyId} or a.holder_id = ${scope.partyId})`
          : sql`a.id = ${scope.agreementId}`;
  const from = startOfYear(today);
  const kept = states === 'all' ? sql`` : sql`and a.state = 'signed'`;
  return sql<never>`
    select a.id, a.reference, a.organisation_id as "landlordId", l.name as landlord, a.holder_id as "holderId",
      h.name as holder, a.contingent, a.scale, a.perimeter_code as "perimeterCode",
      flow.perimeter_name(a.perimeter_code) as "perimeterName", ${shareOf(today)} as share,
      a.nomination_days as "nominationDays", a.nomination_mode as "nominationMode",
      a.small_holder as "smallHolder", a.starts_on as "startsOn", a.ends_on as "endsOn", ${lifeStateOf(today)} as state,
      json_build_object('freed', b.freed, 'due', b.due, 'periods', b.periods,
        'proposed', c.proposed, 'attributed', c.attributed, 'leased', c.leased) as figures,
      g.targets
    from flow.agreements a
    join organisations.organisations l on l.id = a.organisation_id
    join organisations.organisations h on h.id = a.holder_id
    cross join lateral (select coalesce(sum(p.freed), 0)::int as freed, round(coalesce(sum(p.due), 0), 2)::text as due,
        coalesce(json_agg(json_build_object('from', p.from_day, 'until', p.until_day, 'share', p.share::text, 'freed', p.freed)
          order by p.from_day), '[]') as periods
      from (select d.from_day, d.until_day, d.share, sum(d.sign)::int as freed, sum(d.part) as due from flow.due_parts d
        where d.organisation_id = a.organisation_id and d.agreement_id = a.id
          and d.on_day between ${from}::date and ${today}::date
        group by d.from_day, d.until_day, d.share) p) b
    cross join lateral (select ${net('proposed', 'withdrawn')} as proposed, ${net('attributed', 'unattributed')} as attributed,
        ${net('leased', 'unleased')} as leased
      from flow.events e
      where e.organisation_id = a.organisation_id and e.on_day between ${from}::date and ${today}::date
        and e.agreement_id = a.id and e.base_class = 'in-base') c
    cross join lateral (select coalesce(json_agg(json_build_object('criterion', t.criterion, 'value', t.value,
        'label', t.place, 'target', t.target, 'served', s.served) order by t.criterion, t.value), '[]') as targets
      from flow.indicative_targets t
      cross join lateral (select ${net('proposed', 'withdrawn')} as served from flow.events e
        where e.organisation_id = t.organisation_id and e.agreement_id = t.agreement_id
          and e.on_day between ${from}::date and ${today}::date and e.base_class = 'in-base' and ${meetsTarget('e')}) s
      where t.organisation_id = a.organisation_id and t.agreement_id = a.id
        and t.year = extract(year from ${today}::date)) g
    where ${which} ${kept}`;
}

/** The agreements of a landlord or of a holder, for an extraction. */
export const agreementList = defineList({
  name: 'flow.agreements',
  permission: 'flow.read',
  filters: z.object({ states: z.enum(['signed', 'all']).default('all') }),
  select: ({ organisationId, today, filters }) =>
    statements
      .selectFrom(
        sql<{
          id: string;
          reference: string;
          landlord: string;
          holder: string;
          contingent: string;
          perimeterName: string;
          scale: string;
          share: string;
          state: string;
          nominationMode: string;
          startsOn: string;
          endsOn: string | null;
          figures: unknown;
        }>`(${agreements({ partyId: organisationId }, today, filters.states)})`.as('agreements'),
      )
      .selectAll()
      .select([
        sql<string>`"figures"->>'due'`.as('due'),
        sql<number>`("figures"->>'proposed')::int`.as('proposed'),
        sql<number>`("figures"->>'attributed')::int`.as('attributed'),
        sql<number>`("figures"->>'leased')::int`.as('leased'),
      ]),
  sorts: { reference: ['reference', 'id'] },
  defaultSort: 'reference',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'state', type: 'word', words: 'agreement-state' },
    { key: 'landlord', type: 'text' },
    { key: 'holder', type: 'text' },
    { key: 'contingent', type: 'word', words: 'contingent' },
    { key: 'perimeterName', type: 'text' },
    { key: 'scale', type: 'word', words: 'scale' },
    { key: 'share', type: 'number' },
    { key: 'nominationMode', type: 'word', words: 'nomination-mode' },
    { key: 'due', type: 'number' },
    { key: 'proposed', type: 'count' },
    { key: 'attributed', type: 'count' },
    { key: 'leased', type: 'count' },
    { key: 'startsOn', type: 'day' },
    { key: 'endsOn', type: 'day' },
  ],
});

/** Terms as they are signed: what their fingerprint is made of. */
export type SignedTerms = Pick<
  Terms,
  | 'reference'
  | 'contingent'
  | 'perimeterCode'
  | 'share'
  | 'nominationDays'
  | 'nominationMode'
  | 'ifNoneProposed'
  | 'proposalTerms'
  | 'basis'
  | 'agreedOtherwise'
> & { holderId: string; startsOn: string; endsOn: string | null };

type SignatureRow = AgreementRecord['versions'][number]['signatures'][number] & {
  amendmentId: string | null;
  termsSha256: string;
};

export type AmendmentRow = {
  id: string;
  number: number;
  state: 'to-sign' | 'signed' | 'abandoned';
  from: LocalDate;
  effectiveOn: LocalDate | null;
  share: string;
  nominationDays: number | null;
  nominationMode: Terms['nominationMode'];
  ifNoneProposed: Terms['ifNoneProposed'];
  reason: string;
  version: number;
};

/** Everything of an agreement but its counters. */
export type AgreementDetails = Pick<
  AgreementRecord,
  | 'basis'
  | 'proposalTerms'
  | 'agreedOtherwise'
  | 'signedOn'
  | 'endingKind'
  | 'endingReason'
  | 'delegationPointOn'
  | 'version'
  | 'moves'
  | 'clauses'
  | 'derogations'
  | 'years'
> & {
  id: string;
  landlordId: string;
  landlord: string;
  holderId: string;
  holder: string;
  reference: string;
  contingent: Terms['contingent'];
  scale: Terms['scale'];
  perimeterCode: string;
  perimeterName: string;
  /** Of a commune, the EPT or EPCI it is in. */
  territory: string | null;
  departments: string[];
  keptState: KeptState;
  firstShare: string;
  nominationDays: number | null;
  nominationMode: Terms['nominationMode'];
  ifNoneProposed: Terms['ifNoneProposed'];
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  amendments: AmendmentRow[];
  signatures: SignatureRow[];
};

/** An agreement as one of its parties reads it. */
export const agreementDetails = (agreementId: string, today: LocalDate): CompiledQuery<AgreementDetails> =>
  details(agreementId, today).compile(statements);

/** The same beside what its targets rest on. */
export const agreementRecord = (
  agreementId: string,
  today: LocalDate,
): CompiledQuery<AgreementDetails & { bases: TargetBasis[] }> =>
  sql<AgreementDetails & { bases: TargetBasis[] }>`
    select d.*, (select coalesce(json_agg(json_build_object('criterion', b.criterion, 'value', b.value, 'residences', b.residences,
        'dwellings', b.dwellings, 'freed', b.freed, 'rights', b.rights, 'rightsOn', b.rights_on)), '[]')
      from flow.target_bases(d.id, coalesce((select jsonb_agg(distinct jsonb_build_object('criterion', t.criterion, 'value', t.value))
        from (select i.criterion, i.value from flow.indicative_targets i where i.agreement_id = d.id
          union select 'place', c.place_code from flow.contractual_targets c where c.agreement_id = d.id) t), '[]'),
        ${yearOf(today)}) b) as bases
    from (${details(agreementId, today)}) d`.compile(statements);

const details = (agreementId: string, today: LocalDate) =>
  sql<AgreementDetails>`
    select a.id, a.organisation_id as "landlordId", l.name as landlord, a.holder_id as "holderId", h.name as holder,
      a.reference, a.contingent, a.scale, a.perimeter_code as "perimeterCode",
      flow.perimeter_name(a.perimeter_code) as "perimeterName", p.territory, flow.departments_of(a.perimeter_code) as departments, a.state as "keptState", a.share as "firstShare",
      a.nomination_days as "nominationDays", a.nomination_mode as "nominationMode", a.if_none_proposed as "ifNoneProposed",
      a.starts_on as "startsOn", a.ends_on as "endsOn", a.basis, a.proposal_terms as "proposalTerms",
      a.agreed_otherwise as "agreedOtherwise", a.signed_on as "signedOn", a.ending_kind as "endingKind",
      a.ending_reason as "endingReason", a.version,
      (select max(m.held_on) from flow.meetings m where m.organisation_id = a.organisation_id and m.state = 'held'
        and m.held_on >= a.starts_on and exists (select from flow.meeting_items i where i.organisation_id = m.organisation_id
          and i.meeting_id = m.id and i.kind = 'delegation')) as "delegationPointOn",
      (select coalesce(json_agg(json_build_object('id', m.id, 'number', m.number, 'state', m.state, 'from', m.from_day,
          'effectiveOn', m.effective_on, 'share', m.share::text, 'nominationDays', m.nomination_days,
          'nominationMode', m.nomination_mode, 'ifNoneProposed', m.if_none_proposed, 'reason', m.reason,
          'version', m.version) order by m.number), '[]')
        from flow.amendments m where m.organisation_id = a.organisation_id and m.agreement_id = a.id) as amendments,
      (select coalesce(json_agg(json_build_object('party', s.party, 'signatory', s.signatory, 'title', s.title,
          'signedOn', s.signed_on, 'channel', s.channel, 'amendmentId', s.amendment_id, 'termsSha256', s.terms_sha256)
          order by s.at, s.party desc), '[]')
        from flow.signatures s where s.organisation_id = a.organisation_id and s.agreement_id = a.id) as signatures,
      (select coalesce(json_agg(json_build_object('id', v.id, 'at', v.at, 'kind', v.kind, 'by', v.by_name,
          'organisation', case when v.by_organisation_id = a.holder_id then h.name else l.name end, 'words', v.words,
          'facts', v.facts) order by v.at desc, v.id desc), '[]')
        from flow.agreement_moves v where v.organisation_id = a.organisation_id and v.agreement_id = a.id) as moves,
      (select coalesce(json_agg(json_build_object('id', c.id, 'dueOn', c.due_on, 'subject', c.subject,
          'doneOn', c.done_on, 'outcome', c.outcome) order by c.due_on, c.id), '[]')
        from flow.review_clauses c where c.organisation_id = a.organisation_id and c.agreement_id = a.id) as clauses,
      (select coalesce(json_agg(json_build_object('id', d.id, 'reference', d.reference, 'cap', d.cap::text,
          'from', d.from_day, 'until', d.until_day, 'reason', d.reason) order by d.from_day), '[]')
        from flow.derogations d where d.organisation_id = a.organisation_id and d.agreement_id = a.id) as derogations,
      (select coalesce(json_agg(json_build_object('year', y.year, 'revision', y.revision, 'contractual', y.contractual,
          'indicative', y.indicative) order by y.year desc), '[]')
        from (select years.year, coalesce(max(t.revision), 0)::int as revision,
            coalesce(json_agg(json_build_object('scale', t.place_scale, 'code', t.place_code,
              'name', flow.perimeter_name(t.place_code), 'share', t.share::text, 'freed', f.freed,
              'due', round(f.freed * t.share, 2)::text, 'proposed', f.proposed) order by flow.perimeter_name(t.place_code), t.place_code)
              filter (where t.id is not null), '[]') as contractual,
            (select coalesce(json_agg(json_build_object('id', i.id, 'criterion', i.criterion, 'value', i.value, 'label', i.place,
                'target', i.target, 'served', s.served, 'writtenBy', i.written_by, 'writer', i.writer, 'writtenOn', i.written_on,
                'version', i.version) order by i.criterion, i.value), '[]')
              from flow.indicative_targets i
              cross join lateral (select ${net('proposed', 'withdrawn')} as served
                from (select i.criterion, i.value) t
                cross join flow.events e where e.organisation_id = i.organisation_id and e.agreement_id = i.agreement_id
                  and e.on_day between make_date(i.year, 1, 1) and least(make_date(i.year, 12, 31), ${today}::date)
                  and e.base_class = 'in-base' and ${meetsTarget('e')}) s
              where i.organisation_id = a.organisation_id and i.agreement_id = a.id
                and i.year = years.year) as indicative
          from (select year from flow.contractual_targets where organisation_id = a.organisation_id and agreement_id = a.id
            union select year from flow.indicative_targets where organisation_id = a.organisation_id and agreement_id = a.id) years
          left join flow.contractual_targets t on t.organisation_id = a.organisation_id and t.agreement_id = a.id
            and t.year = years.year and t.revision = (select max(r.revision) from flow.contractual_targets r
              where r.organisation_id = a.organisation_id and r.agreement_id = a.id and r.year = years.year)
          left join lateral (select
              (select coalesce(sum(d.sign), 0)::int from flow.due_parts d where d.organisation_id = a.organisation_id
                and d.agreement_id = a.id and extract(year from d.on_day) = t.year and d.on_day <= ${today}::date
                and flow.in_perimeter(t.place_code, d.department, d.municipality_code, d.territory)) as freed,
              (select ${net('proposed', 'withdrawn')} from flow.events e where e.organisation_id = a.organisation_id
                and e.agreement_id = a.id and e.base_class = 'in-base' and extract(year from e.on_day) = t.year
                and e.on_day <= ${today}::date and flow.in_perimeter(t.place_code, e.department, e.municipality_code, e.territory)) as proposed) f on true
          group by years.year) y) as years
    from flow.agreements a
    join organisations.organisations l on l.id = a.organisation_id
    join organisations.organisations h on h.id = a.holder_id
    left join organisations.municipalities p on p.code = a.perimeter_code
    where a.id = ${agreementId}`;

export type TargetBasis = {
  criterion: string;
  value: string;
  residences: number;
  dwellings: number;
  /** Years with a vacancy in the perimeter, of the three before; null: none is known. */
  freed: { year: number; freed: number }[] | null;
  rights: number;
  rightsOn: LocalDate | null;
};

/** What criteria rest on in the perimeter of an agreement: stock today, vacancies of the three years before `year`, rights. */
export const targetBases = (
  agreementId: string,
  criteria: readonly { criterion: string; value: string }[],
  year: number,
): CompiledQuery<TargetBasis> =>
  sql<TargetBasis>`select b.criterion, b.value, b.residences, b.dwellings, b.freed, b.rights, b.rights_on as "rightsOn"
    from flow.target_bases(${agreementId}, ${JSON.stringify(criteria)}::jsonb, ${year}) b`.compile(statements);

export type AdaptationRow = {
  agreementId: string;
  reference: string;
  holder: string;
  version: number;
  party: Party;
  lines: {
    criterion: string;
    value: string;
    label: string | null;
    target: number | null;
    served: number;
    freed: { year: number; freed: number }[] | null;
    /** Written by the holder for the year after: its own words stand. */
    ownTarget: number | null;
    adapted: { proposed: number; adopted: number; reason: string | null; by: string; on: LocalDate } | null;
  }[];
};

/** The indicative targets of a year with their result, and what was made of it for the year after. */
export const adaptations = (agreementIds: readonly string[] | null, year: number): CompiledQuery<AdaptationRow> =>
  sql<AdaptationRow>`
    with asked as materialized (select a.id from flow.agreements a
      where (${agreementIds}::uuid[] is null or a.id = any(${agreementIds}::uuid[]))
        and exists (select from flow.indicative_targets t
          where t.organisation_id = a.organisation_id and t.agreement_id = a.id and t.year = ${year})),
    bases as materialized (select x.id as agreement_id, b.criterion, b.value, b.freed from asked x
      cross join lateral flow.target_bases(x.id, coalesce((select jsonb_agg(jsonb_build_object('criterion', t.criterion, 'value', t.value))
        from flow.indicative_targets t where t.agreement_id = x.id and t.year = ${year}), '[]'), ${year + 1}) b)
    select a.id as "agreementId", a.reference, h.name as holder, a.version,
      case when a.organisation_id = platform.organisation_id() then 'landlord' else 'holder' end as party,
      (select coalesce(json_agg(json_build_object('criterion', t.criterion, 'value', t.value, 'label', t.place, 'target', t.target,
          'served', s.served, 'freed', b.freed, 'ownTarget', o.target, 'adapted', d.adapted) order by t.criterion, t.value), '[]')
        from flow.indicative_targets t
        cross join lateral (select ${net('proposed', 'withdrawn')} as served from flow.events e
          where e.organisation_id = t.organisation_id and e.agreement_id = t.agreement_id and e.base_class = 'in-base'
            and e.on_day between make_date(${year}, 1, 1) and make_date(${year}, 12, 31) and ${meetsTarget('e')}) s
        left join bases b on b.agreement_id = a.id and b.criterion = t.criterion and b.value = t.value
        left join flow.indicative_targets o on o.organisation_id = t.organisation_id and o.agreement_id = t.agreement_id
          and o.year = ${year + 1} and o.criterion = t.criterion and o.value = t.value and o.written_by = 'holder'
        left join lateral (select json_build_object('proposed', x.proposed, 'adopted', x.adopted, 'reason', x.reason,
            'by', x.by_name, 'on', x.adapted_on) as adapted
          from flow.target_adaptations x where x.organisation_id = t.organisation_id and x.agreement_id = t.agreement_id
            and x.year = ${year + 1} and x.criterion = t.criterion and x.value = t.value order by x.at desc limit 1) d on true
        where t.organisation_id = a.organisation_id and t.agreement_id = a.id and t.year = ${year}) as lines
    from flow.agreements a
    join organisations.organisations h on h.id = a.holder_id
    where a.id in (select asked.id from asked)
    order by a.reference`.compile(statements);

export type CommitmentRow = {
  id: string;
  reference: string;
  holder: string;
  contingent: Terms['contingent'];
  basis: Terms['basis'];
  perimeterCode: string;
  territory: string | null;
  departments: string[];
  agreedOtherwise: boolean;
  shares: { from: LocalDate; until: LocalDate | null; share: string }[];
};

/**
 * What a landlord has promised from a day on: signed agreements with their shares from day to day, those that are to be
 * signed, and amendments that are to be signed from their day.
 */
export const commitments = (landlordId: string, from: LocalDate): CompiledQuery<CommitmentRow> =>
  sql<CommitmentRow>`
    select a.id, a.reference, h.name as holder, a.contingent, a.basis, a.perimeter_code as "perimeterCode",
      p.territory, flow.departments_of(a.perimeter_code) as departments, a.agreed_otherwise as "agreedOtherwise", s.shares
    from flow.agreements a
    join organisations.organisations h on h.id = a.holder_id
    left join organisations.municipalities p on p.code = a.perimeter_code
    cross join lateral (select json_agg(json_build_object('from', v.from_day, 'until', v.until_day, 'share', v.share::text)
        order by v.from_day) as shares
      from (select v.from_day, v.share,
          least(lead(v.from_day) over (order by v.from_day) - 1, a.ends_on) as until_day
        from (select a.starts_on as from_day, a.share union all
          select coalesce(m.effective_on, m.from_day), m.share from flow.amendments m
          where m.organisation_id = a.organisation_id and m.agreement_id = a.id and m.state <> 'abandoned') v) v) s
    where a.organisation_id = ${landlordId} and a.state in ('signed', 'to-sign')
      and (a.ends_on is null or a.ends_on >= ${from}::date)
    order by a.id`.compile(statements);

export type PromiseContext = {
  derogations: { department: string; from: LocalDate; until: LocalDate; cap: string }[];
  municipalities: { code: string; name: string; territory: string | null; dwellings: number; buildings: number }[];
  territories: { code: string; name: string; departments: string[] }[];
};

/** What the caps are weighed with: arrêtés, the landlord's stock by commune, the EPT and EPCI. */
export const promiseContext = (landlordId: string): CompiledQuery<PromiseContext> =>
  sql<PromiseContext>`
    select (select coalesce(json_agg(json_build_object('department', d.department, 'from', d.from_day, 'until', d.until_day,
          'cap', d.cap::text) order by d.from_day), '[]')
        from flow.derogations d where d.organisation_id = ${landlordId}) as derogations,
      (select coalesce(json_agg(json_build_object('code', s.code, 'name', m.name_fr, 'territory', m.territory, 'dwellings', s.dwellings,
          'buildings', s.buildings) order by m.name_fr), '[]')
        from (select d.municipality_code as code, count(*)::int as dwellings, count(distinct d.building_id)::int as buildings
          from portfolio.dwelling_cards d where d.organisation_id = ${landlordId} and d.left_on is null
            and d.management = 'flow' group by d.municipality_code) s
        join organisations.municipalities m on m.code = s.code) as municipalities,
      (select coalesce(json_agg(json_build_object('code', t.code, 'name', t.name, 'departments', t.departments) order by t.name), '[]')
        from (select m.territory as code, max(m.territory_name) as name, array_agg(distinct m.department order by m.department) as departments
          from organisations.municipalities m where m.territory is not null group by m.territory) t) as territories`.compile(
    statements,
  );
