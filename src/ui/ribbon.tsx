import { addDays, addMonths, daysBetween, type LocalDate, startOfMonth } from '../kernel/local-date.ts';
import classes from './ribbon.module.css';
import { useWords } from './words.tsx';

export type RibbonSegment = { kind: string; from: string; to: string; planned: boolean };

/** The stretch of time a column of ribbons shows: the same for all its rows, so that they can be compared. */
export type RibbonScale = { from: LocalDate; to: LocalDate; today: LocalDate };

/** Two months before today, two months after: enough for a road that takes a season. */
export const ribbonScale = (today: LocalDate, before = 75, after = 70): RibbonScale => ({
  from: addDays(today, -before),
  to: addDays(today, after),
  today,
});

const position = (scale: RibbonScale, day: LocalDate): number => {
  const share = (daysBetween(scale.from, day) / daysBetween(scale.from, scale.to)) * 100;
  return Math.max(0, Math.min(100, share));
};

/** The road of a dwelling from notice to lease, with today's line; delays in red. Its words are read by screen readers. */
export function Ribbon({ segments, scale }: { segments: readonly RibbonSegment[]; scale: RibbonScale }) {
  const { t, day } = useWords();
  const inSight = segments.filter((segment) => segment.to >= scale.from && segment.from <= scale.to);
  const sentence = segments
    .map((segment) => `${t(`ribbon.${segment.kind}`)} ${day(segment.from)} – ${day(segment.to)}`)
    .join(', ');
  return (
    <div className={classes.ribbon} role="img" aria-label={sentence} title={sentence}>
      {inSight.map((segment) => {
        const left = position(scale, segment.from as LocalDate);
        const right = position(scale, addDays(segment.to as LocalDate, 1));
        return (
          <span
            key={segment.kind + segment.from}
            className={`${classes.segment} ${classes[segment.kind]} ${segment.planned ? classes.planned : ''}`}
            style={{ left: `${left}%`, width: `max(3px, ${right - left}%)` }}
          />
        );
      })}
      <span className={classes.today} style={{ left: `${position(scale, scale.today)}%` }} />
    </div>
  );
}

/** The heading over a column of ribbons: months, and today's day. */
export function RibbonAxis({ scale }: { scale: RibbonScale }) {
  const { language, shortDay } = useWords();
  const months: LocalDate[] = [];
  for (let month = addMonths(startOfMonth(scale.from), 1); month <= scale.to; month = addMonths(month, 1))
    months.push(month);
  const name = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
  const today = position(scale, scale.today);
  return (
    <div className={classes.axis} aria-hidden>
      {months.map((month) => {
        const at = position(scale, month);
        return Math.abs(at - today) < 9 ? null : (
          <span key={month} style={{ left: `${at}%` }}>
            {name.format(new Date(`${month}T00:00:00Z`))}
          </span>
        );
      })}
      <b style={{ left: `${today}%` }}>{shortDay(scale.today)}</b>
    </div>
  );
}

const legend = ['notice', 'works', 'orientation', 'holder', 'committee', 'offer', 'lease', 'late'];

export function RibbonLegend({ kinds = legend }: { kinds?: string[] }) {
  const { t } = useWords();
  return (
    <ul className={classes.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`${classes.swatch} ${classes[kind]}`} aria-hidden />
          {t(`ribbon.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
