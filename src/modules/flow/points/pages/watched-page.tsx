import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { TerritoryTabs } from '../../steering/pages/territory-tabs.tsx';
import { getWatchedPoints } from '../contract.ts';

type Row = ReplyOf<typeof getWatchedPoints>['rows'][number];

/** Points of a landlord, holder by holder, for the State or the territory that watches over it. */
export default function WatchedPage() {
  const { t, word, number, fixed, rate, day } = useWords();
  const { today } = useActor();
  const thisYear = Number(today.slice(0, 4));
  const [state, setState] = useListState();
  const asked = {
    landlord: state.landlord as string | undefined,
    year: state.year ? Number(state.year) : undefined,
  };
  const query = useQuery({
    queryKey: ['watched-points', asked],
    queryFn: () => call(getWatchedPoints, { query: asked }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { landlords, landlordId, rows, year } = query.data;
  const title = t('watched.table', { year: String(year) });
  return (
    <Page title={t('watched.title')} context={t('watched.context')}>
      <Crumbs title={t('watched.title')} />
      <TerritoryTabs />
      <Group gap={10} my={14}>
        <Select
          size="xs"
          w={260}
          aria-label={t('points.landlord')}
          data={landlords.map(({ id, name }) => ({ value: id, label: name }))}
          value={landlordId}
          allowDeselect={false}
          searchable
          disabled={landlords.length === 0}
          onChange={(landlord) => setState({ ...state, landlord: landlord ?? undefined })}
        />
        <Select
          size="xs"
          w={96}
          aria-label={t('points.year')}
          data={[thisYear, thisYear - 1, thisYear - 2].map(String)}
          value={String(year)}
          allowDeselect={false}
          onChange={(chosen) =>
            setState({ ...state, year: chosen === String(thisYear) ? undefined : (chosen ?? undefined) })
          }
        />
      </Group>
      <Panel title={title} aside={t('watched.perimeter-hint')} flush>
        {rows.length === 0 ? (
          <Empty title={t('watched.none')}>{t('watched.none-hint')}</Empty>
        ) : (
          <PlainTable<Row>
            caption={title}
            rows={rows}
            rowKey={(row) => row.agreementId}
            columns={[
              {
                title: t('points.holder'),
                width: 240,
                render: (row) => (
                  <>
                    <span className="strong">{row.holder}</span>
                    <br />
                    <span className="dim">
                      {row.perimeterName} · {word('contingent', row.contingent)}
                    </span>
                  </>
                ),
              },
              { title: t('cockpit.freed'), align: 'right', render: (row) => number(row.freed) },
              { title: t('points.due'), align: 'right', render: (row) => fixed(row.due) },
              { title: t('standing.proposed'), align: 'right', render: (row) => number(row.proposed) },
              { title: t('standing.attributed'), align: 'right', render: (row) => number(row.attributed) },
              { title: t('standing.leased'), align: 'right', render: (row) => number(row.leased) },
              {
                title: t('watched.points'),
                align: 'right',
                render: (row) => (
                  <>
                    <strong>{fixed(row.total)}</strong> <Why steps={row.steps as Step[]}>?</Why>
                    {Number(row.pending) > 0 && (
                      <>
                        <br />
                        <span className="dim">
                          {number(row.pending)} {t('points.pending')}
                        </span>
                      </>
                    )}
                  </>
                ),
              },
              {
                title: t('points.attained'),
                align: 'right',
                render: (row) => (row.attainment === null ? '–' : rate(row.attainment)),
              },
              {
                title: t('points.rule-state'),
                render: (row) =>
                  row.closedOn ? (
                    <Tag>{t('points.closed-on', { day: day(row.closedOn) })}</Tag>
                  ) : (
                    <Tag tone="green">{t('watched.open')}</Tag>
                  ),
              },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}
