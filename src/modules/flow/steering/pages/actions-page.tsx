import { Button, Drawer, Select, Stack, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Facts, Page, PageSkeleton, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { useTotal } from '../../../../ui/use-total.ts';
import { useWords } from '../../../../ui/words.tsx';
import { actionState, getAction, listActions, moveAction } from '../contract.ts';
import { ActionForm, type Drift } from './action-form.tsx';
import { ActionTag } from './action-tag.tsx';
import classes from './actions-page.module.css';
import { signed } from './agreement-standing.tsx';
import { SteeringTabs } from './steering-tabs.tsx';
import { Understand } from './understand.tsx';

type Item = ReplyOf<typeof listActions>['items'][number];
type Action = ReplyOf<typeof getAction>;

const isLate = (action: Pick<Item, 'dueOn' | 'state'>, today: string) =>
  action.dueOn < today && (action.state === 'open' || action.state === 'under-way');

/** Actions correctives: what was decided when results drifted, by whom, before when, and what became of it (F-83). */
export default function ActionsPage() {
  const words = useWords();
  const { t, day, word, fixed } = words;
  const { may, today, organisationKind } = useActor();
  const [{ action, ...state }, setState] = useListState();
  const [deciding, setDeciding] = useState<Drift | null>(null);
  const chosen = valuesOf(state, 'state');
  const late = useTotal(listActions, { late: 'true' } as never);
  const toggle = (value: string) =>
    setState({ ...state, state: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] });
  const open = (id: string | undefined) => setState({ ...state, action: id });

  const columns: Column<Item>[] = [
    {
      key: 'title',
      title: t('actions.action'),
      render: (row) => (
        <TwoLines first={row.title} second={[row.holder, row.place].filter(Boolean).join(' · ') || '–'} />
      ),
    },
    {
      key: 'gap',
      title: t('actions.gap'),
      align: 'right',
      width: 110,
      render: (row) => (row.gap ? signed(fixed, Number(row.gap)) : '–'),
    },
    { key: 'owner', title: t('actions.owner'), width: 170, render: (row) => row.owner },
    { key: 'decided', title: t('actions.decided-on'), width: 110, hidden: true, render: (row) => day(row.decidedOn) },
    { key: 'due', title: t('actions.due'), sort: 'due', width: 110, render: (row) => day(row.dueOn) },
    {
      key: 'state',
      title: t('actions.state'),
      width: 140,
      render: (row) => <ActionTag state={row.state} late={isLate(row, today)} />,
    },
  ];

  return (
    <Page
      title={late ? t('actions.title', { count: late.count }) : t('actions.tab')}
      context={t(organisationKind === 'landlord' ? 'actions.context' : 'actions.context-holder')}
      actions={
        <>
          <SteeringTabs />
          {may('flow.manage-steering') && (
            <Button onClick={() => setDeciding({ agreementId: null, drift: null })}>{t('actions.decide')}</Button>
          )}
        </>
      }
    >
      <Crumbs title={t('actions.tab')} />
      <ListTable<Item>
        list="flow.actions"
        endpoint={listActions}
        columns={columns}
        state={state}
        onState={setState}
        searchable={false}
        onOpen={(row) => open(row.id)}
        rowKey={(row) => row.id}
        chips={
          <>
            <Chip
              on={state.late === 'true'}
              count={late?.count}
              onClick={() => setState({ ...state, late: state.late ? undefined : 'true' })}
            >
              {t('actions.only-late')}
            </Chip>
            {actionState.options.map((value) => (
              <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
                {word('action-state', value)}
              </Chip>
            ))}
          </>
        }
        narrow={(row) => (
          <button type="button" className={classes.card} onClick={() => open(row.id)}>
            <span className="strong">{row.title}</span>
            <ActionTag state={row.state} late={isLate(row, today)} />
            <span className="dim">
              {row.owner} · {day(row.dueOn)}
            </span>
          </button>
        )}
        empty={<Empty title={t('actions.empty')}>{t('actions.empty-hint')}</Empty>}
      />
      <Understand topic="actions" />
      <Drawer
        opened={typeof action === 'string'}
        onClose={() => open(undefined)}
        size={520}
        title={t('actions.one')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {typeof action === 'string' && <ActionRecord id={action} />}
      </Drawer>
      <ActionForm drift={deciding} onClose={() => setDeciding(null)} />
    </Page>
  );
}

/** One action: what had drifted, what was decided, its history. */
function ActionRecord({ id }: { id: string }) {
  const { t, day, moment, fixed, word } = useWords();
  const { today } = useActor();
  const [moving, setMoving] = useState(false);
  const record = useQuery({ queryKey: ['action', id], queryFn: () => call(getAction, { params: { id } }) });
  if (record.error) return <ProblemAlert problem={record.error} onRetry={() => record.refetch()} />;
  if (record.isPending) return <PageSkeleton />;
  const action = record.data;
  const { drift } = action;
  return (
    <div className={classes.record}>
      <h2>
        {action.title} <ActionTag state={action.state} late={isLate(action, today)} />
      </h2>
      <p>{action.decided}</p>
      <Facts
        facts={[
          [t('actions.owner'), action.owner],
          [t('actions.due'), day(action.dueOn)],
          [t('actions.decided-on'), day(action.decidedOn)],
          [t('actions.holder'), action.holder],
          action.holder ? [t('actions.shared-short'), t(action.shared ? 'values.yes' : 'values.no')] : null,
        ]}
      />
      {drift && (
        <Panel title={t('actions.drift')}>
          <Facts
            facts={[
              [t('actions.place'), drift.place],
              [t('actions.figures'), t('cockpit.of-due', { proposed: drift.proposed, due: fixed(drift.due) })],
              [t('actions.gap'), signed(fixed, Number(drift.gap))],
              [t('actions.on'), day(drift.on)],
            ]}
          />
        </Panel>
      )}
      {action.can.change && <Button onClick={() => setMoving(true)}>{t('actions.move')}</Button>}
      <Panel title={t('actions.history')}>
        <ol className={classes.history}>
          {action.steps.map((step) => (
            <li key={step.id}>
              <ActionTag state={step.state} />{' '}
              <span className="strong">{t('actions.due-on', { on: day(step.dueOn) })}</span>
              {step.note && <p>« {step.note} »</p>}
              <span className="dim">
                <time dateTime={step.at}>{moment(step.at)}</time> · {step.by}
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      <MoveForm action={action} opened={moving} onClose={() => setMoving(false)} states={word} />
    </div>
  );
}

function MoveForm({
  action,
  opened,
  onClose,
  states,
}: {
  action: Action;
  opened: boolean;
  onClose(): void;
  states(list: string, value: string): string;
}) {
  const { t } = useWords();
  const client = useQueryClient();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={() => {
        client.invalidateQueries();
        onClose();
      }}
      title={t('actions.move')}
      submitLabel={t('actions.move-save')}
      version={action.version}
      initial={{ state: action.state as string, dueOn: action.dueOn, note: '' }}
      submit={(values, key, version) =>
        call(moveAction, {
          key,
          params: { id: action.id },
          body: { ...values, state: values.state as Action['state'], version },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <Select
            label={t('actions.state')}
            data={actionState.options.map((value) => ({ value, label: states('action-state', value) }))}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps('state')}
          />
          <DayField label={t('actions.due')} required {...form.getInputProps('dueOn')} />
          <Textarea label={t('actions.note')} autosize minRows={3} {...form.getInputProps('note')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
