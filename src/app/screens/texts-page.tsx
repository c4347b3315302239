import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { describeQuantity } from '../../kernel/describe.ts';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import type { Quantity } from '../../kernel/steps.ts';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert } from '../../ui/parts.tsx';
import { type PlainColumn, PlainTable } from '../../ui/plain-table.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useListState } from '../../ui/use-list-state.ts';
import { useWords, type Words } from '../../ui/words.tsx';
import { listRegulation } from '../regulation/contract.ts';
import classes from './texts-page.module.css';

type Series = ReplyOf<typeof listRegulation>['series'][number];
type Row = Series['rows'][number];

/** Textes et barèmes: what the program holds for law, since when, from which text, and how sure. */
export default function TextsPage() {
  const words = useWords();
  const { t, word } = words;
  const { organisationId } = useActor();
  const [{ q, ...state }, setState] = useListState();
  const query = useQuery({ queryKey: ['regulation', organisationId], queryFn: () => call(listRegulation) });
  if (query.error) return <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <PageSkeleton />;

  const wanted = folded(String(q ?? ''))
    .split(' ')
    .filter(Boolean);
  const found = query.data.series.filter((series) => {
    const text = folded(textOf(series, words));
    return wanted.every((part) => text.includes(part));
  });
  const jurisdictions = [...new Set(found.map(({ jurisdiction }) => jurisdiction))];
  const unverified = found.filter(({ verified }) => !verified).length;

  return (
    <Page title={t('texts.title', { count: found.length, unverified })} context={t('texts.context')}>
      <Crumbs title={t('nav.texts')} />
      <TextInput
        type="search"
        size="xs"
        className={classes.search}
        placeholder={t('texts.search')}
        aria-label={t('texts.search')}
        value={String(q ?? '')}
        onChange={(event) => setState({ ...state, q: event.currentTarget.value || undefined })}
      />
      {found.length === 0 && <Empty title={t('texts.nothing')}>{t('texts.nothing-hint')}</Empty>}
      {jurisdictions.map((jurisdiction) => (
        <section key={jurisdiction} className={classes.group} aria-labelledby={jurisdiction}>
          <h2 id={jurisdiction}>{word('jurisdiction', jurisdiction)}</h2>
          {found
            .filter((series) => series.jurisdiction === jurisdiction)
            .map((series) => (
              <SeriesPanel key={series.name} series={series} />
            ))}
        </section>
      ))}
    </Page>
  );
}

/** One series: its values, those of today first and marked, each with its source. */
function SeriesPanel({ series }: { series: Series }) {
  const words = useWords();
  const { t, day, word } = words;
  const title = t(`regulation.series.${series.name}`);
  return (
    <Panel flush title={title} aside={<Trust verified={series.verified} />}>
      <p className={classes.about}>
        {[
          !series.rows.some(({ inForce }) => inForce) && t('texts.none-today'),
          usesOf(series, words),
          series.checkedOn && t('texts.checked-on', { on: day(series.checkedOn) }),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      <PlainTable
        caption={`${title}, ${word('jurisdiction', series.jurisdiction)}`}
        columns={columnsOf(series, words)}
        rows={series.rows}
        rowKey={({ from, scope }) => `${from} ${scope}`}
        highlight={({ inForce, from }) => inForce && from !== null}
      />
    </Panel>
  );
}

function columnsOf({ rows }: Series, words: Words): PlainColumn<Row>[] {
  const { t, day } = words;
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const shown = (quantity: Row['values'][string] | undefined) => {
    if (quantity) return written(quantity as Quantity, words);
    return quantity === null ? <span className="dim">{t('texts.unknown')}</span> : null;
  };
  const isLong = (name: string) => rows.some(({ values }) => String(values[name]?.value ?? '').length > 20);
  return [
    {
      title: t('texts.from'),
      width: 110,
      render: ({ from, inForce }) => (
        <span className={classes.from}>
          {from ? day(from) : t('texts.undated')}
          {inForce && <span className="dim">{t('texts.in-force')}</span>}
        </span>
      ),
    },
    ...(rows.some(({ scope }) => scope !== null)
      ? [{ title: t('texts.scope'), render: ({ scope }: Row) => scope && t(`regulation.scope.${scope}`) }]
      : []),
    ...names.map((name) => ({
      title: t(`regulation.value.${name}`),
      render: ({ values }: Row) => shown(values[name]),
      ...(isLong(name) ? {} : { align: 'right' as const }),
    })),
    { title: t('texts.source'), width: 280, render: (row) => <Sources row={row} /> },
    // Where all rows are alike, the tag beside the title says it.
    ...(new Set(rows.map(({ verified }) => verified)).size > 1
      ? [{ title: t('texts.trust'), width: 130, render: ({ verified }: Row) => <Trust verified={verified} short /> }]
      : []),
  ];
}

/** A value as its reader writes it; an index always has two decimals. */
const written = (quantity: Quantity, { t, language, amount }: Words): string =>
  quantity.unit === 'number'
    ? amount(Math.round(Number(quantity.value) * 100))
    : describeQuantity(quantity, language, t);

/** The texts a row was read in: where, which article, and what kind of text it is. */
function Sources({ row }: { row: Row }) {
  const { t } = useWords();
  return (
    <ul className={classes.sources}>
      {row.sources.map(({ title, article, url, confidence }) => (
        <li key={title}>
          {url ? (
            <a href={url} target="_blank" rel="noreferrer">
              {title}
            </a>
          ) : (
            title
          )}
          {article && `, ${article}`} <span className="dim">({t(`regulation.confidence.${confidence}`)})</span>
        </li>
      ))}
    </ul>
  );
}

/** Whether one may rely on it: said plainly beside the title, in a word in the table. */
function Trust({ verified, short }: { verified: boolean; short?: boolean }) {
  const { t } = useWords();
  if (verified) return <Tag tone="green">{t('texts.verified')}</Tag>;
  return <Tag tone="amber">{t(short ? 'texts.to-confirm' : 'texts.unverified')}</Tag>;
}

const usesOf = ({ usedBy }: Series, { t }: Words): string =>
  usedBy.length === 0
    ? t('texts.used-by-nothing')
    : t('texts.used-by', { uses: usedBy.map((use) => t(`regulation.use.${use}`)).join(', ') });

/** Everything one may look for: its title, scopes, values, articles, uses. */
function textOf(series: Series, words: Words): string {
  const { t, word } = words;
  return [
    t(`regulation.series.${series.name}`),
    word('jurisdiction', series.jurisdiction),
    usesOf(series, words),
    ...series.rows.flatMap(({ scope, values, sources }) => [
      scope && t(`regulation.scope.${scope}`),
      ...Object.entries(values).flatMap(([name, quantity]) => [
        t(`regulation.value.${name}`),
        quantity && written(quantity as Quantity, words),
      ]),
      ...sources.flatMap(({ title, article }) => [title, article]),
    ]),
  ].join(' ');
}

/** Without accents, capitals or hard spaces, as people type. */
const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/\s+/g, ' ')
    .toLowerCase();
