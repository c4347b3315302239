import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { ExtractMenu } from '../../../ui/extract-menu.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listAgreements } from '../contract.ts';
import { AgreementForm } from './agreement-form.tsx';

/** Conventions: each agreement with its share and its counters of the year; late ones stand out. */
export default function AgreementsPage() {
  const { t, word, rate, fixed, day } = useWords();
  const { organisationKind, may } = useActor();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ['agreements'], queryFn: () => call(listAgreements) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items } = query.data;
  const isLandlord = organisationKind === 'landlord';
  return (
    <Page
      title={t('agreements.title', { count: items.length })}
      context={t('agreements.context')}
      actions={
        <>
          <ExtractMenu list="flow.agreements" />
          {isLandlord && may('flow.manage-agreements') && (
            <Button onClick={() => setAdding(true)}>{t('agreements.add')}</Button>
          )}
        </>
      }
    >
      <Crumbs title={t('nav.agreements')} />
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('agreements.empty')}>{t('agreements.empty-hint')}</Empty>
        ) : (
          <PlainTable
            caption={t('agreements.title', { count: items.length })}
            rows={items}
            rowKey={(item) => item.id}
            columns={[
              {
                title: isLandlord ? t('agreements.holder') : t('agreements.landlord'),
                render: (item) =>
                  isLandlord ? (
                    <Link to="/conventions/$id" params={{ id: item.id }} className="strong">
                      {item.holder}
                    </Link>
                  ) : (
                    <Link to="/ou-en-suis-je" search={{ convention: item.id } as never} className="strong">
                      {item.landlord}
                    </Link>
                  ),
              },
              { title: t('agreements.contingent'), render: (item) => word('contingent', item.contingent) },
              {
                title: t('agreements.perimeter'),
                render: (item) => `${item.perimeterName} · ${word('scale', item.scale)}`,
              },
              { title: t('agreements.share'), align: 'right', render: (item) => rate(item.share) },
              { title: t('agreements.due'), align: 'right', render: (item) => fixed(item.figures.due) },
              { title: t('agreements.proposed'), align: 'right', render: (item) => item.figures.proposed },
              {
                title: t('agreements.gap'),
                align: 'right',
                render: (item) => {
                  const gap = item.figures.proposed - Number(item.figures.due);
                  return gap < -1 ? (
                    <Tag tone="red">{fixed(gap)}</Tag>
                  ) : gap > 1 ? (
                    <Tag tone="amber">+{fixed(gap)}</Tag>
                  ) : (
                    fixed(gap)
                  );
                },
              },
              { title: t('agreements.leased'), align: 'right', render: (item) => item.figures.leased },
              {
                title: t('agreements.until'),
                render: (item) => (item.endsOn ? day(item.endsOn) : t('agreements.open-ended')),
              },
              {
                title: t('agreements.reference'),
                render: (item) => <span className="dim nowrap">{item.reference}</span>,
              },
            ]}
          />
        )}
      </Panel>
      <AgreementForm
        opened={adding}
        onClose={() => setAdding(false)}
        onDone={() => {
          setAdding(false);
          client.invalidateQueries();
        }}
      />
    </Page>
  );
}
