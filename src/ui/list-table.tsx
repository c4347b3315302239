import { Button, Checkbox, Menu, Popover, Skeleton, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ComponentProps, type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Endpoint, QueryInputOf } from '../kernel/endpoint.ts';
import { useActor } from './actor.tsx';
import { call, requestContext } from './api.ts';
import { ExtractMenu } from './extract-menu.tsx';
import classes from './list-table.module.css';
import { Empty, ProblemAlert } from './parts.tsx';
import { SavedViews } from './saved-views.tsx';
import { useWords } from './words.tsx';

// biome-ignore lint/suspicious/noExplicitAny: an endpoint of any schemas
type ListEndpoint = Endpoint<any, any, any, any>;

export type Column<Row> = {
  key: string;
  title: ReactNode;
  /** The name in the menu of columns, when the title is not text. */
  name?: string;
  render(row: Row): ReactNode;
  align?: 'right';
  width?: number | string;
  /** The order of the list this heading chooses. */
  sort?: string;
  /** Starts hidden; may be shown from the menu of columns. */
  hidden?: boolean;
};

export type ListState = Record<string, unknown> & { sort?: string; order?: 'asc' | 'desc'; q?: string };

type Props<Row> = {
  /** Name of the list on the server: its views, its extraction. */
  list: string;
  endpoint: ListEndpoint;
  columns: Column<Row>[];
  state: ListState;
  onState(next: ListState): void;
  /** Where a row leads, or what it opens here; without either, rows lead nowhere. */
  href?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  rowKey(row: Row): string;
  /** How a row looks on a phone. */
  narrow(row: Row): ReactNode;
  chips?: ReactNode;
  empty: ReactNode;
  searchLabel?: string;
  /** The list has no text to search. */
  searchable?: boolean;
  extractable?: boolean;
  rowHeight?: number;
  defaultOrder?: 'asc' | 'desc';
  /** Filters until the reader chooses others. */
  defaults?: ListState;
  footer?: ReactNode;
};

type Page<Row> = { items: Row[]; nextCursor: string | null; total: number; totalIsLeast: boolean };

const pageSize = 60;

/**
 * A list of records: filters in the address, order by headings, choice of columns, saved views, extraction, keyboard
 * (↑ ↓ Enter, « / » to search, « e » to extract), as many rows as there are, drawn as they come into sight.
 */
