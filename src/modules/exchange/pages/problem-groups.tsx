import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { addressOf, requestContext } from '../../../ui/api.ts';
import { useWords } from '../../../ui/words.tsx';
import { downloadWrongRows, type ImportRecord } from '../contract.ts';
import classes from './problem-groups.module.css';

/** What is wrong with the rows, by field and reason, the most frequent first. */
export function ProblemGroups({ record }: { record: ImportRecord }) {
  const { t, number } = useWords();
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, record.problems.length - shownFirst);
  return (
    <ul className={classes.groups}>
      {record.problems.slice(0, record.problems.length - hidden).map((group) => (
        <li key={`${group.field}-${group.code}`}>
          <span className={classes.head}>
            <span className="strong">{group.label ?? t('imports.whole-row')}</span>
            <b>{number(group.count)}</b>
          </span>
          <span className={classes.message}>{group.message}</span>
          <span className="dim">
            {t('imports.first-line', { line: number(group.firstLine) })} · {group.code}
          </span>
        </li>
      ))}
      {hidden > 0 && (
        <li>
          <Anchor component="button" type="button" size="sm" className={classes.more} onClick={() => setAll(true)}>
            {t('imports.more-problems', { count: hidden })}
          </Anchor>
        </li>
      )}
    </ul>
  );
}

const shownFirst = 5;

/** The wrong rows as a file, each with its problem, to correct and send again. */
export function WrongRowsLink({ record }: { record: ImportRecord }) {
  const { t } = useWords();
  return (
    <Anchor
      size="sm"
      href={addressOf(downloadWrongRows, { id: record.id }, { organisation: requestContext.organisationId })}
      download
    >
      {t('imports.wrong-download', { count: record.wrong ?? 0 })}
    </Anchor>
  );
}
