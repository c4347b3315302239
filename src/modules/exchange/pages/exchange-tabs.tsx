import { Link } from '@tanstack/react-router';
import { useWords } from '../../../ui/words.tsx';
import classes from './exchange-tabs.module.css';

/** What comes in and what goes out, one beside the other. */
export function ExchangeTabs() {
  const { t } = useWords();
  return (
    <nav className={classes.tabs} aria-label={t('nav.exchange')}>
      {(['/echanges', '/echanges/extractions'] as const).map((to) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: `${classes.tab} ${classes.on}`, 'aria-current': 'page' }}
        >
          {t(to === '/echanges' ? 'imports.tab' : 'extractions.tab')}
        </Link>
      ))}
    </nav>
  );
}
