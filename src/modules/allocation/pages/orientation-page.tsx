import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Step } from '../../../kernel/steps.ts';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Facts, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Scrolled } from '../../../ui/scrolled.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Steps, Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getOrientation, getVacancy, orient } from '../contract.ts';
import { sizeOf } from './dwelling-size.ts';
import { GapScale } from './gap-scale.tsx';
import classes from './orientation-page.module.css';
import { StageTag } from './stage-tag.tsx';

type Alternative = ReplyOf<typeof getOrientation>['alternatives'][number];

/** To whom a freed dwelling goes: the suggestion in plain words, the decision one click away, the effect of every choice. */
export default function OrientationPage() {
  const words = useWords();
  const { t, day, number } = words;
  const { id } = useParams({ strict: false }) as { id: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const [choosing, setChoosing] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const vacancy = useQuery({ queryKey: ['vacancy', id], queryFn: () => call(getVacancy, { params: { id } }) });
  const orientation = useQuery({
    queryKey: ['orientation', id],
    queryFn: () => call(getOrientation, { params: { id } }),
  });
  const decide = useMutation({
    mutationFn: (agreementId: string) =>
      call(orient, { params: { id }, body: { agreementId, reason: reason || null, version: vacancy.data!.version } }),
    onSuccess: () => {
      client.invalidateQueries();
      navigate({ to: '/liberations/$id', params: { id } });
    },
  });
  if (vacancy.error ?? orientation.error) return <ProblemPage problem={vacancy.error ?? orientation.error} />;
  if (vacancy.isPending || orientation.isPending) return <PageSkeleton />;

  const dwelling = vacancy.data;
  const { suggested, alternatives, steps, building, fragile, leaning, programme, stakes, stakesSteps } =
    orientation.data;
  const nameOf = (party: Alternative) => (party.id === 'own' ? t('orientation.own') : party.name);
  const first = alternatives.find((party) => party.id === suggested)!;
  const chosen = alternatives.find((party) => party.id === choosing);
  // One far ahead must not squeeze the others into a point.
  const widest = Math.min(
    5,
    Math.max(2, ...alternatives.flatMap(({ gapBefore, gapAfter }) => [Math.abs(+gapBefore), Math.abs(+gapAfter)])),
  );

  return (
    <Page
      title={`${dwelling.address}, ${dwelling.municipality}`}
      context={[
        sizeOf(dwelling, t),
        dwelling.areaM2 && `${number(dwelling.areaM2)} m²`,
        dwelling.funding,
        dwelling.priorityArea
          ? t('orientation.in-area', { code: dwelling.priorityArea })
          : t('orientation.outside-area'),
        dwelling.constructionYear,
        t('orientation.free-on', { on: day(dwelling.freeOn) }),
        words.word('base-class', dwelling.baseClass),
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={<StageTag stage={dwelling.stage} />}
    >
      <Crumbs
        title={t('orientation.crumb')}
        path={[
          { label: 'list', link: <Link to="/liberations">{t('nav.vacancies')}</Link> },
          {
            label: 'dwelling',
            link: (
              <Link to="/liberations/$id" params={{ id }}>
                {dwelling.address}
              </Link>
            ),
          },
        ]}
      />
      <AsideLayout
        aside={
          <>
            <Panel title={t('ui.why')} flush>
              <Steps steps={steps as Step[]} />
            </Panel>
            <Panel title={t('orientation.building')}>
              <Facts
                facts={[
                  [
                    t('orientation.dwellings'),
                    t('orientation.dwellings-void', { dwellings: building.dwellings, voids: building.voids }),
                  ],
                  [
                    t('orientation.first-quartile'),
                    building.firstQuartileRate ? words.rate(building.firstQuartileRate) : null,
                  ],
                ]}
              />
              {fragile && <p className={classes.note}>{t('orientation.fragile')}</p>}
              {building.listedUntil && (
                <p className={classes.note}>{t('orientation.listed', { until: day(building.listedUntil) })}</p>
              )}
            </Panel>
            <Panel title={t('orientation.stakes')} aside={<Why steps={stakesSteps as Step[]} />}>
              <Facts
                facts={stakes.map((stake) => [
                  t(stake.committed ? 'orientation.stakes-committed' : 'orientation.stakes-target', {
                    objective: words.word('stake', stake.objective),
                    target: words.rate(stake.target),
                  }),
                  t(stake.before === null ? 'orientation.stakes-none' : 'orientation.stakes-after', {
                    before: words.rate(stake.before ?? 0),
                    met: words.rate(stake.ifMet),
                    not: words.rate(stake.ifNot),
                  }),
                ])}
              />
              {leaning && !programme && (
                <p className={classes.note}>{t('orientation.leaning', { whom: words.word('leaning', leaning) })}</p>
              )}
            </Panel>
          </>
        }
      >
        <ProblemAlert problem={decide.error} />
        <Panel
          tone="accent"
          title={
            <>
              {t('orientation.suggestion')} <span className={classes.name}>{nameOf(first)}</span>
              {first.contingent && (
                <span className={classes.contingent}> {words.word('contingent', first.contingent)}</span>
              )}
            </>
          }
          aside={t('orientation.indicative')}
        >
          <p className={classes.sentence}>
            {programme
              ? t('orientation.programme-sentence', {
                  name: nameOf(first),
                  programme,
                  proposed: first.proposed,
                  part: Number(first.due),
                })
              : t('orientation.sentence', {
                  name: nameOf(first),
                  proposed: first.proposed,
                  due: number(first.due),
                  scale: words.word('scale', first.scale),
                })}{' '}
            {t('orientation.why-suggested', { why: words.word('orientation-why', first.why) })}{' '}
            {first.needs.length > 0 && t('orientation.serves', { count: first.needs.length })}
          </p>
          {choosing === null ? (
            <div className={classes.acts}>
              <Button
                className={classes.long}
                loading={decide.isPending}
                onClick={() => decide.mutate(suggested)}
                disabled={!dwelling.can.orient}
              >
                {suggested === 'own' ? t('orientation.keep') : t('orientation.orient-to', { name: nameOf(first) })}
              </Button>
              <Button variant="default" onClick={() => setChoosing('')} disabled={!dwelling.can.orient}>
                {t('orientation.choose-other')}
              </Button>
              {suggested !== 'own' && (
                <QuietButton onClick={() => setChoosing('own')} disabled={!dwelling.can.orient}>
                  {t('orientation.keep')}
                </QuietButton>
              )}
            </div>
          ) : (
            <div className={classes.override}>
              <p>{chosen ? t('orientation.override', { name: nameOf(chosen) }) : t('orientation.choose-below')}</p>
              {chosen && (
                <Textarea
                  label={t('orientation.reason')}
                  description={t('orientation.reason-hint')}
                  value={reason}
                  onChange={(event) => setReason(event.currentTarget.value)}
                  autosize
                  minRows={2}
                  required
                />
              )}
              <div className={classes.acts}>
                {chosen && (
                  <Button
                    className={classes.long}
                    onClick={() => decide.mutate(chosen.id)}
                    loading={decide.isPending}
                    disabled={reason.trim().length < 3}
                  >
                    {chosen.id === 'own' ? t('orientation.keep') : t('orientation.orient-to', { name: nameOf(chosen) })}
                  </Button>
                )}
                <QuietButton onClick={() => setChoosing(null)}>{t('orientation.back-to-suggestion')}</QuietButton>
              </div>
            </div>
          )}
        </Panel>

        <Panel title={t('orientation.effects')} aside={t('orientation.effects-legend')} flush>
          <Scrolled label={t('orientation.effects')}>
            <table className={classes.table}>
              <caption className="visually-hidden">{t('orientation.effects')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('orientation.party')}</th>
                  <th scope="col">{t('orientation.scale')}</th>
                  <th scope="col" className="num">
                    {t(programme ? 'orientation.programme-part' : 'orientation.due')}
                  </th>
                  <th scope="col" className="num">
                    {t('orientation.proposed')}
                  </th>
                  <th scope="col" className={classes.scaleHead}>
                    {t('orientation.gap')}
                  </th>
                  <th scope="col">{t('orientation.what-it-serves')}</th>
                  {choosing !== null && (
                    <th scope="col">
                      <span className="visually-hidden">{t('orientation.choose')}</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {alternatives.map((party) => (
                  <tr key={party.id} className={party.id === (choosing || suggested) ? classes.on : undefined}>
                    <th scope="row">
                      {nameOf(party)}
                      {party.contingent && (
                        <span className={classes.contingent}> {words.word('contingent', party.contingent)}</span>
                      )}
                      <span className={classes.because}>{words.word('orientation-why', party.why)}</span>
                      {party.waits !== null && party.why !== 'ahead' && party.why !== 'returned' && (
                        <span className={classes.because}>{t('orientation.waits', { count: party.waits })}</span>
                      )}
                    </th>
                    <td className="dim">{words.word('scale', party.scale)}</td>
                    <td className="num">{words.fixed(party.due)}</td>
                    <td className="num">{party.proposed}</td>
                    <td>
                      <GapScale
                        before={Number(party.gapBefore)}
                        after={Number(party.gapAfter)}
                        widest={widest}
                        on={party.id === (choosing || suggested)}
                      />
                    </td>
                    <td>
                      {party.needs.map((need) => (
                        <Tag key={need.criterion + need.value} tone={need.served < need.target ? 'green' : 'neutral'}>
                          {t(`needs.${need.criterion}`, {
                            value: need.place ?? need.value,
                            served: need.served,
                            target: need.target,
                          })}
                        </Tag>
                      ))}
                    </td>
                    {choosing !== null && (
                      <td className="num">
                        {party.id !== suggested && (
                          <Button
                            size="compact-xs"
                            variant={party.id === choosing ? 'filled' : 'default'}
                            onClick={() => setChoosing(party.id)}
                          >
                            {t('orientation.choose')}
                          </Button>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        </Panel>
      </AsideLayout>
    </Page>
  );
}
