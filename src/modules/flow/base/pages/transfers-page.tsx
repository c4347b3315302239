import { Button, NumberInput, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Facts, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { countTransfers, getTransferGrid, listTransfers, setTransferGrid } from '../contract.ts';
import { transferCriteria } from '../rules/transfer-score.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';

type Item = ReplyOf<typeof listTransfers>['items'][number];
type Grid = ReplyOf<typeof getTransferGrid>;

const criteria = [...transferCriteria, 'waiting-years-most'] as const;

/** Mutations internes: tenants who ask to move, by the points of a common grid, each with its computation (F-21). */
export default function TransfersPage() {
  const { t, day, number } = useWords();
  const { organisationId } = useActor();
  const [state, setState] = useListState();
  const [changing, setChanging] = useState(false);
  const client = useQueryClient();
  const grid = useQuery({ queryKey: ['transfer-grid', organisationId], queryFn: () => call(getTransferGrid) });
  const counting = useMutation({
    mutationFn: () => call(countTransfers),
    onSettled: () => client.invalidateQueries(),
  });
  if (grid.error) return <ProblemPage problem={grid.error} onRetry={() => grid.refetch()} />;
  if (grid.isPending) return <PageSkeleton />;
  const { points, since, grids, today, can } = grid.data;
  const coming = grids.findLast(({ startsOn }) => startsOn > today);
  const columns: Column<Item>[] = [
    { key: 'rank', title: t('transfers.rank'), sort: 'rank', align: 'right', render: (row) => number(row.rank) },
    {
      key: 'household',
      title: t('transfers.household'),
      render: (row) => (
        <TwoLines first={`${row.familyName} ${row.givenName}`} second={row.number} href={`/candidats/${row.id}`} />
      ),
    },
    {
      key: 'points',
      title: t('transfers.points'),
      align: 'right',
      render: (row) => (
        <span className="nowrap">
          <b>{number(row.points)}</b> <Why steps={row.steps as Step[]}>?</Why>
        </span>
      ),
    },
    {
      key: 'dwelling',
      title: t('transfers.lives-in'),
      render: (row) => <TwoLines first={row.address} second={row.municipality} href={`/biens/${row.dwellingId}`} />,
    },
    { key: 'bedrooms', title: t('transfers.bedrooms'), render: (row) => <Bedrooms row={row} /> },
    { key: 'since', title: t('transfers.since'), render: (row) => day(row.registeredOn) },
  ];
  return (
    <Page title={t('transfers.title')} context={t('transfers.context')} actions={<BaseTabs />}>
      <Crumbs
        title={t('transfers.title')}
        path={[{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }]}
      />
      <div className={classes.above}>
        {counting.error && <ProblemAlert problem={counting.error} />}
        <Panel
          title={t('transfers.grid')}
          aside={since ? t('transfers.grid-since', { on: day(since) }) : t('transfers.grid-default')}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
            <Facts facts={criteria.slice(0, 4).map((key) => [t(`transfers.criterion.${key}`), number(points[key])])} />
            <Facts facts={criteria.slice(4).map((key) => [t(`transfers.criterion.${key}`), number(points[key])])} />
          </SimpleGrid>
          {coming && <p className="dim">{t('transfers.grid-coming', { on: day(coming.startsOn) })}</p>}
          {can.manage && (
            <p className={classes.buttons}>
              <Button size="xs" variant="default" onClick={() => setChanging(true)}>
                {t('transfers.change-grid')}
              </Button>
              <QuietButton size="xs" loading={counting.isPending} onClick={() => counting.mutate()}>
                {t('transfers.count-now')}
              </QuietButton>
            </p>
          )}
        </Panel>
      </div>
      <ListTable<Item>
        list="flow.transfers"
        endpoint={listTransfers}
        columns={columns}
        state={state}
        onState={setState}
        rowKey={(row) => row.id}
        narrow={(row) => (
          <div>
            <Link to="/candidats/$id" params={{ id: row.id }} className="strong">
              {row.rank}. {row.familyName} {row.givenName}
            </Link>
            <div className="dim">
              {t('transfers.points')} : {number(row.points)} · {row.address}, {row.municipality} ·{' '}
              {t('transfers.bedrooms-of', { has: row.bedrooms, needed: row.bedroomsNeeded })}
            </div>
          </div>
        )}
        empty={<Empty title={t('transfers.empty')}>{t('transfers.empty-hint')}</Empty>}
      />
      <GridDrawer grid={grid.data} opened={changing} onClose={() => setChanging(false)} />
    </Page>
  );
}

function Bedrooms({ row }: { row: Item }) {
  const { t } = useWords();
  return t('transfers.bedrooms-of', { has: row.bedrooms, needed: row.bedroomsNeeded });
}

function GridDrawer({ grid, opened, onClose }: { grid: Grid; opened: boolean; onClose(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      title={t('transfers.change-grid')}
      submitLabel={t('transfers.save-grid')}
      initial={{ points: grid.points as Record<string, number | string>, startsOn: grid.today as string, reason: '' }}
      submit={({ points, startsOn, reason }, key) =>
        call(setTransferGrid, {
          key,
          body: {
            startsOn,
            reason,
            points: Object.fromEntries(criteria.map((name) => [name, Number(points[name])])) as Grid['points'],
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
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {criteria.map((name) => (
              <NumberInput
                key={name}
                label={t(`transfers.criterion.${name}`)}
                min={0}
                max={100}
                required
                {...form.getInputProps(`points.${name}`)}
              />
            ))}
          </SimpleGrid>
          <DayField label={t('transfers.starts-on')} required min={grid.today} {...form.getInputProps('startsOn')} />
          <Textarea label={t('transfers.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
