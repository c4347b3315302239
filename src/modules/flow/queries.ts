import { type CompiledQuery, sql } from 'kysely';
import { z } from 'zod';
import { type LocalDate, startOfYear } from '../../kernel/local-date.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList } from '../../platform/lists/list.ts';
import type { Agreement } from './contract.ts';

/** What counts as one, and what takes one back. */
const net = (plus: string, minus: string, extra = sql``) =>
  sql`(count(*) filter (where e.kind = ${sql.lit(plus)} ${extra}) - count(*) filter (where e.kind = ${sql.lit(minus)} ${extra}))::int`;

/** Whether an event, or the dwelling oriented now (aliases in `facts`), meets an indicative target `t`. */
const meetsTarget = (facts: string) => {
  const column = (name: string) => sql.ref(`${facts}.${name}`);
  return sql<boolean>`case t.criterion
    when 'rooms-min' then ${column('rooms')} >= t.value::int
    when 'rooms' then ${column('rooms')} = t.value::int
    when 'funding' then ${column('funding')} = t.value
    when 'priority-area' then ${column('in_priority_area')} = (t.value = 'in')
    when 'built-since' then ${column('construction_year')} >= t.value::int
    when 'territory' then ${column('territory')} = t.value
    else false end`;
};

/**
 * Agreements with their counters since 1 January. Row-level security shows a landlord its own, a holder those it signed;
 * `organisationIds` names the landlords concerned, so that a distributed database looks only there.
 */
export const agreementsWithFigures = (
  scope: Scope,
  today: LocalDate,
): CompiledQuery<Omit<Agreement, 'figures'> & { figures: Omit<Agreement['figures'], 'due'> }> =>
  sql<never>`${agreements(scope, today)} order by l.name, a.perimeter_code, a.contingent, h.name`.compile(statements);

type Scope = { landlordId: string } | { holderId: string } | { agreementId: string } | { partyId: string };

function agreements(scope: Scope, today: LocalDate) {
  const which =
    'landlordId' in scope
      ? sql`a.organisation_id = ${scope.landlordId}`
      : 'holderId' in scope
        ? sql`a.holder_id = ${scope.holderId}`
        : 'partyId' in scope
          ? sql`(a.organisation_id = ${scope.partyId} or a.holder_id = ${scope.partyId})`
          : sql`a.id = ${scope.agreementId}`;
  const from = startOfYear(today);
  return sql<never>`
    select a.id, a.reference, a.organisation_id as "landlordId", l.name as landlord, a.holder_id as "holderId",
      h.name as holder, a.contingent, a.scale, a.perimeter_code as "perimeterCode",
      coalesce(m.name_fr, a.perimeter_code) as "perimeterName", a.share, a.nomination_days as "nominationDays",
      a.small_holder as "smallHolder", a.starts_on as "startsOn", a.ends_on as "endsOn", a.state,
      json_build_object('freed', b.freed, 'proposed', c.proposed, 'attributed', c.attributed, 'leased', c.leased) as figures,
      g.targets
    from flow.agreements a
    join organisations.organisations l on l.id = a.organisation_id
    join organisations.organisations h on h.id = a.holder_id
    left join organisations.municipalities m on m.code = a.perimeter_code
    cross join lateral (select ${net('freed', 'unfreed')} as freed from flow.events e
      where e.organisation_id = a.organisation_id and e.on_day between ${from}::date and ${today}::date
        and e.kind in ('freed', 'unfreed') and e.base_class = 'in-base'
        and a.perimeter_code in (e.department, e.municipality_code)) b
    cross join lateral (select ${net('proposed', 'withdrawn')} as proposed, ${net('attributed', 'unattributed')} as attributed,
        ${net('leased', 'unleased')} as leased
      from flow.events e
      where e.organisation_id = a.organisation_id and e.on_day between ${from}::date and ${today}::date
        and e.agreement_id = a.id and e.base_class = 'in-base') c
    cross join lateral (select coalesce(json_agg(json_build_object('criterion', t.criterion, 'value', t.value,
        'label', null, 'target', t.target, 'served', s.served) order by t.criterion, t.value), '[]') as targets
      from flow.indicative_targets t
      cross join lateral (select ${net('proposed', 'withdrawn')} as served from flow.events e
        where e.organisation_id = t.organisation_id and e.agreement_id = t.agreement_id
          and e.on_day between ${from}::date and ${today}::date and e.base_class = 'in-base' and ${meetsTarget('e')}) s
      where t.organisation_id = a.organisation_id and t.agreement_id = a.id
        and t.year = extract(year from ${today}::date)) g
    where ${which} and a.state <> 'draft'`;
}

