import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Page } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';
import classes from './shell.module.css';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useWords();
  const title = t('problems.E-NOT-FOUND-01.title');
  return (
    <main className={classes.main}>
      <Page title={title} context={t('problems.E-NOT-FOUND-01.detail')}>
        <Crumbs title={title} />
        <Anchor component={Link} to="/aujourdhui" size="sm">
          {t('shell.back-home')}
        </Anchor>
      </Page>
    </main>
  );
}
