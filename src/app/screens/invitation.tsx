import { Button, PasswordInput, Skeleton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import { acceptInvitation, getInvitation } from '../../modules/organisations/contract.ts';
import { ApiProblem, call } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';
import { Logo } from '../web/shell.tsx';
import classes from './sign-in.module.css';

/** Where the link of an invitation leads: who has no account chooses a password, the others only accept. */
export default function InvitationPage() {
  const { t } = useWords();
  const { token } = useParams({ strict: false }) as { token: string };
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => call(getInvitation, { params: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (invitation.isPending)
    return (
      <Frame title={t('invitation.title')}>
        <Skeleton height={120} />
      </Frame>
    );
  if (invitation.error) {
    const gone = invitation.error instanceof ApiProblem && invitation.error.status === 404;
    return (
      <Frame title={t(gone ? 'invitation.gone' : 'invitation.title')}>
        <ProblemAlert problem={invitation.error} onRetry={gone ? undefined : () => invitation.refetch()} />
        <SignInLink email="" variant="default" />
      </Frame>
    );
  }
  return <Acceptance token={token} invitation={invitation.data} />;
}

function Acceptance({ token, invitation }: { token: string; invitation: ReplyOf<typeof getInvitation> }) {
  const { t } = useWords();
  const [password, setPassword] = useState('');
  const { email, organisation, givenName: name, known } = invitation;
  const accept = useMutation({ mutationFn: () => call(acceptInvitation, { params: { token }, body: { password } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  if (accept.data) {
    return (
      <Frame title={t('invitation.accepted', { organisation })}>
        <p>{t(known ? 'invitation.sign-in-as-usual' : 'invitation.sign-in-with-it', { email })}</p>
        <SignInLink email={email} />
      </Frame>
    );
  }
  return (
    <Frame title={t('invitation.from', { organisation })}>
      <form onSubmit={submit} noValidate>
        <p>{t(known ? 'invitation.known' : 'invitation.unknown', { name, email, organisation })}</p>
        <ProblemAlert problem={accept.error} />
        {/* What a password manager keeps beside the password. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        {!known && (
          <PasswordInput
            label={t('invitation.password')}
            description={t('invitation.password-hint')}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
            autoFocus
            required
          />
        )}
        <Button type="submit" fullWidth loading={accept.isPending}>
          {t(known ? 'invitation.accept' : 'invitation.open-account')}
        </Button>
      </form>
    </Frame>
  );
}

function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <Logo /> Palier
        </div>
        <h1>{title}</h1>
        <div className={classes.content}>{children}</div>
      </div>
    </main>
  );
}

const SignInLink = ({ email, variant = 'filled' }: { email: string; variant?: 'filled' | 'default' }) => {
  const { t } = useWords();
  return (
    <Button component={Link} to="/connexion" search={(email ? { email } : {}) as never} variant={variant} fullWidth>
      {t('sign-in.enter')}
    </Button>
  );
};
