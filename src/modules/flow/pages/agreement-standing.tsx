import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { AsideLayout, Figures, Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Trajectory } from '../../../ui/trajectory.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { getStanding } from '../contract.ts';
import classes from './agreement-standing.module.css';
import { TargetBar } from './target-bar.tsx';

/** What an agreement gives, what came of it, where the year is going: the same for the landlord and for the holder. */
export function AgreementStanding({ standing }: { standing: ReplyOf<typeof getStanding> }) {
  const { t, number, fixed, day } = useWords();
  const [asTable, setAsTable] = useState(false);
  const { agreement, steps, trajectory, projection, today } = standing;
  const { figures } = agreement;
  const pace = (new Date(today).getTime() - new Date(`${today.slice(0, 4)}-01-01`).getTime()) / (365 * 86_400_000);
  return (
    <>
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
                  { title: t('standing.due'), align: 'right', render: (point) => fixed(point.due) },
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
    </>
  );
}
