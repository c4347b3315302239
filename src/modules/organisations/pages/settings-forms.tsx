import { NumberInput, PasswordInput, Radio, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { CopyLine } from '../../../ui/copy-line.tsx';
import { DayField } from '../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { putProvider, putSetting } from '../contract.ts';
import { type Setting, settingForm, settingInWords } from './setting-value.ts';
import type { Provider } from './settings-page.tsx';

type FormProps = { opened: boolean; onClose(): void; onDone(): void };
type ChoiceValues = { value: string | number; validFrom: string; reason: string };

/** Chooses the value of a setting from a day on; what was decided before keeps the value of its day. */
export function SettingChoiceForm({ setting, ...rest }: FormProps & { setting: Setting }) {
  const words = useWords();
  const { t } = words;
  const { today } = useActor();
  const shown = settingForm(setting);
  return (
    <FormDrawer<ChoiceValues, unknown>
      {...rest}
      title={t(`settings.${setting.key}`)}
      submitLabel={t('settings.choose')}
      initial={{
        value: shown.kind === 'share' ? Number(setting.value) * 100 : (setting.value as string | number),
        validFrom: today,
        reason: '',
      }}
      submit={(values) =>
        call(putSetting, {
          params: { key: setting.key },
          body: {
            // A share is typed in percent; two decimals of it are kept.
            value: shown.kind === 'share' ? Math.round(Number(values.value) * 100) / 10_000 : values.value,
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
          <ValueField setting={setting} form={form} />
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

function ValueField({ setting, form }: { setting: Setting; form: Form<ChoiceValues> }) {
  const { t } = useWords();
  const shown = settingForm(setting);
  const input = form.getInputProps('value');
  switch (shown.kind) {
    case 'choice':
      return (
        <Radio.Group label={t('settings.value')} {...input}>
          <Stack gap={8} mt={6}>
            {shown.options.map((option) => (
              <Radio
                key={option}
                value={option}
                label={t(`settings.${setting.key}.${option}`)}
                description={t(`settings.${setting.key}.${option}.hint`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      );
    case 'share':
      return (
        <NumberInput
          label={t('settings.value')}
          min={0}
          max={100}
          decimalScale={2}
          decimalSeparator=","
          suffix=" %"
          hideControls
          data-autofocus
          {...input}
        />
      );
    case 'count':
      return (
        <NumberInput
          label={t('settings.value')}
          description={t('settings.between', { minimum: shown.minimum, maximum: shown.maximum })}
          min={shown.minimum}
          max={shown.maximum}
          clampBehavior="none"
          allowDecimal={false}
          data-autofocus
          {...input}
        />
      );
  }
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
