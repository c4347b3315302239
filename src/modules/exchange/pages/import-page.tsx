import { Anchor, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { ApiProblem } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Page, PageSkeleton, ProblemAlert } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';
import { ColumnsStep } from './columns-step.tsx';
import classes from './import-parts.module.css';
import { isWorking, type Standing, standingOf, stepOf } from './import-standing.ts';
import { PreviewStep } from './preview-step.tsx';
import { RefusedStep } from './refused-step.tsx';
import { ResultStep } from './result-step.tsx';
import { useImport } from './use-import.ts';
import { WorkStep } from './work-step.tsx';

/** An import, at the step where it stands. The state lives on the server: it is left and found again anywhere. */
export default function ImportPage() {
  const { t } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useImport(id);
  useRefreshWhenDone(query.data);
  useFocusAtEachStep(query.data);
  if (query.isPending) return <PageSkeleton />;
  if (!query.data) {
    return (
      <Page
        title={t('imports.one')}
        actions={
          <Button component={Link} to="/echanges" variant="default">
            {t('imports.all')}
          </Button>
        }
      >
        <Crumbs
          title={t('imports.one')}
          path={[{ label: 'list', link: <Link to="/echanges">{t('nav.exchange')}</Link> }]}
        />
        <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
      </Page>
    );
  }
  const { data: record } = query;
  return (
    <>
      <p className="visually-hidden" role="status">
        {t('imports.step-now', { step: t(`imports.step.${stepOf(standingOf(record))}`) })}
      </p>
      <Step
        record={record}
        // What is shown may be old: the reader is told so above it.
        lost={<Lost error={query.error} onRetry={() => query.refetch()} />}
      />
    </>
  );
}

/** The import could not be read again. A lost connection is tried again by itself: nothing is wrong with the import. */
function Lost({ error, onRetry }: { error: Error | null; onRetry(): void }) {
  const { t } = useWords();
  if (!(error instanceof ApiProblem) || error.status !== 0) return <ProblemAlert problem={error} onRetry={onRetry} />;
  return (
    <p className={classes.notice} role="status">
      {t('imports.offline')}{' '}
      <Anchor component="button" type="button" size="sm" onClick={onRetry}>
        {t('ui.retry')}
      </Anchor>
    </p>
  );
}

function Step({ record, lost }: { record: ImportRecord; lost: React.ReactNode }) {
  const navigate = useNavigate();
  const { etape } = useSearch({ strict: false }) as { etape?: string };
  const standing = standingOf(record);
  const toColumns = (open: boolean) => navigate({ to: '.', search: (open ? { etape: 'colonnes' } : {}) as never });
  const isBack = etape === 'colonnes' && record.can.map && (standing === 'previewed' || standing === 'refused');
  if (standing === 'columns' || isBack) {
    return (
      <ColumnsStep
        key={record.id}
        record={record}
        lost={lost}
        onDone={() => toColumns(false)}
        onBack={isBack ? () => toColumns(false) : undefined}
      />
    );
  }
  const props = { record, lost, onColumns: () => toColumns(true) };
  return stepFor(standing, props);
}

export type StepProps = { record: ImportRecord; lost: React.ReactNode; onColumns(): void };

function stepFor(standing: Exclude<Standing, 'columns'>, props: StepProps): React.ReactNode {
  switch (standing) {
    case 'checking':
    case 'applying':
    case 'reverting':
      return <WorkStep {...props} />;
    case 'refused':
      return <RefusedStep {...props} />;
    case 'previewed':
      return <PreviewStep {...props} />;
    case 'applied':
    case 'reverted':
    case 'abandoned':
      return <ResultStep {...props} />;
  }
}

/** A step replaces another under the hands of its reader: who had the focus on what is gone finds it at the new step. */
function useFocusAtEachStep(record: ImportRecord | undefined): void {
  const standing = record && standingOf(record);
  const before = useRef(standing);
  useEffect(() => {
    const isFirst = before.current === undefined || before.current === standing;
    before.current = standing;
    if (!isFirst && document.activeElement === document.body) document.getElementById('main')?.focus();
  }, [standing]);
}

/** When the work on an import ends, every list on screen elsewhere may have changed. */
function useRefreshWhenDone(record: ImportRecord | undefined): void {
  const client = useQueryClient();
  const working = record ? isWorking(record) : false;
  useEffect(() => {
    if (!working) return;
    return () => void client.invalidateQueries();
  }, [working, client]);
}
