import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { call } from '../../../ui/api.ts';
import { AsideLayout, Figures, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import { applyImport, type ImportRecord, mapColumns } from '../contract.ts';
import { AbandonButton } from './abandon-button.tsx';
import { FileFacts, ImportContext } from './import-facts.tsx';
import { ImportFrame } from './import-frame.tsx';
import type { StepProps } from './import-page.tsx';
import classes from './import-parts.module.css';
import { recordKinds } from './import-words.ts';
import { Interruption } from './interruption.tsx';
import { ProblemGroups, WrongRowsLink } from './problem-groups.tsx';
import { RecordCountsTable } from './record-counts-table.tsx';
import { RowsPanel } from './rows-panel.tsx';
import { useImportAct } from './use-import.ts';

/** What the import would do, row by row; nothing is written before it is applied. */
export function PreviewStep({ record, lost, onColumns }: StepProps) {
  const { t, number } = useWords();
  const apply = useImportAct(record.id, () =>
    call(applyImport, { params: { id: record.id }, body: { version: record.version } }),
  );
  const checkAgain = useImportAct(record.id, () =>
    call(mapColumns, { params: { id: record.id }, body: { mapping: record.mapping, dateOrder: record.dateOrder } }),
  );
  const { rows = 0, create = 0, update = 0, unchanged = 0, wrong = 0 } = record.counts ?? {};
  const isStale = record.problem !== null;
  return (
    <ImportFrame
      title={record.fileName}
      crumb={record.fileName}
      context={<ImportContext record={record} />}
      step="preview"
      actions={
        <>
          <AbandonButton record={record} />
          {record.can.map && (
            <Button variant="default" onClick={onColumns}>
              {t('imports.to-columns')}
            </Button>
          )}
          {isStale ? (
            <Button onClick={() => checkAgain.mutate()} loading={checkAgain.isPending} disabled={!record.can.map}>
              {t('imports.check-again')}
            </Button>
          ) : (
            record.can.apply && (
              <Button onClick={() => apply.mutate()} loading={apply.isPending}>
                {t('imports.apply', { count: create + update })}
              </Button>
            )
          )}
        </>
      }
    >
      {lost}
      <Interruption record={record} what="apply" />
      <ProblemAlert problem={apply.error ?? checkAgain.error} />
      {!record.can.apply && <NothingToApply record={record} />}
      <div className={classes.gap}>
        <Figures
          figures={[
            { value: number(rows), label: t('imports.figure.rows', { count: rows }) },
            { value: number(create), label: t('imports.figure.create') },
            { value: number(update), label: t('imports.figure.update') },
            { value: number(unchanged), label: t('imports.figure.unchanged', { count: unchanged }) },
            {
              value: <span className={wrong > 0 ? classes.wrong : undefined}>{number(wrong)}</span>,
              label: t('imports.figure.wrong'),
            },
          ]}
        />
      </div>
      <AsideLayout
        aside={
          <>
            {hasRecords(record) && (
              <Panel title={t('imports.records-title')} flush>
                <RecordCountsTable record={record} />
              </Panel>
            )}
            {wrong > 0 && (
              <Panel title={t('imports.wrong-title', { count: wrong })}>
                <ProblemGroups record={record} />
                <p className={classes.asideHint}>{t('imports.wrong-hint')}</p>
                <WrongRowsLink record={record} />
              </Panel>
            )}
            <FileFacts record={record} />
          </>
        }
      >
        <RowsPanel record={record} />
      </AsideLayout>
    </ImportFrame>
  );
}

const hasRecords = ({ counts }: ImportRecord): boolean =>
  recordKinds.some((kind) => (counts?.records[kind]?.create ?? 0) + (counts?.records[kind]?.update ?? 0) > 0);

/** Everything is known already, or everything is wrong: what to do then. */
function NothingToApply({ record }: { record: ImportRecord }) {
  const { t } = useWords();
  const { rows = 0, wrong = 0 } = record.counts ?? {};
  const why = rows === 0 ? 'no-rows' : wrong === 0 ? 'all-known' : 'all-wrong';
  return (
    <div className={classes.nothing}>
      <p>
        <strong>{t(`imports.nothing.${why}`)}</strong> {t(`imports.nothing-hint.${why}`)}
      </p>
      <Button component={Link} to="/echanges/import" search={{ contenu: record.kind } as never} variant="default">
        {t(why === 'all-known' ? 'imports.another' : 'imports.send-again')}
      </Button>
    </div>
  );
}
