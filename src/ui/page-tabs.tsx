import { Link } from '@tanstack/react-router';
import classes from './page-tabs.module.css';

/** Pages that stand beside each other under one entry of the navigation. */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly { to: string; label: string }[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: `${classes.tab} ${classes.on}`, 'aria-current': 'page' }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
