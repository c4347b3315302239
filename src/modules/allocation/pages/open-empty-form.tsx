import { Select, Stack, Textarea } from '@mantine/core';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { emptyCause, openEmptyDwelling } from '../contract.ts';

type Cause = (typeof emptyCause.options)[number];

/** Puts an empty dwelling on the road to its next lease. */
export function OpenEmptyForm({
  dwellingId,
  address,
  ...props
}: {
  dwellingId: string;
  address: string;
  opened: boolean;
  onClose(): void;
  onDone(vacancy: { id: string }): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  return (
    <FormDrawer
      {...props}
      title={t('vacancies.open-empty-title', { address })}
      submitLabel={t('vacancies.open-empty-now')}
      initial={{ cause: 'departure' as Cause, availableOn: today as string, reason: '' }}
      submit={({ cause, availableOn, reason }, key) =>
        call(openEmptyDwelling, {
          params: { id: dwellingId },
          key,
          body: { cause, availableOn, reason: reason || null },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('vacancies.open-empty-hint')}</p>
          <Select
            label={t('vacancies.open-empty-cause')}
            data={emptyCause.options.map((value) => ({ value, label: word('empty-cause', value) }))}
            allowDeselect={false}
            {...form.getInputProps('cause')}
          />
          <DayField label={t('vacancies.available-on')} required {...form.getInputProps('availableOn')} />
          <Textarea label={t('vacancies.open-empty-reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
