import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, type ListState, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { Ribbon, RibbonAxis, RibbonLegend, ribbonScale } from '../../../ui/ribbon.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listVacancies, vacancySummary } from '../contract.ts';
import { stages } from '../rules/stage.ts';
import { sizeOf } from './dwelling-size.ts';
import { StageTag, useNextStep } from './stage-tag.tsx';
import classes from './vacancies-page.module.css';
import { VacancyBoard } from './vacancy-board.tsx';

export type VacancyItem = ReplyOf<typeof listVacancies>['items'][number];

/** Libérations: every dwelling on its road from notice to lease, what it costs, what comes next. */
export default function VacanciesPage() {
  const words = useWords();
  const { t, cents, amount, rate, word } = words;
  const { today, organisationId, jurisdiction } = useActor();
  const [state, setState] = useListState();
  const next = useNextStep();
  const summary = useQuery({ queryKey: ['vacancy-summary', organisationId], queryFn: () => call(vacancySummary) });
  const scale = ribbonScale(today);
  const figures = summary.data;
  const only = (value: string) => setState({ ...state, only: state.only === value ? undefined : value });
  const board = state.view === 'board';

  const columns: Column<VacancyItem>[] = [
    {
      key: 'dwelling',
      title: t('vacancies.dwelling'),
      render: (row) => (
        <TwoLines
          first={row.address}
          second={`${sizeOf(row, t)} · ${row.municipality}`}
          href={`/liberations/${row.id}`}
        />
      ),
    },
    {
      key: 'stage',
      title: t('vacancies.stage'),
      width: 150,
      render: (row) => <StageTag stage={row.stage} late={row.nextDueOn !== null && row.nextDueOn < today} />,
    },
    {
      key: 'next',
      title: t('vacancies.next-step'),
      sort: 'due',
      width: 172,
      render: (row) => (
        <span className={row.nextDueOn && row.nextDueOn < today ? classes.late : undefined}>
          {next(row.nextDueWhat, row.nextDueOn)}
        </span>
      ),
    },
    ...(jurisdiction === 'fr-idf'
      ? [
          {
            key: 'holder',
            title: t('vacancies.holder'),
            width: 136,
            render: (row: VacancyItem) => <span className={classes.holder}>{row.holder ?? '–'}</span>,
          },
        ]
      : []),
    {
      key: 'opened',
      title: t('vacancies.opened'),
      sort: 'opened',
      width: 96,
      hidden: true,
      render: (row) => words.day(row.openedOn),
    },
    {
      key: 'days',
      title: t('vacancies.void-days'),
      align: 'right',
      width: 78,
      render: (row) => row.voidDays ?? <span className="dim">–</span>,
    },
    {
      key: 'cost',
      title: t('vacancies.per-day'),
      align: 'right',
      width: 70,
      render: (row) => (row.voidDays ? amount(row.dailyCostCents) : <span className="dim">–</span>),
    },
    {
      key: 'rent',
      title: t('vacancies.rent'),
      align: 'right',
      width: 90,
      hidden: true,
      render: (row) => amount(row.rentCents),
    },
    {
      key: 'ribbon',
      title: (
        <>
          <span className="visually-hidden">{t('vacancies.ribbon')}</span>
          <RibbonAxis scale={scale} />
        </>
      ),
      name: t('vacancies.ribbon'),
      width: '27%',
      render: (row) => <Ribbon segments={row.ribbon} scale={scale} />,
    },
  ];

  return (
    <Page
      title={figures ? t('vacancies.title', { count: figures.open }) : t('nav.vacancies')}
      context={
        figures && (
          <>
            {t('vacancies.context', {
              void: figures.void,
              cost: cents(figures.dailyCostCents),
              rate: rate(figures.rate),
              threshold: rate(figures.threshold),
            })}{' '}
            <Why steps={figures.steps as Step[]} />
          </>
        )
      }
      actions={
        <SegmentedControl
          size="xs"
          value={board ? 'board' : 'list'}
          onChange={(value) => setState({ ...state, view: value === 'board' ? 'board' : undefined })}
          data={[
            { value: 'list', label: t('vacancies.as-list') },
            { value: 'board', label: t('vacancies.as-board') },
          ]}
        />
      }
    >
      <Crumbs title={t('nav.vacancies')} />
      {board ? (
        <VacancyBoard />
      ) : (
        <ListTable<VacancyItem>
          list="allocation.vacancies"
          endpoint={listVacancies}
          columns={columns}
          state={withoutView(state)}
          onState={setState}
          defaultOrder="desc"
          href={(row) => `/liberations/${row.id}`}
          rowKey={(row) => row.id}
          searchLabel={t('vacancies.search')}
          chips={
            <>
              <Chip on={state.only === 'to-do'} onClick={() => only('to-do')} count={figures?.toDo}>
                {t('vacancies.to-do')}
              </Chip>
              <Chip on={state.only === 'void'} onClick={() => only('void')} count={figures?.void}>
                {t('vacancies.void')}
              </Chip>
              <Chip on={state.only === 'notice'} onClick={() => only('notice')} count={figures?.notice}>
                {t('vacancies.notice')}
              </Chip>
              <Chip on={state.only === 'late'} onClick={() => only('late')} count={figures?.late}>
                {t('vacancies.late')}
              </Chip>
              <ChoiceChip
                label={t('vacancies.stage')}
                options={stages.map((stage) => ({ value: stage, label: word('stage', stage) }))}
                chosen={valuesOf(state, 'stage')}
                onChange={(stage) => setState({ ...state, stage })}
              />
              <Chip
                on={String(state.closed) === 'true'}
                onClick={() => setState({ ...state, closed: state.closed ? undefined : true })}
              >
                {t('vacancies.closed')}
              </Chip>
            </>
          }
          narrow={(row) => (
            <div className={classes.narrow}>
              <Link to="/liberations/$id" params={{ id: row.id }} className={classes.title}>
                {row.address}
              </Link>
              <div className="dim">
                {sizeOf(row, t)} · {row.municipality}
              </div>
              <div className={classes.line}>
                <StageTag stage={row.stage} late={row.nextDueOn !== null && row.nextDueOn < today} />
                <span>{next(row.nextDueWhat, row.nextDueOn)}</span>
              </div>
              <Ribbon segments={row.ribbon} scale={ribbonScale(today, 45, 45)} />
              {row.voidDays !== null && (
                <div className="dim">
                  {t('vacancies.void-since', { days: row.voidDays, cost: cents(row.dailyCostCents) })}
                </div>
              )}
            </div>
          )}
          empty={<Empty title={t('vacancies.empty')}>{t('vacancies.empty-hint')}</Empty>}
          footer={
            <RibbonLegend
              kinds={
                jurisdiction === 'fr-idf'
                  ? undefined
                  : ['notice', 'works', 'orientation', 'committee', 'offer', 'lease', 'late']
              }
            />
          }
        />
      )}
    </Page>
  );
}

/** The board is a way of looking, not a filter. */
function withoutView({ view: _, ...state }: ListState): ListState {
  return state;
}
