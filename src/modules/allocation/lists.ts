import { sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import { statements } from '../../platform/database/statements.ts';
import { defineList, matchesSearch } from '../../platform/lists/list.ts';
import { planKind } from './actions/apply-plan.ts';
import { orientationFilters, proposalFilters, sessionFilters, vacancyFilters } from './contract.ts';
import type { RibbonDates } from './rules/ribbon.ts';

/** Stages at which the next act is the organisation's own. */
const toDo = sql<boolean>`(v.stage in ('to-orient', 'to-select', 'to-offer', 'to-sign')
  or (v.stage = 'committee' and v.next_due_what = 'schedule'))`;

const freeOn = sql<LocalDate>`coalesce(v.freed_on, v.expected_free_on)`;

/** The days of the ribbon, as one value: see `rules/ribbon.ts`. */
export const ribbonDates = sql<RibbonDates>`json_build_object(
  'openedOn', v.opened_on, 'freeOn', ${freeOn}, 'worksUntil', v.works_until, 'worksDoneOn', v.works_done_on,
  'orientedOn', (select min(o.decided_at)::date from allocation.orientations o
    where o.organisation_id = v.organisation_id and o.vacancy_id = v.id),
  'proposedOn', p.proposed_on, 'nominateBy', p.nominate_by,
  'nominatedOn', case when p.state not in ('open', 'expired') then coalesce(p.closed_on, p.nominate_by) end,
  'sessionOn', (select max(s.held_on) from allocation.agenda_items i
    join allocation.sessions s on s.organisation_id = i.organisation_id and s.id = i.session_id
    where i.organisation_id = v.organisation_id and i.vacancy_id = v.id and i.state in ('pending', 'decided')),
  'offeredOn', f.sent_on, 'answerBy', f.answer_by, 'answeredOn', f.answered_on, 'leaseFrom', v.let_from)`;

export const vacancyList = defineList({
  name: 'allocation.vacancies',
  permission: 'vacancies.read',
  filters: vacancyFilters,
  select({ organisationId, filters, today }) {
    let query = statements
      .selectFrom('allocation.vacancies as v')
      .innerJoin('portfolio.dwelling_cards as d', (join) =>
        join.onRef('d.organisation_id', '=', 'v.organisation_id').onRef('d.id', '=', 'v.dwelling_id'),
      )
      .leftJoin('organisations.organisations as h', 'h.id', 'v.holder_id')
      .leftJoinLateral(
        (eb) =>
          eb
            .selectFrom('allocation.proposals as p')
            .select(['p.proposed_on', 'p.nominate_by', 'p.closed_on', 'p.state'])
            .whereRef('p.organisation_id', '=', 'v.organisation_id')
            .whereRef('p.vacancy_id', '=', 'v.id')
            .orderBy('p.created_at', 'desc')
            .limit(1)
            .as('p'),
        (join) => join.onTrue(),
      )
      .leftJoinLateral(
        (eb) =>
          eb
            .selectFrom('allocation.offers as f')
            .select(['f.sent_on', 'f.answer_by', 'f.answered_on'])
            .whereRef('f.organisation_id', '=', 'v.organisation_id')
            .whereRef('f.vacancy_id', '=', 'v.id')
            .orderBy('f.created_at', 'desc')
            .limit(1)
            .as('f'),
        (join) => join.onTrue(),
      )
      .select([
        'v.id',
        'v.dwelling_id as dwellingId',
        'd.reference',
        sql<string>`d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '')`.as('address'),
        'd.municipality_fr as municipality',
        'd.bedrooms',
        'd.rooms',
        'd.funding',
        'v.stage',
        'v.next_due_on as nextDueOn',
        'v.next_due_what as nextDueWhat',
        'v.opened_on as openedOn',
        freeOn.as('freeOn'),
        sql<number | null>`case when ${freeOn} < ${today}::date
          then least(coalesce(v.let_from, ${today}::date), ${today}::date) - ${freeOn} - 1 + (case when v.let_from is null then 1 else 0 end) end`.as(
          'voidDays',
        ),
        sql<number>`d.rent_cents`.as('rentCents'),
        'h.name as holder',
        'v.closed_on as closedOn',
        ribbonDates.as('ribbonDates'),
      ])
      .where('v.organisation_id', '=', organisationId)
      .where('v.closed_on', filters.closed ? 'is not' : 'is', null);
    if (filters.q) query = query.where(matchesSearch('v.dwelling_id', 'dwelling', filters.q));
    if (filters.dwelling) query = query.where('v.dwelling_id', '=', filters.dwelling);
    if (filters.stage) query = query.where('v.stage', 'in', filters.stage);
    if (filters.municipality) query = query.where('d.municipality_code', 'in', filters.municipality);
    if (filters.bedrooms !== undefined) query = query.where('d.bedrooms', '=', filters.bedrooms);
    if (filters.rooms !== undefined) query = query.where('d.rooms', '=', filters.rooms);
    if (filters.only === 'void') query = query.where(sql<boolean>`${freeOn} < ${today}::date`);
    if (filters.only === 'notice') query = query.where(sql<boolean>`${freeOn} >= ${today}::date`);
    if (filters.only === 'late') query = query.where('v.next_due_on', '<', today);
    if (filters.only === 'to-do') query = query.where(toDo);
    return query;
  },
  // A closed vacancy has nothing due.
  nullable: ['v.next_due_on'],
  sorts: { due: ['v.next_due_on', 'v.id'], opened: ['v.opened_on', 'v.id'] },
  defaultSort: 'opened',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'bedrooms', type: 'count' },
    { key: 'rooms', type: 'count' },
    { key: 'funding', type: 'text' },
    { key: 'stage', type: 'word', words: 'stage' },
    { key: 'nextDueOn', type: 'day' },
    { key: 'openedOn', type: 'day' },
    { key: 'freeOn', type: 'day' },
    { key: 'voidDays', type: 'count' },
    { key: 'rentCents', type: 'cents' },
    { key: 'holder', type: 'text' },
    { key: 'closedOn', type: 'day' },
  ],
});

