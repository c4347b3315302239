import fs from 'node:fs';
import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { Problem, refused } from '../../../kernel/problem.ts';
import { moveBatch } from '../../../platform/batches.ts';
import { joinWhole } from '../../../platform/database/bulk.ts';
import { inStreamTransaction, type StreamTransaction } from '../../../platform/database/stream-transaction.ts';
import { Cancelled, type JobContext } from '../../../platform/jobs/jobs.ts';
import { settingsOn } from '../../organisations/index.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import type { BatchScope, ImportKind, RecordCounts, RowContext } from '../kinds/kind.ts';
import { noteProblems } from '../kinds/preview-checks.ts';
import { openFile } from '../reading/open-file.ts';
import { uploadPath } from '../reading/uploads.ts';
import { type KnownMunicipality, municipalityFinder } from '../rules/find-municipality.ts';
import { rowReader } from '../rules/read-row.ts';
import { copyRows } from './copy-rows.ts';
import { type HeldImport, holdImport, type ImportCounts } from './hold-import.ts';
import { holdForJob } from './resume.ts';

const preparing = { before: 'failed', during: 'preparing', after: 'previewed' } as const;

export type ImportJob = { importId: string; today: LocalDate };

/**
 * Previews an import: reads the file, notes what is wrong with its rows, and stages the others with what each would create
 * or change. One transaction: a preview that fails, is stopped or is killed leaves the import as it was.
 * @throws Problem when the file as a whole cannot be read: the import is then failed, and says why; E-BATCH-01 when another
 *   mapping was chosen since
 */
export async function previewImport(job: JobContext<ImportJob>): Promise<Record<string, unknown>> {
  const { importId, today } = job.parameters;
  const held = await job.transaction((tx, actor) => holdForJob(tx, actor, job, importId, preparing));
  if (!held) return {};
  try {
    return { ...(await preview(job, held, today)) };
  } catch (error) {
    if (error instanceof Problem) await fail(job, importId, error);
    throw error;
  }
}

/** The import cannot go on with this file or this mapping; another mapping may be tried. */
async function fail(job: JobContext<ImportJob>, importId: string, problem: Problem): Promise<void> {
  await job.transaction(async (tx, actor) => {
    const held = await holdImport(tx, actor.organisationId, importId, { wait: true });
    if (held.jobId !== job.jobId) return;
    await moveBatch(tx, actor, importId, held, 'failed');
    await tx
      .updateTable('exchange.imports')
      .set({ problem: JSON.stringify({ code: problem.code, params: problem.params }) })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', importId)
      .execute();
  });
}

/** Of a thousand, how much of the work is reading the file; the rest is deciding what becomes of the rows. */
const readingShare = 700;

async function preview(job: JobContext<ImportJob>, held: HeldImport, today: LocalDate): Promise<ImportCounts> {
  const kind = kindOf(held.kind);
  const scope: BatchScope = { organisationId: job.organisationId, batchId: held.id, today };
  const path = uploadPath(job.uploadFolder, held.storedAs ?? '');
  if (!held.storedAs || !fs.existsSync(path)) throw refused('E-IMPORT-FILE-GONE');
  const context = await rowContext(job, held, today);
  return inStreamTransaction(job.database, actAs(job.organisationId), async (stream) => {
    await stream.run(incomingTable(kind));
    let [bytes, merged] = [0, 0];
    const rows = openFile(path, held.form, {
      onBytes: (read) => {
        bytes = read;
      },
      onMerged: (groups) => {
        merged = groups;
      },
    });
    const { value: heading } = await rows.next();
    const width = held.form.format === 'csv' ? held.header.length : null;
    const read = rowReader(kind.fields, held.mapping, held.dateOrder, width);
    const count = heading
      ? await copyRows(
          stream,
          kind,
          rows,
          read,
          context,
          inTime(() => job.progress(Math.round((bytes / held.size) * readingShare))),
        )
      : 0;
    await stream.run(sql`analyze incoming`);
    await stream.run(joinWhole);
    const counts = await decide(stream, kind, scope, context, count, (share) =>
      job.progress(readingShare + Math.round(share * 300)),
    );
    await keepPreview(job, stream, scope, counts);
    await noteMerged(stream, scope, merged);
    return counts;
  });
}

/** Reports at most four times a second: each report is a transaction of its own. */
function inTime(report: () => Promise<void>): () => Promise<void> {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < 250) return;
    last = Date.now();
    await report();
  };
}

const actAs = (organisationId: string) =>
  sql`select set_config('app.organisation_id', ${organisationId}, true), set_config('app.user_id', 'program', true)`;

/** A table of the session with the columns of the staging table that rows fill, none of them required yet. */
const incomingTable = (kind: ImportKind) => sql`
  create temporary table incoming on commit drop as
  select line, cells, null::jsonb as problems, ${sql.join(kind.fields.map(({ column }) => sql.ref(column)))},
    ${sql.join(kind.derived.map(({ column, type }) => sql`null::${sql.raw(type)} as ${sql.ref(column)}`))}
  from ${sql.table(kind.stagingTable)} limit 0`;

