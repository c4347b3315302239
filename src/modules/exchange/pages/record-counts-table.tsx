import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';
import { placesOf, recordKinds } from './import-words.ts';

/** By kind of record, how many the import adds and changes; links to their lists once that is done. */
export function RecordCountsTable({ record, linked }: { record: ImportRecord; linked?: boolean }) {
  const { t, number } = useWords();
  const records = record.counts?.records ?? {};
  const rows = recordKinds
    .map((kind) => ({ kind, create: records[kind]?.create ?? 0, update: records[kind]?.update ?? 0 }))
    .filter(({ create, update }) => create + update > 0);
  const counted = (count: number) => (count > 0 ? number(count) : <span className="dim">–</span>);
  return (
    <PlainTable
      caption={t(linked ? 'imports.done-title' : 'imports.records-title')}
      rows={rows}
      rowKey={({ kind }) => kind}
      columns={[
        {
          title: t('imports.record-kind'),
          render: ({ kind }) => {
            const place = linked ? placesOf[kind] : undefined;
            const name = t(`imports.record-kinds.${kind}`);
            return place ? (
              <Anchor component={Link} to={place.list} size="sm">
                {name}
              </Anchor>
            ) : (
              name
            );
          },
        },
        {
          title: t(linked ? 'imports.created' : 'imports.to-create'),
          align: 'right',
          render: ({ create }) => counted(create),
        },
        {
          title: t(linked ? 'imports.updated' : 'imports.to-update'),
          align: 'right',
          render: ({ update }) => counted(update),
        },
      ]}
    />
  );
}
