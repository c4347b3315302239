import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { Stage } from '../rules/stage.ts';

const tones: Record<Stage, Tone> = {
  'to-orient': 'blue',
  'with-holder': 'amber',
  'to-select': 'blue',
  committee: 'violet',
  'to-offer': 'blue',
  offer: 'green',
  'to-sign': 'blue',
  signed: 'green',
  let: 'green',
  cancelled: 'neutral',
};

/** Where a vacancy stands, in a word. */
export function StageTag({ stage, late }: { stage: Stage; late?: boolean }) {
  const { word, t } = useWords();
  if (late) return <Tag tone="red">{t('vacancies.late-stage', { stage: word('stage', stage) })}</Tag>;
  return <Tag tone={tones[stage]}>{word('stage', stage)}</Tag>;
}

/** What comes next and when: « Comité 26/11 », « Plombier +6 j » when its day has passed. */
export function useNextStep() {
  const { t, shortDay } = useWords();
  return (what: string | null, dueOn: string | null): string =>
    what && what !== 'none' ? t(`vacancies.next.${what}`, { on: dueOn ? shortDay(dueOn) : '' }) : '–';
}