export function ListTable<Row>(props: Props<Row>) {
  const { endpoint, state, onState, columns, rowHeight = 50 } = props;
  const { t } = useWords();
  const { may } = useActor();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  const [hidden, setHidden] = useState(() => new Set(columns.filter((column) => column.hidden).map(({ key }) => key)));
  const shown = columns.filter(({ key }) => !hidden.has(key));

  const asked = { ...props.defaults, ...state };
  const query = { order: props.defaultOrder, ...asked } as QueryInputOf<ListEndpoint> & Record<string, unknown>;
  const pages = useInfiniteQuery({
    queryKey: ['list', endpoint.id, requestContext.organisationId, query],
    queryFn: ({ pageParam, signal }) =>
      call(endpoint, {
        query: { ...query, cursor: pageParam || undefined, limit: pageSize } as never,
        signal,
      } as never) as Promise<Page<Row>>,
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const first = pages.data?.pages[0];

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const visible = virtual.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastVisible >= rows.length - 15 && pages.hasNextPage && !pages.isFetchingNextPage) pages.fetchNextPage();
  }, [lastVisible, rows.length, pages.hasNextPage, pages.isFetchingNextPage, pages.fetchNextPage]);

  const extractable = props.extractable !== false && may('exchange.extract');
  const [extracting, setExtracting] = useState(false);
  useHotkeys([
    ['/', () => search.current?.focus()],
    ['e', () => extractable && setExtracting(true)],
  ]);

  const open = props.onOpen ?? ((row: Row) => props.href && navigate({ to: props.href(row) }));
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    if (move) {
      event.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, active + move));
      setActive(next);
      virtual.scrollToIndex(next, { align: 'auto' });
    } else if (event.key === 'Enter' && event.target === event.currentTarget && rows[active]) open(rows[active]);
  };

  const sortBy = (column: Column<Row>) => {
    const same = state.sort === column.sort;
    onState({ ...state, sort: column.sort, order: same && state.order !== 'desc' ? 'desc' : 'asc' });
  };

  const before = visible[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (visible.at(-1)?.end ?? 0);
  const count =
    first &&
    (first.totalIsLeast
      ? t('ui.more-than', { count: first.total })
      : t('ui.shown-of', { shown: rows.length, count: first.total }));

  return (
    <div className={classes.list}>
      <div className={classes.tools}>
        {props.searchable !== false && (
          <TextInput
            ref={search}
            size="xs"
            className={classes.search}
            placeholder={props.searchLabel ?? t('ui.filter')}
            aria-label={props.searchLabel ?? t('ui.filter')}
            value={String(state.q ?? '')}
            onChange={(event) => onState({ ...state, q: event.currentTarget.value || undefined })}
            rightSection={<kbd className={classes.kbd}>/</kbd>}
          />
        )}
        <div className={classes.chips}>{props.chips}</div>
        <div className={classes.menus}>
          <SavedViews list={props.list} state={state} onState={onState} />
          <Menu position="bottom-end" closeOnItemClick={false} withinPortal>
            <Menu.Target>
              <Button variant="subtle" color="gray" size="xs" className={classes.menuButton}>
                {t('ui.columns')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {columns.map((column) => (
                <Menu.Item
                  key={column.key}
                  onClick={() => setHidden((current) => toggled(current, column.key))}
                  leftSection={
                    <Checkbox size="xs" readOnly tabIndex={-1} checked={!hidden.has(column.key)} aria-hidden />
                  }
                >
                  {column.name ?? column.title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {extractable && (
            <ExtractMenu
              list={props.list}
              filters={{ order: props.defaultOrder, ...asked }}
              opened={extracting}
              onChange={setExtracting}
            />
          )}
        </div>
      </div>

      {pages.error && <ProblemAlert problem={pages.error} onRetry={() => pages.refetch()} />}

      <div className={classes.frame}>
        <section
          ref={scroller}
          className={classes.scroller}
          onKeyDown={onKeyDown}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the scroll region is reached and moved by keyboard
          tabIndex={0}
          aria-label={t('ui.list')}
        >
          <table className={classes.table} aria-rowcount={first?.total ?? -1} aria-busy={pages.isFetching}>
            <thead>
              <tr>
                {shown.map((column) => (
                  <th
                    key={column.key}
                    scope="col"
                    style={{ width: column.width, textAlign: column.align }}
                    aria-sort={
                      column.sort && state.sort === column.sort
                        ? state.order === 'desc'
                          ? 'descending'
                          : 'ascending'
                        : undefined
                    }
                  >
                    {column.sort ? (
                      <button type="button" className={classes.sort} onClick={() => sortBy(column)}>
                        {column.title}
                        {state.sort === column.sort && <span aria-hidden>{state.order === 'desc' ? ' ↓' : ' ↑'}</span>}
                      </button>
                    ) : (
                      column.title
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pages.isPending &&
                Array.from({ length: 8 }, (_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: placeholders
                  <tr key={index} style={{ height: rowHeight }}>
                    {shown.map((column) => (
                      <td key={column.key}>
                        <Skeleton height={12} width="70%" />
                      </td>
                    ))}
                  </tr>
                ))}
              {before > 0 && <tr aria-hidden style={{ height: before }} />}
              {visible.map((item) => {
                const row = rows[item.index]!;
                return (
                  <tr
                    key={props.rowKey(row)}
                    data-index={item.index}
                    aria-rowindex={item.index + 2}
                    className={
                      [(props.href ?? props.onOpen) && classes.leads, item.index === active && classes.active]
                        .filter(Boolean)
                        .join(' ') || undefined
                    }
                    style={{ height: rowHeight }}
                    onClick={(event) => {
                      if (!(event.target as HTMLElement).closest('a, button, input')) open(row);
                    }}
                  >
                    {shown.map((column) => (
                      <td key={column.key} style={{ textAlign: column.align }}>
                        {column.render(row)}
                      </td>
                    ))}
                  </tr>
                );
              })}
              {after > 0 && <tr aria-hidden style={{ height: after }} />}
            </tbody>
          </table>
          <ul className={classes.narrow}>
            {visible.length > 0 && <li aria-hidden style={{ height: before }} />}
            {visible.map((item) => {
              const row = rows[item.index]!;
              return (
                <li key={props.rowKey(row)} className={classes.card}>
                  {/* biome-ignore lint/a11y/useKeyWithClickEvents: the link inside is the keyboard's way */}
                  {/* biome-ignore lint/a11y/noStaticElementInteractions: the link inside says where it goes */}
                  <div onClick={(event) => !(event.target as HTMLElement).closest('a, button') && open(row)}>
                    {props.narrow(row)}
                  </div>
                </li>
              );
            })}
            {after > 0 && <li aria-hidden style={{ height: after }} />}
          </ul>
          {!pages.isPending &&
            rows.length === 0 &&
            !pages.error &&
            (isFiltered(state) ? (
              <Empty title={t('ui.nothing-matches')}>{t('ui.nothing-matches-hint')}</Empty>
            ) : (
              props.empty
            ))}
        </section>
      </div>
      <div className={classes.foot}>
        <div>{props.footer}</div>
        <div aria-live="polite">{pages.isFetchingNextPage ? t('ui.loading-more') : rows.length > 0 && count}</div>
      </div>
    </div>
  );
}

const isFiltered = ({ sort: _, order: __, ...filters }: ListState): boolean =>
  Object.values(filters).some((value) => value !== undefined && value !== '');

const toggled = (set: ReadonlySet<string>, key: string): Set<string> => {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
};

/** A filter that is on or off, with its count. */
export function Chip({
  on,
  onClick,
  children,
  count,
}: {
  on: boolean;
  onClick(): void;
  children: ReactNode;
  count?: number | undefined;
}) {
  return (
    <button type="button" className={`${classes.chip} ${on ? classes.chipOn : ''}`} aria-pressed={on} onClick={onClick}>
      {children}
      {count !== undefined && <span className={classes.chipCount}>{count}</span>}
    </button>
  );
}

type Choices = {
  label: string;
  options: { value: string; label: string }[];
  chosen: string[];
  onChange(next: string[]): void;
};

/** So many choices are found by typing rather than by looking. */
const manyOptions = 15;

/** A filter with several values. */
export function ChoiceChip(props: Choices) {
  const { label, options, chosen, onChange } = props;
  if (options.length > manyOptions) return <ManyChoices {...props} />;
  return (
    <Menu closeOnItemClick={false} withinPortal position="bottom-start">
      <Menu.Target>
        <ChoiceButton label={label} chosen={chosen.length} />
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {options.map((option) => (
          <Menu.Item
            key={option.value}
            leftSection={
              <Checkbox size="xs" readOnly tabIndex={-1} checked={chosen.includes(option.value)} aria-hidden />
            }
            onClick={() =>
              onChange(
                chosen.includes(option.value)
                  ? chosen.filter((value) => value !== option.value)
                  : [...chosen, option.value],
              )
            }
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ManyChoices({ label, options, chosen, onChange }: Choices) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const found = options
    .filter((option) => chosen.includes(option.value) || fold(option.label).includes(fold(typed)))
    .slice(0, 60);
  return (
    <Popover position="bottom-start" width={260} trapFocus withinPortal>
      <Popover.Target>
        <ChoiceButton label={label} chosen={chosen.length} />
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={label}>
        <TextInput
          size="xs"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('ui.find')}
          aria-label={t('ui.find')}
          data-autofocus
        />
        <Checkbox.Group value={chosen} onChange={onChange} aria-label={label}>
          <div className={classes.choices}>
            {found.map((option) => (
              <Checkbox key={option.value} size="xs" value={option.value} label={option.label} />
            ))}
          </div>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}

function ChoiceButton({
  label,
  chosen,
  className,
  ...rest
}: { label: string; chosen: number } & ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      className={`${classes.chip} ${chosen > 0 ? classes.chipOn : ''} ${className ?? ''}`}
    >
      {label}
      {chosen > 0 && <span className={classes.chipCount}>{chosen}</span>}
      <span aria-hidden>⌄</span>
    </button>
  );
}

/** Without capitals nor accents: « epinay » finds « Épinay-sur-Seine ». */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Two lines in a cell: what it is, and where. */
export function TwoLines({ first, second, href }: { first: ReactNode; second: ReactNode; href?: string }) {
  return (
    <>
      {href ? (
        <Link className={classes.link} to={href}>
          {first}
        </Link>
      ) : (
        <span className={classes.link}>{first}</span>
      )}
      <span className={classes.second}>{second}</span>
    </>
  );
}
