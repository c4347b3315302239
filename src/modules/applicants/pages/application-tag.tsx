import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';

const tones: Record<string, Tone> = {
  incomplete: 'amber',
  active: 'neutral',
  suspended: 'amber',
  housed: 'green',
  removed: 'red',
};

/** Where an application stands in the register, in a word. */
export function ApplicationTag({ state }: { state: string }) {
  const { word } = useWords();
  return <Tag tone={tones[state] ?? 'neutral'}>{word('application-state', state)}</Tag>;
}
