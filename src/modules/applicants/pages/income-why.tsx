import type { Step } from '../../../kernel/steps.ts';
import { Tag } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';

/** How a class of income was found; a ceiling that nobody has verified says so. */
export function IncomeWhy({ steps }: { steps: readonly Step[] }) {
  const { t } = useWords();
  const unverified = steps.some(({ source }) => source?.confidence === 'unverified');
  return (
    <>
      {unverified && <Tag tone="amber">{t('ui.unverified')}</Tag>} <Why steps={steps} />
    </>
  );
}
