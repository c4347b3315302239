import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { ChoiceChip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { listOwners, ownerKind } from '../contract.ts';
import classes from './dwellings-page.module.css';
import { AddOwner } from './owner-form.tsx';
import { PortfolioTabs } from './portfolio-tabs.tsx';

type Owner = ReplyOf<typeof listOwners>['items'][number];

/** Propriétaires: whoever entrusts dwellings, how many, what is due to them each month. */
export default function OwnersPage() {
  const { t, word, day, amount, cents } = useWords();
  const { may } = useActor();
  const [state, setState] = useListState();
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const total = useTotal(listOwners);
  const mayManage = may('portfolio.manage');
  const nothing = <span className="dim">–</span>;

  const columns: Column<Owner>[] = [
    {
      key: 'name',
      title: t('owners.owner'),
      sort: 'name',
      render: (row) => (
        <TwoLines first={row.name} second={word('owner-kind', row.kind)} href={`/proprietaires/${row.id}`} />
      ),
    },
    {
      key: 'reference',
      title: t('dwellings.reference'),
      sort: 'reference',
      width: 120,
      render: (row) => row.reference,
    },
    { key: 'email', title: t('owners.email'), render: (row) => row.email ?? nothing },
    { key: 'phone', title: t('owners.phone'), width: 140, render: (row) => row.phone ?? nothing },
    {
      key: 'language',
      title: t('owners.language'),
      width: 110,
      hidden: true,
      render: (row) => word('language', row.language),
    },
    {
      key: 'end',
      title: t('owners.next-end'),
      width: 140,
      render: (row) => (row.nextEndOn ? day(row.nextEndOn) : nothing),
    },
    {
      key: 'dwellings',
      title: t('owners.dwellings'),
      align: 'right',
      width: 100,
      render: (row) => row.dwellings || nothing,
    },
    {
      key: 'rent',
      title: t('owners.rent'),
      align: 'right',
      width: 130,
      render: (row) => (row.rentCents ? amount(row.rentCents) : nothing),
    },
  ];

  return (
    <Page
      title={total ? t('owners.title', total) : t('nav.owners')}
      context={t('owners.context')}
      actions={
        <>
          <PortfolioTabs />
          {mayManage && <Button onClick={() => setAdding(true)}>{t('owners.add')}</Button>}
        </>
      }
    >
      <Crumbs
        title={t('nav.owners')}
        path={[{ label: 'dwellings', link: <Link to="/biens">{t('nav.dwellings')}</Link> }]}
      />
      <ListTable<Owner>
        list="portfolio.owners"
        endpoint={listOwners}
        columns={columns}
        state={state}
        onState={setState}
        href={(row) => `/proprietaires/${row.id}`}
        rowKey={(row) => row.id}
        searchLabel={t('owners.search')}
        chips={
          <ChoiceChip
            label={t('owners.kind')}
            options={ownerKind.options.map((value) => ({ value, label: word('owner-kind', value) }))}
            chosen={valuesOf(state, 'kind')}
            onChange={(kind) => setState({ ...state, kind })}
          />
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/proprietaires/$id" params={{ id: row.id }} className={classes.title}>
              {row.name}
            </Link>
            <div className="dim">
              {word('owner-kind', row.kind)} · {row.reference}
            </div>
            <div>
              {t('owners.entrusts', { count: row.dwellings })} · {cents(row.rentCents)}
            </div>
          </div>
        )}
        empty={
          <Empty
            title={t('owners.empty')}
            action={mayManage && <Button onClick={() => setAdding(true)}>{t('owners.add')}</Button>}
          >
            {t('owners.empty-hint')}
          </Empty>
        }
      />
      <AddOwner
        opened={adding}
        onClose={() => setAdding(false)}
        onDone={({ id }, again) => {
          client.invalidateQueries();
          if (again) return;
          setAdding(false);
          navigate({ to: '/proprietaires/$id', params: { id } });
        }}
      />
    </Page>
  );
}
