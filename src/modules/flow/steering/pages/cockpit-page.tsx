import { Button, Drawer, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { QueryInputOf, ReplyOf } from '../../../../kernel/endpoint.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { ExtractMenu } from '../../../../ui/extract-menu.tsx';
import { Chip, type ListState } from '../../../../ui/list-table.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { builtPeriods, getCockpit } from '../contract.ts';
import { type DuePart, gapOf } from '../rules/gap.ts';
import { ActionForm, type Drift } from './action-form.tsx';
import { signed } from './agreement-standing.tsx';
import { CellDetail } from './cell-detail.tsx';
import { CockpitAlerts } from './cockpit-alerts.tsx';
import classes from './cockpit-page.module.css';
import { SteeringTabs } from './steering-tabs.tsx';
import { Understand } from './understand.tsx';

export type Cockpit = ReplyOf<typeof getCockpit>;
export type CockpitRow = Cockpit['rows'][number];
type Place = Cockpit['places'][number];

/** What is looked at: one municipality of one holder, or all of its own at once. */
export type Cell = {
  row: CockpitRow;
  place: Place | null;
  agreementId: string;
  parts: DuePart[];
  proposed: number;
  attributed: number;
  leased: number;
};

export const measures = ['gap', 'due', 'proposed', 'leased'] as const;
export type Measure = (typeof measures)[number];

/** Marks beside the tints: the heat is read without colour. */
export const marks = { 'far-behind': '▼▼', behind: '▼', within: '', ahead: '▲', 'far-ahead': '▲▲' } as const;

/** Flux: every holder in every municipality, how far from what is due, and what needs a look. */
export default function CockpitPage() {
  const words = useWords();
  const { t, number, day } = words;
  const { may, organisationId, today } = useActor();
  const [state, setState] = useListState();
  const [cell, setCell] = useState<Cell | null>(null);
  const [drift, setDrift] = useState<Drift | null>(null);
  const query = filtersOf(state);
  const cockpit = useQuery({
    queryKey: ['cockpit', organisationId, query],
    queryFn: () => call(getCockpit, { query }),
    placeholderData: (previous) => previous,
    refetchInterval: 60_000,
  });
  if (cockpit.error) return <ProblemPage problem={cockpit.error} onRetry={() => cockpit.refetch()} />;
  if (cockpit.isPending) return <PageSkeleton />;
  const { data } = cockpit;
  const department = String(state.department ?? busiestOf(data));
  const places = data.places.filter((place) => department === everywhere || place.department === department);
  const departments = [...new Set(data.places.map((place) => place.department))].sort();
  const measure = measures.find((one) => one === state.measure) ?? 'gap';
  const seen = new Set(places.map(({ code }) => code));
  const inSight = data.rows.flatMap((row) => row.cells.filter(({ municipality }) => seen.has(municipality)));
  const totals = gapOf({
    parts: joined(inSight.map(({ parts }) => parts)),
    proposed: inSight.reduce((sum, one) => sum + one.proposed, 0),
    tolerance: data.tolerance,
  });
  const own = data.own.filter(({ municipality }) => seen.has(municipality));
  const off = data.alerts.filter(({ kind }) => kind === 'off-band').length;
  const freed = places.reduce((sum, place) => sum + place.freed, 0);
  const year = yearOf(today);

  return (
    <Page
      title={t('cockpit.title', { count: off })}
      context={t('cockpit.context', { from: day(data.from), to: day(data.to), count: data.tolerance })}
      actions={
        <>
          <SteeringTabs />
          <ExtractMenu
            list="flow.counted"
            filters={{ ...query, department: department === everywhere ? undefined : department }}
          />
        </>
      }
    >
      <Crumbs title={t('nav.steering')} />
      <div className={classes.tools}>
        {departments.map((code) => (
          <Chip
            key={code}
            on={department === code}
            onClick={() => setState({ ...state, department: department === code ? everywhere : code })}
          >
            {t('cockpit.department', { code })}
          </Chip>
        ))}
        <Chip on={department === everywhere} onClick={() => setState({ ...state, department: everywhere })}>
          {t('cockpit.everywhere')}
        </Chip>
        <CriterionSelect state={state} onState={setState} />
        <Select
          size="xs"
          w={96}
          aria-label={t('cockpit.year')}
          data={[year, year - 1, year - 2].map(String)}
          value={String(state.year ?? year)}
          allowDeselect={false}
          onChange={(value) => setState({ ...state, year: value === String(year) ? undefined : value })}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('cockpit.measure')}
          value={measure}
          onChange={(value) => setState({ ...state, measure: value === 'gap' ? undefined : value })}
          data={measures.map((value) => ({ value, label: t(`cockpit.measure-${value}`) }))}
        />
      </div>
      <Figures
        figures={[
          { value: number(freed), label: t('cockpit.freed') },
          {
            value: number(totals.result.due),
            label: (
              <>
                {t('cockpit.due')} <Why steps={totals.steps as Step[]}>?</Why>
              </>
            ),
          },
          { value: inSight.reduce((sum, one) => sum + one.proposed, 0), label: t('cockpit.proposed') },
          { value: inSight.reduce((sum, one) => sum + one.leased, 0), label: t('cockpit.leased') },
          { value: signed(words.fixed, Number(totals.result.gap)), label: t('cockpit.gap') },
          {
            value: own.reduce((sum, one) => sum + one.proposed, 0),
            label: t('cockpit.kept', { due: number(sumOf(own.map(({ due }) => due))) }),
          },
        ]}
      />
      <div className={classes.parts}>
        <Panel title={t('cockpit.matrix')} aside={<Legend />} flush>
          {places.length === 0 ? (
            <Empty title={t('cockpit.empty')}>{t('cockpit.empty-hint')}</Empty>
          ) : (
            <Matrix data={data} places={places} measure={measure} onOpen={setCell} />
          )}
        </Panel>
        <CockpitAlerts alerts={data.alerts} onAct={may('flow.manage-steering') ? setDrift : undefined} />
      </div>
      <Understand topic="cockpit" />
      <Drawer
        opened={cell !== null}
        onClose={() => setCell(null)}
        size={620}
        title={cell && `${cell.row.holder} · ${cell.place?.name ?? t('cockpit.all-places')}`}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {cell && (
          <CellDetail
            cell={cell}
            filters={{ ...query, ...(department === everywhere ? {} : { department }) }}
            tolerance={data.tolerance}
            action={
              may('flow.manage-steering') && (
                <Button
                  onClick={() => {
                    setDrift(driftOf(cell, data, t('cockpit.all-places')));
                    setCell(null);
                  }}
                >
                  {t('actions.decide')}
                </Button>
              )
            }
          />
        )}
      </Drawer>
      <ActionForm drift={drift} onClose={() => setDrift(null)} />
    </Page>
  );
}

