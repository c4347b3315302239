import { PageTabs } from '../../../ui/page-tabs.tsx';
import { useWords } from '../../../ui/words.tsx';

/** What comes in and what goes out, one beside the other. */
export function ExchangeTabs() {
  const { t } = useWords();
  return (
    <PageTabs
      label={t('nav.exchange')}
      tabs={[
        { to: '/echanges', label: t('imports.tab') },
        { to: '/echanges/extractions', label: t('extractions.tab') },
      ]}
    />
  );
}
