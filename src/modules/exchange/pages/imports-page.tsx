import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { importState, listImports } from '../contract.ts';
import { importKindsFor } from '../rules/fields.ts';
import { ExchangeTabs } from './exchange-tabs.tsx';
import ExtractionsPage from './extractions-page.tsx';
import { ImportTag } from './import-tag.tsx';
import classes from './imports-page.module.css';
import { ModelFiles } from './model-files.tsx';

type ImportItem = ReplyOf<typeof listImports>['items'][number];

/** Échanges: what comes in for those who import, what goes out for the others. */
export default function ImportsPage() {
  const { may } = useActor();
  return may('exchange.import') ? <Imports /> : <ExtractionsPage />;
}

/** The files sent, by whom, what came of each. */
function Imports() {
  const { t, word, number, moment } = useWords();
  const importKinds = importKindsFor(useActor().jurisdiction);
  const [state, setState] = useListState();
  const total = useTotal(listImports);
  useLiveImports();
  const chosen = (name: string) => valuesOf(state, name);
  const toggle = (name: string, value: string) => {
    const values = chosen(name);
    setState({
      ...state,
      [name]: values.includes(value) ? values.filter((other) => other !== value) : [...values, value],
    });
  };
  const counted = (value: number | null) => (value ? number(value) : <span className="dim">–</span>);

  const columns: Column<ImportItem>[] = [
    {
      key: 'file',
      title: t('columns.exchange.imports.fileName'),
      render: (row) => (
        <TwoLines
          first={
            <span className={classes.file} title={row.fileName}>
              {row.fileName}
            </span>
          }
          second={t(`imports.kind.${row.kind}`)}
          href={`/echanges/imports/${row.id}`}
        />
      ),
    },
    {
      key: 'state',
      title: t('columns.exchange.imports.state'),
      width: 170,
      render: (row) => <ImportTag state={row.state} />,
    },
    {
      key: 'rows',
      title: t('columns.exchange.imports.rows'),
      align: 'right',
      width: 84,
      render: (row) => counted(row.rows),
    },
    {
      key: 'create',
      title: t('imports.created'),
      align: 'right',
      width: 84,
      render: (row) => counted(row.create),
    },
    {
      key: 'update',
      title: t('imports.updated'),
      align: 'right',
      width: 84,
      render: (row) => counted(row.update),
    },
    {
      key: 'wrong',
      title: t('columns.exchange.imports.wrong'),
      align: 'right',
      width: 90,
      render: (row) => (row.wrong ? <span className={classes.wrong}>{number(row.wrong)}</span> : counted(null)),
    },
    {
      key: 'sent',
      title: t('columns.exchange.imports.createdAt'),
      sort: 'created',
      width: 168,
      render: (row) => (
        <>
          {moment(row.createdAt)}
          <span className={classes.by}>{row.createdBy}</span>
        </>
      ),
    },
    {
      key: 'undo',
      title: t('imports.undo-state'),
      width: 178,
      render: (row) => <UndoState row={row} />,
    },
  ];

  return (
    <Page
      title={total ? t('imports.title', total) : t('nav.exchange')}
      context={t('imports.context')}
      actions={
        <>
          <ExchangeTabs />
          <Button component={Link} to="/echanges/import">
            {t('imports.new')}
          </Button>
        </>
      }
    >
      <Crumbs title={t('nav.exchange')} />
      <ListTable<ImportItem>
        list="exchange.imports"
        endpoint={listImports}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        href={(row) => `/echanges/imports/${row.id}`}
        rowKey={(row) => row.id}
        chips={
          <>
            {importKinds.map((kind) => (
              <Chip key={kind} on={chosen('kind').includes(kind)} onClick={() => toggle('kind', kind)}>
                {t(`imports.kind.${kind}`)}
              </Chip>
            ))}
            {importState.options
              .filter((value) => value !== 'applying' && value !== 'reverting')
              .map((value) => (
                <Chip key={value} on={chosen('state').includes(value)} onClick={() => toggle('state', value)}>
                  <span className={classes.word}>{word('batch-state', value)}</span>
                </Chip>
              ))}
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/echanges/imports/$id" params={{ id: row.id }} className={classes.title}>
              {row.fileName}
            </Link>
            <div className={classes.line}>
              <ImportTag state={row.state} /> <span className="dim">{word('import-kind', row.kind)}</span>
            </div>
            {row.rows !== null && (
              <div>
                {t('imports.counts', {
                  create: row.create ?? 0,
                  update: row.update ?? 0,
                  unchanged: row.unchanged ?? 0,
                  wrong: row.wrong ?? 0,
                })}
              </div>
            )}
            <div className="dim">{t('imports.sent-by', { who: row.createdBy, at: moment(row.createdAt) })}</div>
            {row.state === 'applied' || row.revertedAt ? <UndoState row={row} /> : null}
          </div>
        )}
        empty={<NothingYet />}
      />
    </Page>
  );
}

/** Whether an import can be undone, or when it was. */
function UndoState({ row }: { row: ImportItem }) {
  const { t, moment } = useWords();
  if (row.revertedAt) return <span className="dim">{t('imports.undone-at', { at: moment(row.revertedAt) })}</span>;
  if (row.state === 'applied') return <span>{t('imports.undoable')}</span>;
  return <span className="dim">–</span>;
}

/** What may be imported, the files to fill in, and the first step. */
function NothingYet() {
  const { t } = useWords();
  const importKinds = importKindsFor(useActor().jurisdiction);
  return (
    <div className={classes.empty}>
      <strong>{t('imports.empty')}</strong>
      <p>{t('imports.empty-hint')}</p>
      <div className={classes.kinds}>
        {importKinds.map((kind) => (
          <section key={kind}>
            <h2>{t(`imports.kind.${kind}`)}</h2>
            <p>{t(`imports.kind-hint.${kind}`)}</p>
            <ModelFiles kinds={[kind]} />
          </section>
        ))}
      </div>
      <Button component={Link} to="/echanges/import">
        {t('imports.new')}
      </Button>
    </div>
  );
}

/** While an import is at work, the list is read again. */
function useLiveImports(): void {
  const { organisationId } = useActor();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['live-imports', organisationId],
    queryFn: () => call(listImports, { query: { state: ['preparing', 'applying', 'reverting'], limit: 20 } }),
    refetchInterval: ({ state }) => (state.data?.items.length ? 2_000 : 15_000),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is read again each time something moved
  useEffect(() => {
    client.invalidateQueries({ queryKey: ['list', listImports.id] });
  }, [data]);
}
