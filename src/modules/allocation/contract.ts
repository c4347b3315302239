import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import {
  abilities,
  centsIn,
  centsOut,
  dayOut,
  id,
  language,
  listOf,
  listQuery,
  localDate,
  momentOut,
  optionalText,
  queryList,
  queryNumber,
  searchText,
  steps,
  text,
  uniqueNumberIn,
} from '../../kernel/schemas.ts';
import { incomeClass, ranking } from '../applicants/contract.ts';
import { baseClass as baseClasses } from '../flow/base/contract.ts';
import { decisionKinds, derogationKinds } from './rules/committee.ts';
import { segmentKinds } from './rules/ribbon.ts';
import { stages } from './rules/stage.ts';

export const stage = z.enum(stages);
export const decisionKind = z.enum(decisionKinds);
export const derogationKind = z.enum(derogationKinds);
export const fewerThanThree = z.enum(['not-enough-candidates', 'dalo', 'subsidised']);
export const offerChannel = z.enum(['letter', 'registered-letter', 'email', 'by-hand']);
export const offerState = z.enum(['pending', 'accepted', 'refused', 'silent', 'withdrawn']);
export const proposalState = z.enum([
  'open',
  'nominated',
  'returned',
  'expired',
  'withdrawn',
  'housed',
  'unsuccessful',
]);
export const sessionState = z.enum(['preparing', 'open', 'closed', 'signed', 'cancelled']);
export const capacity = z.enum([
  'landlord',
  'mayor',
  'state',
  'intermunicipality',
  'association',
  'holder',
  'board',
  'staff',
  'secretary',
]);
export const returnReason = z.enum(['no-candidate', 'unsuitable', 'declined', 'other']);
export const baseClass = z.enum([...baseClasses.options, 'not-applicable']);

const segment = z.object({ kind: z.enum(segmentKinds), from: dayOut, to: dayOut, planned: z.boolean() });

// Vacancies ------------------------------------------------------------------------------------------------------------

export const vacancyFilters = z.object({
  q: searchText,
  stage: queryList.optional(),
  municipality: queryList.optional(),
  bedrooms: queryNumber.int().optional(),
  rooms: queryNumber.int().optional(),
  /** Empty today, still under notice, past a deadline, or needing an act of the landlord. */
  only: z.enum(['void', 'notice', 'late', 'to-do']).optional(),
  closed: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  dwelling: id.optional(),
});

export const vacancyItem = z.object({
  id,
  dwellingId: id,
  reference: z.string(),
  address: z.string(),
  municipality: z.string(),
  bedrooms: z.number(),
  rooms: z.number().nullable(),
  funding: z.string().nullable(),
  stage,
  nextDueOn: dayOut.nullable(),
  nextDueWhat: z.string().nullable(),
  openedOn: dayOut,
  freeOn: dayOut,
  voidDays: z.number().nullable(),
  rentCents: centsOut,
  dailyCostCents: centsOut,
  holder: z.string().nullable(),
  closedOn: dayOut.nullable(),
  ribbon: z.array(segment),
});

export const listVacancies = endpoint({
  id: 'allocation.listVacancies',
  method: 'GET',
  path: '/vacancies',
  summary: 'Dwellings on their road from notice to lease',
  permission: 'vacancies.read',
  query: vacancyFilters.extend(listQuery),
  reply: listOf(vacancyItem),
});

export const vacancySummary = endpoint({
  id: 'allocation.vacancySummary',
  method: 'GET',
  path: '/vacancies/summary',
  summary: 'How many vacancies, how many empty, what they cost, with the computation',
  permission: 'vacancies.read',
  reply: z.object({
    open: z.number(),
    void: z.number(),
    notice: z.number(),
    late: z.number(),
    toDo: z.number(),
    toOrient: z.number(),
    dailyCostCents: centsOut,
    /** Rent lost since 1 January ÷ rent of the whole stock since 1 January. */
    rate: z.string(),
    threshold: z.string(),
    steps,
    byStage: z.record(z.string(), z.number()),
  }),
});

