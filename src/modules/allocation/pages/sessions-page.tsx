import { ActionIcon, Button, Checkbox, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { addDays, type LocalDate } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { DayField } from '../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../ui/form.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useWords } from '../../../ui/words.tsx';
import { listPeople } from '../../organisations/contract.ts';
import { capacity, getSession, listSessions, planSession } from '../contract.ts';
import classes from './sessions-page.module.css';

export type SessionItem = ReplyOf<typeof listSessions>['items'][number];

export const sessionTones: Record<string, Tone> = {
  preparing: 'blue',
  open: 'violet',
  closed: 'amber',
  signed: 'green',
  cancelled: 'neutral',
};

/** Commissions: the sittings of the committee, those to come and those held. */
export default function SessionsPage() {
  const { t, word, day } = useWords();
  const { may } = useActor();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [state, setState] = useListState();
  const [planning, setPlanning] = useState(false);
  const chosen = valuesOf(state, 'state');
  const toggle = (value: string) => setState({ ...state, state: chosen.includes(value) ? undefined : value });

  const columns: Column<SessionItem>[] = [
    {
      key: 'reference',
      title: t('sessions.session'),
      render: (row) => (
        <TwoLines first={row.reference} second={word('session-kind', row.kind)} href={`/commissions/${row.id}`} />
      ),
    },
    {
      key: 'held',
      title: t('sessions.held-on'),
      sort: 'held',
      render: (row) => [day(row.heldOn), row.heldAt].filter(Boolean).join(', '),
    },
    { key: 'place', title: t('sessions.place'), render: (row) => row.place ?? <span className="dim">–</span> },
    {
      key: 'items',
      title: t('sessions.dwellings'),
      align: 'right',
      render: (row) => t('sessions.decided-of', { decided: row.decided, items: row.items }),
    },
    {
      key: 'state',
      title: t('sessions.state'),
      render: (row) => <Tag tone={sessionTones[row.state]}>{word('session-state', row.state)}</Tag>,
    },
  ];

  return (
    <Page
      title={t('sessions.title')}
      context={t('sessions.context')}
      actions={may('committee.manage') && <Button onClick={() => setPlanning(true)}>{t('sessions.plan')}</Button>}
    >
      <Crumbs title={t('nav.sessions')} />
      <ListTable<SessionItem>
        list="allocation.sessions"
        endpoint={listSessions}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        href={(row) => `/commissions/${row.id}`}
        rowKey={(row) => row.id}
        chips={(['preparing', 'open', 'closed', 'signed'] as const).map((value) => (
          <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
            {word('session-state', value)}
          </Chip>
        ))}
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/commissions/$id" params={{ id: row.id }} className="strong">
              {row.reference}
            </Link>
            <Tag tone={sessionTones[row.state]}>{word('session-state', row.state)}</Tag>
            <span className="dim">
              {day(row.heldOn)} · {t('sessions.items', { count: row.items })}
            </span>
          </div>
        )}
        empty={
          <Empty
            title={t('sessions.empty')}
            action={may('committee.manage') && <Button onClick={() => setPlanning(true)}>{t('sessions.plan')}</Button>}
          >
            {t('sessions.empty-hint')}
          </Empty>
        }
      />
      <PlanForm
        opened={planning}
        onClose={() => setPlanning(false)}
        onDone={(id) => {
          client.invalidateQueries();
          navigate({ to: '/commissions/$id', params: { id } });
        }}
      />
    </Page>
  );
}

type MemberValues = { name: string; capacity: string; voting: boolean; chair: boolean; userId: string | null };
type PlanValues = { heldOn: string; heldAt: string; place: string; quorum: number | string; members: MemberValues[] };

