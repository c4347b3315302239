import { PasswordInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { CopyLine } from '../../../ui/copy-line.tsx';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { putProvider, putSetting } from '../contract.ts';
import { SettingField } from './setting-field.tsx';
import { type Setting, settingFromTyped, settingInWords, settingTyped } from './setting-value.ts';
import type { Provider } from './settings-page.tsx';

type FormProps = { opened: boolean; onClose(): void; onDone(): void };
type ChoiceValues = { value: string | number; validFrom: string; reason: string };

/** Chooses the value of a setting from a day on; what was decided before keeps the value of its day. */
export function SettingChoiceForm({ setting, ...rest }: FormProps & { setting: Setting }) {
  const words = useWords();
  const { t } = words;
  const { today } = useActor();
  return (
    <FormDrawer<ChoiceValues, unknown>
      {...rest}
      title={t(`settings.${setting.key}`)}
      submitLabel={t('settings.choose')}
      initial={{
        value: settingTyped(setting, setting.value),
        validFrom: today,
        reason: '',
      }}
      submit={(values) =>
        call(putSetting, {
          params: { key: setting.key },
          body: {
            value: settingFromTyped(setting, values.value),
            validFrom: values.validFrom as LocalDate,
            reason: values.reason,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t(`settings.${setting.key}.hint`)}</p>
          <p className="dim">
            {t(setting.isDefault ? 'settings.today-default' : 'settings.today', {
              value: settingInWords(setting, setting.value, words),
            })}{' '}
            {t('settings.past-stays')}
          </p>
          <SettingField setting={setting} input={form.getInputProps('value')} />
          <DayField label={t('settings.valid-from')} required min={today} {...form.getInputProps('validFrom')} />
          <Textarea
            label={t('settings.reason')}
            description={t('settings.reason-hint')}
            autosize
            minRows={2}
            required
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

type ProviderValues = {
  id: string;
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  active: boolean;
};

/** Adds or changes an OpenID Connect provider. Its secret is written, never read. */
export function ProviderForm({ provider, ...rest }: FormProps & { provider: Provider | null }) {
  const { t } = useWords();
  return (
    <FormDrawer<ProviderValues, unknown>
      {...rest}
      title={provider?.name ?? t('settings.add-provider')}
      submitLabel={t(provider ? 'settings.save-provider' : 'settings.add-provider')}
      initial={{
        id: provider?.id ?? '',
        name: provider?.name ?? '',
        issuer: provider?.issuer ?? '',
        clientId: provider?.clientId ?? '',
        clientSecret: '',
        active: provider?.active ?? true,
      }}
      submit={({ id, clientSecret, ...values }) =>
        // An empty identifier would be the address of nothing: sent as one the server refuses in words.
        call(putProvider, { params: { id: id || '-' }, body: { ...values, ...(clientSecret ? { clientSecret } : {}) } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <TextInput
            label={t('settings.provider-name')}
            description={t('settings.provider-name-hint')}
            required
            data-autofocus
            {...form.getInputProps('name')}
          />
          {!provider && (
            <TextInput
              label={t('settings.provider-id')}
              description={t('settings.provider-id-hint')}
              required
              {...form.getInputProps('id')}
            />
          )}
          {form.values.id && (
            <CopyLine
              label={t('settings.redirect')}
              description={t('settings.redirect-hint')}
              value={`${window.location.origin}/api/auth/callback/${form.values.id}`}
            />
          )}
          <TextInput
            label={t('settings.issuer')}
            description={t('settings.issuer-hint')}
            placeholder="https://"
            type="url"
            required
            {...form.getInputProps('issuer')}
          />
          <TextInput label={t('settings.client-id')} required autoComplete="off" {...form.getInputProps('clientId')} />
          <PasswordInput
            label={t('settings.client-secret')}
            description={t(provider ? 'settings.client-secret-kept' : 'settings.client-secret-hint')}
            required={!provider}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('settings.show-secret') }}
            {...form.getInputProps('clientSecret')}
          />
          <Switch label={t('settings.active-hint')} {...form.getInputProps('active', { type: 'checkbox' })} />
        </Stack>
      )}
    </FormDrawer>
  );
}
