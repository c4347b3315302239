import { ApiProblem } from '../../../ui/api.ts';
import { ProblemAlert } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';
import classes from './import-parts.module.css';
import { interruptionOf } from './import-standing.ts';

type Work = 'check' | 'apply' | 'revert';

/** Why the last work did not come to its end: stopped by someone, refused, or failed. What it had done is undone. */
export function Interruption({ record, what, onRetry }: { record: ImportRecord; what: Work; onRetry?: () => void }) {
  const { t } = useWords();
  const retry = onRetry ? { onRetry } : {};
  if (record.problem) return <ProblemAlert problem={new ApiProblem({ status: 409, ...record.problem })} {...retry} />;
  const interruption = interruptionOf(record);
  if (interruption === 'stopped') {
    return (
      <p className={classes.notice} role="status">
        {t(`imports.stopped.${what}`)}
      </p>
    );
  }
  if (interruption !== 'fault') return null;
  const fault = { title: t(`imports.fault.${what}`), detail: t('imports.fault-detail') };
  return <ProblemAlert problem={new ApiProblem({ status: 500, code: 'E-FAULT-01', ...fault })} {...retry} />;
}
