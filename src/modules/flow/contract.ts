import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { dayOut, id, localDate, steps, text } from '../../kernel/schemas.ts';

export const contingent = z.enum([
  'state-priority',
  'state-staff',
  'municipality',
  'action-logement',
  'department',
  'region',
  'other',
]);
export const agreementScale = z.enum(['municipality', 'department']);
export const targetCriterion = z.enum(['rooms-min', 'rooms', 'funding', 'priority-area', 'built-since', 'territory']);

/** An indicative need: it guides, it never blocks. */
const indicativeTarget = z.object({
  criterion: targetCriterion,
  value: z.string(),
  label: z.string().nullable(),
  target: z.number(),
  served: z.number(),
});

const figures = z.object({
  /** Vacancies of the base in the perimeter since 1 January. */
  freed: z.number(),
  /** share × freed, exact to two decimals. */
  due: z.string(),
  proposed: z.number(),
  attributed: z.number(),
  leased: z.number(),
});

export const agreement = z.object({
  id,
  reference: z.string(),
  landlordId: id,
  landlord: z.string(),
  holderId: id,
  holder: z.string(),
  contingent,
  scale: agreementScale,
  perimeterCode: z.string(),
  perimeterName: z.string(),
  share: z.string(),
  nominationDays: z.number().nullable(),
  smallHolder: z.boolean(),
  startsOn: dayOut,
  endsOn: dayOut.nullable(),
  state: z.enum(['draft', 'signed', 'ended']),
  figures,
  targets: z.array(indicativeTarget),
});
export type Agreement = z.output<typeof agreement>;

export const listAgreements = endpoint({
  id: 'flow.listAgreements',
  method: 'GET',
  path: '/agreements',
  summary: 'Reservation agreements of the landlord or of the holder, with their counters of the year',
  permission: 'flow.read',
  reply: z.object({ items: z.array(agreement), today: dayOut }),
});

export const getStanding = endpoint({
  id: 'flow.getStanding',
  method: 'GET',
  path: '/agreements/:id/standing',
  summary:
    'Where an agreement stands: figures, trajectory by month, projection to 31 December, each with its computation',
  permission: 'flow.read',
  params: z.object({ id }),
  reply: z.object({
    agreement,
    steps,
    /** Cumulated at the end of each month since January; the last point is today. */
    trajectory: z.array(z.object({ on: dayOut, due: z.string(), proposed: z.number(), leased: z.number() })),
    projection: z.object({ low: z.number(), high: z.number(), dueAtYearEnd: z.string(), steps }),
    today: dayOut,
  }),
});

export const createAgreement = endpoint({
  id: 'flow.createAgreement',
  method: 'POST',
  path: '/agreements',
  summary: 'Record a signed reservation agreement',
  permission: 'flow.manage-agreements',
  body: z
    .object({
      reference: text(60),
      holderId: id,
      contingent,
      scale: agreementScale,
      perimeterCode: z.string().regex(/^(\d{2}|\d{5})$/, 'E-FIELD-FORM'),
      share: z.string().regex(/^(0\.\d{1,6}|1)$/, 'E-FIELD-FORM'),
      nominationDays: z.number().int().min(1).max(90).nullable(),
      startsOn: localDate,
      endsOn: localDate.nullable(),
    })
    .refine((body) => body.endsOn === null || body.endsOn >= body.startsOn, {
      path: ['endsOn'],
      message: 'E-FIELD-BEFORE-START',
    }),
  reply: z.object({ id }),
});
