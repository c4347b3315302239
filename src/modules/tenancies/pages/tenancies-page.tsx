import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Chip, type Column, ListTable, TwoLines } from '../../../ui/list-table.tsx';
import { Empty, Page } from '../../../ui/parts.tsx';
import { useListState, valuesOf } from '../../../ui/use-list-state.ts';
import { useTotal } from '../../../ui/use-total.ts';
import { useWords } from '../../../ui/words.tsx';
import { listTenancies, tenancyState } from '../contract.ts';
import classes from './tenancies-page.module.css';
import { TenancyTag } from './tenancy-tag.tsx';

type Tenancy = ReplyOf<typeof listTenancies>['items'][number];

/** Baux: who lives where, since when, for what rent. */
export default function TenanciesPage() {
  const { t, day, amount, cents } = useWords();
  const [state, setState] = useListState();
  const running = useTotal(listTenancies, { state: ['running', 'notice'] });
  const notice = useTotal(listTenancies, { state: 'notice' });
  const chosen = valuesOf(state, 'state');
  const toggle = (value: string) =>
    setState({
      ...state,
      state: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
    });
  const nothing = <span className="dim">–</span>;

  const columns: Column<Tenancy>[] = [
    {
      key: 'household',
      title: t('tenancies.household'),
      render: (row) => <TwoLines first={row.household} second={row.reference} href={`/baux/${row.id}`} />,
    },
    {
      key: 'dwelling',
      title: t('tenancies.dwelling'),
      render: (row) => <TwoLines first={row.address} second={row.municipality} href={`/biens/${row.dwellingId}`} />,
    },
    {
      key: 'reference',
      title: t('tenancies.reference'),
      sort: 'reference',
      width: 120,
      hidden: true,
      render: (row) => row.reference,
    },
    { key: 'state', title: t('tenancies.state'), width: 120, render: (row) => <TenancyTag state={row.state} /> },
    { key: 'start', title: t('tenancies.starts-on'), sort: 'start', width: 110, render: (row) => day(row.startsOn) },
    {
      key: 'end',
      title: t('tenancies.ended-on'),
      width: 110,
      render: (row) => (row.endedOn ? day(row.endedOn) : nothing),
    },
    { key: 'rent', title: t('tenancies.rent'), align: 'right', width: 100, render: (row) => amount(row.rentCents) },
    {
      key: 'charges',
      title: t('tenancies.charges'),
      align: 'right',
      width: 100,
      render: (row) => amount(row.chargesCents),
    },
  ];

  return (
    <Page
      title={running ? t('tenancies.title', running) : t('nav.tenancies')}
      context={notice && t('tenancies.context', { count: notice.count })}
    >
      <Crumbs title={t('nav.tenancies')} />
      <ListTable<Tenancy>
        list="tenancies.tenancies"
        endpoint={listTenancies}
        columns={columns}
        state={state}
        onState={setState}
        defaultOrder="desc"
        href={(row) => `/baux/${row.id}`}
        rowKey={(row) => row.id}
        searchLabel={t('tenancies.search')}
        chips={tenancyState.options.map((value) => (
          <Chip key={value} on={chosen.includes(value)} onClick={() => toggle(value)}>
            {t(`tenancies.only.${value}`)}
          </Chip>
        ))}
        narrow={(row) => (
          <div className={classes.narrow}>
            <Link to="/baux/$id" params={{ id: row.id }} className={classes.title}>
              {row.household}
            </Link>
            <div className="dim">
              {row.address}, {row.municipality}
            </div>
            <div className={classes.line}>
              <TenancyTag state={row.state} />
              <span>
                {row.endedOn
                  ? t('tenancies.from-to', { from: day(row.startsOn), to: day(row.endedOn) })
                  : t('tenancies.since', { from: day(row.startsOn) })}
              </span>
              <span>{cents(row.rentCents)}</span>
            </div>
          </div>
        )}
        empty={<Empty title={t('tenancies.empty')}>{t('tenancies.empty-hint')}</Empty>}
      />
    </Page>
  );
}
