import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { listVacancies } from '../../modules/allocation/contract.ts';
import { OpenEmptyForm } from '../../modules/allocation/pages/open-empty-form.tsx';
import { StageTag, useNextStep } from '../../modules/allocation/pages/stage-tag.tsx';
import { getDwelling } from '../../modules/portfolio/contract.ts';
import { type Dwelling, EditDwelling } from '../../modules/portfolio/pages/dwelling-form.tsx';
import { addressOf, kindAndSize } from '../../modules/portfolio/pages/dwelling-words.ts';
import { OccupancyTag } from '../../modules/portfolio/pages/occupancy-tag.tsx';
import { getTenancy, tenanciesOfDwelling } from '../../modules/tenancies/contract.ts';
import { NoticeForm } from '../../modules/tenancies/pages/notice-form.tsx';
import { TenancyTag } from '../../modules/tenancies/pages/tenancy-tag.tsx';
import { useActor } from '../../ui/actor.tsx';
import { call } from '../../ui/api.ts';
import { Crumbs } from '../../ui/crumbs.tsx';
import { AsideLayout, Empty, Facts, PageSkeleton, Panel, ProblemAlert } from '../../ui/parts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { ProblemPage } from '../../ui/problem-page.tsx';
import { Record } from '../../ui/record.tsx';
import { Ribbon, RibbonAxis, ribbonScale } from '../../ui/ribbon.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { useWords } from '../../ui/words.tsx';
import classes from './dwelling-page.module.css';

/** The record of a dwelling: what it is, who lives there, whose it is, and its road when it is to be let again. */
export default function DwellingPage() {
  const words = useWords();
  const { t, cents, number } = words;
  const { may, organisationKind } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [noticing, setNoticing] = useState(false);
  const [opening, setOpening] = useState(false);
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ['dwelling', id], queryFn: () => call(getDwelling, { params: { id } }) });
  const empty = query.data?.occupancy === 'void' && query.data.leftOn === null;
  const vacancies = useQuery({ ...vacancyOf(id), enabled: empty && may('vacancies.manage') });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const dwelling = query.data;
  const done = () => {
    setEditing(false);
    setNoticing(false);
    return client.invalidateQueries();
  };

  return (
    <>
      <Crumbs
        title={addressOf(dwelling, words)}
        path={[{ label: 'list', link: <Link to="/biens">{t('nav.dwellings')}</Link> }]}
      />
      <Record
        title={addressOf(dwelling, words)}
        state={<OccupancyTag occupancy={dwelling.occupancy} left={dwelling.leftOn !== null} />}
        context={[
          dwelling.reference,
          kindAndSize(dwelling, words),
          dwelling.areaM2 && `${number(dwelling.areaM2)} m²`,
          `${dwelling.postalCode} ${dwelling.municipality}`,
          t('dwellings.rent-of', { rent: cents(dwelling.rentCents) }),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {dwelling.can.manage && (
              <Button variant="default" onClick={() => setEditing(true)}>
                {t('dwellings.edit')}
              </Button>
            )}
            {vacancies.data?.items.length === 0 && (
              <Button onClick={() => setOpening(true)}>{t('vacancies.open-empty')}</Button>
            )}
            {dwelling.can.recordNotice && <Button onClick={() => setNoticing(true)}>{t('notices.record')}</Button>}
          </>
        }
        tabs={[
          {
            value: 'fiche',
            label: t('dwellings.tab-record'),
            content: (
              <AsideLayout aside={<DwellingFacts dwelling={dwelling} />}>
                {may('vacancies.read') && <VacancyPanel dwelling={dwelling} />}
                {may('tenancies.read') && <LeasesPanel dwellingId={id} />}
                {(organisationKind === 'agency' || dwelling.contracts.length > 0) && (
                  <ContractsPanel dwelling={dwelling} />
                )}
              </AsideLayout>
            ),
          },
          ...(may('timeline.read')
            ? [
                {
                  value: 'historique',
                  label: t('ui.timeline'),
                  content: (
                    <Panel>
                      <Timeline kind="dwelling" id={id} />
                    </Panel>
                  ),
                },
              ]
            : []),
        ]}
      />
      {dwelling.can.manage && (
        <EditDwelling dwelling={dwelling} opened={editing} onClose={() => setEditing(false)} onDone={done} />
      )}
      <OpenEmptyForm
        dwellingId={id}
        address={addressOf(dwelling, words)}
        opened={opening}
        onClose={() => setOpening(false)}
        onDone={async (vacancy) => {
          await client.invalidateQueries();
          navigate({ to: '/liberations/$id', params: { id: vacancy.id } });
        }}
      />
      {noticing && <NoticeOfDwelling dwellingId={id} onClose={() => setNoticing(false)} onDone={done} />}
    </>
  );
}

