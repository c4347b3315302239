import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  abilities,
  dayOut,
  id,
  localDate,
  momentOut,
  optionalText,
  queryList,
  queryNumber,
  steps,
  text,
} from '../../../kernel/schemas.ts';
import { bases, commitment } from './rules/caps.ts';
import { sharePeriod } from './rules/due.ts';
import { lifeStates, parties } from './rules/life-cycle.ts';

export const contingent = z.enum([
  'state-priority',
  'state-staff',
  'municipality',
  'intermunicipality',
  'action-logement',
  'department',
  'region',
  'other',
]);
export const agreementScale = z.enum(['municipality', 'department', 'territory']);
export const targetCriterion = z.enum([
  'rooms-min',
  'rooms',
  'funding',
  'priority-area',
  'built-since',
  'territory',
  'near',
  'in-words',
]);
export const nominationMode = z.enum(['direct', 'delegated']);
export const ifNoneProposed = z.enum(['landlord', 'second-proposal', 'other-holder']);
export const basis = z.enum(bases);
export const lifeState = z.enum(lifeStates);
export const party = z.enum(parties);
export const endingKind = z.enum(['holder', 'landlord', 'both', 'notice-unheeded', 'merged']);
export const placeScale = z.enum(['municipality', 'department', 'territory']);

/** An indicative need: it guides, it never blocks. */
const indicativeTarget = z.object({
  criterion: targetCriterion,
  /** near: INSEE codes separated by spaces. */
  value: z.string(),
  /** near: the place, in the words of the holder. */
  label: z.string().nullable(),
  /** Null: said in words. */
  target: z.number().nullable(),
  served: z.number(),
});

/** What a target rests on in the perimeter (F-35): the stock of a day, the vacancies of the three years before, the rights of the inventory. */
const targetBasis = z.object({
  on: dayOut,
  residences: z.number(),
  dwellings: z.number(),
  freed: z.array(z.object({ year: z.number(), freed: z.number() })),
  /** Vacancies in a mean year, to one decimal; null: no year is known. */
  mean: z.string().nullable(),
  rights: z.number(),
  /** Day of the inventory; null: none was shared. */
  rightsOn: dayOut.nullable(),
  /** Whether anything observed supports the target. */
  founded: z.boolean(),
});

/** An indicative target of a year, with who wrote it. */
const writtenTarget = indicativeTarget.extend({
  id,
  writtenBy: party,
  writer: z.string().nullable(),
  writtenOn: dayOut.nullable(),
  version: z.number(),
});

const figures = z.object({
  /** Vacancies of the base in the perimeter since 1 January, while the agreement ran. */
  freed: z.number(),
  /** Each at the share of its day, to two decimals. */
  due: z.string(),
  periods: z.array(sharePeriod),
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
  /** The share of today; before the first day, the first one. */
  share: z.string(),
  nominationDays: z.number().nullable(),
  nominationMode,
  smallHolder: z.boolean(),
  startsOn: dayOut,
  endsOn: dayOut.nullable(),
  state: lifeState,
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
  query: z.object({
    /** `signed`: those that give or gave rights; `all`: negotiations too. */
    states: z.enum(['signed', 'all']).default('signed'),
  }),
  reply: z.object({ items: z.array(agreement), today: dayOut }),
});

