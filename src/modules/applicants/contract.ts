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
  nationalNumberIn,
  optionalText,
  queryList,
  queryNumber,
  searchText,
  steps,
  text,
  uniqueNumberIn,
} from '../../kernel/schemas.ts';

export const applicationState = z.enum(['incomplete', 'active', 'suspended', 'housed', 'removed']);
export const incomeClass = z.enum(['unknown', 'admission', 'moderate', 'over']);
export const exitCause = z.enum([
  'housed',
  'withdrawn',
  'no-reply',
  'conditions',
  'deceased',
  'duplicate',
  'housed-elsewhere',
  'refusals',
]);
export const relation = z.enum(['reference', 'partner', 'child', 'parent', 'other']);
export const sex = z.enum(['F', 'M', 'X']);

export const applicationFilters = z.object({
  q: searchText,
  state: queryList.optional(),
  bedrooms: queryNumber.int().optional(),
  incomeClass: queryList.optional(),
  priorityGroup: queryList.optional(),
});

const applicationItem = z.object({
  id,
  number: z.string(),
  householdId: id,
  familyName: z.string(),
  givenName: z.string(),
  state: applicationState,
  registeredOn: dayOut.nullable(),
  receivedOn: dayOut,
  bedroomsNeeded: z.number(),
  persons: z.number(),
  adults: z.number(),
  children: z.number(),
  incomeClass,
  incomeCents: centsOut.nullable(),
  priorityGroup: z.string().nullable(),
  uniqueNumber: z.string().nullable(),
  exitOn: dayOut.nullable(),
  exitCause: exitCause.nullable(),
});

export const listApplications = endpoint({
  id: 'applicants.listApplications',
  method: 'GET',
  path: '/applications',
  summary: 'Applications with the name of the household',
  permission: 'applicants.read',
  query: applicationFilters.extend(listQuery),
  reply: listOf(applicationItem),
});

export const registerFilters = z.object({ state: queryList.optional(), bedrooms: queryNumber.int().optional() });

export const listRegister = endpoint({
  id: 'applicants.listRegister',
  method: 'GET',
  path: '/register',
  summary: 'The register in chronological order, without names (art. 39/3)',
  permission: 'register.read',
  query: registerFilters.extend(listQuery),
  reply: listOf(
    z.object({
      id,
      number: z.string(),
      registeredOn: dayOut,
      persons: z.number(),
      bedroomsNeeded: z.number(),
      state: applicationState,
      exitOn: dayOut.nullable(),
      exitCause: exitCause.nullable(),
      dwelling: z.string().nullable(),
    }),
  ),
});

const member = z.object({
  id,
  familyName: z.string(),
  givenName: z.string(),
  birthDate: dayOut.nullable(),
  sex: sex.nullable(),
  relation,
  disabled: z.boolean(),
  hasNationalNumber: z.boolean(),
});

export const getApplication = endpoint({
  id: 'applicants.getApplication',
  method: 'GET',
  path: '/applications/:id',
  summary: 'An application with its household, its class of income and its place in the register',
  permission: 'applicants.read',
  params: z.object({ id }),
  reply: applicationItem.omit({ adults: true, children: true, incomeCents: true }).extend({
    quartile: z.number().nullable(),
    paysIntoActionLogement: z.boolean().nullable(),
    publicAgent: z.boolean().nullable(),
    socialFlags: z.array(z.string()),
    requestedMunicipalities: z.array(z.string()),
    exitReason: z.string().nullable(),
    housedDwellingId: id.nullable(),
    incomeClassOn: dayOut.nullable(),
    incomeSteps: steps,
    bedroomSteps: steps,
    /** Applications of the same size registered before this one and still waiting. */
    before: z.number().nullable(),
    batchId: id.nullable(),
    version: z.number(),
    household: z.object({
      id,
      reference: z.string(),
      language,
      email: z.string().nullable(),
      phone: z.string().nullable(),
      street: z.string().nullable(),
      postalCode: z.string().nullable(),
      city: z.string().nullable(),
      adults: z.number(),
      children: z.number(),
      couple: z.boolean(),
      disabledAdults: z.number(),
      disabledChildren: z.number(),
      incomeCents: centsOut.nullable(),
      incomeYear: z.number().nullable(),
      incomeEarners: z.number(),
      note: z.string().nullable(),
      version: z.number(),
      members: z.array(member),
    }),
    can: abilities('manage', 'exit', 'reinstate', 'readNationalNumber'),
  }),
});

