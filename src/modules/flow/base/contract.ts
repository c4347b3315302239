import { z } from 'zod';
import { endpoint } from '../../../kernel/endpoint.ts';
import {
  abilities,
  dayOut,
  id,
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
} from '../../../kernel/schemas.ts';
import { baseClasses, exclusionCategories, retainedServices } from './rules/categories.ts';
import { documentTypes } from './rules/document-file.ts';
import { forecastMoves, forecastStates } from './rules/forecast-road.ts';
import { rehousingCategories } from './rules/rehousing-balance.ts';
import { transferGrid } from './rules/transfer-score.ts';

export const baseClass = z.enum(baseClasses);
export const exclusionCategory = z.enum(exclusionCategories);
export const retainedService = z.enum(retainedServices);
export const documentKind = z.enum(['anru-agreement', 'rehousing-charter', 'sale-plan', 'cus', 'cia', 'other']);
export const classOrigin = z.enum(['choice', 'rule', 'management', 'default']);
/** Who reads a document beside the landlord: those who watch over it (State, territories), or every partner. */
export const documentReaders = z.enum(['nobody', 'overseers', 'partners']);
export const forecastState = z.enum(forecastStates);
export const forecastMove = z.enum(forecastMoves);

/** A département as the State numbers it. */
const department = z.string().regex(/^(\d{2}|2[AB]|97\d)$/, 'E-FIELD-FORM');
const year = z.number().int().min(2020, 'E-FIELD-NUMBER').max(2100, 'E-FIELD-NUMBER');
const several = <Item extends z.ZodType>(item: Item, most: number) =>
  z
    .array(item)
    .max(most, 'E-FIELD-LONG')
    .nullable()
    .transform((list) => (list && list.length > 0 ? list : null));

// The stock, dwelling by dwelling --------------------------------------------------------------------------------------

export const baseFilters = z.object({
  q: searchText,
  baseClass: queryList.optional(),
  department: queryList.optional(),
  municipality: queryList.optional(),
  building: id.optional(),
  funding: queryList.optional(),
  rule: id.optional(),
});

export const transferFilters = z.object({ q: searchText, department: queryList.optional() });

const classedDwelling = z.object({
  id,
  reference: z.string(),
  address: z.string(),
  municipality: z.string(),
  department: z.string().nullable(),
  building: z.string().nullable(),
  rooms: z.number().nullable(),
  funding: z.string().nullable(),
  management: z.string(),
  inPriorityArea: z.boolean(),
  baseClass,
  by: classOrigin,
  /** The rule that holds, or the reason of the choice made by hand. */
  why: z.string().nullable(),
  document: z.string().nullable(),
  since: dayOut.nullable(),
});

export const listBaseDwellings = endpoint({
  id: 'flow.listBaseDwellings',
  method: 'GET',
  path: '/base/dwellings',
  summary: 'The whole stock, each dwelling with its class for the flow and why',
  permission: 'flow.read-base',
  query: baseFilters.extend(listQuery),
  reply: listOf(classedDwelling),
});

const classCount = z.object({
  department: z.string(),
  baseClass: z.string(),
  dwellings: z.number(),
  /** Vacancies of the class since 1 January. */
  vacancies: z.number(),
});

export const baseSummary = endpoint({
  id: 'flow.baseSummary',
  method: 'GET',
  path: '/base/summary',
  summary: 'The stock by class and département, with the vacancies of the year beside the forecast',
  permission: 'flow.read-base',
  reply: z.object({
    today: dayOut,
    year: z.number(),
    total: z.number(),
    classes: z.array(classCount),
    /** Of the forecasts of the year, published or not: what is expected of each category. */
    forecast: z.array(
      z.object({ department: z.string(), category: z.string(), volume: z.number(), state: forecastState }),
    ),
    /** Vacancies expected in the year by the same forecasts, with the base. */
    expected: z.array(z.object({ department: z.string(), expected: z.number(), base: z.number() })),
    can: abilities('manage'),
  }),
});

