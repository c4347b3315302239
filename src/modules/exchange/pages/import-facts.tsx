import { Facts, Panel } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';
import { formInWords, sizeInWords } from './import-words.ts';

/** « Logements · 118 lignes · envoyé par Nadia Belkacem le 22/11/2026 à 09:12 » */
export function ImportContext({ record }: { record: ImportRecord }) {
  const { t, number, moment } = useWords();
  return [
    t(`imports.kind.${record.kind}`),
    record.rows !== null && t('imports.rows', { count: record.rows, shown: number(record.rows) }),
    t('imports.sent-by', { who: record.createdBy, at: moment(record.createdAt) }),
    !['applied', 'reverting', 'reverted'].includes(record.state) && t('imports.nothing-written'),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What the file was found to be. */
export function FileFacts({ record }: { record: ImportRecord }) {
  const words = useWords();
  const { t, number } = words;
  return (
    <Panel title={t('imports.file')}>
      <Facts
        facts={[
          [t('imports.form'), formInWords(record, words)],
          [t('imports.size'), sizeInWords(record.size, words)],
          [t('imports.columns'), number(record.header.length)],
        ]}
      />
      {record.notes.map(({ code, message }) => (
        <p key={code} className="dim">
          {message}
        </p>
      ))}
    </Panel>
  );
}
