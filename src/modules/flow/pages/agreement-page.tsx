import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Page, PageSkeleton } from '../../../ui/parts.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getStanding } from '../contract.ts';
import { AgreementStanding } from './agreement-standing.tsx';

/** A reservation agreement as its landlord follows it: the very figures its holder sees. */
export default function AgreementPage() {
  const { t, day, rate, word } = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const standing = useQuery({
    queryKey: ['standing', id],
    queryFn: () => call(getStanding, { params: { id } }),
    refetchInterval: 30_000,
  });
  if (standing.error) return <ProblemPage problem={standing.error} onRetry={() => standing.refetch()} />;
  if (standing.isPending) return <PageSkeleton />;
  const { agreement, today } = standing.data;
  return (
    <Page
      title={t('agreements.of', { holder: agreement.holder })}
      context={[
        t('standing.context', {
          reference: agreement.reference,
          share: rate(agreement.share),
          scale: agreement.perimeterName,
          on: day(today),
        }),
        word('contingent', agreement.contingent),
      ].join(' · ')}
    >
      <Crumbs
        title={agreement.reference}
        path={[{ label: 'list', link: <Link to="/conventions">{t('nav.agreements')}</Link> }]}
      />
      <AgreementStanding standing={standing.data} />
    </Page>
  );
}
