import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { decideSetting, getFrame, proposeSetting } from '../../modules/flow/governance/contract.ts';
import { CountingTabs } from '../../modules/flow/points/pages/counting-tabs.tsx';
import { SettingField } from '../../modules/organisations/pages/setting-field.tsx';
import { LevelTag, Lock, SettingName } from '../../modules/organisations/pages/setting-name.tsx';
import { settingFromTyped, settingInWords, settingTyped } from '../../modules/organisations/pages/setting-value.ts';
import { settingThemes } from '../../modules/organisations/rules/setting-frames.ts';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { DayField } from '../../ui/fields.tsx';
import { FormDrawer } from '../../ui/form.tsx';
import { Empty, Page, PageSkeleton, Panel, QuietButton } from '../../ui/parts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { ProblemPage } from '../../ui/problem-page.tsx';
import { Tag, type Tone } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.tsx';
import classes from './frame-page.module.css';

type Frame = ReplyOf<typeof getFrame>;
type Setting = Frame['settings'][number];
type Proposal = Frame['proposals'][number];
type Decision = Proposal['open'][number];
type Asking = { setting: Setting; isGivenBack: boolean };
type Deciding = { proposal: Proposal; decision: Decision };

/** Cadre et réglages: the values in force for the flow, who fixed them, and the changes proposed with what each party said. */
export default function FramePage() {
  const { t } = useWords();
  const { organisationKind } = useActor();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const query = useQuery({ queryKey: ['frame'], queryFn: () => call(getFrame) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const frame = query.data;
  const isState = organisationKind === 'state';
  const title = t(isState ? 'frame.title-state' : 'nav.frame');
  const done = () => {
    setAsking(null);
    setDeciding(null);
    client.invalidateQueries();
  };
  return (
    <Page
      title={title}
      context={
        isState
          ? t('frame.context-state', { count: frame.governed.length })
          : t(organisationKind === 'landlord' ? 'frame.context-landlord' : 'frame.context-holder')
      }
      actions={<CountingTabs />}
    >
      <Crumbs title={title} />
      <Stack gap={14}>
        <Proposals frame={frame} onDecide={setDeciding} />
        {settingThemes.map((theme) => (
          <Theme key={theme} theme={theme} frame={frame} onAsk={setAsking} />
        ))}
      </Stack>
      {asking && <ProposalForm asking={asking} frame={frame} onClose={() => setAsking(null)} onDone={done} />}
      {deciding && <DecisionForm deciding={deciding} frame={frame} onClose={() => setDeciding(null)} onDone={done} />}
    </Page>
  );
}

const underWay = ['waiting', 'blocked', 'arbitration'];

function Proposals({ frame, onDecide }: { frame: Frame; onDecide(deciding: Deciding): void }) {
  const { t } = useWords();
  const title = t('frame.proposals');
  const current = frame.proposals.filter(({ state }) => underWay.includes(state));
  const past = frame.proposals.filter(({ state }) => !underWay.includes(state));
  const isAnswer = ({ open }: Proposal) => open.some((decision) => decision !== 'withdrawn');
  const sorted = [...current.filter(isAnswer), ...current.filter((proposal) => !isAnswer(proposal))];
  return (
    <Panel title={title} flush>
      {sorted.length === 0 ? (
        <Empty title={t('frame.proposals-none')}>{t('frame.proposals-none-hint')}</Empty>
      ) : (
        <ProposalTable title={title} proposals={sorted} frame={frame} onDecide={onDecide} />
      )}
      {past.length > 0 && (
        <details className={classes.past}>
          <summary>{t('frame.history', { count: past.length })}</summary>
          <ProposalTable title={t('frame.history', { count: past.length })} proposals={past} frame={frame} />
        </details>
      )}
    </Panel>
  );
}

const tones: Record<Proposal['state'], Tone> = {
  waiting: 'blue',
  blocked: 'amber',
  arbitration: 'violet',
  adopted: 'green',
  dismissed: 'red',
  withdrawn: 'neutral',
};

function ProposalTable({
  title,
  proposals,
  frame,
  onDecide,
}: {
  title: string;
  proposals: Proposal[];
  frame: Frame;
  onDecide?(deciding: Deciding): void;
}) {
  const { t, day, word } = useWords();
  return (
    <PlainTable
      caption={title}
      stacks
      rows={proposals}
      rowKey={(proposal) => proposal.id}
      columns={[
        {
          title: t('frame.setting'),
          width: '26%',
          render: (proposal) => <Proposed proposal={proposal} frame={frame} />,
        },
        {
          title: t('frame.why'),
          width: '30%',
          render: (proposal) => (
            <div className={classes.lines}>
              <span>{t('settings.quoted', { text: proposal.reason })}</span>
              {proposal.source && <span className="dim">{t('frame.source', { source: proposal.source })}</span>}
              <span className="dim">
                {t('frame.proposed-by', { name: proposal.proposer, on: day(proposal.proposedOn) })}
                {proposal.scope === 'regional' && ` · ${t('frame.for-landlords', { count: proposal.landlords })}`}
              </span>
            </div>
          ),
        },
        {
          title: t('frame.answers'),
          render: (proposal) => <Answers proposal={proposal} />,
        },
        ...(onDecide
          ? [
              {
                title: <span className="visually-hidden">{t('frame.actions')}</span>,
                align: 'right' as const,
                render: (proposal: Proposal) => (
                  <Group gap={6} justify="flex-end">
                    {proposal.open.map((decision, index) => (
                      <Button
                        key={decision}
                        size="xs"
                        variant={index === 0 && decision !== 'withdrawn' ? 'filled' : 'default'}
                        onClick={() => onDecide({ proposal, decision })}
                      >
                        {word('setting-act', decision)}
                      </Button>
                    ))}
                  </Group>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

/** What is proposed, in the words of the setting, and from which day. */
function Proposed({ proposal, frame }: { proposal: Proposal; frame: Frame }) {
  const words = useWords();
  const { t, day } = words;
  const setting = frame.settings.find(({ key }) => key === proposal.key);
  const value =
    proposal.value === null || !setting
      ? t('frame.given-back')
      : t('frame.proposed-value', { value: settingInWords(setting, proposal.value, words) });
  return (
    <div className={classes.lines}>
      <span className="strong">{t(`settings.${proposal.key}`)}</span>
      <span>{value}</span>
      <span className="dim">{t('frame.from', { on: day(proposal.validFrom) })}</span>
    </div>
  );
}

/** So many names are written; the others are counted. */
const namesShown = 4;

function Answers({ proposal }: { proposal: Proposal }) {
  const { t, day, word } = useWords();
  const { waiting } = proposal;
  const names = waiting.slice(0, namesShown).join(', ');
  const more = waiting.length - namesShown;
  return (
    <div className={classes.lines}>
      <span>
        <Tag tone={tones[proposal.state]}>{word('setting-proposal', proposal.state)}</Tag>
      </span>
      {proposal.decisions.map(({ party, decision, reason, at }) => (
        <span key={party + decision}>
          {party} <span className="dim">{word('setting-decision', decision)}</span>{' '}
          <span className="dim nowrap">{day(at.slice(0, 10))}</span>
          {reason && <span className="dim"> – {reason}</span>}
        </span>
      ))}
      {waiting.length > 0 && (
        <span className="dim">
          {t('frame.waiting', {
            on: day(proposal.answerBy),
            names: more > 0 ? t('frame.waiting-more', { names, count: more }) : names,
          })}
        </span>
      )}
    </div>
  );
}

function Theme({
  theme,
  frame,
  onAsk,
}: {
  theme: (typeof settingThemes)[number];
  frame: Frame;
  onAsk(asking: Asking): void;
}) {
  const { t, word } = useWords();
  const title = word('setting-theme', theme);
  const settings = frame.settings.filter((setting) => setting.frame.theme === theme);
  if (settings.length === 0) return null;
  const acts = settings.some(({ canPropose }) => canPropose);
  return (
    <Panel title={title} flush>
      <PlainTable
        caption={title}
        stacks
        rows={settings}
        rowKey={(setting) => setting.key}
        columns={[
          { title: t('frame.setting'), width: '48%', render: (setting) => <SettingName setting={setting} /> },
          { title: t('frame.level'), render: (setting) => <LevelTag level={setting.frame.level} /> },
          { title: t('frame.value'), render: (setting) => <Values setting={setting} /> },
          ...(acts
            ? [
                {
                  title: <span className="visually-hidden">{t('frame.actions')}</span>,
                  align: 'right' as const,
                  render: (setting: Setting) => <Acts setting={setting} onAsk={onAsk} />,
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

function Acts({ setting, onAsk }: { setting: Setting; onAsk(asking: Asking): void }) {
  const { t } = useWords();
  const name = t(`settings.${setting.key}`);
  return (
    <Group gap={6} justify="flex-end">
      {setting.canPropose && (
        <QuietButton
          size="compact-sm"
          aria-label={t('frame.propose-of', { name })}
          onClick={() => onAsk({ setting, isGivenBack: false })}
        >
          {t('frame.propose')}
        </QuietButton>
      )}
      {setting.canGiveBack && (
        <QuietButton
          size="compact-sm"
          aria-label={t('frame.give-back-of', { name })}
          onClick={() => onAsk({ setting, isGivenBack: true })}
        >
          {t('frame.give-back')}
        </QuietButton>
      )}
    </Group>
  );
}

/** The value in force; where landlords differ, each with those that have it. */
function Values({ setting }: { setting: Setting }) {
  const words = useWords();
  const { t, day } = words;
  const { organisationKind } = useActor();
  if (setting.values.length === 0)
    return (
      <div className={classes.lines}>
        <span className="strong">{settingInWords(setting, setting.byDefault, words)}</span>
        <span className="dim">{t('frame.no-landlord')}</span>
      </div>
    );
  return (
    <div className={classes.values}>
      {setting.values.map((group) => (
        <div key={group.landlords.join()} className={classes.lines}>
          <span className="strong">{settingInWords(setting, group.value, words)}</span>
          {group.origin === 'regional' ? (
            <span className={classes.fixed}>
              <Lock /> {t('frame.fixed-since', { name: group.fixedBy ?? '', on: day(group.since ?? '') })}
            </span>
          ) : (
            <span className="dim">
              {group.origin === 'own' ? t('frame.own-since', { on: day(group.since ?? '') }) : t('frame.by-default')}
            </span>
          )}
          {group.reason && <span className="dim">{t('settings.quoted', { text: group.reason })}</span>}
          {group.source && <span className="dim">{t('frame.source', { source: group.source })}</span>}
          {group.next && (
            <span className={classes.next}>
              {t('frame.next', { value: settingInWords(setting, group.next.value, words), on: day(group.next.on) })}
            </span>
          )}
          {organisationKind !== 'landlord' && (
            <span className="dim">
              {group.landlords.length <= namesShown
                ? group.landlords.join(', ')
                : t('frame.at-landlords', { count: group.landlords.length })}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

type ProposalValues = { value: string | number; validFrom: string; reason: string; source: string };

function ProposalForm({
  asking: { setting, isGivenBack },
  frame,
  onClose,
  onDone,
}: {
  asking: Asking;
  frame: Frame;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  const { today, organisationKind } = useActor();
  const isState = organisationKind === 'state';
  const name = t(`settings.${setting.key}`);
  const days = frame.settings.find(({ key }) => key === 'flow.approval-days')?.values[0]?.value;
  return (
    <FormDrawer<ProposalValues, unknown>
      opened
      onClose={onClose}
      onDone={onDone}
      title={isGivenBack ? t('frame.give-back-of', { name }) : name}
      submitLabel={t(isState ? 'frame.submit-state' : 'frame.submit-landlord')}
      initial={{
        value: settingTyped(setting, setting.values[0]?.value ?? setting.byDefault),
        validFrom: today,
        reason: '',
        source: '',
      }}
      submit={(values, key) =>
        call(proposeSetting, {
          key,
          body: {
            key: setting.key,
            value: isGivenBack ? null : settingFromTyped(setting, values.value),
            validFrom: values.validFrom as LocalDate,
            reason: values.reason,
            source: values.source || null,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t(`settings.${setting.key}.hint`)}</p>
          <p className="dim">{isState ? t('frame.asked-state') : t('frame.asked-landlord', { days: String(days) })}</p>
          {!isGivenBack && <SettingField setting={setting} input={form.getInputProps('value')} />}
          <DayField label={t('frame.valid-from')} required min={today} {...form.getInputProps('validFrom')} />
          <Textarea
            label={t('frame.reason')}
            description={t('frame.reason-hint')}
            autosize
            minRows={2}
            maxLength={500}
            required
            {...form.getInputProps('reason')}
          />
          {isState && (
            <TextInput
              label={t('frame.source-field')}
              description={t('frame.source-hint')}
              maxLength={200}
              required
              {...form.getInputProps('source')}
            />
          )}
        </Stack>
      )}
    </FormDrawer>
  );
}

function DecisionForm({
  deciding: { proposal, decision },
  frame,
  onClose,
  onDone,
}: {
  deciding: Deciding;
  frame: Frame;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const label = word('setting-act', decision);
  return (
    <FormDrawer
      opened
      onClose={onClose}
      onDone={onDone}
      title={label}
      submitLabel={label}
      danger={['refused', 'unfavourable', 'dismissed', 'withdrawn'].includes(decision)}
      initial={{ reason: '' }}
      submit={({ reason }, key) =>
        call(decideSetting, { key, params: { id: proposal.id }, body: { decision, reason: reason || null } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <Proposed proposal={proposal} frame={frame} />
          <p className="dim">{t('settings.quoted', { text: proposal.reason })}</p>
          <Textarea
            label={t('frame.answer-reason')}
            description={t('frame.answer-reason-hint')}
            autosize
            minRows={2}
            maxLength={500}
            required={!['approved', 'favourable'].includes(decision)}
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