const move = z.object({
  id,
  at: momentOut,
  kind: z.string(),
  by: z.string(),
  organisation: z.string(),
  words: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

const signature = z.object({
  party,
  signatory: z.string(),
  title: z.string().nullable(),
  signedOn: dayOut,
  channel: z.enum(['palier', 'paper']),
});

/** The terms of a period: as first signed, then those of each amendment. */
const version = z.object({
  /** Null: the agreement itself. */
  amendmentId: id.nullable(),
  number: z.number(),
  state: z.enum(['running', 'planned', 'past', 'draft', 'to-sign', 'abandoned']),
  from: dayOut,
  share: z.string(),
  nominationDays: z.number().nullable(),
  nominationMode,
  ifNoneProposed,
  reason: z.string().nullable(),
  termsSha256: z.string(),
  version: z.number(),
  signatures: z.array(signature),
});

const contractualTarget = z.object({
  scale: placeScale,
  code: z.string(),
  name: z.string(),
  share: z.string(),
  /** Vacancies of the base there since 1 January, what they give, what was proposed. */
  freed: z.number(),
  due: z.string(),
  proposed: z.number(),
  basis: targetBasis.nullable(),
});

export const getAgreement = endpoint({
  id: 'flow.getAgreement',
  method: 'GET',
  path: '/agreements/:id',
  summary: 'A reservation agreement: its terms and their versions, signatures, targets, clauses, all that happened',
  permission: 'flow.read',
  params: z.object({ id }),
  reply: z.object({
    agreement,
    party,
    basis: basis.nullable(),
    proposalTerms: z.string().nullable(),
    agreedOtherwise: z.boolean(),
    signedOn: dayOut.nullable(),
    endingKind: endingKind.nullable(),
    endingReason: z.string().nullable(),
    /** Last meeting of the partners with the yearly point on delegated nomination; null: none was held. */
    delegationPointOn: dayOut.nullable(),
    version: z.number(),
    versions: z.array(version),
    moves: z.array(move),
    clauses: z.array(
      z.object({ id, dueOn: dayOut, subject: z.string(), doneOn: dayOut.nullable(), outcome: z.string().nullable() }),
    ),
    derogations: z.array(
      z.object({ id, reference: z.string(), cap: z.string(), from: dayOut, until: dayOut, reason: z.string() }),
    ),
    years: z.array(
      z.object({
        year: z.number(),
        revision: z.number(),
        contractual: z.array(contractualTarget),
        /** Said in words: nothing to rest on. */
        indicative: z.array(writtenTarget.extend({ basis: targetBasis.nullable() })),
      }),
    ),
    next: z.string(),
    movesTo: z.array(z.string()),
    can: abilities('change', 'comment', 'sign', 'amend', 'end', 'setTargets', 'review', 'derogate', 'writeNeeds'),
    dueSteps: steps,
    today: dayOut,
  }),
});
export type AgreementRecord = z.output<typeof getAgreement.reply>;

export const listCommitments = endpoint({
  id: 'flow.listCommitments',
  method: 'GET',
  path: '/agreements/commitments',
  summary:
    "What the landlord has promised, day by day: the input of the rule 'flow.caps', for a form that checks as one types",
  permission: 'flow.manage-agreements',
  reply: z.object({
    commitments: z.array(commitment.extend({ reference: z.string() })),
    derogations: z.array(z.object({ department: z.string(), from: dayOut, until: dayOut, cap: z.string() })),
    municipalities: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        territory: z.string().nullable(),
        dwellings: z.number(),
        buildings: z.number(),
      }),
    ),
    /** EPT and EPCI of the region, with the départements they lie in. */
    territories: z.array(z.object({ code: z.string(), name: z.string(), departments: z.array(z.string()) })),
  }),
});

export const getUsualTerms = endpoint({
  id: 'flow.getUsualTerms',
  method: 'GET',
  path: '/agreements/usual-terms',
  summary:
    'How a new agreement begins, by the settings of today: who names candidates, whether EPT and EPCI are a scale',
  permission: 'flow.manage-agreements',
  reply: z.object({ nominationMode, contractualScale: z.enum(['usual', 'territory']) }),
});

const share = z.string().regex(/^(0\.\d{1,6}|1)$/, 'E-FIELD-FORM');
const nominationDays = z.number().int().min(1).max(90).nullable();

const terms = z.object({
  reference: text(60),
  holderId: id,
  contingent,
  scale: agreementScale,
  perimeterCode: z.string().regex(/^(\d{2}|\d{5}|\d{9})$/, 'E-FIELD-FORM'),
  share,
  nominationDays,
  startsOn: localDate,
  endsOn: localDate.nullable(),
  basis: basis.nullable().default(null),
  nominationMode: nominationMode.default('direct'),
  ifNoneProposed: ifNoneProposed.default('landlord'),
  proposalTerms: optionalText(1_000),
  agreedOtherwise: z.boolean().default(false),
});
export type Terms = z.output<typeof terms>;

const endsAfterStart = (body: { startsOn: string; endsOn: string | null }) =>
  body.endsOn === null || body.endsOn >= body.startsOn;
const endsBeforeStart = { path: ['endsOn'], message: 'E-FIELD-BEFORE-START' };

export const createAgreement = endpoint({
  id: 'flow.createAgreement',
  method: 'POST',
  path: '/agreements',
  summary: 'Record a reservation agreement signed on paper, or begin a draft',
  permission: 'flow.manage-agreements',
  body: terms
    .extend({
      state: z.enum(['signed', 'draft']).default('signed'),
      /** Of an agreement signed on paper; its first day without. */
      signedOn: localDate.nullish().transform((value) => value ?? null),
      landlordSignatory: optionalText(120),
      holderSignatory: optionalText(120),
    })
    .refine(endsAfterStart, endsBeforeStart),
  reply: z.object({ id }),
});

export const changeAgreement = endpoint({
  id: 'flow.changeAgreement',
  method: 'PUT',
  path: '/agreements/:id',
  summary: 'Change the terms of an agreement that is not signed',
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: terms.extend({ version: z.number().int() }).refine(endsAfterStart, endsBeforeStart),
  reply: z.object({ version: z.number() }),
});

