import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listForecasts } from '../contract.ts';
import { BaseTabs } from './base-tabs.tsx';
import { ForecastForm } from './forecast-form.tsx';
import { ForecastTag } from './forecast-tag.tsx';

/** Prévisionnel: the dwellings each landlord expects to subtract, by year and département, and where the decision stands. */
export default function ForecastsPage() {
  const { t, number, day } = useWords();
  const { organisationId, organisationKind } = useActor();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ['forecasts', organisationId], queryFn: () => call(listForecasts) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items, places, can, today } = query.data;
  const isLandlord = organisationKind === 'landlord';
  const next = Number(today.slice(0, 4)) + 1;
  const missing = isLandlord
    ? places.filter(
        ({ department }) =>
          !items.some((item) => item.year === next && item.department === department && !item.territory),
      )
    : [];
  return (
    <Page
      title={t('base.forecasts-title', { count: items.length })}
      context={
        missing.length > 0
          ? t('base.forecasts-missing', {
              year: String(next),
              list: missing.map(({ department }) => department).join(', '),
            })
          : t('base.forecasts-context')
      }
      actions={
        <>
          <BaseTabs />
          {can.manage && <Button onClick={() => setAdding(true)}>{t('base.new-forecast')}</Button>}
        </>
      }
    >
      <Crumbs
        title={t('base.forecast')}
        {...(isLandlord ? { path: [{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }] } : {})}
      />
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('base.no-forecasts')}>
            {t(isLandlord ? 'base.no-forecasts-hint' : 'base.no-forecasts-shared')}
          </Empty>
        ) : (
          <PlainTable
            caption={t('base.forecasts-title', { count: items.length })}
            rows={items}
            rowKey={(row) => row.id}
            columns={[
              {
                title: t('base.year'),
                render: (row) => (
                  <Link to="/assiette/previsionnel/$id" params={{ id: row.id } as never} className="strong">
                    {t('base.forecast-of', { year: String(row.year), department: row.territory ?? row.department })}
                  </Link>
                ),
              },
              ...(isLandlord
                ? []
                : [{ title: t('base.landlord'), render: (row: (typeof items)[number]) => row.landlord }]),
              { title: t('base.state'), render: (row) => <ForecastTag state={row.state} /> },
              { title: t('base.expected-head'), align: 'right', render: (row) => number(row.expected) },
              { title: t('base.excluded-head'), align: 'right', render: (row) => number(row.excluded) },
              { title: t('base.base'), align: 'right', render: (row) => <b>{number(row.base)}</b> },
              {
                title: t('base.published'),
                render: (row) => (row.publishedAt ? day(row.publishedAt.slice(0, 10)) : '–'),
              },
            ]}
          />
        )}
      </Panel>
      {isLandlord && (
        <ForecastForm
          places={places}
          opened={adding}
          onClose={() => setAdding(false)}
          onDone={(id) => {
            setAdding(false);
            client.invalidateQueries();
            navigate({ to: '/assiette/previsionnel/$id', params: { id } as never });
          }}
        />
      )}
    </Page>
  );
}
