import { Burger, Menu, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { signOut, updateProfile } from '../../modules/organisations/contract.ts';
import { call } from '../../ui/api.ts';
import { PageSkeleton } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';
import { Forbidden } from '../screens/forbidden.tsx';
import { today } from '../workspace/contract.ts';
import { entriesFor, entryAt, opens } from './navigation.ts';
import { forgetChoices, useSession, useSwitchOrganisation } from './session.tsx';
import classes from './shell.module.css';
import { topicAt } from './topics.ts';

const Palette = lazy(() => import('./palette.tsx'));
const Help = lazy(() => import('./help.tsx'));
const PageHelp = lazy(() => import('./page-help.tsx'));

/** The frame of every page: navigation by job, search, who one is and for whom. */
export function Shell() {
  const { t } = useWords();
  const session = useSession();
  const [searching, palette] = useDisclosure(false);
  const [helping, help] = useDisclosure(false);
  const [unfolded, fold] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // While one page replaces another the old one still stands: neither may be shown to whom it is closed.
  const shown = useRouterState({ select: (state) => state.matches.at(-1)?.pathname ?? state.location.pathname });
  const here = entryAt(path, session);
  const closed = [here, entryAt(shown, session)].find((entry) => entry && !opens(session, entry));
  const topic = topicAt(shown);
  const main = useRef<HTMLElement>(null);
  useHotkeys([
    ['mod+K', palette.open],
    ['?', help.open],
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page starts at its top, with the navigation folded
  useEffect(() => {
    fold.close();
    main.current?.scrollTo(0, 0);
  }, [path]);
  const counts = useQuery({
    queryKey: ['today', session.organisation.id],
    queryFn: () => call(today),
    refetchInterval: 60_000,
    staleTime: 20_000,
  });

  return (
    <div className={classes.app}>
      <a href="#main" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <nav className={`${classes.nav} ${unfolded ? classes.unfolded : ''}`} aria-label={t('shell.navigation')}>
        <Link to="/aujourdhui" className={classes.brand}>
          <Logo /> Palier
        </Link>
        <OrganisationSwitch />
        {entriesFor(session).map(({ group, entries }) => (
          <div key={group ?? 'main'} className={classes.group}>
            {group && <h6>{t(group)}</h6>}
            {entries.map((entry) => {
              const count = entry.count && counts.data?.counts[entry.count];
              return (
                <Link
                  key={entry.to}
                  to={entry.to}
                  className={`${classes.entry} ${entry.to === here?.to ? classes.on : ''}`}
                  aria-current={entry.to === here?.to ? 'page' : undefined}
                >
                  {t(entry.label)}
                  {count ? <b>{count}</b> : null}
                </Link>
              );
            })}
          </div>
        ))}
        <PersonMenu />
      </nav>
      {unfolded && <button type="button" className={classes.veil} aria-label={t('shell.fold')} onClick={fold.close} />}
      <div className={classes.body}>
        <header className={classes.header}>
          <Burger
            opened={unfolded}
            onClick={fold.toggle}
            size="sm"
            className={classes.burger}
            aria-label={t('shell.navigation')}
          />
          <div id="crumbs" className={classes.crumbs} />
          <UnstyledButton className={classes.search} onClick={palette.open}>
            <span>{t('shell.search')}</span>
            <kbd>Ctrl K</kbd>
          </UnstyledButton>
        </header>
        {session.onBehalfOf && <OnBehalfBar name={session.onBehalfOf} />}
        {session.lateSchedules.length > 0 && <WatchdogBar />}
        <main id="main" ref={main} className={classes.main} tabIndex={-1}>
          <Suspense fallback={<PageSkeleton />}>{closed ? <Forbidden page={t(closed.label)} /> : <Outlet />}</Suspense>
          <Suspense>{topic && !closed && <PageHelp topic={topic} />}</Suspense>
        </main>
      </div>
      <Suspense>
        {searching && <Palette onClose={palette.close} />}
        {helping && <Help onClose={help.close} />}
      </Suspense>
    </div>
  );
}

export const Logo = () => (
  <svg width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">
    <path
      d="M1.5 16.5v-3.6h5V9h5V5.2h5V1.5h4"
      fill="none"
      stroke="#8FD0B8"
      strokeWidth="2.6"
      strokeLinejoin="round"
      strokeLinecap="round"
    />
  </svg>
);

function OrganisationSwitch() {
  const { t } = useWords();
  const session = useSession();
  const navigate = useNavigate();
  const choose = useSwitchOrganisation();
  const label = (
    <span className={classes.organisation}>
      <span>
        {session.organisation.name}
        <small>{t(`values.organisation-kind.${session.organisation.kind}`)}</small>
      </span>
      {session.organisations.length > 1 && <span aria-hidden>⌄</span>}
    </span>
  );
  if (session.organisations.length < 2) return label;
  return (
    <Menu position="bottom-start" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.switch-organisation')}>{label}</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.organisations.map((organisation) => (
          <Menu.Item
            key={organisation.id}
            onClick={() => {
              choose(organisation.id);
              navigate({ to: '/aujourdhui' });
            }}
          >
            {organisation.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function PersonMenu() {
  const { t, language } = useWords();
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const choose = useSwitchOrganisation();
  const { user } = session;
  const speak = async (next: 'fr' | 'nl' | 'en') => {
    await call(updateProfile, { body: { givenName: user.givenName, familyName: user.familyName, language: next } });
    await client.invalidateQueries({ queryKey: ['session'] });
  };
  const leave = async () => {
    await call(signOut);
    forgetChoices();
    client.clear();
    navigate({ to: '/connexion' });
  };
  return (
    <Menu position="top-start" width={240} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <span className={classes.avatar} aria-hidden>
            {user.givenName[0]}
            {user.familyName[0]}
          </span>
          {user.givenName} {user.familyName}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.roles.map((role) => t(`values.role.${role}`)).join(', ')}</Menu.Label>
        <Menu.Item component={Link} to="/compte">
          {t('shell.account')}
        </Menu.Item>
        {session.delegations.map((delegation) => (
          <Menu.Item key={delegation.fromUserId} onClick={() => choose(session.organisation.id, delegation.fromUserId)}>
            {t('shell.act-for', { name: delegation.fromName })}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {(['fr', 'nl', 'en'] as const).map((code) => (
          <Menu.Item key={code} onClick={() => speak(code)} disabled={code === language} lang={code}>
            {{ fr: 'Français', nl: 'Nederlands', en: 'English' }[code]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{t('shell.sign-out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function OnBehalfBar({ name }: { name: string }) {
  const { t } = useWords();
  const session = useSession();
  const choose = useSwitchOrganisation();
  return (
    <div className={classes.bar}>
      {t('shell.acting-for', { name })}{' '}
      <button type="button" onClick={() => choose(session.organisation.id)}>
        {t('shell.act-as-oneself')}
      </button>
    </div>
  );
}

function WatchdogBar() {
  const { t, moment } = useWords();
  const { lateSchedules } = useSession();
  return (
    <div className={`${classes.bar} ${classes.alarm}`} role="status">
      {lateSchedules.map((schedule) => (
        <span key={schedule.name}>
          {t('shell.late-schedule', {
            what: t(`schedules.${schedule.name}`),
            since: schedule.lastSucceededAt ? moment(schedule.lastSucceededAt) : t('shell.never'),
          })}
        </span>
      ))}
    </div>
  );
}