export const moveAgreement = endpoint({
  id: 'flow.moveAgreement',
  method: 'POST',
  path: '/agreements/:id/moves',
  summary: 'Send an agreement to its holder, put it to signature, reopen it, abandon it',
  permission: 'flow.sign-agreements',
  params: z.object({ id }),
  body: z.object({
    to: z.enum(['negotiation', 'to-sign', 'abandoned']),
    words: optionalText(1_000),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number(), state: lifeState }),
});

export const commentAgreement = endpoint({
  id: 'flow.commentAgreement',
  method: 'POST',
  path: '/agreements/:id/comments',
  summary: 'Say something of an agreement to the other party',
  permission: 'flow.sign-agreements',
  params: z.object({ id }),
  body: z.object({ words: text(2_000) }),
  reply: z.object({ id }),
});

const hand = z.object({
  title: optionalText(120),
  /** Fingerprint of the terms that were read: others are not signed. */
  termsSha256: z.string().regex(/^[0-9a-f]{64}$/, 'E-FIELD-FORM'),
});

export const signAgreement = endpoint({
  id: 'flow.signAgreement',
  method: 'POST',
  path: '/agreements/:id/signature',
  summary:
    'Sign the terms one read, as the landlord or as the holder; the last signature puts the agreement into force',
  permission: 'flow.sign-agreements',
  params: z.object({ id }),
  body: hand,
  reply: z.object({ state: lifeState }),
});

export const proposeAmendment = endpoint({
  id: 'flow.proposeAmendment',
  method: 'POST',
  path: '/agreements/:id/amendments',
  summary: 'Propose another share or other terms from a day on',
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: z.object({
    from: localDate,
    share,
    nominationDays,
    nominationMode,
    ifNoneProposed,
    reason: text(1_000),
    version: z.number().int(),
  }),
  reply: z.object({ id, number: z.number() }),
});

export const signAmendment = endpoint({
  id: 'flow.signAmendment',
  method: 'POST',
  path: '/agreements/:id/amendments/:amendmentId/signature',
  summary: 'Sign an amendment; it counts from its day, never before its last signature',
  permission: 'flow.sign-agreements',
  params: z.object({ id, amendmentId: id }),
  body: hand,
  reply: z.object({ state: z.enum(['to-sign', 'signed']), effectiveOn: dayOut.nullable() }),
});

export const abandonAmendment = endpoint({
  id: 'flow.abandonAmendment',
  method: 'POST',
  path: '/agreements/:id/amendments/:amendmentId/abandonment',
  summary: 'Give up an amendment that is not signed',
  permission: 'flow.sign-agreements',
  params: z.object({ id, amendmentId: id }),
  body: z.object({ words: text(1_000) }),
  reply: z.object({}),
});