export const getDwellingClass = endpoint({
  id: 'flow.getDwellingClass',
  method: 'GET',
  path: '/base/dwellings/:id/class',
  summary: 'The class of a dwelling on a day, why, and everything it was before',
  permission: 'flow.read-base',
  params: z.object({ id }),
  query: z.object({ on: localDate.optional() }),
  reply: z.object({
    id,
    reference: z.string(),
    address: z.string(),
    municipality: z.string(),
    on: dayOut,
    baseClass,
    by: classOrigin,
    steps,
    changes: z.array(
      z.object({
        on: dayOut,
        before: baseClass,
        after: baseClass,
        cause: z.string(),
        why: z.string().nullable(),
        at: momentOut,
      }),
    ),
    /** Vacancies of a mutation: the one taken from elsewhere, or the one this dwelling was left for. */
    links: z.array(
      z.object({ usedVacancyId: id, freedVacancyId: id.nullable(), on: dayOut, part: z.enum(['used', 'freed']) }),
    ),
    can: abilities('class'),
  }),
});

export const classDwelling = endpoint({
  id: 'flow.classDwelling',
  method: 'POST',
  path: '/base/dwellings/:id/choices',
  summary: 'Class one dwelling by hand for a time, or give it back to the rules',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: z
    .object({
      /** Null: back to the rules. */
      baseClass: baseClass.nullable(),
      documentId: id.nullable(),
      reason: text(500),
      startsOn: localDate,
      endsOn: localDate.nullable(),
    })
    .refine((body) => body.endsOn === null || body.endsOn >= body.startsOn, {
      path: ['endsOn'],
      message: 'E-FIELD-BEFORE-START',
    }),
  reply: z.object({ id, changed: z.number() }),
});

// Rules ----------------------------------------------------------------------------------------------------------------

const condition = {
  buildingIds: several(id, 500),
  municipalityCodes: several(z.string().max(5, 'E-FIELD-FORM'), 200),
  fundings: several(z.enum(['PLAI', 'PLUS', 'PLS', 'PLI', 'OTHER']), 5),
  managements: several(z.enum(['flow', 'stock', 'own']), 3),
  programmes: several(z.enum(['ordinary', 'transit', 'student', 'solidarity', 'adapted', 'housing-first']), 6),
  enteredFrom: localDate.nullable(),
  enteredUntil: localDate.nullable(),
  inPriorityArea: z.boolean().nullable(),
};

const ruleBody = z
  .object({
    name: text(120),
    position: z.number().int().min(1, 'E-FIELD-NUMBER').max(9_999, 'E-FIELD-NUMBER'),
    baseClass,
    service: retainedService.nullable(),
    documentId: id.nullable(),
    reason: text(500),
    startsOn: localDate,
    endsOn: localDate.nullable(),
    ...condition,
  })
  .refine((body) => body.endsOn === null || body.endsOn >= body.startsOn, {
    path: ['endsOn'],
    message: 'E-FIELD-BEFORE-START',
  });
export type RuleBody = z.output<typeof ruleBody>;

const rule = z.object({
  id,
  position: z.number(),
  name: z.string(),
  baseClass,
  service: retainedService.nullable(),
  reason: z.string(),
  document: z.string().nullable(),
  startsOn: dayOut,
  endsOn: dayOut.nullable(),
  conditions: z.object({
    buildings: z.array(z.string()),
    municipalities: z.array(z.string()),
    fundings: z.array(z.string()),
    managements: z.array(z.string()),
    programmes: z.array(z.string()),
    enteredFrom: dayOut.nullable(),
    enteredUntil: dayOut.nullable(),
    inPriorityArea: z.boolean().nullable(),
  }),
  /** Dwellings it holds today. */
  dwellings: z.number(),
  changed: z.number(),
  createdBy: z.string(),
  createdAt: momentOut,
  undoneAt: momentOut.nullable(),
  undoneReason: z.string().nullable(),
});

export const listBaseRules = endpoint({
  id: 'flow.listBaseRules',
  method: 'GET',
  path: '/base/rules',
  summary: 'The rules that class the stock, in their order, those undone last',
  permission: 'flow.read-base',
  reply: z.object({ items: z.array(rule), today: dayOut, can: abilities('manage') }),
});

export const previewBaseRule = endpoint({
  id: 'flow.previewBaseRule',
  method: 'POST',
  path: '/base/rule-preview',
  summary: 'What a rule would change if it were applied: nothing is written',
  permission: 'flow.manage-base',
  body: ruleBody,
  reply: z.object({
    covered: z.number(),
    changed: z.number(),
    changes: z.array(z.object({ before: baseClass, after: baseClass, dwellings: z.number() })),
    sample: z.array(
      z.object({
        id,
        reference: z.string(),
        address: z.string(),
        municipality: z.string(),
        before: baseClass,
        after: baseClass,
      }),
    ),
  }),
});

