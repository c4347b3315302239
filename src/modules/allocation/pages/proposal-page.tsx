import { Button, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { addDays, daysBetween, type LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { DayField, EuroField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { AsideLayout, Empty, Facts, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import {
  getProposal,
  nameCandidate,
  returnProposal,
  returnReason,
  transmitCandidates,
  withdrawCandidate,
} from '../contract.ts';
import { OwnApplicantSelect } from './own-applicant-select.tsx';
import { progressTones } from './proposals-page.tsx';

type Proposal = ReplyOf<typeof getProposal>;

const expectedCandidates = 3;

/** A dwelling proposed: what it is, until when, the candidates named, and handing them over. */
export default function ProposalPage() {
  const words = useWords();
  const { t, word, day, cents, number } = words;
  const { today } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [act, setAct] = useState<'name' | 'transmit' | 'return' | null>(null);
  const query = useQuery({ queryKey: ['proposal', id], queryFn: () => call(getProposal, { params: { id } }) });
  const refresh = () => {
    setAct(null);
    return client.invalidateQueries();
  };
  const remove = useMutation({
    mutationFn: (candidateId: string) => call(withdrawCandidate, { params: { id, candidateId } }),
    onSuccess: refresh,
  });
  const send = useMutation({
    mutationFn: () =>
      call(transmitCandidates, { params: { id }, body: { reason: null, version: query.data!.version } }),
    onSuccess: refresh,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const proposal = query.data;
  const { can, candidates } = proposal;
  const left = daysBetween(today, proposal.nominateBy as LocalDate);
  const enough = candidates.length >= expectedCandidates;

  return (
    <Page
      title={`${proposal.address}, ${proposal.municipality}`}
      context={[
        proposal.rooms && `T${proposal.rooms}`,
        proposal.areaM2 && `${number(proposal.areaM2)} m²`,
        proposal.funding,
        proposal.inPriorityArea ? t('proposals.in-area') : t('proposals.outside-area'),
        proposal.landlord,
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <>
          <Tag tone={progressTones[proposal.progress]}>{word('progress', proposal.progress)}</Tag>
          {can.return && <QuietButton onClick={() => setAct('return')}>{t('proposals.return')}</QuietButton>}
          {can.name && (
            <Button variant={enough ? 'default' : 'filled'} onClick={() => setAct('name')}>
              {t('proposals.name')}
            </Button>
          )}
          {can.transmit && (
            <Button
              variant={enough ? 'filled' : 'default'}
              loading={send.isPending}
              onClick={() => (enough ? send.mutate() : setAct('transmit'))}
            >
              {t('proposals.transmit', { count: candidates.length })}
            </Button>
          )}
        </>
      }
    >
      <Crumbs
        title={proposal.address}
        path={[{ label: 'list', link: <Link to="/propositions">{t('nav.proposals')}</Link> }]}
      />
      <AsideLayout
        aside={
          <Panel title={t('proposals.about')}>
            <Facts
              facts={[
                [
                  t('proposals.deadline'),
                  <span key="d">
                    {day(proposal.nominateBy)}{' '}
                    {proposal.state === 'open' && `(${t('proposals.days', { count: left })})`}{' '}
                    <Why steps={proposal.deadlineSteps as Step[]}>?</Why>
                  </span>,
                ],
                [t('proposals.proposed'), day(proposal.proposedOn)],
                [t('proposals.free'), day(proposal.freeOn)],
                [t('proposals.rent'), cents(proposal.rentCents)],
                [t('proposals.charges'), cents(proposal.chargesCents)],
                [t('proposals.floor'), proposal.floor === null ? null : String(proposal.floor)],
                [t('proposals.energy'), proposal.energyLabel],
                [t('proposals.built'), proposal.constructionYear === null ? null : String(proposal.constructionYear)],
                [t('proposals.accessible'), proposal.accessible ? t('values.yes') : t('values.no')],
                [t('proposals.agreement'), proposal.agreement],
                proposal.returnReason ? [t('proposals.returned'), proposal.returnReason] : null,
              ]}
            />
          </Panel>
        }
      >
        <ProblemAlert problem={remove.error ?? send.error} />
        <Panel
          title={t('candidates.title', { count: candidates.length })}
          aside={
            proposal.state === 'open' && !enough
              ? t('proposals.missing', { count: expectedCandidates - candidates.length })
              : undefined
          }
          flush
        >
          {candidates.length === 0 ? (
            <Empty
              title={t('proposals.no-candidate')}
              action={can.name && <Button onClick={() => setAct('name')}>{t('proposals.name')}</Button>}
            >
              {t('proposals.no-candidate-hint', { on: day(proposal.nominateBy) })}
            </Empty>
          ) : (
            <PlainTable
              caption={t('candidates.title', { count: candidates.length })}
              rows={candidates}
              rowKey={(candidate) => candidate.id}
              columns={[
                { title: t('candidates.order'), align: 'right', width: 50, render: (candidate) => candidate.position },
                {
                  title: t('candidates.household'),
                  render: (candidate) => (
                    <>
                      <span className="strong">
                        {candidate.familyName} {candidate.givenName}
                      </span>
                      <br />
                      <span className="dim">
                        {[
                          candidate.uniqueNumber,
                          candidate.holderRank !== null && t('candidates.holder-rank', { rank: candidate.holderRank }),
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </span>
                    </>
                  ),
                },
                { title: t('candidates.persons'), align: 'right', render: (candidate) => candidate.persons },
                {
                  title: t('candidates.income'),
                  align: 'right',
                  render: (candidate) => (candidate.incomeCents === null ? '–' : cents(candidate.incomeCents)),
                },
                {
                  title: t('candidates.class'),
                  render: (candidate) => (candidate.priorityGroup ? word('priority', candidate.priorityGroup) : '–'),
                },
                {
                  title: t('candidates.state'),
                  render: (candidate) => <Tag>{word('candidate-state', candidate.state)}</Tag>,
                },
                {
                  title: <span className="visually-hidden">{t('proposals.withdraw')}</span>,
                  align: 'right',
                  render: (candidate) =>
                    can.name && candidate.state === 'named' ? (
                      <QuietButton size="compact-xs" onClick={() => remove.mutate(candidate.id)}>
                        {t('proposals.withdraw')}
                      </QuietButton>
                    ) : null,
                },
              ]}
            />
          )}
        </Panel>
      </AsideLayout>
      <NameForm proposal={proposal} opened={act === 'name'} onClose={() => setAct(null)} onDone={refresh} />
      <FormDrawer
        opened={act === 'transmit'}
        onClose={() => setAct(null)}
        onDone={refresh}
        title={t('proposals.fewer-title', { count: candidates.length })}
        submitLabel={t('proposals.transmit', { count: candidates.length })}
        initial={{ reason: '' }}
        submit={(values) =>
          call(transmitCandidates, {
            params: { id },
            body: { reason: values.reason || null, version: proposal.version },
          })
        }
      >
        {(form) => (
          <Textarea
            label={t('proposals.fewer-reason')}
            description={t('proposals.fewer-hint')}
            autosize
            minRows={3}
            required
            {...form.getInputProps('reason')}
          />
        )}
      </FormDrawer>
      <FormDrawer
        opened={act === 'return'}
        onClose={() => setAct(null)}
        onDone={refresh}
        title={t('proposals.return')}
        submitLabel={t('proposals.return-now', { name: proposal.landlord })}
        initial={{ reason: 'no-candidate', detail: '' }}
        submit={(values) =>
          call(returnProposal, {
            params: { id },
            body: { reason: values.reason as 'other', detail: values.detail, version: proposal.version },
          })
        }
      >
        {(form) => (
          <Stack gap="sm">
            <p className="dim">{t('proposals.return-hint')}</p>
            <Select
              label={t('proposals.return-reason')}
              data={returnReason.options.map((value) => ({ value, label: word('return-reason', value) }))}
              allowDeselect={false}
              {...form.getInputProps('reason')}
            />
            <Textarea
              label={t('proposals.return-detail')}
              autosize
              minRows={2}
              required
              {...form.getInputProps('detail')}
            />
          </Stack>
        )}
      </FormDrawer>
    </Page>
  );
}

/** Names a candidate: taken from the holder's own list, or typed; several in series without leaving the form. */
function NameForm({
  proposal,
  opened,
  onClose,
  onDone,
}: {
  proposal: Proposal;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={(_, again) => (again ? client.invalidateQueries() : onDone())}
      title={t('proposals.name')}
      submitLabel={t('proposals.name-one')}
      saveAndNew
      draft={`allocation.name-candidate.${proposal.id}`}
      initial={{
        from: null as string | null,
        uniqueNumber: '',
        familyName: '',
        givenName: '',
        adults: 1 as number | string,
        children: 0 as number | string,
        incomeCents: null as number | null,
        incomeYear: (Number(today.slice(0, 4)) - 2) as number | string,
        priorityGroup: null as string | null,
        quartile: null as string | null,
        registeredOn: '',
        email: '',
        phone: '',
      }}
      submit={(values, key) =>
        call(nameCandidate, {
          params: { id: proposal.id },
          key,
          body: {
            uniqueNumber: values.uniqueNumber,
            familyName: values.familyName,
            givenName: values.givenName,
            adults: Number(values.adults),
            children: Number(values.children),
            incomeCents: values.incomeCents,
            incomeYear: values.incomeYear === '' ? null : Number(values.incomeYear),
            priorityGroup: values.priorityGroup,
            quartile: values.quartile === null ? null : Number(values.quartile),
            registeredOn: (values.registeredOn || null) as LocalDate | null,
            email: values.email || null,
            phone: values.phone || null,
            applicationId: values.from,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <OwnApplicantSelect
            chosen={form.values.from}
            onChoose={(item) =>
              form.setValues({
                from: item?.id ?? null,
                ...(item && {
                  familyName: item.familyName,
                  givenName: item.givenName,
                  uniqueNumber: item.uniqueNumber ?? '',
                  adults: item.adults,
                  children: item.children,
                  incomeCents: item.incomeCents,
                  priorityGroup: item.priorityGroup,
                  registeredOn: item.registeredOn ?? '',
                }),
              })
            }
          />
          <TextInput
            label={t('proposals.unique-number')}
            description={t('proposals.unique-number-hint')}
            required
            {...form.getInputProps('uniqueNumber')}
          />
          <TextInput label={t('proposals.family-name')} required {...form.getInputProps('familyName')} />
          <TextInput label={t('proposals.given-name')} required {...form.getInputProps('givenName')} />
          <NumberInput label={t('proposals.adults')} min={1} max={10} {...form.getInputProps('adults')} />
          <NumberInput label={t('proposals.children')} min={0} max={15} {...form.getInputProps('children')} />
          <EuroField
            label={t('proposals.income')}
            description={t('proposals.income-hint')}
            {...form.getInputProps('incomeCents')}
          />
          <NumberInput label={t('proposals.income-year')} {...form.getInputProps('incomeYear')} />
          <Select
            label={t('proposals.priority')}
            clearable
            data={['dalo', 'priority', 'worker'].map((value) => ({ value, label: t(`values.priority.${value}`) }))}
            {...form.getInputProps('priorityGroup')}
          />
          <Select
            label={t('proposals.quartile')}
            clearable
            data={['1', '2', '3', '4']}
            {...form.getInputProps('quartile')}
          />
          <DayField label={t('proposals.registered')} max={addDays(today, 0)} {...form.getInputProps('registeredOn')} />
          <TextInput label={t('proposals.email')} type="email" {...form.getInputProps('email')} />
          <TextInput label={t('proposals.phone')} type="tel" {...form.getInputProps('phone')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
