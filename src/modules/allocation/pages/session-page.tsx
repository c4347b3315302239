import { Button, Checkbox, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, PageSkeleton, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Record } from '../../../ui/record.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { useWords } from '../../../ui/words.tsx';
import {
  addToAgenda,
  closeSession,
  getSession,
  listVacancies,
  markAttendance,
  openSession,
  removeFromAgenda,
  signMinutes,
} from '../contract.ts';
import { AgendaItem } from './agenda-item.tsx';
import { sizeOf } from './dwelling-size.ts';
import classes from './session-page.module.css';
import { sessionTones } from './sessions-page.tsx';

export type CommitteeSession = ReplyOf<typeof getSession>;

/** A sitting: who is there, the agenda, each decision as it is taken, the minutes to sign. */
export default function SessionPage() {
  const words = useWords();
  const { t, word, day } = words;
  const { userId } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [selected, setSelected] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['session-record', id],
    queryFn: () => call(getSession, { params: { id } }),
    // While the sitting is open everyone at the table sees the same.
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? 5_000 : false),
  });
  const refresh = () => client.invalidateQueries();
  const act = <Variables,>(work: (variables: Variables) => Promise<unknown>) => ({
    mutationFn: work,
    onSuccess: refresh,
  });
  const attendance = useMutation(
    act((present: string[]) => call(markAttendance, { params: { id }, body: { present } })),
  );
  const opening = useMutation(act(() => call(openSession, { params: { id }, body: { version: query.data!.version } })));
  const closing = useMutation(
    act((language: 'fr' | 'nl') =>
      call(closeSession, { params: { id }, body: { language, version: query.data!.version } }),
    ),
  );
  const signing = useMutation(
    act(() => call(signMinutes, { params: { id }, body: { sha256: query.data!.minutesSha256! } })),
  );
  const removing = useMutation(act((itemId: string) => call(removeFromAgenda, { params: { id, itemId } })));
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const session = query.data;
  const { can, members, agenda } = session;
  const item =
    agenda.find((candidate) => candidate.id === selected) ??
    agenda.find(({ state }) => state === 'pending') ??
    agenda[0];
  const present = members.filter((member) => member.present).map((member) => member.id);
  const quorate = session.presentVoting >= session.quorum;
  const problem = attendance.error ?? opening.error ?? closing.error ?? signing.error ?? removing.error;

  return (
    <>
      <Crumbs
        title={session.reference}
        path={[{ label: 'list', link: <Link to="/commissions">{t('nav.sessions')}</Link> }]}
      />
      <Record
        title={session.reference}
        state={<Tag tone={sessionTones[session.state]}>{word('session-state', session.state)}</Tag>}
        context={[
          word('session-kind', session.kind),
          [day(session.heldOn), session.heldAt].filter(Boolean).join(', '),
          session.place,
          t('sessions.items', { count: agenda.length }),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {session.minutesFileId && (
              <Button component="a" href={`/api/v1/files/${session.minutesFileId}`} target="_blank" variant="default">
                {t('sessions.read-minutes')}
              </Button>
            )}
            {can.open && (
              <Button
                onClick={() => opening.mutate()}
                loading={opening.isPending}
                disabled={!quorate || agenda.length === 0}
              >
                {t('sessions.open')}
              </Button>
            )}
            {can.close && (
              <Menu withinPortal position="bottom-end">
                <Menu.Target>
                  <Button loading={closing.isPending}>{t('sessions.close')}</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>{t('sessions.close-hint')}</Menu.Label>
                  {(['fr', 'nl'] as const).map((language) => (
                    <Menu.Item key={language} onClick={() => closing.mutate(language)}>
                      {t('sessions.minutes-in', { language: t(`values.language.${language}`) })}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
            {can.sign && (
              <Button onClick={() => signing.mutate()} loading={signing.isPending}>
                {t('sessions.sign')}
              </Button>
            )}
          </>
        }
        tabs={[
          {
            value: 'seance',
            label: t('sessions.tab-session'),
            content: (
              <AsideLayout
                aside={
                  <>
                    <Panel
                      title={t('sessions.members')}
                      aside={
                        <Tag tone={quorate ? 'green' : 'amber'}>
                          {t('sessions.quorum-of', { present: session.presentVoting, quorum: session.quorum })}
                        </Tag>
                      }
                    >
                      <ul className={classes.members}>
                        {members.map((member) => (
                          <li key={member.id}>
                            <Checkbox
                              checked={member.present}
                              disabled={!can.prepare || attendance.isPending}
                              onChange={() =>
                                attendance.mutate(
                                  member.present
                                    ? present.filter((other) => other !== member.id)
                                    : [...present, member.id],
                                )
                              }
                              label={
                                <>
                                  {member.name}
                                  {member.userId === userId && <span className="dim"> · {t('sessions.you')}</span>}
                                </>
                              }
                              description={[
                                word('capacity', member.capacity),
                                member.chair && t('sessions.chairs'),
                                member.voting ? t('sessions.votes') : t('sessions.advises'),
                                member.signedAt && t('sessions.signed-at', { at: words.moment(member.signedAt) }),
                              ]
                                .filter(Boolean)
                                .join(' · ')}
                            />
                          </li>
                        ))}
                      </ul>
                      {session.state === 'preparing' && !quorate && (
                        <p className={classes.hint}>{t('sessions.quorum-missing')}</p>
                      )}
                    </Panel>
                    <Panel title={t('sessions.agenda')} flush>
                      <ol className={classes.agenda}>
                        {agenda.map((entry) => (
                          <li key={entry.id}>
                            <button
                              type="button"
                              className={entry.id === item?.id ? classes.current : undefined}
                              aria-current={entry.id === item?.id}
                              onClick={() => setSelected(entry.id)}
                            >
                              <span className="strong">{entry.address}</span>
                              <span className="dim">
                                {sizeOf(entry, t)} · {entry.municipality} ·{' '}
                                {t('candidates.title', { count: entry.candidates.length })}
                              </span>
                              <Tag
                                tone={
                                  entry.state === 'decided' ? 'green' : entry.state === 'pending' ? 'blue' : 'neutral'
                                }
                              >
                                {word('agenda-state', entry.state)}
                              </Tag>
                            </button>
                          </li>
                        ))}
                      </ol>
                      {can.prepare && <AddToAgenda sessionId={id} onDone={refresh} />}
                    </Panel>
                  </>
                }
              >
                <ProblemAlert problem={problem} />
                {item ? (
                  <AgendaItem
                    key={item.id + item.version}
                    session={session}
                    item={item}
                    onDone={refresh}
                    onRemove={can.prepare && item.state === 'pending' ? () => removing.mutate(item.id) : undefined}
                  />
                ) : (
                  <Panel>
                    <Empty title={t('sessions.agenda-empty')}>{t('sessions.agenda-empty-hint')}</Empty>
                  </Panel>
                )}
              </AsideLayout>
            ),
          },
          {
            value: 'historique',
            label: t('ui.timeline'),
            content: (
              <Panel>
                <Timeline kind="session" id={id} />
              </Panel>
            ),
          },
        ]}
      />
    </>
  );
}

/** The vacancies that wait for a sitting, one click away. */
function AddToAgenda({ sessionId, onDone }: { sessionId: string; onDone(): void }) {
  const { t } = useWords();
  const waiting = useQuery({
    queryKey: ['vacancies-to-schedule'],
    queryFn: () => call(listVacancies, { query: { stage: ['committee'], only: 'to-do', limit: 50 } }),
  });
  const add = useMutation({
    mutationFn: (vacancyId: string) => call(addToAgenda, { params: { id: sessionId }, body: { vacancyId } }),
    onSuccess: onDone,
  });
  const items = waiting.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className={classes.add}>
      <ProblemAlert problem={add.error} />
      <Menu withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" loading={add.isPending}>
            {t('sessions.add-waiting', { count: items.length })}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
          {items.map((vacancy) => (
            <Menu.Item key={vacancy.id} onClick={() => add.mutate(vacancy.id)}>
              {vacancy.address}, {vacancy.municipality}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
