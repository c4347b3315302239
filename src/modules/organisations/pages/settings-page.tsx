import { Button, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Facts, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Record } from '../../../ui/record.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getOrganisation } from '../contract.ts';
import { settingThemes } from '../rules/setting-frames.ts';
import { LevelTag, Lock, SettingName } from './setting-name.tsx';
import { type Setting, settingInWords } from './setting-value.ts';
import { ProviderForm, SettingChoiceForm } from './settings-forms.tsx';
import classes from './settings-page.module.css';

export type Organisation = ReplyOf<typeof getOrganisation>;
export type Provider = Organisation['providers'][number];

/** Kinds of organisations whose work the settings decide: those that let dwellings. */
const withSettings = ['agency', 'landlord'];

/** Réglages: who the organisation is, what it chose where the law leaves a choice, how its people sign in. */
export default function SettingsPage() {
  const { t, word } = useWords();
  const { may, organisationId } = useActor();
  const client = useQueryClient();
  const [changing, setChanging] = useState<Setting | null>(null);
  const [provider, setProvider] = useState<Provider | 'new' | null>(null);
  const query = useQuery({ queryKey: ['organisation', organisationId], queryFn: () => call(getOrganisation) });
  if (query.error) {
    return (
      <Page title={t('nav.settings')}>
        <Crumbs title={t('nav.settings')} />
        <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
      </Page>
    );
  }
  if (query.isPending) return <PageSkeleton />;

  const organisation = query.data;
  const hasSettings = withSettings.includes(organisation.kind);
  const close = () => {
    setChanging(null);
    setProvider(null);
  };
  const refresh = () => {
    close();
    return client.invalidateQueries();
  };
  const identity = <Identity organisation={organisation} />;

  return (
    <>
      <Crumbs title={t('nav.settings')} />
      <Record
        title={organisation.name}
        context={`${word('organisation-kind', organisation.kind)} · ${word('jurisdiction', organisation.jurisdiction)}`}
        tabs={[
          hasSettings
            ? {
                value: 'choix',
                label: t('settings.tab'),
                content: (
                  <AsideLayout aside={identity}>
                    <SettingsByTheme organisation={organisation} onChange={setChanging} />
                  </AsideLayout>
                ),
              }
            : {
                value: 'identite',
                label: t('settings.identity'),
                content: <div className={classes.prose}>{identity}</div>,
              },
          ...(organisation.can.manage
            ? [
                {
                  value: 'connexion',
                  label: t('settings.providers-tab'),
                  content: <ProvidersTable organisation={organisation} onOpen={setProvider} />,
                },
              ]
            : []),
          ...(may('timeline.read')
            ? [
                {
                  value: 'historique',
                  label: t('ui.timeline'),
                  content: (
                    <Panel>
                      <Timeline kind="organisation" id={organisation.id} />
                    </Panel>
                  ),
                },
              ]
            : []),
        ]}
      />
      {changing && <SettingChoiceForm setting={changing} opened onClose={close} onDone={refresh} />}
      {provider && (
        <ProviderForm provider={provider === 'new' ? null : provider} opened onClose={close} onDone={refresh} />
      )}
    </>
  );
}

function Identity({ organisation }: { organisation: Organisation }) {
  const { t, word } = useWords();
  return (
    <Panel title={t('settings.identity')}>
      <Facts
        facts={[
          [t('settings.name'), organisation.name],
          [t('settings.kind'), word('organisation-kind', organisation.kind)],
          [t('settings.jurisdiction'), word('jurisdiction', organisation.jurisdiction)],
          [t('settings.registration-number'), organisation.registrationNumber],
          [t('settings.address'), organisation.address],
          [t('settings.email'), organisation.email],
          [t('settings.phone'), organisation.phone],
        ]}
      />
    </Panel>
  );
}

/** The choices by theme: those of the organisation's own work, then those of the flow with how far they are shared. */
function SettingsByTheme({ organisation, onChange }: { organisation: Organisation; onChange(setting: Setting): void }) {
  const { t, word } = useWords();
  const groups = [null, ...settingThemes].map((theme) => ({
    title: theme === null ? t('settings.general') : word('setting-theme', theme),
    settings: organisation.settings.filter(({ frame }) => (frame?.theme ?? null) === theme),
  }));
  return (
    <Stack gap={14}>
      {groups
        .filter(({ settings }) => settings.length > 0)
        .map(({ title, settings }, index) => (
          <Panel key={title} title={title} aside={index === 0 && t('settings.aside')} flush>
            <SettingsTable title={title} settings={settings} canManage={organisation.can.manage} onChange={onChange} />
          </Panel>
        ))}
    </Stack>
  );
}

