import { Checkbox, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BodyInputOf, ReplyOf } from '../../../kernel/endpoint.ts';
import { addDays } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { delegate, invitePerson, revokeDelegation, revokeInvitation, updateMember } from '../contract.ts';
import { fullName } from './full-name.ts';
import classes from './people-page.module.css';
import type { Delegation, Invitation, Member, People } from './people-page.tsx';

type FormProps = { opened: boolean; onClose(): void; onDone(): void };
type Role = Member['roles'][number];

/** Roles to give, each with what it opens. */
function RolesField({
  roles,
  label,
  description,
  ...input
}: {
  roles: readonly Role[];
  label: string;
  description?: ReactNode;
  value?: string[];
  onChange?(value: string[]): void;
  error?: ReactNode;
}) {
  const { t, word } = useWords();
  return (
    <Checkbox.Group label={label} description={description} withAsterisk {...input}>
      <Stack gap={8} mt={6}>
        {roles.map((role) => (
          <Checkbox
            key={role}
            value={role}
            label={word('role', role)}
            description={t(`role-hints.${role}`)}
            classNames={{ label: classes.role }}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

type InviteValues = { givenName: string; familyName: string; email: string; language: string; roles: string[] };

/** Invites a person; the answer carries the link to send. */
export function InviteForm({
  people,
  onDone,
  ...rest
}: Omit<FormProps, 'onDone'> & {
  people: People;
  onDone(invitation: ReplyOf<typeof invitePerson> & { name: string }): void;
}) {
  const { t, word, language } = useWords();
  return (
    <FormDrawer<InviteValues, ReplyOf<typeof invitePerson> & { name: string }>
      {...rest}
      onDone={onDone}
      title={t('people.invite')}
      submitLabel={t('people.make-link')}
      draft="organisations.invite"
      initial={{ givenName: '', familyName: '', email: '', language, roles: [] }}
      submit={async (values, key) => ({
        ...(await call(invitePerson, { key, body: values as BodyInputOf<typeof invitePerson> })),
        name: fullName(values),
      })}
    >
      {(form) => (
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput label={t('people.given-name')} required data-autofocus {...form.getInputProps('givenName')} />
            <TextInput label={t('people.family-name')} required {...form.getInputProps('familyName')} />
          </SimpleGrid>
          <TextInput
            label={t('people.email')}
            description={t('people.email-hint')}
            type="email"
            required
            {...form.getInputProps('email')}
          />
          <Select
            label={t('people.language')}
            data={['fr', 'nl', 'en'].map((code) => ({ value: code, label: word('language', code) }))}
            allowDeselect={false}
            {...form.getInputProps('language')}
          />
          <RolesField label={t('people.roles')} roles={people.availableRoles} {...form.getInputProps('roles')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Changes the roles of a person, the name of their job, the day they leave. */
export function MemberForm({ people, member, ...rest }: FormProps & { people: People; member: Member }) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      title={fullName(member)}
      submitLabel={t('people.save-member')}
      initial={{ roles: member.roles as string[], title: member.title ?? '', endsOn: member.endsOn ?? '' }}
      submit={(values) =>
        call(updateMember, {
          params: { userId: member.userId },
          body: {
            roles: values.roles as Role[],
            title: values.title || null,
            endsOn: values.endsOn || null,
            version: member.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <RolesField label={t('people.roles')} roles={people.availableRoles} {...form.getInputProps('roles')} />
          <TextInput
            label={t('people.job-title')}
            description={t('people.job-title-hint')}
            {...form.getInputProps('title')}
          />
          <DayField
            label={t('people.last-day')}
            description={t('people.last-day-hint')}
            {...form.getInputProps('endsOn')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

export function RevokeInvitationForm({ invitation, ...rest }: FormProps & { invitation: Invitation }) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      danger
      title={t('people.withdraw-of', { name: fullName(invitation) })}
      submitLabel={t('people.withdraw-now')}
      initial={{}}
      submit={() => call(revokeInvitation, { params: { id: invitation.id } })}
    >
      {() => <p>{t('people.withdraw-hint', { email: invitation.email })}</p>}
    </FormDrawer>
  );
}

type DelegationValues = { toUserId: string | null; roles: string[]; startsOn: string; endsOn: string; reason: string };

/** Lends one's own roles, or some of them, to a colleague for a time. */
export function DelegateForm({ people, ...rest }: FormProps & { people: People }) {
  const { t } = useWords();
  const { userId, today } = useActor();
  const own = people.members.find((member) => member.userId === userId)?.roles ?? [];
  const colleagues = people.members.filter(
    (member) => member.userId !== userId && (member.endsOn === null || member.endsOn >= today),
  );
  return (
    <FormDrawer<DelegationValues, unknown>
      {...rest}
      title={t('people.delegate')}
      submitLabel={t('people.delegate-now')}
      draft="organisations.delegate"
      initial={{ toUserId: null, roles: own, startsOn: today, endsOn: addDays(today, 14), reason: '' }}
      submit={(values, key) =>
        call(delegate, { key, body: { ...values, toUserId: values.toUserId ?? '', roles: values.roles as Role[] } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('people.delegation-hint')}</p>
          <Select
            label={t('people.colleague')}
            placeholder={t('people.choose-colleague')}
            data={colleagues.map((member) => ({ value: member.userId, label: fullName(member) }))}
            nothingFoundMessage={t('ui.nothing-matches')}
            searchable
            required
            {...form.getInputProps('toUserId')}
          />
          <RolesField label={t('people.roles-lent')} roles={own} {...form.getInputProps('roles')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <DayField label={t('people.from')} required min={today} {...form.getInputProps('startsOn')} />
            <DayField label={t('people.to')} required min={form.values.startsOn} {...form.getInputProps('endsOn')} />
          </SimpleGrid>
          <Textarea
            label={t('people.reason')}
            description={t('people.reason-hint')}
            autosize
            minRows={2}
            required
            {...form.getInputProps('reason')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

export function RevokeDelegationForm({ delegation, ...rest }: FormProps & { delegation: Delegation }) {
  const { t } = useWords();
  const names = { from: delegation.fromName, to: delegation.toName };
  return (
    <FormDrawer
      {...rest}
      danger
      title={t('people.stop-of', names)}
      submitLabel={t('people.stop-now')}
      initial={{}}
      submit={() => call(revokeDelegation, { params: { id: delegation.id } })}
    >
      {() => <p>{t('people.stop-hint', names)}</p>}
    </FormDrawer>
  );
}