/** What became of the candidates a holder named, as far as it may know. */
const progress = sql<'to-name'>`case
  when p.state = 'open' then 'to-name'
  when p.state = 'housed' then 'housed'
  when p.state in ('returned', 'expired', 'withdrawn', 'unsuccessful') then 'ended'
  when exists (select 1 from allocation.candidates c where c.organisation_id = p.organisation_id and c.proposal_id = p.id
    and c.state in ('offered', 'accepted')) then 'offer'
  when exists (select 1 from allocation.candidates c where c.organisation_id = p.organisation_id and c.proposal_id = p.id
    and c.state <> 'named' and c.state <> 'withdrawn') then 'committee'
  else 'named' end`;

const shared = <Value>(key: string, cast = '') => sql<Value>`(p.dwelling->>${sql.lit(key)})${sql.raw(cast)}`;

/** Proposals received by a holder, whichever landlord sent them. */
export const proposalList = defineList({
  name: 'allocation.proposals',
  permission: 'proposals.read',
  filters: proposalFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('allocation.proposals as p')
      .innerJoin('organisations.organisations as l', 'l.id', 'p.organisation_id')
      .select([
        'p.id',
        'p.organisation_id as landlordId',
        'l.name as landlord',
        shared<string>('address').as('address'),
        shared<string>('municipality').as('municipality'),
        shared<number | null>('rooms', '::int').as('rooms'),
        shared<string | null>('areaM2').as('areaM2'),
        shared<string | null>('funding').as('funding'),
        shared<boolean>('inPriorityArea', '::boolean').as('inPriorityArea'),
        shared<number>('rentCents', '::int').as('rentCents'),
        shared<number>('chargesCents', '::int').as('chargesCents'),
        shared<string>('freeOn').as('freeOn'),
        'p.proposed_on as proposedOn',
        'p.nominate_by as nominateBy',
        'p.state',
        sql<number>`(select count(*)::int from allocation.candidates c where c.organisation_id = p.organisation_id
          and c.proposal_id = p.id and c.state <> 'withdrawn')`.as('candidates'),
        progress.as('progress'),
      ])
      .where('p.holder_id', '=', organisationId);
    if (filters.state) query = query.where('p.state', 'in', filters.state);
    if (filters.landlord) query = query.where('p.organisation_id', '=', filters.landlord);
    return query;
  },
  sorts: { deadline: ['p.nominate_by', 'p.id'], proposed: ['p.proposed_on', 'p.id'] },
  defaultSort: 'deadline',
  columns: [
    { key: 'landlord', type: 'text' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'rooms', type: 'count' },
    { key: 'areaM2', type: 'number' },
    { key: 'funding', type: 'text' },
    { key: 'inPriorityArea', type: 'yes-no' },
    { key: 'rentCents', type: 'cents' },
    { key: 'chargesCents', type: 'cents' },
    { key: 'freeOn', type: 'day' },
    { key: 'proposedOn', type: 'day' },
    { key: 'nominateBy', type: 'day' },
    { key: 'state', type: 'word', words: 'proposal-state' },
    { key: 'candidates', type: 'count' },
  ],
});

