import { Button, Progress } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import { call } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/parts.tsx';
import { Tag, type Tone } from '../../ui/tag.tsx';
import { useWords, type Words } from '../../ui/words.tsx';
import { cancelJob, type listJobs, retryJob } from '../workspace/contract.ts';
import classes from './jobs-page.module.css';

export type Job = ReplyOf<typeof listJobs>['items'][number];

const tones: Record<Job['state'], Tone> = {
  queued: 'neutral',
  running: 'blue',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'amber',
};

export function JobTag({ job }: { job: Job }) {
  const { word } = useWords();
  return <Tag tone={tones[job.state]}>{word('job-state', job.state)}</Tag>;
}

/** How far a work is: a bar while it runs, the count once it has ended. */
export function JobProgress({ job }: { job: Job }) {
  const { t, number } = useWords();
  const { done, total, state } = job;
  const counted =
    total === null
      ? done > 0
        ? t('jobs.done', { done: number(done) })
        : null
      : t('jobs.done-of', { done: number(done), total: number(total) });
  if (state !== 'running') return <span className="dim">{counted ?? '–'}</span>;
  const share = total ? Math.min(100, (done / total) * 100) : 100;
  return (
    <div className={classes.progress}>
      <Progress
        value={share}
        animated={total === null}
        size={6}
        aria-label={t('jobs.progress-of', { label: job.label })}
      />
      <span className="dim">{counted ?? t('jobs.starting')}</span>
    </div>
  );
}

export function JobFailureTitle({ job }: { job: Job }) {
  const { t } = useWords();
  return (
    job.problem && (
      <span className={classes.late}>
        {t(`problems.${job.problem.code}.title`, job.problem.params as Record<string, string>)}
      </span>
    )
  );
}

/** Why a work failed, in the words of the refusal that stopped it. */
export function JobFailure({ job }: { job: Job }) {
  const { t } = useWords();
  if (!job.problem) return null;
  const { code, params } = job.problem;
  return (
    <div className={classes.failure}>
      <strong>{t(`problems.${code}.title`, params as Record<string, string>)}</strong>
      <p>{t(`problems.${code}.detail`, params as Record<string, string>)}</p>
      <span className="dim">{code}</span>
    </div>
  );
}

/** Stops a work, or starts it again: what it allows now. */
export function JobActs({ job }: { job: Job }) {
  const { t } = useWords();
  const client = useQueryClient();
  const done = () => client.invalidateQueries();
  const cancel = useMutation({ mutationFn: () => call(cancelJob, { params: { id: job.id } }), onSuccess: done });
  const retry = useMutation({ mutationFn: () => call(retryJob, { params: { id: job.id } }), onSuccess: done });
  return (
    <>
      <ProblemAlert problem={cancel.error ?? retry.error} />
      {job.can.cancel && (
        <Button
          variant="default"
          size="compact-sm"
          disabled={cancel.isSuccess}
          loading={cancel.isPending}
          aria-label={cancel.isSuccess ? undefined : t('jobs.stop-of', { label: job.label })}
          onClick={() => cancel.mutate()}
        >
          {t(cancel.isSuccess ? 'jobs.stopping' : 'jobs.stop')}
        </Button>
      )}
      {job.can.retry && (
        <Button
          variant="default"
          size="compact-sm"
          loading={retry.isPending}
          aria-label={t('jobs.retry-of', { label: job.label })}
          onClick={() => retry.mutate()}
        >
          {t('jobs.retry')}
        </Button>
      )}
    </>
  );
}

/** « 40 s », « 12 min », « 3 h 05 »: from one moment to another. */
export function lasting(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
  if (seconds < 60) return `${seconds}\u202fs`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}\u202fmin`;
  return `${Math.floor(minutes / 60)}\u202fh\u202f${String(minutes % 60).padStart(2, '0')}`;
}

/** How long a work took, or has been taking; nothing before it begins. */
export function timeOf(job: Job, { t }: Words): string {
  if (!job.startedAt || job.state === 'queued') return '';
  if (!job.finishedAt) return t('jobs.running-for', { time: lasting(job.startedAt, new Date().toISOString()) });
  return t('jobs.took', { time: lasting(job.startedAt, job.finishedAt) });
}
