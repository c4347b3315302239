import { Button, Menu, Stack, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { addressOf, call, requestContext } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { AsideLayout, Facts, Figures, Page, PageSkeleton, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { NextTargets } from '../../agreements/pages/next-targets.tsx';
import { useMinimumWords } from '../../points/pages/guarantee-panel.tsx';
import {
  acknowledgeReport,
  getReport,
  getReportFile,
  produceReports,
  type Report,
  reportFormats,
  sendReports,
} from '../contract.ts';
import {
  breakdowns,
  lineLabel,
  linesOf,
  type Measure,
  measures,
  measuresOf,
  type Section,
} from '../rules/report-lines.ts';
import classes from './reports.module.css';
import { StateTag } from './state-tag.tsx';

/** A report: its figures and how they were counted, by each breakdown of the law; for its landlord what changed since. */
export default function ReportPage() {
  const { t } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const report = useQuery({ queryKey: ['report', id], queryFn: () => call(getReport, { params: { id } }) });
  if (report.error) return <ProblemPage problem={report.error} onRetry={() => report.refetch()} />;
  if (report.isPending) return <PageSkeleton />;
  const { data } = report;
  const mine = data.since !== null || data.source !== null;
  return (
    <Page
      title={
        <>
          {t('reports.title-one', { year: String(data.year), name: mine ? data.recipient : data.landlord })}{' '}
          {data.withdrawn ? (
            <Tag tone="amber">{t('reports.withdrawn')}</Tag>
          ) : (
            <StateTag state={data.state} punctuality={data.deadline.punctuality} />
          )}
        </>
      }
      context={<Context report={data} />}
      actions={<Actions report={data} />}
    >
      <Crumbs
        title={`${data.year} · ${mine ? data.recipient : data.landlord}`}
        path={[{ label: 'list', link: <Link to="/bilans">{t('nav.reports')}</Link> }]}
      />
      <KeyFigures report={data} />
      <div className={classes.breakdowns}>
        <AsideLayout
          aside={
            <>
              <Sending report={data} />
              {data.since && <Since report={data} />}
              <Method report={data} />
            </>
          }
        >
          {breakdowns
            .filter((section) => data.lines.some((line) => line.section === section))
            .map((section) => (
              <Breakdown key={section} report={data} section={section} />
            ))}
          <Guarantees report={data} />
          <Outside report={data} />
          <Forecast report={data} />
          <NextTargets
            agreementIds={data.lines.filter(({ section }) => section === 'agreement').map(({ key }) => key)}
            year={data.year}
          />
        </AsideLayout>
      </div>
    </Page>
  );
}

function Context({ report }: { report: Report }) {
  const { t, day } = useWords();
  return (
    <>
      {t('reports.document.period', { from: day(report.inputs.from), until: day(report.inputs.until) })} ·{' '}
      {t(`reports.recipient.${report.kind}`)}
      {report.edition > 1 && ` · ${t('reports.edition', { edition: report.edition })}`} · {t('reports.last-day')}{' '}
      {day(report.deadline.lastDay)} <Why steps={report.deadline.steps as Step[]} />
    </>
  );
}

function KeyFigures({ report }: { report: Report }) {
  const { t, number } = useWords();
  const total = report.lines.find(({ section }) => section === 'total');
  if (!total) return null;
  const explained = (measure: Measure | 'due') => (
    <>
      {t(`reports.measure.${measure}`)} <Why steps={report.explained[measure] as Step[]}>?</Why>
    </>
  );
  return (
    <Figures
      figures={[
        ...(total.due === null ? [] : [{ value: number(total.due), label: explained('due') }]),
        ...measures.map((measure) => ({
          value: <Counted report={report} line={total} measure={measure} />,
          label: explained(measure),
        })),
      ]}
    />
  );
}

type Line = Report['lines'][number];

/** A figure; for those who may, the way to the facts behind it. */
function Counted({ report, line, measure }: { report: Report; line: Line; measure: Measure }) {
  const { number } = useWords();
  const shown = number(line[measure]);
  if (!report.source || line[measure] === 0) return shown;
  return (
    <Link
      to="/bilans/$id/faits"
      params={{ id: report.id }}
      search={{ section: line.section, key: line.key, measure } as never}
    >
      {shown}
    </Link>
  );
}

function Breakdown({ report, section }: { report: Report; section: Section }) {
  const { t, rate, fixed } = useWords();
  const lines = linesOf(report.lines, section);
  const most = Math.max(1, ...lines.map(({ proposed }) => proposed));
  return (
    <Panel title={t(`reports.by.${section}`)} flush>
      <PlainTable
        caption={t(`reports.by.${section}`)}
        rows={lines}
        rowKey={(line) => line.key}
        columns={[
          { title: t(`reports.of.${section}`), render: (line) => lineLabel(line, t as never) },
          {
            title: <span className="visually-hidden">{t('reports.measure.proposed')}</span>,
            width: '24%',
            render: (line) => (
              <span className={classes.bar} aria-hidden="true">
                <span style={{ width: `${(100 * Math.max(line.proposed, 0)) / most}%` }} />
              </span>
            ),
          },
          ...(section === 'agreement'
            ? [
                {
                  title: t('reports.share'),
                  align: 'right' as const,
                  render: (line: Line) => (line.share === null ? '–' : rate(line.share)),
                },
                {
                  title: t('reports.due'),
                  align: 'right' as const,
                  render: (line: Line) => (line.due === null ? '–' : fixed(line.due)),
                },
              ]
            : []),
          ...measuresOf(section).map((measure) => ({
            title: t(`reports.measure.${measure}`),
            align: 'right' as const,
            width: 92,
            render: (line: Line) => <Counted report={report} line={line} measure={measure} />,
          })),
        ]}
      />
    </Panel>
  );
}

/** What the agreements guarantee of beneficiaries rehoused, beside the figures: it changes none of them. */
function Guarantees({ report }: { report: Report }) {
  const { t, number, rate } = useWords();
  const minimum = useMinimumWords();
  if (report.guarantees.length === 0) return null;
  return (
    <Panel title={t('guarantee.title')} aside={t('guarantee.counts-nothing')} flush>
      <PlainTable
        caption={t('guarantee.title')}
        rows={report.guarantees}
        rowKey={(guarantee) => guarantee.agreementId}
        columns={[
          { title: t('reports.of.agreement'), render: (guarantee) => guarantee.reference },
          { title: t('guarantee.agreed'), render: (guarantee) => minimum(guarantee) },
          { title: t('guarantee.leases'), align: 'right', render: (guarantee) => number(guarantee.leases) },
          {
            title: t('guarantee.housed'),
            align: 'right',
            render: (guarantee) => (
              <>
                {number(guarantee.housed)}
                {guarantee.attained && ` (${rate(guarantee.attained)})`} <Why steps={guarantee.steps as Step[]}>?</Why>
              </>
            ),
          },
          {
            title: t('guarantee.outcome'),
            render: (guarantee) => t(guarantee.isShort ? 'guarantee.missed' : 'guarantee.kept'),
          },
        ]}
      />
    </Panel>
  );
}

function Outside({ report }: { report: Report }) {
  const { t, number } = useWords();
  const credited = linesOf(report.lines, 'credited');
  const own = linesOf(report.lines, 'own-outside');
  const table = (lines: Line[], caption: string) => (
    <PlainTable
      caption={caption}
      rows={lines}
      rowKey={(line) => line.key}
      columns={[
        { title: t('reports.of.outside'), render: (line) => lineLabel(line, t as never) },
        ...measures.map((measure) => ({
          title: t(`reports.measure.${measure}`),
          align: 'right' as const,
          width: 92,
          render: (line: Line) => <Counted report={report} line={line} measure={measure} />,
        })),
      ]}
    />
  );
  const lines = linesOf(report.lines, 'outside');
  return (
    <>
      <Panel title={t('reports.outside')} aside={t('reports.outside-hint')} flush={lines.length > 0}>
        {lines.length === 0 ? t('reports.outside-empty') : table(lines, t('reports.outside'))}
      </Panel>
      {own.length > 0 && (
        <Panel title={t('reports.own-outside')} flush>
          {table(own, t('reports.own-outside'))}
        </Panel>
      )}
      {credited.length > 0 && (
        <Panel title={t('reports.credited')} aside={t('reports.credited-hint')} flush>
          <PlainTable
            caption={t('reports.credited')}
            rows={credited}
            rowKey={(line) => line.key}
            columns={[
              { title: t('reports.of.agreement'), render: (line) => lineLabel(line, t as never) },
              { title: t('reports.measure.leased'), align: 'right', render: (line) => number(line.leased) },
            ]}
          />
        </Panel>
      )}
    </>
  );
}

function Forecast({ report }: { report: Report }) {
  const { t, word, number } = useWords();
  const { forecast } = report;
  return (
    <Panel
      title={t('reports.forecast', { year: String(forecast.year) })}
      aside={t(`reports.forecast-${forecast.origin}`)}
      flush={forecast.categories.length > 0}
    >
      {forecast.categories.length === 0 ? (
        t('reports.forecast-empty')
      ) : (
        <PlainTable
          caption={t('reports.forecast', { year: String(forecast.year) })}
          rows={forecast.categories}
          rowKey={(category) => category.category}
          columns={[
            { title: t('reports.of.outside'), render: ({ category }) => word('base-class', category) },
            { title: t('reports.forecast-dwellings'), align: 'right', render: ({ dwellings }) => number(dwellings) },
            {
              title: t('reports.forecast-how'),
              align: 'right',
              width: 130,
              render: ({ steps }) => <Why steps={steps as Step[]} />,
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Sending({ report }: { report: Report }) {
  const { t, day, moment } = useWords();
  const { acknowledgement, deliveries, editions, sentOn } = report;
  return (
    <Panel title={t('reports.letters')}>
      <div className={classes.side}>
        <p>{sentOn ? t('reports.sent-by', { day: day(sentOn), by: report.sentBy }) : t('reports.sent-not')}</p>
        {deliveries.length > 0 && (
          <ul className={classes.log}>
            {deliveries.map((delivery) => (
              <li key={delivery.channel}>
                <span className="dim">{moment(delivery.sentAt)}</span>{' '}
                {t(`reports.channel.${delivery.channel}`, { recipient: delivery.recipient })}
              </li>
            ))}
          </ul>
        )}
        {sentOn && (
          <p>
            {acknowledgement
              ? t('reports.acknowledged', { day: day(acknowledgement.receivedOn), by: acknowledgement.by })
              : t('reports.acknowledged-not')}
            {acknowledgement?.note && <span className="dim"> « {acknowledgement.note} »</span>}
          </p>
        )}
        {editions.length > 1 && (
          <Facts
            facts={editions.map(
              (edition) =>
                [
                  edition.id === report.id ? (
                    <b key={edition.id}>{t('reports.edition', { edition: edition.edition })}</b>
                  ) : (
                    <Link key={edition.id} to="/bilans/$id" params={{ id: edition.id }}>
                      {t('reports.edition', { edition: edition.edition })}
                    </Link>
                  ),
                  edition.withdrawn
                    ? t('reports.withdrawn')
                    : edition.sentOn
                      ? t('reports.sent-by', { day: day(edition.sentOn), by: report.landlord })
                      : t('reports.state.ready'),
                ] as const,
            )}
          />
        )}
      </div>
    </Panel>
  );
}

/** Counted again: what differs from what was frozen, and the facts that explain it. */
function Since({ report }: { report: Report }) {
  const { t, day, word, number } = useWords();
  const since = report.since;
  if (!since) return null;
  return (
    <Panel title={t('reports.since', { count: since.lines.length, day: day(report.frozenAt.slice(0, 10)) })}>
      <div className={classes.side}>
        {since.lines.length === 0 ? (
          <p className="dim">{t('reports.since-same')}</p>
        ) : (
          <ul className={classes.log}>
            {since.lines.slice(0, 30).map((line) => (
              <li key={`${line.section} ${line.key} ${line.measure}`} className={classes.difference}>
                <span>
                  {lineLabel(line, t as never)} · {t(`reports.measure.${line.measure}`)}
                </span>
                <span className="nowrap">
                  {number(line.before)} → <b>{number(line.now)}</b>
                </span>
              </li>
            ))}
          </ul>
        )}
        {since.events.length > 0 && (
          <>
            <p>{t('reports.since-events', { count: since.events.length })}</p>
            <ul className={classes.log}>
              {since.events.map((event) => (
                <li key={event.id}>
                  <Link to="/liberations/$id" params={{ id: event.vacancyId }}>
                    {day(event.onDay)}, {word('flow-event', event.kind)}
                  </Link>
                  , {event.municipality}
                  {event.holder && `, ${event.holder}`}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}

function Method({ report }: { report: Report }) {
  const { t, day } = useWords();
  return (
    <Panel title={t('reports.method')}>
      <div className={classes.side}>
        <ul className={classes.method}>
          <li>{t('reports.method-counted')}</li>
          <li>{t('reports.method-dates')}</li>
          <li>{t('reports.method-base')}</li>
          <li>{t(report.kind === 'holder' ? 'reports.method-holder' : 'reports.method-territory')}</li>
          <li>{t('reports.method-geography', { year: report.inputs.geography })}</li>
          <li>{t('reports.method-periods')}</li>
          <li>{t('reports.method-frozen', { day: day(report.frozenAt.slice(0, 10)), by: report.frozenBy })}</li>
        </ul>
        {report.source && (
          <p className={classes.hash}>
            {t('reports.method-hash', { count: report.source.counted, hash: report.source.hash })}
          </p>
        )}
      </div>
    </Panel>
  );
}

function Actions({ report }: { report: Report }) {
  const { t } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [opened, setOpened] = useState<'send' | 'acknowledge' | null>(null);
  const correct = useMutation({
    mutationFn: () =>
      call(produceReports, {
        body: { year: report.year, recipients: [report.key] },
      }),
    onSuccess: () => {
      client.invalidateQueries();
      navigate({ to: '/bilans', search: { annee: String(report.year) } as never });
    },
  });
  const done = () => {
    setOpened(null);
    client.invalidateQueries();
  };
  const own = report.source === null;
  const file = (format: string) =>
    addressOf(getReportFile, { id: report.id }, { format, organisation: requestContext.organisationId });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default">{t('ui.extract')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {reportFormats.map((format) => (
            <Menu.Item key={format} component="a" href={file(format)} target={format === 'pdf' ? '_blank' : undefined}>
              {t(`reports.file-${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {report.can.correct && (
        <Button
          variant="default"
          loading={correct.isPending}
          onClick={() => correct.mutate()}
          title={t('reports.correct-hint')}
        >
          {t('reports.correct')}
        </Button>
      )}
      {report.can.send && <Button onClick={() => setOpened('send')}>{t('reports.send')}</Button>}
      {report.can.acknowledge && (
        <Button onClick={() => setOpened('acknowledge')}>
          {t(own ? 'reports.acknowledge' : 'reports.acknowledge-for')}
        </Button>
      )}
      {correct.error && <ProblemAlert problem={correct.error} />}
      <FormDrawer
        opened={opened === 'send'}
        onClose={() => setOpened(null)}
        onDone={done}
        title={t('reports.send-title', { count: 1 })}
        submitLabel={t('reports.send')}
        initial={{}}
        submit={(_, key) => call(sendReports, { key, body: { ids: [report.id] } })}
      >
        {() => <p className="dim">{t('reports.send-hint')}</p>}
      </FormDrawer>
      <FormDrawer
        opened={opened === 'acknowledge'}
        onClose={() => setOpened(null)}
        onDone={done}
        title={t(own ? 'reports.acknowledge' : 'reports.acknowledge-for')}
        submitLabel={t(own ? 'reports.acknowledge' : 'reports.acknowledge-for')}
        initial={{ receivedOn: today as string, note: '' }}
        submit={(values, key) =>
          call(acknowledgeReport, { key, params: { id: report.id }, body: { ...values, note: values.note || null } })
        }
      >
        {(form) => (
          <Stack gap="sm">
            {own && <p className="dim">{t('reports.acknowledge-hint')}</p>}
            <DayField label={t('reports.received-on')} required {...form.getInputProps('receivedOn')} />
            <Textarea label={t('reports.note')} autosize minRows={2} {...form.getInputProps('note')} />
          </Stack>
        )}
      </FormDrawer>
    </>
  );
}
