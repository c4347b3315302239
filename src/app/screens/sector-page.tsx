import { useQuery } from '@tanstack/react-query';
import { subsidyVacancyThreshold } from '../../regulation/scales/allocation.ts';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel } from '../../ui/parts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { ProblemPage } from '../../ui/problem-page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.tsx';
import { sector } from '../workspace/contract.ts';
import classes from './sector-page.module.css';

/** Secteur: the figures of the organisations one watches over. Nobody's name, nobody's address. */
export default function SectorPage() {
  const { t, number, rate, word, day, fixed } = useWords();
  const { jurisdiction } = useActor();
  const query = useQuery({ queryKey: ['sector'], queryFn: () => call(sector) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { organisations, today } = query.data;
  const total = (pick: (organisation: (typeof organisations)[number]) => number) =>
    organisations.reduce((sum, organisation) => sum + pick(organisation), 0);
  const flows = organisations.flatMap((organisation) =>
    organisation.flows.map((flow) => ({
      ...flow,
      organisation: organisation.name,
      key: `${organisation.id}${flow.department}${flow.contingent}`,
    })),
  );
  return (
    <Page title={t('sector.title', { count: organisations.length })} context={t('sector.context', { on: day(today) })}>
      <Crumbs title={t('nav.sector')} />
      {organisations.length === 0 ? (
        <Panel>
          <Empty title={t('sector.empty')}>{t('sector.empty-hint')}</Empty>
        </Panel>
      ) : (
        <div className={classes.parts}>
          <Figures
            figures={[
              { value: number(total(({ dwellings }) => dwellings)), label: t('sector.dwellings') },
              { value: number(total(({ voids }) => voids)), label: t('sector.voids') },
              { value: number(total(({ underNotice }) => underNotice)), label: t('sector.under-notice') },
              ...(jurisdiction === 'be-bru'
                ? [{ value: number(total(({ applications }) => applications)), label: t('sector.applications') }]
                : []),
              { value: number(total(({ leasesThisYear }) => leasesThisYear)), label: t('sector.leases') },
              { value: number(total(({ late }) => late)), label: t('sector.late') },
            ]}
          />
          <Panel title={t('sector.by-organisation')} flush>
            <PlainTable
              caption={t('sector.by-organisation')}
              rows={organisations}
              rowKey={(row) => row.id}
              columns={[
                { title: t('sector.organisation'), render: (row) => <span className="strong">{row.name}</span> },
                { title: t('sector.dwellings'), align: 'right', render: (row) => number(row.dwellings) },
                {
                  title: t('sector.municipalities'),
                  align: 'right',
                  render: (row) => Object.keys(row.municipalities).length,
                },
                { title: t('sector.voids'), align: 'right', render: (row) => number(row.voids) },
                {
                  title: t('sector.rate'),
                  align: 'right',
                  render: (row) =>
                    Number(row.vacancyRate) > subsidyVacancyThreshold.value ? (
                      <Tag tone="red">{rate(row.vacancyRate)}</Tag>
                    ) : (
                      rate(row.vacancyRate)
                    ),
                },
                { title: t('sector.under-notice'), align: 'right', render: (row) => number(row.underNotice) },
                { title: t('sector.open'), align: 'right', render: (row) => number(row.vacanciesOpen) },
                { title: t('sector.late'), align: 'right', render: (row) => number(row.late) },
                ...(jurisdiction === 'be-bru'
                  ? [
                      {
                        title: t('sector.applications'),
                        align: 'right' as const,
                        render: (row: (typeof organisations)[number]) => number(row.applications),
                      },
                    ]
                  : []),
                { title: t('sector.leases'), align: 'right', render: (row) => number(row.leasesThisYear) },
              ]}
            />
          </Panel>
          {flows.length > 0 && (
            <Panel title={t('sector.flows')} aside={t('sector.flows-hint')} flush>
              <PlainTable
                caption={t('sector.flows')}
                rows={flows}
                rowKey={(row) => row.key}
                columns={[
                  { title: t('sector.organisation'), render: (row) => row.organisation },
                  { title: t('sector.department'), render: (row) => row.department },
                  {
                    title: t('sector.contingent'),
                    render: (row) => <span className="strong">{word('contingent', row.contingent)}</span>,
                  },
                  {
                    title: t('sector.share'),
                    align: 'right',
                    render: (row) => (row.share === null ? '–' : rate(row.share)),
                  },
                  { title: t('sector.due'), align: 'right', render: (row) => fixed(row.due) },
                  { title: t('sector.proposed'), align: 'right', render: (row) => row.proposed },
                  {
                    title: t('sector.gap'),
                    align: 'right',
                    render: (row) =>
                      row.proposed - row.due < -1 ? (
                        <Tag tone="red">{fixed(row.proposed - row.due)}</Tag>
                      ) : (
                        fixed(row.proposed - row.due)
                      ),
                  },
                  { title: t('sector.attributed'), align: 'right', render: (row) => row.attributed },
                  { title: t('sector.leased'), align: 'right', render: (row) => row.leased },
                ]}
              />
            </Panel>
          )}
        </div>
      )}
    </Page>
  );
}
