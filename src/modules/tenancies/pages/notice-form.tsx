import { NumberInput, Radio, Stack, Textarea } from '@mantine/core';
import { isLocalDate, type LocalDate } from '../../../kernel/local-date.ts';
import { Problem } from '../../../kernel/problem.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { Panel } from '../../../ui/parts.tsx';
import { readable } from '../../../ui/timeline.tsx';
import { Steps } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { noticeParty, recordNotice, withdrawNotice } from '../contract.ts';
import { noticePeriod } from '../rules/notice-period.ts';
import classes from './notice-form.module.css';

type Tenancy = { id: string; household: string; address: string; startsOn: string; version: number };

type Values = { givenBy: string; receivedOn: string; months: number | string; agreedEnd: string; reason: string };

/** Records a notice: the last day of the lease is shown, with its computation, before anything is written. */
export function NoticeForm({
  tenancy,
  ...props
}: {
  tenancy: Tenancy;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  return (
    <FormDrawer
      {...props}
      title={t('notices.of', { name: tenancy.household })}
      submitLabel={t('notices.record-now')}
      draft={`tenancies.notice.${tenancy.id}`}
      initial={{ givenBy: 'tenant', receivedOn: today as string, months: '', agreedEnd: '', reason: '' } as Values}
      version={tenancy.version}
      submit={(values, key, version) =>
        call(recordNotice, {
          params: { id: tenancy.id },
          key,
          body: {
            givenBy: values.givenBy as 'tenant',
            receivedOn: values.receivedOn as LocalDate,
            reason: values.reason,
            version,
            ...(values.givenBy === 'agreement'
              ? values.agreedEnd && { agreedEnd: values.agreedEnd as LocalDate }
              : values.months !== '' && { months: Number(values.months) }),
          },
        })
      }
    >
      {(form) => {
        const agreed = form.values.givenBy === 'agreement';
        return (
          <Stack gap="sm">
            <p className="dim">{tenancy.address}</p>
            <Radio.Group label={t('notices.given-by')} {...form.getInputProps('givenBy')}>
              <Stack gap={6} mt={6}>
                {noticeParty.options.map((party) => (
                  <Radio key={party} value={party} label={word('notice-party', party)} />
                ))}
              </Stack>
            </Radio.Group>
            <DayField
              label={t(agreed ? 'notices.agreed-on' : 'notices.received-on')}
              max={today}
              required
              {...form.getInputProps('receivedOn')}
            />
            {agreed ? (
              <DayField
                label={t('notices.agreed-end')}
                description={t('notices.agreed-end-hint')}
                min={form.values.receivedOn}
                {...form.getInputProps('agreedEnd')}
              />
            ) : (
              <NumberInput
                label={t('notices.months')}
                description={t('notices.months-hint')}
                min={0}
                max={12}
                allowDecimal={false}
                {...form.getInputProps('months')}
              />
            )}
            <Textarea label={t('notices.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
            <LastDay tenancy={tenancy} values={form.values} />
          </Stack>
        );
      }}
    </FormDrawer>
  );
}

/** The same rule as the server's, so that the day shown is the day that will be written. */
function LastDay({ tenancy, values }: { tenancy: Tenancy; values: Values }) {
  const words = useWords();
  const { t, day } = words;
  const { jurisdiction } = useActor();
  const { receivedOn, agreedEnd, months } = values;
  if (!isLocalDate(receivedOn)) return null;
  try {
    const { result, steps } = noticePeriod({
      jurisdiction: jurisdiction as 'be-bru',
      givenBy: values.givenBy as 'tenant',
      receivedOn,
      agreedEnd: isLocalDate(agreedEnd) ? agreedEnd : undefined,
      leaseStartsOn: tenancy.startsOn as LocalDate,
      months: months === '' || values.givenBy === 'agreement' ? undefined : Number(months),
    });
    return (
      <div aria-live="polite">
        <Panel tone="accent" title={t('notices.last-day', { on: day(result.endsOn) })} flush>
          <Steps steps={steps} />
        </Panel>
      </div>
    );
  } catch (refusal) {
    if (!(refusal instanceof Problem)) throw refusal;
    return (
      <p className={classes.refusal} role="status">
        {t(`problems.${refusal.code}.detail`, readable(refusal.params, words))}
      </p>
    );
  }
}

/** The household stays after all: its lease runs on, the vacancy is cancelled. */
export function WithdrawNoticeForm({
  notice,
  name,
  ...props
}: {
  notice: { id: string; version: number };
  name: string;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...props}
      danger
      title={t('notices.withdraw-of', { name })}
      submitLabel={t('notices.withdraw')}
      initial={{ reason: '' }}
      version={notice.version}
      submit={(values, key, version) =>
        call(withdrawNotice, { params: { id: notice.id }, key, body: { reason: values.reason, version } })
      }
    >
      {(form) => (
        <Textarea
          label={t('notices.reason')}
          description={t('notices.withdraw-hint')}
          autosize
          minRows={3}
          required
          data-autofocus
          {...form.getInputProps('reason')}
        />
      )}
    </FormDrawer>
  );
}
