import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isLocalDate } from '../kernel/local-date.ts';
import { Empty, ProblemAlert } from './parts.tsx';
import { type TimelineEvent, useServices } from './services.tsx';
import classes from './timeline.module.css';
import { useWords, type Words } from './words.tsx';

/** Everything that happened to a record: what, by whom, why; decisions carry their number in the journal. */
export function Timeline({ kind, id }: { kind: string; id: string }) {
  const words = useWords();
  const { t, moment } = words;
  const services = useServices();
  const events = useQuery({ queryKey: ['timeline', kind, id], queryFn: () => services.timeline(kind, id) });
  if (events.error) return <ProblemAlert problem={events.error} onRetry={() => events.refetch()} />;
  if (events.isPending) return <Skeleton height={120} />;
  if (events.data.length === 0) return <Empty title={t('ui.timeline-empty')} />;
  return (
    <ol className={classes.timeline}>
      {events.data.map((event) => (
        <li key={event.id}>
          <div className={classes.what}>{sentenceOf(event, words)}</div>
          {event.reason && <div className={classes.reason}>« {event.reason} »</div>}
          <div className={classes.who}>
            <time dateTime={event.at}>{moment(event.at)}</time> · {authorOf(event, t)}
            {event.entry !== null && (
              <span className={classes.entry}> · {t('ui.journal-entry', { entry: event.entry })}</span>
            )}
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

/** What happened; its kind alone when an older event lacks a fact that today’s sentence names. */
export function sentenceOf(event: { kind: string; facts: Record<string, unknown> }, words: Words): string {
  try {
    return words.t(`events.${event.kind}`, readable(event.facts, words));
  } catch {
    return event.kind;
  }
}

/** Facts as a sentence prints them: days as people write them, words of closed lists in the language of the reader. */
export const readable = (facts: Record<string, unknown>, words: Words): Record<string, string | number> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, inWords(name, value, words)]));

function inWords(name: string, value: unknown, { t, day }: Words): string | number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return String(value ?? '–');
  if (isLocalDate(value)) return day(value);
  const list = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const key = name === 'key' ? `settings.${value}` : `values.${list}.${value}`;
  const said = t(key);
  return said === key ? value : said;
}
