import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, ChoiceChip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { listMunicipalities } from '../../organisations/contract.ts';
import { dwellingKind, funding, listDwellings, occupancy } from '../contract.ts';
import { addressOf, kindAndSize } from './dwelling-words.ts';
import classes from './dwellings-page.module.css';
import { OccupancyTag } from './occupancy-tag.tsx';
import { PortfolioTabs } from './portfolio-tabs.tsx';

type Dwelling = ReplyOf<typeof listDwellings>['items'][number];

/** Biens: every dwelling of the stock, whether someone lives there, its size and its rent. */
export default function DwellingsPage() {
  const words = useWords();
  const { t, word, amount, cents, number, language } = words;
  const { jurisdiction, organisationId } = useActor();
  const [state, setState] = useListState();
  const total = useTotal(listDwellings);
  const empty = useTotal(listDwellings, { occupancy: 'void' });
  const notice = useTotal(listDwellings, { occupancy: 'notice' });
  const municipalities = useQuery({
    queryKey: ['municipalities', organisationId],
    queryFn: () => call(listMunicipalities),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const french = jurisdiction === 'fr-idf';
  const isLeft = String(state.left) === 'true';
  const flag = (name: string) => setState({ ...state, [name]: String(state[name]) === 'true' ? undefined : true });
  const several = (name: string, options: { value: string; label: string }[], label: string) => (
    <ChoiceChip
      label={label}
      options={options}
      chosen={valuesOf(state, name)}
      onChange={(chosen) => setState({ ...state, [name]: chosen })}
    />
  );

  const columns: Column<Dwelling>[] = [
    {
      key: 'address',
      title: t('dwellings.dwelling'),
      sort: 'address',
      render: (row) => (
        <TwoLines
          first={addressOf(row, words)}
          second={`${row.postalCode} ${row.municipality}`}
          href={`/biens/${row.id}`}
        />
      ),
    },
    {
      key: 'reference',
      title: t('dwellings.reference'),
      sort: 'reference',
      width: 120,
      render: (row) => row.reference,
    },
    { key: 'kind', title: t('dwellings.kind'), width: 190, render: (row) => kindAndSize(row, words) },
    {
      key: 'area',
      title: t('dwellings.area'),
      align: 'right',
      width: 80,
      render: (row) => (row.areaM2 ? number(row.areaM2) : <span className="dim">–</span>),
    },
    {
      key: 'rent',
      title: t('dwellings.rent'),
      sort: 'rent',
      align: 'right',
      width: 90,
      render: (row) => amount(row.rentCents),
    },
    {
      key: 'charges',
      title: t('dwellings.charges'),
      align: 'right',
      width: 90,
      hidden: true,
      render: (row) => amount(row.chargesCents),
    },
    {
      key: 'energy',
      title: t(french ? 'dwellings.energy-fr' : 'dwellings.energy'),
      width: 60,
      render: (row) =>
        row.energyLabel ? <span className={classes.label}>{row.energyLabel}</span> : <span className="dim">–</span>,
    },
    french
      ? {
          key: 'funding',
          title: t('dwellings.funding'),
          width: 110,
          render: (row) => (row.funding ? word('funding', row.funding) : <span className="dim">–</span>),
        }
      : {
          key: 'programme',
          title: t('dwellings.programme'),
          width: 120,
          render: (row) => word('programme', row.programme),
        },
    {
      key: 'occupancy',
      title: t('dwellings.occupancy'),
      sort: 'occupancy',
      width: 120,
      render: (row) => <OccupancyTag occupancy={row.occupancy} left={isLeft} />,
    },
  ];

  return (
    <Page
      title={total ? t('dwellings.title', total) : t('nav.dwellings')}
      context={empty && notice && t('dwellings.context', { empty: empty.count, notice: notice.count })}
      actions={<PortfolioTabs />}
    >
      <Crumbs title={t('nav.dwellings')} />
      <ListTable<Dwelling>
        list="portfolio.dwellings"
        endpoint={listDwellings}
        columns={columns}
        state={state}
        onState={setState}
        href={(row) => `/biens/${row.id}`}
        rowKey={(row) => row.id}
        searchLabel={t('dwellings.search')}
        chips={
          <>
            {several(
              'occupancy',
              occupancy.options.map((value) => ({ value, label: word('occupancy', value) })),
              t('dwellings.occupancy'),
            )}
            {several(
              'municipality',
              (municipalities.data?.items ?? []).map((item) => ({
                value: item.code,
                label: language === 'nl' && item.nameNl ? item.nameNl : item.nameFr,
              })),
              t('dwellings.municipality'),
            )}
            {several(
              'kind',
              dwellingKind.options.map((value) => ({ value, label: word('dwelling-kind', value) })),
              t('dwellings.kind'),
            )}
            {french &&
              several(
                'funding',
                funding.options.map((value) => ({ value, label: word('funding', value) })),
                t('dwellings.funding'),
              )}
            {french && (
              <Chip on={String(state.priorityArea) === 'true'} onClick={() => flag('priorityArea')}>
                {t('dwellings.in-priority-area')}
              </Chip>
            )}
            <Chip on={isLeft} onClick={() => flag('left')}>
              {t('dwellings.gone')}
            </Chip>
          </>
        }
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/biens/$id" params={{ id: row.id }} className={classes.title}>
              {addressOf(row, words)}
            </Link>
            <div className="dim">
              {row.postalCode} {row.municipality} · {row.reference}
            </div>
            <div className={classes.line}>
              <OccupancyTag occupancy={row.occupancy} left={isLeft} />
              <span>{kindAndSize(row, words)}</span>
              <span>{cents(row.rentCents)}</span>
            </div>
          </div>
        )}
        empty={<Empty title={t('dwellings.empty')}>{t('dwellings.empty-hint')}</Empty>}
      />
    </Page>
  );
}
