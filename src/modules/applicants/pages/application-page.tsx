import { Button, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type LocalDate, monthsBetween } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Facts, Figures, PageSkeleton, Panel } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Record } from '../../../ui/record.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listMunicipalities } from '../../organisations/contract.ts';
import { getApplication } from '../contract.ts';
import { ExitForm, ReinstateForm } from './application-forms.tsx';
import classes from './application-page.module.css';
import { ApplicationTag } from './application-tag.tsx';
import { EditHousehold } from './household-form.tsx';
import type { Application } from './household-values.ts';
import { IncomeWhy } from './income-why.tsx';
import { MembersPanel } from './members-panel.tsx';
import { priorityName } from './priority-words.ts';

type Act = 'edit' | 'exit' | 'reinstate';

/** The record of a household that asks for a dwelling: its place, why it is there, who it is made of. */
export default function ApplicationPage() {
  const { t, day } = useWords();
  const { may } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const query = useQuery({ queryKey: ['application', id], queryFn: () => call(getApplication, { params: { id } }) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const application = query.data;
  const { can } = application;
  const name = `${application.familyName} ${application.givenName}`;
  const forms = {
    application,
    onClose: () => setAct(null),
    onDone: () => {
      setAct(null);
      client.invalidateQueries();
    },
  };

  return (
    <>
      <Crumbs title={name} path={[{ label: 'list', link: <Link to="/candidats">{t('nav.applicants')}</Link> }]} />
      <Record
        title={name}
        state={<ApplicationTag state={application.state} />}
        context={[
          application.number,
          application.uniqueNumber,
          application.registeredOn
            ? t('applicants.since', { on: day(application.registeredOn) })
            : t('applicants.papers-missing'),
          t('units.persons', { count: application.persons }),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {can.exit && (
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <Button variant="default">{t('ui.more')}</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item color="red" onClick={() => setAct('exit')}>
                    {t('applicants.exit-now')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
            {can.manage && <Button onClick={() => setAct('edit')}>{t('applicants.edit')}</Button>}
            {can.reinstate && <Button onClick={() => setAct('reinstate')}>{t('applicants.reinstate')}</Button>}
          </>
        }
        tabs={[
          {
            value: 'fiche',
            label: t('applicants.tab-record'),
            content: (
              <>
                <Standing application={application} />
                <AsideLayout aside={<ApplicationFacts application={application} />}>
                  <MembersPanel application={application} />
                  {application.household.note && (
                    <Panel title={t('applicants.note')}>
                      <p className={classes.note}>{application.household.note}</p>
                    </Panel>
                  )}
                </AsideLayout>
              </>
            ),
          },
          ...(may('timeline.read')
            ? [
                {
                  value: 'historique',
                  label: t('ui.timeline'),
                  content: (
                    <Panel>
                      <Timeline kind="household" id={application.householdId} />
                    </Panel>
                  ),
                },
              ]
            : []),
        ]}
      />
      {can.manage && <EditHousehold {...forms} opened={act === 'edit'} />}
      {can.exit && <ExitForm {...forms} opened={act === 'exit'} />}
      {can.reinstate && <ReinstateForm {...forms} opened={act === 'reinstate'} />}
    </>
  );
}

/** The four figures that decide: the place, the size, the income, the wait. */
function Standing({ application }: { application: Application }) {
  const { t, word, day, cents } = useWords();
  const { today } = useActor();
  const { before, household, bedroomsNeeded, registeredOn } = application;
  const months = registeredOn
    ? monthsBetween(registeredOn as LocalDate, (application.exitOn as LocalDate | null) ?? today)
    : null;
  const income =
    household.incomeCents === null
      ? t('applicants.income-missing')
      : t('applicants.income-of', {
          income: cents(household.incomeCents),
          year: household.incomeYear ? String(household.incomeYear) : 'none',
        });
  return (
    <div className={classes.figures}>
      <Figures
        figures={[
          ...(before === null
            ? []
            : [
                {
                  value: t('applicants.place', { place: before + 1 }),
                  label: t('applicants.before', {
                    count: before,
                    size: t('units.bedrooms', { count: bedroomsNeeded }),
                  }),
                },
              ]),
          {
            value: t('units.bedrooms', { count: bedroomsNeeded }),
            label: (
              <>
                {t('applicants.size-for', { count: application.persons })}{' '}
                <Why steps={application.bedroomSteps as Step[]} />
              </>
            ),
          },
          {
            value: word('income-class', application.incomeClass),
            label: (
              <>
                {income} <IncomeWhy steps={application.incomeSteps as Step[]} />
              </>
            ),
          },
          ...(months === null
            ? []
            : [
                {
                  value: t('applicants.waited', { years: Math.floor(months / 12), months: months % 12 }),
                  label: t('applicants.waited-since', { on: day(registeredOn) }),
                },
              ]),
        ]}
      />
    </div>
  );
}

function ApplicationFacts({ application }: { application: Application }) {
  const words = useWords();
  const { t, word, day } = words;
  const { jurisdiction, organisationId, may } = useActor();
  const french = jurisdiction === 'fr-idf';
  const { household, requestedMunicipalities } = application;
  const municipalities = useQuery({
    queryKey: ['municipalities', organisationId],
    queryFn: () => call(listMunicipalities),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: requestedMunicipalities.length > 0,
  });
  const nameOf = (code: string) => {
    const found = municipalities.data?.items.find((item) => item.code === code);
    return found ? (words.language === 'nl' && found.nameNl ? found.nameNl : found.nameFr) : code;
  };
  const address = [household.street, [household.postalCode, household.city].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  return (
    <>
      <Panel title={t('applicants.in-register')}>
        <Facts
          facts={[
            [t('applicants.number'), application.number],
            [t('applicants.received-on'), day(application.receivedOn)],
            [
              t('applicants.registered-on'),
              application.registeredOn ? day(application.registeredOn) : t('applicants.papers-missing'),
            ],
            french && [t('applicants.unique-number'), application.uniqueNumber],
            french && [
              t('applicants.priority'),
              application.priorityGroup && priorityName(application.priorityGroup, words),
            ],
            french && [
              t('applicants.quartile'),
              application.quartile && t('applicants.quartile-of', { quartile: application.quartile }),
            ],
            application.paysIntoActionLogement !== null && [
              t('applicants.pays-into-action-logement'),
              t(`applicants.answer-${application.paysIntoActionLogement ? 'yes' : 'no'}`),
            ],
            application.publicAgent !== null && [
              t('applicants.public-agent'),
              t(`applicants.answer-${application.publicAgent ? 'yes' : 'no'}`),
            ],
            application.socialFlags.length > 0 && [t('applicants.social-flags'), application.socialFlags.join(', ')],
            [
              t('applicants.municipalities'),
              requestedMunicipalities.length > 0
                ? requestedMunicipalities.map(nameOf).join(', ')
                : t('applicants.any-municipality'),
            ],
            application.exitOn !== null && [t('applicants.exit-on'), day(application.exitOn)],
            application.exitCause !== null && [t('applicants.exit-cause'), word('exit-cause', application.exitCause)],
            application.exitReason !== null && [t('applicants.reason'), application.exitReason],
            application.housedDwellingId !== null && [
              t('register.dwelling'),
              may('portfolio.read') ? (
                <Link key="d" to="/biens/$id" params={{ id: application.housedDwellingId }}>
                  {t('applicants.open-dwelling')}
                </Link>
              ) : null,
            ],
          ]}
        />
      </Panel>
      <Panel title={t('applicants.section-contact')}>
        <Facts
          facts={[
            [
              t('applicants.email'),
              household.email && (
                <a key="e" href={`mailto:${household.email}`}>
                  {household.email}
                </a>
              ),
            ],
            [
              t('applicants.phone'),
              household.phone && (
                <a key="p" href={`tel:${household.phone.replace(/\s/g, '')}`}>
                  {household.phone}
                </a>
              ),
            ],
            [t('applicants.address'), address],
            [t('applicants.language'), word('language', household.language)],
          ]}
        />
      </Panel>
    </>
  );
}
