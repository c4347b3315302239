import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { AsideLayout, Facts, Figures, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { getForecast, moveForecast } from '../contract.ts';
import type { ForecastMove } from '../rules/forecast-road.ts';
import classes from './base-page.module.css';
import { ForecastForm } from './forecast-form.tsx';
import { ForecastLines } from './forecast-lines.tsx';
import { ForecastTag } from './forecast-tag.tsx';

/** One forecast: L − X = F with every number explained, what really happened beside, and the road of the decision. */
export default function ForecastPage() {
  const { t, number, day, moment, word, rate } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const { organisationId, today } = useActor();
  const client = useQueryClient();
  const [moving, setMoving] = useState<ForecastMove | null>(null);
  const [revising, setRevising] = useState(false);
  const query = useQuery({ queryKey: ['forecast', id], queryFn: () => call(getForecast, { params: { id } }) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const forecast = query.data;
  const { figures, actual, next, can } = forecast;
  const isOwn = forecast.landlordId === organisationId;
  const elsewhere = moving !== null && ['territory-agreed', 'agreed', 'returned'].includes(moving);
  const done = () => {
    setMoving(null);
    setRevising(false);
    client.invalidateQueries();
  };
  const started = String(forecast.year) <= today.slice(0, 4);
  return (
    <Page
      title={
        <>
          {t('base.forecast-of', {
            year: String(forecast.year),
            department: forecast.territory ?? forecast.department,
          })}{' '}
          <ForecastTag state={forecast.state} />
        </>
      }
      context={t('base.forecast-context', { landlord: forecast.landlord, revision: forecast.revision })}
      actions={
        <>
          {can.revise && (
            <Button variant="default" onClick={() => setRevising(true)}>
              {t('base.revise-forecast')}
            </Button>
          )}
          {next.map((to) => (
            <Button key={to} variant={to === 'returned' ? 'default' : 'filled'} onClick={() => setMoving(to)}>
              {word('forecast-move', to)}
            </Button>
          ))}
        </>
      }
    >
      <Crumbs
        title={t('base.forecast-of', {
          year: String(forecast.year),
          department: forecast.territory ?? forecast.department,
        })}
        path={[{ label: t('base.forecast'), link: <Link to="/assiette/previsionnel">{t('base.forecast')}</Link> }]}
      />
      <div className={classes.parts}>
        <Figures
          figures={[
            { value: number(figures.expected), label: t('base.expected-figure') },
            { value: number(figures.excluded), label: t('base.excluded-figure') },
            { value: number(figures.base), label: t('base.base-figure') },
            ...(started
              ? [
                  { value: number(actual.vacancies), label: t('base.freed-figure', { on: day(actual.until) }) },
                  { value: number(actual.base), label: t('base.base-actual-figure') },
                ]
              : []),
          ]}
        />
        <AsideLayout
          aside={
            <>
              <Panel title={t('base.scope')}>
                <Facts
                  facts={[
                    [t('base.stock-figure'), number(figures.stock)],
                    [t('base.retained-figure'), number(figures.retained)],
                    [t('base.first-figure'), number(figures.firstLettings)],
                    [t('base.scope-figure'), number(figures.inScope)],
                    figures.rotation !== null && [t('base.rotation'), rate(figures.rotation)],
                    figures.capPercent !== null && [t('base.cap'), `${figures.capPercent} %`],
                  ]}
                />
              </Panel>
              <Panel title={t('base.road')}>
                <p className="dim">
                  {t('frame.road-ends', { body: t(`settings.flow.consolidation-body.${forecast.consolidation}`) })}
                </p>
                {forecast.moves.length === 0 ? (
                  <p className="dim">{t('base.no-moves')}</p>
                ) : (
                  <ol className={classes.road}>
                    {forecast.moves.map((move) => (
                      <li key={move.at}>
                        <ForecastTag state={move.to} /> <span className="nowrap">{day(move.decidedOn)}</span>
                        {move.body && <div>{move.body}</div>}
                        {move.comment && <div>« {move.comment} »</div>}
                        <div className="dim">
                          {t('base.moved-by', { name: move.by, at: moment(move.at), revision: move.revision })}
                        </div>
                      </li>
                    ))}
                  </ol>
                )}
              </Panel>
            </>
          }
        >
          <Panel
            flush
            title={t('base.forecast-figures')}
            aside={forecast.state === 'published' ? t('base.frozen') : t('base.by-law')}
          >
            <ForecastLines figures={figures} actual={started ? actual : undefined} />
          </Panel>
        </AsideLayout>
      </div>
      {can.revise && (
        <ForecastForm
          key={forecast.version}
          places={[{ department: forecast.department, dwellings: figures.stock }]}
          revising={forecast}
          opened={revising}
          onClose={() => setRevising(false)}
          onDone={done}
        />
      )}
      <FormDrawer
        opened={moving !== null}
        onClose={() => setMoving(null)}
        title={moving ? word('forecast-move', moving) : ''}
        submitLabel={moving ? word('forecast-move', moving) : ''}
        initial={{ body: '', decidedOn: today as string, comment: '' }}
        submit={(values, key) =>
          call(moveForecast, { params: { id }, key, body: { to: moving!, ...values, decidedOn: values.decidedOn } })
        }
        onDone={done}
      >
        {(form) => (
          <Stack gap="sm">
            <p className="dim">{moving && t(`base.move-hint.${moving}`)}</p>
            {isOwn && elsewhere && (
              <TextInput
                label={t('base.body')}
                description={t('base.body-hint')}
                required
                {...form.getInputProps('body')}
              />
            )}
            <DayField label={t('base.decided-on')} required {...form.getInputProps('decidedOn')} />
            <Textarea
              label={t('base.comment')}
              required={moving === 'returned'}
              autosize
              minRows={2}
              {...form.getInputProps('comment')}
            />
          </Stack>
        )}
      </FormDrawer>
    </Page>
  );
}
