import { useWords } from '../../../../ui/words.tsx';
import classes from './target-bar.module.css';

/** A target with what is done and where the pace should be today. Contractual: a full square; indicative: an empty one. */
export function TargetBar({
  label,
  done,
  target,
  pace,
  contractual,
}: {
  label: string;
  done: number;
  target: number;
  pace: number;
  contractual?: boolean;
}) {
  const { t, number } = useWords();
  const share = target === 0 ? 0 : Math.min(done / target, 1);
  return (
    <div className={classes.bar}>
      <div className={classes.head}>
        <span>
          <span aria-hidden>{contractual ? '■' : '□'}</span> {label}{' '}
          <span className="visually-hidden">{contractual ? t('standing.contractual') : t('standing.indicative')}</span>
        </span>
        <span className="dim">
          {done} / {number(Math.round(target))}
        </span>
      </div>
      <div className={classes.track}>
        <span className={contractual ? classes.contractual : classes.indicative} style={{ width: `${share * 100}%` }} />
        <i style={{ left: `${Math.min(pace, 1) * 100}%` }} />
      </div>
    </div>
  );
}
