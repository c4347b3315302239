import { Button, NumberInput, Select, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { type PlainColumn, PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { askRehousing, getRehousing, rehousingCategory, rehousingState } from '../contract.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';

type Rehousing = ReplyOf<typeof getRehousing>;
type Row = Rehousing['rows'][number];
type Asked = Rehousing['asked'][number];

const tones: Record<Asked['state'], Tone> = { proposed: 'blue', decided: 'green', withdrawn: 'neutral' };

/** Relogement: what the State asks of each landlord, what is forecast and done, beside its share of the stock (F-11, F-12). */
export default function RehousingPage() {
  const { t, number } = useWords();
  const { organisationId, organisationKind, today } = useActor();
  const [state, setState] = useListState();
  const [asking, setAsking] = useState<Row | null>(null);
  const current = yearOf(today);
  const year = Number(state.year ?? current);
  const query = useQuery({
    queryKey: ['rehousing', organisationId, year],
    queryFn: () => call(getRehousing, { query: { year } }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { rows, departments, asked, can } = query.data;
  const isLandlord = organisationKind === 'landlord';
  const done = departments.reduce((sum, { total }) => sum + total, 0);
  return (
    <Page
      title={
        isLandlord
          ? t('rehousing.asked-title', { count: asked.filter((one) => one.current).length, year: String(year) })
          : t('rehousing.page-title', { count: done, from: String(year - 2), until: String(year) })
      }
      context={t(isLandlord ? 'rehousing.asked-context' : 'rehousing.context')}
      actions={
        <>
          <BaseTabs />
          <Select
            size="sm"
            w={96}
            aria-label={t('base.year')}
            data={[current + 1, current, current - 1, current - 2].map(String)}
            value={String(year)}
            allowDeselect={false}
            onChange={(value) => setState({ ...state, year: value === String(current) ? undefined : value })}
          />
        </>
      }
    >
      <Crumbs
        title={t('rehousing.title')}
        {...(isLandlord ? { path: [{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }] } : {})}
      />
      <div className={classes.parts}>
        {!isLandlord && rows.length === 0 && (
          <Panel>
            <Empty title={t('rehousing.empty')}>{t('rehousing.empty-hint')}</Empty>
          </Panel>
        )}
        {rows.length > 0 && (
          <Panel flush title={t('rehousing.by-landlord')} aside={t('rehousing.by-landlord-hint')}>
            <PlainTable
              caption={t('rehousing.by-landlord')}
              rows={rows}
              rowKey={(row) => row.landlordId + row.department}
              columns={[
                {
                  title: t('base.landlord'),
                  render: (row) => (
                    <>
                      <span className="strong">{row.landlord}</span>
                      <div className="dim">{row.department}</div>
                    </>
                  ),
                },
                { title: t('rehousing.stock-share'), align: 'right', render: (row) => <Share row={row} of="stock" /> },
                {
                  title: t('rehousing.asked'),
                  align: 'right',
                  render: (row) => (
                    <>
                      {row.asked === null ? '–' : number(row.asked)}
                      {row.proposed !== null && (
                        <div className="dim nowrap">
                          {number(row.proposed)} {t('values.rehousing-state.proposed')}
                        </div>
                      )}
                    </>
                  ),
                },
                {
                  title: t('rehousing.forecast'),
                  align: 'right',
                  render: (row) => (row.forecast === null ? '–' : number(row.forecast)),
                },
                ...[year - 2, year - 1, year].map((one, index) => ({
                  title: String(one),
                  align: 'right' as const,
                  render: (row: Row) => number(row.done[index]?.lettings ?? 0),
                })),
                { title: t('rehousing.done-share'), align: 'right', render: (row) => <Share row={row} of="done" /> },
                { title: t('rehousing.balance'), align: 'right', render: (row) => <Balance row={row} /> },
                { title: t('rehousing.mutations'), align: 'right', render: (row) => number(row.mutations) },
                ...(can.ask && year >= current
                  ? [
                      {
                        title: <span className="visually-hidden">{t('rehousing.ask')}</span>,
                        align: 'right' as const,
                        render: (row: Row) => (
                          <Button
                            variant="subtle"
                            size="compact-xs"
                            aria-label={t('rehousing.ask-to', { landlord: `${row.landlord}, ${row.department}` })}
                            onClick={() => setAsking(row)}
                          >
                            {t('rehousing.ask')}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          </Panel>
        )}
        {departments.length > 1 && (
          <Panel flush title={t('rehousing.by-department')} aside={t('rehousing.by-department-hint')}>
            <PlainTable
              caption={t('rehousing.by-department')}
              rows={departments}
              rowKey={(row) => row.department}
              columns={[
                { title: t('base.department'), render: (row) => <span className="strong">{row.department}</span> },
                { title: t('rehousing.stock-share'), align: 'right', render: (row) => <Share row={row} of="stock" /> },
                { title: t('rehousing.total'), align: 'right', render: (row) => number(row.total) },
                { title: t('rehousing.done-share'), align: 'right', render: (row) => <Share row={row} of="done" /> },
                { title: t('rehousing.balance'), align: 'right', render: (row) => <Balance row={row} /> },
              ]}
            />
          </Panel>
        )}
        <History asked={asked} showLandlord={!isLandlord} />
      </div>
      <AskDrawer row={asking} year={year} onClose={() => setAsking(null)} />
    </Page>
  );
}

function Share({ row, of }: { row: Pick<Row, 'contribution'>; of: 'stock' | 'done' }) {
  const { rate } = useWords();
  return rate(of === 'stock' ? row.contribution.stockShare : row.contribution.doneShare);
}

function Balance({ row }: { row: Pick<Row, 'contribution'> }) {
  const { number } = useWords();
  const { balance, steps } = row.contribution;
  const gap = Number(balance);
  const written = `${gap > 0 ? '+' : gap < 0 ? '−' : ''}${number(Math.abs(gap))}`;
  return (
    <span className="nowrap">
      {gap < 0 ? <Tag tone="amber">{written}</Tag> : written} <Why steps={steps as Step[]}>?</Why>
    </span>
  );
}

/** Everything that was asked, with who said it and why; what was replaced stays readable. */
function History({ asked, showLandlord }: { asked: readonly Asked[]; showLandlord: boolean }) {
  const { t, number, day, word } = useWords();
  const columns: PlainColumn<Asked>[] = [
    {
      title: showLandlord ? t('base.landlord') : t('base.department'),
      render: (one) => (
        <>
          <span className="strong">{showLandlord ? one.landlord : one.department}</span>
          {showLandlord && <div className="dim">{one.department}</div>}
        </>
      ),
    },
    { title: t('rehousing.category'), render: (one) => word('base-class', one.category) },
    { title: t('rehousing.target'), align: 'right', render: (one) => number(one.target) },
    {
      title: t('base.state'),
      render: (one) => (
        <>
          <Tag tone={one.current ? tones[one.state] : 'neutral'}>{word('rehousing-state', one.state)}</Tag>
          {!one.current && <div className="dim">{t('rehousing.replaced')}</div>}
        </>
      ),
    },
    {
      title: t('base.decided-on'),
      render: (one) => (
        <>
          <span className="nowrap">{day(one.decidedOn)}</span>
          <div className="dim">{t('rehousing.said', { authority: one.authority, by: one.by })}</div>
        </>
      ),
    },
    { title: t('base.reason'), render: (one) => one.reason },
  ];
  if (asked.length === 0 && showLandlord) return null;
  return (
    <Panel flush={asked.length > 0} title={t('rehousing.history')}>
      {asked.length === 0 ? (
        <Empty title={t('rehousing.nothing-asked')}>{t('rehousing.nothing-asked-hint')}</Empty>
      ) : (
        <PlainTable caption={t('rehousing.history')} rows={[...asked]} rowKey={(one) => one.id} columns={columns} />
      )}
    </Panel>
  );
}

function AskDrawer({ row, year, onClose }: { row: Row | null; year: number; onClose(): void }) {
  const { t, word } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  return (
    <FormDrawer
      opened={row !== null}
      onClose={onClose}
      title={row ? t('rehousing.ask-of', { landlord: `${row.landlord}, ${row.department}` }) : ''}
      submitLabel={t('rehousing.save')}
      initial={{
        category: 'urban-renewal' as string,
        state: 'proposed' as string,
        target: (row?.asked ?? '') as number | string,
        decidedOn: today as string,
        reason: '',
      }}
      submit={({ category, state, target, ...values }, key) =>
        call(askRehousing, {
          key,
          body: {
            ...values,
            landlordId: row!.landlordId,
            department: row!.department,
            year,
            category: category as 'condominium',
            state: state as 'decided',
            target: state === 'withdrawn' ? 0 : Number(target),
          },
        })
      }
      onDone={() => {
        onClose();
        client.invalidateQueries();
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('rehousing.ask-hint')}</p>
          <Select
            label={t('rehousing.category')}
            data={rehousingCategory.options.map((value) => ({ value, label: word('base-class', value) }))}
            allowDeselect={false}
            {...form.getInputProps('category')}
          />
          <SimpleGrid cols={2}>
            <Select
              label={t('rehousing.state')}
              data={rehousingState.options.map((value) => ({ value, label: word('rehousing-state', value) }))}
              allowDeselect={false}
              {...form.getInputProps('state')}
            />
            <NumberInput
              label={t('rehousing.target')}
              min={0}
              required={form.values.state !== 'withdrawn'}
              disabled={form.values.state === 'withdrawn'}
              {...form.getInputProps('target')}
            />
          </SimpleGrid>
          <DayField label={t('base.decided-on')} required max={today} {...form.getInputProps('decidedOn')} />
          <Textarea label={t('base.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
