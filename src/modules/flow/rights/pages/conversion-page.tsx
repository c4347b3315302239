import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { call, requestContext } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { ExtractMenu } from '../../../../ui/extract-menu.tsx';
import { Chip } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import {
  getConversion,
  listInventories,
  makeConversionNote,
  type ScenarioView,
  setScenarioAside,
} from '../contract.ts';
import { bandStarts, type SegmentCriterion, segmentCriteria, usualCriteria } from '../rules/turnover.ts';
import classes from './conversion-page.module.css';
import { RightsTabs } from './rights-tabs.tsx';
import { RunOffPanel } from './run-off-panel.tsx';
import { ScenarioForm } from './scenario-form.tsx';

type Conversion = ReplyOf<typeof getConversion>;

/** Conversion: what rights on dwellings become in the flow, under as many scenarios as one wants, beside each other. */
export default function ConversionPage() {
  const { t, day, word, language } = useWords();
  const [state, setState] = useListState();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const inventories = useQuery({ queryKey: ['inventories'], queryFn: () => call(listInventories) });
  const own = inventories.data?.items.filter((item) => item.own) ?? [];
  const current = own.find(({ id }) => id === state.inventaire) ?? own[0];
  const criteria = chosenCriteria(state.criteres === undefined ? null : valuesOf(state, 'criteres'));
  const department =
    typeof state.departement === 'string' || typeof state.departement === 'number' ? String(state.departement) : null;
  const query = useQuery({
    queryKey: ['conversion', current?.id, criteria, department],
    queryFn: () =>
      call(getConversion, {
        params: { id: current!.id },
        query: { criteria: criteria.join(','), ...(department ? { department } : {}) },
      }),
    enabled: current !== undefined,
    placeholderData: (previous) => previous,
  });
  const note = useMutation({
    mutationFn: () =>
      call(makeConversionNote, { params: { id: current!.id }, body: { language: language === 'nl' ? 'nl' : 'fr' } }),
    onSuccess: ({ fileId }) => {
      window.open(`/api/v1/files/${fileId}?organisation=${requestContext.organisationId}`, '_blank');
    },
  });
  if (inventories.error ?? query.error)
    return <ProblemPage problem={inventories.error ?? query.error} onRetry={() => query.refetch()} />;
  if (inventories.isPending) return <PageSkeleton />;
  if (!current)
    return (
      <Page title={t('rights.conversion')} actions={<RightsTabs />}>
        <Crumbs title={t('rights.conversion')} />
        <Panel>
          <Empty
            title={t('rights.none-title')}
            action={
              <Button component={Link} to="/etat-des-lieux">
                {t('rights.inventory')}
              </Button>
            }
          >
            {t('rights.none-hint')}
          </Empty>
        </Panel>
      </Page>
    );
  if (query.isPending) return <PageSkeleton />;
  const conversion = query.data;
  const toggle = (criterion: SegmentCriterion) => {
    const next = criteria.includes(criterion) ? criteria.filter((one) => one !== criterion) : [...criteria, criterion];
    setState({ ...state, criteres: next.slice(-3).join(',') || 'aucun' });
  };
  return (
    <Page
      title={t('rights.conversion-title', { on: day(current.convertsOn), count: conversion.scenarios.length })}
      context={t('rights.conversion-context')}
      actions={
        <>
          {own.length > 1 && (
            <Select
              aria-label={t('rights.choose')}
              data={own.map((item) => ({ value: item.id, label: day(item.convertsOn) }))}
              value={current.id}
              allowDeselect={false}
              w={140}
              onChange={(inventaire) => navigate({ to: '.', search: { inventaire } as never })}
            />
          )}
          <RightsTabs />
          <ExtractMenu list="flow.conversion-scenarios" filters={{ inventory: current.id }} />
          {conversion.scenarios.length > 0 && (
            <Button variant="default" size="xs" loading={note.isPending} onClick={() => note.mutate()}>
              {t('rights.make-note')}
            </Button>
          )}
          <Button onClick={() => setAdding(true)}>{t('rights.try')}</Button>
        </>
      }
    >
      <Crumbs
        title={t('rights.conversion')}
        path={[{ label: 'inventory', link: <Link to="/etat-des-lieux">{t('rights.inventory')}</Link> }]}
      />
      <ProblemAlert problem={note.error} />
      <div className={classes.stack}>
        <Panel
          title={t('rights.turnover')}
          aside={
            <span className={classes.tools}>
              <Select
                size="xs"
                aria-label={t('rights.department')}
                w={150}
                clearable
                placeholder={t('rights.all-departments')}
                data={conversion.departments}
                value={department}
                onChange={(departement) => setState({ ...state, departement: departement ?? undefined })}
              />
              {segmentCriteria.map((criterion) => (
                <Chip key={criterion} on={criteria.includes(criterion)} onClick={() => toggle(criterion)}>
                  {word('segment-criterion', criterion)}
                </Chip>
              ))}
            </span>
          }
          flush
        >
          <Turnover conversion={conversion} criteria={criteria} />
        </Panel>
        <Panel title={t('rights.scenarios')} aside={t('rights.scenarios-hint')} flush>
          {conversion.scenarios.length === 0 ? (
            <Empty
              title={t('rights.no-scenario')}
              action={<Button onClick={() => setAdding(true)}>{t('rights.try')}</Button>}
            >
              {t('rights.no-scenario-hint')}
            </Empty>
          ) : (
            <Scenarios scenarios={conversion.scenarios} />
          )}
        </Panel>
        {conversion.scenarios.length > 0 && <RunOffPanel scenarios={conversion.scenarios} />}
      </div>
      <ScenarioForm
        conversion={conversion}
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

/** What the address says the stock is cut by; département and size until one chooses. */
function chosenCriteria(asked: string[] | null): SegmentCriterion[] {
  if (asked === null) return [...usualCriteria];
  return segmentCriteria.filter((criterion) => asked.includes(criterion)).slice(0, 3);
}

/** The diagnosis: what was freed, of how many, year by year; its mean is the turnover of the segment. */
function Turnover({ conversion, criteria }: { conversion: Conversion; criteria: SegmentCriterion[] }) {
  const name = useSegmentName();
  const { t, rate, number } = useWords();
  const { segments, whole, years } = conversion;
  if (!whole) return <Empty title={t('rights.no-turnover')}>{t('rights.no-turnover-hint')}</Empty>;
  const shown = criteria.length === 0 ? [] : segments.filter(({ dwellings }) => (dwellings.at(-1) ?? 0) > 0);
  const highest = Math.max(...[...shown, whole].map((segment) => Number(segment.rate ?? 0)), 0.0001);
  return (
    <div className={classes.turnover}>
      <PlainTable
        caption={t('rights.turnover')}
        rows={[whole, ...shown]}
        rowKey={({ key }) => key.join('|') || 'whole'}
        highlight={({ key }) => key.length === 0}
        columns={[
          {
            title: t('rights.segment'),
            render: (segment) => (
              <>
                <span className="strong">
                  {segment.key.length === 0 ? t('rights.whole') : name(segment.key, criteria)}
                </span>{' '}
                {segment.small && segment.key.length > 0 && <Tag tone="amber">{t('rights.small-segment')}</Tag>}
              </>
            ),
          },
          { title: t('rights.dwellings'), align: 'right', render: ({ dwellings }) => number(dwellings.at(-1) ?? 0) },
          ...years.map((year, index) => ({
            title: t('rights.freed-in', { year: String(year) }),
            align: 'right' as const,
            render: ({ freed }: (typeof shown)[number]) => freed[index],
          })),
          {
            title: t('rights.rate'),
            width: '24%',
            render: (segment) => (
              <span className={classes.rate}>
                <span className={classes.track} aria-hidden>
                  <i style={{ width: `${(Number(segment.rate ?? 0) / highest) * 100}%` }} />
                </span>
                <span className="num">{segment.rate ? rate(Number(segment.rate).toFixed(4)) : '–'}</span>
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}

const centsPerMetre = bandStarts.rent.map((cents) => cents / 100);

/** Where a band begins and ends, for its sentence; `band` tells the first and the last apart. */
const bandOf = (starts: readonly number[], band: number) => ({
  band: band === 0 ? 'first' : band === starts.length ? 'last' : 'between',
  from: starts[band - 1] ?? 0,
  to: starts[band] ?? 0,
});

function useSegmentName() {
  const { t, word } = useWords();
  return (key: string[], criteria: SegmentCriterion[]): string =>
    key
      .map((place, index) => {
        switch (criteria[index]) {
          case 'rooms':
            return t('rights.rooms-band', { band: place.replace('1-2', 'T1–T2').replace(/^(\d)/, 'T$1') });
          case 'priority-area':
            return t(place === 'in' ? 'rights.in-area' : 'rights.outside-area');
          case 'area':
            return t('rights.area-band', bandOf(bandStarts.area, Number(place)));
          case 'rent':
            return t('rights.rent-band', bandOf(centsPerMetre, Number(place)));
          case 'contingent':
            return word('contingent', place);
          default:
            return place;
        }
      })
      .join(' · ');
}

/** Columns are scenarios, rows are holders: the dwellings of a year first, then what they come from. */
function Scenarios({ scenarios }: { scenarios: readonly ScenarioView[] }) {
  const words = useWords();
  const { t, word, rate, number, day } = words;
  const client = useQueryClient();
  const aside = useMutation({
    mutationFn: (id: string) => call(setScenarioAside, { params: { id } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const rows = new Map(
    scenarios.flatMap(({ parties }) =>
      parties.map(({ id, name, contingent }) => [id, { id, name, contingent }] as const),
    ),
  );
  return (
    <>
      <ProblemAlert problem={aside.error} />
      <Scrolled label={t('rights.scenarios')}>
        <table className={classes.table}>
          <caption className="visually-hidden">{t('rights.scenarios')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('rights.holder')}</th>
              {scenarios.map((scenario) => (
                <th key={scenario.id} scope="col" className={classes.scenario}>
                  <div className={classes.name}>{scenario.name}</div>
                  <div className={classes.details}>
                    {[
                      word('share-method', scenario.parameters.share),
                      scenario.department ?? t('rights.whole'),
                      t('rights.rate-of', { rate: rate(Number(scenario.turnover).toFixed(4)) }),
                      t('rights.base-of', { count: scenario.base }),
                    ].join(' · ')}
                  </div>
                  <div className={classes.details}>
                    {t('rights.kept-by', { name: scenario.createdBy, on: day(scenario.createdOn) })}{' '}
                    <Why steps={scenario.steps as Step[]} />
                    <QuietButton size="compact-xs" px={4} onClick={() => aside.mutate(scenario.id)}>
                      {t('rights.set-aside')}
                    </QuietButton>
                  </div>
                  {scenario.aboveGuarantees && <Tag tone="amber">{t('rights.above-guarantees')}</Tag>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...rows.values()].map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.name}
                  <span className={classes.details}>{word('contingent', row.contingent)}</span>
                </th>
                {scenarios.map((scenario) => {
                  const party = scenario.parties.find(({ id }) => id === row.id);
                  if (!party) return <td key={scenario.id}>–</td>;
                  const difference = Number(party.difference);
                  return (
                    <td key={scenario.id}>
                      <div className={classes.figure}>
                        <b>{party.yearly}</b> <span>{t('rights.a-year')}</span>
                        <span className={classes.share}>{rate(Number(party.share).toFixed(4))}</span>
                        <Tag tone={difference <= -1 ? 'red' : difference >= 1 ? 'green' : 'neutral'}>
                          {`${difference > 0 ? '+' : ''}${number(difference.toFixed(1))}`}
                        </Tag>
                        {party.small && <Tag tone="violet">{t('rights.small')}</Tag>}
                        <Why steps={party.steps as Step[]} />
                      </div>
                      <div className={classes.details}>
                        {t('rights.from', {
                          before: number(Number(party.before).toFixed(2)),
                          volume: number(Number(party.volume).toFixed(2)),
                          reserved: party.reserved,
                        })}
                      </div>
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr className={classes.own}>
              <th scope="row">{word('contingent', 'own')}</th>
              {scenarios.map(({ id, unreserved }) => (
                <td key={id}>
                  <div className={classes.figure}>
                    <b>{unreserved.yearly}</b> <span>{t('rights.a-year')}</span>
                    <span className={classes.share}>{rate(Number(unreserved.share).toFixed(4))}</span>
                  </div>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </Scrolled>
    </>
  );
}
