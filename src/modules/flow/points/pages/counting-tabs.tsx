import { useActor } from '../../../../ui/actor.tsx';
import { PageTabs } from '../../../../ui/page-tabs.tsx';
import { useWords } from '../../../../ui/words.tsx';

/** How points are counted, what other ways would give, and the settings that parties share. A territory has these alone. */
export function CountingTabs() {
  const { t } = useWords();
  const { organisationKind } = useActor();
  if (organisationKind === 'territory') return null;
  return (
    <PageTabs
      label={t('nav.counting')}
      tabs={[
        { to: '/comptage', label: t('points.in-force') },
        { to: '/comptage/simulateur', label: t('points.simulator') },
        { to: '/cadre', label: t('nav.frame') },
      ]}
    />
  );
}
