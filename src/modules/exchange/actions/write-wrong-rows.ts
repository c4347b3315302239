import { newId } from '../../../kernel/id.ts';
import { asProgram } from '../../../platform/database/as-program.ts';
import type { Database, Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { translate } from '../../../platform/messages.ts';
import { byteOrderMark, csvLine } from '../../../platform/spreadsheets/csv-text.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import { presentProblem } from '../present.ts';
import { type ImportRow, type WrongRow, wrongRowsAfter } from '../queries.ts';

/**
 * The wrong rows of an import as a file, in their own columns, each with what is wrong with it. National numbers and bank
 * accounts are in it, as they must be corrected: see `noteGuardedReading`.
 * @param first those to begin with
 */
export async function* wrongRowsFile(
  database: Database,
  actor: Actor,
  row: ImportRow,
  first: WrongRow[],
): AsyncGenerator<string> {
  const { organisationId, userId } = actor;
  const t = translate(actor.language);
  yield byteOrderMark + csvLine([...row.header, t('import.problem-column')]);
  for (let rows = first; rows.length > 0; ) {
    yield rows
      .map(({ cells, problems }) =>
        lineOf(
          row,
          cells,
          problems.map((problem) => presentProblem(problem, row.kind, t)),
        ),
      )
      .join('');
    const after = rows.at(-1)!.line;
    rows = await asProgram(database, { organisationId, userId }, (tx) =>
      tx.executeQuery(wrongRowsAfter(organisationId, row.id, after)).then(({ rows }) => rows),
    );
  }
}

function lineOf(
  row: ImportRow,
  cells: readonly string[],
  problems: { label: string | null; message: string }[],
): string {
  const own = row.header.map((_, place) => cells[place] ?? '');
  return csvLine([...own, problems.map(({ label, message }) => (label ? `${label} : ${message}` : message)).join(' ')]);
}

/** Notes that national numbers and bank accounts leave with the wrong rows, when the file carries any. */
export async function noteGuardedReading(tx: Tx, actor: Actor, row: ImportRow): Promise<void> {
  const fields = kindOf(row.kind).fields.filter(({ name, guarded }) => guarded && (row.mapping[name] ?? null) !== null);
  if (fields.length === 0) return;
  await tx
    .insertInto('platform.sensitive_reads')
    .values(
      fields.map(({ name }) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        user_id: actor.userId,
        field: name === 'nationalNumber' ? 'national-number' : 'iban',
        subject_kind: 'batch',
        subject_id: row.id,
        purpose: 'import',
      })),
    )
    .execute();
}
