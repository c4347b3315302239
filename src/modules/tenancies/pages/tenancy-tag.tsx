import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { listTenancies } from '../contract.ts';

type State = ReplyOf<typeof listTenancies>['items'][number]['state'];

const tones: Record<State, Tone> = { 'to-come': 'blue', running: 'neutral', notice: 'amber', ended: 'neutral' };

/** Where a lease stands today, in a word. */
export function TenancyTag({ state }: { state: State }) {
  const { word } = useWords();
  return <Tag tone={tones[state]}>{word('tenancy-state', state)}</Tag>;
}
