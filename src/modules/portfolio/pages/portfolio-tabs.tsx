import { Link } from '@tanstack/react-router';
import { useWords } from '../../../ui/words.tsx';
import classes from './portfolio-tabs.module.css';

/** The three lists of the stock, one beside the other: dwellings, their owners, the contracts between the two. */
export function PortfolioTabs() {
  const { t } = useWords();
  return (
    <nav className={classes.tabs} aria-label={t('portfolio.lists')}>
      {(['/biens', '/proprietaires', '/contrats'] as const).map((to) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          activeProps={{ className: `${classes.tab} ${classes.on}`, 'aria-current': 'page' }}
        >
          {t({ '/biens': 'dwellings.list', '/proprietaires': 'nav.owners', '/contrats': 'nav.contracts' }[to])}
        </Link>
      ))}
    </nav>
  );
}
