import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Chip } from '../../../ui/list-table.tsx';
import { Empty, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { Scrolled } from '../../../ui/scrolled.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import { type ImportRecord, listRows, rowEffect } from '../contract.ts';
import classes from './rows-panel.module.css';

type Row = ReplyOf<typeof listRows>['items'][number];
type Effect = Row['effect'];

/** The rows of the file with what becomes of each; those that are wrong first. */
export function RowsPanel({ record }: { record: ImportRecord }) {
  const { t, number } = useWords();
  const counts = rowEffect.options
    .map((effect) => ({ effect, count: record.counts?.[effect] ?? 0 }))
    .filter(({ count }) => count > 0);
  const [chosen, setChosen] = useState<Effect | null>(null);
  const first = counts.find(({ effect }) => effect === 'wrong') ?? counts[0];
  const only = chosen ?? first?.effect;
  if (!only) return <EmptyRows />;
  return (
    <Panel
      title={t('imports.rows-title')}
      aside={
        <span className={classes.chips}>
          {[...counts].reverse().map(({ effect, count }) => (
            <Chip key={effect} on={effect === only} onClick={() => setChosen(effect)}>
              {t(`imports.effect.${effect}`)} {number(count)}
            </Chip>
          ))}
        </span>
      }
      flush
    >
      <Rows key={only} record={record} only={only} />
    </Panel>
  );
}

function EmptyRows() {
  const { t } = useWords();
  return (
    <Panel>
      <Empty title={t('imports.no-rows')}>{t('imports.no-rows-hint')}</Empty>
    </Panel>
  );
}

const pageSize = 50;

/** Rows of one sort, as many as one asks for. */
export function Rows({ record, only }: { record: ImportRecord; only: Effect }) {
  const { t, number } = useWords();
  const { organisationId } = useActor();
  const pages = useInfiniteQuery({
    queryKey: ['import-rows', organisationId, record.id, record.version, only],
    queryFn: ({ pageParam, signal }) =>
      call(listRows, {
        params: { id: record.id },
        query: { only, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const last = pages.data?.pages.at(-1);
  if (pages.isPending) {
    return (
      <div className={classes.waiting} aria-busy="true">
        {Array.from({ length: 6 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders
          <Skeleton key={index} height={14} />
        ))}
      </div>
    );
  }
  return (
    <>
      {pages.error && (
        <div className={classes.problem}>
          <ProblemAlert problem={pages.error} onRetry={() => pages.refetch()} />
        </div>
      )}
      <RowTable record={record} rows={rows} only={only} />
      {last?.nextCursor && (
        <div className={classes.more}>
          <Button
            variant="default"
            size="compact-sm"
            loading={pages.isFetchingNextPage}
            onClick={() => pages.fetchNextPage()}
          >
            {t('imports.more-rows', { count: Math.min(pageSize, last.total - rows.length) || pageSize })}
          </Button>
          <span className="dim">
            {last.totalIsLeast
              ? t('imports.rows-shown-least', { shown: number(rows.length), total: number(last.total) })
              : t('imports.rows-shown', { shown: number(rows.length), total: number(last.total) })}
          </span>
        </div>
      )}
    </>
  );
}

const tones: Record<Effect, Tone> = { create: 'green', update: 'blue', unchanged: 'neutral', wrong: 'red' };

/** The columns that are imported, as the file has them; among wrong rows, the first one then those that are wrong. */
function shownColumns(record: ImportRecord, only: Effect) {
  const columns = record.header.flatMap((heading, place) => {
    const field = record.fields.find(({ name }) => record.mapping[name] === place);
    return field ? [{ heading, place, field }] : [];
  });
  if (only !== 'wrong') return columns;
  const wrong = new Set(record.problems.map(({ field }) => field));
  const rank = ({ place, field }: { place: number; field: { name: string } }) =>
    place === columns[0]?.place ? 0 : wrong.has(field.name) ? 1 : 2;
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

/** Lines of the file as it stands, in its own columns; a wrong cell is marked and its reason said beside the line. */
function RowTable({ record, rows, only }: { record: ImportRecord; rows: Row[]; only: Effect }) {
  const { t, number } = useWords();
  const places = shownColumns(record, only);
  const caption = t(`imports.effect.${only}`);
  return (
    <Scrolled label={caption} className={classes.wide}>
      <table className={classes.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.line}>
              {t('imports.line')}
            </th>
            <th scope="col">{t(only === 'wrong' ? 'imports.reason' : 'imports.becomes')}</th>
            {places.map(({ heading, place, field }) => (
              <th key={place} scope="col" title={field.label}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const wrong = new Set(row.problems.map(({ field }) => field));
            return (
              <tr key={row.line}>
                <th scope="row" className={classes.line}>
                  {number(row.line)}
                </th>
                <td className={classes.reason}>
                  {row.problems.length === 0 ? (
                    <Tag tone={tones[row.effect]}>{t(`imports.row-effect.${row.effect}`)}</Tag>
                  ) : (
                    <ul>
                      {row.problems.map((problem) => (
                        <li key={`${problem.field}-${problem.code}`} title={problem.code}>
                          {problem.label && <span className="strong">{problem.label} : </span>}
                          {problem.message}
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
                {places.map(({ place, field }) => {
                  const cell = row.cells[place] ?? '';
                  const isWrong = wrong.has(field.name);
                  return (
                    <td key={place} className={isWrong ? classes.wrong : undefined} title={cell}>
                      <span className={classes.cell}>{cell || <span className={classes.blank}>–</span>}</span>
                      {isWrong && <span className="visually-hidden"> {t('imports.cell-wrong')}</span>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolled>
  );
}
