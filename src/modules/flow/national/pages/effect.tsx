import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { ReconciliationLine } from '../contract.ts';

/** A change of a count, with its sign. */
export function Effect({ value }: { value: number }) {
  const { number } = useWords();
  if (value === 0) return <span className="dim">0</span>;
  return <>{value < 0 ? `−${number(-value)}` : `+${number(value)}`}</>;
}

/** What a line takes from a count, or gives it too much, in words. */
export function EffectTag({ line }: { line: Pick<ReconciliationLine, 'counted' | 'effect'> }) {
  const { t, word } = useWords();
  if (line.effect === 0) return <span className="dim">{t('national.no-effect')}</span>;
  const counted = word('count-touched', line.counted);
  return line.effect < 0 ? (
    <Tag tone="red">{t('national.lost', { counted })}</Tag>
  ) : (
    <Tag tone="amber">{t('national.gained', { counted })}</Tag>
  );
}
