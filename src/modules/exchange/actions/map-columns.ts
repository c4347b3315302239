import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { type FieldProblem, invalid, refused } from '../../../kernel/problem.ts';
import { moveBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { queueJob } from '../../../platform/jobs/jobs.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import type { DateOrder } from '../rules/cells.ts';
import type { ImportField, Mapping } from '../rules/fields.ts';
import { holdImport } from './hold-import.ts';

/**
 * Chooses which column carries which field, and starts the preview anew. A preview under way is asked to stop.
 * @throws Problem E-FIELDS-01 a field is unknown or required, a column is none or taken twice; E-BATCH-01 applied already;
 *   E-IMPORT-FILE-GONE
 */
export async function mapColumns(
  tx: Tx,
  actor: Actor,
  importId: string,
  choice: { mapping: Mapping; dateOrder: DateOrder },
  today: LocalDate,
): Promise<void> {
  const held = await holdImport(tx, actor.organisationId, importId, { wait: false });
  if (!held.storedAs) throw refused('E-IMPORT-FILE-GONE');
  const { fields } = kindOf(held.kind);
  const problems = problemsOf(fields, choice.mapping, held.header.length);
  if (problems.length > 0) throw invalid('E-FIELDS-01', {}, problems);
  await moveBatch(tx, actor, importId, held, 'preparing', { counts: {} });
  if (held.jobId) {
    await sql`update platform.jobs set cancel_asked = true
      where organisation_id = ${actor.organisationId} and id = ${held.jobId} and state in ('queued', 'running')`.execute(
      tx,
    );
  }
  const jobId = await queueJob(tx, actor, {
    name: 'exchange.preview-import',
    label: held.fileName,
    parameters: { importId, today },
    subject: { kind: 'batch', id: importId },
    total: 1_000,
  });
  const mapping = Object.fromEntries(fields.map(({ name }) => [name, choice.mapping[name] ?? null]));
  await tx
    .updateTable('exchange.imports')
    .set({ mapping: JSON.stringify(mapping), date_order: choice.dateOrder, job_id: jobId, problem: null })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', importId)
    .execute();
}

/** What is wrong with a mapping: every field at once, so that a screen shows them all. */
function problemsOf(fields: readonly ImportField[], mapping: Mapping, width: number): FieldProblem[] {
  const known = new Set(fields.map(({ name }) => name));
  const problems: FieldProblem[] = Object.keys(mapping)
    .filter((name) => !known.has(name))
    .map((name) => ({ path: `mapping.${name}`, code: 'E-FIELD-UNKNOWN' }));
  const taken = new Set<number>();
  for (const { name, required } of fields) {
    const place = mapping[name] ?? null;
    const path = `mapping.${name}`;
    if (place === null) {
      if (required) problems.push({ path, code: 'E-FIELD-REQUIRED' });
    } else if (place < 0 || place >= width)
      problems.push({ path, code: 'E-FIELD-MAX', params: { maximum: width - 1 } });
    else if (taken.has(place)) problems.push({ path, code: 'E-IMPORT-COLUMN-TWICE' });
    else taken.add(place);
  }
  return problems;
}
