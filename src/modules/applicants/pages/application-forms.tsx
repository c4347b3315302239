import { Select, Stack, Textarea } from '@mantine/core';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { exitApplication, exitCause, reinstateApplication } from '../contract.ts';
import type { Application } from './household-values.ts';

type FormProps = { application: Application; opened: boolean; onClose(): void; onDone(): void };

/** Takes an application off the register, with a day, a cause and a reason. */
export function ExitForm({ application, ...props }: FormProps) {
  const { t, word } = useWords();
  const { today } = useActor();
  return (
    <FormDrawer
      {...props}
      danger
      title={t('applicants.exit-of', { name: `${application.familyName} ${application.givenName}` })}
      submitLabel={t('applicants.exit-now')}
      initial={{ on: today as string, cause: 'withdrawn', reason: '' }}
      version={application.version}
      submit={(values, key, version) =>
        call(exitApplication, {
          params: { id: application.id },
          key,
          body: { on: values.on as LocalDate, cause: values.cause as 'withdrawn', reason: values.reason, version },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t('applicants.exit-hint')}</p>
          <DayField label={t('applicants.exit-on')} max={today} required {...form.getInputProps('on')} />
          <Select
            label={t('applicants.exit-cause')}
            data={exitCause.options
              .filter((value) => value !== 'housed')
              .map((value) => ({ value, label: word('exit-cause', value) }))}
            allowDeselect={false}
            {...form.getInputProps('cause')}
          />
          <Textarea
            label={t('applicants.reason')}
            description={t('applicants.reason-hint')}
            autosize
            minRows={3}
            required
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Puts an application back on the register, at the place its day of registration gives. */
export function ReinstateForm({ application, ...props }: FormProps) {
  const { t, day } = useWords();
  return (
    <FormDrawer
      {...props}
      title={t('applicants.reinstate-of', { name: `${application.familyName} ${application.givenName}` })}
      submitLabel={t('applicants.reinstate')}
      initial={{ reason: '' }}
      version={application.version}
      submit={(values, key, version) =>
        call(reinstateApplication, { params: { id: application.id }, key, body: { reason: values.reason, version } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p>
            {application.registeredOn
              ? t('applicants.reinstate-hint', { on: day(application.registeredOn) })
              : t('applicants.reinstate-incomplete')}
          </p>
          <Textarea
            label={t('applicants.reason')}
            description={t('applicants.reason-hint')}
            autosize
            minRows={3}
            required
            data-autofocus
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
