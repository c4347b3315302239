import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';

const tones: Record<ImportRecord['state'], Tone> = {
  preparing: 'neutral',
  previewed: 'amber',
  applying: 'blue',
  applied: 'green',
  reverting: 'blue',
  reverted: 'neutral',
  abandoned: 'neutral',
  failed: 'red',
};

export function ImportTag({ state }: { state: ImportRecord['state'] }) {
  const { word } = useWords();
  return <Tag tone={tones[state]}>{word('batch-state', state)}</Tag>;
}
