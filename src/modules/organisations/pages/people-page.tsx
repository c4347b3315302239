import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { CopyLine } from '../../../ui/copy-line.tsx';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useWords } from '../../../ui/words.tsx';
import { type invitePerson, listPeople } from '../contract.ts';
import { fullName } from './full-name.ts';
import { DelegateForm, InviteForm, MemberForm, RevokeDelegationForm, RevokeInvitationForm } from './people-forms.tsx';
import classes from './people-page.module.css';

export type People = ReplyOf<typeof listPeople>;
export type Member = People['members'][number];
export type Invitation = People['invitations'][number];
export type Delegation = People['delegations'][number];

type Act =
  | { kind: 'invite' }
  | { kind: 'delegate' }
  | { kind: 'change'; member: Member }
  | { kind: 'revoke-invitation'; invitation: Invitation }
  | { kind: 'revoke-delegation'; delegation: Delegation };

/** Équipe: who works here with which roles, who is invited, who acts for whom. */
export default function PeoplePage() {
  const { t } = useWords();
  const { today, organisationId } = useActor();
  const client = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const [sent, setSent] = useState<(ReplyOf<typeof invitePerson> & { name: string }) | null>(null);
  const people = useQuery({ queryKey: ['people', organisationId], queryFn: () => call(listPeople) });
  if (people.error) {
    return (
      <Page title={t('nav.people')}>
        <Crumbs title={t('nav.people')} />
        <ProblemAlert problem={people.error} onRetry={() => people.refetch()} />
      </Page>
    );
  }
  if (people.isPending) return <PageSkeleton />;

  const { members, invitations, delegations, can } = people.data;
  const present = members.filter((member) => !hasLeft(member, today));
  const close = () => setAct(null);
  const refresh = () => {
    close();
    return client.invalidateQueries();
  };

  return (
    <Page
      title={t('people.title', { count: present.length })}
      context={t(can.manage ? 'people.context' : 'people.context-delegations', {
        invitations: invitations.length,
        delegations: delegations.length,
      })}
      actions={
        <>
          {can.delegate && (
            <Button variant="default" onClick={() => setAct({ kind: 'delegate' })}>
              {t('people.delegate')}
            </Button>
          )}
          {can.manage && <Button onClick={() => setAct({ kind: 'invite' })}>{t('people.invite')}</Button>}
        </>
      }
    >
      <Crumbs title={t('nav.people')} />
      <div className={classes.column}>
        <MembersTable people={people.data} onChange={(member) => setAct({ kind: 'change', member })} />
        {invitations.length > 0 && (
          <InvitationsTable
            invitations={invitations}
            onRevoke={(invitation) => setAct({ kind: 'revoke-invitation', invitation })}
          />
        )}
        <DelegationsTable
          people={people.data}
          onRevoke={(delegation) => setAct({ kind: 'revoke-delegation', delegation })}
        />
      </div>
      <InviteForm
        people={people.data}
        opened={act?.kind === 'invite'}
        onClose={close}
        onDone={(invitation) => {
          setSent(invitation);
          refresh();
        }}
      />
      <DelegateForm people={people.data} opened={act?.kind === 'delegate'} onClose={close} onDone={refresh} />
      {act?.kind === 'change' && (
        <MemberForm people={people.data} member={act.member} opened onClose={close} onDone={refresh} />
      )}
      {act?.kind === 'revoke-invitation' && (
        <RevokeInvitationForm invitation={act.invitation} opened onClose={close} onDone={refresh} />
      )}
      {act?.kind === 'revoke-delegation' && (
        <RevokeDelegationForm delegation={act.delegation} opened onClose={close} onDone={refresh} />
      )}
      {sent && <InvitationLink {...sent} onClose={() => setSent(null)} />}
    </Page>
  );
}

