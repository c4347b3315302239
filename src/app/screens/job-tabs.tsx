import { useActor } from '../../ui/actor.tsx';
import { PageTabs } from '../../ui/page-tabs.tsx';
import { useWords } from '../../ui/words.tsx';

/** What the program does for its people, beside what it writes to them. */
export function JobTabs() {
  const { t } = useWords();
  const { may } = useActor();
  if (!may('journal.read')) return null;
  return (
    <PageTabs
      label={t('nav.jobs')}
      tabs={[
        { to: '/travaux', label: t('nav.jobs') },
        { to: '/travaux/courriels', label: t('mails.tab') },
      ]}
    />
  );
}
