import { formatDay } from '../../kernel/format.ts';
import { isLocalDate } from '../../kernel/local-date.ts';
import type { Translate } from '../../kernel/messages.ts';
import { mayMove } from '../../platform/batches.ts';
import type { Actor } from '../../platform/http/actor.ts';
import { translate } from '../../platform/messages.ts';
import type { ImportRecord } from './contract.ts';
import { kindOf } from './kinds/all-kinds.ts';
import type { ImportRow } from './queries.ts';
import type { ImportKindName, Mapping } from './rules/fields.ts';
import type { RowProblem } from './rules/read-row.ts';

/** An import as its reader sees it: in words, with guarded cells masked and what may be done with it now. */
export function presentImport(row: ImportRow, actor: Actor): ImportRecord {
  const t = translate(actor.language);
  const { fields } = kindOf(row.kind);
  const { problems = [], ...counts } = row.counts;
  const mask = maskerOf(row.kind, row.mapping);
  const isCounted = counts.rows !== undefined && row.state !== 'preparing' && row.state !== 'failed';
  return {
    ...row,
    rows: counts.rows ?? null,
    create: counts.create ?? null,
    update: counts.update ?? null,
    unchanged: counts.unchanged ?? null,
    wrong: counts.wrong ?? null,
    sample: row.sample.map(mask),
    notes: row.notes.map(({ code, params }) => ({ code, message: t(`import.notes.${code}`, params) })),
    fields: fields.map(({ name, required, guarded }) => ({
      name,
      label: t(`import.fields.${row.kind}.${name}`),
      required: required ?? false,
      guarded: guarded ?? false,
    })),
    counts: isCounted ? (counts as ImportRecord['counts']) : null,
    problems: problems.map(({ count, firstLine, example }) => ({
      ...presentProblem(example, row.kind, t),
      count,
      firstLine,
    })),
    problem: row.problem && {
      code: row.problem.code,
      title: t(`problems.${row.problem.code}.title`, row.problem.params),
      detail: t(`problems.${row.problem.code}.detail`, row.problem.params),
    },
    reversal: row.revertReport && {
      ...row.revertReport,
      kept: row.revertReport.kept.map((kept) => ({ ...kept, message: t(`import.kept.${kept.reason}`) })),
    },
    can: {
      map: row.hasFile && mayMove(row.state, 'preparing'),
      apply: row.state === 'previewed' && (counts.create ?? 0) + (counts.update ?? 0) > 0,
      revert: row.state === 'applied',
      abandon: mayMove(row.state, 'abandoned'),
    },
  };
}

/** A problem in the language of its reader. */
export function presentProblem(problem: RowProblem, kind: ImportKindName, t: Translate) {
  const params = { ...problem.params, cell: problem.cell ?? '', ...choicesInWords(problem, t) };
  const readable = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' && isLocalDate(value) ? formatDay(value, 'fr') : value,
    ]),
  );
  return {
    field: problem.field,
    label: problem.field && t(`import.fields.${kind}.${problem.field}`),
    code: problem.code,
    params: problem.params ?? {},
    message: t(`fields.${problem.code}`, readable),
  };
}

/** « appartement, maison, studio » for the words of a closed list. */
function choicesInWords({ params }: RowProblem, t: Translate): { choices?: string } {
  if (typeof params?.choices !== 'string') return {};
  const words = params.choices.split(',').map((choice) => {
    const key = params.list ? `values.${params.list}.${choice}` : `values.${choice}`;
    const word = t(key);
    return word === key ? choice : word;
  });
  return { choices: words.join(', ') };
}

const hidden = '•••';

/** Hides the cells of national numbers and bank accounts: whoever sent the file has them, nobody else needs them here. */
export function maskerOf(kind: ImportKindName, mapping: Mapping): (cells: readonly string[]) => string[] {
  const places = new Set(kindOf(kind).fields.flatMap(({ name, guarded }) => (guarded ? [mapping[name] ?? -1] : [])));
  return (cells) => cells.map((cell, place) => (places.has(place) && cell !== '' ? hidden : cell));
}
