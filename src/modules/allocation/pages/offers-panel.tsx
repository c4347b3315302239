import type { Step } from '../../../kernel/steps.ts';
import { Panel } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import type { Vacancy } from './vacancy-page.tsx';

const tones: Record<string, Tone> = {
  pending: 'violet',
  accepted: 'green',
  refused: 'neutral',
  silent: 'amber',
  withdrawn: 'neutral',
};

/** To whom the dwelling was offered, by which letter, until when, and the answer. */
export function OffersPanel({ vacancy }: { vacancy: Vacancy }) {
  const { t, word, day } = useWords();
  const nameOf = (candidateId: string) => {
    const candidate = vacancy.candidates.find(({ id }) => id === candidateId);
    return candidate ? `${candidate.familyName} ${candidate.givenName}` : '–';
  };
  return (
    <Panel title={t('offers.title', { count: vacancy.offers.length })} flush>
      <PlainTable
        caption={t('offers.title', { count: vacancy.offers.length })}
        rows={vacancy.offers}
        rowKey={(offer) => offer.id}
        columns={[
          { title: t('offers.rank'), align: 'right', width: 60, render: (offer) => offer.rank },
          {
            title: t('offers.household'),
            render: (offer) => <span className="strong">{nameOf(offer.candidateId)}</span>,
          },
          { title: t('offers.sent'), render: (offer) => `${day(offer.sentOn)}, ${word('channel', offer.channel)}` },
          {
            title: t('offers.answer-by'),
            render: (offer) => (
              <>
                {day(offer.answerBy)} <Why steps={offer.steps as Step[]}>?</Why>
              </>
            ),
          },
          {
            title: t('offers.answer'),
            render: (offer) => (
              <>
                <Tag tone={tones[offer.state] ?? 'neutral'}>{word('offer-state', offer.state)}</Tag>{' '}
                {offer.answeredOn && day(offer.answeredOn)}
                {offer.answerReason && <div className="dim">{offer.answerReason}</div>}
              </>
            ),
          },
          {
            title: <span className="visually-hidden">{t('offers.letter')}</span>,
            align: 'right',
            render: (offer) =>
              offer.letterId && (
                <a href={`/api/v1/files/${offer.letterId}`} target="_blank" rel="noreferrer">
                  {t('offers.letter')}
                </a>
              ),
          },
        ]}
      />
    </Panel>
  );
}
