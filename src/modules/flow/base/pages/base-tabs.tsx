import { useActor } from '../../../../ui/actor.tsx';
import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** The pages of the base, one beside the other. Those who only receive forecasts have fewer of them. */
export function BaseTabs() {
  const { t } = useWords();
  const { may, organisationKind } = useActor();
  const own = organisationKind === 'landlord' && may('flow.read-base');
  return (
    <PageTabs
      label={t('base.pages')}
      tabs={[
        ...(own
          ? [
              { to: '/assiette', label: t('base.stock') },
              { to: '/assiette/regles', label: t('base.rules') },
            ]
          : []),
        { to: '/assiette/previsionnel', label: t('base.forecast') },
        { to: '/assiette/documents', label: t('base.documents') },
        ...(own || organisationKind === 'state' || organisationKind === 'territory'
          ? [{ to: '/assiette/relogement', label: t('rehousing.title') }]
          : []),
        ...(own && may('flow.rank-transfers') ? [{ to: '/assiette/mutations', label: t('transfers.title') }] : []),
        { to: '/assiette/bilan', label: t('base.outside') },
      ]}
    />
  );
}
