import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';

const tones: Record<string, Tone> = { open: 'amber', 'under-way': 'blue', done: 'green', dropped: 'neutral' };

/** Where a corrective action stands; late when its day has passed and it is not closed. */
export function ActionTag({ state, late }: { state: string; late?: boolean }) {
  const { t, word } = useWords();
  if (late) return <Tag tone="red">{t('actions.late', { state: word('action-state', state) })}</Tag>;
  return <Tag tone={tones[state] ?? 'neutral'}>{word('action-state', state)}</Tag>;
}