function DwellingFacts({ dwelling }: { dwelling: Dwelling }) {
  const { t, word, cents, day, number, rate } = useWords();
  const { jurisdiction } = useActor();
  const french = jurisdiction === 'fr-idf';
  const { building } = dwelling;
  return (
    <>
      <Panel title={t('dwellings.facts')}>
        <Facts
          facts={[
            [t('dwellings.monthly-rent'), cents(dwelling.rentCents)],
            [t('dwellings.monthly-charges'), cents(dwelling.chargesCents)],
            [t('dwellings.bedrooms'), dwelling.bedrooms || null],
            french && [t('dwellings.rooms'), dwelling.rooms],
            [t('dwellings.area-long'), dwelling.areaM2 && `${number(dwelling.areaM2)} m²`],
            [t('dwellings.floor'), dwelling.floor === null ? null : t('dwellings.floor-of', { floor: dwelling.floor })],
            [t(french ? 'dwellings.energy-fr' : 'dwellings.energy-long'), dwelling.energyLabel],
            [t('dwellings.accessible'), t(dwelling.accessible ? 'values.yes' : 'values.no')],
            [t('dwellings.programme'), word('programme', dwelling.programme)],
            french && [t('dwellings.funding'), dwelling.funding && word('funding', dwelling.funding)],
            french && [t('dwellings.management'), word('management', dwelling.management)],
            french && [t('dwellings.register-id'), dwelling.registerId],
            [t('dwellings.entered-on'), day(dwelling.enteredOn)],
            dwelling.leftOn !== null && [t('dwellings.left-on'), day(dwelling.leftOn)],
            dwelling.leftOn !== null && [t('dwellings.exit-reason'), dwelling.exitReason],
          ]}
        />
      </Panel>
      <Panel title={t('dwellings.building')}>
        <Facts
          facts={[
            [t('dwellings.reference'), [building.name, building.reference].filter(Boolean).join(' · ')],
            [
              t('dwellings.dwellings-inside'),
              t('dwellings.dwellings-empty', { count: building.dwellings, empty: building.voids }),
            ],
            [t('dwellings.built'), building.constructionYear],
            french && [t('dwellings.priority-area'), building.priorityArea ?? t('dwellings.outside-area')],
            french && [t('dwellings.first-quartile'), building.firstQuartileRate && rate(building.firstQuartileRate)],
          ]}
        />
      </Panel>
    </>
  );
}

const vacancyOf = (dwellingId: string) => ({
  queryKey: ['vacancy-of', dwellingId],
  queryFn: () => call(listVacancies, { query: { dwelling: dwellingId, limit: 1 } }),
});

/** The road of the dwelling to its next lease, while it has one. */
function VacancyPanel({ dwelling }: { dwelling: Dwelling }) {
  const { t } = useWords();
  const { today } = useActor();
  const next = useNextStep();
  const query = useQuery({ ...vacancyOf(dwelling.id), enabled: dwelling.occupancy !== 'let' });
  if (query.error) return <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />;
  const vacancy = query.data?.items[0];
  if (!vacancy) return null;
  const scale = ribbonScale(today, 100, 70);
  const late = vacancy.nextDueOn !== null && vacancy.nextDueOn < today;
  return (
    <Panel
      tone="accent"
      title={
        <span className={classes.road}>
          {t('dwellings.road')} <StageTag stage={vacancy.stage} late={late} />
        </span>
      }
      aside={
        <Link to="/liberations/$id" params={{ id: vacancy.id }} className={classes.follow}>
          {t('dwellings.follow')}
        </Link>
      }
    >
      <RibbonAxis scale={scale} />
      <Ribbon segments={vacancy.ribbon} scale={scale} />
      <p className={classes.next}>
        {next(vacancy.nextDueWhat, vacancy.nextDueOn)}
        {vacancy.voidDays !== null && (
          <span className="dim"> · {t('dwellings.empty-since', { days: vacancy.voidDays })}</span>
        )}
      </p>
    </Panel>
  );
}