const hasLeft = (member: Member, today: string): boolean => member.endsOn !== null && member.endsOn < today;

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function MembersTable({ people, onChange }: { people: People; onChange(member: Member): void }) {
  const { t, word, day } = useWords();
  const { today } = useActor();
  const [state, setState] = useListState();
  const roles = valuesOf(state, 'role');
  const former = people.members.filter((member) => hasLeft(member, today));
  const leftOnly = state.left !== undefined;
  const shown = people.members
    .filter((member) => hasLeft(member, today) === leftOnly)
    .filter((member) => roles.length === 0 || member.roles.some((role) => roles.includes(role)))
    .filter((member) =>
      folded(`${fullName(member)} ${member.email} ${member.title ?? ''}`).includes(folded(String(state.q ?? ''))),
    );
  return (
    <div>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          className={classes.search}
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          value={String(state.q ?? '')}
          onChange={(event) => setState({ ...state, q: event.currentTarget.value })}
        />
        <ChoiceChip
          label={t('people.roles')}
          options={people.availableRoles.map((role) => ({ value: role, label: word('role', role) }))}
          chosen={roles}
          onChange={(role) => setState({ ...state, role })}
        />
        {former.length > 0 && (
          <Chip
            on={leftOnly}
            count={former.length}
            onClick={() => setState({ ...state, left: leftOnly ? undefined : true })}
          >
            {t('people.left')}
          </Chip>
        )}
      </div>
      <Panel flush>
        {shown.length === 0 ? (
          <Empty title={t('ui.nothing-matches')}>{t('ui.nothing-matches-hint')}</Empty>
        ) : (
          <PlainTable
            caption={t('people.members')}
            rows={shown}
            rowKey={(member) => member.userId}
            columns={[
              {
                title: t('people.person'),
                render: (member) => <TwoLines first={fullName(member)} second={member.email} />,
              },
              {
                title: t('people.job-title'),
                render: (member) => (
                  <span className={classes.job}>{member.title ?? <span className="dim">–</span>}</span>
                ),
              },
              { title: t('people.roles'), render: (member) => <RoleTags roles={member.roles} /> },
              { title: t('people.since'), render: (member) => day(member.startsOn) },
              {
                title: t('people.until'),
                render: (member) => (member.endsOn ? day(member.endsOn) : <span className="dim">–</span>),
              },
              ...(people.can.manage
                ? [
                    {
                      title: <span className="visually-hidden">{t('people.change')}</span>,
                      align: 'right' as const,
                      render: (member: Member) => (
                        <QuietButton
                          size="compact-sm"
                          aria-label={t('people.change-of', { name: fullName(member) })}
                          onClick={() => onChange(member)}
                        >
                          {t('people.change')}
                        </QuietButton>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Panel>
    </div>
  );
}

export function RoleTags({ roles }: { roles: readonly string[] }) {
  const { word } = useWords();
  return (
    <span className={classes.tags}>
      {roles.map((role) => (
        <Tag key={role} tone={role === 'administrator' || role === 'director' ? 'green' : 'neutral'}>
          {word('role', role)}
        </Tag>
      ))}
    </span>
  );
}

function InvitationsTable({
  invitations,
  onRevoke,
}: {
  invitations: readonly Invitation[];
  onRevoke(invitation: Invitation): void;
}) {
  const { t, moment } = useWords();
  return (
    <Panel title={t('people.invitations', { count: invitations.length })} flush>
      <PlainTable
        caption={t('people.invitations', { count: invitations.length })}
        rows={invitations}
        rowKey={(invitation) => invitation.id}
        columns={[
          {
            title: t('people.person'),
            render: (invitation) => <TwoLines first={fullName(invitation)} second={invitation.email} />,
          },
          { title: t('people.roles'), render: (invitation) => <RoleTags roles={invitation.roles} /> },
          { title: t('people.link-valid-until'), render: (invitation) => moment(invitation.expiresAt) },
          {
            title: <span className="visually-hidden">{t('people.withdraw')}</span>,
            align: 'right',
            render: (invitation) => (
              <QuietButton
                size="compact-sm"
                aria-label={t('people.withdraw-of', { name: fullName(invitation) })}
                onClick={() => onRevoke(invitation)}
              >
                {t('people.withdraw')}
              </QuietButton>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function DelegationsTable({ people, onRevoke }: { people: People; onRevoke(delegation: Delegation): void }) {
  const { t, day } = useWords();
  const { userId, today } = useActor();
  const { delegations, can } = people;
  return (
    <Panel title={t('people.delegations', { count: delegations.length })} flush>
      {delegations.length === 0 ? (
        <p className={classes.hint}>
          {t('people.no-delegation')} {t('people.delegation-hint')}
        </p>
      ) : (
        <PlainTable
          caption={t('people.delegations', { count: delegations.length })}
          rows={delegations}
          rowKey={(delegation) => delegation.id}
          columns={[
            {
              title: t('people.delegation-from'),
              render: (delegation) => <span className="strong">{delegation.fromName}</span>,
            },
            {
              title: t('people.delegation-to'),
              render: (delegation) => <span className="strong">{delegation.toName}</span>,
            },
            { title: t('people.roles'), render: (delegation) => <RoleTags roles={delegation.roles} /> },
            {
              title: t('people.period'),
              render: (delegation) => (
                <span className="nowrap">
                  {t('people.from-to', { from: day(delegation.startsOn), to: day(delegation.endsOn) })}
                </span>
              ),
            },
            {
              title: t('people.state'),
              render: (delegation) =>
                delegation.startsOn > today ? (
                  <Tag tone="blue">{t('people.to-come')}</Tag>
                ) : (
                  <Tag tone="green">{t('people.running')}</Tag>
                ),
            },
            {
              title: t('people.reason'),
              render: (delegation) => <span className={classes.reason}>{delegation.reason}</span>,
            },
            {
              title: <span className="visually-hidden">{t('people.stop')}</span>,
              align: 'right',
              render: (delegation) =>
                (delegation.fromUserId === userId || can.manage) &&
                can.delegate && (
                  <QuietButton
                    size="compact-sm"
                    aria-label={t('people.stop-of', { from: delegation.fromName, to: delegation.toName })}
                    onClick={() => onRevoke(delegation)}
                  >
                    {t('people.stop')}
                  </QuietButton>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** The link of an invitation, shown once: the database keeps only its hash. */
function InvitationLink({
  name,
  link,
  expiresAt,
  mailed,
  onClose,
}: {
  name: string;
  link: string;
  expiresAt: string;
  mailed: boolean;
  onClose(): void;
}) {
  const { t, moment } = useWords();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(mailed ? 'people.mailed' : 'people.send-link', { name })}
      size={560}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <p className={classes.explanation}>
        {t(mailed ? 'people.mailed-hint' : 'people.link-hint', { until: moment(expiresAt) })}
      </p>
      <CopyLine label={t('people.link')} value={link} />
      <div className={classes.acts}>
        <Button onClick={onClose}>{t('ui.close')}</Button>
      </div>
    </Modal>
  );
}
