import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page } from '../../../../ui/parts.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { useTotal } from '../../../../ui/use-total.ts';
import { useWords } from '../../../../ui/words.tsx';
import { getReport, listReportEvents } from '../contract.ts';
import { lineLabel, type Section } from '../rules/report-lines.ts';

type Fact = ReplyOf<typeof listReportEvents>['items'][number];

/** The facts a figure of a report counts, one by one, each with its vacancy. */
export default function ReportEventsPage() {
  const { t, day, word, number } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const [state, setState] = useListState();
  const report = useQuery({ queryKey: ['report', id], queryFn: () => call(getReport, { params: { id } }) });
  const asked = { ...state, report: id };
  const total = useTotal(listReportEvents, asked as never);
  const line = report.data?.lines.find(({ section, key }) => section === state.section && key === String(state.key));
  const said = [
    line && lineLabel(line as typeof line & { section: Section }, t as never),
    state.measure && t(`reports.measure.${state.measure}`),
  ]
    .filter(Boolean)
    .join(', ');
  const columns: Column<Fact>[] = [
    {
      key: 'day',
      title: t('columns.flow.report-events.onDay'),
      sort: 'day',
      width: 110,
      render: (fact) => day(fact.onDay),
    },
    {
      key: 'kind',
      title: t('columns.flow.report-events.kind'),
      width: 190,
      render: (fact) => word('flow-event', fact.kind),
    },
    {
      key: 'counts',
      title: t('columns.flow.report-events.counts'),
      width: 80,
      align: 'right',
      render: (fact) => number(fact.counts),
    },
    {
      key: 'where',
      title: t('columns.flow.report-events.municipality'),
      render: (fact) => (
        <TwoLines
          first={fact.municipality}
          second={[
            fact.rooms === null ? null : t('reports.rooms', { value: fact.rooms }),
            fact.funding,
            t(`reports.priority-area.${fact.inPriorityArea ? 'in' : 'out'}`),
            fact.constructionYear,
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    { key: 'holder', title: t('columns.flow.report-events.holder'), render: (fact) => fact.holder ?? '–' },
    {
      key: 'base',
      title: t('columns.flow.report-events.baseClass'),
      width: 170,
      render: (fact) => word('base-class', fact.baseClass),
    },
  ];
  return (
    <Page
      title={t('reports.events-title', { count: total?.count ?? 0 })}
      context={
        report.data &&
        t('reports.events-context', { year: String(report.data.year), recipient: report.data.recipient, line: said })
      }
    >
      <Crumbs
        title={said || t('nav.reports')}
        path={[
          { label: 'list', link: <Link to="/bilans">{t('nav.reports')}</Link> },
          {
            label: 'report',
            link: (
              <Link to="/bilans/$id" params={{ id }}>
                {report.data?.recipient ?? '…'}
              </Link>
            ),
          },
        ]}
      />
      <ListTable<Fact>
        list="flow.report-events"
        endpoint={listReportEvents}
        columns={columns}
        state={asked}
        onState={({ report: _, ...next }) => setState(next)}
        searchable={false}
        rowKey={(fact) => fact.id}
        href={(fact) => `/liberations/${fact.vacancyId}`}
        narrow={(fact) => (
          <TwoLines
            first={`${day(fact.onDay)} · ${word('flow-event', fact.kind)}`}
            second={[fact.municipality, fact.holder].filter(Boolean).join(' · ')}
          />
        )}
        empty={<Empty title={t('reports.events-empty')} />}
      />
    </Page>
  );
}
