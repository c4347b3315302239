import { Stack, Textarea } from '@mantine/core';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { moveInventory, openInventory } from '../contract.ts';

type Drawer = { opened: boolean; onClose(): void; onDone(): void };

/** Opens an inventory for a day of conversion. */
export function OpenInventory({ opened, onClose, onDone }: Drawer) {
  const { t } = useWords();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      title={t('rights.open')}
      submitLabel={t('rights.open')}
      initial={{ convertsOn: '', note: '' }}
      submit={({ convertsOn, note }, key) => call(openInventory, { key, body: { convertsOn, note } })}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('rights.open-hint')}</p>
          <DayField
            label={t('rights.converts-on')}
            description={t('rights.converts-on-hint')}
            required
            data-autofocus
            {...form.getInputProps('convertsOn')}
          />
          <Textarea label={t('rights.note')} autosize minRows={2} {...form.getInputProps('note')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Takes an inventory back from its readers, to correct it. */
export function ReopenInventory({ inventory, ...drawer }: Drawer & { inventory: { id: string; version: number } }) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...drawer}
      title={t('rights.reopen')}
      submitLabel={t('rights.reopen')}
      version={inventory.version}
      initial={{ reason: '' }}
      submit={({ reason }, key, version) =>
        call(moveInventory, { key, params: { id: inventory.id }, body: { to: 'draft', reason, version } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('rights.reopen-hint')}</p>
          <Textarea
            label={t('rights.reason')}
            required
            data-autofocus
            autosize
            minRows={2}
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
