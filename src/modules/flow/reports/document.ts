import { describeStep } from '../../../kernel/describe.ts';
import { formatDay, formatNumber, formatRate } from '../../../kernel/format.ts';
import { dayIn } from '../../../kernel/local-date.ts';
import type { Translate } from '../../../kernel/messages.ts';
import { byteOrderMark, csvLine } from '../../../platform/spreadsheets/csv-text.ts';
import type { Sheet } from '../../../platform/spreadsheets/workbook.ts';
import type { Line, ReportRecord } from './queries.ts';
import { breakdowns, lineLabel, linesOf, measures, measuresOf, type Section } from './rules/report-lines.ts';

/** A report as a document to sign, a workbook, text for a spreadsheet: the same lines in the same words and order (F-82). */

type Printed = Pick<
  ReportRecord,
  | 'year'
  | 'edition'
  | 'kind'
  | 'recipient'
  | 'landlord'
  | 'lastDay'
  | 'inputs'
  | 'forecast'
  | 'frozenAt'
  | 'frozenBy'
  | 'sentOn'
  | 'lines'
  | 'source'
>;

export const documentTitle = (report: Pick<Printed, 'year' | 'recipient' | 'edition'>, t: Translate): string =>
  t('reports.document.file', { year: String(report.year), recipient: report.recipient, edition: report.edition });

const totalOf = (report: Printed): Line => report.lines.find(({ section }) => section === 'total')!;

/** A text that two spaces or a line break could not spoil; breakdowns that hold something, in the order of the law. */
const filled = (report: Printed): Section[] =>
  breakdowns.filter((section) => report.lines.some((line) => line.section === section));

const headings = (section: Section, t: Translate): string[] => [
  t(`reports.of.${section}`),
  ...(section === 'agreement' ? [t('reports.share'), t('reports.due')] : []),
  ...measuresOf(section).map((measure) => t(`reports.measure.${measure}`)),
];

const number = (value: number | string): string => formatNumber(value, 'fr');

/** The facts the template prints, already written for the reader. */
export function documentFacts(report: Printed, t: Translate): Record<string, unknown> {
  const total = totalOf(report);
  const next = report.year + 1;
  const outside = linesOf(report.lines, 'outside');
  const sum = report.forecast.categories.reduce((all, { dwellings }) => all + dwellings, 0);
  return {
    title: t('reports.document.title', { year: String(report.year) }),
    subtitle: t('reports.document.subtitle', { next: String(next) }),
    toLabel: t('reports.document.to'),
    recipient: report.recipient,
    edition: report.edition > 1 ? t('reports.document.edition', { edition: report.edition }) : null,
    draft: report.sentOn ? null : t('reports.document.draft'),
    footer: documentTitle(report, t),
    period: t('reports.document.period', {
      from: formatDay(report.inputs.from, 'fr'),
      until: formatDay(report.inputs.until, 'fr'),
    }),
    figures: [
      ...(total.due === null ? [] : [{ value: number(total.due), label: t('reports.due') }]),
      ...measures.map((measure) => ({ value: number(total[measure]), label: t(`reports.measure.${measure}`) })),
    ],
    summary: t(report.kind === 'holder' ? 'reports.document.summary-holder' : 'reports.document.summary-territory', {
      proposed: total.proposed,
      attributed: total.attributed,
      leased: total.leased,
      freed: total.freed,
      year: String(report.year),
    }),
    outlook: t('reports.document.outlook', { count: sum, year: String(next) }),
    breakdowns: filled(report).map((section) => {
      const lines = linesOf(report.lines, section);
      const most = Math.max(1, ...lines.map(({ proposed }) => proposed));
      return {
        title: t(`reports.by.${section}`),
        headings: headings(section, t),
        rows: lines.map((line) => ({
          cells: [
            lineLabel(line, t),
            ...(section === 'agreement' ? [formatRate(line.share ?? 0, 'fr'), number(line.due ?? 0)] : []),
            ...measuresOf(section).map((measure) => number(line[measure])),
          ],
          bar: Math.round((100 * Math.max(line.proposed, 0)) / most),
        })),
      };
    }),
    outside: {
      title: t('reports.outside'),
      intro: t('reports.outside-hint'),
      empty: t('reports.outside-empty'),
      headings: headings('outside', t),
      rows: outside.map((line) => [lineLabel(line, t), ...measures.map((measure) => number(line[measure]))]),
    },
    forecast: {
      title: t('reports.forecast', { year: String(next) }),
      intro: t(`reports.forecast-${report.forecast.origin}`),
      empty: t('reports.forecast-empty'),
      headings: [t('reports.of.outside'), t('reports.forecast-dwellings'), t('reports.forecast-how')],
      rows: report.forecast.categories.map(({ category, dwellings, steps }) => [
        t(`values.base-class.${category}`),
        number(dwellings),
        steps
          .filter(({ formula }) => formula)
          .map((step) => describeStep(step, 'fr', t))
          .map(({ formula, result }) => [formula, result].filter(Boolean).join(' = '))
          .join(' ; '),
      ]),
      total: [t('reports.total'), number(sum), ''],
    },
    method: {
      title: t('reports.method'),
      lines: methodOf(report, t),
    },
    signature: t('reports.document.signature', {
      landlord: report.landlord,
      day: formatDay(report.sentOn ?? dayIn('Europe/Paris', new Date(report.frozenAt)), 'fr'),
    }),
  };
}

