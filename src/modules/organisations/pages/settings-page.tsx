import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
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
                    <SettingsTable organisation={organisation} onChange={setChanging} />
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

function SettingsTable({ organisation, onChange }: { organisation: Organisation; onChange(setting: Setting): void }) {
  const words = useWords();
  const { t, day } = words;
  return (
    <Panel title={t('settings.title')} aside={t('settings.aside')} flush>
      <PlainTable
        caption={t('settings.title')}
        rows={organisation.settings}
        rowKey={(setting) => setting.key}
        columns={[
          {
            title: t('settings.setting'),
            render: (setting) => (
              <div className={classes.setting}>
                <span className="strong">{t(`settings.${setting.key}`)}</span>
                <span className="dim">{t(`settings.${setting.key}.hint`)}</span>
              </div>
            ),
          },
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
          ...(organisation.can.manage
            ? [
                {
                  title: <span className="visually-hidden">{t('settings.change')}</span>,
                  align: 'right' as const,
                  render: (setting: Setting) => (
                    <QuietButton
                      size="compact-sm"
                      aria-label={t('settings.change-of', { name: t(`settings.${setting.key}`) })}
                      onClick={() => onChange(setting)}
                    >
                      {t('settings.change')}
                    </QuietButton>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

/** Since when, by whom and why; or that nobody chose. */
function Chosen({ setting }: { setting: Setting }) {
  const { t, day } = useWords();
  const choice = setting.isDefault ? setting.next : setting;
  return (
    <div className={classes.chosen}>
      {setting.isDefault && <Tag>{t('settings.default')}</Tag>}
      {choice?.validFrom && (
        <>
          <span>
            {t(setting.isDefault ? 'settings.from' : 'settings.since', {
              on: day(choice.validFrom),
              name: choice.decidedBy ?? '',
            })}
          </span>
          {choice.reason && <span className="dim">{t('settings.quoted', { text: choice.reason })}</span>}
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
