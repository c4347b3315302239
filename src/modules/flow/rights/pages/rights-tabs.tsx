import { useActor } from '../../../../ui/actor.tsx';
import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** The inventory, what becomes of it, and what new programmes add. */
export function RightsTabs() {
  const { t } = useWords();
  const { may, organisationKind } = useActor();
  return (
    <PageTabs
      label={t('nav.rights')}
      tabs={[
        { to: '/etat-des-lieux', label: t('rights.inventory') },
        ...(organisationKind === 'landlord' && may('flow.convert')
          ? [{ to: '/conversion', label: t('rights.conversion') }]
          : []),
        { to: '/programmes-neufs', label: t('rights.programmes') },
      ]}
    />
  );
}
