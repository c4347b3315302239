import { NumberInput, Radio, Select, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addDays, isLocalDate, type LocalDate, latest } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField, EuroField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { ProblemAlert } from '../../../ui/parts.tsx';
import { Steps } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import {
  addToAgenda,
  answerOffer,
  baseClass,
  classifyVacancy,
  listSessions,
  offerChannel,
  planWorks,
  sendOffer,
  signLease,
  withdrawProposal,
} from '../contract.ts';
import { answerDeadline } from '../rules/deadlines.ts';
import type { Vacancy } from './vacancy-page.tsx';

type FormProps = { vacancy: Vacancy; opened: boolean; onClose(): void; onDone(): void };

export function WorksForm({ vacancy, ...rest }: FormProps) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      title={t('vacancies.plan-works')}
      submitLabel={t('vacancies.save-works')}
      initial={{ worksUntil: vacancy.worksUntil ?? '', worksDoneOn: vacancy.worksDoneOn ?? '' }}
      submit={(values) =>
        call(planWorks, {
          params: { id: vacancy.id },
          body: {
            worksUntil: (values.worksUntil || null) as never,
            worksDoneOn: (values.worksDoneOn || null) as never,
            version: vacancy.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <DayField label={t('vacancies.works-until')} {...form.getInputProps('worksUntil')} />
          <DayField
            label={t('vacancies.works-done-on')}
            description={t('vacancies.works-done-hint')}
            {...form.getInputProps('worksDoneOn')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

export function ClassifyForm({ vacancy, ...rest }: FormProps) {
  const { t, word } = useWords();
  return (
    <FormDrawer
      {...rest}
      title={t('vacancies.classify')}
      submitLabel={t('vacancies.save-class')}
      initial={{ baseClass: vacancy.baseClass as string, reason: '' }}
      submit={(values) =>
        call(classifyVacancy, {
          params: { id: vacancy.id },
          body: { baseClass: values.baseClass as never, reason: values.reason, version: vacancy.version },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <Select
            label={t('vacancies.base')}
            description={t('vacancies.base-hint')}
            data={baseClass.options
              .filter((value) => value !== 'not-applicable')
              .map((value) => ({ value, label: word('base-class', value) }))}
            allowDeselect={false}
            {...form.getInputProps('baseClass')}
          />
          <Textarea label={t('vacancies.reason')} autosize minRows={2} required {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

export function WithdrawProposalForm({ vacancy, ...rest }: FormProps) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      danger
      title={t('vacancies.withdraw-proposal')}
      submitLabel={t('vacancies.withdraw-now', { name: vacancy.proposal?.holder ?? '' })}
      initial={{ reason: '' }}
      submit={(values) =>
        call(withdrawProposal, {
          params: { id: vacancy.id },
          body: { reason: values.reason, version: vacancy.version },
        })
      }
    >
      {(form) => (
        <Textarea
          label={t('vacancies.reason')}
          description={t('vacancies.withdraw-hint')}
          autosize
          minRows={3}
          required
          {...form.getInputProps('reason')}
        />
      )}
    </FormDrawer>
  );
}

/** Puts the vacancy before a sitting that is still open to new items. */
export function ScheduleForm({ vacancy, ...rest }: FormProps) {
  const { t, day } = useWords();
  const sessions = useQuery({
    queryKey: ['sessions-open'],
    queryFn: () => call(listSessions, { query: { state: ['preparing', 'open'], limit: 50 } }),
    enabled: rest.opened,
  });
  const items = sessions.data?.items ?? [];
  return (
    <FormDrawer
      {...rest}
      title={t('vacancies.schedule')}
      submitLabel={t('vacancies.put-on-agenda')}
      initial={{ sessionId: '' }}
      submit={(values) => call(addToAgenda, { params: { id: values.sessionId }, body: { vacancyId: vacancy.id } })}
    >
      {(form) => (
        <Stack gap="sm">
          <ProblemAlert problem={sessions.error} />
          {sessions.data && items.length === 0 && (
            <p>
              {t('vacancies.no-session')} <Link to="/commissions">{t('vacancies.plan-session')}</Link>
            </p>
          )}
          <Radio.Group label={t('vacancies.which-session')} required {...form.getInputProps('sessionId')}>
            <Stack gap={8} mt={6}>
              {items.map((session) => (
                <Radio
                  key={session.id}
                  value={session.id}
                  label={`${session.reference} · ${day(session.heldOn)}`}
                  description={t('sessions.items', { count: session.items })}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Offers the dwelling to the next in rank; shows the last day to answer and how it is counted, before it is sent. */
export function OfferForm({ vacancy, ...rest }: FormProps) {
  const { t, word } = useWords();
  const { today, jurisdiction } = useActor();
  const next = nextInRank(vacancy);
  if (!next) return null;
  return (
    <FormDrawer
      {...rest}
      title={t('offers.to', { name: `${next.familyName} ${next.givenName}`, rank: next.decision?.rank ?? 1 })}
      submitLabel={t('offers.send')}
      initial={{
        channel: 'letter',
        sentOn: today as string,
        notifiedOn: today as string,
        responseDays: 10 as number | string,
      }}
      submit={(values, key) =>
        call(sendOffer, {
          params: { id: vacancy.id },
          key,
          body: {
            candidateId: next.id,
            channel: values.channel as 'letter',
            sentOn: values.sentOn as LocalDate,
            notifiedOn: values.notifiedOn as LocalDate,
            responseDays: Number(values.responseDays),
            version: vacancy.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <Select
            label={t('offers.channel')}
            data={offerChannel.options.map((value) => ({ value, label: word('channel', value) }))}
            allowDeselect={false}
            {...form.getInputProps('channel')}
          />
          <DayField label={t('offers.sent-on')} {...form.getInputProps('sentOn')} />
          <DayField
            label={t('offers.notified-on')}
            description={t('offers.notified-hint')}
            {...form.getInputProps('notifiedOn')}
          />
          <NumberInput label={t('offers.days')} min={1} max={60} {...form.getInputProps('responseDays')} />
          <DeadlinePreview
            jurisdiction={jurisdiction}
            notifiedOn={form.values.notifiedOn}
            days={Number(form.values.responseDays)}
          />
          <p className="dim">{t('offers.letter-language', { language: t(`values.language.${next.language}`) })}</p>
        </Stack>
      )}
    </FormDrawer>
  );
}

/** The same rule as the server's, so that what is shown is what will be. */
function DeadlinePreview({
  jurisdiction,
  notifiedOn,
  days,
}: {
  jurisdiction: string;
  notifiedOn: string;
  days: number;
}) {
  if (!isLocalDate(notifiedOn) || !Number.isInteger(days) || days < 1 || days > 60) return null;
  let steps: Step[];
  try {
    steps = answerDeadline({ jurisdiction: jurisdiction as 'be-bru', notifiedOn, days }).steps;
  } catch {
    return null;
  }
  return <Steps steps={steps} />;
}

/** The household to whom the dwelling is offered now. */
export const nextInRank = (vacancy: Vacancy) =>
  vacancy.candidates
    .filter((candidate) => ['granted', 'ranked', 'conditional'].includes(candidate.state) && candidate.decision?.rank)
    .sort((a, b) => a.decision!.rank! - b.decision!.rank!)[0];

export function AnswerForm({ vacancy, ...rest }: FormProps) {
  const { t, day } = useWords();
  const { today } = useActor();
  const offer = vacancy.offers.find(({ state }) => state === 'pending');
  if (!offer) return null;
  const candidate = vacancy.candidates.find(({ id }) => id === offer.candidateId);
  return (
    <FormDrawer
      {...rest}
      title={t('offers.answer-of', { name: `${candidate?.familyName} ${candidate?.givenName}` })}
      submitLabel={t('offers.save-answer')}
      initial={{ answer: 'accepted', on: today as string, reason: '' }}
      submit={(values, key) =>
        call(answerOffer, {
          params: { id: offer.id },
          key,
          body: {
            answer: values.answer as 'accepted',
            on: values.on as LocalDate,
            reason: values.reason || null,
            version: offer.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t('offers.answer-until', { on: day(offer.answerBy) })}</p>
          <Radio.Group label={t('offers.answer')} {...form.getInputProps('answer')}>
            <Stack gap={6} mt={6}>
              <Radio value="accepted" label={t('offers.accepted')} />
              <Radio value="refused" label={t('offers.refused')} />
            </Stack>
          </Radio.Group>
          <DayField label={t('offers.answered-on')} {...form.getInputProps('on')} />
          <Textarea label={t('offers.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Signs the lease. The first rent is computed by the server's own rule and shown on the lease. */
export function LeaseForm({ vacancy, ...rest }: FormProps) {
  const { t, day } = useWords();
  const { today, jurisdiction } = useActor();
  const accepted = vacancy.candidates.find(({ state }) => state === 'accepted');
  if (!accepted) return null;
  const earliest = latest(addDays(vacancy.freeOn as LocalDate, 1), today);
  return (
    <FormDrawer
      {...rest}
      title={t('lease.with', { name: `${accepted.familyName} ${accepted.givenName}` })}
      submitLabel={t('lease.sign')}
      initial={{
        kind: jurisdiction === 'be-bru' ? 'primary-residence' : 'social',
        signedOn: today as string,
        startsOn: earliest as string,
        years: (jurisdiction === 'be-bru' ? 9 : '') as number | string,
        rentCents: vacancy.rentCents as number | null,
        chargesCents: vacancy.chargesCents as number | null,
      }}
      submit={(values, key) =>
        call(signLease, {
          params: { id: vacancy.id },
          key,
          body: {
            kind: values.kind as 'social',
            signedOn: values.signedOn as LocalDate,
            startsOn: values.startsOn as LocalDate,
            years: values.years === '' ? null : Number(values.years),
            rentCents: values.rentCents ?? 0,
            chargesCents: values.chargesCents ?? 0,
            version: vacancy.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('lease.free-after', { on: day(vacancy.freeOn) })}</p>
          <Select
            label={t('lease.kind')}
            data={['primary-residence', 'short-term', 'transit', 'social'].map((value) => ({
              value,
              label: t(`values.tenancy-kind.${value}`),
            }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <DayField label={t('lease.signed-on')} {...form.getInputProps('signedOn')} />
          <DayField
            label={t('lease.starts-on')}
            description={t('lease.starts-hint')}
            {...form.getInputProps('startsOn')}
          />
          <NumberInput
            label={t('lease.years')}
            description={t('lease.years-hint')}
            min={1}
            max={99}
            {...form.getInputProps('years')}
          />
          <EuroField label={t('lease.rent')} {...form.getInputProps('rentCents')} />
          <EuroField label={t('lease.charges')} {...form.getInputProps('chargesCents')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
