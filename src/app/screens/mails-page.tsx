import type { ReplyOf } from '../../kernel/endpoint.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../ui/list-table.tsx';
import { Empty, Page } from '../../ui/parts.tsx';
import { Tag, type Tone } from '../../ui/tag.tsx';
import { useListState, valuesOf } from '../../ui/use-list-state.ts';
import { useTotal } from '../../ui/use-total.ts';
import { useWords } from '../../ui/words.tsx';
import { listMails, mailStates } from '../workspace/contract.ts';
import { JobTabs } from './job-tabs.tsx';
import classes from './mails-page.module.css';

type Mail = ReplyOf<typeof listMails>['items'][number];

const tones: Record<Mail['state'], Tone> = {
  queued: 'neutral',
  sending: 'blue',
  sent: 'green',
  failed: 'red',
  kept: 'amber',
};

/** Courriels: what the program wrote to people, and what became of it. Their words are not kept. */
export default function MailsPage() {
  const { t, word, moment } = useWords();
  const [state, setState] = useListState();
  const total = useTotal(listMails);
  const chosen = valuesOf(state, 'state');
  const toggle = (value: string) =>
    setState({
      ...state,
      state: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
    });
  const tag = (mail: Mail) => <Tag tone={tones[mail.state]}>{word('mail-state', mail.state)}</Tag>;

  const columns: Column<Mail>[] = [
    {
      key: 'subject',
      title: t('columns.platform.messages.subject'),
      render: (mail) => <TwoLines first={mail.subject} second={mail.recipient} />,
    },
    { key: 'state', title: t('columns.platform.messages.state'), width: 130, render: tag },
    {
      key: 'outcome',
      title: t('mails.outcome'),
      width: '36%',
      render: (mail) => <Outcome mail={mail} />,
    },
    {
      key: 'created',
      title: t('columns.platform.messages.createdAt'),
      sort: 'created',
      width: 150,
      render: (mail) => moment(mail.createdAt),
    },
  ];

  return (
    <Page title={total ? t('mails.title', total) : t('mails.tab')} context={t('mails.context')} actions={<JobTabs />}>
      <Crumbs title={t('mails.tab')} />
      <ListTable<Mail>
        list="platform.messages"
        endpoint={listMails}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        searchable={false}
        rowKey={(mail) => mail.id}
        chips={mailStates.map((value) => (
          <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
            {word('mail-state', value)}
          </Chip>
        ))}
        narrow={(mail) => (
          <div className={classes.narrow}>
            <TwoLines first={mail.subject} second={mail.recipient} />
            <div className={classes.line}>
              {tag(mail)} <span className="dim">{moment(mail.createdAt)}</span>
            </div>
            <Outcome mail={mail} />
          </div>
        )}
        empty={<Empty title={t('mails.empty')}>{t('mails.empty-hint')}</Empty>}
      />
    </Page>
  );
}

/** When it left, or why it did not; below, what the mail server said. */
function Outcome({ mail }: { mail: Mail }) {
  const { t, moment } = useWords();
  const first = mail.problem
    ? t(`problems.${mail.problem}.title`)
    : mail.sentAt
      ? t('mails.left', { at: moment(mail.sentAt) })
      : t(`mails.${mail.state === 'kept' ? 'no-server' : 'waits'}`);
  const tried = mail.attempts > 1 && t('mails.attempts', { count: mail.attempts });
  return (
    <>
      {first}
      <div className={classes.answer}>{[mail.answer, tried].filter(Boolean).join(' · ')}</div>
    </>
  );
}
