import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { daysBetween, type LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Facts, Figures, PageSkeleton, Panel } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Record } from '../../../ui/record.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getTenancy } from '../contract.ts';
import { NoticeForm, WithdrawNoticeForm } from './notice-form.tsx';
import classes from './tenancy-page.module.css';
import { TenancyTag } from './tenancy-tag.tsx';

type Tenancy = ReplyOf<typeof getTenancy>;
type Notice = Tenancy['notices'][number];

/** The record of a lease: who lives there, for what rent and how it was counted, and the notices given. */
export default function TenancyPage() {
  const { t, day, cents } = useWords();
  const { may } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [act, setAct] = useState<'notice' | 'withdraw' | null>(null);
  const query = useQuery({ queryKey: ['tenancy', id], queryFn: () => call(getTenancy, { params: { id } }) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const tenancy = query.data;
  const { can } = tenancy;
  const open = tenancy.notices.find(({ withdrawnOn }) => withdrawnOn === null);
  const past = tenancy.notices.filter((notice) => notice !== open);
  const done = () => {
    setAct(null);
    return client.invalidateQueries();
  };

  return (
    <>
      <Crumbs
        title={tenancy.household}
        path={[{ label: 'list', link: <Link to="/baux">{t('nav.tenancies')}</Link> }]}
      />
      <Record
        title={tenancy.household}
        state={<TenancyTag state={tenancy.state} />}
        context={
          <>
            {tenancy.reference} ·{' '}
            <Link to="/biens/$id" params={{ id: tenancy.dwellingId }}>
              {tenancy.address}, {tenancy.municipality}
            </Link>{' '}
            · {t('tenancies.since', { from: day(tenancy.startsOn) })} ·{' '}
            {t('tenancies.rent-of', { rent: cents(tenancy.rentCents) })}
          </>
        }
        actions={
          <>
            {can.withdrawNotice && (
              <Button variant="default" onClick={() => setAct('withdraw')}>
                {t('notices.withdraw')}
              </Button>
            )}
            {can.recordNotice && <Button onClick={() => setAct('notice')}>{t('notices.record')}</Button>}
          </>
        }
        tabs={[
          {
            value: 'fiche',
            label: t('tenancies.tab-record'),
            content: (
              <AsideLayout aside={<LeaseFacts tenancy={tenancy} />}>
                {open && <OpenNotice notice={open} />}
                <RentFigures tenancy={tenancy} />
                {(!open || past.length > 0) && <NoticesPanel notices={past} />}
              </AsideLayout>
            ),
          },
          ...(may('timeline.read')
            ? [
                {
                  value: 'historique',
                  label: t('ui.timeline'),
                  content: (
                    <Panel>
                      <Timeline kind="tenancy" id={id} />
                    </Panel>
                  ),
                },
              ]
            : []),
        ]}
      />
      {can.recordNotice && (
        <NoticeForm tenancy={tenancy} opened={act === 'notice'} onClose={() => setAct(null)} onDone={done} />
      )}
      {open && (
        <WithdrawNoticeForm
          notice={open}
          name={tenancy.household}
          opened={act === 'withdraw'}
          onClose={() => setAct(null)}
          onDone={done}
        />
      )}
    </>
  );
}

function LeaseFacts({ tenancy }: { tenancy: Tenancy }) {
  const { t, word, day, cents } = useWords();
  const { may, jurisdiction } = useActor();
  const french = jurisdiction === 'fr-idf';
  return (
    <>
      <Panel title={t('tenancies.facts')}>
        <Facts
          facts={[
            [t('tenancies.kind'), word('tenancy-kind', tenancy.kind)],
            [t('tenancies.signed-on'), day(tenancy.signedOn)],
            [t('tenancies.starts-on'), day(tenancy.startsOn)],
            [t('tenancies.term-on'), tenancy.termOn ? day(tenancy.termOn) : t('tenancies.open-ended')],
            tenancy.endedOn !== null && [t('tenancies.ended-on'), day(tenancy.endedOn)],
            [t('tenancies.deposit'), cents(tenancy.depositCents)],
            [t('tenancies.income-at-entry'), word('income-class', tenancy.incomeClass)],
            french && [t('tenancies.contingent'), tenancy.contingent && word('contingent', tenancy.contingent)],
            french && [t('tenancies.holder'), tenancy.holder],
          ]}
        />
      </Panel>
      <Panel title={t('tenancies.household')}>
        <Facts
          facts={[
            [
              t('tenancies.file'),
              tenancy.applicationId && may('applicants.read') ? (
                <Link key="f" to="/candidats/$id" params={{ id: tenancy.applicationId }}>
                  {tenancy.householdFile}
                </Link>
              ) : (
                tenancy.householdFile
              ),
            ],
            [
              t('tenancies.email'),
              tenancy.householdEmail && (
                <a key="e" href={`mailto:${tenancy.householdEmail}`}>
                  {tenancy.householdEmail}
                </a>
              ),
            ],
            [
              t('tenancies.phone'),
              tenancy.householdPhone && (
                <a key="p" href={`tel:${tenancy.householdPhone.replace(/\s/g, '')}`}>
                  {tenancy.householdPhone}
                </a>
              ),
            ],
          ]}
        />
      </Panel>
    </>
  );
}

/** The notice that runs: until when, and what comes next. */
function OpenNotice({ notice }: { notice: Notice }) {
  const { t, day } = useWords();
  const { today } = useActor();
  const left = daysBetween(today, notice.endsOn as LocalDate);
  return (
    <Panel tone="accent" title={t('notices.running')} aside={<Why steps={notice.steps as Step[]} />}>
      <div className={classes.open}>
        <strong>{t('notices.last-day', { on: day(notice.endsOn) })}</strong>
        <span>
          {t('notices.given', { by: notice.givenBy, on: day(notice.receivedOn) })}{' '}
          {left >= 0 && t('notices.days-left', { days: left })}
        </span>
        {notice.reason && <span className="dim">« {notice.reason} »</span>}
      </div>
    </Panel>
  );
}

/** What is asked each month, and the first month counted by its days. */
function RentFigures({ tenancy }: { tenancy: Tenancy }) {
  const { t, cents } = useWords();
  const steps = tenancy.firstRentSteps as Step[];
  return (
    <Figures
      figures={[
        { value: cents(tenancy.rentCents), label: t('tenancies.monthly-rent') },
        { value: cents(tenancy.chargesCents), label: t('tenancies.monthly-charges') },
        { value: cents(tenancy.rentCents + tenancy.chargesCents), label: t('tenancies.each-month') },
        {
          value: cents(tenancy.firstRentCents),
          label: (
            <>
              {t('tenancies.first-rent')} <Why steps={steps} />
            </>
          ),
        },
      ]}
    />
  );
}

function NoticesPanel({ notices }: { notices: Tenancy['notices'] }) {
  const { t, day, word } = useWords();
  return (
    <Panel title={t('notices.title', { count: notices.length })} flush>
      {notices.length === 0 ? (
        <Empty title={t('notices.none')}>{t('notices.none-hint')}</Empty>
      ) : (
        <ul className={classes.notices}>
          {notices.map((notice) => (
            <li key={notice.id} className={notice.withdrawnOn ? classes.withdrawn : undefined}>
              <div className={classes.head}>
                <span>
                  <strong className="strong">{t('notices.received', { on: day(notice.receivedOn) })}</strong> ·{' '}
                  {word('notice-party', notice.givenBy)}
                </span>
                {notice.withdrawnOn ? (
                  <Tag>{t('notices.withdrawn', { on: day(notice.withdrawnOn) })}</Tag>
                ) : (
                  <span>
                    {t('notices.ends', { on: day(notice.endsOn) })} <Why steps={notice.steps as Step[]} />
                  </span>
                )}
              </div>
              {notice.reason && <span className="dim">« {notice.reason} »</span>}
              {notice.withdrawnReason && (
                <span className="dim">{t('notices.withdrawn-because', { reason: notice.withdrawnReason })}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
