import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Page } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import classes from './import-frame.module.css';
import { type ImportStep, importSteps } from './import-standing.ts';

/** The frame of every step of an import: what file, the five steps always in sight, what can be done now. */
export function ImportFrame({
  title,
  crumb,
  context,
  actions,
  step,
  note,
  children,
}: {
  title: ReactNode;
  crumb: string;
  context: ReactNode;
  actions?: ReactNode;
  step: ImportStep;
  /** What stands under the name of the present step: « ici » without. */
  note?: string | undefined;
  children: ReactNode;
}) {
  const { t } = useWords();
  return (
    <Page title={title} context={context} actions={actions}>
      <Crumbs title={crumb} path={[{ label: 'list', link: <Link to="/echanges">{t('nav.exchange')}</Link> }]} />
      <Steps step={step} note={note} />
      {children}
    </Page>
  );
}

function Steps({ step, note }: { step: ImportStep; note: string | undefined }) {
  const { t } = useWords();
  const at = importSteps.indexOf(step);
  const noteOf = (index: number): string => {
    if (index < at) return t('imports.step-done');
    return index === at ? (note ?? t('imports.step-here')) : t(`imports.step-hint.${importSteps[index]}`);
  };
  return (
    <ol className={classes.steps} aria-label={t('imports.steps')}>
      {importSteps.map((name, index) => (
        <li
          key={name}
          className={index < at ? classes.done : index === at ? classes.here : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className={classes.name}>{t(`imports.step.${name}`)}</span>
          <span className={classes.note}>{noteOf(index)}</span>
        </li>
      ))}
    </ol>
  );
}