export const applyBaseRule = endpoint({
  id: 'flow.applyBaseRule',
  method: 'POST',
  path: '/base/rules',
  summary: 'Apply a rule to the whole stock',
  permission: 'flow.manage-base',
  body: ruleBody,
  reply: z.object({ id, changed: z.number() }),
});

export const undoBaseRule = endpoint({
  id: 'flow.undoBaseRule',
  method: 'POST',
  path: '/base/rules/:id/undoing',
  summary: 'Undo a rule as a whole: each dwelling is what it would be without it',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: z.object({ reason: text(500) }),
  reply: z.object({ changed: z.number() }),
});

export const listBaseBuildings = endpoint({
  id: 'flow.listBaseBuildings',
  method: 'GET',
  path: '/base/buildings',
  summary: 'Buildings of the stock, to name them in a rule',
  permission: 'flow.read-base',
  reply: z.object({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        municipality: z.string(),
        department: z.string().nullable(),
        dwellings: z.number(),
      }),
    ),
  }),
});

// Documents ------------------------------------------------------------------------------------------------------------

const documentVolume = z.object({
  year: z.number(),
  department: z.string(),
  category: exclusionCategory,
  volume: z.number(),
});

export const listBaseDocuments = endpoint({
  id: 'flow.listBaseDocuments',
  method: 'GET',
  path: '/base/documents',
  summary:
    'Reference documents of the exclusions with what they plan and their files: those of the landlord, those shared',
  permission: 'flow.read-forecasts',
  reply: z.object({
    items: z.array(
      z.object({
        id,
        landlordId: id,
        landlord: z.string(),
        kind: documentKind,
        number: z.string(),
        title: z.string(),
        signatories: z.string(),
        signedOn: dayOut,
        startsOn: dayOut,
        endsOn: dayOut.nullable(),
        note: z.string().nullable(),
        running: z.boolean(),
        sharedWith: documentReaders,
        /** From this day on it is to be reviewed (clause de revoyure); null: it has no clause, or it was spent. */
        reviewOn: dayOut.nullable(),
        reviews: z.array(z.object({ reviewedOn: dayOut, nextOn: dayOut.nullable(), note: z.string().nullable() })),
        volumes: z.array(documentVolume),
        /** Its files, the last first. */
        versions: z.array(
          z.object({
            id,
            number: z.number(),
            name: z.string(),
            size: z.number(),
            note: z.string().nullable(),
            addedBy: z.string(),
            addedAt: momentOut,
          }),
        ),
      }),
    ),
    today: dayOut,
    can: abilities('manage'),
  }),
});

const volumeIn = z.object({
  year,
  department,
  category: exclusionCategory,
  volume: z.number().int('E-FIELD-NUMBER').min(0, 'E-FIELD-NUMBER').max(1_000_000, 'E-FIELD-NUMBER'),
});

export const recordBaseDocument = endpoint({
  id: 'flow.recordBaseDocument',
  method: 'POST',
  path: '/base/documents',
  summary: 'Record a document an exclusion rests on, with what it plans',
  permission: 'flow.manage-base',
  body: z
    .object({
      kind: documentKind,
      number: text(60),
      title: text(200),
      signatories: text(500),
      signedOn: localDate,
      startsOn: localDate,
      endsOn: localDate.nullable(),
      note: optionalText(1_000),
      reviewOn: localDate.nullable().default(null),
      sharedWith: documentReaders.default('nobody'),
      volumes: z.array(volumeIn).max(200, 'E-FIELD-LONG'),
    })
    .refine((body) => body.endsOn === null || body.endsOn >= body.startsOn, {
      path: ['endsOn'],
      message: 'E-FIELD-BEFORE-START',
    }),
  reply: z.object({ id }),
});

export const planDocumentVolumes = endpoint({
  id: 'flow.planDocumentVolumes',
  method: 'POST',
  path: '/base/documents/:id/volumes',
  summary: 'Say what a document plans, by year, département and category; what was said before stays',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: z.object({ volumes: z.array(volumeIn).min(1, 'E-FIELD-REQUIRED').max(200, 'E-FIELD-LONG'), reason: text(500) }),
  reply: z.object({ recorded: z.number() }),
});

export const shareBaseDocument = endpoint({
  id: 'flow.shareBaseDocument',
  method: 'PUT',
  path: '/base/documents/:id/readers',
  summary: 'Say who reads a reference document and its files, beside the landlord',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: z.object({ sharedWith: documentReaders }),
  reply: z.object({}),
});

