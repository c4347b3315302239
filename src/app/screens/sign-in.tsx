import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { enterCode, listProviders, signIn, signInWithProvider } from '../../modules/organisations/contract.ts';
import { call } from '../../ui/api.ts';
import { ProblemAlert, QuietButton } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';
import { Logo } from '../web/shell.tsx';
import classes from './sign-in.module.css';

/** Signing in: address and password, a one-time code when the account asks for it, or the organisation's own provider. */
export default function SignIn() {
  const { t } = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { to, error, email: invited } = useSearch({ strict: false }) as { to?: string; error?: string; email?: string };
  const [codeNeeded, setCodeNeeded] = useState(false);
  const [lostPhone, setLostPhone] = useState(false);
  const [email, setEmail] = useState(invited ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const providers = useQuery({ queryKey: ['providers'], queryFn: () => call(listProviders) });

  const enter = async () => {
    await client.resetQueries({ queryKey: ['session'] });
    navigate({ to: to?.startsWith('/') && !to.startsWith('//') ? to : '/', replace: true });
  };
  const withPassword = useMutation({
    mutationFn: () => call(signIn, { body: { email, password } }),
    onSuccess: ({ state }) => (state === 'code-needed' ? setCodeNeeded(true) : enter()),
  });
  const withCode = useMutation({
    mutationFn: () => call(enterCode, { body: { code, kind: lostPhone ? 'backup' : 'app' } }),
    onSuccess: enter,
  });
  const withProvider = useMutation({
    mutationFn: (provider: string) => call(signInWithProvider, { body: { provider } }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const submit = (act: () => void) => (event: FormEvent) => {
    event.preventDefault();
    act();
  };

  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <Logo /> Palier
        </div>
        <h1>{t(codeNeeded ? 'sign-in.code-title' : 'sign-in.title')}</h1>
        {error && <p className={classes.error}>{t('sign-in.provider-failed')}</p>}
        {codeNeeded ? (
          <form onSubmit={submit(() => withCode.mutate())}>
            <ProblemAlert problem={withCode.error} />
            <TextInput
              label={t(lostPhone ? 'sign-in.backup-code' : 'sign-in.code')}
              description={t(lostPhone ? 'sign-in.backup-code-hint' : 'sign-in.code-hint')}
              autoComplete="one-time-code"
              inputMode={lostPhone ? 'text' : 'numeric'}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoFocus
              required
            />
            <Button type="submit" fullWidth loading={withCode.isPending}>
              {t('sign-in.enter')}
            </Button>
            <QuietButton fullWidth onClick={() => setLostPhone(!lostPhone)}>
              {t(lostPhone ? 'sign-in.use-phone' : 'sign-in.lost-phone')}
            </QuietButton>
          </form>
        ) : (
          <form onSubmit={submit(() => withPassword.mutate())}>
            <ProblemAlert problem={withPassword.error ?? withProvider.error} />
            <TextInput
              label={t('sign-in.email')}
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              autoFocus={!invited}
              required
            />
            <PasswordInput
              label={t('sign-in.password')}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoFocus={Boolean(invited)}
              visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
              required
            />
            <Button type="submit" fullWidth loading={withPassword.isPending}>
              {t('sign-in.enter')}
            </Button>
            {providers.data?.providers.map((provider) => (
              <Button key={provider.id} variant="default" fullWidth onClick={() => withProvider.mutate(provider.id)}>
                {t('sign-in.with', { name: provider.name })}
              </Button>
            ))}
          </form>
        )}
      </div>
    </main>
  );
}
