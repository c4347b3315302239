import { sql } from 'kysely';
import { statements } from '../../../platform/database/statements.ts';
import { defineList } from '../../../platform/lists/list.ts';
import { net } from '../queries.ts';
import { actionFilters, countedFilters, meetingFilters } from './contract.ts';
import { narrowed, periodOf } from './queries.ts';

/** The vacancies behind the figures of the cockpit, in the base, over the year. */
export const countedList = defineList({
  name: 'flow.counted',
  permission: 'flow.steer',
  filters: countedFilters,
  select({ organisationId, filters, today }) {
    const { from, to } = periodOf(filters.year, today);
    const day = (kind: string) => sql<string | null>`max(e.on_day) filter (where e.kind = ${sql.lit(kind)})`;
    const ofHolder = filters.holder
      ? sql<boolean>`exists (select from flow.agreements a where a.organisation_id = e.organisation_id and a.id = e.agreement_id
          and a.holder_id = ${filters.holder} and (${filters.contingent ?? null}::text is null or a.contingent = ${filters.contingent ?? null}))`
      : sql<boolean>`true`;
    const query = statements
      .selectFrom(
        sql<{
          organisation_id: string;
          id: string;
          address: string;
          municipality: string;
          municipality_code: string;
          stage: string;
          opened_on: string;
        }>`insights.vacancy_roads`.as('r'),
      )
      .innerJoinLateral(
        sql<{
          freed: string | null;
          proposed: string | null;
          attributed: string | null;
          leased: string | null;
          holder: string | null;
        }>`(
          select ${day('freed')} as freed, ${day('proposed')} as proposed, ${day('attributed')} as attributed, ${day('leased')} as leased,
            (array_agg(h.name order by e.on_day desc, e.id desc) filter (where e.kind = 'proposed'))[1] as holder
          from flow.events e
          left join organisations.organisations h on h.id = e.holder_id
          where e.organisation_id = r.organisation_id and e.vacancy_id = r.id and e.on_day between ${from}::date and ${to}::date
            and e.base_class = 'in-base' and ${narrowed('e', filters)}
            and (e.kind in ('freed', 'unfreed') or ${ofHolder})
          having ${filters.holder ? sql`` : sql`${net('freed', 'unfreed')} > 0 or`} ${net('proposed', 'withdrawn')} > 0)`.as(
          'c',
        ),
        (join) => join.onTrue(),
      )
      .select([
        'r.id',
        'r.address',
        'r.municipality',
        'c.holder',
        'c.freed as freedOn',
        'c.proposed as proposedOn',
        'c.attributed as attributedOn',
        'c.leased as leasedOn',
        'r.stage',
      ])
      .where('r.organisation_id', '=', organisationId);
    return filters.municipality
      ? query.where('r.municipality_code', '=', filters.municipality)
      : filters.department
        ? query.where(sql<boolean>`substr(r.municipality_code, 1, 2) = ${filters.department}`)
        : query;
  },
  sorts: { opened: ['r.opened_on', 'r.id'] },
  defaultSort: 'opened',
  columns: [
    { key: 'address', type: 'text' },
    { key: 'municipality', type: 'text' },
    { key: 'holder', type: 'text' },
    { key: 'freedOn', type: 'day' },
    { key: 'proposedOn', type: 'day' },
    { key: 'attributedOn', type: 'day' },
    { key: 'leasedOn', type: 'day' },
    { key: 'stage', type: 'word', words: 'stage' },
  ],
});

/** Corrective actions: the landlord's own, and those a holder was told of. */
export const actionList = defineList({
  name: 'flow.actions',
  permission: 'flow.read',
  filters: actionFilters,
  select({ organisationId, filters, today }) {
    let query = statements
      .selectFrom('flow.corrective_actions as c')
      .leftJoin('organisations.organisations as h', 'h.id', 'c.holder_id')
      .select([
        'c.id',
        'c.title',
        'c.decided',
        'h.name as holder',
        sql<string | null>`c.drift->>'place'`.as('place'),
        sql<string | null>`c.drift->>'gap'`.as('gap'),
        'c.owner',
        'c.decided_on as decidedOn',
        'c.due_on as dueOn',
        'c.state',
        'c.shared',
      ])
      .where((eb) =>
        eb.or([
          eb('c.organisation_id', '=', organisationId),
          eb.and([eb('c.holder_id', '=', organisationId), eb('c.shared', '=', true)]),
        ]),
      );
    if (filters.state) query = query.where('c.state', 'in', filters.state);
    if (filters.holder) query = query.where('c.holder_id', '=', filters.holder);
    if (filters.late) query = query.where('c.due_on', '<', today).where('c.state', 'in', ['open', 'under-way']);
    return query;
  },
  sorts: { due: ['c.due_on', 'c.id'] },
  defaultSort: 'due',
  columns: [
    { key: 'title', type: 'text' },
    { key: 'decided', type: 'text' },
    { key: 'holder', type: 'text' },
    { key: 'place', type: 'text' },
    { key: 'gap', type: 'number' },
    { key: 'owner', type: 'text' },
    { key: 'decidedOn', type: 'day' },
    { key: 'dueOn', type: 'day' },
    { key: 'state', type: 'word', words: 'action-state' },
  ],
});

/** Meetings: one's own, and those one is invited to. */
export const meetingList = defineList({
  name: 'flow.meetings',
  permission: 'flow.read',
  filters: meetingFilters,
  select({ organisationId, filters }) {
    let query = statements
      .selectFrom('flow.meetings as m')
      .innerJoin('organisations.organisations as o', 'o.id', 'm.organisation_id')
      .select([
        'm.id',
        'm.reference',
        'm.kind',
        'm.title',
        'm.held_on as heldOn',
        'm.held_at as heldAt',
        'm.place',
        'm.state',
        'o.name as organiser',
        sql<number>`(select count(*)::int from flow.meeting_participants p where p.organisation_id = m.organisation_id and p.meeting_id = m.id)`.as(
          'participants',
        ),
        sql<number>`(select count(*)::int from flow.meeting_decisions d where d.organisation_id = m.organisation_id and d.meeting_id = m.id)`.as(
          'decisions',
        ),
      ])
      .where(
        sql<boolean>`(m.organisation_id = ${organisationId} or m.id in (select p.meeting_id from flow.meeting_participants p
          where p.partner_id = ${organisationId}))`,
      );
    if (filters.state) query = query.where('m.state', 'in', filters.state);
    if (filters.kind) query = query.where('m.kind', 'in', filters.kind);
    return query;
  },
  sorts: { held: ['m.held_on', 'm.id'] },
  defaultSort: 'held',
  columns: [
    { key: 'reference', type: 'text' },
    { key: 'title', type: 'text' },
    { key: 'kind', type: 'word', words: 'meeting-kind' },
    { key: 'heldOn', type: 'day' },
    { key: 'place', type: 'text' },
    { key: 'state', type: 'word', words: 'meeting-state' },
    { key: 'organiser', type: 'text' },
    { key: 'participants', type: 'count' },
    { key: 'decisions', type: 'count' },
  ],
});
