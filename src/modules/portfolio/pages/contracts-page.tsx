import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { addYears } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { contractKind, listContracts } from '../contract.ts';
import classes from './contracts-page.module.css';
import { PortfolioTabs } from './portfolio-tabs.tsx';

type Contract = ReplyOf<typeof listContracts>['items'][number];

/** Contrats: how each dwelling came under management, until when, and what its owner receives. */
export default function ContractsPage() {
  const { t, word, day, amount, cents, rate } = useWords();
  const { today } = useActor();
  const [state, setState] = useListState();
  const inOneYear = addYears(today, 1);
  const total = useTotal(listContracts);
  const ending = useTotal(listContracts, { endsBefore: inOneYear });
  const endsSoon = (row: Contract) => row.endsOn !== null && row.endsOn < inOneYear;
  const end = (row: Contract) =>
    row.endsOn === null ? (
      <span className="dim">{t('contracts.open-ended')}</span>
    ) : endsSoon(row) ? (
      <Tag tone="amber">{day(row.endsOn)}</Tag>
    ) : (
      day(row.endsOn)
    );

  const columns: Column<Contract>[] = [
    {
      key: 'dwelling',
      title: t('dwellings.dwelling'),
      render: (row) => (
        <TwoLines
          first={row.address}
          second={`${row.municipality} · ${row.dwellingReference}`}
          href={`/biens/${row.dwellingId}`}
        />
      ),
    },
    {
      key: 'owner',
      title: t('contracts.owner'),
      sort: 'owner',
      render: (row) => (
        <Link to="/proprietaires/$id" params={{ id: row.ownerId }} className={classes.owner}>
          {row.ownerName}
        </Link>
      ),
    },
    { key: 'reference', title: t('contracts.contract'), sort: 'reference', width: 120, render: (row) => row.reference },
    { key: 'kind', title: t('contracts.kind'), width: 140, render: (row) => word('contract-kind', row.kind) },
    { key: 'start', title: t('contracts.start'), sort: 'start', width: 100, render: (row) => day(row.startsOn) },
    { key: 'end', title: t('contracts.end'), width: 120, render: end },
    {
      key: 'rent',
      title: t('contracts.owner-rent'),
      align: 'right',
      width: 130,
      render: (row) => amount(row.ownerRentCents),
    },
    {
      key: 'fee',
      title: t('contracts.fee'),
      align: 'right',
      width: 80,
      render: (row) => (row.feeRate === null ? <span className="dim">–</span> : rate(row.feeRate)),
    },
  ];

  return (
    <Page
      title={total ? t('contracts.title', total) : t('nav.contracts')}
      context={ending && t('contracts.context', { count: ending.count, before: day(inOneYear) })}
      actions={<PortfolioTabs />}
    >
      <Crumbs
        title={t('nav.contracts')}
        path={[{ label: 'dwellings', link: <Link to="/biens">{t('nav.dwellings')}</Link> }]}
      />
      <ListTable<Contract>
        list="portfolio.contracts"
        endpoint={listContracts}
        columns={columns}
        state={state}
        onState={setState}
        href={(row) => `/biens/${row.dwellingId}`}
        rowKey={(row) => row.id}
        searchLabel={t('contracts.search')}
        chips={
          <>
            <ChoiceChip
              label={t('contracts.kind')}
              options={contractKind.options.map((value) => ({ value, label: word('contract-kind', value) }))}
              chosen={valuesOf(state, 'kind')}
              onChange={(kind) => setState({ ...state, kind })}
            />
            <Chip
              on={state.endsBefore !== undefined}
              count={ending?.count}
              onClick={() => setState({ ...state, endsBefore: state.endsBefore ? undefined : inOneYear })}
            >
              {t('contracts.ends-soon')}
            </Chip>
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/biens/$id" params={{ id: row.dwellingId }} className={classes.title}>
              {row.address}
            </Link>
            <div className="dim">
              {row.municipality} · {row.reference}
            </div>
            <div>
              <Link to="/proprietaires/$id" params={{ id: row.ownerId }} className={classes.owner}>
                {row.ownerName}
              </Link>
              {' · '}
              {word('contract-kind', row.kind)} · {cents(row.ownerRentCents)}
            </div>
            <div>
              {t('contracts.until')} {end(row)}
            </div>
          </div>
        )}
        empty={<Empty title={t('contracts.empty')}>{t('contracts.empty-hint')}</Empty>}
      />
    </Page>
  );
}