const candidate = z.object({
  id,
  source: z.enum(['register', 'nomination']),
  applicationId: id.nullable(),
  householdId: id.nullable(),
  registerRank: z.number().nullable(),
  familyName: z.string(),
  givenName: z.string(),
  fileNumber: z.string().nullable(),
  uniqueNumber: z.string().nullable(),
  persons: z.number(),
  adults: z.number(),
  children: z.number(),
  incomeCents: centsOut.nullable(),
  incomeClass,
  priorityGroup: z.string().nullable(),
  quartile: z.number().nullable(),
  registeredOn: dayOut.nullable(),
  language,
  steps,
  state: z.string(),
  position: z.number(),
  /** The rank its holder gave it, among those it named by a file: the committee is not bound by it. */
  holderRank: z.number().nullable(),
  holder: z.string().nullable(),
  decision: z
    .object({
      kind: decisionKind,
      rank: z.number().nullable(),
      condition: z.string().nullable(),
      conditionDueOn: dayOut.nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type Candidate = z.output<typeof candidate>;

const offer = z.object({
  id,
  candidateId: id,
  rank: z.number(),
  channel: offerChannel,
  sentOn: dayOut,
  notifiedOn: dayOut,
  responseDays: z.number(),
  answerBy: dayOut,
  steps,
  state: offerState,
  answeredOn: dayOut.nullable(),
  answerReason: z.string().nullable(),
  letterId: id.nullable(),
  version: z.number(),
});

export const getVacancy = endpoint({
  id: 'allocation.getVacancy',
  method: 'GET',
  path: '/vacancies/:id',
  summary: 'A vacancy: where it stands, what may be done, its candidates and offers',
  permission: 'vacancies.read',
  params: z.object({ id }),
  reply: vacancyItem.extend({
    cause: z.string(),
    kind: z.string(),
    areaM2: z.string().nullable(),
    constructionYear: z.number().nullable(),
    priorityArea: z.string().nullable(),
    chargesCents: centsOut,
    baseClass,
    baseReason: z.string().nullable(),
    stageSince: dayOut,
    worksUntil: dayOut.nullable(),
    worksDoneOn: dayOut.nullable(),
    tenancyId: id.nullable(),
    leaving: z.string().nullable(),
    newTenancyId: id.nullable(),
    letFrom: dayOut.nullable(),
    cost: z.object({ days: z.number(), totalCents: centsOut, steps }).nullable(),
    orientation: z
      .object({
        holder: z.string().nullable(),
        followed: z.boolean(),
        reason: z.string().nullable(),
        by: z.string(),
        at: momentOut,
      })
      .nullable(),
    proposal: z
      .object({
        id,
        holder: z.string(),
        proposedOn: dayOut,
        nominateBy: dayOut,
        state: proposalState,
        returnReason: z.string().nullable(),
      })
      .nullable(),
    /** The dwelling goes to a candidate of another holder (bourse d'échange). */
    exchange: z.object({ receiver: z.string(), on: dayOut, note: z.string() }).nullable(),
    session: z
      .object({ id, reference: z.string(), heldOn: dayOut, itemId: id, state: sessionState, itemState: z.string() })
      .nullable(),
    candidates: z.array(candidate),
    offers: z.array(offer),
    documents: z.array(z.object({ id, fileId: id, title: z.string(), createdAt: momentOut })),
    version: z.number(),
    can: abilities(
      'planWorks',
      'orient',
      'withdrawProposal',
      'select',
      'schedule',
      'offer',
      'answer',
      'sign',
      'classify',
      'exchange',
    ),
  }),
});

export const planWorks = endpoint({
  id: 'allocation.planWorks',
  method: 'PUT',
  path: '/vacancies/:id/works',
  summary: 'Say until when works last, or that they are done',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({ worksUntil: localDate.nullable(), worksDoneOn: localDate.nullable(), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const emptyCause = z.enum(['first-letting', 'intake', 'departure', 'other']);

export const openEmptyDwelling = endpoint({
  id: 'allocation.openEmptyDwelling',
  method: 'POST',
  path: '/dwellings/:id/vacancies',
  summary: 'Put an empty dwelling, which no notice announced, on the road to its next lease',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({ cause: emptyCause, availableOn: localDate, reason: z.string().trim().max(500).nullable() }),
  reply: z.object({ id }),
});

export const classifyVacancy = endpoint({
  id: 'allocation.classifyVacancy',
  method: 'PUT',
  path: '/vacancies/:id/base',
  summary: 'Say whether the vacancy counts in the base of the flow, or why not',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({ baseClass, reason: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

// Orientation ----------------------------------------------------------------------------------------------------------

export const getOrientation = endpoint({
  id: 'allocation.getOrientation',
  method: 'GET',
  path: '/vacancies/:id/orientation',
  summary: 'To whom the dwelling should go, and the effect of each choice on what each party is due',
  permission: 'allocation.orient',
  params: z.object({ id }),
  reply: z.object({
    suggested: z.string(),
    steps,
    alternatives: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** A holder may have several agreements for one dwelling: the State has two. */
        contingent: z.string().nullable(),
        scale: z.enum(['municipality', 'department', 'territory', 'landlord']),
        due: z.string(),
        proposed: z.number(),
        gapBefore: z.string(),
        gapAfter: z.string(),
        /** Vacancies of its perimeter it may still see go elsewhere before it is a whole dwelling late. */
        waits: z.number().nullable(),
        /** Why it is suggested, or not: a word of `orientation-why`. */
        why: z.string(),
        needs: z.array(
          z.object({
            criterion: z.string(),
            value: z.string(),
            /** The place the dwelling is near to, in the words of the holder. */
            place: z.string().nullish(),
            target: z.number(),
            served: z.number(),
          }),
        ),
      }),
    ),
    building: z.object({
      name: z.string().nullable(),
      dwellings: z.number(),
      voids: z.number(),
      firstQuartileRate: z.string().nullable(),
      /** Listed « à enjeu prioritaire de mixité sociale » until then. */
      listedUntil: dayOut.nullable(),
    }),
    /** More than half of its known households are of the first quartile. */
    fragile: z.boolean(),
    /** Whom the objectives lean to, between equals only. */
    leaning: z.enum(['state-priority', 'others']).nullable(),
    /** The new programme whose agreed sharing decides this first letting. */
    programme: z.string().nullable(),
    /** The objectives the dwelling weighs on in its territory, of the law or committed to, before and after it is let. */
    stakes: z.array(
      z.object({
        objective: z.enum(['first-quartile', 'social-mix', 'priority']),
        target: z.string(),
        /** Committed to in the intercommunal convention of the place. */
        committed: z.boolean(),
        state: z.enum(['reached', 'missed', 'not-measured']),
        before: z.string().nullable(),
        ifMet: z.string(),
        ifNot: z.string(),
      }),
    ),
    stakesSteps: steps,
  }),
});

export const orient = endpoint({
  id: 'allocation.orient',
  method: 'POST',
  path: '/vacancies/:id/orientation',
  summary:
    'Orient a vacancy to a reservation holder (it is proposed at once) or keep it; not following the suggestion takes a reason',
  permission: 'allocation.orient',
  params: z.object({ id }),
  body: z.object({
    agreementId: z.union([id, z.literal('own')]),
    reason: optionalText(500),
    version: z.number().int(),
  }),
  reply: z.object({ id, proposalId: id.nullable(), nominateBy: dayOut.nullable() }),
});

const plannedGaps = z.object({ gaps: z.string(), serving: z.number() });

export const planOrientations = endpoint({
  id: 'allocation.planOrientations',
  method: 'POST',
  path: '/orientations/plan',
  summary:
    'Orient all vacancies that wait at once, beside what the suggestions one by one would give. Computes only: nothing is decided',
  permission: 'allocation.orient',
  body: z.object({
    /** Those to plan; all that wait, the longest waiting first, when absent. */
    vacancyIds: z.array(id).min(1).max(200).optional(),
  }),
  reply: z.object({
    vacancies: z.array(
      z.object({
        id,
        version: z.number(),
        address: z.string(),
        municipality: z.string(),
        rooms: z.number().nullable(),
        bedrooms: z.number(),
        kind: z.string(),
        funding: z.string().nullable(),
        openedOn: dayOut,
        /** Agreements, or `own`. */
        together: z.string(),
        oneByOne: z.string(),
      }),
    ),
    /** A party in a place: each with its gap before, and at the end of either way. */
    parties: z.array(
      z.object({
        id: z.string(),
        party: z.string(),
        name: z.string(),
        contingent: z.string().nullable(),
        scale: z.enum(['municipality', 'department', 'territory', 'landlord']),
        place: z.string(),
        due: z.string(),
        gapBefore: z.string(),
        gapTogether: z.string(),
        gapOneByOne: z.string(),
      }),
    ),
    today: dayOut,
    before: z.object({ gaps: z.string() }),
    together: plannedGaps,
    oneByOne: plannedGaps,
    steps,
  }),
});

export const applyPlan = endpoint({
  id: 'allocation.applyPlan',
  method: 'POST',
  path: '/orientations/plans',
  summary: 'Orient several vacancies in one act, as a plan that was looked at says: all of them, or none',
  permission: 'allocation.orient',
  body: z.object({
    choices: z
      .array(z.object({ vacancyId: id, agreementId: z.union([id, z.literal('own')]), version: z.number().int() }))
      .min(1)
      .max(200),
    /** For those that differ from the suggestion. */
    reason: optionalText(500),
  }),
  reply: z.object({ batchId: id, dwellings: z.number() }),
});

export const undoPlan = endpoint({
  id: 'allocation.undoPlan',
  method: 'POST',
  path: '/orientations/plans/:id/undo',
  summary: 'Take a plan back as a whole, as long as nobody went on with one of its dwellings',
  permission: 'allocation.orient',
  params: z.object({ id }),
  body: z.object({ reason: text(500) }),
  reply: z.object({ dwellings: z.number() }),
});

const planItem = z.object({
  id,
  appliedOn: dayOut,
  by: z.string(),
  reason: z.string(),
  dwellings: z.number(),
  undoneOn: dayOut.nullable(),
  undoneBy: z.string().nullable(),
  undoneReason: z.string().nullable(),
});

export const listPlans = endpoint({
  id: 'allocation.listPlans',
  method: 'GET',
  path: '/orientations/plans',
  summary: 'Plans applied, the latest first, and those taken back',
  permission: 'vacancies.read',
  query: z.object(listQuery),
  reply: listOf(planItem),
});

const orientationItem = z.object({
  id,
  vacancyId: id,
  decidedOn: dayOut,
  address: z.string(),
  municipality: z.string(),
  suggested: z.string().nullable(),
  chosen: z.string().nullable(),
  followed: z.boolean(),
  reason: z.string().nullable(),
});
export const orientationFilters = z.object({ followed: z.enum(['true', 'false']).optional() });

export const listOrientations = endpoint({
  id: 'allocation.listOrientations',
  method: 'GET',
  path: '/orientations',
  summary: 'Orientations decided, what was suggested, and why another was chosen',
  permission: 'vacancies.read',
  query: orientationFilters.extend(listQuery),
  reply: listOf(orientationItem),
});

export const orientationStatistics = endpoint({
  id: 'allocation.orientationStatistics',
  method: 'GET',
  path: '/orientations/statistics',
  summary: 'How often the suggestion was followed this year: by month, by party, by reason, by role. Never by officer',
  permission: 'vacancies.read',
  reply: z.object({
    decided: z.number(),
    followed: z.number(),
    months: z.array(z.object({ month: z.string(), decided: z.number(), followed: z.number() })),
    /** By party, null for the landlord's own contingent: how often suggested, left for another, chosen instead of another. */
    parties: z.array(
      z.object({
        name: z.string().nullable(),
        suggested: z.number(),
        left: z.number(),
        preferred: z.number(),
      }),
    ),
    reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
    /** By what those who decided do, never by person. */
    roles: z.array(z.object({ role: z.string(), decided: z.number(), followed: z.number() })),
    /** Decided in a plan applied as a whole. */
    planned: z.number(),
    today: dayOut,
  }),
});

// The holder's space ----------------------------------------------------------------------------------------------------

const proposalItem = z.object({
  id,
  landlordId: id,
  landlord: z.string(),
  address: z.string(),
  municipality: z.string(),
  rooms: z.number().nullable(),
  areaM2: z.string().nullable(),
  funding: z.string().nullable(),
  inPriorityArea: z.boolean(),
  rentCents: centsOut,
  chargesCents: centsOut,
  freeOn: dayOut,
  proposedOn: dayOut,
  nominateBy: dayOut,
  state: proposalState,
  candidates: z.number(),
  /** What happened after the nomination, as far as the holder may know. */
  progress: z.enum(['to-name', 'named', 'committee', 'offer', 'housed', 'ended']),
});

export const proposalFilters = z.object({ state: queryList.optional(), landlord: id.optional() });

export const listProposals = endpoint({
  id: 'allocation.listProposals',
  method: 'GET',
  path: '/proposals',
  summary: 'Dwellings proposed to the reservation holder',
  permission: 'proposals.read',
  query: proposalFilters.extend(listQuery),
  reply: listOf(proposalItem),
});

export const getProposal = endpoint({
  id: 'allocation.getProposal',
  method: 'GET',
  path: '/proposals/:id',
  summary: 'A proposal with the candidates named on it',
  permission: 'proposals.read',
  params: z.object({ id }),
  reply: proposalItem.omit({ candidates: true }).extend({
    floor: z.number().nullable(),
    energyLabel: z.string().nullable(),
    accessible: z.boolean(),
    constructionYear: z.number().nullable(),
    returnReason: z.string().nullable(),
    agreement: z.string(),
    candidates: z.array(
      z.object({
        id,
        familyName: z.string(),
        givenName: z.string(),
        uniqueNumber: z.string().nullable(),
        persons: z.number(),
        incomeCents: centsOut.nullable(),
        priorityGroup: z.string().nullable(),
        state: z.string(),
        position: z.number(),
        holderRank: z.number().nullable(),
        decision: decisionKind.nullable(),
        rank: z.number().nullable(),
      }),
    ),
    deadlineSteps: steps,
    version: z.number(),
    can: abilities('name', 'transmit', 'return'),
  }),
});

export const nameCandidate = endpoint({
  id: 'allocation.nameCandidate',
  method: 'POST',
  path: '/proposals/:id/candidates',
  summary: 'Name a candidate for a proposed dwelling, before the deadline',
  permission: 'proposals.answer',
  params: z.object({ id }),
  body: z.object({
    uniqueNumber: uniqueNumberIn,
    familyName: text(100),
    givenName: text(100),
    adults: z.number().int().min(1).max(10),
    children: z.number().int().min(0).max(15),
    incomeCents: centsIn.nullable(),
    incomeYear: z.number().int().min(2000).max(2100).nullable(),
    priorityGroup: optionalText(40),
    quartile: z.number().int().min(1).max(4).nullable(),
    registeredOn: localDate.nullable(),
    language: language.default('fr'),
    email: z
      .union([z.literal('').transform(() => null), z.email('E-FIELD-EMAIL')])
      .nullish()
      .transform((value) => value ?? null),
    phone: optionalText(40),
    /** The holder's own application the candidate comes from, if any. */
    applicationId: id.nullish(),
  }),
  reply: z.object({ id }),
});

export const withdrawCandidate = endpoint({
  id: 'allocation.withdrawCandidate',
  method: 'DELETE',
  path: '/proposals/:id/candidates/:candidateId',
  summary: 'Withdraw a candidate named, as long as the committee has not the file',
  permission: 'proposals.answer',
  params: z.object({ id, candidateId: id }),
  reply: z.object({}),
});

export const transmitCandidates = endpoint({
  id: 'allocation.transmitCandidates',
  method: 'POST',
  path: '/proposals/:id/transmission',
  summary: 'Hand the candidates to the landlord; fewer than three takes a reason',
  permission: 'proposals.answer',
  params: z.object({ id }),
  body: z.object({ reason: optionalText(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const returnProposal = endpoint({
  id: 'allocation.returnProposal',
  method: 'POST',
  path: '/proposals/:id/return',
  summary: 'Give the dwelling back to the landlord, with a reason',
  permission: 'proposals.answer',
  params: z.object({ id }),
  body: z.object({ reason: returnReason, detail: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const withdrawProposal = endpoint({
  id: 'allocation.withdrawProposal',
  method: 'POST',
  path: '/vacancies/:id/proposal-withdrawal',
  summary: 'Take a proposal back from the holder, with a reason',
  permission: 'allocation.orient',
  params: z.object({ id }),
  body: z.object({ reason: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const exchangeDwelling = endpoint({
  id: 'allocation.exchangeDwelling',
  method: 'POST',
  path: '/vacancies/:id/exchange',
  summary: 'Record that the dwelling goes to a candidate of another holder by exchange, or take that back',
  permission: 'allocation.orient',
  params: z.object({ id }),
  body: z.object({
    /** The agreement that receives the dwelling; empty: the exchange is taken back. */
    agreementId: id.nullable(),
    note: text(500),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

// Candidates of the register -------------------------------------------------------------------------------------------

export const rankForVacancy = endpoint({
  id: 'allocation.rankForVacancy',
  method: 'GET',
  path: '/vacancies/:id/ranking',
  summary: 'The suitable candidates of the register, in order, each with the reasons of its rank',
  permission: 'vacancies.read',
  params: z.object({ id }),
  query: z.object({ limit: queryNumber.int().min(1).max(50).default(20) }),
  reply: ranking,
});

export const selectCandidates = endpoint({
  id: 'allocation.selectCandidates',
  method: 'POST',
  path: '/vacancies/:id/candidates',
  summary: 'Put the first candidates of the register forward for a vacancy',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({ count: z.number().int().min(1).max(20).optional(), version: z.number().int() }),
  reply: z.object({ version: z.number(), candidates: z.number() }),
});

// Committee ------------------------------------------------------------------------------------------------------------

const sessionItem = z.object({
  id,
  reference: z.string(),
  kind: z.enum(['committee', 'caleol']),
  heldOn: dayOut,
  heldAt: z.string().nullable(),
  place: z.string().nullable(),
  state: sessionState,
  items: z.number(),
  decided: z.number(),
});

export const sessionFilters = z.object({ state: queryList.optional() });

export const listSessions = endpoint({
  id: 'allocation.listSessions',
  method: 'GET',
  path: '/sessions',
  summary: 'Sittings of the allocation committee',
  permission: 'committee.read',
  query: sessionFilters.extend(listQuery),
  reply: listOf(sessionItem),
});

const sessionMember = z.object({
  id,
  name: z.string(),
  capacity,
  voting: z.boolean(),
  chair: z.boolean(),
  userId: z.string().nullable(),
  present: z.boolean(),
  signedAt: momentOut.nullable(),
});

export const getSession = endpoint({
  id: 'allocation.getSession',
  method: 'GET',
  path: '/sessions/:id',
  summary: 'A sitting: members, agenda with its candidates, decisions, minutes',
  permission: 'committee.read',
  params: z.object({ id }),
  reply: sessionItem.omit({ items: true, decided: true }).extend({
    quorum: z.number(),
    presentVoting: z.number(),
    openedAt: momentOut.nullable(),
    closedAt: momentOut.nullable(),
    minutesFileId: id.nullable(),
    minutesSha256: z.string().nullable(),
    members: z.array(sessionMember),
    agenda: z.array(
      z.object({
        id,
        vacancyId: id,
        position: z.number(),
        address: z.string(),
        municipality: z.string(),
        bedrooms: z.number(),
        rooms: z.number().nullable(),
        funding: z.string().nullable(),
        rentCents: centsOut,
        freeOn: dayOut,
        holder: z.string().nullable(),
        state: z.string(),
        fewerThanThree: fewerThanThree.nullable(),
        decidedAt: momentOut.nullable(),
        decidedBy: z.string().nullable(),
        version: z.number(),
        candidates: z.array(candidate),
        derogations: z.array(z.object({ passedCandidateId: id, kind: derogationKind, reason: z.string() })),
      }),
    ),
    version: z.number(),
    can: abilities('prepare', 'open', 'decide', 'close', 'sign'),
  }),
});

export const planSession = endpoint({
  id: 'allocation.planSession',
  method: 'POST',
  path: '/sessions',
  summary: 'Plan a sitting with its members',
  permission: 'committee.manage',
  body: z.object({
    heldOn: localDate,
    heldAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'E-FIELD-FORM')
      .nullish(),
    place: optionalText(200),
    quorum: z.number().int().min(1).max(15).optional(),
    members: z
      .array(
        z.object({
          name: text(120),
          capacity,
          voting: z.boolean(),
          chair: z.boolean().default(false),
          userId: z.string().max(100).nullish(),
        }),
      )
      .min(1, 'E-FIELD-REQUIRED')
      .max(25),
  }),
  reply: z.object({ id }),
});

export const addToAgenda = endpoint({
  id: 'allocation.addToAgenda',
  method: 'POST',
  path: '/sessions/:id/agenda',
  summary: 'Put a vacancy and its candidates on the agenda',
  permission: 'committee.manage',
  params: z.object({ id }),
  body: z.object({ vacancyId: id }),
  reply: z.object({ id }),
});

export const removeFromAgenda = endpoint({
  id: 'allocation.removeFromAgenda',
  method: 'DELETE',
  path: '/sessions/:id/agenda/:itemId',
  summary: 'Take a vacancy off the agenda, or postpone it once the sitting is open',
  permission: 'committee.manage',
  params: z.object({ id, itemId: id }),
  reply: z.object({}),
});

export const markAttendance = endpoint({
  id: 'allocation.markAttendance',
  method: 'PUT',
  path: '/sessions/:id/attendance',
  summary: 'Say who is there',
  permission: 'committee.manage',
  params: z.object({ id }),
  body: z.object({ present: z.array(id) }),
  reply: z.object({ presentVoting: z.number() }),
});

export const openSession = endpoint({
  id: 'allocation.openSession',
  method: 'POST',
  path: '/sessions/:id/opening',
  summary: 'Open a sitting that has its quorum',
  permission: 'committee.manage',
  params: z.object({ id }),
  body: z.object({ version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const decide = endpoint({
  id: 'allocation.decide',
  method: 'POST',
  path: '/sessions/:id/agenda/:itemId/decisions',
  summary: 'Decide on a vacancy: one decision a candidate, a derogation for each candidate passed over',
  permission: 'committee.manage',
  params: z.object({ id, itemId: id }),
  body: z.object({
    fewerThanThree: fewerThanThree.nullish(),
    decisions: z
      .array(
        z.object({
          candidateId: id,
          kind: decisionKind,
          rank: z.number().int().min(1).max(50).nullable(),
          condition: optionalText(500),
          conditionDueOn: localDate.nullish(),
          reason: optionalText(500),
        }),
      )
      .min(1, 'E-FIELD-REQUIRED')
      .max(50),
    derogations: z
      .array(z.object({ passedCandidateId: id, kind: derogationKind, reason: z.string().trim().max(1_000) }))
      .max(50)
      .default([]),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

export const closeSession = endpoint({
  id: 'allocation.closeSession',
  method: 'POST',
  path: '/sessions/:id/closing',
  summary: 'Close a sitting: its minutes are made and sealed',
  permission: 'committee.manage',
  params: z.object({ id }),
  body: z.object({ language: z.enum(['fr', 'nl']).default('fr'), version: z.number().int() }),
  reply: z.object({ version: z.number(), minutesFileId: id, sha256: z.string() }),
});

export const signMinutes = endpoint({
  id: 'allocation.signMinutes',
  method: 'POST',
  path: '/sessions/:id/signatures',
  summary: 'Sign the minutes one sat in',
  permission: 'committee.sign',
  params: z.object({ id }),
  body: z.object({ sha256: z.string().length(64) }),
  reply: z.object({ state: sessionState }),
});

// Offers and lease -----------------------------------------------------------------------------------------------------

export const sendOffer = endpoint({
  id: 'allocation.sendOffer',
  method: 'POST',
  path: '/vacancies/:id/offers',
  summary: 'Offer the dwelling to the next household in rank; the letter is made in its language',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({
    candidateId: id,
    channel: offerChannel,
    sentOn: localDate,
    notifiedOn: localDate,
    responseDays: z.number().int().min(1).max(60).optional(),
    version: z.number().int(),
  }),
  reply: z.object({ id, answerBy: dayOut, letterId: id, steps }),
});

export const answerOffer = endpoint({
  id: 'allocation.answerOffer',
  method: 'POST',
  path: '/offers/:id/answer',
  summary: "Record the household's answer, within its time",
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({
    answer: z.enum(['accepted', 'refused']),
    on: localDate,
    reason: optionalText(500),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

export const signLease = endpoint({
  id: 'allocation.signLease',
  method: 'POST',
  path: '/vacancies/:id/lease',
  summary: 'Sign the lease with the household that accepted: the counters of every partner move',
  permission: 'vacancies.manage',
  params: z.object({ id }),
  body: z.object({
    kind: z.enum(['primary-residence', 'short-term', 'transit', 'social']).default('primary-residence'),
    signedOn: localDate,
    startsOn: localDate,
    years: z.number().int().min(1).max(99).nullable(),
    rentCents: centsIn.optional(),
    chargesCents: centsIn.optional(),
    version: z.number().int(),
  }),
  reply: z.object({ id, reference: z.string(), firstRentCents: centsOut }),
});
