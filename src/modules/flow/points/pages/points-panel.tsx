import { Anchor, SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Figures, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { getPoints } from '../contract.ts';
import { usePhaseWords } from './phase-lines.tsx';
import classes from './points-panel.module.css';

type Points = ReplyOf<typeof getPoints>;

/** The points of an agreement: what proposals and attributions give, what counts, what waits, each with its computation. */
export function PointsPanel({ agreementId }: { agreementId: string }) {
  const { t } = useWords();
  const { today } = useActor();
  const thisYear = Number(today.slice(0, 4));
  const [year, setYear] = useState(thisYear);
  const query = useQuery({
    queryKey: ['points', agreementId, year],
    queryFn: () => call(getPoints, { params: { id: agreementId }, query: { year } }),
  });
  const years = (
    <SegmentedControl
      size="xs"
      aria-label={t('points.year')}
      data={[String(thisYear - 1), String(thisYear)]}
      value={String(year)}
      onChange={(chosen) => setYear(Number(chosen))}
    />
  );
  return (
    <Panel title={t('points.title', { year })} aside={years}>
      {query.error ? (
        <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
      ) : query.isPending ? (
        <Skeleton height={120} aria-busy="true" />
      ) : (
        <PointsOfYear points={query.data} />
      )}
    </Panel>
  );
}

function PointsOfYear({ points }: { points: Points }) {
  const { t, number, rate, day } = useWords();
  const phase = usePhaseWords();
  const figure = (value: ReactNode, label: string, steps: unknown) => ({
    value,
    label: (
      <>
        {label} <Why steps={steps as Step[]}>?</Why>
      </>
    ),
  });
  return (
    <>
      <Figures
        figures={[
          figure(number(points.total), t('points.total'), points.why.total),
          figure(points.attainment === null ? '–' : rate(points.attainment), t('points.attained'), points.why.total),
          figure(number(points.attributed), t('points.attributed'), points.why.attributed),
          figure(number(points.proposed), t('points.proposed'), points.why.proposed),
          figure(number(points.counted), t('points.counted'), points.why.counted),
          figure(number(points.pending), t('points.pending'), points.why.counted),
        ]}
      />
      <PointsBar points={points} />
      <div className={classes.notes}>
        {points.phase && <p>{phase(points.phase)}</p>}
        {points.unproposed > 0 && <p>{t('points.unproposed', { count: points.unproposed })}</p>}
        {Number(points.pending) > 0 && <p className="dim">{t('points.pending-hint')}</p>}
        {points.adjustments.map((adjustment) => (
          <p key={adjustment.year}>
            <strong>
              {t('points.adjustment', { year: String(adjustment.year) })} {Number(adjustment.points) > 0 ? '+' : ''}
              {number(adjustment.points)}
            </strong>{' '}
            <span className="dim">{t('points.adjustment-hint', { year: String(adjustment.year) })}</span>
          </p>
        ))}
        {points.carriedGap && (
          <p>
            <strong>
              {t('points.carried-gap')} {Number(points.carriedGap.gap) > 0 ? '+' : ''}
              {number(points.carriedGap.gap)}
            </strong>{' '}
            <Why steps={points.carriedGap.steps as Step[]} />{' '}
            <span className="dim">{t('points.carried-gap-hint')}</span>
          </p>
        )}
        <p className="dim">
          {points.closedOn && <>{t('points.closed-on', { day: day(points.closedOn) })} · </>}
          {t('points.of-proposals', { count: points.proposals })} ·{' '}
          {t('points.of-attributions', { count: points.attributions })} ·{' '}
          <Anchor component={Link} to="/comptage" inherit underline="always">
            {t('points.in-force')}
          </Anchor>
        </p>
      </div>
    </>
  );
}

/** Attributions, proposals counted and those that wait, against what is due: in words beside, never by colour alone. */
function PointsBar({ points }: { points: Points }) {
  const { t, number } = useWords();
  const [attributed, counted, pending, due] = [points.attributed, points.counted, points.pending, points.due].map(
    Number,
  ) as [number, number, number, number];
  const whole = Math.max(due, attributed + counted + pending);
  if (whole === 0) return null;
  const width = (value: number) => ({ width: `${(value / whole) * 100}%` });
  return (
    <div className={classes.bar}>
      <div className={classes.track} aria-hidden>
        <span className={classes.attributed} style={width(attributed)} />
        <span className={classes.counted} style={width(counted)} />
        <span className={classes.pending} style={width(pending)} />
        <i style={{ left: `calc(${(due / whole) * 100}% - 1px)` }} />
      </div>
      <ul className={classes.legend}>
        <li>
          <span className={classes.attributed} aria-hidden /> {number(points.attributed)} {t('points.attributed')}
        </li>
        <li>
          <span className={classes.counted} aria-hidden /> {number(points.counted)} {t('points.counted')}
        </li>
        <li>
          <span className={classes.pending} aria-hidden /> {number(points.pending)} {t('points.pending')}
        </li>
        <li>
          <span className={classes.due} aria-hidden /> {t('points.due')} {number(points.due)}
        </li>
      </ul>
    </div>
  );
}