export const reviewBaseDocument = endpoint({
  id: 'flow.reviewBaseDocument',
  method: 'POST',
  path: '/base/documents/:id/reviews',
  summary: 'Write down that a document was reviewed, and from which day it is to be reviewed again',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: z.object({ reviewedOn: localDate, nextOn: localDate.nullable(), note: text(500) }),
  reply: z.object({}),
});

export const sendDocumentFile = endpoint({
  id: 'flow.sendDocumentFile',
  method: 'POST',
  path: '/base/documents/:id/versions',
  summary: 'Give a reference document its file, or a new version of it: the body is the file itself, at most 25 MB',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  query: z.object({ name: text(200), note: optionalText(200) }),
  accepts: ['application/octet-stream', ...Object.values(documentTypes)],
  reply: z.object({ id, number: z.number() }),
});

export const getDocumentFile = endpoint({
  id: 'flow.getDocumentFile',
  method: 'GET',
  path: '/base/document-versions/:id/file',
  summary: 'One version of the file of a reference document',
  permission: 'flow.read-forecasts',
  params: z.object({ id }),
  answers: Object.values(documentTypes),
  reply: z.unknown(),
});

// Forecast of the year ---------------------------------------------------------------------------------------------------

const expectedIn = z.union([
  z.object({ origin: z.literal('past-years') }),
  z.object({
    origin: z.literal('rotation'),
    rotation: z.string().regex(/^(0\.\d{1,6}|1)$/, 'E-FIELD-FORM'),
    reason: text(500),
  }),
  z.object({ origin: z.literal('typed'), count: z.number().int().min(0).max(1_000_000), reason: text(500) }),
]);

/** A volume that is neither of a document nor of the last years says why. */
const typedVolume = z.object({
  category: exclusionCategory,
  volume: z.number().int().min(0).max(1_000_000),
  reason: text(500),
});

const forecastBody = z.object({
  expected: expectedIn,
  capPercent: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,2})?$/, 'E-FIELD-FORM')
    .nullable(),
  typed: z.array(typedVolume).max(8),
});

const figures = z.object({
  stock: z.number(),
  retained: z.number(),
  firstLettings: z.number(),
  inScope: z.number(),
  expected: z.number(),
  expectedOrigin: z.enum(['past-years', 'rotation', 'typed']),
  expectedReason: z.string().nullable(),
  rotation: z.string().nullable(),
  capPercent: z.string().nullable(),
  excluded: z.number(),
  base: z.number(),
  beyondCap: z.number(),
  steps,
  lines: z.array(
    z.object({
      category: exclusionCategory,
      volume: z.number(),
      origin: z.enum(['document', 'past-years', 'arbitration', 'typed']),
      documents: z.array(z.string()),
      /** Dwellings that signed charters and ANRU agreements promise for the year: less is not submitted. */
      promised: z.number().default(0),
      /** What the State decided for the year; null: it asked nothing. */
      asked: z.number().nullable().default(null),
      /** Documents it rests on whose day of review has come. */
      reviews: z.array(z.object({ document: z.string(), on: dayOut })).default([]),
      reason: z.string().nullable(),
      steps,
    }),
  ),
});
export type ForecastFigures = z.output<typeof figures>;

const forecastItem = z.object({
  id,
  landlordId: id,
  landlord: z.string(),
  year: z.number(),
  department: z.string(),
  territory: z.string().nullable(),
  state: forecastState,
  revision: z.number(),
  expected: z.number(),
  excluded: z.number(),
  base: z.number(),
  publishedAt: momentOut.nullable(),
});

export const listForecasts = endpoint({
  id: 'flow.listForecasts',
  method: 'GET',
  path: '/base/forecasts',
  summary: 'Forecasts of subtracted dwellings: those of the landlord, those shared with a territory or the State',
  permission: 'flow.read-forecasts',
  query: z.object({ year: queryNumber.int().min(2000).max(2100).optional() }),
  reply: z.object({
    items: z.array(forecastItem),
    today: dayOut,
    /** Where the landlord has stock, and no forecast may be missing. */
    places: z.array(z.object({ department: z.string(), dwellings: z.number() })),
    can: abilities('manage'),
  }),
});

