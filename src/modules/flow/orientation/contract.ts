import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  abilities,
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  queryNumber,
  steps,
  text,
} from '../../../kernel/schemas.ts';
import { objectiveNames } from '../steering/rules/objectives.ts';

const place = z.string().regex(/^(\d{2}|\d{9})$/, 'E-FIELD-FORM');

export const getCommitments = endpoint({
  id: 'flow.getCommitments',
  method: 'GET',
  path: '/flow/commitments',
  summary:
    'What the landlord committed itself to in the intercommunal conventions of allocation (CIA), by place, with the leases of the year',
  permission: 'flow.steer',
  query: z.object({ year: queryNumber.int().min(2000).max(2100).optional() }),
  reply: z.object({
    year: z.number(),
    today: dayOut,
    /** Where it may commit itself: territories, and départements outside of them. */
    places: z.array(z.object({ code: z.string(), name: z.string() })),
    objectives: z.array(
      z.object({
        place: z.string(),
        name: z.string(),
        objective: z.enum(objectiveNames),
        target: z.string(),
        /** What was committed to; null: what the law asks for holds. */
        committed: z.object({ share: z.string(), source: z.string(), on: dayOut, by: z.string() }).nullable(),
        leases: z.number(),
        known: z.number(),
        met: z.number(),
        state: z.enum(['reached', 'missed', 'not-measured']),
        rate: z.string().nullable(),
        why: z.enum(['no-lease', 'unknown', 'partly']).nullable(),
        steps,
      }),
    ),
    can: abilities('commit'),
  }),
});
export type Commitments = z.output<typeof getCommitments.reply>;

export const commit = endpoint({
  id: 'flow.commitInTerritory',
  method: 'POST',
  path: '/flow/commitments',
  summary: 'Record what the landlord committed itself to in a convention, for a year and a place; or take it back',
  permission: 'flow.manage-steering',
  body: z.object({
    year: z.number().int().min(2015).max(2100),
    place,
    objective: z.enum(objectiveNames),
    /** Null: the commitment no longer holds. */
    share: z
      .string()
      .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'E-FIELD-FORM')
      .nullable(),
    /** The convention, its date, its article. */
    source: text(200),
  }),
  reply: z.object({ id }),
});

const listedResidence = z.object({
  id,
  reference: z.string(),
  name: z.string().nullable(),
  municipality: z.string(),
  firstQuartileRate: z.string().nullable(),
  fromDay: dayOut,
  untilDay: dayOut,
  source: z.string(),
  state: z.enum(['listed', 'to-renew', 'over', 'taken-off']),
});

export const listResidences = endpoint({
  id: 'flow.listListedResidences',
  method: 'GET',
  path: '/flow/listed-residences',
  summary: 'Residences listed « à enjeu prioritaire de mixité sociale », three years at a time',
  permission: 'flow.steer',
  query: z.object(listQuery),
  reply: listOf(listedResidence),
});

export const addResidence = endpoint({
  id: 'flow.addListedResidence',
  method: 'POST',
  path: '/flow/listed-residences',
  summary: 'List a residence of a convention, for three years from a day on',
  permission: 'flow.manage-steering',
  body: z.object({ buildingReference: text(40), fromDay: localDate, source: text(200) }),
  reply: z.object({ id, untilDay: dayOut }),
});

export const takeResidenceOff = endpoint({
  id: 'flow.takeListedResidenceOff',
  method: 'POST',
  path: '/flow/listed-residences/:id/removal',
  summary: 'Take a residence off the list from today on',
  permission: 'flow.manage-steering',
  params: z.object({ id }),
  body: z.object({ reason: text(300) }),
  reply: z.object({}),
});
