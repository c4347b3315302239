import { useActor } from '../../../../ui/actor.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { PhaseOut } from '../contract.ts';
import classes from './phase-lines.module.css';

/** A phase in a sentence: what counts, how much, within what cap. */
export function usePhaseWords(): (phase: PhaseOut) => string {
  const { t, word, number } = useWords();
  return (phase) =>
    [
      word('counting-mode', phase.mode),
      ...(phase.mode === 'mixed'
        ? [
            t('points.weights', { wp: number(phase.wp), wa: number(phase.wa) }),
            ...(phase.bands.length > 0 ? [t('points.weights-by-place', { count: phase.bands.length })] : []),
            `${t('points.cap-scope').toLowerCase()} ${word('cap-scope', phase.capScope)}`,
          ]
        : []),
      ...(phase.mode === 'proposals' ? [] : [word('counting-basis', phase.basis)]),
    ].join(' · ');
}

/** What of a phase departs from the usual treatment of refusals, returns and exchanges: both parties read it. */
function usePolicyWords(): (phase: PhaseOut) => string[] {
  const { t, word } = useWords();
  return (phase) => [
    ...(phase.mode === 'attributions'
      ? []
      : [
          ...(phase.countReofferAfterRefusal ? [t('points.count-reoffer')] : []),
          ...(phase.countExpired ? [] : [t('points.expired-uncounted')]),
          ...(phase.countWithdrawnByLandlord ? [t('points.count-withdrawn')] : []),
          ...(phase.countReturnedByHolder ? [] : [t('points.returned-uncounted')]),
          ...(phase.countReturnedByHolder && phase.uncountedReturns.length > 0
            ? [
                t('points.returned-uncounted-when', {
                  reasons: phase.uncountedReturns.map((reason) => word('return-reason', reason)).join(', '),
                }),
              ]
            : []),
        ]),
    ...(phase.mode === 'mixed' && phase.carryPending ? [t('points.carry-pending')] : []),
    ...(phase.mode !== 'proposals' && phase.keepAfterCandidateRefusal ? [t('points.keep-after-refusal')] : []),
    ...(phase.mode !== 'proposals' && phase.exchangeCounts !== 'owner'
      ? [`${t('points.exchange')} – ${word('exchange-counts', phase.exchangeCounts)}`]
      : []),
  ];
}

/** Phases one below the other, from old to new; the one of today stands out. */
export function PhaseLines({
  phases,
  warnings = [],
}: {
  phases: readonly PhaseOut[];
  warnings?: readonly { from: string }[];
}) {
  const { t, day } = useWords();
  const { today } = useActor();
  const wordsOf = usePhaseWords();
  const policiesOf = usePolicyWords();
  return (
    <ol className={classes.phases}>
      {phases.map((phase) => {
        const isNow = phase.from <= today && (phase.to === null || phase.to >= today);
        return (
          <li key={phase.from} className={isNow ? classes.now : undefined}>
            <strong>
              {t('points.phase', { from: day(phase.from), to: day(phase.to), open: phase.to === null ? 'yes' : 'no' })}
            </strong>{' '}
            {isNow && <Tag tone="green">{t('points.now')}</Tag>}
            <br />
            {wordsOf(phase)}
            {phase.reviewOn && <span className="dim"> · {t('points.review-on', { day: day(phase.reviewOn) })}</span>}
            {policiesOf(phase).map((policy) => (
              <div key={policy} className="dim">
                {policy}
              </div>
            ))}
            {warnings.some(({ from }) => from === phase.from) && (
              <span className={classes.warning}>{t('points.warning-cap')}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
