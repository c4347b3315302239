import type { RawBuilder } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { BulkTable, Sql } from '../../../platform/database/bulk.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { CellValue } from '../rules/cells.ts';
import type { ImportField, ImportKindName } from '../rules/fields.ts';
import type { FindMunicipality } from '../rules/find-municipality.ts';
import type { RowProblem, RowValues } from '../rules/read-row.ts';

/** What reading a row may need besides the row. */
export type RowContext = {
  today: LocalDate;
  jurisdiction: string;
  /** Fields the file carries. */
  mapped: ReadonlySet<string>;
  findMunicipality: FindMunicipality;
  firstRentMethod: 'calendar-days' | 'thirty-days';
  childrenShareUntil: number;
};

/** The batch at work, for the statements of a kind. */
export type BatchScope = { organisationId: string; batchId: string; today: LocalDate };

/** A column of the temporary table that no field fills: computed from the row, or an identifier made for it. */
export type DerivedColumn = { column: string; type: string };

/** How many records of each kind an import creates and changes. */
export type RecordCounts = Record<string, { create: number; update: number }>;

export type Undone = { removed: Record<string, number>; restored: Record<string, number> };

/**
 * A kind of import. Rows are read one by one as the file streams into the temporary table `incoming`; everything else is
 * decided and done by statements over all rows at once.
 */
export type ImportKind = {
  name: ImportKindName;
  fields: readonly ImportField[];
  stagingTable: string;
  derived: readonly DerivedColumn[];
  /** Completes a row: checks its fields against each other, and gives the derived columns in their order. */
  derive(values: RowValues, context: RowContext, addProblem: (problem: RowProblem) => void): (CellValue | null)[];
  /** Statements that prepare the temporary tables which checks and settling read. */
  prepare(scope: BatchScope): Sql[];
  /** Selections of problems among all rows: columns `line`, `field`, `code`, `params`. */
  checks(scope: BatchScope): Sql[];
  /** Writes the good rows to the staging table, each with the records it creates or changes. */
  settle(stream: StreamTransaction, scope: BatchScope, context: RowContext): Promise<void>;
  /** Counts the records of the staged rows, by kind of record. */
  countRecords(scope: BatchScope): RawBuilder<{ records: RecordCounts }>;
  /**
   * Applies the staged rows, held in the temporary table `plan`.
   * @throws Problem E-IMPORT-CHANGED-SINCE when a record is no longer as the preview found it
   */
  apply(tx: Tx, actor: Actor, scope: BatchScope, counts: RecordCounts, progress: () => Promise<void>): Promise<void>;
  /** Selection of kind and id: records whose timeline tells of the import. */
  subjects: Sql;
  /** Facts for the journal, where the import decides about people: told once for all rows, with a fingerprint of them. */
  journalFacts?(scope: BatchScope): RawBuilder<{ facts: Record<string, unknown> }>;
  /** Undoes what the import did, but what was changed or used since, which it lists in the temporary table `kept`. */
  revert(tx: Tx, scope: BatchScope, progress: () => Promise<void>): Promise<Undone>;
  /** Tables it writes, those that refer to others first. */
  tables: readonly BulkTable[];
  /** An example row for the model file: what a person would write. */
  example: Record<string, string>;
};
