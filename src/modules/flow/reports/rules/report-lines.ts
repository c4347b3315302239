/** The parts of a report and how its lines read: the same on screen, in the PDF and in the workbook (F-82). */

export const sections = [
  'total',
  'agreement',
  'holder',
  'rooms',
  'funding',
  'priority-area',
  'municipality',
  'built',
  'outside',
  'own-outside',
  'credited',
] as const;
export type Section = (typeof sections)[number];

/** The breakdowns the law asks for (L-31), in its order; a holder reads its own agreements in place of the holders. */
export const breakdowns = [
  'agreement',
  'holder',
  'rooms',
  'funding',
  'priority-area',
  'municipality',
  'built',
] as const satisfies Section[];

/** Periods of construction, in their order. Ours: no text read fixes them. */
export const periods = [
  'before-1949',
  '1949-1974',
  '1975-1989',
  '1990-1999',
  '2000-2009',
  'since-2010',
  'unknown',
] as const;

/** What takes a dwelling out of the base and is subtracted from the flow (L-11), the five of the law first. */
export const subtracted = [
  'mutation',
  'urban-renewal',
  'condominium',
  'substandard',
  'sale',
  'demolition',
  'intermediated',
  'unregulated',
] as const;

/** Out of the flow, yet subtracted from nothing: rights in stock, first lettings (L-04, L-71). */
export const besideTheFlow = ['retained-stock', 'first-letting'] as const;

export const measures = ['freed', 'proposed', 'attributed', 'leased'] as const;
export type Measure = (typeof measures)[number];

/** A vacancy is freed for nobody yet: holders are compared without. What is credited afterwards are leases. */
export const measuresOf = (section: Section): readonly Measure[] =>
  section === 'credited'
    ? ['leased']
    : section === 'holder'
      ? measures.filter((measure) => measure !== 'freed')
      : measures;

export type ReportLine = {
  section: Section;
  key: string;
  label: string | null;
  share: string | null;
} & Record<Measure, number>;

type Said = (key: string, values?: Record<string, string | number>) => string;

/** The first cell of a line, in the words of its reader. */
export function lineLabel({ section, key, label }: Pick<ReportLine, 'section' | 'key' | 'label'>, t: Said): string {
  if (key === 'unknown') return t('reports.unknown');
  switch (section) {
    case 'total':
      return t('reports.total');
    case 'holder':
      return key === 'own' ? t('reports.own-contingent') : (label ?? key);
    case 'agreement':
    case 'credited':
    case 'municipality':
      return label ?? key;
    case 'rooms':
      return t('reports.rooms', { value: key });
    case 'funding':
      return t(`values.funding.${key}`);
    case 'priority-area':
      return t(`reports.priority-area.${key}`);
    case 'built':
      return t(`reports.built.${key}`);
    case 'outside':
    case 'own-outside':
      return t(`values.base-class.${key}`);
  }
}

const fixedOrder: Partial<Record<Section, readonly string[]>> = {
  'priority-area': ['in', 'out'],
  funding: ['PLAI', 'PLUS', 'PLS', 'PLI', 'OTHER', 'unknown'],
  built: periods,
  outside: [...subtracted, ...besideTheFlow, 'not-applicable'],
  'own-outside': [...subtracted, ...besideTheFlow, 'not-applicable'],
};

/** The lines of a section in the order they are read: that of the trade, else the largest first. */
export function linesOf<Line extends ReportLine>(lines: readonly Line[], section: Section): Line[] {
  const order = fixedOrder[section];
  const place = (key: string) => (order ? order.indexOf(key) : 0);
  const own = lines.filter((line) => line.section === section);
  if (section === 'rooms') return own.sort((a, b) => (a.key < b.key ? -1 : 1));
  return own.sort(
    (a, b) =>
      place(a.key) - place(b.key) ||
      b.proposed - a.proposed ||
      b.freed - a.freed ||
      ((a.label ?? a.key) < (b.label ?? b.key) ? -1 : 1),
  );
}
