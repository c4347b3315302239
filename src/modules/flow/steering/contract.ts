import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  momentOut,
  optionalText,
  queryList,
  queryNumber,
  steps,
  text,
} from '../../../kernel/schemas.ts';
import { agreement, agreementScale, contingent } from '../agreements/contract.ts';
import { duePart } from './rules/gap.ts';
import { objectiveNames } from './rules/objectives.ts';

// Where one stands -----------------------------------------------------------------------------------------------------

/** A vacancy on its way with a holder, and the clock that runs: the month to nominate, the committee, the ten days. */
const pendingProposal = z.object({
  proposalId: id,
  vacancyId: id,
  address: z.string(),
  municipality: z.string(),
  rooms: z.number().nullable(),
  funding: z.string().nullable(),
  inPriorityArea: z.boolean(),
  proposedOn: dayOut,
  candidates: z.number(),
  state: z.string(),
  stage: z.string(),
  dueOn: dayOut.nullable(),
  dueWhat: z.string().nullable(),
});

export const actionState = z.enum(['open', 'under-way', 'done', 'dropped']);

const actionCard = z.object({
  id,
  title: z.string(),
  owner: z.string(),
  dueOn: dayOut,
  state: actionState,
});

export const getStanding = endpoint({
  id: 'flow.getStanding',
  method: 'GET',
  path: '/agreements/:id/standing',
  summary:
    'Where an agreement stands: figures, trajectory by month, projection to 31 December, what is pending, each with its computation',
  permission: 'flow.read',
  params: z.object({ id }),
  reply: z.object({
    agreement,
    steps,
    /** Cumulated at the end of each month since January; the last point is today. */
    trajectory: z.array(z.object({ on: dayOut, due: z.string(), proposed: z.number(), leased: z.number() })),
    projection: z.object({ low: z.number(), high: z.number(), dueAtYearEnd: z.string(), steps }),
    /** Dwellings on each side of what is due: a choice of the landlord. */
    tolerance: z.number(),
    /** Lettings outside the base of the year it may be credited with afterwards (F-20), beside its figures; null: none may be. */
    credited: z.number().nullable(),
    pending: z.array(pendingProposal),
    actions: z.array(actionCard),
    /** Dwellings of the year given to another holder, or received from one (bourse d'échange). */
    exchanges: z.array(
      z.object({
        id,
        on: dayOut,
        given: z.boolean(),
        other: z.string(),
        municipality: z.string(),
        rooms: z.number().nullable(),
        note: z.string(),
      }),
    ),
    today: dayOut,
  }),
});

// The landlord's cockpit -----------------------------------------------------------------------------------------------

/** What the matrix may be narrowed to: one size, one funding, inside or outside priority areas, one period. */
export const cockpitCriterion = z.enum(['rooms', 'funding', 'priority-area', 'built']);
export const builtPeriods = ['before-1949', '1949-1974', '1975-1989', '1990-1999', 'since-2000'] as const;

const cell = z.object({
  agreementId: id,
  municipality: z.string(),
  parts: z.array(duePart),
  freed: z.number(),
  due: z.string(),
  proposed: z.number(),
  attributed: z.number(),
  leased: z.number(),
});

const alert = z.object({
  kind: z.enum(['off-band', 'guarantee-short', 'returned', 'expired', 'nomination-soon']),
  on: dayOut,
  holder: z.string(),
  contingent,
  agreementId: id,
  vacancyId: id.nullable(),
  /** The address of the vacancy, or the perimeter of the agreement. */
  what: z.string(),
  /** Of an agreement off the band: its figures, in dwellings. */
  figures: z.object({ due: z.string(), proposed: z.number(), leased: z.number(), gap: z.string() }).nullable(),
});

export const getCockpit = endpoint({
  id: 'flow.getCockpit',
  method: 'GET',
  path: '/flow/cockpit',
  summary: 'Every holder in every municipality: due, proposed, leased, gap; and what needs a look',
  permission: 'flow.steer',
  query: z.object({
    year: queryNumber.int().min(2000).max(2100).optional(),
    criterion: cockpitCriterion.optional(),
    value: z.string().max(20).optional(),
  }),
  reply: z.object({
    from: dayOut,
    to: dayOut,
    today: dayOut,
    tolerance: z.number(),
    places: z.array(z.object({ code: z.string(), name: z.string(), department: z.string(), freed: z.number() })),
    rows: z.array(
      z.object({
        holderId: id,
        holder: z.string(),
        contingent,
        scale: agreementScale,
        agreements: z.array(
          z.object({ id, reference: z.string(), perimeterCode: z.string(), perimeterName: z.string() }),
        ),
        cells: z.array(cell),
      }),
    ),
    own: z.array(z.object({ municipality: z.string(), freed: z.number(), due: z.string(), proposed: z.number() })),
    alerts: z.array(alert),
  }),
});

