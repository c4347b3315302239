import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { PageSkeleton, ProblemAlert, QuietButton } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Record } from '../../../../ui/record.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { getStanding } from '../../steering/contract.ts';
import { AgreementStanding } from '../../steering/pages/agreement-standing.tsx';
import { type AgreementRecord, getAgreement, makeAgreementDocument } from '../contract.ts';
import { AgreementDrawer, type Drawer, moveWords } from './agreement-drawers.tsx';
import { AgreementExchange } from './agreement-exchange.tsx';
import { AgreementForm } from './agreement-form.tsx';
import { AgreementTag } from './agreement-tag.tsx';
import { AgreementTerms } from './agreement-terms.tsx';
import { NeedsPanel } from './needs-panel.tsx';
import { TargetsPanel } from './targets-panel.tsx';

/** A reservation agreement as both its parties have it: where it stands, its terms, its targets, what they said. */
export default function AgreementPage() {
  const { t, day, rate, word } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const { today } = useActor();
  const client = useQueryClient();
  const [drawer, setDrawer] = useState<Drawer | null>(null);
  const [changing, setChanging] = useState(false);
  const query = useQuery({ queryKey: ['agreement', id], queryFn: () => call(getAgreement, { params: { id } }) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const record = query.data;
  const { agreement } = record;
  const other = record.party === 'landlord' ? agreement.holder : agreement.landlord;
  // Signed for later, it counts nothing yet.
  const gives = ['signed', 'amended', 'ended'].includes(agreement.state) && agreement.startsOn <= today;
  const refresh = () => {
    setDrawer(null);
    setChanging(false);
    client.invalidateQueries();
  };
  return (
    <>
      <Crumbs
        title={agreement.reference}
        path={[{ label: 'list', link: <Link to="/conventions">{t('nav.agreements')}</Link> }]}
      />
      <Record
        title={t('agreements.of', { holder: other })}
        state={<AgreementTag state={agreement.state} />}
        context={[
          agreement.reference,
          rate(agreement.share),
          agreement.perimeterName,
          word('contingent', agreement.contingent),
          `${day(agreement.startsOn)} – ${agreement.endsOn ? day(agreement.endsOn) : t('agreements.open-ended')}`,
          t(`agreements.next.${record.next}`),
        ].join(' · ')}
        actions={<Acts record={record} open={setDrawer} onChange={() => setChanging(true)} />}
        tabs={[
          ...(gives
            ? [{ value: 'suivi', label: t('agreements.tab-standing'), content: <Standing id={agreement.id} /> }]
            : []),
          {
            value: 'termes',
            label: t('agreements.tab-terms'),
            content: <AgreementTerms record={record} open={setDrawer} />,
          },
          {
            value: 'objectifs',
            label: t('agreements.tab-targets'),
            content: <TargetsPanel record={record} onDone={refresh} />,
          },
          ...(gives
            ? [
                {
                  value: 'besoins',
                  label: t('agreements.tab-needs'),
                  content: <NeedsPanel record={record} onDone={refresh} />,
                },
              ]
            : []),
          {
            value: 'echanges',
            label: t('agreements.tab-exchange'),
            count: record.moves.filter(({ kind }) => kind === 'commented').length || undefined,
            content: <AgreementExchange record={record} open={setDrawer} />,
          },
        ]}
      />
      <AgreementDrawer record={record} drawer={drawer} onClose={() => setDrawer(null)} onDone={refresh} />
      <AgreementForm kind={changing ? { change: record } : null} onClose={() => setChanging(false)} onDone={refresh} />
    </>
  );
}

/** What can be done now: the next step first, the rest in a menu. */
function Acts({ record, open, onChange }: { record: AgreementRecord; open(drawer: Drawer): void; onChange(): void }) {
  const { t } = useWords();
  const { organisationId } = useActor();
  const made = useMutation({
    mutationFn: () => call(makeAgreementDocument, { params: { id: record.agreement.id }, body: {} }),
    onSuccess: ({ fileId }) => window.open(`/api/v1/files/${fileId}?organisation=${organisationId}`, '_blank'),
  });
  const { can } = record;
  const amendment = record.versions.find(
    ({ amendmentId, state, signatures }) =>
      amendmentId !== null && state === 'to-sign' && !signatures.some(({ party }) => party === record.party),
  );
  const [first] = record.movesTo;
  const later = record.movesTo.slice(first === 'abandoned' ? 0 : 1);
  const move = (to: string) => open({ kind: 'move', to: to as 'negotiation' });
  return (
    <>
      <ProblemAlert problem={made.error} />
      <QuietButton onClick={() => made.mutate()} loading={made.isPending}>
        {t('agreements.document')}
      </QuietButton>
      {(can.amend || can.end || can.derogate || can.change || later.length > 0) && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default">{t('agreements.more')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {can.change && <Menu.Item onClick={onChange}>{t('agreements.change')}</Menu.Item>}
            {can.amend && <Menu.Item onClick={() => open({ kind: 'amend' })}>{t('agreements.amend')}</Menu.Item>}
            {can.derogate && (
              <Menu.Item onClick={() => open({ kind: 'derogation' })}>{t('agreements.derogation-add')}</Menu.Item>
            )}
            {can.end && (
              <Menu.Item color="red" onClick={() => open({ kind: 'end' })}>
                {t('agreements.end-title')}
              </Menu.Item>
            )}
            {later.map((to) => (
              <Menu.Item key={to} onClick={() => move(to)}>
                {t(`agreements.move-${moveWords(record, to)}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {first && first !== 'abandoned' && !can.sign && (
        <Button onClick={() => move(first)}>{t(`agreements.move-${moveWords(record, first)}`)}</Button>
      )}
      {first && first !== 'abandoned' && can.sign && (
        <Button variant="default" onClick={() => move(first)}>
          {t(`agreements.move-${moveWords(record, first)}`)}
        </Button>
      )}
      {can.sign && (
        <Button onClick={() => open({ kind: 'sign', version: record.versions[0]! })}>
          {t('agreements.sign-title')}
        </Button>
      )}
      {amendment && (
        <Button onClick={() => open({ kind: 'sign', version: amendment })}>
          {t('agreements.sign-amendment', { number: amendment.number })}
        </Button>
      )}
    </>
  );
}

/** The very figures both parties follow. */
function Standing({ id }: { id: string }) {
  const standing = useQuery({
    queryKey: ['standing', id],
    queryFn: () => call(getStanding, { params: { id } }),
    refetchInterval: 30_000,
  });
  if (standing.error) return <ProblemPage problem={standing.error} onRetry={() => standing.refetch()} />;
  if (standing.isPending) return <PageSkeleton />;
  return <AgreementStanding standing={standing.data} />;
}
