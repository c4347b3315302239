import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { BaseClass } from '../rules/categories.ts';

const tones: Partial<Record<BaseClass, Tone>> = {
  'in-base': 'green',
  'retained-stock': 'neutral',
  'first-letting': 'blue',
};

/** The class of a dwelling for the flow: in the base, beside it, or taken out by a category. */
export function ClassTag({ baseClass }: { baseClass: BaseClass }) {
  const { word } = useWords();
  return <Tag tone={tones[baseClass] ?? 'amber'}>{word('base-class', baseClass)}</Tag>;
}