export const countedFilters = z.object({
  holder: id.optional(),
  contingent: contingent.optional(),
  municipality: z.string().max(5).optional(),
  department: z.string().max(3).optional(),
  year: queryNumber.int().min(2000).max(2100).optional(),
  criterion: cockpitCriterion.optional(),
  value: z.string().max(20).optional(),
});

export const countedItem = z.object({
  id,
  address: z.string(),
  municipality: z.string(),
  holder: z.string().nullable(),
  freedOn: dayOut.nullable(),
  proposedOn: dayOut.nullable(),
  attributedOn: dayOut.nullable(),
  leasedOn: dayOut.nullable(),
  stage: z.string(),
});

export const listCounted = endpoint({
  id: 'flow.listCounted',
  method: 'GET',
  path: '/flow/counted',
  summary: 'The vacancies behind a figure of the cockpit: those freed in the place, and those proposed to the holder',
  permission: 'flow.steer',
  query: countedFilters.extend(listQuery),
  reply: listOf(countedItem),
});

// Re-letting times -----------------------------------------------------------------------------------------------------

const relettingTimes = z.object({
  relettings: z.number(),
  mean: z.string().nullable(),
  median: z.string().nullable(),
});

export const getRelettings = endpoint({
  id: 'flow.getRelettings',
  method: 'GET',
  path: '/flow/relettings',
  summary: 'Days from notice to lease by quarter, mean and median, before and after the flow (F-48)',
  permission: 'flow.steer',
  query: z.object({ department: z.string().max(3).optional() }),
  reply: z.object({
    /** The day most of the agreements in force began; null: none is signed. */
    convertedOn: dayOut.nullable(),
    departments: z.array(z.string()),
    quarters: z.array(relettingTimes.extend({ from: dayOut, steps })),
    years: z.array(relettingTimes.extend({ year: z.number(), declared: z.string().nullable(), steps })),
    before: relettingTimes.extend({ steps }),
    after: relettingTimes.extend({ steps }),
    today: dayOut,
  }),
});

const daysText = z.string().regex(/^\d{1,4}(\.\d)?$/, 'E-FIELD-FORM');

export const declareRelettings = endpoint({
  id: 'flow.declareRelettings',
  method: 'POST',
  path: '/flow/reletting-references',
  summary: 'Declare the re-letting time of a year before Palier, with its source',
  permission: 'flow.manage-steering',
  body: z.object({
    year: z.number().int().min(2000, 'E-FIELD-NUMBER').max(2100, 'E-FIELD-NUMBER'),
    relettings: z.number().int().min(1, 'E-FIELD-NUMBER').max(200_000, 'E-FIELD-NUMBER'),
    mean: daysText,
    median: daysText,
    source: text(200),
  }),
  reply: z.object({ id }),
});

// Corrective actions ---------------------------------------------------------------------------------------------------

/** What had drifted, as it was on the day of the decision. */
export const drift = z.object({
  contingent: contingent.nullable(),
  holder: z.string().max(200),
  place: z.string().max(200),
  due: z.string().max(20),
  proposed: z.number().int(),
  leased: z.number().int(),
  gap: z.string().max(20),
  on: localDate,
});

