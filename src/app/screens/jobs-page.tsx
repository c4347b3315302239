import { Drawer } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Chip, type Column, type ListState, ListTable, TwoLines } from '../../ui/list-table.tsx';
import { Empty, Facts, Page, PageSkeleton, ProblemAlert } from '../../ui/parts.tsx';
import { useListState, valuesOf } from '../../ui/use-list-state.ts';
import { useWords } from '../../ui/words.tsx';
import { getJob, listJobs } from '../workspace/contract.ts';
import { type Job, JobActs, JobFailure, JobFailureTitle, JobProgress, JobTag, timeOf } from './job-parts.tsx';
import { JobTabs } from './job-tabs.tsx';
import classes from './jobs-page.module.css';

const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
const isLive = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

/** Travaux: long work as it goes on; it can be left and found again, stopped, started anew. */
export default function JobsPage() {
  const words = useWords();
  const { t, word, moment } = words;
  const [{ travail: opened, ...state }, setState] = useListState() as [
    ListState & { travail?: string },
    (next: ListState) => void,
  ];
  const live = useLiveJobs();
  const chosen = valuesOf(state, 'state');
  const toggle = (value: string) => setState({ ...state, state: chosen.includes(value) ? undefined : value });
  const open = (id: string | undefined) => setState({ ...state, travail: id });

  const columns: Column<Job>[] = [
    {
      key: 'label',
      title: t('jobs.work'),
      render: (job) => <TwoLines first={job.label} second={t(`jobs.${job.kind}`)} />,
    },
    { key: 'state', title: t('jobs.state'), width: 110, render: (job) => <JobTag job={job} /> },
    {
      key: 'progress',
      title: t('jobs.progress'),
      width: '26%',
      render: (job) => (job.state === 'failed' ? <JobFailureTitle job={job} /> : <JobProgress job={job} />),
    },
    { key: 'by', title: t('jobs.by'), width: 170, render: (job) => job.createdBy },
    {
      key: 'created',
      title: t('jobs.since'),
      sort: 'created',
      width: 150,
      render: (job) => (
        <>
          {moment(job.createdAt)}
          <div className="dim">{timeOf(job, words)}</div>
        </>
      ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('jobs.acts')}</span>,
      name: t('jobs.acts'),
      align: 'right',
      width: 120,
      render: (job) => <JobActs job={job} />,
    },
  ];

  return (
    <Page title={t('jobs.title', { count: live })} context={t('jobs.context')} actions={<JobTabs />}>
      <Crumbs title={t('nav.jobs')} />
      <ListTable<Job>
        list="platform.jobs"
        endpoint={listJobs}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        onOpen={(job) => open(job.id)}
        rowKey={(job) => job.id}
        chips={states.map((value) => (
          <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
            {word('job-state', value)}
          </Chip>
        ))}
        narrow={(job) => (
          <div className={classes.narrow}>
            <button type="button" className={classes.label} onClick={() => open(job.id)}>
              {job.label}
            </button>
            <div className={classes.line}>
              <JobTag job={job} /> <span className="dim">{moment(job.createdAt)}</span>
            </div>
            {job.state === 'running' && <JobProgress job={job} />}
            {job.state === 'failed' && <JobFailureTitle job={job} />}
            <JobActs job={job} />
          </div>
        )}
        empty={<Empty title={t('jobs.empty')}>{t('jobs.empty-hint')}</Empty>}
      />
      {opened && <JobDrawer id={opened} onClose={() => open(undefined)} />}
    </Page>
  );
}

/** How many works wait or run. While one does, it is asked every second, and the list with it. */
function useLiveJobs(): number {
  const { organisationId } = useActor();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['live-jobs', organisationId],
    queryFn: () => call(listJobs, { query: { state: ['queued', 'running'], limit: 50 } }),
    refetchInterval: ({ state }) => (state.data?.items.length ? 1_000 : 5_000),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is read again each time something moved
  useEffect(() => {
    client.invalidateQueries({ queryKey: ['list', listJobs.id] });
  }, [data]);
  return data?.total ?? 0;
}

/** One work in full: how far, by whom, when, why it failed. */
function JobDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const words = useWords();
  const { t, moment } = words;
  const query = useQuery({
    queryKey: ['job', id],
    queryFn: () => call(getJob, { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? 1_000 : false),
  });
  const job = query.data;
  return (
    <Drawer
      opened
      onClose={onClose}
      title={job?.label ?? t('jobs.work')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
      {query.isPending && <PageSkeleton />}
      {job && (
        <div className={classes.detail}>
          <Facts
            facts={[
              [t('jobs.kind'), t(`jobs.${job.kind}`)],
              [t('jobs.state'), <JobTag key="state" job={job} />],
              [t('jobs.by'), job.createdBy],
              [t('jobs.asked-at'), moment(job.createdAt)],
              [t('jobs.started-at'), job.startedAt && moment(job.startedAt)],
              [t('jobs.finished-at'), job.finishedAt && moment(job.finishedAt)],
              [t('jobs.time'), timeOf(job, words)],
              job.attempts > 1 && [t('jobs.attempts'), job.attempts],
            ]}
          />
          <JobProgress job={job} />
          {job.state === 'failed' && <JobFailure job={job} />}
          <div className={classes.line}>
            <JobActs job={job} />
          </div>
        </div>
      )}
    </Drawer>
  );
}