/** The agreements of a landlord or of a holder, for an extraction. */
export const agreementList = defineList({
  name: 'flow.agreements',
  permission: 'flow.read',
  filters: z.object({}),
  select: ({ organisationId, today }) =>
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
          startsOn: string;
          endsOn: string | null;
          figures: unknown;
        }>`(${agreements({ partyId: organisationId }, today)})`.as('agreements'),
      )
      .selectAll()
      .select([
        sql<string>`round("share" * ("figures"->>'freed')::int, 2)`.as('due'),
        sql<number>`("figures"->>'proposed')::int`.as('proposed'),
        sql<number>`("figures"->>'attributed')::int`.as('attributed'),
        sql<number>`("figures"->>'leased')::int`.as('leased'),
      ]),
  sorts: { reference: ['reference', 'id'] },
  defaultSort: 'reference',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'landlord', type: 'text' },
    { key: 'holder', type: 'text' },
    { key: 'contingent', type: 'word', words: 'contingent' },
    { key: 'perimeterName', type: 'text' },
    { key: 'scale', type: 'word', words: 'scale' },
    { key: 'share', type: 'number' },
    { key: 'due', type: 'number' },
    { key: 'proposed', type: 'count' },
    { key: 'attributed', type: 'count' },
    { key: 'leased', type: 'count' },
    { key: 'startsOn', type: 'day' },
    { key: 'endsOn', type: 'day' },
  ],
});

export type MonthRow = { on: string; freed: number; proposed: number; leased: number };

/** Counters of an agreement cumulated at the end of each month, the last point being today. */
export const trajectory = (agreementId: string, today: LocalDate): CompiledQuery<MonthRow> =>
  sql<MonthRow>`
    with months as (
      select least((date_trunc('month', m) + interval '1 month - 1 day')::date, ${today}::date) as until
      from generate_series(${startOfYear(today)}::timestamp, ${today}::timestamp, interval '1 month') m)
    select months.until as on, ${net('freed', 'unfreed')} as freed, ${net('proposed', 'withdrawn', sql`and e.agreement_id = a.id`)} as proposed,
      ${net('leased', 'unleased', sql`and e.agreement_id = a.id`)} as leased
    from flow.agreements a
    cross join months
    left join flow.events e on e.organisation_id = a.organisation_id
      and e.on_day between ${startOfYear(today)}::date and months.until and e.base_class = 'in-base'
      and (e.agreement_id = a.id or (e.kind in ('freed', 'unfreed') and a.perimeter_code in (e.department, e.municipality_code)))
    where a.id = ${agreementId}
    group by months.until
    order by months.until`.compile(statements);

/** The facts of a dwelling that flows are counted by. */
export type FlowFacts = {
  department: string;
  municipalityCode: string;
  territory: string | null;
  rooms: number | null;
  funding: string | null;
  inPriorityArea: boolean;
  constructionYear: number | null;
};

export type PartyRow = {
  id: string;
  holderId: string;
  name: string;
  contingent: string;
  scale: 'municipality' | 'department';
  share: string;
  nominationDays: number | null;
  freed: number;
  proposed: number;
  needs: { criterion: string; value: string; target: number; served: number }[];
};

/**
 * The agreements that admit a dwelling of these facts, with their counters at their own scale: the municipality of the
 * dwelling for municipalities and the State, its département for the others (F-30).
 */
