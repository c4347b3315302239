import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { spread } from '../../../../ui/trajectory.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { getRelettings } from '../contract.ts';
import classes from './relettings-page.module.css';

const frame = { width: 900, height: 240, left: 34, right: 130, top: 22, bottom: 40 };

/**
 * Mean days by quarter as bars, the median as a line, the mean of before the flow as a level to compare with, and the
 * first day of the flow where it falls. The table beside says the same.
 */
export function RelettingChart({ data }: { data: ReplyOf<typeof getRelettings> }) {
  const { t, number, day } = useWords();
  const { quarters, before, convertedOn } = data;
  const measured = quarters.filter((quarter) => quarter.mean !== null);
  const reference = before.mean === null ? null : Number(before.mean);
  const top = roundTop(
    Math.max(reference ?? 0, ...measured.map(({ mean, median }) => Math.max(Number(mean), Number(median)))),
  );
  const width = frame.width - frame.left - frame.right;
  const step = width / quarters.length;
  const x = (index: number) => frame.left + step * (index + 0.5);
  const y = (value: number) => frame.top + (1 - value / top) * (frame.height - frame.top - frame.bottom);
  const foot = frame.height - frame.bottom;
  const line = quarters.flatMap(({ median }, index) =>
    median === null ? [] : [`${x(index).toFixed(1)},${y(Number(median)).toFixed(1)}`],
  );
  const last = measured.at(-1)!;
  const converted = convertedOn === null ? -1 : quarters.findIndex(({ from }) => from >= convertedOn.slice(0, 7));
  const labels = spread(
    [
      {
        key: 'mean',
        at: y(Number(last.mean)),
        text: t('relettings.mean-line', { days: number(last.mean!) }),
        className: classes.meanText,
      },
      {
        key: 'median',
        at: y(Number(last.median)),
        text: t('relettings.median-line', { days: number(last.median!) }),
        className: classes.label,
      },
      ...(reference === null
        ? []
        : [
            {
              key: 'reference',
              at: y(reference),
              text: t('relettings.before-line', { days: number(reference) }),
              className: classes.referenceText,
            },
          ]),
    ],
    { top: frame.top, bottom: foot },
  );
  return (
    <Scrolled label={t('relettings.by-quarter')}>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        role="img"
        aria-label={t('relettings.chart', { mean: number(last.mean!), median: number(last.median!) })}
      >
        {Array.from({ length: 5 }, (_, index) => (top / 4) * index).map((value) => (
          <g key={value}>
            <line x1={frame.left} x2={frame.width - frame.right} y1={y(value)} y2={y(value)} className={classes.grid} />
            <text x={frame.left - 8} y={y(value) + 4} textAnchor="end" className={classes.axis}>
              {number(value)}
            </text>
          </g>
        ))}
        {quarters.map((quarter, index) => (
          <g key={quarter.from}>
            {quarter.mean !== null && (
              <rect
                x={x(index) - step * 0.32}
                width={step * 0.64}
                y={y(Number(quarter.mean))}
                height={foot - y(Number(quarter.mean))}
                rx="2"
                className={classes.bar}
              />
            )}
            <text x={x(index)} y={foot + 16} textAnchor="middle" className={classes.axis}>
              {t('relettings.quarter-short', { quarter: (Number(quarter.from.slice(5, 7)) + 2) / 3 })}
            </text>
            {(index === 0 || quarter.from.slice(5, 7) === '01') && (
              <text x={x(index)} y={foot + 32} textAnchor="middle" className={classes.axis}>
                {quarter.from.slice(0, 4)}
              </text>
            )}
          </g>
        ))}
        {reference !== null && (
          <line
            x1={frame.left}
            x2={frame.width - frame.right}
            y1={y(reference)}
            y2={y(reference)}
            className={classes.reference}
          />
        )}
        <polyline points={line.join(' ')} className={classes.median} />
        {quarters.map(
          ({ from, median }, index) =>
            median !== null && <circle key={from} cx={x(index)} cy={y(Number(median))} r="3" className={classes.dot} />,
        )}
        {converted >= 0 && (
          <>
            <line
              x1={frame.left + step * converted}
              x2={frame.left + step * converted}
              y1={frame.top - 8}
              y2={foot}
              className={classes.mark}
            />
            <text x={frame.left + step * converted + 6} y={frame.top - 6} className={classes.markText}>
              {t('relettings.flow-from', { on: day(convertedOn) })}
            </text>
          </>
        )}
        {labels.map((label) => (
          <text key={label.key} x={frame.width - frame.right + 8} y={label.at + 4} className={label.className}>
            {label.text}
          </text>
        ))}
      </svg>
    </Scrolled>
  );
}

/** A round top for the axis, in four equal steps. */
const roundTop = (value: number): number => Math.max(Math.ceil((value * 1.1) / 20) * 20, 20);
