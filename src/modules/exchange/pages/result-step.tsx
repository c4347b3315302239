import { Button, Group, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { AsideLayout, Facts, Figures, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { useWords } from '../../../ui/words.tsx';
import { type ImportRecord, revertImport } from '../contract.ts';
import { FileFacts, ImportContext } from './import-facts.tsx';
import { ImportFrame } from './import-frame.tsx';
import type { StepProps } from './import-page.tsx';
import classes from './import-parts.module.css';
import { stepOf } from './import-standing.ts';
import { recordsInWords } from './import-words.ts';
import { Interruption } from './interruption.tsx';
import { WrongRowsLink } from './problem-groups.tsx';
import { RecordCountsTable } from './record-counts-table.tsx';
import { ReversalReport } from './reversal-report.tsx';
import { Rows } from './rows-panel.tsx';
import { useImportAct } from './use-import.ts';

/** What the import did, what it left aside, its undo and the report of that. */
export function ResultStep({ record, lost }: Pick<StepProps, 'record' | 'lost'>) {
  const { t, number } = useWords();
  const { may } = useActor();
  const { create = 0, update = 0, unchanged = 0, wrong = 0 } = record.counts ?? {};
  const isAbandoned = record.state === 'abandoned';
  return (
    <ImportFrame
      title={record.fileName}
      crumb={record.fileName}
      context={<ImportContext record={record} />}
      step={stepOf(record.state as 'applied' | 'reverted' | 'abandoned')}
      note={t(`imports.result-note.${record.state}`)}
      actions={
        <>
          {record.can.revert && <RevertButton record={record} />}
          <Button component={Link} to="/echanges/import" search={{ contenu: record.kind } as never} variant="default">
            {t('imports.another')}
          </Button>
        </>
      }
    >
      {lost}
      {record.state === 'applied' && <Interruption record={record} what="revert" />}
      {isAbandoned ? (
        <Panel title={t('imports.abandoned')}>
          <p>{t('imports.abandoned-hint')}</p>
        </Panel>
      ) : (
        <AsideLayout
          aside={
            <>
              <WhoAndWhen record={record} />
              <FileFacts record={record} />
              {may('timeline.read') && (
                <Panel title={t('ui.timeline')}>
                  <Timeline kind="batch" id={record.id} />
                </Panel>
              )}
            </>
          }
        >
          {record.reversal ? (
            <ReversalReport reversal={record.reversal} />
          ) : (
            <>
              <Figures
                figures={[
                  { value: number(create), label: t('imports.figure.created', { count: create }) },
                  { value: number(update), label: t('imports.figure.updated', { count: update }) },
                  { value: number(unchanged), label: t('imports.figure.unchanged', { count: unchanged }) },
                  { value: number(wrong), label: t('imports.figure.left-aside', { count: wrong }) },
                ]}
              />
              <Panel title={t('imports.done-title')} flush>
                <RecordCountsTable record={record} linked />
              </Panel>
            </>
          )}
          {wrong > 0 && (
            <Panel title={t('imports.left-aside', { count: wrong })} aside={<WrongRowsLink record={record} />} flush>
              <p className={classes.panelHint}>{t('imports.left-aside-hint')}</p>
              <Rows record={record} only="wrong" />
            </Panel>
          )}
        </AsideLayout>
      )}
    </ImportFrame>
  );
}

function WhoAndWhen({ record }: { record: ImportRecord }) {
  const { t, moment } = useWords();
  return (
    <Panel title={t('imports.who')}>
      <Facts
        facts={[
          [t('columns.exchange.imports.createdBy'), record.createdBy],
          [t('columns.exchange.imports.createdAt'), moment(record.createdAt)],
          [t('imports.applied-by'), record.appliedBy],
          [t('columns.exchange.imports.appliedAt'), record.appliedAt && moment(record.appliedAt)],
          record.revertedAt !== null && [t('imports.reverted-by'), record.revertedBy],
          record.revertedAt !== null && [t('columns.exchange.imports.revertedAt'), moment(record.revertedAt)],
        ]}
      />
    </Panel>
  );
}

/** Undoes the import, once it was said what that does. */
function RevertButton({ record }: { record: ImportRecord }) {
  const words = useWords();
  const { t } = words;
  const [asking, setAsking] = useState(false);
  const revert = useImportAct(record.id, () =>
    call(revertImport, { params: { id: record.id }, body: { version: record.version } }),
  );
  const records = Object.entries(record.counts?.records ?? {});
  const removed = recordsInWords(Object.fromEntries(records.map(([kind, { create }]) => [kind, create])), words);
  const restored = recordsInWords(Object.fromEntries(records.map(([kind, { update }]) => [kind, update])), words);
  return (
    <>
      <Button variant="default" color="red" onClick={() => setAsking(true)}>
        {t('imports.revert')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('imports.revert-title')}
        size={520}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <ProblemAlert problem={revert.error} />
        <ul className={classes.modalList}>
          {removed && <li>{t('imports.revert-removes', { records: removed })}</li>}
          {restored && <li>{t('imports.revert-restores', { records: restored })}</li>}
          <li>{t('imports.revert-keeps')}</li>
        </ul>
        <Group gap={10} mt="md">
          <Button
            color="red"
            onClick={() => revert.mutate(undefined, { onSuccess: () => setAsking(false) })}
            loading={revert.isPending}
          >
            {t('imports.revert-now')}
          </Button>
          <QuietButton onClick={() => setAsking(false)}>{t('imports.revert-not')}</QuietButton>
        </Group>
      </Modal>
    </>
  );
}
