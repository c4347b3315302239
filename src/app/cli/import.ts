import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startApplying } from '../../modules/exchange/actions/end-import.ts';
import { mapColumns } from '../../modules/exchange/actions/map-columns.ts';
import { openImport, receiveFile } from '../../modules/exchange/actions/receive-file.ts';
import { dateOrder, type ImportRecord, importKind } from '../../modules/exchange/contract.ts';
import { presentImport } from '../../modules/exchange/present.ts';
import { importRecord } from '../../modules/exchange/queries.ts';
import { fixedClock, systemClock } from '../../platform/clock.ts';
import { asProgram } from '../../platform/database/as-program.ts';
import type { Tx } from '../../platform/database/connection.ts';
import type { Actor } from '../../platform/http/actor.ts';
import { type JobDefinition, jobRunner } from '../../platform/jobs/jobs.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { modules } from '../modules.ts';
import { defineCommand, WrongUsage } from './command.ts';
import { operator } from './operator.ts';
import { findOrganisation } from './verify-journal.ts';
import { type CommandDatabase, withDatabase } from './with-database.ts';
import { columns, counted, progressLine } from './words.ts';

/** Imports a file as the screen does: read, previewed, and applied when that is asked; undone from the screen. */
export const importFile = defineCommand({
  arguments: ['<genre>', '<fichier>'],
  options: {
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Organisation qui reçoit les données' },
    apply: { type: 'boolean', what: 'Applique l’import ; sans cette option, il est seulement préparé' },
    'date-order': {
      type: 'string',
      value: dateOrder.options.join('|'),
      what: 'Ordre du jour, du mois et de l’année (dmy)',
    },
  },
  notes: [
    `Genres : ${importKind.options.join(', ')}. Les colonnes sont reconnues à leur nom ; les lignes fausses sont laissées de côté et nommées.`,
    'Un import préparé peut être relu, appliqué ou abandonné à l’écran ; un import appliqué peut y être défait.',
  ],
  async run({ config, arguments: [kind, file], text, given }) {
    const kindName = importKind.safeParse(kind);
    if (!kindName.success)
      throw new WrongUsage(`« ${kind} » n’est pas un genre d’import : ${importKind.options.join(', ')}.`);
    const order = dateOrder.safeParse(text('date-order') ?? 'dmy');
    if (!order.success) throw new WrongUsage(`--date-order vaut ${dateOrder.options.join(', ')}.`);
    const asked = text('organisation');
    if (asked === undefined) throw new WrongUsage('Il manque --organisation.');
    const source = fs.openSync(path.resolve(file!), 'r');
    const today = (config.today ? fixedClock(config.today) : systemClock).today();
    return withDatabase(config, 'import', { tables: 'current', existing: true }, async (opened) => {
      const organisation = await findOrganisation(opened.database.owner, asked);
      const uploadFolder = path.join(opened.folder, 'uploads');
      fs.mkdirSync(uploadFolder, { recursive: true });
      const work = <Result>(action: (tx: Tx, actor: Actor) => Promise<Result>) =>
        asProgram(opened.database, { organisationId: organisation.id, ...operator }, action);
      const received = await receiveFile(uploadFolder, fs.createReadStream('', { fd: source }));
      const { importId } = received;
      await work((tx, actor) => openImport(tx, actor, received, kindName.data, path.basename(file!)));
      const { mapping } = await look(work, importId);
      await work((tx, actor) => mapColumns(tx, actor, importId, { mapping, dateOrder: order.data }, today));
      const previewed = await finished(opened, organisation.id, () => look(work, importId), 'Lecture');
      if (!given('apply') || !previewed.can.apply) return answer(previewed);
      await work((tx, actor) => startApplying(tx, actor, importId, previewed.version, today));
      return answer(await finished(opened, organisation.id, () => look(work, importId), 'Import'));
    });
  },
});

type Work = <Result>(action: (tx: Tx, actor: Actor) => Promise<Result>) => Promise<Result>;

const look = (work: Work, importId: string): Promise<ImportRecord> =>
  work(async (tx, actor) => {
    const { rows } = await tx.executeQuery(importRecord(actor.organisationId, importId));
    return presentImport(rows[0]!, actor);
  });

/** The import once its queued work is done: by the running program, or here when none runs. */
async function finished(
  opened: CommandDatabase,
  organisationId: string,
  record: () => Promise<ImportRecord>,
  what: string,
): Promise<ImportRecord> {
  const { jobId } = await record();
  const here = await takeFromQueue(opened, jobId!);
  const definitions = modules.flatMap((module) => module.jobs ?? []) as unknown as readonly JobDefinition[];
  const run = jobRunner(opened.database, definitions, path.join(opened.folder, 'uploads'));
  const done = here ? run({ organisationId, jobId: jobId! }) : undefined;
  const progress = progressLine(what);
  try {
    for (;;) {
      const found = await record();
      const { state = 'failed', done: share = 0, total } = found.job ?? {};
      if (state !== 'queued' && state !== 'running') {
        await done;
        return record();
      }
      progress.at(share / (total ?? 1));
      await Promise.race([setTimeout(200), done?.then(() => setTimeout(10))]);
    }
  } finally {
    progress.end();
  }
}

/** @returns whether the job is ours now: no program runs that would do it, and none has begun it */
async function takeFromQueue({ database, runningAt }: CommandDatabase, jobId: string): Promise<boolean> {
  if (runningAt) return false;
  const { rows } = await database.owner.query<{ locked_at: string | null }>(
    'select locked_at from graphile_worker.remove_job($1)',
    [jobId],
  );
  return rows[0]?.locked_at === null;
}

function answer(record: ImportRecord) {
  if (record.problem)
    throw new OperatorError(`${record.problem.title}. ${record.problem.detail} (${record.problem.code})`);
  const { sample: _, header: __, fields: ___, ...data } = record;
  const applied = record.state === 'applied';
  const facts = [
    ['À créer', record.create],
    ['À modifier', record.update],
    ['Inchangées', record.unchanged],
    ['Fausses, laissées de côté', record.wrong],
  ] as const;
  const problems = record.problems.map(({ label, message, count, firstLine }) => [
    label ?? 'Ligne entière',
    message,
    `${counted(count, 'ligne')}, la première : ${firstLine}`,
  ]);
  const end = applied
    ? 'L’import est appliqué ; il peut être défait à l’écran des imports.'
    : record.can.apply
      ? 'Rien n’est encore écrit. Relancez avec --apply, ou appliquez l’import à l’écran des imports.'
      : 'Il n’y a rien à écrire.';
  return {
    text: [
      counted(record.rows ?? 0, 'ligne lue', 'lignes lues'),
      columns(facts.map(([name, count]) => [`  ${name}`, String(count ?? 0)])),
      columns(problems),
      end,
    ]
      .filter(Boolean)
      .join('\n'),
    data,
  };
}
