import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { type PlainColumn, PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listReports, type ReportRow, sendReports, withdrawReports } from '../contract.ts';
import { measures } from '../rules/report-lines.ts';
import { ProduceDrawer } from './produce-drawer.tsx';
import classes from './reports.module.css';
import { StateTag } from './state-tag.tsx';

/** Bilans: for a landlord whom it owes a report of the year, and how far it is; for a recipient those it was sent. */
export default function ReportsPage() {
  const { organisationKind } = useActor();
  const [state] = useListState();
  const isLandlord = organisationKind === 'landlord';
  const year = Number(state.annee) || undefined;
  const reports = useQuery({
    queryKey: ['reports', year],
    queryFn: () => call(listReports, { query: isLandlord ? { year } : {} }),
    placeholderData: (previous) => previous,
  });
  if (reports.error) return <ProblemPage problem={reports.error} onRetry={() => reports.refetch()} />;
  if (reports.isPending) return <PageSkeleton />;
  return isLandlord ? <OfLandlord data={reports.data} /> : <OfRecipient data={reports.data} />;
}

type Data = ReplyOf<typeof listReports>;

function OfLandlord({ data }: { data: Data }) {
  const { t, day, moment } = useWords();
  const { may } = useActor();
  const client = useQueryClient();
  const [, setState] = useListState();
  const [opened, setOpened] = useState<'produce' | 'send' | null>(null);
  const undo = useMutation({
    mutationFn: (batchId: string) => call(withdrawReports, { body: { batchId } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const { year, years, items, deadline, production } = data;
  const ready = items.filter(({ state }) => state === 'ready');
  const manages = may('flow.manage-reports');
  const done = () => {
    setOpened(null);
    client.invalidateQueries();
  };
  return (
    <Page
      title={t('reports.title-landlord', {
        year: String(year),
        sent: items.filter(({ sentOn }) => sentOn).length,
        count: items.length,
        received: items.filter(({ receivedOn }) => receivedOn).length,
      })}
      context={
        <>
          {t('reports.context-landlord', { day: day(deadline.lastDay) })} <Why steps={deadline.steps as Step[]} />
        </>
      }
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('reports.year')}
            data={[...years].reverse().slice(-5).map(String)}
            value={String(year)}
            onChange={(next) => setState({ annee: next })}
          />
          {manages && items.some(({ state }) => state === 'to-prepare') && (
            <Button variant={ready.length > 0 ? 'default' : 'filled'} onClick={() => setOpened('produce')}>
              {t('reports.produce')}
            </Button>
          )}
          {manages && ready.length > 0 && (
            <Button onClick={() => setOpened('send')}>{t('reports.send-all', { count: ready.length })}</Button>
          )}
        </>
      }
    >
      <Crumbs title={t('nav.reports')} />
      <ProblemAlert problem={undo.error} />
      {production && (
        <p className={classes.notice} role="status">
          {t('reports.produced', { count: production.reports, at: moment(production.at), by: production.by })}
          {manages && (
            <Button
              size="compact-sm"
              variant="default"
              loading={undo.isPending}
              onClick={() => undo.mutate(production.batchId)}
            >
              {t('reports.undo')}
            </Button>
          )}
        </p>
      )}
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('reports.empty-landlord', { year: String(year) })}>{t('reports.empty-landlord-hint')}</Empty>
        ) : (
          <ReportTable items={items} first="recipient" />
        )}
      </Panel>
      <ProduceDrawer year={year} opened={opened === 'produce'} onClose={() => setOpened(null)} onDone={done} />
      <FormDrawer
        opened={opened === 'send'}
        onClose={() => setOpened(null)}
        onDone={done}
        size={520}
        title={t('reports.send-title', { count: ready.length })}
        submitLabel={t('reports.send-all', { count: ready.length })}
        initial={{}}
        submit={(_, key) =>
          call(sendReports, { key, body: { ids: ready.flatMap(({ reportId }) => (reportId ? [reportId] : [])) } })
        }
      >
        {() => (
          <>
            <p className="dim">{t('reports.send-hint')}</p>
            <ul className={classes.names}>
              {ready.map((row) => (
                <li key={row.key}>
                  {row.name} <span className="dim">{aside(row, t)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </FormDrawer>
    </Page>
  );
}

function OfRecipient({ data }: { data: Data }) {
  const { t } = useWords();
  return (
    <Page title={t('reports.title-recipient', { count: data.items.length })} context={t('reports.context-recipient')}>
      <Crumbs title={t('nav.reports')} />
      <Panel flush>
        {data.items.length === 0 ? (
          <Empty title={t('reports.empty-recipient')}>{t('reports.empty-recipient-hint')}</Empty>
        ) : (
          <ReportTable items={data.items} first="landlord" />
        )}
      </Panel>
    </Page>
  );
}

/** « réservataire », « EPT ou EPCI · sans espace ici » */
const aside = (row: ReportRow, t: (key: string) => string): string =>
  [t(`reports.recipient.${row.kind}`), row.hasSpace ? '' : t('reports.without-space')].filter(Boolean).join(' · ');

function ReportTable({ items, first }: { items: ReportRow[]; first: 'recipient' | 'landlord' }) {
  const { t, day, number, fixed } = useWords();
  const name = (row: ReportRow) => (first === 'recipient' ? row.name : row.landlord);
  const columns: PlainColumn<ReportRow>[] = [
    {
      title: t(`reports.${first}`),
      render: (row) => (
        <TwoLines
          first={
            row.reportId ? (
              <Link to="/bilans/$id" params={{ id: row.reportId }} className="strong">
                {name(row)}
              </Link>
            ) : (
              name(row)
            )
          }
          second={[
            first === 'recipient' ? aside(row, t) : t('reports.document.title', { year: String(row.year) }),
            row.edition && row.edition > 1 ? t('reports.edition', { edition: row.edition }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    { title: t('reports.state'), width: 170, render: (row) => <StateTag {...row} /> },
    {
      title: t('reports.due'),
      align: 'right',
      render: (row) => (row.figures?.due ? fixed(row.figures.due) : '–'),
    },
    ...measures.map(
      (measure): PlainColumn<ReportRow> => ({
        title: t(`reports.measure.${measure}`),
        align: 'right',
        render: (row) => (row.figures ? number(row.figures[measure]) : '–'),
      }),
    ),
    { title: t('reports.sent'), align: 'right', width: 100, render: (row) => day(row.sentOn) },
    { title: t('reports.received'), align: 'right', width: 100, render: (row) => day(row.receivedOn) },
  ];
  return (
    <PlainTable
      caption={t('nav.reports')}
      rows={items}
      rowKey={(row) => row.reportId ?? `${row.key} ${row.year}`}
      columns={columns}
    />
  );
}
