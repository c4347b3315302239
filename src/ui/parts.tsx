import { Alert, Anchor, Button, type ButtonProps, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiProblem } from './api.ts';
import classes from './parts.module.css';
import { useWords } from './words.tsx';

/** The frame of a page: a title that states a fact, one line of context, the acts at the right. */
export function Page({
  title,
  context,
  actions,
  children,
}: {
  title: ReactNode;
  context?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={classes.page}>
      <div className={classes.heading}>
        <div className={classes.titles}>
          <h1>{title}</h1>
          {context && <div className={classes.context}>{context}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A part of a page that stands by itself. */
export function Panel({
  title,
  aside,
  children,
  flush,
  tone,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  tone?: 'accent';
}) {
  return (
    <section className={`${classes.panel} ${tone === 'accent' ? classes.accent : ''}`}>
      {title && (
        <header>
          <h2>{title}</h2>
          {aside && <div className={classes.aside}>{aside}</div>}
        </header>
      )}
      <div className={flush ? undefined : classes.inside}>{children}</div>
    </section>
  );
}

/** Names and values, aligned: the facts of a record. */
export function Facts({ facts }: { facts: (readonly [label: ReactNode, value: ReactNode] | false | null)[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact, index) =>
        fact ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is written in place and never reordered
          <div key={index}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1] === null || fact[1] === undefined || fact[1] === '' ? '–' : fact[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** Figures in a row, large, each with its name below. */
export function Figures({ figures }: { figures: { value: ReactNode; label: ReactNode }[] }) {
  return (
    <div className={classes.figures}>
      {figures.map(({ value, label }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is written in place and never reordered
        <div key={index}>
          <b>{value}</b>
          <span>{label}</span>
        </div>
      ))}
    </div>
  );
}

/** An empty screen teaches: what it is for, and the first thing to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What is wrong, in a few words. */
export const problemTitle = (problem: unknown, t: (key: string) => string): string =>
  (problem instanceof ApiProblem && problem.title) || t(`problems.${codeOf(problem)}.title`);

const codeOf = (problem: unknown): string => (problem instanceof ApiProblem ? problem.code : 'E-SCREEN-01');

/** A refusal in full: what is wrong, what to do, its code. Untitled where its title is that of the page. */
export function ProblemAlert({
  problem,
  onRetry,
  untitled,
}: {
  problem: unknown;
  onRetry?: (() => void) | undefined;
  untitled?: boolean;
}) {
  const { t } = useWords();
  if (!problem) return null;
  const known = problem instanceof ApiProblem ? problem : undefined;
  const code = codeOf(problem);
  const title = untitled ? undefined : problemTitle(problem, t);
  const detail = known?.detail || t(`problems.${code}.detail`);
  return (
    <Alert color="red" variant="light" title={title} role="alert" className={classes.problem}>
      <p>{detail}</p>
      {known && known.fields.length > 0 && (
        <ul>
          {known.fields.map((field) => (
            <li key={field.path + field.code}>{field.message}</li>
          ))}
        </ul>
      )}
      <p className={classes.code}>
        {code}
        {known?.requestId && ` · ${known.requestId.slice(-12)}`}
        {onRetry && (
          <Anchor component="button" type="button" size="xs" onClick={onRetry}>
            {t('ui.retry')}
          </Anchor>
        )}
      </p>
    </Alert>
  );
}

/** What stands where a page will be. */
export function PageSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <Skeleton height={24} width={280} mb={8} />
      <Skeleton height={14} width={420} mb={24} />
      <Skeleton height={320} radius={9} />
    </div>
  );
}

export function AsideLayout({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className={classes.asideLayout}>
      <div className={classes.column}>{children}</div>
      <div className={classes.column}>{aside}</div>
    </div>
  );
}

/** The quiet button beside a main one. */
export const QuietButton = (props: ButtonProps & { onClick?: () => void; children: ReactNode }) => (
  <Button variant="subtle" color="gray" c="var(--ink-2)" {...props} />
);
