import { Anchor, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDrawer } from './form.tsx';
import { useWords } from './words.tsx';

type Props = {
  /** What stands for the value until it is read: « •••• 7034 ». */
  masked: string;
  /** What the control says: « Lire le compte ». */
  label: string;
  /** Of whom, in the title of the drawer. */
  title: string;
  /** Asks the server, which keeps who read it, when and why. */
  read(purpose: string, key: string): Promise<string | null>;
  format(value: string): string;
};

/** A number that is not shown until someone says what for; it is hidden again when the page is left. */
export function Guarded({ masked, label, title, read, format }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const [value, setValue] = useState<string | null>(null);
  return (
    <>
      <span className="nowrap">{value === null ? masked : format(value)}</span>{' '}
      <Anchor
        component="button"
        type="button"
        size="sm"
        aria-label={value === null ? title : undefined}
        onClick={() => (value === null ? setAsking(true) : setValue(null))}
      >
        {value === null ? label : t('ui.guarded-hide')}
      </Anchor>
      <FormDrawer
        title={title}
        opened={asking}
        onClose={() => setAsking(false)}
        initial={{ purpose: '' }}
        submitLabel={label}
        submit={(values, key) => read(values.purpose, key)}
        onDone={(found) => {
          setAsking(false);
          setValue(found);
        }}
      >
        {(form) => (
          <TextInput
            label={t('ui.guarded-purpose')}
            description={t('ui.guarded-hint')}
            required
            data-autofocus
            {...form.getInputProps('purpose')}
          />
        )}
      </FormDrawer>
    </>
  );
}