export const actionFilters = z.object({
  state: queryList.optional(),
  holder: id.optional(),
  late: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

export const actionItem = actionCard.extend({
  decided: z.string(),
  holder: z.string().nullable(),
  place: z.string().nullable(),
  gap: z.string().nullable(),
  decidedOn: dayOut,
  shared: z.boolean(),
});

export const listActions = endpoint({
  id: 'flow.listCorrectiveActions',
  method: 'GET',
  path: '/flow/actions',
  summary: 'Corrective actions: what was decided when results drifted',
  permission: 'flow.read',
  query: actionFilters.extend(listQuery),
  reply: listOf(actionItem),
});

export const getAction = endpoint({
  id: 'flow.getCorrectiveAction',
  method: 'GET',
  path: '/flow/actions/:id',
  summary: 'A corrective action with its history',
  permission: 'flow.read',
  params: z.object({ id }),
  reply: actionItem.extend({
    drift: drift.extend({ on: dayOut }).nullable(),
    version: z.number(),
    steps: z.array(
      z.object({
        id,
        at: momentOut,
        by: z.string(),
        state: actionState,
        dueOn: dayOut,
        note: z.string().nullable(),
      }),
    ),
    can: z.object({ change: z.boolean() }),
  }),
});

export const decideAction = endpoint({
  id: 'flow.decideCorrectiveAction',
  method: 'POST',
  path: '/flow/actions',
  summary: 'Record a corrective action, with the drift it answers',
  permission: 'flow.manage-steering',
  body: z.object({
    title: text(120),
    decided: text(2_000),
    owner: text(120),
    dueOn: localDate,
    shared: z.boolean().default(true),
    agreementId: id.nullish().transform((value) => value ?? null),
    drift: drift.nullish().transform((value) => value ?? null),
  }),
  reply: z.object({ id }),
});

export const moveAction = endpoint({
  id: 'flow.moveCorrectiveAction',
  method: 'POST',
  path: '/flow/actions/:id/steps',
  summary: 'Say how a corrective action stands: its state, its day, a word',
  permission: 'flow.manage-steering',
  params: z.object({ id }),
  body: z.object({
    state: actionState,
    dueOn: localDate,
    note: optionalText(1_000),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

// Meetings -------------------------------------------------------------------------------------------------------------

export const meetingKind = z.enum(['yearly-report', 'follow-up', 'conference', 'department']);
export const meetingState = z.enum(['draft', 'called', 'held', 'cancelled']);

/** delegation: the yearly point on delegated nomination (F-86). */
export const meetingItemKind = z.enum(['point', 'delegation']);

const meetingHead = {
  kind: meetingKind,
  title: text(160),
  heldOn: localDate,
  heldAt: optionalText(5),
  place: optionalText(160),
};

const meetingContent = {
  participants: z
    .array(
      z.object({
        partnerId: id.nullish().transform((value) => value ?? null),
        name: text(160),
        representedBy: optionalText(160),
        present: z
          .boolean()
          .nullish()
          .transform((value) => value ?? null),
      }),
    )
    .max(60, 'E-FIELD-LONG'),
  items: z
    .array(
      z.object({
        kind: meetingItemKind.default('point'),
        title: text(200),
        agreementId: id.nullish().transform((value) => value ?? null),
        actionId: id.nullish().transform((value) => value ?? null),
        notes: optionalText(4_000),
      }),
    )
    .max(40, 'E-FIELD-LONG'),
  decisions: z
    .array(
      z.object({
        decided: text(1_000),
        owner: text(160),
        dueOn: localDate.nullish().transform((value) => value ?? null),
      }),
    )
    .max(60, 'E-FIELD-LONG'),
};

export const meetingItem = z.object({
  id,
  reference: z.string(),
  kind: meetingKind,
  title: z.string(),
  heldOn: dayOut,
  heldAt: z.string().nullable(),
  place: z.string().nullable(),
  state: meetingState,
  organiser: z.string(),
  participants: z.number(),
  decisions: z.number(),
});

export const meetingFilters = z.object({ state: queryList.optional(), kind: queryList.optional() });

export const listMeetings = endpoint({
  id: 'flow.listMeetings',
  method: 'GET',
  path: '/flow/meetings',
  summary: 'Meetings of the partners of the flow: one’s own, and those one is invited to',
  permission: 'flow.read',
  query: meetingFilters.extend(listQuery),
  reply: listOf(meetingItem),
});

export const getMeeting = endpoint({
  id: 'flow.getMeeting',
  method: 'GET',
  path: '/flow/meetings/:id',
  summary: 'A meeting: participants, agenda, decisions',
  permission: 'flow.read',
  params: z.object({ id }),
  reply: meetingItem.omit({ participants: true, decisions: true }).extend({
    version: z.number(),
    minutesSha256: z.string().nullable(),
    participants: z.array(
      z.object({
        partnerId: id.nullable(),
        name: z.string(),
        representedBy: z.string().nullable(),
        present: z.boolean().nullable(),
      }),
    ),
    items: z.array(
      z.object({
        kind: meetingItemKind,
        title: z.string(),
        agreementId: id.nullable(),
        agreement: z.string().nullable(),
        actionId: id.nullable(),
        action: z.string().nullable(),
        notes: z.string().nullable(),
      }),
    ),
    decisions: z.array(z.object({ decided: z.string(), owner: z.string(), dueOn: dayOut.nullable() })),
    /** Agreements with delegated nomination one is a party of, with what the landlord proposed and let for their holder this year. */
    delegated: z.array(
      z.object({ id, reference: z.string(), holder: z.string(), proposed: z.number(), leased: z.number() }),
    ),
    can: z.object({ change: z.boolean(), call: z.boolean(), close: z.boolean(), cancel: z.boolean() }),
  }),
});

export const planMeeting = endpoint({
  id: 'flow.planMeeting',
  method: 'POST',
  path: '/flow/meetings',
  summary: 'Plan a meeting: a draft, seen by nobody else until it is called',
  permission: 'flow.manage-steering',
  body: z.object(meetingHead),
  reply: z.object({ id }),
});

export const changeMeeting = endpoint({
  id: 'flow.changeMeeting',
  method: 'PUT',
  path: '/flow/meetings/:id',
  summary: 'Change a meeting that was not held: its day, participants, agenda, decisions',
  permission: 'flow.manage-steering',
  params: z.object({ id }),
  body: z.object({ ...meetingHead, ...meetingContent, version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

const moveOf = (name: string, path: string, summary: string) =>
  endpoint({
    id: name,
    method: 'POST',
    path,
    summary,
    permission: 'flow.manage-steering',
    params: z.object({ id }),
    body: z.object({ version: z.number().int() }),
    reply: z.object({ version: z.number() }),
  });

export const callMeeting = moveOf(
  'flow.callMeeting',
  '/flow/meetings/:id/calling',
  'Call a meeting: the organisations invited read it from now on',
);

export const cancelMeeting = moveOf('flow.cancelMeeting', '/flow/meetings/:id/cancelling', 'Cancel a meeting');

export const closeMeeting = endpoint({
  id: 'flow.closeMeeting',
  method: 'POST',
  path: '/flow/meetings/:id/closing',
  summary: 'Close a meeting: its minutes are made, sealed, and shared with those invited',
  permission: 'flow.manage-steering',
  params: z.object({ id }),
  body: z.object({ language: z.enum(['fr', 'nl']).default('fr'), version: z.number().int() }),
  reply: z.object({ version: z.number(), sha256: z.string() }),
});

export const getMinutes = endpoint({
  id: 'flow.getMeetingMinutes',
  method: 'GET',
  path: '/flow/meetings/:id/minutes',
  summary: 'The minutes of a meeting, as a file',
  permission: 'flow.read',
  params: z.object({ id }),
  answers: ['application/pdf'],
  reply: z.unknown(),
});

// The figures of a territory -------------------------------------------------------------------------------------------

export const getConsolidation = endpoint({
  id: 'flow.getConsolidation',
  method: 'GET',
  path: '/flow/consolidation',
  summary:
    'The flow of the landlords one watches over, by département and contingent, without names; objectives of the law',
  permission: 'flow.oversee',
  query: z.object({ year: queryNumber.int().min(2000).max(2100).optional() }),
  reply: z.object({
    from: dayOut,
    to: dayOut,
    today: dayOut,
    lines: z.array(
      z.object({
        landlordId: id,
        landlord: z.string(),
        department: z.string(),
        contingent: z.string(),
        freed: z.number(),
        due: z.string(),
        proposed: z.number(),
        attributed: z.number().nullable(),
        leased: z.number().nullable(),
        tolerance: z.number(),
      }),
    ),
    objectives: z.array(
      z.object({
        objective: z.enum(objectiveNames),
        landlord: z.string(),
        /** EPT or EPCI of the first two, contingent of the third; null: outside of any. */
        scope: z.string().nullable(),
        department: z.string(),
        leases: z.number(),
        known: z.number(),
        met: z.number(),
        state: z.enum(['reached', 'missed', 'not-measured']),
        rate: z.string().nullable(),
        why: z.string().nullable(),
      }),
    ),
  }),
});
