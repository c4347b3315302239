import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { daysBetween, type LocalDate } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useWords } from '../../../ui/words.tsx';
import { listProposals } from '../contract.ts';
import classes from './sessions-page.module.css';

export type ProposalItem = ReplyOf<typeof listProposals>['items'][number];

export const progressTones: Record<string, Tone> = {
  'to-name': 'amber',
  named: 'blue',
  committee: 'violet',
  offer: 'green',
  housed: 'green',
  ended: 'neutral',
};

/** Propositions: the dwellings landlords propose, and what is expected of the holder. */
export default function ProposalsPage() {
  const words = useWords();
  const { t, word, day, cents, number } = words;
  const { today, organisationId } = useActor();
  const [state, setState] = useListState();
  const chosen = valuesOf(state, 'state');
  const open = useQuery({
    queryKey: ['proposals-open', organisationId],
    queryFn: () => call(listProposals, { query: { state: ['open'], limit: 1 } }),
  });
  const left = (row: ProposalItem) => daysBetween(today, row.nominateBy as LocalDate);
  const toggle = (value: string) => setState({ ...state, state: chosen.includes(value) ? undefined : value });

  const columns: Column<ProposalItem>[] = [
    {
      key: 'dwelling',
      title: t('proposals.dwelling'),
      render: (row) => (
        <TwoLines
          first={`${row.address}, ${row.municipality}`}
          second={row.landlord}
          href={`/propositions/${row.id}`}
        />
      ),
    },
    {
      key: 'type',
      title: t('proposals.type'),
      render: (row) =>
        [row.rooms && `T${row.rooms}`, row.funding, row.inPriorityArea && t('proposals.in-area')]
          .filter(Boolean)
          .join(' · '),
    },
    {
      key: 'area',
      title: 'm²',
      align: 'right',
      hidden: true,
      render: (row) => (row.areaM2 ? number(row.areaM2) : '–'),
    },
    { key: 'rent', title: t('proposals.rent'), align: 'right', render: (row) => cents(row.rentCents) },
    { key: 'free', title: t('proposals.free'), render: (row) => day(row.freeOn) },
    {
      key: 'state',
      title: t('proposals.state'),
      render: (row) => <Tag tone={progressTones[row.progress]}>{word('progress', row.progress)}</Tag>,
    },
    { key: 'expected', title: t('proposals.expected'), sort: 'deadline', render: (row) => expected(row) },
    {
      key: 'left',
      title: t('proposals.left'),
      align: 'right',
      render: (row) =>
        row.state === 'open' ? (
          <span style={left(row) <= 3 ? { color: 'var(--red)', fontWeight: 560 } : undefined}>
            {t('proposals.days', { count: left(row) })}
          </span>
        ) : (
          '–'
        ),
    },
  ];

  function expected(row: ProposalItem): string {
    if (row.state !== 'open') return t('proposals.candidates', { count: row.candidates });
    return row.candidates >= 3 ? t('proposals.to-transmit') : t('proposals.missing', { count: 3 - row.candidates });
  }

  return (
    <Page
      title={open.data ? t('proposals.title', { count: open.data.total }) : t('nav.proposals')}
      context={t('proposals.context')}
    >
      <Crumbs title={t('nav.proposals')} />
      <ListTable<ProposalItem>
        list="allocation.proposals"
        endpoint={listProposals}
        columns={columns}
        state={state}
        onState={setState}
        searchable={false}
        defaultOrder="desc"
        href={(row) => `/propositions/${row.id}`}
        rowKey={(row) => row.id}
        chips={(['open', 'nominated', 'housed', 'returned', 'expired'] as const).map((value) => (
          <Chip
            key={value}
            on={chosen.includes(value)}
            onClick={() => toggle(value)}
            count={value === 'open' ? open.data?.total : undefined}
          >
            {word('proposal-state', value)}
          </Chip>
        ))}
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/propositions/$id" params={{ id: row.id }} className="strong">
              {row.address}, {row.municipality}
            </Link>
            <Tag tone={progressTones[row.progress]}>{word('progress', row.progress)}</Tag>
            <span className="dim">
              {[row.rooms && `T${row.rooms}`, row.funding, cents(row.rentCents), row.landlord]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {row.state === 'open' && <span>{t('proposals.until', { on: day(row.nominateBy), count: left(row) })}</span>}
          </div>
        )}
        empty={<Empty title={t('proposals.empty')}>{t('proposals.empty-hint')}</Empty>}
      />
    </Page>
  );
}
