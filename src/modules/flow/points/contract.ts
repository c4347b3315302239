import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import { dayOut, id, localDate, momentOut, optionalText, queryNumber, steps, text } from '../../../kernel/schemas.ts';
import { contingent } from '../contract.ts';
import { phaseSchema } from './rules/phases.ts';

const year = queryNumber.int().min(2000, 'E-FIELD-NUMBER').max(2100, 'E-FIELD-NUMBER');

const phaseOut = phaseSchema.extend({ from: dayOut, to: dayOut.nullable(), reviewOn: dayOut.nullable() });
export type PhaseOut = z.output<typeof phaseOut>;

const agreementName = {
  agreementId: id,
  reference: z.string(),
  landlord: z.string(),
  holder: z.string(),
  contingent,
  perimeterName: z.string(),
};

export const getPoints = endpoint({
  id: 'flow.getPoints',
  method: 'GET',
  path: '/agreements/:id/points',
  summary:
    'Points of an agreement in a year: proposals, attributions, what counts, what is pending, each with its computation',
  permission: 'flow.read',
  params: z.object({ id }),
  query: z.object({ year: year.optional() }),
  reply: z.object({
    ...agreementName,
    year: z.number(),
    /** Empty while the year is open. */
    closedOn: dayOut.nullable(),
    closedYears: z.array(z.number()),
    due: z.string(),
    proposals: z.number(),
    attributions: z.number(),
    /** Dwellings let for this agreement to which they were never proposed: counted, to be looked at. */
    unproposed: z.number(),
    proposed: z.string(),
    attributed: z.string(),
    counted: z.string(),
    pending: z.string(),
    /** With the adjustments of closed years. */
    total: z.string(),
    attainment: z.string().nullable(),
    adjustments: z.array(z.object({ year: z.number(), points: z.string() })),
    /** What closed years left to give (or gave too much), beside the due. */
    carriedGap: z.object({ gap: z.string(), steps }).nullable(),
    phase: phaseOut.nullable(),
    why: z.object({ proposed: steps, attributed: steps, counted: steps, total: steps }),
  }),
});

export const getWatchedPoints = endpoint({
  id: 'flow.getWatchedPoints',
  method: 'GET',
  path: '/flow/watched-points',
  summary:
    'Counters and points of a landlord one watches over, holder by holder, within one’s perimeter; no households',
  permission: 'flow.oversee',
  query: z.object({ landlord: id.optional(), year: year.optional() }),
  reply: z.object({
    year: z.number(),
    landlords: z.array(z.object({ id, name: z.string() })),
    landlordId: id.nullable(),
    rows: z.array(
      z.object({
        ...agreementName,
        closedOn: dayOut.nullable(),
        freed: z.number(),
        due: z.string(),
        proposed: z.number(),
        attributed: z.number(),
        leased: z.number(),
        total: z.string(),
        pending: z.string(),
        attainment: z.string().nullable(),
        steps,
      }),
    ),
  }),
});

export const guaranteed = z.object({
  agreementId: id,
  reference: z.string(),
  beneficiaries: z.enum(['employees', 'priority']),
  kind: z.enum(['share', 'count']),
  minimum: z.string(),
  fromDay: dayOut,
  note: z.string(),
  leases: z.number(),
  housed: z.number(),
  unknown: z.number(),
  required: z.string(),
  projected: z.string(),
  attained: z.string().nullable(),
  isShort: z.boolean(),
  steps,
});

export const getGuarantee = endpoint({
  id: 'flow.getGuarantee',
  method: 'GET',
  path: '/agreements/:id/guarantee',
  summary:
    'The beneficiaries an agreement guarantees to rehouse, and how far the leases of a year keep it; counts only',
  permission: 'flow.read',
  params: z.object({ id }),
  query: z.object({ year: year.optional() }),
  reply: z.object({ year: z.number(), guarantee: guaranteed.nullable(), can: z.object({ set: z.boolean() }) }),
});

export const setGuarantee = endpoint({
  id: 'flow.setGuarantee',
  method: 'POST',
  path: '/agreements/:id/guarantee',
  summary:
    'Write the least share or number of leases of beneficiaries of an agreement from a day on; it changes no count',
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: z.object({
    beneficiaries: z.enum(['employees', 'priority']),
    /** Empty: nothing is guaranteed any more. */
    minimum: z
      .object({ kind: z.enum(['share', 'count']), value: z.string().regex(/^\d{1,4}(\.\d{1,6})?$/, 'E-FIELD-FORM') })
      .nullable(),
    from: localDate,
    note: text(500),
  }),
  reply: z.object({ id }),
});

