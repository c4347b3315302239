import { Anchor, Button, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Chip } from '../../../../ui/list-table.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { declareRelettings, getRelettings } from '../contract.ts';
import { signed } from './agreement-standing.tsx';
import { RelettingChart } from './relettings-chart.tsx';
import classes from './relettings-page.module.css';
import { SteeringTabs } from './steering-tabs.tsx';
import { Understand } from './understand.tsx';

type Relettings = ReplyOf<typeof getRelettings>;

/** Délais de relocation: days from notice to lease, before and after the flow: it must cost no time (F-48). */
export default function RelettingsPage() {
  const { t, number, day } = useWords();
  const { may, organisationId } = useActor();
  const [state, setState] = useListState();
  const [declaring, setDeclaring] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const department = state.department === undefined ? undefined : String(state.department);
  const query = useQuery({
    queryKey: ['relettings', organisationId, department],
    queryFn: () => call(getRelettings, { query: { department } }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { before, after, quarters, convertedOn, departments } = query.data;
  const days = (value: string | null) =>
    value === null ? t('relettings.unknown') : t('relettings.days', { count: number(value) });
  const change = before.mean !== null && after.mean !== null ? Number(after.mean) - Number(before.mean) : null;
  return (
    <Page
      title={
        change === null
          ? t('relettings.title-plain')
          : t('relettings.title', {
              days: number(Math.abs(change).toFixed(1)),
              side: change > 0 ? 'longer' : change < 0 ? 'shorter' : 'same',
            })
      }
      context={convertedOn ? t('relettings.context', { on: day(convertedOn) }) : t('relettings.context-none')}
      actions={
        <>
          <SteeringTabs />
          {may('flow.manage-steering') && (
            <Button variant="default" onClick={() => setDeclaring(true)}>
              {t('relettings.declare')}
            </Button>
          )}
        </>
      }
    >
      <Crumbs title={t('relettings.tab')} />
      <div className={classes.tools}>
        {departments.map((code) => (
          <Chip
            key={code}
            on={department === code}
            onClick={() => setState({ ...state, department: department === code ? undefined : code })}
          >
            {t('cockpit.department', { code })}
          </Chip>
        ))}
      </div>
      <Figures
        figures={[
          {
            value: days(before.mean),
            label: (
              <>
                {t('relettings.mean-before')} <Why steps={before.steps as Step[]}>?</Why>
              </>
            ),
          },
          {
            value: days(after.mean),
            label: (
              <>
                {t('relettings.mean-after')} <Why steps={after.steps as Step[]}>?</Why>
              </>
            ),
          },
          { value: days(before.median), label: t('relettings.median-before') },
          { value: days(after.median), label: t('relettings.median-after') },
          {
            value: change === null ? '–' : signed((value) => number(value.toFixed(1)), change),
            label: t('relettings.change'),
          },
        ]}
      />
      <div className={classes.parts}>
        <Panel
          title={t('relettings.by-quarter')}
          aside={
            <Anchor component="button" type="button" size="sm" onClick={() => setAsTable(!asTable)}>
              {asTable ? t('standing.as-chart') : t('standing.as-table')}
            </Anchor>
          }
          flush={asTable}
        >
          {quarters.length === 0 ? (
            <Empty title={t('relettings.empty')}>{t('relettings.empty-hint')}</Empty>
          ) : asTable ? (
            <QuarterTable quarters={quarters} />
          ) : (
            <RelettingChart data={query.data} />
          )}
        </Panel>
        <Panel title={t('relettings.by-year')} aside={t('relettings.by-year-hint')} flush>
          <PlainTable
            caption={t('relettings.by-year')}
            rows={query.data.years}
            rowKey={(row) => String(row.year)}
            columns={[
              {
                title: t('relettings.year'),
                render: (row) => (
                  <>
                    <span className="strong">{row.year}</span>{' '}
                    {row.declared && <Tag title={row.declared}>{t('relettings.declared')}</Tag>}
                  </>
                ),
              },
              { title: t('relettings.count'), align: 'right', render: (row) => number(row.relettings) },
              {
                title: t('relettings.mean'),
                align: 'right',
                render: (row) => (
                  <>
                    {row.mean === null ? '–' : number(row.mean)} <Why steps={row.steps as Step[]}>?</Why>
                  </>
                ),
              },
              {
                title: t('relettings.median'),
                align: 'right',
                render: (row) => (row.median === null ? '–' : number(row.median)),
              },
              { title: t('relettings.source'), render: (row) => row.declared ?? t('relettings.counted') },
            ]}
          />
        </Panel>
      </div>
      <Understand topic="relettings" />
      <DeclareForm opened={declaring} onClose={() => setDeclaring(false)} />
    </Page>
  );
}

function QuarterTable({ quarters }: { quarters: Relettings['quarters'] }) {
  const { t, number } = useWords();
  return (
    <PlainTable
      caption={t('relettings.by-quarter')}
      rows={quarters.toReversed()}
      rowKey={(row) => row.from}
      columns={[
        { title: t('relettings.quarter'), render: (row) => quarterName(row.from, t) },
        { title: t('relettings.count'), align: 'right', render: (row) => number(row.relettings) },
        {
          title: t('relettings.mean'),
          align: 'right',
          render: (row) => (
            <>
              {row.mean === null ? '–' : number(row.mean)} <Why steps={row.steps as Step[]}>?</Why>
            </>
          ),
        },
        {
          title: t('relettings.median'),
          align: 'right',
          render: (row) => (row.median === null ? '–' : number(row.median)),
        },
      ]}
    />
  );
}

/** « 1er trim. 2026 » */
export const quarterName = (
  from: string,
  t: (key: string, values?: Record<string, string | number>) => string,
): string => t('relettings.quarter-name', { quarter: (Number(from.slice(5, 7)) + 2) / 3, year: from.slice(0, 4) });

function DeclareForm({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { t } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={() => {
        client.invalidateQueries();
        onClose();
      }}
      title={t('relettings.declare')}
      submitLabel={t('relettings.declare-save')}
      initial={{
        year: (Number(today.slice(0, 4)) - 3) as number | string,
        relettings: '' as number | string,
        mean: '' as number | string,
        median: '' as number | string,
        source: '',
      }}
      submit={(values, key) =>
        call(declareRelettings, {
          key,
          body: {
            year: Number(values.year),
            relettings: Number(values.relettings),
            mean: String(values.mean),
            median: String(values.median),
            source: values.source,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('relettings.declare-hint')}</p>
          <SimpleGrid cols={2}>
            <NumberInput
              label={t('relettings.year')}
              required
              hideControls
              data-autofocus
              {...form.getInputProps('year')}
            />
            <NumberInput
              label={t('relettings.count')}
              required
              hideControls
              min={1}
              {...form.getInputProps('relettings')}
            />
            <NumberInput
              label={t('relettings.mean')}
              required
              hideControls
              min={0}
              decimalScale={1}
              decimalSeparator=","
              {...form.getInputProps('mean')}
            />
            <NumberInput
              label={t('relettings.median')}
              required
              hideControls
              min={0}
              decimalScale={1}
              decimalSeparator=","
              {...form.getInputProps('median')}
            />
          </SimpleGrid>
          <TextInput label={t('relettings.source')} required {...form.getInputProps('source')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