async function rowContext(job: JobContext<ImportJob>, held: HeldImport, today: LocalDate): Promise<RowContext> {
  return job.transaction(async (tx, actor) => {
    const country = actor.jurisdiction === 'fr-idf' ? 'FR' : 'BE';
    const municipalities = await tx
      .selectFrom('organisations.municipalities')
      .select(['code', 'name_fr as nameFr', 'name_nl as nameNl', 'postal_codes as postalCodes'])
      .where('country', '=', country)
      .execute();
    const settings = await settingsOn(
      tx,
      actor,
      ['tenancies.first-rent-method', 'applicants.children-share-until'],
      today,
    );
    return {
      today,
      jurisdiction: actor.jurisdiction,
      mapped: new Set(Object.keys(held.mapping).filter((field) => held.mapping[field] !== null)),
      findMunicipality: municipalityFinder(municipalities as KnownMunicipality[]),
      firstRentMethod: settings['tenancies.first-rent-method'],
      childrenShareUntil: settings['applicants.children-share-until'],
    };
  });
}

/** Decides what becomes of the rows that were read, all at once. */
async function decide(
  stream: StreamTransaction,
  kind: ImportKind,
  scope: BatchScope,
  context: RowContext,
  rows: number,
  progress: (share: number) => Promise<void>,
): Promise<ImportCounts & { problems: unknown }> {
  const { organisationId, batchId } = scope;
  for (const statement of kind.prepare(scope)) await stream.run(statement);
  await progress(0.2);
  await stream.run(noteProblems(kind.checks(scope)));
  await progress(0.4);
  const staged = sql.table(kind.stagingTable);
  for (const table of [staged, sql.table('exchange.wrong_rows')]) {
    await stream.run(sql`delete from ${table} where organisation_id = ${organisationId} and batch_id = ${batchId}`);
  }
  await stream.run(sql`insert into exchange.wrong_rows (organisation_id, batch_id, line, cells, problems)
    select ${organisationId}, ${batchId}, line, cells, problems from incoming where problems is not null`);
  await kind.settle(stream, scope, context);
  await progress(0.9);
  const { rows: effects } = await stream.run(sql<{ create: number; update: number; unchanged: number }>`
    select (count(*) filter (where effect = 'create'))::int as create, (count(*) filter (where effect = 'update'))::int as update,
      (count(*) filter (where effect = 'unchanged'))::int as unchanged
    from ${staged} where organisation_id = ${organisationId} and batch_id = ${batchId}`);
  const { create, update, unchanged } = effects[0]!;
  const { rows: records } = await stream.run(
    kind.countRecords(scope) as ReturnType<typeof sql<{ records: RecordCounts }>>,
  );
  return {
    ...{ rows, create, update, unchanged, wrong: rows - create - update - unchanged },
    records: records[0]!.records,
    problems: await groupProblems(stream),
  };
}

/** Problems by field and code, the most frequent first, each with its first line. */
async function groupProblems(stream: StreamTransaction): Promise<unknown> {
  const { rows } = await stream.run(sql<{ groups: unknown }>`
    select coalesce(json_agg(g), '[]') as groups from (
      select p.value->>'field' as field, p.value->>'code' as code, count(*)::int as count, min(i.line) as "firstLine",
        (array_agg(p.value order by i.line))[1] as example
      from incoming i cross join lateral jsonb_array_elements(i.problems) p
      where i.problems is not null
      group by 1, 2 order by 3 desc, 4 limit 100) g`);
  return rows[0]!.groups;
}

/** The preview is kept if it is still the one wanted: another mapping may have been chosen meanwhile. */
async function keepPreview(
  job: JobContext<ImportJob>,
  stream: StreamTransaction,
  scope: BatchScope,
  counts: ImportCounts,
): Promise<void> {
  const { count } = await stream.run(sql`
    update platform.batches b set state = 'previewed', version = b.version + 1, counts = ${JSON.stringify(counts)}
    from exchange.imports i
    where b.organisation_id = ${scope.organisationId} and b.id = ${scope.batchId} and b.state = 'preparing'
      and i.organisation_id = b.organisation_id and i.id = b.id and i.job_id = ${job.jobId}`);
  if (count === 0) throw new Cancelled();
}

/** Says that the sheet has merged cells, of which all but the first are read as blank. */
const noteMerged = (stream: StreamTransaction, scope: BatchScope, groups: number) =>
  groups === 0
    ? undefined
    : stream.run(sql`
        update exchange.imports
        set notes = (select coalesce(jsonb_agg(n), '[]') from jsonb_array_elements(notes) as n where n->>'code' <> 'merged')
          || ${JSON.stringify([{ code: 'merged', params: { groups } }])}::jsonb
        where organisation_id = ${scope.organisationId} and id = ${scope.batchId}`);
