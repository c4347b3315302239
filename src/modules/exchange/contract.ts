import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { abilities, id, listOf, listQuery, momentOut, queryList, text } from '../../kernel/schemas.ts';
import { importKinds } from './rules/fields.ts';

export const importKind = z.enum(importKinds);
export const importState = z.enum([
  'preparing',
  'previewed',
  'applying',
  'applied',
  'reverting',
  'reverted',
  'abandoned',
  'failed',
]);
export const rowEffect = z.enum(['create', 'update', 'unchanged', 'wrong']);
export const dateOrder = z.enum(['dmy', 'mdy', 'ymd']);
export const extractionFormat = z.enum(['csv', 'xlsx', 'json']);

/** Media types in which a file may be sent; what it is, its content says. */
export const uploadTypes = [
  'text/csv',
  'text/plain',
  'application/octet-stream',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;

const mapping = z.record(z.string(), z.number().int().nullable());

const counts = z.object({
  rows: z.number(),
  create: z.number(),
  update: z.number(),
  unchanged: z.number(),
  wrong: z.number(),
  /** By kind of record: owner, building, dwelling, contract, tenancy, application. */
  records: z.record(z.string(), z.object({ create: z.number(), update: z.number() })),
});

/** What is wrong with a field of a row, in the language of the reader. */
const rowProblem = z.object({
  field: z.string().nullable(),
  /** Name of the field on screen; null: the whole row is wrong. */
  label: z.string().nullable(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  message: z.string(),
});

const importItem = z.object({
  id,
  kind: importKind,
  fileName: z.string(),
  state: importState,
  rows: z.number().nullable(),
  create: z.number().nullable(),
  update: z.number().nullable(),
  unchanged: z.number().nullable(),
  wrong: z.number().nullable(),
  createdBy: z.string(),
  createdAt: momentOut,
  appliedAt: momentOut.nullable(),
  revertedAt: momentOut.nullable(),
});

const importRecord = importItem.extend({
  size: z.number(),
  format: z.enum(['csv', 'xlsx']),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).nullable(),
  separator: z.enum([';', ',', '\t']).nullable(),
  header: z.array(z.string()),
  /** The first rows below the heading; guarded cells are masked. */
  sample: z.array(z.array(z.string())),
  /** What to know of the file before trusting it: several sheets, of which the first is read. */
  notes: z.array(z.object({ code: z.string(), message: z.string() })),
  fields: z.array(z.object({ name: z.string(), label: z.string(), required: z.boolean(), guarded: z.boolean() })),
  /** Field → place of its column, from 0: proposed by name, then as chosen. */
  mapping,
  dateOrder,
  counts: counts.nullable(),
  /** Problems by field and code, the most frequent first. */
  problems: z.array(rowProblem.extend({ count: z.number(), firstLine: z.number() })),
  /** Why the file could not be previewed, applied or undone. */
  problem: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
  /** The work under way or done last: see `/jobs/:id`. */
  jobId: id.nullable(),
  job: z
    .object({
      state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
      done: z.number(),
      total: z.number().nullable(),
    })
    .nullable(),
  appliedBy: z.string().nullable(),
  revertedBy: z.string().nullable(),
  /** What the undo removed and restored by kind of record, and what it kept and why; at most a thousand are listed. */
  reversal: z
    .object({
      removed: z.record(z.string(), z.number()),
      restored: z.record(z.string(), z.number()),
      kept: z.array(z.object({ kind: z.string(), id, reference: z.string(), reason: z.string(), message: z.string() })),
      keptTotal: z.number(),
    })
    .nullable(),
  version: z.number(),
  can: abilities('map', 'apply', 'revert', 'abandon'),
});

export type ImportRecord = z.output<typeof importRecord>;

/** Characters that no name shows, line breaks among them, count as spaces. */
const fileName = z
  .string()
  .transform((typed) => typed.toWellFormed().replace(/\p{Cc}+/gu, ' '))
  .pipe(text(200));

export const sendFile = endpoint({
  id: 'exchange.sendFile',
  method: 'POST',
  path: '/imports',
  summary: 'Send a file to import: the body is the file itself, at most 512 MB',
  permission: 'exchange.import',
  query: z.object({ kind: importKind, name: fileName }),
  accepts: uploadTypes,
  reply: importRecord,
});

export const importFilters = z.object({ kind: queryList.optional(), state: queryList.optional() });

export const listImports = endpoint({
  id: 'exchange.listImports',
  method: 'GET',
  path: '/imports',
  summary: 'Files sent to be imported',
  permission: 'exchange.import',
  query: importFilters.extend({ ...listQuery, order: z.enum(['asc', 'desc']).default('desc') }),
  reply: listOf(importItem),
});

export const getImport = endpoint({
  id: 'exchange.getImport',
  method: 'GET',
  path: '/imports/:id',
  summary: 'Where an import stands: its columns, what it would do or did, what is wrong with its rows',
  permission: 'exchange.import',
  params: z.object({ id }),
  reply: importRecord,
});

export const mapColumns = endpoint({
  id: 'exchange.mapColumns',
  method: 'PUT',
  path: '/imports/:id/mapping',
  summary: 'Say which column carries which field; the preview starts',
  permission: 'exchange.import',
  params: z.object({ id }),
  body: z.object({ mapping, dateOrder: dateOrder.default('dmy') }),
  reply: importRecord,
});

export const rowFilters = z.object({ only: rowEffect.optional() });

export const listRows = endpoint({
  id: 'exchange.listRows',
  method: 'GET',
  path: '/imports/:id/rows',
  summary: 'The rows of a previewed file with what becomes of each; once applied or abandoned, the wrong ones only',
  permission: 'exchange.import',
  params: z.object({ id }),
  query: rowFilters.extend(listQuery),
  reply: listOf(
    z.object({ line: z.number(), effect: rowEffect, cells: z.array(z.string()), problems: z.array(rowProblem) }),
  ),
});

const atVersion = z.object({ version: z.number().int() });

export const applyImport = endpoint({
  id: 'exchange.applyImport',
  method: 'POST',
  path: '/imports/:id/application',
  summary: 'Apply what was previewed, whole or not at all; wrong rows are left aside',
  permission: 'exchange.import',
  params: z.object({ id }),
  body: atVersion,
  reply: importRecord,
});

export const revertImport = endpoint({
  id: 'exchange.revertImport',
  method: 'POST',
  path: '/imports/:id/reversal',
  summary:
    'Undo an import: what it added goes, what it changed is put back, what was changed or used since is kept and listed',
  permission: 'exchange.import',
  params: z.object({ id }),
  body: atVersion,
  reply: importRecord,
});

export const abandonImport = endpoint({
  id: 'exchange.abandonImport',
  method: 'DELETE',
  path: '/imports/:id',
  summary: 'Abandon an import that is not applied; its file is removed',
  permission: 'exchange.import',
  params: z.object({ id }),
  reply: z.object({}),
});

export const downloadWrongRows = endpoint({
  id: 'exchange.downloadWrongRows',
  method: 'GET',
  path: '/imports/:id/wrong-rows.csv',
  summary: 'The wrong rows as a file, each with its problem, to correct and send again',
  permission: 'exchange.import',
  params: z.object({ id }),
  answers: ['text/csv'],
  reply: z.unknown(),
});

export const downloadTemplate = endpoint({
  id: 'exchange.downloadTemplate',
  method: 'GET',
  path: '/imports/templates/:kind.csv',
  summary: 'A model file to fill in: the headings and an example row',
  permission: 'exchange.import',
  params: z.object({ kind: importKind }),
  answers: ['text/csv'],
  reply: z.unknown(),
});

export const listExtractions = endpoint({
  id: 'exchange.listExtractions',
  method: 'GET',
  path: '/extractions',
  summary: 'The lists one may extract, with their columns, and what one extracted last',
  permission: 'exchange.extract',
  reply: z.object({
    lists: z.array(z.object({ name: z.string(), label: z.string(), columns: z.array(z.string()) })),
    /** Of the last ninety days, by the reader alone; `complete` is false when the download was given up. */
    latest: z.array(
      z.object({
        id,
        at: momentOut,
        list: z.string(),
        label: z.string(),
        format: extractionFormat,
        rows: z.number(),
        complete: z.boolean(),
      }),
    ),
  }),
});

export const extractList = endpoint({
  id: 'exchange.extractList',
  method: 'GET',
  path: '/extractions/:list',
  summary: 'A whole list as a file, with the filters and the order of the list itself',
  permission: 'exchange.extract',
  params: z.object({ list: z.string().max(60) }),
  query: z.looseObject({
    format: extractionFormat.default('csv'),
    sort: z.string().max(40).optional(),
    order: z.enum(['asc', 'desc']).default('asc'),
  }),
  answers: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/json'],
  reply: z.unknown(),
});
