import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { Agreement } from '../contract.ts';

const tones: Record<Agreement['state'], Tone> = {
  draft: 'neutral',
  negotiation: 'blue',
  'to-sign': 'amber',
  signed: 'green',
  amended: 'green',
  ended: 'neutral',
  abandoned: 'neutral',
};

/** Where an agreement is in its life. */
export function AgreementTag({ state }: { state: Agreement['state'] }) {
  const { word } = useWords();
  return <Tag tone={tones[state]}>{word('agreement-state', state)}</Tag>;
}