/** Orientations as they were decided; one that was taken back stays. */
export const orientationList = defineList({
  name: 'allocation.orientations',
  permission: 'vacancies.read',
  filters: orientationFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('allocation.orientations as o')
      .innerJoin('allocation.vacancies as v', (join) =>
        join.onRef('v.organisation_id', '=', 'o.organisation_id').onRef('v.id', '=', 'o.vacancy_id'),
      )
      .innerJoin('portfolio.dwelling_cards as d', (join) =>
        join.onRef('d.organisation_id', '=', 'v.organisation_id').onRef('d.id', '=', 'v.dwelling_id'),
      )
      .select([
        'o.id',
        'o.vacancy_id as vacancyId',
        sql<LocalDate>`o.decided_at::date`.as('decidedOn'),
        sql<string>`d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '')`.as('address'),
        'd.municipality_fr as municipality',
        holderOf('suggested_agreement_id').as('suggested'),
        holderOf('chosen_agreement_id').as('chosen'),
        'o.followed',
        'o.reason',
        'v.base_class as baseClass',
        sql<boolean>`o.batch_id is not null`.as('planned'),
      ])
      .where('o.organisation_id', '=', organisationId);
    if (filters.followed) query = query.where('o.followed', '=', filters.followed === 'true');
    return query;
  },
  sorts: { decided: ['o.decided_at', 'o.id'] },
  defaultSort: 'decided',
  columns: [
    { key: 'decidedOn', type: 'day' },
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'suggested', type: 'text' },
    { key: 'chosen', type: 'text' },
    { key: 'followed', type: 'yes-no' },
    { key: 'reason', type: 'text' },
    { key: 'baseClass', type: 'word', words: 'base-class' },
    { key: 'planned', type: 'yes-no' },
  ],
});

/** Plans applied as a whole; one that was taken back stays. */
export const planList = defineList({
  name: 'allocation.orientation-plans',
  permission: 'vacancies.read',
  filters: z.object({}),
  select: ({ organisationId }) =>
    statements
      .selectFrom('platform.batches as b')
      .leftJoin('organisations.users as a', 'a.id', 'b.applied_by')
      .leftJoin('organisations.users as u', 'u.id', 'b.reverted_by')
      .select([
        'b.id',
        sql<LocalDate>`b.parameters->>'on'`.as('appliedOn'),
        sql<string>`coalesce(a.given_name || ' ' || a.family_name, b.applied_by)`.as('by'),
        'b.label as reason',
        sql<number>`(b.counts->>'dwellings')::int`.as('dwellings'),
        sql<LocalDate | null>`b.revert_report->>'on'`.as('undoneOn'),
        sql<string | null>`coalesce(u.given_name || ' ' || u.family_name, b.reverted_by)`.as('undoneBy'),
        sql<string | null>`b.revert_report->>'reason'`.as('undoneReason'),
      ])
      .where('b.organisation_id', '=', organisationId)
      .where('b.kind', '=', planKind),
  sorts: { applied: ['b.created_at', 'b.id'] },
  defaultSort: 'applied',
  columns: [
    { key: 'appliedOn', type: 'day' },
    { key: 'by', type: 'text' },
    { key: 'reason', type: 'text' },
    { key: 'dwellings', type: 'count' },
    { key: 'undoneOn', type: 'day' },
    { key: 'undoneBy', type: 'text' },
    { key: 'undoneReason', type: 'text' },
  ],
});

/** The holder of an agreement of an orientation; nobody for the landlord's own contingent. */
function holderOf(column: 'suggested_agreement_id' | 'chosen_agreement_id') {
  return sql<
    string | null
  >`(select h.name from flow.agreement_cards a join organisations.organisations h on h.id = a.holder_id
    where a.organisation_id = o.organisation_id and a.id = ${sql.ref(`o.${column}`)})`;
}

export const sessionList = defineList({
  name: 'allocation.sessions',
  permission: 'committee.read',
  filters: sessionFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('allocation.sessions as s')
      .select([
        's.id',
        's.reference',
        's.kind',
        's.held_on as heldOn',
        's.held_at as heldAt',
        's.place',
        's.state',
        sql<number>`(select count(*)::int from allocation.agenda_items i where i.organisation_id = s.organisation_id
          and i.session_id = s.id and i.state <> 'withdrawn')`.as('items'),
        sql<number>`(select count(*)::int from allocation.agenda_items i where i.organisation_id = s.organisation_id
          and i.session_id = s.id and i.state = 'decided')`.as('decided'),
      ])
      .where('s.organisation_id', '=', organisationId);
    if (filters.state) query = query.where('s.state', 'in', filters.state);
    return query;
  },
  sorts: { held: ['s.held_on', 's.id'] },
  defaultSort: 'held',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'kind', type: 'word', words: 'session-kind' },
    { key: 'heldOn', type: 'day' },
    { key: 'place', type: 'text' },
    { key: 'state', type: 'word', words: 'session-state' },
    { key: 'items', type: 'count' },
    { key: 'decided', type: 'count' },
  ],
});
