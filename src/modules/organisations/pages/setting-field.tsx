import { NumberInput, Radio, Stack } from '@mantine/core';
import { DayField, PercentField } from '../../../ui/fields.tsx';
import { useWords } from '../../../ui/words.tsx';
import { type SettingShape, settingForm } from './setting-value.ts';

type Input = { value?: unknown; onChange?(value: never): void; error?: unknown };

/** The field in which the value of a setting is chosen, by what it may be. */
export function SettingField({ setting, input }: { setting: SettingShape; input: Input }) {
  const { t } = useWords();
  const shown = settingForm(setting);
  const given = input as object;
  // An option explains itself where its words do not.
  const hintOf = (option: string) => {
    const key = `settings.${setting.key}.${option}.hint`;
    const hint = t(key);
    return hint === key ? undefined : hint;
  };
  switch (shown.kind) {
    case 'choice':
      return (
        <Radio.Group label={t('settings.value')} {...given}>
          <Stack gap={8} mt={6}>
            {shown.options.map((option) => (
              <Radio
                key={option}
                value={option}
                label={t(`settings.${setting.key}.${option}`)}
                description={hintOf(option)}
              />
            ))}
          </Stack>
        </Radio.Group>
      );
    case 'share':
      return <PercentField label={t('settings.value')} decimalScale={2} data-autofocus {...given} />;
    case 'day':
      return <DayField label={t('settings.value')} description={t('settings.day-or-none')} {...given} />;
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
          {...given}
        />
      );
  }
}