function Legend() {
  const { t } = useWords();
  return (
    <span className={classes.legend}>
      {(['far-behind', 'behind', 'within', 'ahead', 'far-ahead'] as const).map((level) => (
        <span key={level}>
          <i className={`${classes.swatch} ${classes[level]}`} aria-hidden>
            {marks[level]}
          </i>
          {t(`cockpit.level-${level}`)}
        </span>
      ))}
    </span>
  );
}

function Matrix({
  data,
  places,
  measure,
  onOpen,
}: {
  data: Cockpit;
  places: readonly Place[];
  measure: Measure;
  onOpen(cell: Cell): void;
}) {
  const { t, number, word } = useWords();
  const seen = new Set(places.map(({ code }) => code));
  const rows = data.rows
    .map((row) => ({ row, cells: row.cells.filter(({ municipality }) => seen.has(municipality)) }))
    .filter(({ cells }) => cells.length > 0);
  return (
    <Scrolled label={t('cockpit.matrix')}>
      <table className={classes.matrix}>
        <caption className="visually-hidden">{t('cockpit.matrix')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('cockpit.holder')}</th>
            <th scope="col" className={classes.number}>
              {t('cockpit.total')}
            </th>
            {places.map((place) => (
              <th key={place.code} scope="col" className={classes.place}>
                <span>{place.name}</span>
                <small>{t('cockpit.freed-here', { count: place.freed })}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, cells }) => (
            <tr key={row.holderId + row.contingent}>
              <th scope="row">
                <span className="strong">{row.holder}</span>
                <small>
                  <span aria-hidden>{row.scale === 'municipality' ? '■' : '□'}</span>{' '}
                  {word('contingent', row.contingent)}
                </small>
              </th>
              <td>
                <CellButton
                  cell={{
                    row,
                    place: null,
                    agreementId: cells[0]!.agreementId,
                    parts: joined(cells.map(({ parts }) => parts)),
                    proposed: sum(cells, 'proposed'),
                    attributed: sum(cells, 'attributed'),
                    leased: sum(cells, 'leased'),
                  }}
                  measure={measure}
                  tolerance={data.tolerance}
                  onOpen={onOpen}
                />
              </td>
              {places.map((place) => {
                const cell = cells.find(({ municipality }) => municipality === place.code);
                return (
                  <td key={place.code}>
                    {cell && (
                      <CellButton
                        cell={{ row, place, ...cell }}
                        measure={measure}
                        tolerance={data.tolerance}
                        onOpen={onOpen}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
          <tr className={classes.own}>
            <th scope="row">
              <span className="strong">{t('cockpit.own')}</span>
              <small>{t('cockpit.own-hint')}</small>
            </th>
            <td className={classes.plain}>
              {number(places.reduce((total, place) => total + (ownAt(data, place)?.proposed ?? 0), 0))}
              <small>{number(sumOf(places.map((place) => ownAt(data, place)?.due ?? '0')))}</small>
            </td>
            {places.map((place) => (
              <td key={place.code} className={classes.plain}>
                {number(ownAt(data, place)?.proposed ?? 0)}
                <small>{number(ownAt(data, place)?.due ?? 0)}</small>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </Scrolled>
  );
}

/** A cell of the matrix: the measure asked, what it is made of below, its level by tint and by mark. */
function CellButton({
  cell,
  measure,
  tolerance,
  onOpen,
}: {
  cell: Cell;
  measure: Measure;
  tolerance: number;
  onOpen(cell: Cell): void;
}) {
  const { t, number, fixed } = useWords();
  const { result } = gapOf({ parts: cell.parts, proposed: cell.proposed, tolerance });
  const gap = signed(fixed, Number(result.gap));
  const value = { gap, due: fixed(result.due), proposed: number(cell.proposed), leased: number(cell.leased) }[measure];
  return (
    <button type="button" className={`${classes.cell} ${classes[result.level]}`} onClick={() => onOpen(cell)}>
      <span className="visually-hidden">
        {t('cockpit.cell', {
          holder: cell.row.holder,
          place: cell.place?.name ?? t('cockpit.all-places'),
          proposed: cell.proposed,
          due: fixed(result.due),
          leased: cell.leased,
          gap,
          level: t(`cockpit.level-${result.level}`),
        })}
      </span>
      <b aria-hidden>
        {marks[result.level] && `${marks[result.level]} `}
        {value}
      </b>
      <small aria-hidden>{t('cockpit.of-due', { proposed: cell.proposed, due: number(result.due) })}</small>
    </button>
  );
}

/** One size, one funding, one kind of place, one period: chosen from one field. */
function CriterionSelect({ state, onState }: { state: ListState; onState(next: ListState): void }) {
  const { t } = useWords();
  const chosen = state.criterion ? `${state.criterion}:${state.value}` : null;
  return (
    <Select
      size="xs"
      w={176}
      clearable
      aria-label={t('cockpit.criterion')}
      placeholder={t('cockpit.criterion')}
      value={chosen}
      data={[
        {
          group: t('cockpit.rooms'),
          items: [1, 2, 3, 4, 5, 6].map((rooms) => ({ value: `rooms:${rooms}`, label: `T${rooms}` })),
        },
        {
          group: t('cockpit.funding'),
          items: ['PLAI', 'PLUS', 'PLS', 'PLI'].map((funding) => ({ value: `funding:${funding}`, label: funding })),
        },
        {
          group: t('cockpit.area'),
          items: ['in', 'out'].map((value) => ({
            value: `priority-area:${value}`,
            label: t('targets.priority-area', { value }),
          })),
        },
        {
          group: t('cockpit.built'),
          items: builtPeriods.map((value) => ({ value: `built:${value}`, label: t(`cockpit.built-${value}`) })),
        },
      ]}
      onChange={(next) => {
        const [criterion, value] = next?.split(':') ?? [];
        onState({ ...state, criterion, value });
      }}
    />
  );
}

/** The choice of all départements, in the address. */
const everywhere = 'tous';

/** Where most was freed: what one looks at first. */
function busiestOf({ places }: Cockpit): string {
  const freed = new Map<string, number>();
  for (const place of places) freed.set(place.department, (freed.get(place.department) ?? 0) + place.freed);
  return [...freed].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? everywhere;
}

const filtersOf = ({ year, criterion, value }: ListState): QueryInputOf<typeof getCockpit> =>
  ({ year, criterion, value }) as QueryInputOf<typeof getCockpit>;

const ownAt = (data: Cockpit, place: Place) => data.own.find(({ municipality }) => municipality === place.code);

const sum = <Key extends string>(rows: readonly Record<Key, number>[], key: Key): number =>
  rows.reduce((total, row) => total + row[key], 0);

/** Sums of two decimals, for a label; the exact one is behind « Pourquoi ». */
const sumOf = (values: readonly string[]): number => values.reduce((total, value) => total + Number(value), 0);

/** Vacancies of several places, put together by share: one line of the computation a share. */
function joined(all: readonly DuePart[][]): DuePart[] {
  const byShare = new Map<string, number>();
  for (const { share, freed } of all.flat()) byShare.set(share, (byShare.get(share) ?? 0) + freed);
  return [...byShare].map(([share, freed]) => ({ share, freed }));
}

/** What an action keeps of a cell: the figures of the day. */
function driftOf(cell: Cell, data: Cockpit, everywhere: string): Drift {
  const { result } = gapOf({ parts: cell.parts, proposed: cell.proposed, tolerance: data.tolerance });
  return {
    agreementId: cell.agreementId,
    drift: {
      contingent: cell.row.contingent,
      holder: cell.row.holder,
      place: cell.place?.name ?? everywhere,
      due: result.due,
      proposed: cell.proposed,
      leased: cell.leased,
      gap: result.gap,
      on: data.to,
    },
  };
}
