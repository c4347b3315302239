import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { applicationState, incomeClass, listApplications } from '../contract.ts';
import classes from './applicants-page.module.css';
import { ApplicationTag } from './application-tag.tsx';
import { RegisterHousehold } from './household-form.tsx';
import { priorityName } from './priority-words.ts';

type Application = ReplyOf<typeof listApplications>['items'][number];

const sizes = [1, 2, 3, 4, 5, 6];
/** Whom the list shows until the reader chooses: those who wait. */
const unlessChosen = { state: ['incomplete', 'active', 'suspended'] };

/** Candidats: the households who ask for a dwelling, by name; the register itself shows none. */
export default function ApplicantsPage() {
  const { t, word, day } = useWords();
  const { may, jurisdiction } = useActor();
  const [state, setState] = useListState();
  const [registering, setRegistering] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const waiting = useTotal(listApplications, { state: 'active' });
  const incomplete = useTotal(listApplications, { state: 'incomplete' });
  const french = jurisdiction === 'fr-idf';
  const mayManage = may('applicants.manage');
  const nothing = <span className="dim">–</span>;
  const nameOf = (row: Application) => `${row.familyName} ${row.givenName}`;

  const columns: Column<Application>[] = [
    {
      key: 'household',
      title: t('applicants.household'),
      render: (row) => <TwoLines first={nameOf(row)} second={row.number} href={`/candidats/${row.id}`} />,
    },
    {
      key: 'number',
      title: t('applicants.number'),
      sort: 'number',
      width: 110,
      hidden: true,
      render: (row) => row.number,
    },
    { key: 'state', title: t('applicants.state'), width: 120, render: (row) => <ApplicationTag state={row.state} /> },
    {
      key: 'received',
      title: t('applicants.received'),
      sort: 'received',
      width: 110,
      render: (row) => day(row.receivedOn),
    },
    {
      key: 'registered',
      title: t('applicants.registered'),
      width: 110,
      render: (row) => (row.registeredOn ? day(row.registeredOn) : nothing),
    },
    {
      key: 'income',
      title: t('applicants.income'),
      width: 190,
      render: (row) => word('income-class', row.incomeClass),
    },
    ...(french
      ? [
          {
            key: 'priority',
            title: t('applicants.priority'),
            width: 110,
            render: (row: Application) => (row.priorityGroup ? priorityName(row.priorityGroup, { t }) : nothing),
          },
        ]
      : []),
    { key: 'persons', title: t('applicants.persons'), align: 'right', width: 90, render: (row) => row.persons },
    {
      key: 'bedrooms',
      title: t('applicants.bedrooms'),
      align: 'right',
      width: 100,
      render: (row) => row.bedroomsNeeded,
    },
    {
      key: 'exit',
      title: t('applicants.exit'),
      width: 180,
      hidden: true,
      render: (row) => (row.exitOn ? `${day(row.exitOn)}, ${word('exit-cause', row.exitCause ?? '')}` : nothing),
    },
  ];

  return (
    <Page
      title={waiting ? t('applicants.title', waiting) : t('nav.applicants')}
      context={incomplete && t('applicants.context', { count: incomplete.count })}
      actions={
        <>
          {may('register.read') && (
            <Button variant="default" component={Link} to="/registre">
              {t('applicants.see-register')}
            </Button>
          )}
          {mayManage && <Button onClick={() => setRegistering(true)}>{t('applicants.register')}</Button>}
        </>
      }
    >
      <Crumbs title={t('nav.applicants')} />
      <ListTable<Application>
        list="applicants.applications"
        endpoint={listApplications}
        columns={columns}
        state={state}
        defaults={unlessChosen}
        onState={setState}
        href={(row) => `/candidats/${row.id}`}
        rowKey={(row) => row.id}
        searchLabel={t('applicants.search')}
        chips={
          <>
            <ChoiceChip
              label={t('applicants.state')}
              options={applicationState.options.map((value) => ({ value, label: word('application-state', value) }))}
              chosen={valuesOf({ ...unlessChosen, ...state }, 'state')}
              onChange={(chosen) => setState({ ...state, state: chosen })}
            />
            <ChoiceChip
              label={t('applicants.bedrooms')}
              options={sizes.map((size) => ({ value: String(size), label: t('units.bedrooms', { count: size }) }))}
              chosen={valuesOf(state, 'bedrooms')}
              onChange={(chosen) => setState({ ...state, bedrooms: chosen.at(-1) })}
            />
            <ChoiceChip
              label={t('applicants.income')}
              options={incomeClass.options
                .filter((value) => !(french && value === 'moderate'))
                .map((value) => ({ value, label: word('income-class', value) }))}
              chosen={valuesOf(state, 'incomeClass')}
              onChange={(chosen) => setState({ ...state, incomeClass: chosen })}
            />
            {french && (
              <Chip
                on={state.priorityGroup === 'dalo'}
                onClick={() =>
                  setState({ ...state, priorityGroup: state.priorityGroup === 'dalo' ? undefined : 'dalo' })
                }
              >
                {word('priority', 'dalo')}
              </Chip>
            )}
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/candidats/$id" params={{ id: row.id }} className={classes.title}>
              {nameOf(row)}
            </Link>
            <div className="dim">
              {row.number} ·{' '}
              {row.registeredOn ? t('applicants.since', { on: day(row.registeredOn) }) : t('applicants.papers-missing')}
            </div>
            <div className={classes.line}>
              <ApplicationTag state={row.state} />
              <span>{t('units.persons', { count: row.persons })}</span>
              <span>{t('units.bedrooms', { count: row.bedroomsNeeded })}</span>
              <span>{word('income-class', row.incomeClass)}</span>
            </div>
          </div>
        )}
        empty={
          <Empty
            title={t('applicants.empty')}
            action={mayManage && <Button onClick={() => setRegistering(true)}>{t('applicants.register')}</Button>}
          >
            {t('applicants.empty-hint')}
          </Empty>
        }
      />
      <RegisterHousehold
        opened={registering}
        onClose={() => setRegistering(false)}
        onDone={({ id }, again) => {
          client.invalidateQueries();
          if (again) return;
          setRegistering(false);
          navigate({ to: '/candidats/$id', params: { id } });
        }}
      />
    </Page>
  );
}
