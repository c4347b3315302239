import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  abilities,
  dayOut,
  id,
  listOf,
  listQuery,
  localDate,
  optionalText,
  queryList,
  searchText,
  steps,
  text,
} from '../../../kernel/schemas.ts';
import { exhaustionPolicies } from './rules/run-off.ts';
import { scenarioParameters, shareMethods } from './rules/scenario.ts';
import { smallHolderRoundings } from './rules/small-holder.ts';
import { segmentCriteria, usualCriteria } from './rules/turnover.ts';
import { rightKinds } from './rules/volume.ts';

export const inventoryState = z.enum(['draft', 'shared', 'agreed']);
const department = z.string().regex(/^\d{2}$/, 'E-FIELD-FORM');

/** Level 2 of the inventory: the rights of each holder, without a dwelling. */
const synthesisRow = z.object({
  holder: z.string(),
  contingent: z.string(),
  department: z.string().nullable(),
  recurring: z.number(),
  singleUse: z.number(),
  /** Rights over before the conversion: kept, and count nothing. */
  over: z.number(),
  lines: z.number(),
});

const inventory = z.object({
  id,
  landlordId: id,
  landlord: z.string(),
  convertsOn: dayOut,
  state: inventoryState,
  note: z.string().nullable(),
  sharedOn: dayOut.nullable(),
  agreedOn: dayOut.nullable(),
  version: z.number(),
  /** As it stands for the landlord; as it was when shared for the others. */
  synthesis: z.array(synthesisRow),
});
export type Inventory = z.output<typeof inventory>;

export const listInventories = endpoint({
  id: 'flow.listInventories',
  method: 'GET',
  path: '/reservation-inventories',
  summary:
    'Inventories of reservation rights: the landlord’s own, or those shared with the holder, with their synthesis',
  permission: 'flow.read',
  reply: z.object({
    items: z.array(inventory.extend({ own: z.boolean(), can: abilities('share', 'reopen', 'agree') })),
    can: abilities('open', 'convert'),
    today: dayOut,
  }),
});

export const openInventory = endpoint({
  id: 'flow.openInventory',
  method: 'POST',
  path: '/reservation-inventories',
  summary: 'Open the inventory of rights as they stand on the day of their conversion',
  permission: 'flow.convert',
  body: z.object({ convertsOn: localDate, note: optionalText(1_000) }),
  reply: z.object({ id }),
});

