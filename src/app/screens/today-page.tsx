import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import { daysBetween, type LocalDate } from '../../kernel/local-date.ts';
import { vacancySummary } from '../../modules/allocation/contract.ts';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { AsideLayout, Empty, Figures, Page, PageSkeleton, Panel, ProblemAlert } from '../../ui/parts.tsx';
import { ProblemPage } from '../../ui/problem-page.tsx';
import { readable } from '../../ui/timeline.tsx';
import { useWords } from '../../ui/words.tsx';
import { settleReminder, today as todayEndpoint } from '../workspace/contract.ts';
import classes from './today-page.module.css';

type Today = ReplyOf<typeof todayEndpoint>;

const addresses: Record<string, (id: string) => string> = {
  vacancy: (id) => `/liberations/${id}`,
  proposal: (id) => `/propositions/${id}`,
  session: (id) => `/commissions/${id}`,
  agreement: (id) => `/conventions/${id}`,
  'base-document': () => '/assiette/documents',
  'agreement-clause': () => '/conventions',
  'corrective-action': (id) => `/flux/actions?action=${id}`,
  meeting: (id) => `/reunions/${id}`,
  'setting-proposal': () => '/cadre',
};

/** Aujourd’hui: what must be done, what is late, what comes this fortnight. */
export default function TodayPage() {
  const words = useWords();
  const { t, cents } = words;
  const { today, organisationId, name, may } = useActor();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['today', organisationId], queryFn: () => call(todayEndpoint) });
  const summary = useQuery({
    queryKey: ['vacancy-summary', organisationId],
    queryFn: () => call(vacancySummary),
    enabled: may('vacancies.read'),
  });
  const settle = useMutation({
    mutationFn: (id: string) => call(settleReminder, { params: { id }, body: { note: null } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['today'] }),
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const { reminders, counts, deadlines } = query.data;
  const late = deadlines.filter(({ dueOn }) => dueOn < today);
  const dueToday = deadlines.filter(({ dueOn }) => dueOn === today);
  const coming = deadlines.filter(({ dueOn }) => dueOn > today);
  const nothing = reminders.length + deadlines.length === 0;

  return (
    <Page
      title={t('today.title', { name: name.split(' ')[0] ?? name })}
      context={t('today.context', {
        late: late.length,
        today: dueToday.length + reminders.length,
        coming: coming.length,
      })}
    >
      <Crumbs title={t('nav.today')} />
      <ProblemAlert problem={settle.error} />
      {summary.data && (
        <div className={classes.figures}>
          <Figures
            figures={[
              { value: summary.data.open, label: <Link to="/liberations">{t('today.open')}</Link> },
              {
                value: summary.data.void,
                label: (
                  <Link to="/liberations" search={{ only: 'void' } as never}>
                    {t('today.void')}
                  </Link>
                ),
              },
              { value: cents(summary.data.dailyCostCents), label: t('today.cost') },
              {
                value: summary.data.late,
                label: (
                  <Link to="/liberations" search={{ only: 'late' } as never}>
                    {t('today.late')}
                  </Link>
                ),
              },
              ...(counts.toOrient > 0
                ? [{ value: counts.toOrient, label: <Link to="/orientation">{t('today.to-orient')}</Link> }]
                : []),
            ]}
          />
        </div>
      )}
      {nothing ? (
        <Panel>
          <Empty title={t('today.nothing')}>{t('today.nothing-hint')}</Empty>
        </Panel>
      ) : (
        <AsideLayout
          aside={
            <Panel title={t('today.coming')} flush>
              <Deadlines items={coming} empty={t('today.coming-nothing')} />
            </Panel>
          }
        >
          {late.length > 0 && (
            <Panel title={t('today.late-title', { count: late.length })} flush>
              <Deadlines items={late} empty="" />
            </Panel>
          )}
          <Panel title={t('today.now')} flush>
            <ul className={classes.list}>
              {reminders.map((reminder) => (
                <li key={reminder.id}>
                  <Link
                    to={addresses[reminder.subject.kind]?.(reminder.subject.id) ?? '/aujourdhui'}
                    className={classes.link}
                  >
                    <span className="strong">
                      {String(reminder.facts.title ?? t(`reminders.${reminder.kind}`, readable(reminder.facts, words)))}
                    </span>
                    {reminder.facts.title ? (
                      <span className="dim">{t(`reminders.${reminder.kind}`, readable(reminder.facts, words))}</span>
                    ) : null}
                  </Link>
                  <Button size="compact-xs" variant="default" onClick={() => settle.mutate(reminder.id)}>
                    {t('today.done')}
                  </Button>
                </li>
              ))}
            </ul>
            <Deadlines items={dueToday} empty={reminders.length === 0 ? t('today.now-nothing') : ''} />
          </Panel>
        </AsideLayout>
      )}
    </Page>
  );
}

/** Away from its stage, « free on » does not say what is to be done. */
const dueWords = (what: string) => (what === 'select' ? 'vacancies.due.select' : `vacancies.next.${what}`);

function Deadlines({ items, empty }: { items: Today['deadlines']; empty: string }) {
  const { t, shortDay } = useWords();
  const { today } = useActor();
  if (items.length === 0) return empty ? <p className={classes.none}>{empty}</p> : null;
  return (
    <ul className={classes.list}>
      {items.map((item) => {
        const days = daysBetween(today, item.dueOn as LocalDate);
        return (
          <li key={item.kind + item.id}>
            <Link to={addresses[item.kind]!(item.id)} className={classes.link}>
              <span className="strong">{item.title}</span>
              <span className="dim">
                {[item.subtitle, t(dueWords(item.what), { on: shortDay(item.dueOn) })].filter(Boolean).join(' · ')}
              </span>
            </Link>
            <span className={days < 0 ? classes.late : 'dim'}>
              {days === 0
                ? t('today.today')
                : days < 0
                  ? t('today.late-by', { count: -days })
                  : t('today.in', { count: days })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
