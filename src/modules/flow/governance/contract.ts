import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import { dayOut, id, localDate, momentOut, optionalText, text } from '../../../kernel/schemas.ts';
import { settingFrame } from '../../organisations/contract.ts';
import { proposalStates, settingDecisions } from './rules/proposal-state.ts';

const decision = z.enum(settingDecisions);

/** Landlords that have the same value for the same reason. */
const valueGroup = z.object({
  value: z.unknown(),
  origin: z.enum(['default', 'own', 'regional']),
  since: dayOut.nullable(),
  fixedBy: z.string().nullable(),
  reason: z.string().nullable(),
  source: z.string().nullable(),
  next: z.object({ value: z.unknown(), on: dayOut }).nullable(),
  landlords: z.array(z.string()),
});

export const getFrame = endpoint({
  id: 'flow.getFrame',
  method: 'GET',
  path: '/flow/frame',
  summary:
    'Settings of the flow with their value at each landlord one works with, who fixed them, and the changes proposed with what each party said',
  permission: 'flow.read',
  reply: z.object({
    today: dayOut,
    settings: z.array(
      z.object({
        key: z.string(),
        /** What it may be, as a JSON schema. */
        schema: z.record(z.string(), z.unknown()),
        byDefault: z.unknown(),
        frame: settingFrame,
        values: z.array(valueGroup),
        /** Whether the reader may propose a value; the State also gives the choice back. */
        canPropose: z.boolean(),
        canGiveBack: z.boolean(),
      }),
    ),
    /** Landlords for which the reader fixes regional values. */
    governed: z.array(z.object({ name: z.string(), closedYear: z.number().nullable() })),
    proposals: z.array(
      z.object({
        id,
        scope: z.enum(['own', 'regional']),
        key: z.string(),
        /** Null gives the choice back to the landlords. */
        value: z.unknown(),
        validFrom: dayOut,
        reason: z.string(),
        source: z.string().nullable(),
        proposer: z.string(),
        proposedOn: dayOut,
        answerBy: dayOut,
        landlords: z.number(),
        asked: z.number(),
        /** Who has not answered. */
        waiting: z.array(z.string()),
        decisions: z.array(z.object({ party: z.string(), decision, reason: z.string().nullable(), at: momentOut })),
        state: z.enum(proposalStates),
        /** What the reader may say of it now. */
        open: z.array(decision),
      }),
    ),
  }),
});

export const proposeSetting = endpoint({
  id: 'flow.proposeSetting',
  method: 'POST',
  path: '/flow/setting-proposals',
  summary:
    'Propose the value of a setting from a day on: a landlord for itself, the State for the landlords it watches over',
  permission: 'flow.govern',
  body: z.object({
    key: z.string().max(100),
    /** Null: the State gives the choice back. */
    value: z.unknown(),
    validFrom: localDate,
    reason: text(500),
    /** Text or decision it rests on; the State says it. */
    source: optionalText(200),
  }),
  reply: z.object({ id, state: z.enum(proposalStates) }),
});

export const decideSetting = endpoint({
  id: 'flow.decideSetting',
  method: 'POST',
  path: '/flow/setting-proposals/:id/decisions',
  summary: 'Answer a proposed setting, ask for an arbitration, adopt, dismiss or withdraw it',
  permission: 'flow.govern',
  params: z.object({ id }),
  body: z.object({ decision, reason: optionalText(500) }),
  reply: z.object({ state: z.enum(proposalStates), inForceFrom: dayOut.nullable() }),
});
