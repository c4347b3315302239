import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField, PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { SteeringTabs } from '../../steering/pages/steering-tabs.tsx';
import { objectiveNames } from '../../steering/rules/objectives.ts';
import {
  addResidence,
  type Commitments,
  commit,
  getCommitments,
  listResidences,
  takeResidenceOff,
} from '../contract.ts';

type Objective = Commitments['objectives'][number];
type Residence = ReplyOf<typeof listResidences>['items'][number];
const tones: { [State in Objective['state']]: Tone } = { reached: 'green', missed: 'amber', 'not-measured': 'neutral' };
const residenceTones: { [State in Residence['state']]: Tone } = {
  listed: 'green',
  'to-renew': 'amber',
  over: 'neutral',
  'taken-off': 'neutral',
};

/** Mixité sociale: what the conventions of each territory ask of the landlord, how far the year is, the listed residences. */
export default function CommitmentsPage() {
  const { t, word, rate, day } = useWords();
  const { organisationId } = useActor();
  const client = useQueryClient();
  const [state, setState] = useListState();
  const [asked, setAsked] = useState<number | null>(null);
  const [committing, setCommitting] = useState<Objective | 'new' | null>(null);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Residence | null>(null);
  const query = useQuery({
    queryKey: ['flow-commitments', organisationId, asked],
    queryFn: () => call(getCommitments, { query: asked === null ? {} : { year: asked } }),
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { year, today, objectives, can } = query.data;
  const thisYear = Number(today.slice(0, 4));
  const years = [thisYear + 1, thisYear, thisYear - 1, thisYear - 2].map(String);
  const done = () => {
    setCommitting(null);
    setAdding(false);
    setRemoving(null);
    client.invalidateQueries();
  };
  const columns: Column<Residence>[] = [
    {
      key: 'residence',
      title: t('commitments.residence'),
      render: (row) => <TwoLines first={row.name ?? row.reference} second={`${row.municipality} · ${row.reference}`} />,
    },
    {
      key: 'first-quartile',
      title: t('orientation.first-quartile'),
      align: 'right',
      render: (row) => (row.firstQuartileRate ? rate(row.firstQuartileRate) : <span className="dim">–</span>),
    },
    { key: 'until', title: t('commitments.until'), sort: 'until', render: (row) => day(row.untilDay) },
    {
      key: 'state',
      title: t('commitments.state'),
      render: (row) => <Tag tone={residenceTones[row.state]}>{word('residence-state', row.state)}</Tag>,
    },
    { key: 'source', title: t('commitments.source'), render: (row) => row.source },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('commitments.take-off')}</span>,
      align: 'right',
      render: (row) =>
        can.commit && (row.state === 'listed' || row.state === 'to-renew') ? (
          <QuietButton size="compact-sm" onClick={() => setRemoving(row)}>
            {t('commitments.take-off')}
          </QuietButton>
        ) : null,
    },
  ];
  return (
    <Page
      title={t('commitments.title', { count: objectives.filter((one) => one.committed).length, year: String(year) })}
      context={t('commitments.context')}
      actions={
        <>
          <SteeringTabs />
          <Select
            aria-label={t('commitments.year')}
            data={years}
            value={String(year)}
            allowDeselect={false}
            w={100}
            onChange={(next) => setAsked(Number(next))}
          />
          {can.commit && year >= thisYear && (
            <Button onClick={() => setCommitting('new')}>{t('commitments.add')}</Button>
          )}
        </>
      }
    >
      <Crumbs title={t('commitments.crumb')} />
      <Stack gap={14}>
        <Panel title={t('commitments.progress')} aside={t('commitments.progress-hint')} flush={objectives.length > 0}>
          {objectives.length === 0 ? (
            <Empty title={t('commitments.none')}>{t('commitments.none-hint')}</Empty>
          ) : (
            <PlainTable<Objective>
              caption={t('commitments.progress')}
              rows={objectives}
              rowKey={(row) => `${row.place} ${row.objective}`}
              columns={[
                { title: t('commitments.place'), render: (row) => <span className="strong">{row.name}</span> },
                { title: t('commitments.objective'), render: (row) => word('stake', row.objective) },
                {
                  title: t('commitments.asked'),
                  render: (row) => (
                    <>
                      {rate(row.target)}{' '}
                      <span className="dim">
                        {row.committed
                          ? t('commitments.by-cia', { source: row.committed.source })
                          : t('commitments.by-law')}
                      </span>
                    </>
                  ),
                },
                {
                  title: t('commitments.leases'),
                  align: 'right',
                  render: (row) => t('commitments.met-of', { met: row.met, known: row.known }),
                },
                {
                  title: t('commitments.rate'),
                  align: 'right',
                  render: (row) => (row.rate ? rate(row.rate) : <span className="dim">–</span>),
                },
                {
                  title: t('commitments.state'),
                  render: (row) => (
                    <>
                      <Tag tone={tones[row.state]}>{word('objective-state', row.state)}</Tag>{' '}
                      <Why steps={row.steps as Step[]} />
                    </>
                  ),
                },
                {
                  title: <span className="visually-hidden">{t('commitments.change')}</span>,
                  align: 'right',
                  render: (row) =>
                    can.commit && year >= thisYear ? (
                      <QuietButton size="compact-sm" onClick={() => setCommitting(row)}>
                        {t('commitments.change')}
                      </QuietButton>
                    ) : null,
                },
              ]}
            />
          )}
        </Panel>
        <Panel
          title={t('commitments.residences')}
          aside={
            can.commit ? (
              <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
                {t('commitments.add-residence')}
              </Button>
            ) : (
              t('commitments.residences-hint')
            )
          }
          flush
        >
          <ListTable<Residence>
            list="flow.listed-residences"
            endpoint={listResidences}
            columns={columns}
            state={state}
            onState={setState}
            searchable={false}
            rowKey={(row) => row.id}
            narrow={(row) => (
              <div>
                <span className="strong">{row.name ?? row.reference}</span>{' '}
                <Tag tone={residenceTones[row.state]}>{word('residence-state', row.state)}</Tag>
                <div className="dim">
                  {row.municipality} · {t('commitments.until-day', { until: day(row.untilDay) })}
                </div>
              </div>
            )}
            empty={<Empty title={t('commitments.no-residence')}>{t('commitments.no-residence-hint')}</Empty>}
          />
        </Panel>
      </Stack>
      {committing && (
        <CommitForm
          key={committing === 'new' ? 'new' : committing.place + committing.objective}
          commitments={query.data}
          given={committing === 'new' ? null : committing}
          onClose={() => setCommitting(null)}
          onDone={done}
        />
      )}
      {adding && <ResidenceForm onClose={() => setAdding(false)} onDone={done} />}
      {removing && <RemovalForm residence={removing} onClose={() => setRemoving(null)} onDone={done} />}
    </Page>
  );
}

