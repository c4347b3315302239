import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { formatIban } from '../../../kernel/check-digits.ts';
import { addYears } from '../../../kernel/local-date.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Guarded } from '../../../ui/guarded.tsx';
import { AsideLayout, Empty, Facts, PageSkeleton, Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Record } from '../../../ui/record.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getOwner, readOwnerAccount } from '../contract.ts';
import { EditOwner } from './owner-form.tsx';
import classes from './owner-page.module.css';

/** The record of an owner: how to reach them, the dwellings they entrust, what is due to them. */
export default function OwnerPage() {
  const { t, word, day, amount, cents, rate } = useWords();
  const { today, may } = useActor();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const query = useQuery({ queryKey: ['owner', id], queryFn: () => call(getOwner, { params: { id } }) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;

  const owner = query.data;
  const runs = (contract: (typeof owner.contracts)[number]) =>
    contract.startsOn <= today && (contract.endsOn === null || contract.endsOn >= today);
  const running = owner.contracts.filter(runs);
  const due = running.reduce((sum, contract) => sum + contract.ownerRentCents, 0);
  const address = [owner.street, [owner.postalCode, owner.city].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  const inOneYear = addYears(today, 1);

  return (
    <>
      <Crumbs
        title={owner.name}
        path={[
          { label: 'dwellings', link: <Link to="/biens">{t('nav.dwellings')}</Link> },
          { label: 'owners', link: <Link to="/proprietaires">{t('nav.owners')}</Link> },
        ]}
      />
      <Record
        title={owner.name}
        context={[
          word('owner-kind', owner.kind),
          owner.reference,
          t('owners.entrusts', { count: running.length }),
          t('owners.due-monthly', { amount: cents(due) }),
        ].join(' · ')}
        actions={
          owner.can.manage && (
            <Button variant="default" onClick={() => setEditing(true)}>
              {t('owners.edit')}
            </Button>
          )
        }
        tabs={[
          {
            value: 'fiche',
            label: t('owners.tab-record'),
            content: (
              <AsideLayout
                aside={
                  <>
                    <Panel title={t('owners.contact')}>
                      <Facts
                        facts={[
                          owner.kind !== 'person' && [t('owners.contact-name'), owner.contactName],
                          [
                            t('owners.email'),
                            owner.email && (
                              <a key="e" href={`mailto:${owner.email}`}>
                                {owner.email}
                              </a>
                            ),
                          ],
                          [
                            t('owners.phone'),
                            owner.phone && (
                              <a key="p" href={`tel:${owner.phone.replace(/\s/g, '')}`}>
                                {owner.phone}
                              </a>
                            ),
                          ],
                          [t('owners.address'), address],
                          [t('owners.language'), word('language', owner.language)],
                          owner.kind !== 'person' && [t('owners.enterprise-number'), owner.enterpriseNumber],
                        ]}
                      />
                    </Panel>
                    <Panel title={t('owners.payment')}>
                      <Facts
                        facts={[
                          [
                            t('owners.account'),
                            owner.ibanEnd === null ? null : owner.can.readAccount ? (
                              <Guarded
                                key="a"
                                masked={`•••• ${owner.ibanEnd}`}
                                label={t('owners.read-account')}
                                title={t('owners.read-account-of', { name: owner.name })}
                                read={async (purpose, key) =>
                                  (await call(readOwnerAccount, { params: { id }, key, body: { purpose } })).iban
                                }
                                format={formatIban}
                              />
                            ) : (
                              `•••• ${owner.ibanEnd}`
                            ),
                          ],
                          [t('owners.due'), cents(due)],
                        ]}
                      />
                    </Panel>
                    {owner.note && (
                      <Panel title={t('owners.note')}>
                        <p className={classes.note}>{owner.note}</p>
                      </Panel>
                    )}
                  </>
                }
              >
                <Panel title={t('owners.contracts', { count: owner.contracts.length })} flush>
                  {owner.contracts.length === 0 ? (
                    <Empty title={t('owners.no-contract')}>{t('owners.no-contract-hint')}</Empty>
                  ) : (
                    <PlainTable
                      caption={t('owners.contracts', { count: owner.contracts.length })}
                      rows={owner.contracts}
                      rowKey={(contract) => contract.id}
                      columns={[
                        {
                          title: t('dwellings.dwelling'),
                          render: (contract) => (
                            <div className={classes.name}>
                              <Link to="/biens/$id" params={{ id: contract.dwellingId }} className="strong">
                                {contract.address}
                              </Link>
                              <br />
                              <span className="dim">
                                {contract.municipality} · {contract.dwellingReference}
                              </span>
                            </div>
                          ),
                        },
                        {
                          title: t('contracts.contract'),
                          render: (contract) => (
                            <>
                              {word('contract-kind', contract.kind)}
                              <br />
                              <span className="dim">{contract.reference}</span>
                            </>
                          ),
                        },
                        { title: t('contracts.start'), render: (contract) => day(contract.startsOn) },
                        {
                          title: t('contracts.end'),
                          render: (contract) =>
                            contract.endsOn === null ? (
                              <span className="dim">{t('contracts.open-ended')}</span>
                            ) : contract.endsOn < today ? (
                              <Tag>{t('contracts.ended', { on: day(contract.endsOn) })}</Tag>
                            ) : contract.endsOn < inOneYear ? (
                              <Tag tone="amber">{day(contract.endsOn)}</Tag>
                            ) : (
                              day(contract.endsOn)
                            ),
                        },
                        {
                          title: t('contracts.owner-rent'),
                          align: 'right',
                          render: (contract) => amount(contract.ownerRentCents),
                        },
                        {
                          title: t('contracts.fee'),
                          align: 'right',
                          render: (contract) => (contract.feeRate === null ? '–' : rate(contract.feeRate)),
                        },
                      ]}
                    />
                  )}
                </Panel>
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
                      <Timeline kind="owner" id={id} />
                    </Panel>
                  ),
                },
              ]
            : []),
        ]}
      />
      <EditOwner
        owner={owner}
        opened={editing}
        onClose={() => setEditing(false)}
        onDone={() => {
          setEditing(false);
          client.invalidateQueries();
        }}
      />
    </>
  );
}
