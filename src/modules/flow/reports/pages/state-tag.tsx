import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { ReportRow } from '../contract.ts';

const tones: Record<ReportRow['state'], Tone> = {
  'to-prepare': 'neutral',
  ready: 'blue',
  sent: 'violet',
  acknowledged: 'green',
};

/** Where a report stands, and beside it whether it is late: one does not hide the other. */
export function StateTag({ state, punctuality }: Pick<ReportRow, 'state' | 'punctuality'>) {
  const { t } = useWords();
  return (
    <>
      <Tag tone={tones[state]}>{t(`reports.state.${state}`)}</Tag>
      {punctuality === 'late' && (
        <>
          {' '}
          <Tag tone="red">{t('reports.late')}</Tag>
        </>
      )}
    </>
  );
}
