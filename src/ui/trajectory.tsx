import { daysBetween, endOfYear, type LocalDate, startOfYear } from '../kernel/local-date.ts';
import classes from './trajectory.module.css';
import { useWords } from './words.tsx';

export type TrajectoryPoint = { on: string; due: number; proposed: number; leased: number };

const frame = { width: 640, height: 250, left: 30, right: 84, top: 16, bottom: 24 };

/**
 * What was due, proposed and let since January, month by month, against the tolerance around what is due; then where the
 * proposals should stand at the end of the year. Lines carry their own names, apart from each other even where the values
 * are the same. The table behind says the same.
 */
export function Trajectory({
  points,
  today,
  projection,
  dueAtYearEnd,
  tolerance = 1,
}: {
  points: readonly TrajectoryPoint[];
  today: LocalDate;
  projection: { low: number; high: number };
  dueAtYearEnd: number;
  /** Dwellings on each side of what is due. */
  tolerance?: number;
}) {
  const { t, number, language } = useWords();
  const start = startOfYear(today);
  const length = daysBetween(start, endOfYear(today));
  const all: TrajectoryPoint[] = [{ on: start, due: 0, proposed: 0, leased: 0 }, ...points];
  const top = niceTop(Math.max(projection.high, dueAtYearEnd + tolerance, ...all.map((point) => point.proposed), 4));
  const x = (day: string) =>
    frame.left + (daysBetween(start, day as LocalDate) / length) * (frame.width - frame.left - frame.right);
  const y = (value: number) => frame.top + (1 - value / top) * (frame.height - frame.top - frame.bottom);
  const path = (value: (point: TrajectoryPoint) => number) =>
    all
      .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.on).toFixed(1)},${y(value(point)).toFixed(1)}`)
      .join('');
  const last = all.at(-1)!;
  const end = x(endOfYear(today));
  const band = `${path((point) => point.due + tolerance)}${[...all]
    .reverse()
    .map((point) => `L${x(point.on).toFixed(1)},${y(Math.max(point.due - tolerance, 0)).toFixed(1)}`)
    .join('')}Z`;
  const month = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
  const ticks = Array.from({ length: 5 }, (_, index) => (top / 4) * index);
  const labels = spread(
    [
      {
        key: 'due',
        at: y(dueAtYearEnd),
        text: t('trajectory.due', { count: number(dueAtYearEnd) }),
        className: classes.dueText,
        x: end - 2,
      },
      {
        key: 'proposed',
        at: y(last.proposed),
        text: t('trajectory.proposed', { count: last.proposed }),
        className: classes.proposedText,
        x: x(last.on),
      },
      {
        key: 'leased',
        at: y(last.leased),
        text: t('trajectory.leased', { count: last.leased }),
        className: classes.leasedText,
        x: x(last.on),
      },
    ],
    { top: frame.top, bottom: frame.height - frame.bottom - 4 },
  );
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      role="img"
      aria-label={t('trajectory.label', { proposed: last.proposed, leased: last.leased, due: number(last.due) })}
    >
      {ticks.map((value) => (
        <g key={value}>
          <line x1={frame.left} x2={end} y1={y(value)} y2={y(value)} className={classes.grid} />
          <text x={frame.left - 8} y={y(value) + 4} className={classes.axis} textAnchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      {[0, 2, 4, 6, 8, 10].map((index) => {
        const day = `${today.slice(0, 4)}-${String(index + 1).padStart(2, '0')}-01`;
        return (
          <text key={day} x={x(day)} y={frame.height - 6} className={classes.axis}>
            {month.format(new Date(`${day}T00:00:00Z`))}
          </text>
        );
      })}
      <path d={band} className={classes.band} />
      <path
        d={`M${x(last.on)},${y(last.proposed)}L${end},${y(projection.high)}L${end},${y(projection.low)}Z`}
        className={classes.fan}
      />
      <path d={path((point) => point.due)} className={classes.due} />
      <line x1={x(last.on)} y1={y(last.due)} x2={end} y2={y(dueAtYearEnd)} className={classes.due} />
      <path d={path((point) => point.leased)} className={classes.leased} />
      <path d={path((point) => point.proposed)} className={classes.proposed} />
      <circle cx={x(last.on)} cy={y(last.proposed)} r="3.5" className={classes.proposedDot} />
      <circle cx={x(last.on)} cy={y(last.leased)} r="3.5" className={classes.leasedDot} />
      {labels.map((label) => (
        <text key={label.key} x={label.x + 8} y={label.at + 4} className={label.className}>
          {label.text}
        </text>
      ))}
    </svg>
  );
}

/** A round top for the axis, in four equal steps. */
function niceTop(value: number): number {
  const step =
    [1, 2, 5, 10, 15, 20, 25, 50, 75, 100, 150, 200, 250, 500, 1_000, 2_500].find(
      (candidate) => candidate * 4 >= value,
    ) ?? Math.ceil(value / 4);
  return step * 4;
}

/** Lines of text need so many units of the chart between them. */
const lineHeight = 15;

/** Moves labels apart where they would cover each other: downwards, then up again from the foot of the chart. */
export function spread<Label extends { at: number }>(labels: Label[], room: { top: number; bottom: number }): Label[] {
  const sorted = labels.toSorted((a, b) => a.at - b.at);
  let least = room.top;
  const pushed = sorted.map((label) => {
    const at = Math.max(label.at, least);
    least = at + lineHeight;
    return { ...label, at };
  });
  let most = room.bottom;
  return pushed
    .toReversed()
    .map((label) => {
      const at = Math.min(label.at, most);
      most = at - lineHeight;
      return { ...label, at };
    })
    .toReversed();
}
