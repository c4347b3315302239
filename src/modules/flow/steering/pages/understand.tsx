import { Anchor, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useWords } from '../../../../ui/words.tsx';
import classes from './understand.module.css';

/** « Comprendre »: what a page counts, from which text, and how. Closed until someone asks. */
export function Understand({ topic }: { topic: string }) {
  const { t } = useWords();
  return (
    <details className={classes.understand}>
      <summary>{t('understand.title')}</summary>
      <dl>
        {(['what', 'text', 'how'] as const).map((part) => (
          <div key={part}>
            <dt>{t(`understand.${part}`)}</dt>
            <dd>{t(`understand.${topic}.${part}`)}</dd>
          </div>
        ))}
      </dl>
      <Group gap="md">
        <Anchor component={Link} to="/textes" size="sm">
          {t('understand.texts')}
        </Anchor>
        <Anchor component={Link} to="/prise-en-main" size="sm">
          {t('understand.guide')}
        </Anchor>
      </Group>
    </details>
  );
}
