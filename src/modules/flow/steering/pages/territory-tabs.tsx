import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** What a State or a territory reads of the landlords it watches over: by contingent, then holder by holder. */
export function TerritoryTabs() {
  const { t } = useWords();
  return (
    <PageTabs
      label={t('nav.flow-territory')}
      tabs={[
        { to: '/territoire', label: t('watched.contingents') },
        { to: '/territoire/points', label: t('watched.title') },
      ]}
    />
  );
}
