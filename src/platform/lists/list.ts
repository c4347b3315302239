import { type CompiledQuery, type SelectQueryBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import { invalid } from '../../kernel/problem.ts';
import type { ListOf } from '../../kernel/schemas.ts';
import { statements } from '../database/statements.ts';

// biome-ignore lint/suspicious/noExplicitAny: a query over any tables
type AnySelect<Row> = SelectQueryBuilder<any, any, Row>;

export type ColumnType = 'text' | 'count' | 'cents' | 'day' | 'moment' | 'yes-no' | 'number' | 'word';

/** A column of an extraction; its heading is the message `columns.<list>.<key>`. */
export type ListColumn<Row> = {
  key: keyof Row & string;
  type: ColumnType;
  /** For words: the prefix of the message that says them, `values.occupancy`. */
  words?: string;
};

/**
 * A list of the program: the one source of the page on screen, of its total and of its extraction, so that the three
 * say the same.
 */
export type ListDefinition<Filters extends z.ZodType = z.ZodType, Row extends object = object> = {
  name: string;
  permission: string;
  filters: Filters;
  /** Rows the filters keep, of one organisation; no order, no limit. */
  select(context: { organisationId: string; filters: z.output<Filters>; today: LocalDate }): AnySelect<Row>;
  /** Orders one may choose; the last column is unique. Each has an index, checked by a test. */
  sorts: Record<string, readonly string[]>;
  /** Sort columns that may be empty; only the first of an order. Empty ones come last, first when descending. */
  nullable?: readonly string[];
  defaultSort: string;
  columns: readonly ListColumn<Row>[];
};

// biome-ignore lint/suspicious/noExplicitAny: a list of any rows
export type AnyList = ListDefinition<any, any>;

export const defineList = <Filters extends z.ZodType, Row extends object>(
  definition: ListDefinition<Filters, Row>,
): ListDefinition<Filters, Row> => definition;

export type PageRequest = {
  sort?: string;
  order?: 'asc' | 'desc';
  cursor?: string;
  limit: number;
  total?: 'bounded' | 'exact';
};

/** Counting stops here: « more than 10,000 » is enough for a screen, and costs a bounded time. */
export const countedAtMost = 10_000;

type PageRow<Row> = Row & { cursor_values: unknown[] };

/** The statements of a page: its rows (one more than asked, to know whether there is a next) and its total. */
export function pageStatements<Filters extends z.ZodType, Row extends object>(
  list: ListDefinition<Filters, Row>,
  context: { organisationId: string; filters: z.output<Filters>; today: LocalDate },
  page: PageRequest,
): [CompiledQuery<PageRow<Row>>, CompiledQuery<{ total: number }>] {
  const columns = sortColumns(list, page.sort);
  const direction = page.order ?? 'asc';
  const tuple = sql.join(columns.map((column) => sql.ref(column)));
  let rows = list.select(context).select(sql<unknown[]>`jsonb_build_array(${tuple})`.as('cursor_values'));
  if (page.cursor) {
    const nullable = list.nullable?.includes(columns[0]!) ?? false;
    rows = rows.where(comesAfter(columns, readCursor(page.cursor, columns.length, nullable), direction, nullable));
  }
  for (const column of columns) rows = rows.orderBy(sql.ref(column), direction);
  const all = list.select(context).clearSelect().select(sql`1`.as('one'));
  const counted = page.total === 'exact' ? all : all.limit(countedAtMost + 1);
  return [
    rows.limit(page.limit + 1).compile() as CompiledQuery<PageRow<Row>>,
    sql<{ total: number }>`select count(*)::int as total from (${counted}) as counted`.compile(statements),
  ];
}

/** Every row of a list, in its order: what an extraction streams. */
export function allRows<Filters extends z.ZodType, Row extends object>(
  list: ListDefinition<Filters, Row>,
  context: { organisationId: string; filters: z.output<Filters>; today: LocalDate },
  page: { sort?: string; order?: 'asc' | 'desc' },
): CompiledQuery<Row> {
  let rows = list.select(context);
  for (const column of sortColumns(list, page.sort)) rows = rows.orderBy(sql.ref(column), page.order ?? 'asc');
  return rows.compile() as CompiledQuery<Row>;
}

/** The answer of a list, from the rows of its two statements. */
export function pageOf<Row extends object>(
  rows: PageRow<Row>[],
  total: { total: number } | undefined,
  { limit, total: asked }: PageRequest,
): ListOf<Row> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const counted = total?.total ?? 0;
  return {
    items,
    nextCursor: last ? Buffer.from(JSON.stringify(last.cursor_values)).toString('base64url') : null,
    total: asked === 'exact' ? counted : Math.min(counted, countedAtMost),
    totalIsLeast: asked !== 'exact' && counted > countedAtMost,
  };
}

function sortColumns(list: Pick<AnyList, 'sorts' | 'defaultSort'>, sort: string | undefined): readonly string[] {
  const columns = list.sorts[sort ?? list.defaultSort];
  if (!columns)
    throw invalid('E-FIELDS-01', {}, [
      { path: 'sort', code: 'E-FIELD-CHOICE', params: { choices: Object.keys(list.sorts).join(', ') } },
    ]);
  return columns;
}

/** The rows after the last one seen. */
function comesAfter(columns: readonly string[], values: unknown[], direction: 'asc' | 'desc', nullable: boolean) {
  const after = (from: number) =>
    sql<boolean>`(${sql.join(columns.slice(from).map((column) => sql.ref(column)))})
      ${sql.raw(direction === 'asc' ? '>' : '<')} (${sql.join(values.slice(from).map((value) => sql.val(value)))})`;
  if (!nullable) return after(0);
  const first = sql.ref(columns[0]!);
  if (values[0] !== null) return direction === 'asc' ? sql<boolean>`(${after(0)} or ${first} is null)` : after(0);
  const amongEmpty = sql<boolean>`(${first} is null and ${after(1)})`;
  return direction === 'asc' ? amongEmpty : sql<boolean>`(${amongEmpty} or ${first} is not null)`;
}

function readCursor(cursor: string, length: number, nullable: boolean): unknown[] {
  const isScalar = (value: unknown, index: number) =>
    ['string', 'number', 'boolean'].includes(typeof value) || (nullable && index === 0 && value === null);
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every(isScalar)) return values;
  } catch {
    // Not ours: refused below.
  }
  throw invalid('E-CURSOR-01');
}

/** Keeps the rows whose searched text matches: through the index of the global search, which policies do not hinder. */
export const matchesSearch = (idColumn: string, kind: string, text: string) =>
  sql<boolean>`${sql.ref(idColumn)} in (select id from platform.matching(${text}, ${kind}))`;
