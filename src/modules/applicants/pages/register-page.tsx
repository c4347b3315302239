import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { ChoiceChip, type Column, ListTable } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { applicationState, listRegister } from '../contract.ts';
import classes from './applicants-page.module.css';
import { ApplicationTag } from './application-tag.tsx';

type Line = ReplyOf<typeof listRegister>['items'][number];

const sizes = [1, 2, 3, 4, 5, 6];

/** Registre: every application in the order of complete files, without a name; who may see names opens the file. */
export default function RegisterPage() {
  const { t, word, day } = useWords();
  const { may, jurisdiction } = useActor();
  const [state, setState] = useListState();
  const total = useTotal(listRegister);
  const mayOpen = may('applicants.read');
  const nothing = <span className="dim">–</span>;
  const exit = (row: Line) => (row.exitOn ? `${day(row.exitOn)}, ${word('exit-cause', row.exitCause ?? '')}` : nothing);
  const number = (row: Line) =>
    mayOpen ? (
      <Link to="/candidats/$id" params={{ id: row.id }} className={classes.title}>
        {row.number}
      </Link>
    ) : (
      <span className="strong">{row.number}</span>
    );

  const columns: Column<Line>[] = [
    { key: 'number', title: t('applicants.number'), width: 130, render: number },
    {
      key: 'registered',
      title: t('applicants.registered'),
      sort: 'registration',
      width: 130,
      render: (row) => day(row.registeredOn),
    },
    {
      key: 'persons',
      title: t('applicants.household'),
      width: 130,
      render: (row) => t('units.persons', { count: row.persons }),
    },
    {
      key: 'type',
      title: t('register.type'),
      width: 150,
      render: (row) => t('units.bedrooms', { count: row.bedroomsNeeded }),
    },
    { key: 'state', title: t('applicants.state'), width: 130, render: (row) => <ApplicationTag state={row.state} /> },
    { key: 'exit', title: t('register.exit'), render: exit },
    { key: 'dwelling', title: t('register.dwelling'), width: 160, render: (row) => row.dwelling ?? nothing },
  ];

  return (
    <Page
      title={total ? t('register.title', total) : t('nav.register')}
      context={t(jurisdiction === 'be-bru' ? 'register.context-be' : 'register.context-fr')}
    >
      <Crumbs title={t('nav.register')} />
      <ListTable<Line>
        list="applicants.register"
        endpoint={listRegister}
        columns={columns}
        state={state}
        onState={setState}
        searchable={false}
        rowHeight={38}
        {...(mayOpen ? { href: (row: Line) => `/candidats/${row.id}` } : {})}
        rowKey={(row) => row.id}
        chips={
          <>
            <ChoiceChip
              label={t('applicants.state')}
              options={applicationState.options
                .filter((value) => value !== 'incomplete')
                .map((value) => ({ value, label: word('application-state', value) }))}
              chosen={valuesOf(state, 'state')}
              onChange={(chosen) => setState({ ...state, state: chosen })}
            />
            <ChoiceChip
              label={t('register.type')}
              options={sizes.map((size) => ({ value: String(size), label: t('units.bedrooms', { count: size }) }))}
              chosen={valuesOf(state, 'bedrooms')}
              onChange={(chosen) => setState({ ...state, bedrooms: chosen.at(-1) })}
            />
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <div className={classes.line}>
              {number(row)}
              <ApplicationTag state={row.state} />
            </div>
            <div className="dim">
              {t('applicants.since', { on: day(row.registeredOn) })} · {t('units.persons', { count: row.persons })} ·{' '}
              {t('units.bedrooms', { count: row.bedroomsNeeded })}
            </div>
            {row.exitOn && (
              <div>
                {exit(row)}
                {row.dwelling && ` · ${row.dwelling}`}
              </div>
            )}
          </div>
        )}
        empty={<Empty title={t('register.empty')}>{t('register.empty-hint')}</Empty>}
      />
    </Page>
  );
}