export const getForecast = endpoint({
  id: 'flow.getForecast',
  method: 'GET',
  path: '/base/forecasts/:id',
  summary: 'A forecast with its computation, its road and what really happened beside',
  permission: 'flow.read-forecasts',
  params: z.object({ id }),
  reply: forecastItem.extend({
    figures,
    actual: z.object({
      until: dayOut,
      vacancies: z.number(),
      base: z.number(),
      categories: z.array(z.object({ category: exclusionCategory, vacancies: z.number() })),
    }),
    moves: z.array(
      z.object({
        from: forecastState,
        to: forecastState,
        body: z.string().nullable(),
        decidedOn: dayOut,
        comment: z.string().nullable(),
        by: z.string(),
        revision: z.number(),
        at: momentOut,
      }),
    ),
    next: z.array(forecastMove),
    /** Who ends its road, as it is set for this landlord. */
    consolidation: z.enum(['department-committee', 'crhh', 'cil']),
    version: z.number(),
    can: abilities('revise', 'move'),
  }),
});

export const draftForecast = endpoint({
  id: 'flow.draftForecast',
  method: 'POST',
  path: '/base/forecast-draft',
  summary: 'What a forecast would say, computed from documents and the last years: nothing is written',
  permission: 'flow.manage-base',
  body: forecastBody.extend({ year, department, territory: z.string().max(9).nullable() }),
  reply: figures,
});

export const createForecast = endpoint({
  id: 'flow.createForecast',
  method: 'POST',
  path: '/base/forecasts',
  summary: 'Write the forecast of a year for a département, or for one of its territories',
  permission: 'flow.manage-base',
  body: forecastBody.extend({ year, department, territory: z.string().max(9, 'E-FIELD-LONG').nullable() }),
  reply: z.object({ id }),
});

export const reviseForecast = endpoint({
  id: 'flow.reviseForecast',
  method: 'POST',
  path: '/base/forecasts/:id/revisions',
  summary: 'Write a forecast anew, as long as it was not submitted; the former revision stays',
  permission: 'flow.manage-base',
  params: z.object({ id }),
  body: forecastBody.extend({ version: z.number().int() }),
  reply: z.object({ revision: z.number() }),
});

export const moveForecast = endpoint({
  id: 'flow.moveForecast',
  method: 'POST',
  path: '/base/forecasts/:id/moves',
  summary: 'Submit a forecast, give an opinion, decide, publish: each with who, when and what was said',
  permission: 'flow.arbitrate-forecasts',
  params: z.object({ id }),
  body: z.object({
    to: forecastMove,
    /** The body that decided, when the landlord writes it down for one that has no account here. */
    body: optionalText(200),
    decidedOn: localDate,
    comment: optionalText(1_000),
  }),
  reply: z.object({ state: forecastState }),
});

// Rehousing asked of each landlord ---------------------------------------------------------------------------------------

export const rehousingCategory = z.enum(rehousingCategories);
export const rehousingState = z.enum(['proposed', 'decided', 'withdrawn']);

const contribution = z.object({
  stockShare: z.string(),
  doneShare: z.string(),
  expected: z.string(),
  balance: z.string(),
  steps,
});

export const getRehousing = endpoint({
  id: 'flow.getRehousing',
  method: 'GET',
  path: '/base/rehousing',
  summary:
    'Rehousing asked, forecast and done by landlord and département, beside the share of the stock; without a name',
  permission: 'flow.read-forecasts',
  query: z.object({ year: queryNumber.int().min(2000).max(2100).optional() }),
  reply: z.object({
    year: z.number(),
    today: dayOut,
    /** Landlords one watches over, also those that rehouse nobody. What is done is of the year and the two before. */
    rows: z.array(
      z.object({
        landlordId: id,
        landlord: z.string(),
        department: z.string(),
        stock: z.number(),
        /** Decided by the State; null: it asked nothing. */
        asked: z.number().nullable(),
        proposed: z.number().nullable(),
        forecast: z.number().nullable(),
        done: z.array(z.object({ year: z.number(), lettings: z.number() })),
        total: z.number(),
        /** Internal transfers of the year. */
        mutations: z.number(),
        contribution,
      }),
    ),
    departments: z.array(z.object({ department: z.string(), stock: z.number(), total: z.number(), contribution })),
    /** Everything that was asked for the year, the last first: of those one watches over, or of oneself. */
    asked: z.array(
      z.object({
        id,
        landlordId: id,
        landlord: z.string(),
        department: z.string(),
        category: rehousingCategory,
        state: rehousingState,
        target: z.number(),
        decidedOn: dayOut,
        reason: z.string(),
        by: z.string(),
        authority: z.string(),
        at: momentOut,
        current: z.boolean(),
      }),
    ),
    can: abilities('ask'),
  }),
});

