import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatDay } from '../kernel/format.ts';
import { isLocalDate } from '../kernel/local-date.ts';
import { Empty, ProblemAlert } from './parts.tsx';
import { type TimelineEvent, useServices } from './services.tsx';
import classes from './timeline.module.css';
import { useWords } from './words.tsx';

/** Everything that happened to a record: what, by whom, why; decisions carry their number in the journal. */
export function Timeline({ kind, id }: { kind: string; id: string }) {
  const { t, moment } = useWords();
  const services = useServices();
  const events = useQuery({ queryKey: ['timeline', kind, id], queryFn: () => services.timeline(kind, id) });
  if (events.error) return <ProblemAlert problem={events.error} onRetry={() => events.refetch()} />;
  if (events.isPending) return <Skeleton height={120} />;
  if (events.data.length === 0) return <Empty title={t('ui.timeline-empty')} />;
  return (
    <ol className={classes.timeline}>
      {events.data.map((event) => (
        <li key={event.id}>
          <div className={classes.what}>{t(`events.${event.kind}`, readable(event.facts))}</div>
          {event.reason && <div className={classes.reason}>« {event.reason} »</div>}
          <div className={classes.who}>
            <time dateTime={event.at}>{moment(event.at)}</time> · {authorOf(event, t)}
            {event.entry !== null && <span className={classes.entry}> · {t('ui.journal-entry', { entry: event.entry })}</span>}
          </div>
        </li>
      ))}
    </ol>
  );
}

const authorOf = (event: TimelineEvent, t: (key: string, values?: Record<string, string>) => string): string => {
  const name = event.organisation ? `${event.actor} (${event.organisation})` : (event.actor ?? 'Palier');
  return event.onBehalfOf ? t('ui.on-behalf-of', { name, other: event.onBehalfOf }) : name;
};

/** Facts as a sentence prints them: days as people write them. */
export const readable = (facts: Record<string, unknown>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' && isLocalDate(value) ? formatDay(value, 'fr') : typeof value === 'number' ? value : String(value ?? '–'),
    ]),
  );
