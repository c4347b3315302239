import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { Occupancy } from '../contract.ts';

const tones: Record<Occupancy, Tone> = { let: 'neutral', notice: 'amber', void: 'red', reserved: 'blue' };

/** Whether someone lives there, is about to leave, or is about to come. */
export function OccupancyTag({ occupancy, left }: { occupancy: Occupancy; left?: boolean }) {
  const { t, word } = useWords();
  if (left) return <Tag>{t('dwellings.left')}</Tag>;
  return <Tag tone={tones[occupancy]}>{word('occupancy', occupancy)}</Tag>;
}
