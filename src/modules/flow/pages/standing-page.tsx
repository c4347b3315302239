import { Anchor, Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Figures, Page, PageSkeleton, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Trajectory } from '../../../ui/trajectory.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getStanding, listAgreements } from '../contract.ts';
import classes from './standing-page.module.css';
import { TargetBar } from './target-bar.tsx';

type Agreement = ReplyOf<typeof listAgreements>['items'][number];

/** Où en suis-je ? What an agreement gives, what came of it, where the year is going; every figure with its computation. */
export default function StandingPage() {
  const words = useWords();
  const { t, number, day, word } = words;
  const navigate = useNavigate();
  const { convention } = useSearch({ strict: false }) as { convention?: string };
  const [asTable, setAsTable] = useState(false);
  const agreements = useQuery({ queryKey: ['agreements'], queryFn: () => call(listAgreements) });
  const current = agreements.data?.items.find(({ id }) => id === convention) ?? agreements.data?.items[0];
  const standing = useQuery({
    queryKey: ['standing', current?.id],
    queryFn: () => call(getStanding, { params: { id: current!.id } }),
    enabled: current !== undefined,
    refetchInterval: 30_000,
  });
  if (agreements.error ?? standing.error)
    return <ProblemAlert problem={agreements.error ?? standing.error} onRetry={() => standing.refetch()} />;
  if (agreements.isPending) return <PageSkeleton />;
  if (!current) {
    return (
      <Page title={t('nav.standing')}>
        <Crumbs title={t('nav.standing')} />
        <Panel>
          <Empty title={t('standing.none')}>{t('standing.none-hint')}</Empty>
        </Panel>
      </Page>
    );
  }
  if (standing.isPending) return <PageSkeleton />;

  const { agreement, steps, trajectory, projection, today } = standing.data;
  const { figures } = agreement;
  const pace = (new Date(today).getTime() - new Date(`${today.slice(0, 4)}-01-01`).getTime()) / (365 * 86_400_000);
  const labelOf = (item: Agreement) =>
    `${item.landlord} · ${word('contingent', item.contingent)} · ${item.perimeterName}`;

  return (
    <Page
      title={t('standing.title', { landlord: agreement.landlord })}
      context={t('standing.context', {
        reference: agreement.reference,
        share: words.rate(agreement.share),
        scale: agreement.perimeterName,
        on: day(today),
      })}
      actions={
        <>
          {agreements.data.items.length > 1 && (
            <Select
              aria-label={t('standing.choose')}
              data={agreements.data.items.map((item) => ({ value: item.id, label: labelOf(item) }))}
              value={current.id}
              allowDeselect={false}
              searchable
              w={320}
              onChange={(id) => navigate({ to: '.', search: { convention: id } as never })}
            />
          )}
          <Button component={Link} to="/propositions" variant="default">
            {t('nav.proposals')}
          </Button>
        </>
      }
    >
      <Crumbs title={t('nav.standing')} />
      <Figures
        figures={[
          {
            value: number(figures.due),
            label: (
              <>
                {t('standing.due')} <Why steps={steps as Step[]}>?</Why>
              </>
            ),
          },
          { value: figures.proposed, label: t('standing.proposed') },
          { value: figures.attributed, label: t('standing.attributed') },
          { value: figures.leased, label: t('standing.leased') },
          { value: number(Number(figures.proposed) - Number(figures.due)), label: t('standing.gap') },
          {
            value: t('standing.between', { low: projection.low, high: projection.high }),
            label: (
              <>
                {t('standing.projection')} <Why steps={projection.steps as Step[]}>?</Why>
              </>
            ),
          },
        ]}
      />
      <div className={classes.parts}>
        <AsideLayout
          aside={
            <Panel title={t('standing.targets')} aside={t('standing.targets-legend')}>
              <TargetBar
                contractual
                label={agreement.perimeterName}
                done={figures.proposed}
                target={Number(projection.dueAtYearEnd)}
                pace={pace}
              />
              {agreement.targets.map((target) => (
                <TargetBar
                  key={target.criterion + target.value}
                  label={t(`targets.${target.criterion}`, { value: target.value })}
                  done={target.served}
                  target={target.target}
                  pace={pace}
                />
              ))}
              <p className="dim" style={{ marginTop: 8 }}>
                {t('standing.pace-hint')}
              </p>
            </Panel>
          }
        >
          <Panel
            title={t('standing.trajectory')}
            aside={
              <>
                {t('standing.band')} ·{' '}
                <Anchor component="button" type="button" size="sm" onClick={() => setAsTable(!asTable)}>
                  {asTable ? t('standing.as-chart') : t('standing.as-table')}
                </Anchor>
              </>
            }
            flush={asTable}
          >
            {asTable ? (
              <PlainTable
                caption={t('standing.trajectory')}
                rows={trajectory}
                rowKey={(point) => point.on}
                columns={[
                  { title: t('standing.month'), render: (point) => day(point.on) },
                  { title: t('standing.due'), align: 'right', render: (point) => number(point.due) },
                  { title: t('standing.proposed'), align: 'right', render: (point) => point.proposed },
                  { title: t('standing.leased'), align: 'right', render: (point) => point.leased },
                ]}
              />
            ) : (
              <Trajectory
                points={trajectory.map((point) => ({ ...point, due: Number(point.due) }))}
                today={today as LocalDate}
                projection={projection}
                dueAtYearEnd={Number(projection.dueAtYearEnd)}
              />
            )}
          </Panel>
        </AsideLayout>
      </div>
    </Page>
  );
}
