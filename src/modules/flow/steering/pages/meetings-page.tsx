import { Button, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page } from '../../../../ui/parts.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { useTotal } from '../../../../ui/use-total.ts';
import { useWords } from '../../../../ui/words.tsx';
import { listMeetings, meetingKind, meetingState, planMeeting } from '../contract.ts';
import classes from './actions-page.module.css';
import { SteeringTabs } from './steering-tabs.tsx';
import { Understand } from './understand.tsx';

type Item = ReplyOf<typeof listMeetings>['items'][number];

export const meetingTones: Record<string, Tone> = {
  draft: 'neutral',
  called: 'blue',
  held: 'green',
  cancelled: 'neutral',
};

/** Réunions: the meetings of the partners of the flow, those to come and those held (F-84). */
export default function MeetingsPage() {
  const { t, word, day } = useWords();
  const { may, organisationKind } = useActor();
  const navigate = useNavigate();
  const [state, setState] = useListState();
  const [planning, setPlanning] = useState(false);
  const chosen = valuesOf(state, 'state');
  const called = useTotal(listMeetings, { state: ['called'] } as never);
  const manages = organisationKind === 'landlord' && may('flow.manage-steering');
  const toggle = (value: string) =>
    setState({ ...state, state: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] });
  const when = (row: Item) => [day(row.heldOn), row.heldAt].filter(Boolean).join(', ');
  const plan = manages && <Button onClick={() => setPlanning(true)}>{t('meetings.plan')}</Button>;

  const columns: Column<Item>[] = [
    {
      key: 'title',
      title: t('meetings.meeting'),
      render: (row) => (
        <TwoLines
          first={row.title}
          second={`${row.reference} · ${word('meeting-kind', row.kind)}`}
          href={`/reunions/${row.id}`}
        />
      ),
    },
    { key: 'held', title: t('meetings.held-on'), sort: 'held', width: 150, render: when },
    { key: 'place', title: t('meetings.place'), width: 180, render: (row) => row.place ?? '–' },
    {
      key: 'organiser',
      title: t('meetings.organiser'),
      width: 180,
      hidden: manages,
      render: (row) => row.organiser,
    },
    {
      key: 'participants',
      title: t('meetings.participants'),
      align: 'right',
      width: 100,
      render: (row) => row.participants,
    },
    { key: 'decisions', title: t('meetings.decisions'), align: 'right', width: 100, render: (row) => row.decisions },
    {
      key: 'state',
      title: t('meetings.state'),
      width: 120,
      render: (row) => <Tag tone={meetingTones[row.state]}>{word('meeting-state', row.state)}</Tag>,
    },
  ];

  return (
    <Page
      title={called ? t('meetings.title', { count: called.count }) : t('meetings.tab')}
      context={t('meetings.context')}
      actions={
        <>
          <SteeringTabs />
          {plan}
        </>
      }
    >
      <Crumbs title={t('meetings.tab')} />
      <ListTable<Item>
        list="flow.meetings"
        endpoint={listMeetings}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        href={(row) => `/reunions/${row.id}`}
        rowKey={(row) => row.id}
        chips={meetingState.options.map((value) => (
          <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
            {word('meeting-state', value)}
          </Chip>
        ))}
        narrow={(row) => (
          <div className={classes.card}>
            <Link to="/reunions/$id" params={{ id: row.id }} className="strong">
              {row.title}
            </Link>
            <Tag tone={meetingTones[row.state]}>{word('meeting-state', row.state)}</Tag>
            <span className="dim">
              {when(row)} · {word('meeting-kind', row.kind)}
            </span>
          </div>
        )}
        empty={
          <Empty title={t('meetings.empty')} action={plan}>
            {t(manages ? 'meetings.empty-hint' : 'meetings.empty-invited')}
          </Empty>
        }
      />
      <Understand topic="meetings" />
      <FormDrawer
        opened={planning}
        onClose={() => setPlanning(false)}
        onDone={({ id }) => navigate({ to: '/reunions/$id', params: { id } })}
        title={t('meetings.plan')}
        submitLabel={t('meetings.plan-save')}
        initial={{ kind: 'follow-up' as Item['kind'], title: '', heldOn: '', heldAt: '10:00', place: '' }}
        submit={(values, key) => call(planMeeting, { key, body: values })}
      >
        {(form) => (
          <Stack gap="sm">
            <p className="dim">{t('meetings.plan-hint')}</p>
            <Select
              label={t('meetings.kind')}
              data={meetingKind.options.map((value) => ({ value, label: word('meeting-kind', value) }))}
              allowDeselect={false}
              {...form.getInputProps('kind')}
            />
            <TextInput label={t('meetings.subject')} required data-autofocus {...form.getInputProps('title')} />
            <SimpleGrid cols={2}>
              <DayField label={t('meetings.held-on')} required {...form.getInputProps('heldOn')} />
              <TextInput type="time" label={t('meetings.held-at')} {...form.getInputProps('heldAt')} />
            </SimpleGrid>
            <TextInput label={t('meetings.place')} {...form.getInputProps('place')} />
          </Stack>
        )}
      </FormDrawer>
    </Page>
  );
}
