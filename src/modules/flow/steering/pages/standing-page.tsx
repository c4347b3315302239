import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listAgreements } from '../../contract.ts';
import { getStanding } from '../contract.ts';
import { AgreementStanding } from './agreement-standing.tsx';

type Agreement = ReplyOf<typeof listAgreements>['items'][number];

/** Où en suis-je ? What an agreement gives, what came of it, where the year is going; every figure with its computation. */
export default function StandingPage() {
  const words = useWords();
  const { t, day, word } = words;
  const navigate = useNavigate();
  const { convention } = useSearch({ strict: false }) as { convention?: string };
  const agreements = useQuery({ queryKey: ['agreements'], queryFn: () => call(listAgreements) });
  const current = agreements.data?.items.find(({ id }) => id === convention) ?? agreements.data?.items[0];
  const standing = useQuery({
    queryKey: ['standing', current?.id],
    queryFn: () => call(getStanding, { params: { id: current!.id } }),
    enabled: current !== undefined,
    refetchInterval: 30_000,
  });
  if (agreements.error ?? standing.error)
    return <ProblemPage problem={agreements.error ?? standing.error} onRetry={() => standing.refetch()} />;
  if (agreements.isPending) return <PageSkeleton />;
  if (!current) {
    return (
      <Page title={t('nav.standing')}>
        <Crumbs title={t('nav.standing')} />
        <Panel>
          <Empty title={t('standing.none')}>{t('standing.none-hint')}</Empty>
        </Panel>
      </Page>
    );
  }
  if (standing.isPending) return <PageSkeleton />;

  const { agreement, today } = standing.data;
  const labelOf = (item: Agreement) =>
    `${item.landlord} · ${word('contingent', item.contingent)} · ${item.perimeterName}`;

  return (
    <Page
      title={t('standing.title', { landlord: agreement.landlord })}
      context={t('standing.context', {
        reference: agreement.reference,
        share: words.rate(agreement.share),
        scale: agreement.perimeterName,
        on: day(today),
      })}
      actions={
        <>
          {agreements.data.items.length > 1 && (
            <Select
              aria-label={t('standing.choose')}
              data={agreements.data.items.map((item) => ({ value: item.id, label: labelOf(item) }))}
              value={current.id}
              allowDeselect={false}
              searchable
              w={320}
              onChange={(id) => navigate({ to: '.', search: { convention: id } as never })}
            />
          )}
          <Button component={Link} to="/propositions" variant="default">
            {t('nav.proposals')}
          </Button>
        </>
      }
    >
      <Crumbs title={t('nav.standing')} />
      <AgreementStanding standing={standing.data} />
    </Page>
  );
}
