import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import {
  abilities,
  centsIn,
  centsOut,
  dayOut,
  enterpriseNumberIn,
  ibanIn,
  id,
  language,
  listOf,
  listQuery,
  localDate,
  optionalText,
  queryList,
  queryNumber,
  searchText,
  text,
} from '../../kernel/schemas.ts';

export const dwellingKind = z.enum(['apartment', 'house', 'studio', 'room']);
export const programme = z.enum(['ordinary', 'transit', 'student', 'solidarity', 'adapted', 'housing-first']);
export const funding = z.enum(['PLAI', 'PLUS', 'PLS', 'PLI', 'OTHER']);
export const management = z.enum(['flow', 'stock', 'own']);
export const occupancy = z.enum(['let', 'notice', 'void', 'reserved']);
export type Occupancy = z.infer<typeof occupancy>;
export const energyLabel = z.enum(['A', 'B', 'C', 'D', 'E', 'F', 'G']);
export const contractKind = z.enum(['mandate', 'head-lease', 'emphyteusis', 'ownership']);
export const ownerKind = z.enum(['person', 'company', 'public']);

const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');

// Dwellings ----------------------------------------------------------------------------------------------------------

export const dwellingFilters = z.object({
  q: searchText,
  occupancy: queryList.optional(),
  municipality: queryList.optional(),
  kind: queryList.optional(),
  funding: queryList.optional(),
  management: queryList.optional(),
  bedrooms: queryNumber.int().optional(),
  rooms: queryNumber.int().optional(),
  priorityArea: boolean.optional(),
  left: boolean.optional(),
});

export const dwellingItem = z.object({
  id,
  reference: z.string(),
  street: z.string(),
  houseNumber: z.string(),
  box: z.string().nullable(),
  postalCode: z.string(),
  municipality: z.string(),
  kind: dwellingKind,
  bedrooms: z.number(),
  rooms: z.number().nullable(),
  areaM2: z.string().nullable(),
  rentCents: centsOut,
  chargesCents: centsOut,
  energyLabel: energyLabel.nullable(),
  programme,
  funding: funding.nullable(),
  occupancy,
});

export const listDwellings = endpoint({
  id: 'portfolio.listDwellings',
  method: 'GET',
  path: '/dwellings',
  summary: 'Dwellings of the organisation',
  permission: 'portfolio.read',
  query: dwellingFilters.extend(listQuery),
  reply: listOf(dwellingItem),
});

const contractCard = z.object({
  id,
  reference: z.string(),
  kind: contractKind,
  startsOn: dayOut,
  endsOn: dayOut.nullable(),
  ownerRentCents: centsOut,
  feeRate: z.string().nullable(),
  ownerId: id,
  ownerName: z.string(),
});

export const getDwelling = endpoint({
  id: 'portfolio.getDwelling',
  method: 'GET',
  path: '/dwellings/:id',
  summary: 'A dwelling with its building and its contracts',
  permission: 'portfolio.read',
  params: z.object({ id }),
  reply: dwellingItem.extend({
    floor: z.number().nullable(),
    municipalityCode: z.string(),
    management,
    accessible: z.boolean(),
    registerId: z.string().nullable(),
    enteredOn: dayOut,
    leftOn: dayOut.nullable(),
    exitReason: z.string().nullable(),
    batchId: id.nullable(),
    version: z.number(),
    building: z.object({
      id,
      reference: z.string(),
      name: z.string().nullable(),
      constructionYear: z.number().nullable(),
      priorityArea: z.string().nullable(),
      dwellings: z.number(),
      voids: z.number(),
      firstQuartileRate: z.string().nullable(),
    }),
    contracts: z.array(contractCard),
    can: abilities('manage', 'recordNotice'),
  }),
});

export const updateDwelling = endpoint({
  id: 'portfolio.updateDwelling',
  method: 'PUT',
  path: '/dwellings/:id',
  summary: 'Change what is known of a dwelling',
  permission: 'portfolio.manage',
  params: z.object({ id }),
  body: z.object({
    kind: dwellingKind,
    box: optionalText(20),
    floor: z.number().int().min(-5).max(100).nullable(),
    bedrooms: z.number().int().min(0).max(20),
    rooms: z.number().int().min(1).max(20).nullable(),
    areaM2: z.number().min(0).max(2_000).nullable(),
    rentCents: centsIn,
    chargesCents: centsIn,
    energyLabel: energyLabel.nullable(),
    programme,
    funding: funding.nullable(),
    management,
    accessible: z.boolean(),
    version: z.number().int(),
  }),
  reply: z.object({ version: z.number() }),
});

