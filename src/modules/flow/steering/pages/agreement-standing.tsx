import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';
import { AsideLayout, Figures, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Trajectory } from '../../../../ui/trajectory.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { GuaranteePanel } from '../../points/pages/guarantee-panel.tsx';
import { PointsPanel } from '../../points/pages/points-panel.tsx';
import type { getStanding } from '../contract.ts';
import { ActionTag } from './action-tag.tsx';
import classes from './agreement-standing.module.css';
import { PendingProposals } from './pending-proposals.tsx';
import { TargetBar } from './target-bar.tsx';

/** What an agreement gives, what came of it, where the year is going: the same for the landlord and for the holder. */
export function AgreementStanding({ standing }: { standing: ReplyOf<typeof getStanding> }) {
  const { t, number, fixed, day } = useWords();
  const [asTable, setAsTable] = useState(false);
  const { agreement, steps, trajectory, projection, tolerance, today } = standing;
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
          {
            value: signed(fixed, Number(figures.proposed) - Number(figures.due)),
            label: (
              <>
                {t('standing.gap')} <Why steps={steps as Step[]}>?</Why>
              </>
            ),
          },
          ...(standing.credited === null
            ? []
            : [
                {
                  value: standing.credited,
                  label: (
                    <>
                      {t('standing.credited')} <Why steps={creditSteps(standing.credited)}>?</Why>
                    </>
                  ),
                },
              ]),
          { value: standing.pending.length, label: t('standing.pending-figure') },
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
              {agreement.targets.map((target) =>
                target.target === null ? (
                  <p key={target.criterion + target.value} style={{ marginBottom: 12 }}>
                    <span aria-hidden>□</span> {t('standing.in-words', { words: target.value })}
                  </p>
                ) : (
                  <TargetBar
                    key={target.criterion + target.value}
                    label={t(`targets.${target.criterion}`, { value: target.label ?? target.value })}
                    done={target.served}
                    target={target.target}
                    pace={pace}
                  />
                ),
              )}
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
                {t('standing.band', { count: tolerance })} ·{' '}
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
                tolerance={tolerance}
              />
            )}
          </Panel>
        </AsideLayout>
      </div>
      <div className={classes.parts}>
        <PointsPanel agreementId={agreement.id} />
      </div>
      <div className={classes.parts}>
        <GuaranteePanel agreementId={agreement.id} />
      </div>
      <div className={classes.parts}>
        <PendingProposals pending={standing.pending} today={today} />
      </div>
      {standing.exchanges.length > 0 && (
        <div className={classes.parts}>
          <ExchangesOfAgreement exchanges={standing.exchanges} />
        </div>
      )}
      {standing.actions.length > 0 && (
        <div className={classes.parts}>
          <ActionsOfAgreement actions={standing.actions} />
        </div>
      )}
    </>
  );
}

/** Dwellings given to another holder or received from one: the phase says which of both makes points. */
function ExchangesOfAgreement({ exchanges }: { exchanges: ReplyOf<typeof getStanding>['exchanges'] }) {
  const { t, day } = useWords();
  return (
    <Panel title={t('exchange.title')} aside={t('exchange.counts-hint')} flush>
      <PlainTable
        caption={t('exchange.title')}
        rows={exchanges}
        rowKey={(exchange) => exchange.id}
        columns={[
          { title: t('exchange.day'), render: (exchange) => day(exchange.on) },
          {
            title: t('exchange.side'),
            render: (exchange) =>
              t(exchange.given ? 'exchange.given-to' : 'exchange.received-from', { name: exchange.other }),
          },
          {
            title: t('exchange.dwelling'),
            render: (exchange) =>
              [exchange.rooms && `T${exchange.rooms}`, exchange.municipality].filter(Boolean).join(' · '),
          },
          { title: t('exchange.note'), render: (exchange) => <span className="dim">{exchange.note}</span> },
        ]}
      />
    </Panel>
  );
}

/** Lettings outside the base that may be credited afterwards stand beside the account: they change nothing in it (L-70). */
const creditSteps = (credited: number): Step[] => [
  {
    label: 'gap.credited',
    result: { unit: 'count', value: credited },
    source: unverified('Atelier du 8 octobre 2020, DRIHL', '§ 1-4'),
  },
];

/** What was decided about the agreement when it drifted. */
function ActionsOfAgreement({ actions }: { actions: ReplyOf<typeof getStanding>['actions'] }) {
  const { t, day } = useWords();
  return (
    <Panel title={t('actions.of-agreement')} flush>
      <PlainTable
        caption={t('actions.of-agreement')}
        rows={actions}
        rowKey={(action) => action.id}
        columns={[
          {
            title: t('actions.action'),
            render: (action) => (
              <Link className="strong" to="/flux/actions" search={{ action: action.id } as never}>
                {action.title}
              </Link>
            ),
          },
          { title: t('actions.owner'), render: (action) => action.owner },
          { title: t('actions.due'), render: (action) => day(action.dueOn) },
          { title: t('actions.state'), render: (action) => <ActionTag state={action.state} /> },
        ]}
      />
    </Panel>
  );
}

/** « +0,40 », « −2,00 »: a gap always says its side. */
export const signed = (write: (value: number) => string, gap: number): string =>
  `${gap > 0 ? '+' : gap < 0 ? '−' : ''}${write(Math.abs(gap))}`;
