import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { call, requestContext } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import {
  AsideLayout,
  Empty,
  Facts,
  Page,
  PageSkeleton,
  Panel,
  ProblemAlert,
  QuietButton,
} from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { NextTargets } from '../../agreements/pages/next-targets.tsx';
import { callMeeting, cancelMeeting, closeMeeting, getMeeting } from '../contract.ts';
import { MeetingForm } from './meeting-form.tsx';
import classes from './meeting-page.module.css';
import { meetingTones } from './meetings-page.tsx';

export type Meeting = ReplyOf<typeof getMeeting>;

/** A meeting: who is invited, what is on the agenda, what was decided, its minutes. */
export default function MeetingPage() {
  const { t, day, word, language } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const meeting = useQuery({ queryKey: ['meeting', id], queryFn: () => call(getMeeting, { params: { id } }) });
  const move = useMutation({
    mutationFn: (step: 'call' | 'cancel' | 'close'): Promise<unknown> => {
      const given = { params: { id }, body: { version: meeting.data!.version } };
      if (step === 'call') return call(callMeeting, given);
      if (step === 'cancel') return call(cancelMeeting, given);
      return call(closeMeeting, { ...given, body: { ...given.body, language: language === 'nl' ? 'nl' : 'fr' } });
    },
    onSettled: () => client.invalidateQueries(),
  });
  if (meeting.error) return <ProblemPage problem={meeting.error} onRetry={() => meeting.refetch()} />;
  if (meeting.isPending) return <PageSkeleton />;
  const { data } = meeting;
  const { can } = data;
  const minutes = `/api/v1/flow/meetings/${id}/minutes?organisation=${requestContext.organisationId}`;

  return (
    <Page
      title={
        <>
          {data.title} <Tag tone={meetingTones[data.state]}>{word('meeting-state', data.state)}</Tag>
        </>
      }
      context={[
        data.reference,
        word('meeting-kind', data.kind),
        [day(data.heldOn), data.heldAt].filter(Boolean).join(', '),
        data.place,
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <Group gap={8}>
          {can.cancel && <QuietButton onClick={() => move.mutate('cancel')}>{t('meetings.cancel')}</QuietButton>}
          {can.change && (
            <Button variant="default" onClick={() => setEditing(true)}>
              {t('meetings.change')}
            </Button>
          )}
          {can.call && (
            <Button loading={move.isPending} onClick={() => move.mutate('call')}>
              {t('meetings.call')}
            </Button>
          )}
          {can.close && (
            <Button loading={move.isPending} onClick={() => move.mutate('close')}>
              {t('meetings.close')}
            </Button>
          )}
          {data.state === 'held' && (
            <Button component="a" href={minutes} target="_blank" rel="noreferrer">
              {t('meetings.open-minutes')}
            </Button>
          )}
        </Group>
      }
    >
      <Crumbs
        title={data.reference}
        path={[{ label: 'list', link: <Link to="/reunions">{t('meetings.tab')}</Link> }]}
      />
      <ProblemAlert problem={move.error} />
      <AsideLayout aside={<Participants meeting={data} />}>
        <Panel title={t('meetings.agenda')} aside={t('meetings.points', { count: data.items.length })}>
          {data.items.length === 0 ? (
            <Empty title={t('meetings.no-agenda')}>{t('meetings.no-agenda-hint')}</Empty>
          ) : (
            <ol className={classes.agenda}>
              {data.items.map((item) => (
                <li key={item.title}>
                  <h3>
                    {item.title}{' '}
                    {item.kind === 'delegation' && <Tag tone="violet">{t('meetings.delegation-yearly')}</Tag>}
                  </h3>
                  {item.kind === 'delegation' && <Delegated meeting={data} />}
                  <div className={classes.links}>
                    {item.agreementId && (
                      <Link to="/conventions/$id" params={{ id: item.agreementId }}>
                        {t('meetings.about-agreement', { reference: item.agreement ?? '' })}
                      </Link>
                    )}
                    {item.actionId && (
                      <Link to="/flux/actions" search={{ action: item.actionId } as never}>
                        {t('meetings.about-action', { title: item.action ?? '' })}
                      </Link>
                    )}
                  </div>
                  {item.notes && <p className={classes.notes}>{item.notes}</p>}
                </li>
              ))}
            </ol>
          )}
        </Panel>
        {data.kind === 'yearly-report' && (
          <NextTargets
            agreementIds={data.items.flatMap(({ agreementId }) => agreementId ?? [])}
            year={Number(data.heldOn.slice(0, 4)) - 1}
          />
        )}
        <Panel title={t('meetings.decisions')} flush={data.decisions.length > 0}>
          {data.decisions.length === 0 ? (
            <Empty title={t('meetings.no-decision')}>{t('meetings.no-decision-hint')}</Empty>
          ) : (
            <PlainTable
              caption={t('meetings.decisions')}
              rows={data.decisions}
              rowKey={(row) => row.decided}
              columns={[
                { title: t('meetings.decided'), render: (row) => row.decided },
                { title: t('meetings.owner'), render: (row) => <span className="strong">{row.owner}</span> },
                { title: t('meetings.due'), render: (row) => (row.dueOn ? day(row.dueOn) : '–') },
              ]}
            />
          )}
        </Panel>
      </AsideLayout>
      {can.change && <MeetingForm meeting={data} opened={editing} onClose={() => setEditing(false)} />}
    </Page>
  );
}

/** What delegated nomination gives, agreement by agreement: since 1 January, on the day of the meeting. */
function Delegated({ meeting }: { meeting: Meeting }) {
  const { t } = useWords();
  if (meeting.delegated.length === 0) return <p className="dim">{t('meetings.delegation-none')}</p>;
  return (
    <ul className={classes.people}>
      {meeting.delegated.map(({ id, reference, holder, proposed, leased }) => (
        <li key={id}>
          <Link to="/conventions/$id" params={{ id }}>
            {reference}
          </Link>
          <span>{holder}</span>
          <span className="dim">{t('meetings.delegation-figures', { proposed, leased })}</span>
        </li>
      ))}
    </ul>
  );
}

function Participants({ meeting }: { meeting: Meeting }) {
  const { t } = useWords();
  return (
    <>
      <Panel title={t('meetings.participants')} aside={String(meeting.participants.length)}>
        {meeting.participants.length === 0 ? (
          <Empty title={t('meetings.nobody')}>{t('meetings.nobody-hint')}</Empty>
        ) : (
          <ul className={classes.people}>
            {meeting.participants.map((participant) => (
              <li key={participant.name}>
                <span className="strong">{participant.name}</span>
                {participant.present !== null && (
                  <Tag tone={participant.present ? 'green' : 'neutral'}>
                    {t(`meetings.presence-${participant.present ? 'present' : 'absent'}`)}
                  </Tag>
                )}
                {participant.representedBy && <span className="dim">{participant.representedBy}</span>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={t('meetings.sharing')}>
        <p className="dim">{t(`meetings.sharing-${meeting.state}`)}</p>
        {meeting.minutesSha256 && (
          <Facts facts={[[t('meetings.fingerprint'), <code key="sha">{meeting.minutesSha256.slice(0, 16)}…</code>]]} />
        )}
      </Panel>
    </>
  );
}
