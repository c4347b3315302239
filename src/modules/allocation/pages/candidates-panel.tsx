import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Step } from '../../../kernel/steps.ts';
import { call } from '../../../ui/api.ts';
import { Empty, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { type Candidate, rankForVacancy } from '../contract.ts';
import type { Vacancy } from './vacancy-page.tsx';

const tones: Record<string, Tone> = {
  named: 'blue',
  granted: 'green',
  ranked: 'green',
  conditional: 'amber',
  'not-granted': 'neutral',
  inadmissible: 'neutral',
  offered: 'violet',
  accepted: 'green',
  declined: 'neutral',
  silent: 'neutral',
  housed: 'green',
  released: 'neutral',
};

export function CandidateTag({ candidate }: { candidate: Candidate }) {
  const { word, t } = useWords();
  const rank = candidate.decision?.rank;
  return (
    <Tag tone={tones[candidate.state] ?? 'neutral'}>
      {word('candidate-state', candidate.state)}
      {rank && ` · ${t('units.rank', { rank })}`}
    </Tag>
  );
}

/** A household as a committee sees it: name, file, size, where it comes from. */
export function CandidateName({ candidate }: { candidate: Candidate }) {
  const { t } = useWords();
  const name = `${candidate.familyName} ${candidate.givenName}`;
  return (
    <>
      {candidate.applicationId ? (
        <Link to="/candidats/$id" params={{ id: candidate.applicationId }} className="strong">
          {name}
        </Link>
      ) : (
        <span className="strong">{name}</span>
      )}
      <br />
      <span className="dim">
        {[
          candidate.fileNumber,
          candidate.uniqueNumber,
          candidate.holderRank !== null && t('candidates.holder-rank', { rank: candidate.holderRank }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

/** The candidates of a vacancy, with what became of each. */
export function CandidatesPanel({ vacancy }: { vacancy: Vacancy }) {
  const { t, word, day, cents } = useWords();
  const fromRegister = vacancy.candidates.some((candidate) => candidate.source === 'register');
  return (
    <Panel
      title={t('candidates.title', { count: vacancy.candidates.length })}
      aside={
        fromRegister
          ? t('candidates.from-register')
          : vacancy.candidates.some(({ holderRank }) => holderRank !== null)
            ? t('candidates.holder-rank-hint')
            : t('candidates.from-holder')
      }
      flush
    >
      <PlainTable
        caption={t('candidates.title', { count: vacancy.candidates.length })}
        rows={vacancy.candidates}
        rowKey={(candidate) => candidate.id}
        columns={[
          fromRegister
            ? {
                title: t('candidates.rank'),
                width: 60,
                align: 'right',
                render: (candidate: Candidate) => candidate.registerRank ?? '–',
              }
            : {
                title: t('candidates.order'),
                width: 60,
                align: 'right',
                render: (candidate: Candidate) => candidate.position,
              },
          { title: t('candidates.household'), render: (candidate) => <CandidateName candidate={candidate} /> },
          { title: t('candidates.persons'), align: 'right', render: (candidate) => candidate.persons },
          {
            title: t('candidates.income'),
            align: 'right',
            render: (candidate) => (candidate.incomeCents === null ? '–' : cents(candidate.incomeCents)),
          },
          {
            title: t('candidates.class'),
            render: (candidate) =>
              candidate.priorityGroup
                ? word('priority', candidate.priorityGroup)
                : word('income-class', candidate.incomeClass),
          },
          { title: t('candidates.registered'), render: (candidate) => day(candidate.registeredOn) },
          { title: t('candidates.state'), render: (candidate) => <CandidateTag candidate={candidate} /> },
          {
            title: <span className="visually-hidden">{t('ui.why')}</span>,
            render: (candidate) => <Why steps={candidate.steps as Step[]} />,
          },
        ]}
      />
    </Panel>
  );
}

/** The register as it ranks today for this dwelling, before anyone is put forward; and who is not ranked, and why. */
export function RankingPanel({ vacancyId }: { vacancyId: string }) {
  const { t, word, day } = useWords();
  const ranking = useQuery({
    queryKey: ['ranking', vacancyId],
    queryFn: () => call(rankForVacancy, { params: { id: vacancyId }, query: { limit: 20 } }),
  });
  if (ranking.error) return <ProblemAlert problem={ranking.error} onRetry={() => ranking.refetch()} />;
  if (ranking.isPending) return <Skeleton height={200} />;
  const { candidates, excluded, quota, suitability } = ranking.data;
  const left = Object.entries(excluded).filter(([, count]) => count > 0);
  return (
    <Panel title={t('ranking.title')} aside={<Why steps={[...suitability, ...quota] as Step[]} />} flush>
      {candidates.length === 0 ? (
        <Empty title={t('ranking.empty')}>
          {left.map(([reason, count]) => t(`ranking.excluded-${reason}`, { count })).join(', ')}
        </Empty>
      ) : (
        <PlainTable
          caption={t('ranking.title')}
          rows={candidates}
          rowKey={(candidate) => candidate.applicationId}
          columns={[
            { title: t('candidates.rank'), align: 'right', width: 60, render: (candidate) => candidate.rank },
            {
              title: t('candidates.household'),
              render: (candidate) => (
                <>
                  <Link to="/candidats/$id" params={{ id: candidate.applicationId }} className="strong">
                    {candidate.familyName} {candidate.givenName}
                  </Link>
                  <br />
                  <span className="dim">{candidate.number}</span>
                </>
              ),
            },
            { title: t('candidates.persons'), align: 'right', render: (candidate) => candidate.persons },
            { title: t('candidates.class'), render: (candidate) => word('income-class', candidate.incomeClass) },
            { title: t('candidates.registered'), render: (candidate) => day(candidate.registeredOn) },
            {
              title: <span className="visually-hidden">{t('ui.why')}</span>,
              render: (candidate) => <Why steps={candidate.steps as Step[]} />,
            },
          ]}
        />
      )}
      {candidates.length > 0 && left.length > 0 && (
        <p className="dim" style={{ padding: '10px 14px' }}>
          {t('ranking.not-ranked')}{' '}
          {left.map(([reason, count]) => t(`ranking.excluded-${reason}`, { count })).join(', ')}.
        </p>
      )}
    </Panel>
  );
}
