import { useActor } from '../../../../ui/actor.tsx';
import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** The five pages by which a landlord steers its flow. Its partners have one of them, reached by itself. */
export function SteeringTabs() {
  const { t } = useWords();
  const { may, organisationKind } = useActor();
  if (organisationKind !== 'landlord' || !may('flow.steer')) return null;
  return (
    <PageTabs
      label={t('nav.steering')}
      tabs={[
        { to: '/flux', label: t('cockpit.tab') },
        { to: '/flux/delais', label: t('relettings.tab') },
        { to: '/flux/actions', label: t('actions.tab') },
        { to: '/flux/mixite', label: t('commitments.crumb') },
        { to: '/reunions', label: t('meetings.tab') },
      ]}
    />
  );
}
