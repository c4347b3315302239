import { Button, CopyButton, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './copy-line.module.css';
import { useWords } from './words.tsx';

/** A text to take elsewhere: a link, an address, a code. Its field can be selected where the browser refuses to copy. */
export function CopyLine({ label, value, description }: { label: ReactNode; value: string; description?: ReactNode }) {
  const { t } = useWords();
  return (
    <div className={classes.line}>
      <TextInput
        className={classes.field}
        classNames={{ input: classes.text }}
        label={label}
        description={description}
        value={value}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            <span aria-live="polite">{t(copied ? 'ui.copied' : 'ui.copy')}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