function SettingsTable({
  title,
  settings,
  canManage,
  onChange,
}: {
  title: string;
  settings: Setting[];
  canManage: boolean;
  onChange(setting: Setting): void;
}) {
  const words = useWords();
  const { t, day } = words;
  const isOfFlow = settings.some(({ frame }) => frame);
  return (
    <PlainTable
      caption={title}
      stacks
      rows={settings}
      rowKey={(setting) => setting.key}
      columns={[
        { title: t('settings.setting'), width: '52%', render: (setting) => <SettingName setting={setting} /> },
        ...(isOfFlow
          ? [
              {
                title: t('settings.level'),
                render: (setting: Setting) => setting.frame && <LevelTag level={setting.frame.level} />,
              },
            ]
          : []),
        {
          title: t('settings.value'),
          render: (setting) => (
            <div className={classes.value}>
              <span className="strong">{settingInWords(setting, setting.value, words)}</span>
              {setting.next && (
                <span className={classes.next}>
                  {t('settings.next', {
                    value: settingInWords(setting, setting.next.value, words),
                    on: day(setting.next.validFrom),
                  })}
                </span>
              )}
            </div>
          ),
        },
        { title: t('settings.chosen'), render: (setting) => <Chosen setting={setting} /> },
        ...(canManage
          ? [
              {
                title: <span className="visually-hidden">{t('settings.change')}</span>,
                align: 'right' as const,
                render: (setting: Setting) => <Act setting={setting} onChange={onChange} />,
              },
            ]
          : []),
      ]}
    />
  );
}

/** Changed here; proposed to the partners elsewhere; or fixed, and then neither. */
function Act({ setting, onChange }: { setting: Setting; onChange(setting: Setting): void }) {
  const { t } = useWords();
  const name = t(`settings.${setting.key}`);
  if (setting.fixedBy || setting.frame?.givenByState)
    return (
      <span className={classes.lock} title={t('settings.fixed-hint')}>
        <Lock /> {t('settings.by-state')}
      </span>
    );
  if (!setting.direct)
    return (
      <Link to="/cadre" aria-label={t('settings.propose-of', { name })}>
        {t('settings.propose')}
      </Link>
    );
  return (
    <QuietButton size="compact-sm" aria-label={t('settings.change-of', { name })} onClick={() => onChange(setting)}>
      {t('settings.change')}
    </QuietButton>
  );
}

/** Since when, by whom and why; or that nobody chose. */
function Chosen({ setting }: { setting: Setting }) {
  const { t, day } = useWords();
  const choice = setting.isDefault ? setting.next : setting;
  const name = choice?.decidedBy ?? '';
  const on = choice?.validFrom ? day(choice.validFrom) : '';
  return (
    <div className={classes.chosen}>
      {setting.isDefault && <Tag>{t('settings.default')}</Tag>}
      {setting.fixedBy && (
        <span className="strong">
          <Lock /> {t('settings.fixed', { on, name: setting.fixedBy })}
        </span>
      )}
      {on !== '' && (
        <>
          {!setting.fixedBy && <span>{t(setting.isDefault ? 'settings.from' : 'settings.since', { on, name })}</span>}
          {choice?.reason && <span className="dim">{t('settings.quoted', { text: choice.reason })}</span>}
          {setting.source && <span className="dim">{t('settings.by-text', { text: setting.source })}</span>}
        </>
      )}
    </div>
  );
}

function ProvidersTable({
  organisation,
  onOpen,
}: {
  organisation: Organisation;
  onOpen(provider: Provider | 'new'): void;
}) {
  const { t } = useWords();
  const add = <Button onClick={() => onOpen('new')}>{t('settings.add-provider')}</Button>;
  if (organisation.providers.length === 0) {
    return (
      <Panel>
        <Empty title={t('settings.no-provider')} action={add}>
          {t('settings.provider-hint')}
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title={t('settings.providers', { count: organisation.providers.length })}
      aside={
        <QuietButton size="compact-sm" onClick={() => onOpen('new')}>
          {t('settings.add-provider')}
        </QuietButton>
      }
      flush
    >
      <PlainTable
        caption={t('settings.providers', { count: organisation.providers.length })}
        rows={organisation.providers}
        rowKey={(provider) => provider.id}
        columns={[
          {
            title: t('settings.provider'),
            render: (provider) => <span className="strong nowrap">{provider.name}</span>,
          },
          {
            title: t('settings.issuer'),
            render: (provider) => <span className={classes.address}>{provider.issuer}</span>,
          },
          { title: t('settings.client-id'), render: (provider) => provider.clientId },
          {
            title: t('settings.state'),
            render: (provider) => (
              <Tag tone={provider.active ? 'green' : 'neutral'}>
                {t(provider.active ? 'settings.active' : 'settings.inactive')}
              </Tag>
            ),
          },
          {
            title: <span className="visually-hidden">{t('settings.change')}</span>,
            align: 'right',
            render: (provider) => (
              <QuietButton
                size="compact-sm"
                aria-label={t('settings.change-of', { name: provider.name })}
                onClick={() => onOpen(provider)}
              >
                {t('settings.change')}
              </QuietButton>
            ),
          },
        ]}
      />
    </Panel>
  );
}
