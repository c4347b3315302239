import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { ForecastFigures, getForecast } from '../contract.ts';

type Actual = ReplyOf<typeof getForecast>['actual'];

/** L − X = F, line by line: every number with its computation; what really happened beside it, once the year runs. */
export function ForecastLines({ figures, actual }: { figures: ForecastFigures; actual?: Actual | undefined }) {
  const { t, word, number, day } = useWords();
  type Row = {
    key: string;
    label: string;
    volume: number;
    actual: number | null;
    why: unknown[];
    note: string | null;
    /** What is amiss with the line. */
    alerts?: string[];
    total?: boolean;
  };
  const actualOf = (category: string): number | null =>
    actual ? (actual.categories.find((one) => one.category === category)?.vacancies ?? 0) : null;
  const rows: Row[] = [
    {
      key: 'expected',
      label: t('base.expected-vacancies'),
      volume: figures.expected,
      actual: actual?.vacancies ?? null,
      why: figures.steps.filter(
        ({ label }) => !label.startsWith('base.excluded') && label !== 'base.base' && label !== 'base.cap',
      ),
      note: [word('volume-origin', figures.expectedOrigin), figures.expectedReason].filter(Boolean).join(' · '),
    },
    ...figures.lines.map((line) => ({
      key: line.category,
      label: word('base-class', line.category),
      volume: line.volume,
      actual: actualOf(line.category),
      why: line.steps,
      note: [word('volume-origin', line.origin), line.origin === 'document' ? line.documents.join(', ') : line.reason]
        .filter(Boolean)
        .join(' · '),
      alerts: [
        ...line.reviews.map(({ document, on }) => `${document} : ${t('base.review-due', { on: day(on) })}`),
        ...(line.volume < line.promised ? [t('base.promised-more', { count: line.promised })] : []),
      ],
    })),
    {
      key: 'base',
      label: t('base.base'),
      volume: figures.base,
      actual: actual?.base ?? null,
      why: figures.steps.filter(
        ({ label }) => label.startsWith('base.excluded') || label === 'base.base' || label === 'base.cap',
      ),
      note: null,
      total: true,
    },
  ];
  return (
    <>
      <PlainTable
        caption={t('base.forecast-figures')}
        rows={rows}
        rowKey={(row) => row.key}
        highlight={(row) => row.total === true}
        columns={[
          {
            title: t('base.line'),
            render: (row) => (
              <>
                <span className={row.total || row.key === 'expected' ? 'strong' : undefined}>{row.label}</span>
                {row.note && <div className="dim">{row.note}</div>}
                {row.alerts?.map((alert) => (
                  <div key={alert}>
                    <Tag tone="amber">{alert}</Tag>
                  </div>
                ))}
              </>
            ),
          },
          {
            title: t('base.forecast-head'),
            align: 'right',
            render: (row) => (
              <span className={row.total ? 'strong' : undefined}>
                {row.key === 'expected' || row.total ? '' : '− '}
                {number(row.volume)}
              </span>
            ),
          },
          ...(actual
            ? [
                {
                  title: t('base.actual-head'),
                  align: 'right' as const,
                  render: (row: Row) => (row.actual === null ? '–' : number(row.actual)),
                },
              ]
            : []),
          {
            title: <span className="visually-hidden">{t('ui.why')}</span>,
            align: 'right',
            render: (row) => <Why steps={row.why as never} />,
          },
        ]}
      />
      {figures.beyondCap > 0 && (
        <p>
          <Tag tone="red">{t('base.beyond-cap', { count: figures.beyondCap, percent: figures.capPercent ?? '' })}</Tag>
        </p>
      )}
    </>
  );
}
