import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../../../ui/api.ts';
import { AsideLayout, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import { AbandonButton } from './abandon-button.tsx';
import { FileFacts, ImportContext } from './import-facts.tsx';
import { ImportFrame } from './import-frame.tsx';
import type { StepProps } from './import-page.tsx';
import classes from './import-parts.module.css';

/** The file as a whole could not be checked: why, and the ways out. */
export function RefusedStep({ record, lost, onColumns }: StepProps) {
  const { t } = useWords();
  return (
    <ImportFrame
      title={record.fileName}
      crumb={record.fileName}
      context={<ImportContext record={record} />}
      step="preview"
      note={t('imports.refused-note')}
      actions={<AbandonButton record={record} />}
    >
      {lost}
      {record.problem && <ProblemAlert problem={new ApiProblem({ status: 422, ...record.problem })} />}
      <AsideLayout aside={<FileFacts record={record} />}>
        <Panel title={t('imports.refused')}>
          <div className={classes.stack}>
            <p>{t('imports.refused-hint')}</p>
            <div className={classes.row}>
              <Button component={Link} to="/echanges/import" search={{ contenu: record.kind } as never}>
                {t('imports.send-again')}
              </Button>
              {record.can.map && record.problem?.code !== 'E-IMPORT-FILE-GONE' && (
                <Button variant="default" onClick={onColumns}>
                  {t('imports.to-columns')}
                </Button>
              )}
            </div>
          </div>
        </Panel>
      </AsideLayout>
    </ImportFrame>
  );
}