/** How the figures were counted, and from which texts. */
export function methodOf(report: Printed, t: Translate): string[] {
  return [
    t('reports.method-counted'),
    t('reports.method-dates'),
    t('reports.method-base'),
    t(report.kind === 'holder' ? 'reports.method-holder' : 'reports.method-territory'),
    t('reports.method-geography', { year: report.inputs.geography }),
    t('reports.method-periods'),
    t('reports.method-frozen', {
      day: formatDay(dayIn('Europe/Paris', new Date(report.frozenAt)), 'fr'),
      by: report.frozenBy,
    }),
    ...linesOf(report.lines, 'credited').map((line) =>
      t('reports.method-credited', { agreement: lineLabel(line, t), count: line.leased }),
    ),
    ...(report.inputs.guarantees ?? []).map(({ reference, beneficiaries, kind, minimum, housed, leases }) =>
      t('guarantee.method', {
        agreement: reference,
        minimum: t(`guarantee.minimum-${kind}`, {
          value: kind === 'share' ? formatRate(minimum, 'fr') : number(minimum),
          who: t(`values.beneficiaries.${beneficiaries}`),
        }),
        housed,
        leases,
      }),
    ),
    ...(report.source ? [t('reports.method-hash', { count: report.source.counted, hash: report.source.hash })] : []),
    t('reports.method-texts', { day: formatDay(report.lastDay, 'fr') }),
  ];
}

/** One sheet a breakdown, then what is out of the base, the forecast and the method. */
export function workbookOf(report: Printed, t: Translate): Sheet[] {
  const columnsOf = (names: string[]) =>
    names.map((heading, index) => ({ heading, width: index === 0 ? 42 : Math.max(12, heading.length + 2) }));
  const figures = (line: Line, section: Section) => measuresOf(section).map((measure) => line[measure]);
  const exactNumber = (text: string | null) => (text === null ? null : Number(text));
  const total = totalOf(report);
  const sheets: Sheet[] = [
    {
      name: t('reports.sheet.summary'),
      columns: columnsOf([documentTitle(report, t), t('reports.value')]),
      rows: [
        [t('reports.document.to'), report.recipient],
        [t('reports.landlord'), report.landlord],
        [
          t('reports.document.period-label'),
          `${formatDay(report.inputs.from, 'fr')} – ${formatDay(report.inputs.until, 'fr')}`,
        ],
        ...(total.due === null ? [] : [[t('reports.due'), Number(total.due)]]),
        ...measures.map((measure) => [t(`reports.measure.${measure}`), total[measure]]),
      ],
    },
    ...filled(report).map((section) => ({
      name: t(`reports.sheet.${section}`),
      columns: columnsOf(headings(section, t)),
      rows: linesOf(report.lines, section).map((line) => [
        lineLabel(line, t),
        ...(section === 'agreement' ? [exactNumber(line.share), exactNumber(line.due)] : []),
        ...figures(line, section),
      ]),
    })),
    ...(['outside', 'own-outside'] as const)
      .filter((section) => section === 'outside' || report.lines.some((line) => line.section === section))
      .map((section) => ({
        name: t(`reports.sheet.${section}`),
        columns: columnsOf(headings('outside', t)),
        rows: linesOf(report.lines, section).map((line) => [lineLabel(line, t), ...figures(line, section)]),
      })),
    ...(report.lines.some(({ section }) => section === 'credited')
      ? [
          {
            name: t('reports.sheet.credited'),
            columns: columnsOf([t('reports.of.agreement'), t('reports.measure.leased')]),
            rows: linesOf(report.lines, 'credited').map((line) => [lineLabel(line, t), line.leased]),
          },
        ]
      : []),
    {
      name: t('reports.sheet.forecast', { year: String(report.forecast.year) }),
      columns: columnsOf([t('reports.of.outside'), t('reports.forecast-dwellings')]),
      rows: report.forecast.categories.map(({ category, dwellings }) => [
        t(`values.base-class.${category}`),
        dwellings,
      ]),
    },
    {
      name: t('reports.sheet.method'),
      columns: [{ heading: t('reports.method'), width: 140 }],
      rows: methodOf(report, t).map((line) => [line]),
    },
  ];
  return sheets;
}

/** One line a figure of the report, keys and labels, forecast last: the same columns for every landlord and year. */
export function csvOf(report: Printed, t: Translate): string {
  const mark = (text: string | null) => (text === null ? '' : text.replace('.', ','));
  const order: Section[] = ['total', ...breakdowns, 'outside', 'own-outside', 'credited'];
  return (
    byteOrderMark +
    csvLine([
      'annee',
      'bailleur',
      'destinataire',
      'rubrique',
      'cle',
      'libelle',
      'part',
      'du',
      'liberes',
      'proposes',
      'attribues',
      'loues',
      'previsionnel',
    ]) +
    order
      .flatMap((section) => linesOf(report.lines, section))
      .map((line) =>
        csvLine([
          String(report.year),
          report.landlord,
          report.recipient,
          t(`reports.sheet.${line.section}`),
          line.key,
          lineLabel(line, t),
          mark(line.share),
          mark(line.due),
          ...measures.map((measure) => String(line[measure])),
          '',
        ]),
      )
      .join('') +
    report.forecast.categories
      .map(({ category, dwellings }) =>
        csvLine([
          String(report.forecast.year),
          report.landlord,
          report.recipient,
          t('reports.sheet.forecast', { year: String(report.forecast.year) }),
          category,
          t(`values.base-class.${category}`),
          ...Array<string>(6).fill(''),
          String(dwellings),
        ]),
      )
      .join('')
  );
}
