import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Page } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';

/** In place of a page that the reader's roles do not open: says so, and who can help. */
export function Forbidden({ page }: { page: string }) {
  const { t } = useWords();
  return (
    <Page title={t('problems.E-ACCESS-01.title')} context={t('problems.E-ACCESS-01.detail')}>
      <Crumbs title={page} />
      <Anchor component={Link} to="/aujourdhui" size="sm">
        {t('shell.back-home')}
      </Anchor>
    </Page>
  );
}
