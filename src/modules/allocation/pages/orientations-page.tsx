import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { AsideLayout, Empty, Figures, Page, PageSkeleton, Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useListState } from '../../../ui/use-list-state.ts';
import { useWords } from '../../../ui/words.tsx';
import { listOrientations, orientationStatistics } from '../contract.ts';
import classes from './orientation-plan-page.module.css';

type Item = ReplyOf<typeof listOrientations>['items'][number];
type Statistics = ReplyOf<typeof orientationStatistics>;

/** How often the suggestion was followed, and why it was not: by month and by holder, never by officer. */
export default function OrientationsPage() {
  const { t, day, rate, word } = useWords();
  const { organisationId } = useActor();
  const [state, setState] = useListState();
  const statistics = useQuery({
    queryKey: ['orientation-statistics', organisationId],
    queryFn: () => call(orientationStatistics),
  });
  if (statistics.error) return <ProblemPage problem={statistics.error} />;
  if (statistics.isPending) return <PageSkeleton />;

  const { decided, followed, months, parties, reasons, roles, planned } = statistics.data;
  const nameOf = (name: string | null) => name ?? t('orientation.own');
  const share = (part: number, of: number) => (of === 0 ? '–' : rate(String(Math.round((100 * part) / of) / 100)));
  const toggle = (value: string) => setState({ ...state, followed: state.followed === value ? undefined : value });
  const columns: Column<Item>[] = [
    {
      key: 'dwelling',
      title: t('orientation-plan.dwelling'),
      render: (row) => (
        <TwoLines first={row.address} second={row.municipality} href={`/liberations/${row.vacancyId}`} />
      ),
    },
    { key: 'decided', title: t('orientations.on'), sort: 'decided', render: (row) => day(row.decidedOn) },
    { key: 'suggested', title: t('orientations.suggested'), render: (row) => nameOf(row.suggested) },
    {
      key: 'chosen',
      title: t('orientations.chosen'),
      render: (row) =>
        row.followed ? <Tag tone="green">{t('orientations.as-suggested')}</Tag> : <strong>{nameOf(row.chosen)}</strong>,
    },
    {
      key: 'reason',
      title: t('orientations.reason'),
      render: (row) => row.reason ?? <span className="dim">–</span>,
    },
  ];
  return (
    <Page title={t('orientations.title')} context={t('orientations.context')}>
      <Crumbs
        title={t('orientations.crumb')}
        path={[{ label: 'list', link: <Link to="/orientation">{t('nav.orientation')}</Link> }]}
      />
      <div className={classes.blocks}>
        <Figures
          figures={[
            { value: decided, label: t('orientations.decided') },
            { value: share(followed, decided), label: t('orientations.followed') },
            { value: decided - followed, label: t('orientations.overridden') },
            { value: planned, label: t('orientations.planned') },
          ]}
        />
        <AsideLayout
          aside={
            <Panel title={t('orientations.reasons')} flush={reasons.length > 0}>
              {reasons.length === 0 ? (
                <p className="dim">{t('orientations.no-reason')}</p>
              ) : (
                <PlainTable<Statistics['reasons'][number]>
                  caption={t('orientations.reasons')}
                  rows={reasons}
                  rowKey={(row) => row.reason}
                  columns={[
                    { title: t('orientations.reason'), render: (row) => row.reason },
                    { title: t('orientations.count'), align: 'right', render: (row) => row.count },
                  ]}
                />
              )}
            </Panel>
          }
        >
          <Panel title={t('orientations.parties')} flush>
            <PlainTable<Statistics['parties'][number]>
              caption={t('orientations.parties')}
              rows={parties}
              rowKey={(row) => row.name ?? 'own'}
              columns={[
                { title: t('orientation.party'), render: (row) => nameOf(row.name) },
                { title: t('orientations.suggested'), align: 'right', render: (row) => row.suggested },
                { title: t('orientations.left'), align: 'right', render: (row) => row.left },
                { title: t('orientations.preferred'), align: 'right', render: (row) => row.preferred },
                {
                  title: t('orientations.rate'),
                  align: 'right',
                  render: (row) => share(row.suggested - row.left, row.suggested),
                },
              ]}
            />
          </Panel>
          <Panel title={t('orientations.roles')} flush>
            <PlainTable<Statistics['roles'][number]>
              caption={t('orientations.roles')}
              rows={roles}
              rowKey={(row) => row.role}
              columns={[
                { title: t('orientations.role'), render: (row) => word('role', row.role) },
                { title: t('orientations.decided-head'), align: 'right', render: (row) => row.decided },
                {
                  title: t('orientations.overridden-head'),
                  align: 'right',
                  render: (row) => row.decided - row.followed,
                },
                { title: t('orientations.rate'), align: 'right', render: (row) => share(row.followed, row.decided) },
              ]}
            />
          </Panel>
          <Panel title={t('orientations.months')} flush>
            <PlainTable<Statistics['months'][number]>
              caption={t('orientations.months')}
              rows={months}
              rowKey={(row) => row.month}
              columns={[
                { title: t('orientations.month'), render: (row) => day(`${row.month}-01`).slice(3) },
                { title: t('orientations.decided-head'), align: 'right', render: (row) => row.decided },
                {
                  title: t('orientations.overridden-head'),
                  align: 'right',
                  render: (row) => row.decided - row.followed,
                },
                { title: t('orientations.rate'), align: 'right', render: (row) => share(row.followed, row.decided) },
              ]}
            />
          </Panel>
        </AsideLayout>
      </div>
      <ListTable<Item>
        list="allocation.orientations"
        endpoint={listOrientations}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        href={(row) => `/liberations/${row.vacancyId}`}
        rowKey={(row) => row.id}
        chips={
          <>
            <Chip on={state.followed === 'false'} onClick={() => toggle('false')}>
              {t('orientations.only-overridden')}
            </Chip>
            <Chip on={state.followed === 'true'} onClick={() => toggle('true')}>
              {t('orientations.only-followed')}
            </Chip>
          </>
        }
        narrow={(row) => (
          <div>
            <Link to="/liberations/$id" params={{ id: row.vacancyId }} className="strong">
              {row.address}, {row.municipality}
            </Link>
            <div className="dim">
              {[day(row.decidedOn), nameOf(row.followed ? row.suggested : row.chosen), row.reason]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
        )}
        empty={<Empty title={t('orientations.empty')}>{t('orientations.empty-hint')}</Empty>}
      />
    </Page>
  );
}