type Drawer = { onClose(): void; onDone(): void };

function CommitForm({
  commitments: { year, places },
  given,
  ...drawer
}: Drawer & { commitments: Commitments; given: Objective | null }) {
  const { t, word } = useWords();
  return (
    <FormDrawer
      {...drawer}
      opened
      title={t('commitments.form', { year: String(year) })}
      submitLabel={t('commitments.save')}
      initial={{
        place: (given?.place ?? null) as string | null,
        objective: given?.objective ?? ('first-quartile' as Objective['objective']),
        percent: (given?.committed ? Math.round(Number(given.committed.share) * 1_000_000) / 10_000 : '') as
          | number
          | string,
        source: given?.committed?.source ?? '',
      }}
      submit={({ place, objective, percent, source }, key) =>
        call(commit, {
          key,
          body: {
            year,
            place: place ?? '',
            objective,
            share: percent === '' ? null : String(Math.round(Number(percent) * 10_000) / 1_000_000),
            source,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('commitments.form-hint')}</p>
          <Select
            label={t('commitments.place')}
            data={places.map(({ code, name }) => ({ value: code, label: name }))}
            searchable
            required
            {...form.getInputProps('place')}
          />
          <Select
            label={t('commitments.objective')}
            data={objectiveNames.map((value) => ({ value, label: word('stake', value) }))}
            allowDeselect={false}
            {...form.getInputProps('objective')}
          />
          <PercentField
            label={t('commitments.share')}
            description={t('commitments.share-hint')}
            {...form.getInputProps('percent')}
            error={form.errors.share}
          />
          <TextInput
            label={t('commitments.source')}
            description={t('commitments.source-hint')}
            required
            {...form.getInputProps('source')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

function ResidenceForm(drawer: Drawer) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...drawer}
      opened
      title={t('commitments.add-residence')}
      submitLabel={t('commitments.list-residence')}
      initial={{ buildingReference: '', fromDay: '', source: '' }}
      submit={(body, key) => call(addResidence, { key, body })}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('commitments.residences-hint')}</p>
          <TextInput
            label={t('commitments.reference')}
            required
            data-autofocus
            {...form.getInputProps('buildingReference')}
          />
          <DayField label={t('commitments.from')} required {...form.getInputProps('fromDay')} />
          <TextInput
            label={t('commitments.source')}
            description={t('commitments.source-hint')}
            required
            {...form.getInputProps('source')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

function RemovalForm({ residence, onClose, onDone }: Drawer & { residence: Residence }) {
  const { t } = useWords();
  return (
    <FormDrawer
      opened
      onClose={onClose}
      onDone={onDone}
      title={t('commitments.take-off-title', { name: residence.name ?? residence.reference })}
      submitLabel={t('commitments.take-off')}
      initial={{ reason: '' }}
      submit={(body, key) => call(takeResidenceOff, { key, params: { id: residence.id }, body })}
    >
      {(form) => (
        <TextInput label={t('commitments.reason')} required data-autofocus {...form.getInputProps('reason')} />
      )}
    </FormDrawer>
  );
}