const memberIn = z.object({
  familyName: text(100),
  givenName: text(100),
  birthDate: localDate.nullable(),
  sex: sex.nullable(),
  relation,
  disabled: z.boolean().default(false),
  /** Left out, the number on file stays; empty, it is removed. */
  nationalNumber: z.union([z.literal('').transform(() => null), nationalNumberIn]).nullish(),
});

const householdBody = z.object({
  language,
  email: z
    .union([z.literal('').transform(() => null), z.email('E-FIELD-EMAIL').max(200)])
    .nullish()
    .transform((value) => value ?? null),
  phone: optionalText(40),
  street: optionalText(200),
  postalCode: optionalText(10),
  city: optionalText(100),
  couple: z.boolean(),
  incomeCents: centsIn.nullable(),
  incomeYear: z.number().int().min(1990).max(2100).nullable(),
  incomeEarners: z.number().int().min(0).max(10),
  note: optionalText(2_000),
  members: z.array(memberIn).min(1, 'E-FIELD-REQUIRED').max(20),
});

const applicationBody = z.object({
  receivedOn: localDate,
  /** The day the complete file was filed; null: papers are missing, the application waits. */
  registeredOn: localDate.nullable(),
  uniqueNumber: z
    .union([z.literal('').transform(() => null), uniqueNumberIn])
    .nullish()
    .transform((value) => value ?? null),
  priorityGroup: optionalText(40),
  quartile: z.number().int().min(1).max(4).nullable(),
  /** Employer liable to the PEEC; agent of the State; null: not known. */
  paysIntoActionLogement: z.boolean().nullable().default(null),
  publicAgent: z.boolean().nullable().default(null),
  socialFlags: z.array(text(60)).max(10).default([]),
  requestedMunicipalities: z.array(z.string().max(10)).max(40).default([]),
});

export const registerApplication = endpoint({
  id: 'applicants.registerApplication',
  method: 'POST',
  path: '/applications',
  summary: 'Register a household and its application',
  permission: 'applicants.manage',
  body: applicationBody.extend({ household: householdBody }),
  reply: z.object({ id, number: z.string() }),
});

export const updateApplication = endpoint({
  id: 'applicants.updateApplication',
  method: 'PUT',
  path: '/applications/:id',
  summary: 'Change an application and its household; the classes are computed anew',
  permission: 'applicants.manage',
  params: z.object({ id }),
  body: applicationBody.extend({
    household: householdBody.extend({
      /** With its id, a member already on file; without, a new one. Those left out leave the household. */
      members: z
        .array(memberIn.extend({ id: id.nullish() }))
        .min(1, 'E-FIELD-REQUIRED')
        .max(20),
    }),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

export const exitApplication = endpoint({
  id: 'applicants.exitApplication',
  method: 'POST',
  path: '/applications/:id/exit',
  summary: 'Take an application off the register, with its day and cause',
  permission: 'applicants.manage',
  params: z.object({ id }),
  body: z.object({ on: localDate, cause: exitCause.exclude(['housed']), reason: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const reinstateApplication = endpoint({
  id: 'applicants.reinstateApplication',
  method: 'POST',
  path: '/applications/:id/reinstatement',
  summary: 'Put an application back on the register at its place',
  permission: 'applicants.manage',
  params: z.object({ id }),
  body: z.object({ reason: text(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const readNationalNumber = endpoint({
  id: 'applicants.readNationalNumber',
  method: 'POST',
  path: '/members/:id/national-number-readings',
  summary: 'Read the national number of a member; the reading is logged',
  permission: 'applicants.read-national-number',
  params: z.object({ id }),
  body: z.object({ purpose: text(200) }),
  reply: z.object({ nationalNumber: z.string().nullable() }),
});

/** The register ranked for a dwelling: candidates in order with the reasons of their rank, and who is not ranked. */
export const ranking = z.object({
  candidates: z.array(
    z.object({
      rank: z.number(),
      applicationId: id,
      householdId: id,
      number: z.string(),
      familyName: z.string(),
      givenName: z.string(),
      registeredOn: dayOut,
      persons: z.number(),
      adults: z.number(),
      children: z.number(),
      incomeClass,
      incomeCents: centsOut.nullable(),
      steps,
    }),
  ),
  /** Households of the right size who are not ranked, by reason. */
  excluded: z.object({ over: z.number(), moderate: z.number(), unknown: z.number(), tooMany: z.number() }),
  suitability: steps,
  quota: steps,
});
export type Ranking = z.output<typeof ranking>;
