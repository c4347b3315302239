import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listProgrammes, moveProgramme, type Programme } from '../contract.ts';
import { AddProgramme, ChangeProgramme } from './programme-forms.tsx';
import classes from './programmes-page.module.css';
import { RightsTabs } from './rights-tabs.tsx';

const tones: { [State in Programme['state']]: Tone } = { draft: 'amber', proposed: 'blue', agreed: 'green' };

/** Programmes neufs: the sharing table of the coordination meeting, then what becomes of it, first letting by first letting. */
export default function ProgrammesPage() {
  const { t } = useWords();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ['programmes'], queryFn: () => call(listProgrammes) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items, can } = query.data;
  return (
    <Page
      title={t('rights.programmes-title', { count: items.length })}
      context={t('rights.programmes-context')}
      actions={
        <>
          <RightsTabs />
          {can.add && <Button onClick={() => setAdding(true)}>{t('rights.add-programme')}</Button>}
        </>
      }
    >
      <Crumbs title={t('rights.programmes')} />
      {items.length === 0 ? (
        <Panel>
          <Empty
            title={t('rights.no-programme')}
            action={can.add && <Button onClick={() => setAdding(true)}>{t('rights.add-programme')}</Button>}
          >
            {t('rights.no-programme-hint')}
          </Empty>
        </Panel>
      ) : (
        <div className={classes.stack}>
          {items.map((programme) => (
            <ProgrammePanel key={programme.id} programme={programme} leastDwellings={query.data.leastDwellings} />
          ))}
        </div>
      )}
      <AddProgramme
        opened={adding}
        onClose={() => setAdding(false)}
        onDone={() => {
          setAdding(false);
          client.invalidateQueries();
        }}
      />
    </Page>
  );
}

function ProgrammePanel({ programme, leastDwellings }: { programme: Programme; leastDwellings: number }) {
  const { t, word, day, rate } = useWords();
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const move = useMutation({
    mutationFn: (to: Programme['state']) =>
      call(moveProgramme, { params: { id: programme.id }, body: { to, version: programme.version } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const { sizes, rows, shares, can, oriented } = programme;
  const total = sizes.reduce((sum, { dwellings }) => sum + dwellings, 0);
  const partyOf = (id: string) => shares.find((party) => party.id === id);
  const isFollowed = Object.keys(oriented).length > 0;
  return (
    <Panel
      title={
        <>
          {programme.name} <Tag tone={tones[programme.state]}>{word('programme-state', programme.state)}</Tag>
        </>
      }
      aside={
        <span className={classes.acts}>
          <span>
            {[
              !programme.own && programme.landlord,
              programme.municipality,
              t('rights.dwellings-count', { count: total }),
              t('rights.delivered-on', { on: day(programme.deliveredOn) }),
              programme.meetingOn && t('rights.meeting-on', { on: day(programme.meetingOn) }),
              programme.agreedOn && t('rights.agreed-on', { on: day(programme.agreedOn) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {can.change && (
            <Button size="compact-xs" variant="default" onClick={() => setChanging(true)}>
              {t('rights.change-sharing')}
            </Button>
          )}
          {can.propose && (
            <Button size="compact-xs" loading={move.isPending} onClick={() => move.mutate('proposed')}>
              {t('rights.propose')}
            </Button>
          )}
          {can.agree && (
            <Button size="compact-xs" loading={move.isPending} onClick={() => move.mutate('agreed')}>
              {t('rights.settle')}
            </Button>
          )}
        </span>
      }
      flush
    >
      <ProblemAlert problem={move.error} />
      {programme.meetingDue && (
        <p className={classes.legend}>
          <Tag tone="amber">{t('rights.meeting-due')}</Tag> {t('rights.meeting-due-hint', { count: leastDwellings })}
        </p>
      )}
      <Scrolled label={programme.name}>
        <table className={classes.table}>
          <caption className="visually-hidden">{t('rights.sharing-of', { name: programme.name })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('rights.holder')}</th>
              <th scope="col">{t('rights.share')}</th>
              {sizes.map(({ rooms }) => (
                <th key={rooms} scope="col">
                  T{rooms}
                </th>
              ))}
              <th scope="col">{t('rights.total')}</th>
              {isFollowed && <th scope="col">{t('rights.oriented')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const party = partyOf(row.id);
              return (
                <tr key={row.id}>
                  <th scope="row">
                    {party ? party.name : word('contingent', 'own')}{' '}
                    {party && <span className="dim">{word('contingent', party.contingent)}</span>}
                  </th>
                  <td>{party ? rate(party.share) : '–'}</td>
                  {row.counts.map((count, index) => (
                    <td key={sizes[index]!.rooms} className={count === 0 ? 'dim' : undefined}>
                      {count}
                    </td>
                  ))}
                  <td className="strong">{row.total}</td>
                  {isFollowed && (
                    <td>
                      {(oriented[row.id] ?? 0) > row.total ? (
                        <Tag tone="amber">{t('rights.oriented-of', { done: oriented[row.id]!, total: row.total })}</Tag>
                      ) : (
                        t('rights.oriented-of', { done: oriented[row.id] ?? 0, total: row.total })
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
            {programme.setAside > 0 && (
              <tr>
                <th scope="row">{t('rights.kept-for-rehousing')}</th>
                <td>–</td>
                {programme.setAsideBySize.map((count, index) => (
                  <td key={sizes[index]!.rooms}>{count}</td>
                ))}
                <td className="strong">{programme.setAside}</td>
                {isFollowed && <td />}
              </tr>
            )}
            <tr className={classes.sum}>
              <th scope="row">{t('rights.total')}</th>
              <td />
              {sizes.map(({ rooms, dwellings }) => (
                <td key={rooms}>{dwellings}</td>
              ))}
              <td>{total}</td>
              {isFollowed && <td>{Object.values(oriented).reduce((sum, count) => sum + count, 0)}</td>}
            </tr>
          </tbody>
        </table>
      </Scrolled>
      <p className={classes.legend}>{t('rights.sharing-legend')}</p>
      {can.change && (
        <ChangeProgramme
          programme={programme}
          opened={changing}
          onClose={() => setChanging(false)}
          onDone={() => {
            setChanging(false);
            client.invalidateQueries();
          }}
        />
      )}
    </Panel>
  );
}
