import { Button, Select, Slider, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type PhaseOut, simulatePoints } from '../contract.ts';
import { CountingTabs } from './counting-tabs.tsx';
import classes from './simulator-page.module.css';

type Simulation = ReplyOf<typeof simulatePoints>;
type Row = Simulation['rows'][number];

const scopes = ['agreement', 'department', 'municipality'] as const;
const bases = ['lease-signed', 'committee-decision'] as const;

/** What each way of counting would have given each party on the events of a year: by the rule that counts. */
export default function SimulatorPage() {
  const { t, word, number } = useWords();
  const { today, organisationId } = useActor();
  const thisYear = Number(today.slice(0, 4));
  const [choice, setChoice] = useState({
    year: thisYear - 1,
    wp: 30,
    cap: 100,
    capScope: 'agreement' as PhaseOut['capScope'],
    basis: 'lease-signed' as PhaseOut['basis'],
  });
  const [asked] = useDebouncedValue(choice, 200);
  const query = useQuery({
    queryKey: ['simulation', asked],
    queryFn: () => call(simulatePoints, { query: asked }),
    placeholderData: keepPreviousData,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { rows, bindsBeyond, year } = query.data;
  const choices = (list: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(list, value) }));
  const csv = new URLSearchParams({
    ...Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, String(value)])),
  });
  const title = t('points.simulator');
  return (
    <Page
      title={title}
      context={t('points.simulator-context', { year: String(year) })}
      actions={
        <>
          <CountingTabs />
          <Button
            component="a"
            variant="default"
            href={`/api/v1/flow/simulation/table?${csv}&organisation=${organisationId}`}
            download
          >
            {t('points.csv')}
          </Button>
        </>
      }
    >
      <Crumbs title={title} />
      <Stack gap={14}>
        <Panel>
          <div className={classes.choices}>
            <Percent
              label={t('points.wp')}
              value={choice.wp}
              step={5}
              onChange={(wp) => setChoice({ ...choice, wp })}
            />
            <Percent
              label={t('points.cap')}
              value={choice.cap}
              step={10}
              onChange={(cap) => setChoice({ ...choice, cap })}
            />
            <Select
              label={t('points.cap-scope')}
              data={choices('cap-scope', scopes)}
              allowDeselect={false}
              value={choice.capScope}
              onChange={(capScope) => setChoice({ ...choice, capScope: capScope as PhaseOut['capScope'] })}
            />
            <Select
              label={t('points.basis')}
              data={choices('counting-basis', bases)}
              allowDeselect={false}
              value={choice.basis}
              onChange={(basis) => setChoice({ ...choice, basis: basis as PhaseOut['basis'] })}
            />
            <Select
              label={t('points.year')}
              data={[thisYear, thisYear - 1, thisYear - 2].map(String)}
              allowDeselect={false}
              value={String(choice.year)}
              onChange={(chosen) => setChoice({ ...choice, year: Number(chosen) })}
            />
          </div>
          <p className="dim" style={{ marginTop: 10 }} aria-live="polite">
            {bindsBeyond === null ? t('points.binds-never') : t('points.binds-beyond', { ratio: number(bindsBeyond) })}
          </p>
        </Panel>
        <Panel flush>
          {rows.length === 0 ? (
            <Empty title={t('points.simulator-none', { year: String(year) })}>{t('points.simulator-none-hint')}</Empty>
          ) : (
            <Results rows={rows} title={title} />
          )}
        </Panel>
      </Stack>
    </Page>
  );
}

function Results({ rows, title }: { rows: Row[]; title: string }) {
  const { t, word, number, fixed, rate } = useWords();
  const { organisationKind } = useActor();
  const isLandlord = organisationKind === 'landlord';
  return (
    <PlainTable
      caption={title}
      rows={rows}
      rowKey={(row) => row.agreementId}
      columns={[
        {
          title: t(isLandlord ? 'points.holder' : 'points.landlord'),
          width: 240,
          render: (row) => (
            <>
              {isLandlord ? row.holder : row.landlord}
              <br />
              <span className="dim">
                {row.perimeterName} · {word('contingent', row.contingent)}
              </span>
            </>
          ),
        },
        { title: t('points.due'), align: 'right', render: (row) => fixed(row.due) },
        { title: t('points.proposals'), align: 'right', render: (row) => row.proposals },
        { title: t('points.attributions'), align: 'right', render: (row) => row.attributions },
        ...rows[0]!.scenarios.map(({ name }, index) => ({
          title: word('scenario', name),
          align: 'right' as const,
          render: (row: Row) => {
            const { total, attainment, pending, steps } = row.scenarios[index]!;
            return (
              <span className={classes.cell}>
                <strong>{fixed(total)}</strong> <Why steps={steps as Step[]}>?</Why>
                <br />
                <span className="dim">
                  {attainment === null ? '–' : rate(attainment)}
                  {Number(pending) > 0 && (
                    <>
                      <br />
                      {number(pending)} {t('points.pending')}
                    </>
                  )}
                </span>
              </span>
            );
          },
        })),
      ]}
    />
  );
}

/** A slider of whole per cents, with its value in words for those who do not see it. */
function Percent({
  label,
  value,
  step,
  onChange,
}: {
  label: string;
  value: number;
  step: number;
  onChange(value: number): void;
}) {
  return (
    <div className={classes.slider}>
      <span className={classes.name}>
        {label} · {value} %
      </span>
      <Slider
        min={0}
        max={100}
        step={step}
        value={value}
        onChange={onChange}
        thumbLabel={label}
        label={(shown) => `${shown} %`}
        marks={[
          { value: 0, label: '0' },
          { value: 50, label: '50' },
          { value: 100, label: '100' },
        ]}
      />
    </div>
  );
}
