import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { ChoiceChip, type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities } from '../../../organisations/contract.ts';
import { baseSummary, listBaseDwellings } from '../contract.ts';
import { baseClasses } from '../rules/categories.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';
import { barsOf, ClassBars } from './class-bars.tsx';
import { ClassTag } from './class-tag.tsx';
import { DwellingClass } from './dwelling-class.tsx';
import { RuleForm } from './rule-form.tsx';

type Dwelling = ReplyOf<typeof listBaseDwellings>['items'][number];

/** Assiette: the whole stock by class, what the year made of it beside the forecast, and every dwelling with its reason. */
export default function BasePage() {
  const { t, word, number, rate } = useWords();
  const { organisationId } = useActor();
  const client = useQueryClient();
  const [state, setState] = useListState();
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const summary = useQuery({ queryKey: ['base-summary', organisationId], queryFn: () => call(baseSummary) });
  const municipalities = useQuery({
    queryKey: ['municipalities', organisationId],
    queryFn: () => call(listMunicipalities),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (summary.error) return <ProblemPage problem={summary.error} onRetry={() => summary.refetch()} />;
  if (summary.isPending) return <PageSkeleton />;
  const { total, year, can } = summary.data;
  const departments = valuesOf(state, 'department');
  const bars = barsOf(summary.data, departments);
  const shown = bars.reduce((sum, { dwellings }) => sum + dwellings, 0);
  const inBase = bars.find(({ baseClass }) => baseClass === 'in-base')?.dwellings ?? 0;
  const chosen = valuesOf(state, 'baseClass');
  const several = (name: string, options: { value: string; label: string }[], label: string) => (
    <ChoiceChip
      label={label}
      options={options}
      chosen={valuesOf(state, name)}
      onChange={(next) => setState({ ...state, [name]: next })}
    />
  );
  const places = [...new Set(summary.data.classes.map(({ department }) => department))].filter(Boolean).sort();

  const columns: Column<Dwelling>[] = [
    {
      key: 'address',
      title: t('base.dwelling'),
      sort: 'address',
      render: (row) => (
        <TwoLines first={row.address} second={`${row.municipality} · ${row.building ?? row.reference}`} />
      ),
    },
    { key: 'reference', title: t('base.reference'), sort: 'reference', width: 110, render: (row) => row.reference },
    {
      key: 'size',
      title: t('base.size'),
      width: 150,
      render: (row) => (
        <>
          {[row.rooms ? `T${row.rooms}` : null, row.funding].filter(Boolean).join(' · ')}{' '}
          {row.inPriorityArea && <Tag>{t('base.priority-area')}</Tag>}
        </>
      ),
    },
    { key: 'class', title: t('base.class'), width: 190, render: (row) => <ClassTag baseClass={row.baseClass} /> },
    {
      key: 'why',
      title: t('base.because'),
      render: (row) =>
        row.why ? (
          <TwoLines first={row.why} second={row.document ?? word('class-origin', row.by)} />
        ) : (
          <span className="dim">{word('class-origin', row.by)}</span>
        ),
    },
  ];

  return (
    <Page
      title={t('base.title', { count: total, inBase: number(inBase) })}
      context={t('base.context', { share: rate(shown === 0 ? '0' : (inBase / shown).toFixed(4)), year: String(year) })}
      actions={
        <>
          <BaseTabs />
          {can.manage && <Button onClick={() => setAdding(true)}>{t('base.add-rule')}</Button>}
        </>
      }
    >
      <Crumbs title={t('nav.base')} />
      <div className={classes.parts}>
        <Panel
          flush
          title={t('base.by-class', { year: String(year) })}
          aside={
            departments.length > 0
              ? t('base.of-departments', { list: departments.join(', ') })
              : t('base.all-departments')
          }
        >
          <ClassBars
            bars={bars}
            chosen={chosen}
            onChoose={(one) =>
              setState({ ...state, baseClass: chosen.length === 1 && chosen[0] === one ? undefined : [one] })
            }
          />
        </Panel>
        <ListTable<Dwelling>
          list="flow.base-dwellings"
          endpoint={listBaseDwellings}
          columns={columns}
          state={state}
          onState={setState}
          onOpen={(row) => setOpened(row.id)}
          rowKey={(row) => row.id}
          searchLabel={t('base.search')}
          chips={
            <>
              {several(
                'baseClass',
                baseClasses.map((value) => ({ value, label: word('base-class', value) })),
                t('base.class'),
              )}
              {several(
                'department',
                places.map((value) => ({ value, label: value })),
                t('base.department'),
              )}
              {several(
                'municipality',
                (municipalities.data?.items ?? [])
                  .filter(({ department }) => department && places.includes(department))
                  .map((item) => ({ value: item.code, label: item.nameFr })),
                t('base.municipality'),
              )}
              {several(
                'funding',
                ['PLAI', 'PLUS', 'PLS', 'PLI'].map((value) => ({ value, label: value })),
                t('base.funding'),
              )}
            </>
          }
          narrow={(row) => (
            <div className={classes.narrow}>
              <button type="button" className={classes.link} onClick={() => setOpened(row.id)}>
                {row.address}
              </button>
              <div className="dim">
                {row.municipality} · {row.reference}
              </div>
              <div>
                <ClassTag baseClass={row.baseClass} />{' '}
                <span className="dim">{row.why ?? word('class-origin', row.by)}</span>
              </div>
            </div>
          )}
          empty={<Empty title={t('base.empty')}>{t('base.empty-hint')}</Empty>}
        />
      </div>
      <RuleForm
        opened={adding}
        onClose={() => setAdding(false)}
        onDone={() => {
          setAdding(false);
          client.invalidateQueries();
        }}
      />
      <DwellingClass dwellingId={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