export const askRehousing = endpoint({
  id: 'flow.askRehousing',
  method: 'POST',
  path: '/base/rehousing-targets',
  summary: 'Propose, decide or take back what a landlord rehouses in a year: the State, with its reason',
  permission: 'flow.arbitrate-forecasts',
  body: z.object({
    landlordId: id,
    year,
    department,
    category: rehousingCategory,
    state: rehousingState,
    target: z.number().int('E-FIELD-NUMBER').min(0, 'E-FIELD-NUMBER').max(100_000, 'E-FIELD-NUMBER'),
    decidedOn: localDate,
    reason: text(500),
  }),
  reply: z.object({ id }),
});

// Internal transfers asked for -------------------------------------------------------------------------------------------

export const listTransfers = endpoint({
  id: 'flow.listTransfers',
  method: 'GET',
  path: '/base/transfers',
  summary: 'Tenants who ask to move within the stock, by their points, each with its computation',
  permission: 'flow.rank-transfers',
  query: transferFilters.extend(listQuery),
  reply: listOf(
    z.object({
      id,
      rank: z.number(),
      points: z.number(),
      number: z.string(),
      familyName: z.string(),
      givenName: z.string(),
      persons: z.number(),
      bedroomsNeeded: z.number(),
      bedrooms: z.number(),
      registeredOn: dayOut,
      dwelling: z.string(),
      dwellingId: id,
      address: z.string(),
      municipality: z.string(),
      steps,
      countedOn: dayOut,
    }),
  ),
});

export const getTransferGrid = endpoint({
  id: 'flow.getTransferGrid',
  method: 'GET',
  path: '/base/transfer-grid',
  summary: 'The grid of points of internal transfers in force today, those before and those to come',
  permission: 'flow.rank-transfers',
  reply: z.object({
    points: transferGrid,
    /** Null: the landlord chose none, the default holds. */
    since: dayOut.nullable(),
    grids: z.array(
      z.object({ id, startsOn: dayOut, points: transferGrid, reason: z.string(), by: z.string(), at: momentOut }),
    ),
    today: dayOut,
    can: abilities('manage'),
  }),
});

export const setTransferGrid = endpoint({
  id: 'flow.setTransferGrid',
  method: 'POST',
  path: '/base/transfer-grids',
  summary: 'Give internal transfers another grid of points, from a day on; they are counted anew at once',
  permission: 'flow.manage-base',
  body: z.object({ startsOn: localDate, points: transferGrid, reason: text(500) }),
  reply: z.object({ id, counted: z.number() }),
});

export const countTransfers = endpoint({
  id: 'flow.countTransfers',
  method: 'POST',
  path: '/base/transfer-counts',
  summary: 'Count the points of internal transfers now, without waiting for the morning',
  permission: 'flow.manage-base',
  reply: z.object({ counted: z.number() }),
});

// Lettings outside the base ------------------------------------------------------------------------------------------------

export const outsideReport = endpoint({
  id: 'flow.outsideReport',
  method: 'GET',
  path: '/base/outside-report',
  summary:
    'Lettings outside the base in a year: publics served and contingents they could have gone to, without a name',
  permission: 'flow.read-forecasts',
  query: z.object({ year: queryNumber.int().min(2000).max(2100).optional() }),
  reply: z.object({
    year: z.number(),
    today: dayOut,
    total: z.number(),
    rows: z.array(
      z.object({
        landlord: z.string(),
        department: z.string(),
        category: baseClass,
        lettings: z.number(),
        priority: z.number(),
        firstQuartile: z.number(),
        inPriorityArea: z.number(),
        /** People of the households let to: nothing else is kept of them. */
        persons: z.number(),
        /** By contingent: lettings it could have had, and those where a fact was missing. */
        eligible: z.record(z.string(), z.number()),
        unknown: z.record(z.string(), z.number()),
      }),
    ),
    publics: z.array(z.object({ group: z.string(), lettings: z.number() })),
    /** Vacancies of mutations, and of these the dwellings that were freed in their turn (L-77). */
    mutations: z.object({ used: z.number(), freed: z.number() }),
  }),
});
