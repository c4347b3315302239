import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** How points are counted, and what other ways would give. */
export function CountingTabs() {
  const { t } = useWords();
  return (
    <PageTabs
      label={t('nav.counting')}
      tabs={[
        { to: '/comptage', label: t('points.in-force') },
        { to: '/comptage/simulateur', label: t('points.simulator') },
      ]}
    />
  );
}