export async function admissibleParties(
  tx: Tx,
  landlordId: string,
  facts: FlowFacts,
  today: LocalDate,
): Promise<PartyRow[]> {
  const from = startOfYear(today);
  const { rows } = await sql<PartyRow>`
    with dwelling as (select ${facts.rooms}::int as rooms, ${facts.funding}::text as funding,
      ${facts.inPriorityArea}::boolean as in_priority_area, ${facts.constructionYear}::int as construction_year,
      ${facts.territory}::text as territory)
    select a.id, a.holder_id as "holderId", h.name, a.contingent, a.scale, a.share, a.nomination_days as "nominationDays",
      b.freed, c.proposed, n.needs
    from flow.agreements a
    join organisations.organisations h on h.id = a.holder_id
    cross join dwelling
    cross join lateral (select ${net('freed', 'unfreed')} as freed from flow.events e
      where e.organisation_id = a.organisation_id and e.on_day between ${from}::date and ${today}::date
        and e.kind in ('freed', 'unfreed') and e.base_class = 'in-base' and e.department = ${facts.department}
        and (a.scale = 'department' or e.municipality_code = ${facts.municipalityCode})) b
    cross join lateral (select ${net('proposed', 'withdrawn')} as proposed from flow.events e
      where e.organisation_id = a.organisation_id and e.on_day between ${from}::date and ${today}::date
        and e.agreement_id = a.id and e.base_class = 'in-base'
        and (a.scale = 'department' or e.municipality_code = ${facts.municipalityCode})) c
    cross join lateral (select coalesce(json_agg(json_build_object('criterion', t.criterion, 'value', t.value,
        'target', t.target, 'served', s.served) order by t.criterion), '[]') as needs
      from flow.indicative_targets t
      cross join lateral (select ${net('proposed', 'withdrawn')} as served from flow.events e
        where e.organisation_id = t.organisation_id and e.agreement_id = t.agreement_id
          and e.on_day between ${from}::date and ${today}::date and e.base_class = 'in-base' and ${meetsTarget('e')}) s
      where t.organisation_id = a.organisation_id and t.agreement_id = a.id
        and t.year = extract(year from ${today}::date) and ${meetsTarget('dwelling')}) n
    where a.organisation_id = ${landlordId} and a.state = 'signed'
      and a.starts_on <= ${today}::date and (a.ends_on is null or a.ends_on >= ${today}::date)
      and a.perimeter_code in (${facts.department}, ${facts.municipalityCode})
    order by a.scale, a.share desc, a.id`.execute(tx);
  return rows;
}

/**
 * The landlord's own contingent in a département: vacancies of the base, those it kept, and what the agreements of the
 * département have due (share × vacancies, each in its own perimeter); the rest is its own.
 */
export async function ownContingent(
  tx: Tx,
  landlordId: string,
  department: string,
  today: LocalDate,
): Promise<{ freed: number; kept: number; promised: string }> {
  const { rows } = await sql<{ freed: number; kept: number; promised: string }>`
    select (select coalesce(sum(a.share * b.freed), 0)::text
        from flow.agreements a
        cross join lateral (select ${net('freed', 'unfreed')} as freed from flow.events e
          where e.organisation_id = a.organisation_id and e.on_day between ${startOfYear(today)}::date and ${today}::date
            and e.kind in ('freed', 'unfreed') and e.base_class = 'in-base' and e.department = ${department}
            and a.perimeter_code in (e.department, e.municipality_code)) b
        where a.organisation_id = ${landlordId} and a.state = 'signed' and substr(a.perimeter_code, 1, 2) = ${department}
          and a.starts_on <= ${today}::date and (a.ends_on is null or a.ends_on >= ${today}::date)) as promised,
      ${net('freed', 'unfreed')} as freed, ${net('proposed', 'withdrawn', sql`and e.agreement_id is null`)} as kept
    from flow.events e
    where e.organisation_id = ${landlordId} and e.on_day between ${startOfYear(today)}::date and ${today}::date
      and e.base_class = 'in-base' and e.department = ${department}`.execute(tx);
  return rows[0]!;
}
