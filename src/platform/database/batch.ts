import { createRequire } from 'node:module';
import type { CompiledQuery } from 'kysely';
import type pg from 'pg';
import { statementName } from './connection.ts';

/** A compiled statement: Kysely's `CompiledQuery` is one. The type of its rows travels with it. */
export type BatchStatement<Row = unknown> = {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly row?: Row;
};

type RowOf<Statement> =
  Statement extends CompiledQuery<infer Row> ? Row : Statement extends BatchStatement<infer Row> ? Row : never;

export type BatchRows<Statements extends readonly BatchStatement[]> = {
  -readonly [Index in keyof Statements]: RowOf<Statements[Index]>[];
};

// The driver's own parser of rows; it exports neither with types.
const require = createRequire(import.meta.url);
const Result = require('pg/lib/result.js') as new (rowMode: undefined, types: unknown) => RowReader;
const { prepareValue } = require('pg/lib/utils.js') as { prepareValue(value: unknown): unknown };

/** The driver's reader of rows: it makes objects of them, once it knows their columns. */
type RowReader = {
  addFields(fields: unknown[]): void;
  parseRow(fields: unknown[]): unknown;
};

type Connection = {
  /** Named statements the server knows on this connection, with their text: the driver's own table. */
  parsedStatements: Record<string, string>;
  stream: { cork?(): void; uncork?(): void };
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: unknown[]; valueMapper(value: unknown): unknown }): void;
  describe(message: { type: 'P'; name: '' }): void;
  execute(message: { portal: '' }): void;
  sync(): void;
  on(event: 'parseComplete', listener: () => void): void;
  off(event: 'parseComplete', listener: () => void): void;
};

/**
 * What a connection knows of the columns of its named statements: PostgreSQL says them once. Should a migration change
 * them meanwhile, it refuses the statement: « cached plan must not change result type ».
 */
const readers = new WeakMap<Connection, Map<string, RowReader>>();

/**
 * Several statements sent together, closed by a single Sync: PostgreSQL runs them in one transaction and answers them
 * in one round trip; the first error ends it and undoes all. A request that reads is one such batch: open the session,
 * set the actor, read. Measured against one bare statement a request, over HTTP: 0.75–0.85 of its rate, where
 * begin / set / read / commit one after the other gave 0.30 and the driver's own pipelining 0.40.
 */
export class Batch {
  readonly #statements: readonly BatchStatement[];
  readonly #types: unknown;
  readonly #rows: unknown[][];
  /** The readers of the statements whose columns are known; the others are described in the answer. */
  readonly #readers: (RowReader | undefined)[];
  readonly #prepared: boolean;
  readonly #settle: (error: unknown) => void;
  /** Names in the order of their Parse messages, to be noted as the server confirms them, even if one then fails. */
  readonly #parsing: { name: string; text: string }[] = [];
  #current = 0;
  #error: unknown;
  #connection: Connection | undefined;

  static run(client: pg.ClientBase, statements: readonly BatchStatement[], prepared: boolean): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      const types = (client as unknown as { _types: unknown })._types;
      const batch = new Batch(statements, types, prepared, (error) => (error ? reject(error) : resolve(batch.#rows)));
      (client as unknown as { query(submittable: unknown): void }).query(batch);
    });
  }

  private constructor(
    statements: readonly BatchStatement[],
    types: unknown,
    prepared: boolean,
    settle: (error: unknown) => void,
  ) {
    this.#statements = statements;
    this.#types = types;
    this.#rows = statements.map(() => []);
    this.#readers = statements.map(() => undefined);
    this.#prepared = prepared;
    this.#settle = settle;
  }

  /** Called by the driver: writes every message, then one Sync. */
  submit(connection: Connection): void {
    this.#connection = connection;
    connection.on('parseComplete', this.#noteParsed);
    const readersHere = readers.get(connection);
    connection.stream.cork?.();
    for (const [index, { sql, parameters }] of this.#statements.entries()) {
      const name = (this.#prepared && statementName(sql)) || '';
      const known = name && (connection.parsedStatements[name] || this.#parsing.some((other) => other.name === name));
      if (!known) {
        connection.parse({ name, text: sql });
        this.#parsing.push({ name, text: sql });
      }
      connection.bind({ statement: name, values: [...parameters], valueMapper: prepareValue });
      this.#readers[index] = known ? readersHere?.get(name) : undefined;
      if (!this.#readers[index]) connection.describe({ type: 'P', name: '' });
      connection.execute({ portal: '' });
    }
    connection.sync();
    connection.stream.uncork?.();
  }

  handleRowDescription(message: { fields: unknown[] }): void {
    const reader = new Result(undefined, this.#types);
    reader.addFields(message.fields);
    this.#readers[this.#current] = reader;
    const name = this.#prepared && statementName(this.#statements[this.#current]!.sql);
    if (!name) return;
    const here = readers.get(this.#connection!) ?? new Map<string, RowReader>();
    readers.set(this.#connection!, here.set(name, reader));
  }

  handleDataRow(message: { fields: unknown[] }): void {
    try {
      this.#rows[this.#current]!.push(this.#readers[this.#current]!.parseRow(message.fields));
    } catch (error) {
      this.#error ??= error;
    }
  }

  handleCommandComplete(): void {
    this.#current += 1;
  }

  handleEmptyQuery(): void {
    this.#current += 1;
  }

  handlePortalSuspended(): void {}

  /** The server's refusal, or a lost connection. The driver forgets the query at once: there is no ReadyForQuery. */
  handleError(error: unknown): void {
    this.#finish(error);
  }

  handleReadyForQuery(): void {
    this.#finish(this.#error);
  }

  #finish(error: unknown): void {
    this.#connection?.off('parseComplete', this.#noteParsed);
    this.#settle(error);
  }

  readonly #noteParsed = () => {
    const parsed = this.#parsing.shift();
    if (parsed?.name) this.#connection!.parsedStatements[parsed.name] = parsed.text;
  };
}