export const moveInventory = endpoint({
  id: 'flow.moveInventory',
  method: 'POST',
  path: '/reservation-inventories/:id/state',
  summary: 'Share an inventory with its holders, reopen it with a reason, or record that it is agreed',
  permission: 'flow.convert',
  params: z.object({ id }),
  body: z.object({ to: inventoryState, reason: optionalText(500), version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const rightFilters = z.object({
  q: searchText,
  inventory: id.optional(),
  contingent: queryList.optional(),
  kind: z.enum(rightKinds).optional(),
  /** Still running on the day of conversion, or over by then. */
  only: z.enum(['running', 'over', 'unknown-holder']).optional(),
});

const rightItem = z.object({
  id,
  reference: z.string(),
  landlord: z.string(),
  holder: z.string(),
  knownHolder: z.boolean(),
  contingent: z.string(),
  origin: z.string(),
  agreementReference: z.string().nullable(),
  signedOn: dayOut.nullable(),
  endsOn: dayOut.nullable(),
  kind: z.enum(rightKinds),
  rights: z.number(),
  /** What the line counts in the conversion: nothing once it is over. */
  counted: z.number(),
  municipality: z.string().nullable(),
  inPriorityArea: z.boolean().nullable(),
  rooms: z.number().nullable(),
  funding: z.string().nullable(),
  constructionPeriod: z.string().nullable(),
  dwellings: z.string().nullable(),
});

export const listRights = endpoint({
  id: 'flow.listRights',
  method: 'GET',
  path: '/reservation-rights',
  summary: 'Lines of the inventories: all of the landlord’s own, its own for a holder',
  permission: 'flow.read',
  query: rightFilters.extend(listQuery),
  reply: listOf(rightItem),
});

const scenarioParty = z.object({
  id: z.string(),
  name: z.string(),
  contingent: z.string(),
  reserved: z.number(),
  owed: z.number(),
  over: z.number(),
  endless: z.number(),
  volume: z.string(),
  before: z.string(),
  share: z.string(),
  due: z.string(),
  yearly: z.number(),
  difference: z.string(),
  small: z.boolean(),
  calendar: z.array(z.number()),
  steps,
});

const scenario = z.object({
  id,
  name: z.string(),
  department: z.string().nullable(),
  parameters: scenarioParameters,
  createdOn: dayOut,
  createdBy: z.string(),
  base: z.number(),
  stock: z.number(),
  turnover: z.string(),
  parties: z.array(scenarioParty),
  unreserved: z.object({ share: z.string(), due: z.string(), yearly: z.number() }),
  runOff: z.array(
    z.object({
      year: z.number(),
      issued: z.array(z.object({ id: z.string(), issued: z.number(), left: z.string().nullable() })),
      unreserved: z.number(),
    }),
  ),
  aboveGuarantees: z.boolean(),
  steps,
});
export type ScenarioView = z.output<typeof scenario>;

const segment = z.object({
  key: z.array(z.string()),
  dwellings: z.array(z.number()),
  freed: z.array(z.number()),
  rate: z.string().nullable(),
  small: z.boolean(),
});

export const shareMethod = z.enum(shareMethods);

export const getConversion = endpoint({
  id: 'flow.getConversion',
  method: 'GET',
  path: '/reservation-inventories/:id/conversion',
  summary: 'The conversion of an inventory: turnover by segment with what it comes from, and the scenarios tried',
  permission: 'flow.convert',
  params: z.object({ id }),
  query: z.object({
    criteria: queryList.pipe(z.array(z.enum(segmentCriteria)).max(3)).default([...usualCriteria]),
    department: department.optional(),
  }),
  reply: z.object({
    inventory: inventory.pick({ id: true, convertsOn: true, state: true, version: true }),
    years: z.array(z.number()),
    segments: z.array(segment),
    whole: segment.nullable(),
    /** Vacancies of the base in each year. */
    freedInBase: z.array(z.number()),
    departments: z.array(z.string()),
    parties: z.array(z.object({ id: z.string(), name: z.string(), contingent: z.string() })),
    /** What a new scenario begins with: the settings in force. */
    defaults: z.object({
      isSingleRate: z.boolean(),
      share: shareMethod,
      smallHolderBelow: z.number(),
      smallHolderRounding: z.enum(smallHolderRoundings),
      onExhaustion: z.enum(exhaustionPolicies),
    }),
    scenarios: z.array(scenario),
  }),
});

export const tryScenario = endpoint({
  id: 'flow.tryScenario',
  method: 'POST',
  path: '/reservation-inventories/:id/scenarios',
  summary: 'Compute a conversion under given choices, and keep it as it is',
  permission: 'flow.convert',
  params: z.object({ id }),
  body: z.object({ name: text(80), department: department.nullable(), parameters: scenarioParameters }),
  reply: z.object({ id }),
});

export const setScenarioAside = endpoint({
  id: 'flow.setScenarioAside',
  method: 'POST',
  path: '/conversion-scenarios/:id/set-aside',
  summary: 'Set a scenario aside: it is kept, and no longer shown',
  permission: 'flow.convert',
  params: z.object({ id }),
  reply: z.object({}),
});

export const makeConversionNote = endpoint({
  id: 'flow.makeConversionNote',
  method: 'POST',
  path: '/reservation-inventories/:id/note',
  summary: 'The scenarios of a conversion beside each other, as a document to hand to the partners',
  permission: 'flow.convert',
  params: z.object({ id }),
  body: z.object({ language: z.enum(['fr', 'nl']) }),
  reply: z.object({ id, fileId: id }),
});

// New programmes -------------------------------------------------------------------------------------------------------

export const programmeState = z.enum(['draft', 'proposed', 'agreed']);
const size = z.object({ rooms: z.number().int().min(1).max(12), dwellings: z.number().int().min(0).max(2_000) });
const programmeShare = z.object({
  id: z.string(),
  name: z.string(),
  contingent: z.string(),
  share: z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'E-FIELD-FORM'),
});

const programme = z.object({
  id,
  landlord: z.string(),
  own: z.boolean(),
  name: z.string(),
  municipality: z.string(),
  municipalityCode: z.string(),
  deliveredOn: dayOut,
  meetingOn: dayOut.nullable(),
  state: programmeState,
  sizes: z.array(size),
  setAside: z.number(),
  shares: z.array(programmeShare),
  rows: z.array(z.object({ id: z.string(), counts: z.array(z.number()), total: z.number() })),
  setAsideBySize: z.array(z.number()),
  /** First lettings of its residence oriented so far, by party. */
  oriented: z.record(z.string(), z.number()),
  agreedOn: dayOut.nullable(),
  /** Large enough for a coordination meeting, which has no day yet. */
  meetingDue: z.boolean(),
  version: z.number(),
  can: abilities('change', 'propose', 'agree'),
});
export type Programme = z.output<typeof programme>;

export const listProgrammes = endpoint({
  id: 'flow.listProgrammes',
  method: 'GET',
  path: '/programmes',
  summary:
    'New programmes and how their first lettings are shared: the landlord’s own, or those the holder has a part in',
  permission: 'flow.read',
  reply: z.object({ items: z.array(programme), leastDwellings: z.number(), can: abilities('add'), today: dayOut }),
});

const programmeBody = z.object({
  name: text(120),
  municipalityCode: z.string().regex(/^\d{5}$/, 'E-FIELD-FORM'),
  deliveredOn: localDate,
  meetingOn: localDate.nullable(),
  buildingReference: optionalText(40),
  sizes: z.array(size).min(1).max(12),
  /** Dwellings kept for rehousing, out of the sharing; null: what the setting says. */
  setAside: z.number().int().min(0).max(2_000).nullable(),
});

export const addProgramme = endpoint({
  id: 'flow.addProgramme',
  method: 'POST',
  path: '/programmes',
  summary: 'Record a new programme: its dwellings are shared as the agreements of the place say',
  permission: 'flow.convert',
  body: programmeBody,
  reply: z.object({ id }),
});

export const changeProgramme = endpoint({
  id: 'flow.changeProgramme',
  method: 'PUT',
  path: '/programmes/:id/sharing',
  summary: 'Change the shares, the date of the meeting or the part set aside, as long as it is not agreed',
  permission: 'flow.convert',
  params: z.object({ id }),
  body: z.object({
    meetingOn: localDate.nullable(),
    setAside: z.number().int().min(0).max(2_000),
    shares: z.record(z.string(), programmeShare.shape.share),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

export const moveProgramme = endpoint({
  id: 'flow.moveProgramme',
  method: 'POST',
  path: '/programmes/:id/state',
  summary: 'Propose the sharing to the parties, or record that the meeting agreed on it',
  permission: 'flow.convert',
  params: z.object({ id }),
  body: z.object({ to: programmeState, version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});
