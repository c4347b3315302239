import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useWords();
  return (
    <Empty
      title={t('problems.E-NOT-FOUND-01.title')}
      action={
        <Anchor component={Link} to="/aujourdhui">
          {t('shell.back-home')}
        </Anchor>
      }
    >
      {t('problems.E-NOT-FOUND-01.detail')}
    </Empty>
  );
}
