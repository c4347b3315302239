import { Alert, Button, Popover, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import { call } from '../../ui/api.ts';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { Empty, Page, ProblemAlert } from '../../ui/parts.tsx';
import { sentenceOf } from '../../ui/timeline.tsx';
import { useListState } from '../../ui/use-list-state.ts';
import { useTotal } from '../../ui/use-total.ts';
import { useWords } from '../../ui/words.tsx';
import { listJournal, verifyJournal } from '../workspace/contract.ts';
import { JournalEntry } from './journal-entry.tsx';
import classes from './journal-page.module.css';

export type Entry = ReplyOf<typeof listJournal>['items'][number];
type Verdict = ReplyOf<typeof verifyJournal>;

/** Journal: every decision about people and shares, chained so that nothing can be changed afterwards unseen. */
export default function JournalPage() {
  const words = useWords();
  const { t, moment } = words;
  const [state, setState] = useListState();
  const [shown, setShown] = useState<Entry | null>(null);
  const total = useTotal(listJournal);
  const verify = useMutation({ mutationFn: () => call(verifyJournal) });
  const sentence = (entry: Entry) => sentenceOf(entry, words);

  const columns: Column<Entry>[] = [
    { key: 'seq', title: t('journal.number'), sort: 'seq', align: 'right', width: 60, render: (entry) => entry.seq },
    {
      key: 'at',
      title: t('journal.at'),
      width: 140,
      render: (entry) => <time dateTime={entry.at}>{moment(entry.at)}</time>,
    },
    {
      key: 'what',
      title: t('journal.decision'),
      render: (entry) => <span className={classes.sentence}>{sentence(entry)}</span>,
    },
    { key: 'actor', title: t('journal.actor'), width: 190, render: (entry) => entry.actor ?? 'Palier' },
    {
      key: 'hash',
      title: t('journal.hash'),
      width: 130,
      render: (entry) => (
        <button type="button" className={classes.hash} onClick={() => setShown(entry)}>
          <span className="visually-hidden">{t('journal.open-entry', { entry: entry.seq })}, </span>
          {shortened(entry.hash)}
        </button>
      ),
    },
  ];

  return (
    <Page
      title={total ? t('journal.title', total) : t('nav.journal')}
      context={
        <>
          {t('journal.context')} <Explanation />
        </>
      }
      actions={
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('journal.verify')}
        </Button>
      }
    >
      <Crumbs title={t('nav.journal')} />
      <div role="status">
        <ProblemAlert problem={verify.error} onRetry={() => verify.mutate()} />
        {verify.data && <Outcome verdict={verify.data} onClose={() => verify.reset()} />}
      </div>
      <ListTable<Entry>
        list="platform.journal"
        endpoint={listJournal}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        rowHeight={40}
        searchable={false}
        onOpen={setShown}
        rowKey={(entry) => String(entry.seq)}
        narrow={(entry) => (
          <div className={classes.narrow}>
            <button type="button" className={classes.open} onClick={() => setShown(entry)}>
              {sentence(entry)}
            </button>
            <span className="dim">
              {t('ui.journal-entry', { entry: entry.seq })} · {moment(entry.at)} · {entry.actor ?? 'Palier'}
            </span>
          </div>
        )}
        empty={<Empty title={t('journal.empty')}>{t('journal.empty-hint')}</Empty>}
      />
      {shown && <JournalEntry entry={shown} title={sentence(shown)} onClose={() => setShown(null)} />}
    </Page>
  );
}

const shortened = (hash: string): string => `${hash.slice(0, 6)}…${hash.slice(-4)}`;

/** What the journal is, and how anyone may check it without trusting the program. */
function Explanation() {
  const { t } = useWords();
  return (
    <Popover width={420} position="bottom-start" shadow="md" trapFocus withArrow withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.explain}>{t('journal.explain')}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.explanation} aria-label={t('journal.explain')}>
        <p>{t('journal.what')}</p>
        <p>{t('journal.chain')}</p>
        <code>{t('journal.formula')}</code>
        <p>{t('journal.names')}</p>
        <p>
          {t('journal.by-oneself')} <code>npx palier verify-journal</code>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What recomputing the chain found. */
function Outcome({ verdict, onClose }: { verdict: Verdict; onClose(): void }) {
  const { t } = useWords();
  return (
    <Alert
      variant="light"
      color={verdict.intact ? 'palier' : 'red'}
      title={
        verdict.intact
          ? t('journal.intact', { count: verdict.entries })
          : t('journal.broken', { entry: verdict.firstBroken ?? 0 })
      }
      withCloseButton
      closeButtonLabel={t('ui.close')}
      onClose={onClose}
      className={classes.outcome}
    >
      {verdict.intact ? (
        <>
          <p>{t('journal.intact-hint')}</p>
          {verdict.head && <CopyLine label={t('journal.head')} value={verdict.head} />}
        </>
      ) : (
        <p>
          {t(`journal.broken-${verdict.reason}`)} {t('journal.broken-hint', { count: verdict.entries })}
        </p>
      )}
    </Alert>
  );
}