/** Plans a sitting; its members are those of the last one, to be changed where needed. */
function PlanForm({ opened, onClose, onDone }: { opened: boolean; onClose(): void; onDone(id: string): void }) {
  const { t } = useWords();
  const { today } = useActor();
  const last = useQuery({
    queryKey: ['last-session'],
    enabled: opened,
    queryFn: async () => {
      const { items } = await call(listSessions, { query: { order: 'desc', limit: 1 } });
      return items[0] ? call(getSession, { params: { id: items[0].id } }) : null;
    },
  });
  if (!opened || last.isPending) return null;
  const members: MemberValues[] = last.data?.members.map(({ name, capacity: as, voting, chair, userId }) => ({
    name,
    capacity: as,
    voting,
    chair,
    userId,
  })) ?? [{ name: '', capacity: 'board', voting: true, chair: true, userId: null }];
  return (
    <FormDrawer<PlanValues, { id: string }>
      opened
      onClose={onClose}
      size={620}
      title={t('sessions.plan')}
      submitLabel={t('sessions.plan')}
      draft="allocation.plan-session"
      initial={{
        heldOn: addDays(today, 7),
        heldAt: last.data?.heldAt ?? '14:00',
        place: last.data?.place ?? '',
        quorum: last.data?.quorum ?? 3,
        members,
      }}
      submit={(values, key) =>
        call(planSession, {
          key,
          body: {
            heldOn: values.heldOn as LocalDate,
            heldAt: values.heldAt || null,
            place: values.place || null,
            quorum: Number(values.quorum),
            members: values.members.filter(({ name }) => name.trim()) as never,
          },
        })
      }
      onDone={({ id }) => onDone(id)}
    >
      {(form) => (
        <Stack gap="sm">
          <Group grow align="flex-start">
            <DayField label={t('sessions.held-on')} {...form.getInputProps('heldOn')} />
            <TextInput label={t('sessions.at')} type="time" {...form.getInputProps('heldAt')} />
          </Group>
          <Group grow align="flex-start">
            <TextInput label={t('sessions.place')} {...form.getInputProps('place')} />
            <NumberInput
              label={t('sessions.quorum')}
              description={t('sessions.quorum-hint')}
              min={1}
              max={15}
              {...form.getInputProps('quorum')}
            />
          </Group>
          <Members form={form} />
        </Stack>
      )}
    </FormDrawer>
  );
}

function Members({ form }: { form: Form<PlanValues> }) {
  const { t, word } = useWords();
  const people = useQuery({ queryKey: ['people'], queryFn: () => call(listPeople) });
  const users =
    people.data?.members.map((member) => ({
      value: member.userId,
      label: `${member.givenName} ${member.familyName}`,
    })) ?? [];
  return (
    <fieldset className={classes.members}>
      <legend>{t('sessions.members')}</legend>
      <p className="dim">{t('sessions.members-hint')}</p>
      {form.values.members.map((member, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while they are typed
        <div key={index} className={classes.member}>
          <TextInput
            aria-label={t('sessions.member-name')}
            placeholder={t('sessions.member-name')}
            {...form.getInputProps(`members.${index}.name`)}
          />
          <Select
            aria-label={t('sessions.capacity')}
            data={capacity.options.map((value) => ({ value, label: word('capacity', value) }))}
            allowDeselect={false}
            {...form.getInputProps(`members.${index}.capacity`)}
          />
          <Select
            aria-label={t('sessions.account')}
            placeholder={t('sessions.account')}
            data={users}
            clearable
            searchable
            {...form.getInputProps(`members.${index}.userId`)}
          />
          <Checkbox
            label={t('sessions.votes')}
            {...form.getInputProps(`members.${index}.voting`, { type: 'checkbox' })}
          />
          <Checkbox
            label={t('sessions.chairs')}
            checked={member.chair}
            onChange={() =>
              form.setFieldValue(
                'members',
                form.values.members.map((other, at) => ({ ...other, chair: at === index })),
              )
            }
          />
          <ActionIcon
            aria-label={t('sessions.remove-member', { name: member.name })}
            onClick={() => form.removeListItem('members', index)}
          >
            ×
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        onClick={() =>
          form.insertListItem('members', { name: '', capacity: 'board', voting: true, chair: false, userId: null })
        }
      >
        {t('sessions.add-member')}
      </Button>
    </fieldset>
  );
}
