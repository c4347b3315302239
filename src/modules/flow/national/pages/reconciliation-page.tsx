import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, type ListState, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { useWords } from '../../../../ui/words.tsx';
import { getReconciliation, listReconciliation, type ReconciliationLine, reconciliationReason } from '../contract.ts';
import { Effect, EffectTag } from './effect.tsx';
import { LineDrawer } from './line-drawer.tsx';
import classes from './reconciliation-page.module.css';

type Reconciliation = ReplyOf<typeof getReconciliation>;
type Count = Reconciliation['own'][number];

const settled = ['matched', 'waiting'];
const disagreements = reconciliationReason.options.filter((reason) => !settled.includes(reason));

/** Rapprochement: leases after an attribution against the SNE and SYPLO; what the counts would lose, and why. */
export default function ReconciliationPage() {
  const { today, organisationKind } = useActor();
  const [state, setState] = useListState();
  const year = Number(state.year ?? yearOf(today));
  const query = useQuery({
    queryKey: ['reconciliation', year],
    queryFn: () => call(getReconciliation, { query: { year } }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const props = { found: query.data, year, state, onState: setState };
  return organisationKind === 'landlord' ? <Own {...props} /> : <Others {...props} />;
}

type Props = { found: Reconciliation; year: number; state: ListState; onState(next: ListState): void };

function YearSelect({ year, state, onState }: Pick<Props, 'year' | 'state' | 'onState'>) {
  const { t } = useWords();
  const { today } = useActor();
  const current = yearOf(today);
  return (
    <Select
      size="xs"
      w={90}
      aria-label={t('national.year')}
      data={[0, 1, 2, 3, 4].map((back) => String(current - back))}
      value={String(year)}
      allowDeselect={false}
      onChange={(chosen) => onState({ ...state, year: chosen ?? undefined })}
    />
  );
}

function Own({ found, year, state, onState }: Props) {
  const { t, day, number } = useWords();
  const { may } = useActor();
  const list = useRef<HTMLDivElement>(null);
  const open = found.own.filter(({ counted }) => counted !== 'none');
  const sum = (rows: readonly Count[], of: (row: Count) => number) => rows.reduce((total, row) => total + of(row), 0);
  const lostOf = (counted: string) =>
    -sum(
      open.filter((row) => row.counted === counted && row.effect < 0),
      (row) => row.effect,
    );
  const linesOf = (reason: string) =>
    sum(
      found.own.filter((row) => row.reason === reason),
      (row) => row.lines,
    );
  const isEmpty = found.closuresUntil === null && found.labelsUntil === null;
  const importing = may('exchange.import') && (
    <>
      <ImportLink kind="sne-closures" label={t('national.import-closures')} primary={isEmpty} />
      <ImportLink kind="syplo-labels" label={t('national.import-labels')} />
    </>
  );
  return (
    <Page
      title={t('national.title', { count: sum(open, ({ lines }) => lines), year: String(year) })}
      context={t('national.context', {
        leases: found.leases ?? 0,
        closures: found.closuresUntil ? day(found.closuresUntil) : t('national.never'),
        labels: found.labelsUntil ? day(found.labelsUntil) : t('national.never'),
      })}
      actions={
        <>
          <YearSelect year={year} state={state} onState={onState} />
          {!isEmpty && importing}
        </>
      }
    >
      <Crumbs title={t('nav.reconciliation')} />
      {isEmpty ? (
        <Panel>
          <Empty title={t('national.empty')} action={<div className={classes.actions}>{importing}</div>}>
            {t('national.empty-hint')}
          </Empty>
        </Panel>
      ) : (
        <div className={classes.parts}>
          <Figures
            figures={[
              { value: number(linesOf('matched')), label: t('national.matched') },
              { value: number(lostOf('attribution')), label: t('national.lost-attributions') },
              { value: number(lostOf('priority')), label: t('national.lost-priorities') },
              { value: number(sum(open, ({ corrected }) => corrected)), label: t('national.corrected') },
              { value: number(linesOf('waiting')), label: t('national.waiting') },
            ]}
          />
          <div className={classes.counts}>
            <ByReason
              rows={open}
              state={state}
              onState={(next) => {
                onState(next);
                list.current?.scrollIntoView({ block: 'start' });
              }}
            />
            <ByParty rows={open} />
          </div>
          {may('flow.reconcile') && (
            <div ref={list} className={classes.list}>
              <Lines state={state} onState={onState} />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

function ImportLink({ kind, label, primary }: { kind: string; label: string; primary?: boolean }) {
  return (
    <Button
      component={Link}
      to="/echanges/import"
      search={{ contenu: kind } as never}
      variant={primary ? 'filled' : 'default'}
    >
      {label}
    </Button>
  );
}

/** Adds up rows that agree on a key. */
function grouped<Row extends { lines: number; corrected: number; effect: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): (Row & { key: string })[] {
  const groups = new Map<string, Row & { key: string }>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = groups.get(key);
    if (!known) groups.set(key, { ...row, key });
    else {
      known.lines += row.lines;
      known.corrected += row.corrected;
      known.effect += row.effect;
    }
  }
  return [...groups.values()].sort((a, b) => b.lines - a.lines);
}

function ByReason({ rows, state, onState }: { rows: readonly Count[] } & Pick<Props, 'state' | 'onState'>) {
  const { t, word, number } = useWords();
  const chosen = valuesOf(state, 'reason');
  return (
    <Panel title={t('national.by-reason')} flush>
      <PlainTable
        caption={t('national.by-reason')}
        rows={grouped(rows, ({ reason }) => reason)}
        rowKey={({ key }) => key}
        highlight={({ reason }) => chosen.includes(reason)}
        columns={[
          {
            title: t('national.reason'),
            render: ({ reason }) => (
              <button
                type="button"
                className={classes.choose}
                aria-pressed={chosen.includes(reason)}
                onClick={() => onState({ ...state, reason: chosen.includes(reason) ? undefined : [reason] })}
              >
                {word('reconciliation', reason)}
              </button>
            ),
          },
          { title: t('national.lines'), align: 'right', render: ({ lines }) => number(lines) },
          { title: t('national.of-which-corrected'), align: 'right', render: ({ corrected }) => number(corrected) },
          { title: t('national.effect'), align: 'right', render: ({ effect }) => <Effect value={effect} /> },
        ]}
      />
    </Panel>
  );
}

/** Rows are parties, columns the counts they are held to. */
function ByParty({ rows }: { rows: readonly Count[] }) {
  const { t } = useWords();
  const columns = [
    ['attribution', ['attribution']],
    ['contingent', ['contingent']],
    ['priority', ['priority']],
    ['dalo', ['dalo']],
    ['quartile', ['first-quartile', 'other-quartiles']],
  ] as const;
  const effectOf = (party: Count, counted: readonly string[]) =>
    rows
      .filter((row) => row.party === party.party && row.contingent === party.contingent)
      .filter((row) => counted.includes(row.counted))
      .reduce((total, { effect }) => total + effect, 0);
  return (
    <Panel title={t('national.by-party')} flush>
      <PlainTable
        caption={t('national.by-party')}
        rows={grouped(rows, ({ party, contingent }) => `${party} ${contingent}`)}
        rowKey={({ key }) => key}
        columns={[
          { title: t('national.party'), render: (row) => <Party {...row} /> },
          ...columns.map(([name, counted]) => ({
            title: t(`national.short.${name}`),
            align: 'right' as const,
            render: (row: Count & { key: string }) => <Effect value={effectOf(row, counted)} />,
          })),
        ]}
      />
    </Panel>
  );
}

function Party({ party, contingent }: Pick<Count, 'party' | 'contingent'>) {
  const { t, word } = useWords();
  if (contingent === 'own') return t('national.own');
  return (
    <>
      {party} <span className="dim">{word('contingent', contingent)}</span>
    </>
  );
}

function Lines({ state, onState }: Pick<Props, 'state' | 'onState'>) {
  const { t, word, day } = useWords();
  const [opened, setOpened] = useState<ReconciliationLine | null>(null);
  const chosen = valuesOf(state, 'reason');
  const showsMatched = chosen.includes('matched');
  const columns: Column<ReconciliationLine>[] = [
    {
      key: 'signed',
      title: t('national.signed'),
      sort: 'signed',
      width: 100,
      render: (row) => day(row.signedOn),
    },
    {
      key: 'household',
      title: t('national.household'),
      render: (row) => (
        <TwoLines first={row.household ?? '–'} second={row.reference ?? t('values.reconciliation.without-lease')} />
      ),
    },
    {
      key: 'number',
      title: t('national.number'),
      width: 180,
      render: (row) => <span className={classes.number}>{row.uniqueNumber ?? '–'}</span>,
    },
    {
      key: 'party',
      title: t('national.party'),
      render: (row) => <TwoLines first={row.party ?? t('national.own')} second={word('contingent', row.contingent)} />,
    },
    {
      key: 'reason',
      title: t('national.reason'),
      width: 300,
      render: (row) => <TwoLines first={word('reconciliation', row.reason)} second={<EffectTag line={row} />} />,
    },
    {
      key: 'standing',
      title: t('national.standing'),
      width: 170,
      render: (row) => <Standing row={row} />,
    },
  ];
  return (
    <>
      <ListTable<ReconciliationLine>
        list="flow.reconciliation"
        endpoint={listReconciliation}
        columns={columns}
        state={state}
        onState={onState}
        rowKey={(row) => row.key}
        onOpen={setOpened}
        searchable={false}
        defaultOrder="desc"
        chips={
          <>
            <ChoiceChip
              label={t('national.reason')}
              options={disagreements.map((value) => ({ value, label: word('reconciliation', value) }))}
              chosen={chosen.filter((reason) => !settled.includes(reason))}
              onChange={(reason) => onState({ ...state, reason })}
            />
            {(['open', 'corrected'] as const).map((standing) => (
              <Chip
                key={standing}
                on={state.standing === standing}
                onClick={() => onState({ ...state, standing: state.standing === standing ? undefined : standing })}
              >
                {t(`national.standing-${standing}`)}
              </Chip>
            ))}
            <Chip
              on={showsMatched}
              onClick={() => onState({ ...state, reason: showsMatched ? undefined : settled, standing: undefined })}
            >
              {t('national.show-matched')}
            </Chip>
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <button type="button" className={classes.choose} onClick={() => setOpened(row)}>
              {row.household ?? row.uniqueNumber ?? t('values.reconciliation.without-lease')}
            </button>
            <div className="dim">
              {day(row.signedOn)} · {row.party ?? t('national.own')}
            </div>
            <div>{word('reconciliation', row.reason)}</div>
            <div className={classes.tags}>
              <EffectTag line={row} /> <Standing row={row} />
            </div>
          </div>
        )}
        empty={<Empty title={t('national.search-none')}>{t('national.search-none-hint')}</Empty>}
      />
      <LineDrawer line={opened} onClose={() => setOpened(null)} />
    </>
  );
}

function Standing({ row }: { row: ReconciliationLine }) {
  const { t, day } = useWords();
  if (settled.includes(row.reason)) return <span className="dim">–</span>;
  return row.correctedOn ? (
    <Tag tone="green">{t('national.corrected-short', { day: day(row.correctedOn) })}</Tag>
  ) : (
    <Tag tone="amber">{t('national.not-corrected')}</Tag>
  );
}

/** What the State and a reservation holder see: counts by landlord, never a household. */
function Others({ found, year, state, onState }: Props) {
  const { t, word, number } = useWords();
  const open = found.others.filter(({ counted }) => counted !== 'none');
  return (
    <Page
      title={t('national.title', { count: open.reduce((total, { lines }) => total + lines, 0), year: String(year) })}
      context={t('national.context-others')}
      actions={<YearSelect year={year} state={state} onState={onState} />}
    >
      <Crumbs title={t('nav.reconciliation')} />
      <Panel flush>
        {open.length === 0 ? (
          <Empty title={t('national.empty-others')}>{t('national.empty-others-hint')}</Empty>
        ) : (
          <PlainTable
            caption={t('national.by-party')}
            rows={open}
            rowKey={(row) => [row.landlordId, row.department, row.contingent, row.reason, row.counted].join(' ')}
            columns={[
              { title: t('national.landlord'), render: ({ landlord }) => landlord },
              { title: t('national.department'), render: ({ department }) => department ?? '–' },
              { title: t('national.contingent'), render: ({ contingent }) => word('contingent', contingent) },
              { title: t('national.reason'), render: ({ reason }) => word('reconciliation', reason) },
              { title: t('national.counted'), render: ({ counted }) => word('count-touched', counted) },
              { title: t('national.lines'), align: 'right', render: ({ lines }) => number(lines) },
              { title: t('national.of-which-corrected'), align: 'right', render: ({ corrected }) => number(corrected) },
              { title: t('national.effect'), align: 'right', render: ({ effect }) => <Effect value={effect} /> },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}
