import { Button, PasswordInput, Select, SimpleGrid, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import {
  changePassword,
  confirmCodes,
  getMailPreference,
  prepareCodes,
  putMailPreference,
  removeCodes,
  updateProfile,
} from '../../modules/organisations/contract.ts';
import { call } from '../../ui/api.ts';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { FormDrawer } from '../../ui/form.tsx';
import { AsideLayout, Facts, Page, Panel, ProblemAlert } from '../../ui/parts.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.tsx';
import { type Session, useSession } from '../web/session.tsx';
import classes from './account-page.module.css';

const QrCode = lazy(() => import('./qr-code.tsx'));

type Act = 'profile' | 'password' | 'prepare-codes' | 'remove-codes';
type Prepared = ReplyOf<typeof prepareCodes>;

/** Mon compte: one's name and language, password, one-time codes, and for whom one may act. */
export default function AccountPage() {
  const { t, word } = useWords();
  const client = useQueryClient();
  const session = useSession();
  const [act, setAct] = useState<Act | null>(null);
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  const [changed, setChanged] = useState(false);
  const { user } = session;
  const close = () => setAct(null);
  const refresh = () => {
    close();
    setPrepared(null);
    return client.invalidateQueries();
  };
  const change = (next: Act, label: string) => (
    <Button variant="default" size="compact-sm" onClick={() => setAct(next)}>
      {t(label)}
    </Button>
  );

  return (
    <Page title={`${user.givenName} ${user.familyName}`} context={user.email}>
      <Crumbs title={t('shell.account')} />
      <div className={classes.width}>
        <AsideLayout aside={<Access session={session} />}>
          <Panel title={t('account.profile')} aside={change('profile', 'account.change-profile')}>
            <Facts
              facts={[
                [t('account.given-name'), user.givenName],
                [t('account.family-name'), user.familyName],
                [t('account.email'), user.email],
                [t('account.language'), word('language', user.language)],
              ]}
            />
          </Panel>
          <Panel title={t('account.password')} aside={change('password', 'account.change-password')}>
            <p role="status">{t(changed ? 'account.password-changed' : 'account.password-kept')}</p>
          </Panel>
          <Panel
            title={
              <>
                {t('account.codes')}{' '}
                <Tag tone={user.twoFactor ? 'green' : 'neutral'}>
                  {t(user.twoFactor ? 'account.codes-on' : 'account.codes-off')}
                </Tag>
              </>
            }
            aside={
              user.twoFactor
                ? change('remove-codes', 'account.remove-codes')
                : change('prepare-codes', 'account.set-up-codes')
            }
          >
            <p>{t(user.twoFactor ? 'account.codes-on-hint' : 'account.codes-off-hint')}</p>
          </Panel>
          <MailPanel />
        </AsideLayout>
      </div>
      <ProfileForm session={session} opened={act === 'profile'} onClose={close} onDone={refresh} />
      <PasswordForm
        opened={act === 'password'}
        onClose={close}
        onDone={() => {
          setChanged(true);
          refresh();
        }}
      />
      <PrepareCodesForm
        opened={act === 'prepare-codes'}
        onClose={close}
        onDone={(codes) => {
          close();
          setPrepared(codes);
        }}
      />
      {prepared && <ConfirmCodesForm prepared={prepared} opened onClose={() => setPrepared(null)} onDone={refresh} />}
      <RemoveCodesForm opened={act === 'remove-codes'} onClose={close} onDone={refresh} />
    </Page>
  );
}

/** What one receives by mail: the reminders, if one wants them; what touches one's account, always. */
function MailPanel() {
  const { t } = useWords();
  const client = useQueryClient();
  const preference = useQuery({ queryKey: ['mail-preference'], queryFn: () => call(getMailPreference) });
  const change = useMutation({
    mutationFn: (reminders: boolean) => call(putMailPreference, { body: { reminders } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Panel title={t('account.mail')}>
      <ProblemAlert problem={preference.error ?? change.error} onRetry={() => preference.refetch()} />
      <Stack gap="sm">
        <Switch
          label={t('account.mail-reminders')}
          description={t('account.mail-reminders-hint')}
          checked={change.isPending ? change.variables : (preference.data?.reminders ?? true)}
          disabled={!preference.data || change.isPending}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        <p className="dim">
          {t('account.mail-security')} {preference.data?.sending === false && t('account.mail-not-sending')}
        </p>
      </Stack>
    </Panel>
  );
}

/** Where one works, with which roles, and for whom one may act. */
function Access({ session }: { session: Session }) {
  const { t, word, day } = useWords();
  const others = session.organisations.filter(({ id }) => id !== session.organisation.id);
  return (
    <Panel title={t('account.access')}>
      <Facts
        facts={[
          [t('account.organisation'), session.organisation.name],
          [t('account.roles'), session.roles.map((role) => word('role', role)).join(', ')],
          others.length > 0 && [t('account.other-organisations'), others.map(({ name }) => name).join(', ')],
          ...session.delegations.map(
            ({ fromName, endsOn }) =>
              [t('account.acts-for'), t('account.until', { name: fromName, on: day(endsOn) })] as const,
          ),
        ]}
      />
    </Panel>
  );
}

type FormProps = { opened: boolean; onClose(): void; onDone(): void };

function ProfileForm({ session, ...rest }: FormProps & { session: Session }) {
  const { t, word } = useWords();
  const { givenName, familyName, language } = session.user;
  return (
    <FormDrawer
      {...rest}
      title={t('account.change-profile')}
      submitLabel={t('account.save-profile')}
      initial={{ givenName, familyName, language: language as string }}
      submit={(values) => call(updateProfile, { body: { ...values, language: values.language as typeof language } })}
    >
      {(form) => (
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              label={t('account.given-name')}
              autoComplete="given-name"
              required
              data-autofocus
              {...form.getInputProps('givenName')}
            />
            <TextInput
              label={t('account.family-name')}
              autoComplete="family-name"
              required
              {...form.getInputProps('familyName')}
            />
          </SimpleGrid>
          <Select
            label={t('account.language')}
            description={t('account.language-hint')}
            data={['fr', 'nl', 'en'].map((code) => ({ value: code, label: word('language', code) }))}
            allowDeselect={false}
            {...form.getInputProps('language')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

function PasswordForm(props: FormProps) {
  const { t } = useWords();
  const toggle = { visibilityToggleButtonProps: { 'aria-label': t('sign-in.show-password') } };
  return (
    <FormDrawer
      {...props}
      title={t('account.change-password')}
      submitLabel={t('account.change-password')}
      initial={{ current: '', next: '' }}
      submit={(values) => call(changePassword, { body: values })}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('account.password-ends-sessions')}</p>
          <PasswordInput
            label={t('account.current-password')}
            autoComplete="current-password"
            required
            data-autofocus
            {...toggle}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('account.next-password')}
            description={t('invitation.password-hint')}
            autoComplete="new-password"
            required
            {...toggle}
            {...form.getInputProps('next')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

function PrepareCodesForm({ onDone, ...rest }: Omit<FormProps, 'onDone'> & { onDone(prepared: Prepared): void }) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      onDone={onDone}
      title={t('account.set-up-codes')}
      submitLabel={t('account.prepare-codes')}
      initial={{ password: '' }}
      submit={(values, key) => call(prepareCodes, { body: values, key })}
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t('account.prepare-hint')}</p>
          <OwnPassword {...form.getInputProps('password')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** Second step: the phone reads the picture, the person keeps the backup codes, a first code proves both. */
function ConfirmCodesForm({ prepared, ...rest }: FormProps & { prepared: Prepared }) {
  const { t } = useWords();
  const secret = new URL(prepared.uri).searchParams.get('secret') ?? '';
  return (
    <FormDrawer
      {...rest}
      title={t('account.set-up-codes')}
      submitLabel={t('account.confirm-codes')}
      initial={{ code: '' }}
      submit={(values) => call(confirmCodes, { body: values })}
    >
      {(form) => (
        <ol className={classes.steps}>
          <li>
            <p>{t('account.step-scan')}</p>
            <div className={classes.qr}>
              <Suspense fallback={<Skeleton width={196} height={196} />}>
                <QrCode text={prepared.uri} label={t('account.qr')} />
              </Suspense>
            </div>
            <CopyLine
              label={t('account.secret')}
              description={t('account.secret-hint')}
              value={secret.replace(/(.{4})(?=.)/g, '$1 ')}
            />
          </li>
          <li>
            <p>{t('account.step-backup')}</p>
            <ul className={classes.codes} aria-label={t('account.backup-codes')}>
              {prepared.backupCodes.map((code) => (
                <li key={code}>{code}</li>
              ))}
            </ul>
            <CopyLine label={t('account.all-backup-codes')} value={prepared.backupCodes.join(' ')} />
          </li>
          <li>
            <TextInput
              label={t('account.step-code')}
              description={t('sign-in.code-hint')}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              required
              {...form.getInputProps('code')}
            />
          </li>
        </ol>
      )}
    </FormDrawer>
  );
}

function RemoveCodesForm(props: FormProps) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...props}
      danger
      title={t('account.remove-codes')}
      submitLabel={t('account.remove-codes-now')}
      initial={{ password: '' }}
      submit={(values) => call(removeCodes, { body: values })}
    >
      {(form) => (
        <Stack gap="sm">
          <p>{t('account.remove-hint')}</p>
          <OwnPassword {...form.getInputProps('password')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

function OwnPassword(input: object) {
  const { t } = useWords();
  return (
    <PasswordInput
      label={t('account.current-password')}
      autoComplete="current-password"
      required
      data-autofocus
      visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
      {...input}
    />
  );
}