export const endAgreement = endpoint({
  id: 'flow.endAgreement',
  method: 'POST',
  path: '/agreements/:id/ending',
  summary: 'End an agreement on a day, with the reason; what it was due until then stays',
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: z.object({ endsOn: localDate, kind: endingKind, reason: text(1_000), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const setTargets = endpoint({
  id: 'flow.setTargets',
  method: 'PUT',
  path: '/agreements/:id/targets/:year',
  summary: 'The contractual and indicative targets of a year',
  permission: 'flow.manage-agreements',
  params: z.object({ id, year: z.coerce.number().int().min(2020).max(2100) }),
  body: z.object({
    contractual: z
      .array(
        z.object({
          scale: placeScale,
          code: z.string().regex(/^(\d{2}|\d{5}|\d{9})$/, 'E-FIELD-FORM'),
          share: z.string().regex(/^(0(\.\d{1,6})?|1)$/, 'E-FIELD-FORM'),
        }),
      )
      .max(400),
    indicative: z
      .array(
        z.object({
          criterion: targetCriterion,
          value: text(200),
          place: optionalText(200),
          target: z.number().int().min(1).max(10_000).nullable(),
        }),
      )
      .max(60),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

export const addClause = endpoint({
  id: 'flow.addReviewClause',
  method: 'POST',
  path: '/agreements/:id/clauses',
  summary: 'Plan a review of an agreement: both parties are reminded',
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: z.object({ dueOn: localDate, subject: text(300) }),
  reply: z.object({ id }),
});

export const closeClause = endpoint({
  id: 'flow.closeReviewClause',
  method: 'POST',
  path: '/agreements/:id/clauses/:clauseId/outcome',
  summary: 'Say what came of a review',
  permission: 'flow.manage-agreements',
  params: z.object({ id, clauseId: id }),
  body: z.object({ outcome: text(1_000) }),
  reply: z.object({}),
});

export const recordDerogation = endpoint({
  id: 'flow.recordDerogation',
  method: 'POST',
  path: '/agreements/:id/derogations',
  summary: "Record an arrêté that raises the State's cap, for one year at most",
  permission: 'flow.manage-agreements',
  params: z.object({ id }),
  body: z.object({ reference: text(120), cap: share, from: localDate, until: localDate, reason: text(1_000) }),
  reply: z.object({ id }),
});

export const makeAgreementDocument = endpoint({
  id: 'flow.makeAgreementDocument',
  method: 'POST',
  path: '/agreements/:id/document',
  summary: 'Make the agreement as a PDF, with its annex of targets',
  permission: 'flow.read',
  params: z.object({ id }),
  body: z.object({}),
  reply: z.object({ fileId: id, sha256: z.string() }),
});

// Needs in the words of the holder (F-33) ------------------------------------------------------------------------------

const need = {
  value: text(200),
  place: optionalText(200),
  target: z.number().int().min(1).max(10_000).nullable(),
};

export const writeNeed = endpoint({
  id: 'flow.writeNeed',
  method: 'POST',
  path: '/agreements/:id/needs',
  summary:
    'Write a need of a year in one’s own words: the landlord reads it, and the suggestion of orientation uses it',
  permission: 'flow.sign-agreements',
  params: z.object({ id }),
  body: z.object({ year: z.number().int().min(2020).max(2100), criterion: targetCriterion, ...need }),
  reply: z.object({ id }),
});

export const changeNeed = endpoint({
  id: 'flow.changeNeed',
  method: 'PUT',
  path: '/agreements/:id/needs/:needId',
  summary: 'Change a need; one the landlord wrote becomes the holder’s own words',
  permission: 'flow.sign-agreements',
  params: z.object({ id, needId: id }),
  body: z.object({ ...need, version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const endNeed = endpoint({
  id: 'flow.endNeed',
  method: 'POST',
  path: '/agreements/:id/needs/:needId/ending',
  summary: 'End a need one wrote, with the reason; what it was stays in the exchange',
  permission: 'flow.sign-agreements',
  params: z.object({ id, needId: id }),
  body: z.object({ reason: text(500), version: z.number().int() }),
  reply: z.object({}),
});

// Targets adapted from the report of the year (F-36) -------------------------------------------------------------------

const adaptationLine = z.object({
  criterion: targetCriterion,
  value: z.string(),
  label: z.string().nullable(),
  target: z.number().nullable(),
  served: z.number(),
  freed: z.array(z.object({ year: z.number(), freed: z.number() })),
  /** For the year after; 0: nothing supports it any more. Null: said in words, carried as it is. */
  proposed: z.number().nullable(),
  steps,
  /** What the holder wrote itself for the year after: nobody adapts it for it. */
  ownTarget: z.number().nullable(),
  adapted: z
    .object({ proposed: z.number(), adopted: z.number(), reason: z.string().nullable(), by: z.string(), on: dayOut })
    .nullable(),
});

export const listAdaptations = endpoint({
  id: 'flow.listTargetAdaptations',
  method: 'GET',
  path: '/agreements/adaptations',
  summary:
    'Targets of a year (the last one that is over) with their result, those it proposes for the year after, and what was adopted',
  permission: 'flow.read',
  query: z.object({
    year: queryNumber.int().min(2020).max(2100).optional(),
    /** All of one's own when none is named. */
    agreements: queryList.optional(),
  }),
  reply: z.object({
    year: z.number(),
    items: z.array(
      z.object({
        agreementId: id,
        reference: z.string(),
        holder: z.string(),
        version: z.number(),
        lines: z.array(adaptationLine),
        can: abilities('adapt'),
      }),
    ),
  }),
});
export type Adaptation = z.output<typeof listAdaptations.reply>['items'][number];

export const adaptTargets = endpoint({
  id: 'flow.adaptTargets',
  method: 'POST',
  path: '/agreements/:id/targets/:year/adaptation',
  summary: 'Take over the targets that the result of a year proposes for the year after, or others with a reason',
  permission: 'flow.manage-agreements',
  params: z.object({ id, year: z.coerce.number().int().min(2020).max(2100) }),
  body: z.object({
    lines: z
      .array(
        z.object({
          criterion: targetCriterion,
          value: text(200),
          /** 0: not taken over. */
          adopted: z.number().int().min(0).max(10_000),
          reason: optionalText(500),
        }),
      )
      .min(1, 'E-FIELD-REQUIRED')
      .max(60),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});
