import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, ListTable, TwoLines } from '../../../../ui/list-table.tsx';
import { Empty, Page, PageSkeleton, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Record } from '../../../../ui/record.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../../ui/use-list-state.ts';
import { useWords } from '../../../../ui/words.tsx';
import { contingent } from '../../contract.ts';
import { type inventoryState, listInventories, listRights, moveInventory } from '../contract.ts';
import { rightKinds } from '../rules/volume.ts';
import { OpenInventory, ReopenInventory } from './inventory-forms.tsx';
import classes from './inventory-page.module.css';
import { RightsTabs } from './rights-tabs.tsx';

type Item = ReplyOf<typeof listInventories>['items'][number];
type Line = ReplyOf<typeof listRights>['items'][number];

const tones: { [State in (typeof inventoryState.options)[number]]: Tone } = {
  draft: 'amber',
  shared: 'blue',
  agreed: 'green',
};

/** État des lieux: who holds which rights on the dwellings, line by line and holder by holder. */
export default function InventoryPage() {
  const { t, word, day } = useWords();
  const [state] = useListState();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [opening, setOpening] = useState(false);
  const [reopening, setReopening] = useState(false);
  const query = useQuery({ queryKey: ['inventories'], queryFn: () => call(listInventories) });
  const move = useMutation({
    mutationFn: ({ id, to, version }: { id: string; to: 'shared' | 'agreed'; version: number }) =>
      call(moveInventory, { params: { id }, body: { to, reason: null, version } }),
    onSuccess: () => client.invalidateQueries(),
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items, can } = query.data;
  const current = items.find(({ id }) => id === state.inventaire) ?? items[0];
  const opened = (
    <OpenInventory
      opened={opening}
      onClose={() => setOpening(false)}
      onDone={() => {
        setOpening(false);
        client.invalidateQueries();
      }}
    />
  );
  if (!current)
    return (
      <Page title={t('rights.none')} context={t('rights.context')} actions={<RightsTabs />}>
        <Crumbs title={t('rights.inventory')} />
        <Panel>
          <Empty
            title={t('rights.none-title')}
            action={can.open && <Button onClick={() => setOpening(true)}>{t('rights.open')}</Button>}
          >
            {t(can.open ? 'rights.none-hint' : 'rights.none-hint-holder')}
          </Empty>
        </Panel>
        {opened}
      </Page>
    );

  const running = sum(current, 'recurring') + sum(current, 'singleUse');
  const labelOf = (item: Item) => [!item.own && item.landlord, day(item.convertsOn)].filter(Boolean).join(' · ');
  return (
    <>
      <Crumbs title={t('rights.inventory')} />
      <Record
        title={t('rights.title', { count: running, on: day(current.convertsOn) })}
        state={<Tag tone={tones[current.state]}>{word('inventory-state', current.state)}</Tag>}
        context={[
          !current.own && current.landlord,
          current.sharedOn && current.state !== 'draft' && t('rights.shared-on', { on: day(current.sharedOn) }),
          current.agreedOn && t('rights.agreed-on', { on: day(current.agreedOn) }),
          current.note,
          current.own && current.state === 'draft' && t('rights.draft-hint'),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {items.length > 1 && (
              <Select
                aria-label={t('rights.choose')}
                data={items.map((item) => ({ value: item.id, label: labelOf(item) }))}
                value={current.id}
                allowDeselect={false}
                w={200}
                onChange={(inventaire) => navigate({ to: '.', search: { inventaire } as never })}
              />
            )}
            <RightsTabs />
            {can.open && (
              <Button variant="default" onClick={() => setOpening(true)}>
                {t('rights.open')}
              </Button>
            )}
            {current.own && current.state === 'draft' && can.convert && (
              <Button
                component={Link}
                to="/echanges/import"
                search={{ contenu: 'reservation-rights' } as never}
                variant={current.can.share ? 'default' : 'filled'}
              >
                {t('rights.import')}
              </Button>
            )}
            {current.can.reopen && (
              <Button variant="default" onClick={() => setReopening(true)}>
                {t('rights.reopen')}
              </Button>
            )}
            {current.can.share && (
              <Button loading={move.isPending} onClick={() => move.mutate({ ...current, to: 'shared' })}>
                {t('rights.share-action')}
              </Button>
            )}
            {current.can.agree && (
              <Button loading={move.isPending} onClick={() => move.mutate({ ...current, to: 'agreed' })}>
                {t('rights.agree')}
              </Button>
            )}
          </>
        }
        tabs={[
          {
            value: 'synthese',
            label: t('rights.by-holder'),
            content: (
              <>
                <ProblemAlert problem={move.error} />
                <Synthesis item={current} />
              </>
            ),
          },
          { value: 'lignes', label: t('rights.lines'), content: <Lines inventory={current} /> },
        ]}
      />
      {opened}
      <ReopenInventory
        inventory={current}
        opened={reopening}
        onClose={() => setReopening(false)}
        onDone={() => {
          setReopening(false);
          client.invalidateQueries();
        }}
      />
    </>
  );
}

const sum = ({ synthesis }: Item, key: 'recurring' | 'singleUse' | 'over' | 'lines'): number =>
  synthesis.reduce((total, row) => total + row[key], 0);

/** Level 2: rights by holder. One bar a row compares them at a glance. */
function Synthesis({ item }: { item: Item }) {
  const { t, word } = useWords();
  const widest = Math.max(1, ...item.synthesis.map(({ recurring, singleUse }) => recurring + singleUse));
  if (item.synthesis.length === 0)
    return (
      <Panel>
        <Empty title={t('rights.no-line')}>{t('rights.no-line-hint')}</Empty>
      </Panel>
    );
  return (
    <Panel title={t('rights.synthesis')} aside={t('rights.synthesis-hint')} flush>
      <PlainTable
        caption={t('rights.synthesis')}
        rows={[...item.synthesis, null]}
        rowKey={(row) => (row ? `${row.holder}|${row.contingent}|${row.department}` : 'total')}
        highlight={(row) => row === null}
        columns={[
          {
            title: t('rights.holder'),
            render: (row) => <span className="strong">{row ? row.holder : t('rights.total')}</span>,
          },
          { title: t('rights.contingent'), render: (row) => row && word('contingent', row.contingent) },
          { title: t('rights.department'), render: (row) => row && (row.department ?? '–') },
          {
            title: <span className="visually-hidden">{t('rights.weight')}</span>,
            width: '28%',
            render: (row) =>
              row && (
                <span className={classes.bar} aria-hidden>
                  <span style={{ width: `${(row.recurring / widest) * 100}%` }} />
                  <i style={{ width: `${(row.singleUse / widest) * 100}%` }} />
                </span>
              ),
          },
          {
            title: t('rights.recurring'),
            align: 'right',
            render: (row) => <span className="num">{row ? row.recurring : sum(item, 'recurring')}</span>,
          },
          {
            title: t('rights.single-use'),
            align: 'right',
            render: (row) => (row ? row.singleUse : sum(item, 'singleUse')),
          },
          {
            title: t('rights.over'),
            align: 'right',
            render: (row) => {
              const over = row ? row.over : sum(item, 'over');
              return over > 0 ? <Tag tone="neutral">{t('rights.over-count', { count: over })}</Tag> : '–';
            },
          },
          { title: t('rights.lines'), align: 'right', render: (row) => (row ? row.lines : sum(item, 'lines')) },
        ]}
      />
    </Panel>
  );
}

/** The lines, extractable. */
function Lines({ inventory }: { inventory: Item }) {
  const { t, word, day } = useWords();
  const [state, setState] = useListState();
  const { tab, inventaire, ...filters } = state;
  const set = (next: typeof state) => setState({ ...next, tab, inventaire });
  const columns: Column<Line>[] = [
    {
      key: 'holder',
      title: t('rights.holder'),
      sort: 'holder',
      width: 330,
      render: (row) => (
        <TwoLines
          first={row.holder}
          second={[word('contingent', row.contingent), !row.knownHolder && t('rights.not-partner')]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    {
      key: 'reference',
      title: t('rights.reference'),
      sort: 'reference',
      width: 190,
      render: (row) => (
        <TwoLines
          first={<span className={classes.clip}>{row.reference}</span>}
          second={[row.agreementReference, word('rights-origin', row.origin)].filter(Boolean).join(' · ')}
        />
      ),
    },
    {
      key: 'place',
      title: t('rights.place'),
      render: (row) => (
        <TwoLines
          first={row.municipality ?? '–'}
          second={[
            row.rooms && `T${row.rooms}`,
            row.funding && word('funding', row.funding),
            row.inPriorityArea === null ? null : t(row.inPriorityArea ? 'rights.in-area' : 'rights.outside-area'),
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    { key: 'kind', title: t('rights.kind'), render: (row) => word('rights-kind', row.kind) },
    { key: 'period', title: t('rights.period'), hidden: true, render: (row) => row.constructionPeriod ?? '–' },
    { key: 'signed', title: t('rights.signed'), hidden: true, render: (row) => day(row.signedOn) },
    {
      key: 'end',
      title: t('rights.end'),
      sort: 'end',
      render: (row) => (row.endsOn ? day(row.endsOn) : t('rights.endless')),
    },
    { key: 'rights', title: t('rights.rights'), align: 'right', width: 80, render: (row) => row.rights },
    {
      key: 'counted',
      title: t('rights.counted'),
      align: 'right',
      width: 110,
      render: (row) => (row.counted === 0 ? <Tag tone="neutral">{t('rights.counts-zero')}</Tag> : row.counted),
    },
  ];
  return (
    <ListTable<Line>
      list="flow.reservation-rights"
      endpoint={listRights}
      columns={columns}
      state={filters}
      onState={set}
      defaults={{ inventory: inventory.id }}
      rowKey={(row) => row.id}
      searchLabel={t('rights.search')}
      chips={
        <>
          {(['running', 'over', ...(inventory.own ? (['unknown-holder'] as const) : [])] as const).map((only) => (
            <Chip
              key={only}
              on={filters.only === only}
              onClick={() => set({ ...filters, only: filters.only === only ? undefined : only })}
            >
              {t(`rights.only.${only}`)}
            </Chip>
          ))}
          <ChoiceChip
            label={t('rights.contingent')}
            options={contingent.options.map((value) => ({ value, label: word('contingent', value) }))}
            chosen={valuesOf(filters, 'contingent')}
            onChange={(chosen) => set({ ...filters, contingent: chosen })}
          />
          {rightKinds.map((kind) => (
            <Chip
              key={kind}
              on={filters.kind === kind}
              onClick={() => set({ ...filters, kind: filters.kind === kind ? undefined : kind })}
            >
              {word('rights-kind', kind)}
            </Chip>
          ))}
        </>
      }
      narrow={(row) => (
        <div>
          <span className="strong">{row.holder}</span>
          <div className="dim">
            {[row.municipality, row.rooms && `T${row.rooms}`, word('rights-kind', row.kind)]
              .filter(Boolean)
              .join(' · ')}
          </div>
          <div>
            {t('rights.of-rights', { counted: row.counted, rights: row.rights })} ·{' '}
            {row.endsOn ? day(row.endsOn) : t('rights.endless')}
          </div>
        </div>
      )}
      empty={<Empty title={t('rights.no-line')}>{t('rights.no-line-hint')}</Empty>}
    />
  );
}
