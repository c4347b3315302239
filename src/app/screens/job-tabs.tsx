import { Link } from '@tanstack/react-router';
import { useActor } from '../../ui/actor.tsx';
import { useWords } from '../../ui/words.tsx';
import classes from './job-tabs.module.css';

/** What the program does for its people, beside what it writes to them. */
export function JobTabs() {
  const { t } = useWords();
  const { may } = useActor();
  if (!may('journal.read')) return null;
  return (
    <nav className={classes.tabs} aria-label={t('nav.jobs')}>
      {(['/travaux', '/travaux/courriels'] as const).map((to) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: `${classes.tab} ${classes.on}`, 'aria-current': 'page' }}
        >
          {t(to === '/travaux' ? 'nav.jobs' : 'mails.tab')}
        </Link>
      ))}
    </nav>
  );
}
