import { Button, Progress } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { useServices } from '../../../ui/services.tsx';
import { useWords } from '../../../ui/words.tsx';
import { AbandonButton } from './abandon-button.tsx';
import { ImportContext } from './import-facts.tsx';
import { ImportFrame } from './import-frame.tsx';
import type { StepProps } from './import-page.tsx';
import classes from './import-parts.module.css';
import { standingOf, stepOf } from './import-standing.ts';

/** A work under way: how far it is; it may be stopped, left, and found again. */
export function WorkStep({ record, lost }: Pick<StepProps, 'record' | 'lost'>) {
  const { t, number } = useWords();
  const services = useServices();
  const client = useQueryClient();
  const standing = standingOf(record) as 'checking' | 'applying' | 'reverting';
  const { job, jobId } = record;
  const stop = useMutation({
    mutationFn: () => services.stopJob(jobId!),
    networkMode: 'always',
    onSuccess: () => client.invalidateQueries(),
  });
  const waiting = !job || job.state === 'queued';
  const share = job?.total ? Math.min(100, Math.round((job.done / job.total) * 100)) : 0;
  const rows = (record.create ?? 0) + (record.update ?? 0);
  return (
    <ImportFrame
      title={record.fileName}
      crumb={record.fileName}
      context={<ImportContext record={record} />}
      step={stepOf(standing)}
      note={t(`imports.work-note.${standing}`)}
      actions={
        <>
          {standing === 'checking' && <AbandonButton record={record} />}
          <Button component={Link} to="/echanges" variant="default">
            {t('imports.leave')}
          </Button>
        </>
      }
    >
      {lost}
      <ProblemAlert problem={stop.error} />
      <Panel
        title={t(`imports.work.${standing}`, { count: rows })}
        aside={<span className={classes.share}>{t('imports.share', { share: number(share) })}</span>}
      >
        <div className={classes.work}>
          <Progress
            value={waiting ? 0 : Math.max(share, leastShown)}
            size={10}
            animated={!waiting}
            aria-label={t(`imports.work.${standing}`, { count: rows })}
          />
          <p aria-live="polite">{waiting ? t('imports.work-waiting') : phaseOf()}</p>
          <p className="dim">{t(`imports.work-hint.${standing}`)}</p>
          <div>
            <Button
              variant="default"
              onClick={() => stop.mutate()}
              loading={stop.isPending}
              disabled={!jobId || stop.isSuccess}
            >
              {t(stop.isSuccess ? 'imports.stopping' : `imports.stop.${standing}`)}
            </Button>
          </div>
        </div>
      </Panel>
    </ImportFrame>
  );

  /** A check reads the file, then compares it; the other works are one piece. */
  function phaseOf(): string {
    if (standing !== 'checking') return t(`imports.phase.${standing}`);
    return t((job?.done ?? 0) < readingShare ? 'imports.phase.reading' : 'imports.phase.comparing');
  }
}

/** A work that has begun shows it, though its first step be long. */
const leastShown = 3;

/** Of the thousand a check counts, those that are reading the file. */
const readingShare = 700;
