import { Popover, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Step } from '../kernel/steps.ts';
import { Tag } from './tag.tsx';
import classes from './why.module.css';
import { useWords } from './words.tsx';

/** « Pourquoi ? » beside a figure: its computation, step by step, with the sources. */
export function Why({ steps, children }: { steps: readonly Step[]; children?: ReactNode }) {
  const { t } = useWords();
  if (steps.length === 0) return null;
  return (
    <Popover width={380} position="bottom-start" shadow="md" trapFocus withArrow withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.why} onClick={(event) => event.stopPropagation()}>
          {children ?? t('ui.why')}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} onClick={(event) => event.stopPropagation()} aria-label={t('ui.why')}>
        <Steps steps={steps} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The steps of a computation as a table: what, how, how much; then where it comes from. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const words = useWords();
  const sources = uniqueSources(steps);
  return (
    <div className={classes.steps}>
      <dl>
        {steps.map((step, index) => {
          const { label, formula, result } = words.step(step);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step may stand twice, and never moves
            <div key={`${step.label}-${index}`} className={classes.step}>
              <dt>{label}</dt>
              <dd>
                {formula && <span className={classes.formula}>{formula} = </span>}
                <strong>{result ?? ''}</strong>
              </dd>
            </div>
          );
        })}
      </dl>
      {sources.length > 0 && (
        <ul className={classes.sources}>
          {sources.map((source) => (
            <li key={source.title + (source.article ?? '')}>
              {source.url ? (
                <a href={source.url} target="_blank" rel="noreferrer">
                  {source.title}
                </a>
              ) : (
                source.title
              )}
              {source.article && `, ${source.article}`}{' '}
              {source.confidence === 'unverified' && <Tag tone="amber">{words.t('ui.unverified')}</Tag>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function uniqueSources(steps: readonly Step[]) {
  const found = new Map(
    steps.flatMap(({ source }) => (source ? [[`${source.title}|${source.article}`, source] as const] : [])),
  );
  return [...found.values()];
}
