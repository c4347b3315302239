import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Facts, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { outsideReport } from '../contract.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';
import { ClassTag } from './class-tag.tsx';

/** Contingents a household let to outside the base may have been eligible to. */
const eligibilities = ['state-priority', 'state-staff', 'action-logement', 'municipality'];

/** Bilan hors assiette: lettings the law takes out of the flow, the publics they served, the contingents these could have had. */
export default function OutsidePage() {
  const { t, number, word } = useWords();
  const { organisationId, organisationKind, today } = useActor();
  const navigate = useNavigate();
  const { annee } = useSearch({ strict: false }) as { annee?: number };
  const year = annee ?? Number(today.slice(0, 4));
  const query = useQuery({
    queryKey: ['outside-report', organisationId, year],
    queryFn: () => call(outsideReport, { query: { year } }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { rows, publics, mutations, total } = query.data;
  const isLandlord = organisationKind === 'landlord';
  const thisYear = Number(today.slice(0, 4));
  return (
    <Page
      title={t('base.outside-title', { count: total, year: String(year) })}
      context={t('base.outside-context')}
      actions={
        <>
          <BaseTabs />
          <Select
            aria-label={t('base.year')}
            w={100}
            data={[0, 1, 2, 3].map((back) => String(thisYear - back))}
            value={String(year)}
            allowDeselect={false}
            onChange={(next) => navigate({ to: '.', search: { annee: Number(next) } as never })}
          />
        </>
      }
    >
      <Crumbs
        title={t('base.outside')}
        {...(isLandlord ? { path: [{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }] } : {})}
      />
      {total === 0 ? (
        <Panel>
          <Empty title={t('base.no-outside')}>{t('base.no-outside-hint')}</Empty>
        </Panel>
      ) : (
        <AsideLayout
          aside={
            <>
              <Panel title={t('base.publics')}>
                <Facts
                  facts={publics.map(({ group, lettings }) => [t(`values.outside-public.${group}`), number(lettings)])}
                />
              </Panel>
              <Panel title={t('base.eligibility-unknown')}>
                <Facts
                  facts={eligibilities.map((contingent) => [
                    word('contingent', contingent),
                    number(rows.reduce((sum, row) => sum + (row.unknown[contingent] ?? 0), 0)),
                  ])}
                />
                <p className={classes.lines}>
                  <span className="dim">{t('base.eligibility-unknown-hint')}</span>
                </p>
              </Panel>
              {isLandlord && (
                <Panel title={t('base.mutations')}>
                  <Facts
                    facts={[
                      [t('base.mutations-used'), number(mutations.used)],
                      [t('base.mutations-freed'), number(mutations.freed)],
                    ]}
                  />
                  <p className={classes.lines}>
                    <span className="dim">{t('base.mutations-hint')}</span>
                  </p>
                </Panel>
              )}
            </>
          }
        >
          <Panel flush title={t('base.by-category')} aside={t('base.without-names')}>
            <PlainTable
              caption={t('base.by-category')}
              rows={rows}
              rowKey={(row) => `${row.landlord}${row.department}${row.category}`}
              columns={[
                ...(isLandlord
                  ? []
                  : [{ title: t('base.landlord'), render: (row: (typeof rows)[number]) => row.landlord }]),
                { title: t('base.department'), render: (row) => row.department },
                { title: t('base.class'), render: (row) => <ClassTag baseClass={row.category} /> },
                { title: t('base.lettings'), align: 'right', render: (row) => number(row.lettings) },
                { title: t('base.persons'), align: 'right', render: (row) => number(row.persons) },
                { title: t('base.first-quartile'), align: 'right', render: (row) => number(row.firstQuartile) },
                { title: t('base.in-priority-area'), align: 'right', render: (row) => number(row.inPriorityArea) },
                {
                  title: t('base.eligible'),
                  render: (row) => <ByContingent counts={row.eligible} none={t('base.nobody-eligible')} />,
                },
              ]}
            />
          </Panel>
        </AsideLayout>
      )}
    </Page>
  );
}

/** Lettings by contingent, those that have none left out. */
function ByContingent({ counts, none }: { counts: Record<string, number>; none: string }) {
  const { number, word } = useWords();
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return <span className="dim">{none}</span>;
  return found.map(([contingent, count]) => (
    <div key={contingent} className="nowrap">
      {word('contingent', contingent)} <b>{number(count)}</b>
    </div>
  ));
}