export const getCounting = endpoint({
  id: 'flow.getCounting',
  method: 'GET',
  path: '/flow/counting',
  summary:
    'How points are counted: the phases of each agreement, the rules proposed and who approved them, the closed years',
  permission: 'flow.read',
  reply: z.object({
    today: dayOut,
    agreements: z.array(
      z.object({ ...agreementName, landlordId: id, phases: z.array(phaseOut), isDefault: z.boolean() }),
    ),
    rules: z.array(
      z.object({
        id,
        agreementId: id.nullable(),
        landlord: z.string(),
        holder: z.string().nullable(),
        perimeterName: z.string().nullable(),
        phases: z.array(phaseOut),
        warnings: z.array(z.object({ from: dayOut, warning: z.string() })),
        fromDay: dayOut,
        note: z.string(),
        proposedBy: z.string(),
        proposedAt: momentOut,
        decisions: z.array(
          z.object({ party: z.string(), decision: z.string(), reason: z.string().nullable(), at: momentOut }),
        ),
        /** Parties whose answer is awaited, as far as the reader may see them. */
        waiting: z.array(z.string()),
        canDecide: z.boolean(),
      }),
    ),
    closings: z.array(
      z.object({ landlord: z.string(), year: z.number(), closedOn: dayOut, events: z.number(), hash: z.string() }),
    ),
    /** The year a landlord may close now. */
    closable: z.number().nullable(),
  }),
});

export const proposeCountingRule = endpoint({
  id: 'flow.proposeCountingRule',
  method: 'POST',
  path: '/flow/counting-rules',
  summary: 'Propose how points are counted from a day on, for one agreement or for all those of the landlord',
  permission: 'flow.agree-counting',
  body: z.object({
    /** Empty: all agreements of the landlord. */
    agreementId: id.nullable(),
    phases: z.array(phaseSchema).min(1).max(12),
    note: text(500),
  }),
  reply: z.object({ id, warnings: z.array(z.object({ from: dayOut, warning: z.string() })) }),
});

export const decideCountingRule = endpoint({
  id: 'flow.decideCountingRule',
  method: 'POST',
  path: '/flow/counting-rules/:id/decision',
  summary: 'Approve or refuse a proposed rule; it counts for an agreement once its landlord and its holder approved it',
  permission: 'flow.agree-counting',
  params: z.object({ id }),
  body: z.object({ decision: z.enum(['approved', 'refused']), reason: optionalText(500) }),
  reply: z.object({ decision: z.string() }),
});

export const closeYear = endpoint({
  id: 'flow.closeYear',
  method: 'POST',
  path: '/flow/closings',
  summary: 'Close a year: its counters are frozen, what is counted later becomes an adjustment of the open year',
  permission: 'flow.manage-agreements',
  body: z.object({ year: z.number().int().min(2000).max(2100) }),
  reply: z.object({ id, agreements: z.number(), events: z.number() }),
});

export const scenarioQuery = z.object({
  year: year.optional(),
  /** Points of a proposal, in hundredths; an attribution has the rest. */
  wp: queryNumber.int().min(0).max(100).default(30),
  capScope: z.enum(['agreement', 'department', 'municipality']).default('agreement'),
  /** Cap, in hundredths of the points of attributions. */
  cap: queryNumber.int().min(0).max(100).default(100),
  basis: z.enum(['lease-signed', 'committee-decision']).default('lease-signed'),
});

export const scenarioNames = ['in-force', 'variant-a', 'variant-b', 'equal', 'mixed', 'chosen'] as const;

export const simulatePoints = endpoint({
  id: 'flow.simulatePoints',
  method: 'GET',
  path: '/flow/simulation',
  summary: 'What each way of counting would have given each party on the events of a year',
  permission: 'flow.read',
  query: scenarioQuery,
  reply: z.object({
    year: z.number(),
    /** From which number of proposals for an attribution the cap binds: wa ÷ wp, with the cap. */
    bindsBeyond: z.string().nullable(),
    rows: z.array(
      z.object({
        ...agreementName,
        due: z.string(),
        proposals: z.number(),
        attributions: z.number(),
        scenarios: z.array(
          z.object({
            name: z.enum(scenarioNames),
            total: z.string(),
            pending: z.string(),
            attainment: z.string().nullable(),
            steps,
          }),
        ),
      }),
    ),
  }),
});

export const downloadSimulation = endpoint({
  id: 'flow.downloadSimulation',
  method: 'GET',
  path: '/flow/simulation/table',
  summary: 'The same simulation as a CSV file',
  permission: 'flow.read',
  query: scenarioQuery,
  answers: ['text/csv'],
  reply: z.unknown(),
});

export const downloadJournal = endpoint({
  id: 'flow.downloadJournal',
  method: 'GET',
  path: '/flow/journal',
  summary:
    'The journal of counted events of a year, line by line with its chain of hashes: what `palier flow recount` reads',
  permission: 'flow.read',
  query: z.object({ year: year.optional() }),
  answers: ['application/x-ndjson'],
  reply: z.unknown(),
});
