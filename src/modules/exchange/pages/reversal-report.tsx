import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';
import classes from './import-parts.module.css';
import { placesOf, recordKinds } from './import-words.ts';

type Reversal = NonNullable<ImportRecord['reversal']>;

/** What an undo took away and put back, then what it could not and why. */
export function ReversalReport({ reversal }: { reversal: Reversal }) {
  const { t, number } = useWords();
  const { removed, restored, kept, keptTotal } = reversal;
  const counted = (count: number) => (count > 0 ? number(count) : <span className="dim">–</span>);
  return (
    <>
      <Panel title={t('imports.undone-title')} aside={keptTotal === 0 && t('imports.kept-none')} flush>
        <PlainTable
          caption={t('imports.undone-title')}
          rows={recordKinds
            .map((kind) => ({ kind, removed: removed[kind] ?? 0, restored: restored[kind] ?? 0 }))
            .filter((row) => row.removed + row.restored > 0)}
          rowKey={({ kind }) => kind}
          columns={[
            { title: t('imports.record-kind'), render: ({ kind }) => t(`imports.record-kinds.${kind}`) },
            { title: t('imports.removed'), align: 'right', render: (row) => counted(row.removed) },
            { title: t('imports.restored'), align: 'right', render: (row) => counted(row.restored) },
          ]}
        />
      </Panel>
      {keptTotal > 0 && (
        <Panel title={t('imports.kept-title', { count: keptTotal })} aside={t('imports.kept-hint')} flush>
          <PlainTable
            caption={t('imports.kept-title', { count: keptTotal })}
            rows={kept}
            rowKey={({ kind, id }) => kind + id}
            columns={[
              { title: t('imports.record-kind'), render: ({ kind }) => t(`imports.record-one.${kind}`) },
              { title: t('imports.reference'), render: (record) => <KeptRecord record={record} /> },
              { title: t('imports.kept-why'), render: ({ message }) => message },
            ]}
          />
          {keptTotal > kept.length && (
            <p className={classes.panelHint}>
              {t('imports.kept-first', { shown: number(kept.length), total: number(keptTotal) })}
            </p>
          )}
        </Panel>
      )}
    </>
  );
}

function KeptRecord({ record }: { record: Reversal['kept'][number] }) {
  const place = placesOf[record.kind]?.record;
  if (!place) return record.reference;
  return (
    <Anchor component={Link} to={place + record.id} size="sm">
      {record.reference}
    </Anchor>
  );
}