// Owners and contracts -----------------------------------------------------------------------------------------------

export const ownerFilters = z.object({ q: searchText, kind: queryList.optional() });

const ownerItem = z.object({
  id,
  reference: z.string(),
  kind: ownerKind,
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  language,
  dwellings: z.number(),
  rentCents: centsOut,
  nextEndOn: dayOut.nullable(),
});

export const listOwners = endpoint({
  id: 'portfolio.listOwners',
  method: 'GET',
  path: '/owners',
  summary: 'Owners who entrust dwellings',
  permission: 'portfolio.read',
  query: ownerFilters.extend(listQuery),
  reply: listOf(ownerItem),
});

export const getOwner = endpoint({
  id: 'portfolio.getOwner',
  method: 'GET',
  path: '/owners/:id',
  summary: 'An owner with the contracts on dwellings',
  permission: 'portfolio.read',
  params: z.object({ id }),
  reply: z.object({
    id,
    reference: z.string(),
    kind: ownerKind,
    name: z.string(),
    contactName: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    language,
    street: z.string().nullable(),
    postalCode: z.string().nullable(),
    city: z.string().nullable(),
    /** Last four characters only: see `readOwnerAccount`. */
    ibanEnd: z.string().nullable(),
    enterpriseNumber: z.string().nullable(),
    note: z.string().nullable(),
    batchId: id.nullable(),
    version: z.number(),
    contracts: z.array(
      z.object({
        id,
        reference: z.string(),
        kind: contractKind,
        startsOn: dayOut,
        endsOn: dayOut.nullable(),
        ownerRentCents: centsOut,
        feeRate: z.string().nullable(),
        dwellingId: id,
        dwellingReference: z.string(),
        address: z.string(),
        municipality: z.string(),
      }),
    ),
    can: abilities('manage', 'readAccount'),
  }),
});

const ownerBody = z.object({
  kind: ownerKind,
  name: text(200),
  contactName: optionalText(200),
  email: z
    .union([z.literal('').transform(() => null), z.email('E-FIELD-EMAIL').max(200)])
    .nullish()
    .transform((value) => value ?? null),
  phone: optionalText(40),
  language,
  street: optionalText(200),
  postalCode: optionalText(10),
  city: optionalText(100),
  iban: z.union([z.literal('').transform(() => null), ibanIn]).nullish(),
  enterpriseNumber: z
    .union([z.literal('').transform(() => null), enterpriseNumberIn])
    .nullish()
    .transform((value) => value ?? null),
  note: optionalText(2_000),
});

export const createOwner = endpoint({
  id: 'portfolio.createOwner',
  method: 'POST',
  path: '/owners',
  summary: 'Add an owner',
  permission: 'portfolio.manage',
  body: ownerBody.extend({ reference: text(40) }),
  reply: z.object({ id }),
});

export const updateOwner = endpoint({
  id: 'portfolio.updateOwner',
  method: 'PUT',
  path: '/owners/:id',
  summary: 'Change what is known of an owner; without an account given, the present one stays',
  permission: 'portfolio.manage',
  params: z.object({ id }),
  body: ownerBody.extend({ version: z.number().int() }),
  reply: z.object({ version: z.number() }),
});

export const readOwnerAccount = endpoint({
  id: 'portfolio.readOwnerAccount',
  method: 'POST',
  path: '/owners/:id/account-readings',
  summary: "Read an owner's bank account; the reading is logged",
  permission: 'portfolio.read-accounts',
  params: z.object({ id }),
  body: z.object({ purpose: text(200) }),
  reply: z.object({ iban: z.string().nullable() }),
});

export const contractFilters = z.object({
  q: searchText,
  kind: queryList.optional(),
  endsBefore: localDate.optional(),
});

export const listContracts = endpoint({
  id: 'portfolio.listContracts',
  method: 'GET',
  path: '/contracts',
  summary: 'Contracts on dwellings, by the day they end',
  permission: 'portfolio.read',
  query: contractFilters.extend(listQuery),
  reply: listOf(
    z.object({
      id,
      reference: z.string(),
      kind: contractKind,
      startsOn: dayOut,
      endsOn: dayOut.nullable(),
      ownerRentCents: centsOut,
      feeRate: z.string().nullable(),
      ownerId: id,
      ownerName: z.string(),
      dwellingId: id,
      dwellingReference: z.string(),
      address: z.string(),
      municipality: z.string(),
    }),
  ),
});
