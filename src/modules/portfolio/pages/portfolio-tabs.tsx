import { PageTabs } from '../../../ui/page-tabs.tsx';
import { useWords } from '../../../ui/words.tsx';

/** The three lists of the stock, one beside the other: dwellings, their owners, the contracts between the two. */
export function PortfolioTabs() {
  const { t } = useWords();
  return (
    <PageTabs
      label={t('portfolio.lists')}
      tabs={[
        { to: '/biens', label: t('dwellings.list') },
        { to: '/proprietaires', label: t('nav.owners') },
        { to: '/contrats', label: t('nav.contracts') },
      ]}
    />
  );
}
