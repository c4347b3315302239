import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { daysBetween, type LocalDate } from '../../../../kernel/local-date.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { Empty, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { getStanding } from '../contract.ts';

type Pending = ReplyOf<typeof getStanding>['pending'][number];

const tones: Record<string, Tone> = {
  'with-holder': 'amber',
  'to-select': 'blue',
  committee: 'violet',
  'to-offer': 'blue',
  offer: 'green',
  'to-sign': 'blue',
  signed: 'green',
};

/** So few days left are said in red. */
const soon = 3;

/** The vacancies on their way with the holder: what is awaited, before when, how long is left. */
export function PendingProposals({ pending, today }: { pending: readonly Pending[]; today: string }) {
  const { t, day, word } = useWords();
  const { organisationKind } = useActor();
  const own = organisationKind === 'landlord';
  const left = (row: Pending) => (row.dueOn ? daysBetween(today as LocalDate, row.dueOn as LocalDate) : null);
  return (
    <Panel
      title={t('standing.pending', { count: pending.length })}
      aside={t('standing.pending-clocks')}
      flush={pending.length > 0}
    >
      {pending.length === 0 ? (
        <Empty title={t('standing.pending-none')}>{t('standing.pending-none-hint')}</Empty>
      ) : (
        <PlainTable
          caption={t('standing.pending', { count: pending.length })}
          rows={pending}
          rowKey={(row) => row.proposalId}
          columns={[
            {
              title: t('standing.dwelling'),
              render: (row) => (
                <Link className="strong" to={own ? `/liberations/${row.vacancyId}` : `/propositions/${row.proposalId}`}>
                  {row.address}, {row.municipality}
                </Link>
              ),
            },
            {
              title: t('standing.type'),
              render: (row) => (
                <span className="nowrap">
                  {[row.rooms && `T${row.rooms}`, row.funding, row.inPriorityArea && t('standing.in-area')]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              ),
            },
            {
              title: t('standing.stage'),
              render: (row) => <Tag tone={tones[row.stage] ?? 'neutral'}>{word('stage', row.stage)}</Tag>,
            },
            {
              title: t('standing.awaited'),
              render: (row) =>
                row.dueWhat && row.dueWhat !== 'none'
                  ? t(`vacancies.next.${row.dueWhat}`, { on: row.dueOn ? day(row.dueOn) : '' })
                  : '–',
            },
            {
              title: t('standing.candidates'),
              align: 'right',
              render: (row) => row.candidates,
            },
            {
              title: t('standing.left'),
              align: 'right',
              render: (row) => {
                const days = left(row);
                if (days === null) return '–';
                const text = days < 0 ? t('standing.days-late', { count: -days }) : t('standing.days', { count: days });
                return days <= soon ? <Tag tone={days < 0 ? 'red' : 'amber'}>{text}</Tag> : text;
              },
            },
          ]}
        />
      )}
    </Panel>
  );
}
