import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { ForecastState } from '../rules/forecast-road.ts';

const tones: Record<ForecastState, Tone> = {
  draft: 'neutral',
  submitted: 'blue',
  'territory-agreed': 'violet',
  agreed: 'violet',
  published: 'green',
  returned: 'amber',
};

/** Where a forecast stands. */
export function ForecastTag({ state }: { state: ForecastState }) {
  const { word } = useWords();
  return <Tag tone={tones[state]}>{word('forecast-state', state)}</Tag>;
}
