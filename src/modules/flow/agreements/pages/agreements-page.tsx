import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { ExtractMenu } from '../../../../ui/extract-menu.tsx';
import { Chip } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type Agreement, listAgreements } from '../contract.ts';
import { AgreementForm, type AgreementFormKind } from './agreement-form.tsx';
import { AgreementTag } from './agreement-tag.tsx';
import classes from './agreements-page.module.css';

const filters = {
  all: () => true,
  running: ({ state }: Agreement) => state === 'signed' || state === 'amended',
  preparing: ({ state }: Agreement) => state === 'draft' || state === 'negotiation' || state === 'to-sign',
  over: ({ state }: Agreement) => state === 'ended' || state === 'abandoned',
} as const;
type Filter = keyof typeof filters;

/** Conventions: each agreement with its state, its share and its counters of the year; late ones stand out. */
export default function AgreementsPage() {
  const { t, word, rate, fixed, day } = useWords();
  const { organisationKind, may } = useActor();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { etat } = useSearch({ strict: false }) as { etat?: string };
  const [form, setForm] = useState<AgreementFormKind | null>(null);
  const query = useQuery({
    queryKey: ['agreements', 'all'],
    queryFn: () => call(listAgreements, { query: { states: 'all' } }),
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items } = query.data;
  const chosen: Filter = etat !== undefined && etat in filters ? (etat as Filter) : 'all';
  const rows = items.filter(filters[chosen]);
  const isLandlord = organisationKind === 'landlord';
  return (
    <Page
      title={t('agreements.title', { count: items.filter(filters.running).length })}
      context={t('agreements.context')}
      actions={
        <>
          <ExtractMenu list="flow.agreements" />
          {isLandlord && may('flow.manage-agreements') && (
            <>
              <QuietButton onClick={() => setForm('signed')}>{t('agreements.add')}</QuietButton>
              <Button onClick={() => setForm('draft')}>{t('agreements.draft')}</Button>
            </>
          )}
        </>
      }
    >
      <Crumbs title={t('nav.agreements')} />
      {items.length > 0 && (
        <fieldset className={classes.filters}>
          <legend className="visually-hidden">{t('agreements.filter')}</legend>
          {(Object.keys(filters) as Filter[]).map((name) => (
            <Chip
              key={name}
              on={name === chosen}
              count={items.filter(filters[name]).length}
              onClick={() =>
                navigate({ to: '.', search: (name === 'all' ? {} : { etat: name }) as never, replace: true })
              }
            >
              {t(`agreements.filter-${name}`)}
            </Chip>
          ))}
        </fieldset>
      )}
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('agreements.empty')}>{t('agreements.empty-hint')}</Empty>
        ) : rows.length === 0 ? (
          <Empty title={t('agreements.none-here')}>{t('agreements.none-here-hint')}</Empty>
        ) : (
          <PlainTable
            caption={t('agreements.title', { count: rows.length })}
            rows={rows}
            rowKey={(item) => item.id}
            columns={[
              {
                title: isLandlord ? t('agreements.holder') : t('agreements.landlord'),
                render: (item) => (
                  <Link to="/conventions/$id" params={{ id: item.id }} className="strong">
                    {isLandlord ? item.holder : item.landlord}
                  </Link>
                ),
              },
              { title: t('agreements.state'), render: (item) => <AgreementTag state={item.state} /> },
              { title: t('agreements.contingent'), render: (item) => word('contingent', item.contingent) },
              {
                title: t('agreements.perimeter'),
                render: (item) => `${item.perimeterName} · ${word('scale', item.scale)}`,
              },
              { title: t('agreements.share'), align: 'right', render: (item) => rate(item.share) },
              { title: t('agreements.due'), align: 'right', render: (item) => counted(item, fixed(item.figures.due)) },
              {
                title: t('agreements.proposed'),
                align: 'right',
                render: (item) => counted(item, item.figures.proposed),
              },
              {
                title: t('agreements.gap'),
                align: 'right',
                render: (item) => {
                  const gap = item.figures.proposed - Number(item.figures.due);
                  if (!filters.running(item)) return counted(item, fixed(gap));
                  return gap < -1 ? (
                    <Tag tone="red">{fixed(gap)}</Tag>
                  ) : gap > 1 ? (
                    <Tag tone="amber">+{fixed(gap)}</Tag>
                  ) : (
                    fixed(gap)
                  );
                },
              },
              { title: t('agreements.leased'), align: 'right', render: (item) => counted(item, item.figures.leased) },
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
        kind={form}
        onClose={() => setForm(null)}
        onDone={() => {
          setForm(null);
          client.invalidateQueries();
        }}
      />
    </Page>
  );
}

/** What is not signed counts nothing. */
const counted = ({ state }: Agreement, value: string | number) =>
  filters.preparing({ state } as Agreement) || state === 'abandoned' ? '–' : value;
