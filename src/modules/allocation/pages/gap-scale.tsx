import { useWords } from '../../../ui/words.tsx';
import classes from './gap-scale.module.css';

/**
 * A gap before and after a choice, against a band of one dwelling each side of what is due: left is late, right is ahead.
 * A gap beyond `widest` stands at the edge: the figures below say how far it is.
 */
export function GapScale({
  before,
  after,
  widest,
  on,
}: {
  before: number;
  after: number;
  widest: number;
  on: boolean;
}) {
  const { t, number, fixed } = useWords();
  const at = (gap: number) => 50 + Math.max(-1, Math.min(1, gap / widest)) * 46;
  const label = t('orientation.gap-sentence', { before: number(before), after: number(after) });
  return (
    <>
      <svg className={classes.scale} viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={label}>
        <title>{label}</title>
        <rect x={at(-1)} width={at(1) - at(-1)} y="4" height="12" className={classes.band} />
        <line x1="50" x2="50" y1="3" y2="17" className={classes.zero} />
        <line x1={at(before)} x2={at(after)} y1="10" y2="10" className={on ? classes.moveOn : classes.move} />
        <ellipse cx={at(before)} cy="10" rx="1.6" ry="4" className={on ? classes.beforeOn : classes.before} />
        <ellipse cx={at(after)} cy="10" rx="1.6" ry="4" className={on ? classes.afterOn : classes.after} />
      </svg>
      <span className={classes.figures} aria-hidden>
        {fixed(before)} → {fixed(after)}
      </span>
    </>
  );
}