function LeasesPanel({ dwellingId }: { dwellingId: string }) {
  const { t, day, amount } = useWords();
  const query = useQuery({
    queryKey: ['tenancies-of', dwellingId],
    queryFn: () => call(tenanciesOfDwelling, { params: { id: dwellingId } }),
  });
  if (query.error) return <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return null;
  const { items } = query.data;
  return (
    <Panel title={t('dwellings.leases', { count: items.length })} flush>
      {items.length === 0 ? (
        <Empty title={t('dwellings.no-lease')}>{t('dwellings.no-lease-hint')}</Empty>
      ) : (
        <PlainTable
          caption={t('dwellings.leases', { count: items.length })}
          rows={items}
          rowKey={(lease) => lease.id}
          columns={[
            {
              title: t('tenancies.household'),
              render: (lease) => (
                <div className={classes.name}>
                  <Link to="/baux/$id" params={{ id: lease.id }} className="strong">
                    {lease.household}
                  </Link>
                  <br />
                  <span className="dim">{lease.reference}</span>
                </div>
              ),
            },
            { title: t('tenancies.state'), render: (lease) => <TenancyTag state={lease.state} /> },
            { title: t('tenancies.starts-on'), render: (lease) => day(lease.startsOn) },
            { title: t('tenancies.ended-on'), render: (lease) => day(lease.endedOn) },
            { title: t('tenancies.rent'), align: 'right', render: (lease) => amount(lease.rentCents) },
          ]}
        />
      )}
    </Panel>
  );
}

function ContractsPanel({ dwelling }: { dwelling: Dwelling }) {
  const { t, word, day, amount, rate } = useWords();
  const { contracts } = dwelling;
  return (
    <Panel title={t('dwellings.contracts', { count: contracts.length })} flush>
      {contracts.length === 0 ? (
        <Empty title={t('dwellings.no-contract')}>{t('dwellings.no-contract-hint')}</Empty>
      ) : (
        <PlainTable
          caption={t('dwellings.contracts', { count: contracts.length })}
          rows={contracts}
          rowKey={(contract) => contract.id}
          columns={[
            {
              title: t('contracts.owner'),
              render: (contract) => (
                <div className={classes.name}>
                  <Link to="/proprietaires/$id" params={{ id: contract.ownerId }} className="strong">
                    {contract.ownerName}
                  </Link>
                  <br />
                  <span className="dim">
                    {word('contract-kind', contract.kind)} · {contract.reference}
                  </span>
                </div>
              ),
            },
            { title: t('contracts.start'), render: (contract) => day(contract.startsOn) },
            {
              title: t('contracts.end'),
              render: (contract) =>
                contract.endsOn ? day(contract.endsOn) : <span className="dim">{t('contracts.open-ended')}</span>,
            },
            { title: t('contracts.owner-rent'), align: 'right', render: (contract) => amount(contract.ownerRentCents) },
            {
              title: t('contracts.fee'),
              align: 'right',
              render: (contract) => (contract.feeRate === null ? '–' : rate(contract.feeRate)),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** The notice is given on the lease that runs: it is looked for, then its form opens. */
function NoticeOfDwelling({ dwellingId, onClose, onDone }: { dwellingId: string; onClose(): void; onDone(): void }) {
  const running = useQuery({
    queryKey: ['running-tenancy-of', dwellingId],
    queryFn: async () => {
      const { items } = await call(tenanciesOfDwelling, { params: { id: dwellingId } });
      const lease = items.find(({ state }) => state === 'running');
      return lease ? call(getTenancy, { params: { id: lease.id } }) : null;
    },
  });
  if (running.error) return <ProblemAlert problem={running.error} onRetry={() => running.refetch()} />;
  return running.data ? <NoticeForm tenancy={running.data} opened onClose={onClose} onDone={onDone} /> : null;
}
