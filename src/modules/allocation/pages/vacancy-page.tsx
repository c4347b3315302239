import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Facts, PageSkeleton, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Record } from '../../../ui/record.tsx';
import { Ribbon, RibbonAxis, RibbonLegend, ribbonScale } from '../../../ui/ribbon.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getVacancy, selectCandidates } from '../contract.ts';
import { CandidatesPanel, RankingPanel } from './candidates-panel.tsx';
import { sizeOf } from './dwelling-size.ts';
import { ExchangeForm } from './exchange-form.tsx';
import { OffersPanel } from './offers-panel.tsx';
import { StageTag, useNextStep } from './stage-tag.tsx';
import {
  AnswerForm,
  ClassifyForm,
  LeaseForm,
  OfferForm,
  ScheduleForm,
  WithdrawProposalForm,
  WorksForm,
} from './vacancy-forms.tsx';
import classes from './vacancy-page.module.css';

export type Vacancy = ReplyOf<typeof getVacancy>;

type Act = 'works' | 'schedule' | 'offer' | 'answer' | 'lease' | 'withdraw' | 'classify' | 'exchange';

/** The record of a vacancy: where it stands, the one thing to do now, its candidates, its offers, its timeline. */
export default function VacancyPage() {
  const words = useWords();
  const { t, cents, day } = words;
  const { today } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const next = useNextStep();
  const [act, setAct] = useState<Act | null>(null);
  const query = useQuery({ queryKey: ['vacancy', id], queryFn: () => call(getVacancy, { params: { id } }) });
  const refresh = () => {
    setAct(null);
    return client.invalidateQueries();
  };
  const select = useMutation({
    mutationFn: () => call(selectCandidates, { params: { id }, body: { version: query.data!.version } }),
    onSuccess: refresh,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const vacancy = query.data;
  const { can } = vacancy;
  const late = vacancy.nextDueOn !== null && vacancy.nextDueOn < today;
  const scale = ribbonScale(today, 100, 70);

  return (
    <>
      <Crumbs
        title={vacancy.address}
        path={[{ label: 'list', link: <Link to="/liberations">{t('nav.vacancies')}</Link> }]}
      />
      <Record
        title={vacancy.address}
        state={<StageTag stage={vacancy.stage} late={late} />}
        context={[
          sizeOf(vacancy, t),
          vacancy.areaM2 && `${words.number(vacancy.areaM2)} m²`,
          vacancy.municipality,
          vacancy.funding,
          t('vacancies.rent-of', { rent: cents(vacancy.rentCents) }),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {(can.planWorks || can.withdrawProposal || can.classify || can.exchange) && (
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <Button variant="default">{t('ui.more')}</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {can.planWorks && <Menu.Item onClick={() => setAct('works')}>{t('vacancies.plan-works')}</Menu.Item>}
                  {can.classify && <Menu.Item onClick={() => setAct('classify')}>{t('vacancies.classify')}</Menu.Item>}
                  {can.exchange && (
                    <Menu.Item onClick={() => setAct('exchange')}>
                      {t(vacancy.exchange ? 'exchange.take-back' : 'exchange.record')}
                    </Menu.Item>
                  )}
                  {can.withdrawProposal && (
                    <Menu.Item color="red" onClick={() => setAct('withdraw')}>
                      {t('vacancies.withdraw-proposal')}
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
            )}
            {can.orient && (
              <Button component={Link} to={`/liberations/${id}/orientation`}>
                {t('vacancies.orient')}
              </Button>
            )}
            {can.select && vacancy.candidates.length === 0 && (
              <Button loading={select.isPending} onClick={() => select.mutate()}>
                {t('vacancies.select')}
              </Button>
            )}
            {can.schedule && <Button onClick={() => setAct('schedule')}>{t('vacancies.schedule')}</Button>}
            {can.offer && <Button onClick={() => setAct('offer')}>{t('vacancies.offer')}</Button>}
            {can.answer && <Button onClick={() => setAct('answer')}>{t('vacancies.answer')}</Button>}
            {can.sign && <Button onClick={() => setAct('lease')}>{t('vacancies.sign')}</Button>}
            {vacancy.session && vacancy.stage === 'committee' && vacancy.session.itemState === 'pending' && (
              <Button component={Link} to={`/commissions/${vacancy.session.id}`} variant="default">
                {t('vacancies.open-session', { reference: vacancy.session.reference })}
              </Button>
            )}
          </>
        }
        tabs={[
          {
            value: 'suivi',
            label: t('vacancies.tab-follow'),
            content: (
              <AsideLayout
                aside={
                  <>
                    <Panel title={t('vacancies.facts')}>
                      <Facts
                        facts={[
                          [
                            t('vacancies.next-step'),
                            <span key="n" className={late ? classes.late : undefined}>
                              {next(vacancy.nextDueWhat, vacancy.nextDueOn)}
                            </span>,
                          ],
                          [t('vacancies.opened'), day(vacancy.openedOn)],
                          [t('vacancies.free-after'), day(vacancy.freeOn)],
                          [
                            t('vacancies.works-until'),
                            vacancy.worksDoneOn
                              ? t('vacancies.works-done', { on: day(vacancy.worksDoneOn) })
                              : day(vacancy.worksUntil),
                          ],
                          [
                            t('vacancies.leaving'),
                            vacancy.tenancyId ? (
                              <Link key="l" to="/baux/$id" params={{ id: vacancy.tenancyId }}>
                                {vacancy.leaving}
                              </Link>
                            ) : null,
                          ],
                          vacancy.newTenancyId
                            ? [
                                t('vacancies.new-lease'),
                                <Link key="b" to="/baux/$id" params={{ id: vacancy.newTenancyId }}>
                                  {t('vacancies.lease-from', { on: day(vacancy.letFrom) })}
                                </Link>,
                              ]
                            : null,
                          [
                            t('vacancies.dwelling'),
                            <Link key="d" to="/biens/$id" params={{ id: vacancy.dwellingId }}>
                              {vacancy.reference}
                            </Link>,
                          ],
                          vacancy.baseClass !== 'not-applicable'
                            ? [t('vacancies.base'), words.word('base-class', vacancy.baseClass)]
                            : null,
                        ]}
                      />
                    </Panel>
                    {vacancy.orientation && (
                      <Panel title={t('vacancies.orientation')}>
                        <Facts
                          facts={[
                            [t('vacancies.oriented-to'), vacancy.orientation.holder ?? t('orientation.own')],
                            [
                              t('vacancies.suggestion'),
                              vacancy.orientation.followed ? t('vacancies.followed') : t('vacancies.not-followed'),
                            ],
                            vacancy.orientation.reason ? [t('vacancies.reason'), vacancy.orientation.reason] : null,
                            [
                              t('vacancies.decided-by'),
                              `${vacancy.orientation.by}, ${words.moment(vacancy.orientation.at)}`,
                            ],
                            vacancy.proposal
                              ? [t('vacancies.proposal'), words.word('proposal-state', vacancy.proposal.state)]
                              : null,
                            vacancy.proposal ? [t('vacancies.nominate-by'), day(vacancy.proposal.nominateBy)] : null,
                            vacancy.exchange
                              ? [
                                  t('exchange.title'),
                                  t('exchange.received-by', {
                                    name: vacancy.exchange.receiver,
                                    on: day(vacancy.exchange.on),
                                  }),
                                ]
                              : null,
                            vacancy.exchange ? [t('exchange.note'), vacancy.exchange.note] : null,
                            vacancy.proposal?.returnReason
                              ? [t('vacancies.return-reason'), vacancy.proposal.returnReason]
                              : null,
                          ]}
                        />
                      </Panel>
                    )}
                    {vacancy.documents.length > 0 && (
                      <Panel title={t('vacancies.documents')}>
                        <ul className={classes.documents}>
                          {vacancy.documents.map((document) => (
                            <li key={document.id}>
                              <a href={`/api/v1/files/${document.fileId}`} target="_blank" rel="noreferrer">
                                {document.title}
                              </a>{' '}
                              <span className="dim">{words.moment(document.createdAt)}</span>
                            </li>
                          ))}
                        </ul>
                      </Panel>
                    )}
                  </>
                }
              >
                <ProblemAlert problem={select.error} />
                <Panel
                  title={t('vacancies.road')}
                  aside={
                    vacancy.cost && (
                      <>
                        {t('vacancies.cost-so-far', { days: vacancy.cost.days, cost: cents(vacancy.cost.totalCents) })}{' '}
                        <Why steps={vacancy.cost.steps as Step[]} />
                      </>
                    )
                  }
                >
                  <RibbonAxis scale={scale} />
                  <Ribbon segments={vacancy.ribbon} scale={scale} />
                  <div className={classes.legend}>
                    <RibbonLegend kinds={[...new Set(vacancy.ribbon.map(({ kind }) => kind))]} />
                  </div>
                </Panel>
                {vacancy.offers.length > 0 && <OffersPanel vacancy={vacancy} />}
                {vacancy.candidates.length > 0 && <CandidatesPanel vacancy={vacancy} />}
                {can.select && vacancy.candidates.length === 0 && <RankingPanel vacancyId={id} />}
              </AsideLayout>
            ),
          },
          {
            value: 'historique',
            label: t('ui.timeline'),
            content: (
              <Panel>
                <Timeline kind="vacancy" id={id} />
              </Panel>
            ),
          },
        ]}
      />
      <WorksForm vacancy={vacancy} opened={act === 'works'} onClose={() => setAct(null)} onDone={refresh} />
      <ClassifyForm vacancy={vacancy} opened={act === 'classify'} onClose={() => setAct(null)} onDone={refresh} />
      <WithdrawProposalForm
        vacancy={vacancy}
        opened={act === 'withdraw'}
        onClose={() => setAct(null)}
        onDone={refresh}
      />
      <ExchangeForm vacancy={vacancy} opened={act === 'exchange'} onClose={() => setAct(null)} onDone={refresh} />
      <ScheduleForm vacancy={vacancy} opened={act === 'schedule'} onClose={() => setAct(null)} onDone={refresh} />
      <OfferForm vacancy={vacancy} opened={act === 'offer'} onClose={() => setAct(null)} onDone={refresh} />
      <AnswerForm vacancy={vacancy} opened={act === 'answer'} onClose={() => setAct(null)} onDone={refresh} />
      <LeaseForm vacancy={vacancy} opened={act === 'lease'} onClose={() => setAct(null)} onDone={refresh} />
    </>
  );
}
