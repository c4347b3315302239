import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState } from '../../../ui/use-list-state.ts';
import { useWords } from '../../../ui/words.tsx';
import { listVacancies, vacancySummary } from '../contract.ts';
import { sizeOf } from './dwelling-size.ts';
import type { VacancyItem } from './vacancies-page.tsx';

/** The dwellings that wait for an orientation, the longest waiting first. */
export default function ToOrientPage() {
  const { t, day, amount } = useWords();
  const { organisationId } = useActor();
  const [state, setState] = useListState();
  const summary = useQuery({ queryKey: ['vacancy-summary', organisationId], queryFn: () => call(vacancySummary) });
  const columns: Column<VacancyItem>[] = [
    {
      key: 'dwelling',
      title: t('vacancies.dwelling'),
      render: (row) => (
        <TwoLines first={row.address} second={row.municipality} href={`/liberations/${row.id}/orientation`} />
      ),
    },
    {
      key: 'size',
      title: t('proposals.type'),
      render: (row) => [sizeOf(row, t), row.funding].filter(Boolean).join(' · '),
    },
    { key: 'opened', title: t('vacancies.opened'), sort: 'opened', render: (row) => day(row.openedOn) },
    { key: 'free', title: t('vacancies.free-after'), render: (row) => day(row.freeOn) },
    {
      key: 'days',
      title: t('vacancies.void-days'),
      align: 'right',
      render: (row) => row.voidDays ?? <span className="dim">–</span>,
    },
    { key: 'rent', title: t('vacancies.rent'), align: 'right', render: (row) => amount(row.rentCents) },
    {
      key: 'go',
      title: <span className="visually-hidden">{t('vacancies.orient')}</span>,
      align: 'right',
      render: (row) => (
        <Link to="/liberations/$id/orientation" params={{ id: row.id }}>
          {t('vacancies.orient')}
        </Link>
      ),
    },
  ];
  return (
    <Page
      title={summary.data ? t('orientation.list-title', { count: summary.data.toOrient }) : t('nav.orientation')}
      context={t('orientation.list-context')}
      actions={
        <>
          <Button component={Link} to="/orientation/suivi" variant="default">
            {t('orientation.follow-up-link')}
          </Button>
          {summary.data && summary.data.toOrient > 0 && (
            <Button component={Link} to="/orientation/plan">
              {t('orientation.plan-link')}
            </Button>
          )}
        </>
      }
    >
      <Crumbs title={t('nav.orientation')} />
      <ListTable<VacancyItem>
        list="allocation.vacancies"
        endpoint={listVacancies}
        columns={columns}
        state={{ ...state, stage: ['to-orient'] }}
        onState={({ stage: _, ...next }) => setState(next)}
        href={(row) => `/liberations/${row.id}/orientation`}
        rowKey={(row) => row.id}
        narrow={(row) => (
          <div>
            <Link to="/liberations/$id/orientation" params={{ id: row.id }} className="strong">
              {row.address}, {row.municipality}
            </Link>
            <div className="dim">
              {[sizeOf(row, t), row.funding, t('orientation.free-on', { on: day(row.freeOn) })]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
        )}
        empty={<Empty title={t('orientation.list-empty')}>{t('orientation.list-empty-hint')}</Empty>}
      />
    </Page>
  );
}
