import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useWords } from '../../../../ui/words.tsx';
import type { baseSummary } from '../contract.ts';
import { type BaseClass, baseClasses, legalCategories } from '../rules/categories.ts';
import classes from './class-bars.module.css';

type Summary = ReplyOf<typeof baseSummary>;
type Bar = { baseClass: BaseClass; dwellings: number; vacancies: number; forecast: number | null };

/** One bar a class, of the départements chosen (all without): its dwellings, the vacancies of the year, what was forecast. */
export function barsOf(summary: Summary, departments: readonly string[]): Bar[] {
  const here = ({ department }: { department: string }) => departments.length === 0 || departments.includes(department);
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  const expected = summary.expected.filter(here);
  const forecastOf = (baseClass: BaseClass): number | null => {
    if (baseClass === 'in-base') return expected.length > 0 ? sum(expected.map(({ base }) => base)) : null;
    const lines = summary.forecast.filter((line) => here(line) && line.category === baseClass);
    return lines.length > 0 ? sum(lines.map(({ volume }) => volume)) : null;
  };
  return baseClasses
    .map((baseClass) => {
      const rows = summary.classes.filter((row) => here(row) && row.baseClass === baseClass);
      return {
        baseClass,
        dwellings: sum(rows.map((row) => row.dwellings)),
        vacancies: sum(rows.map((row) => row.vacancies)),
        forecast: forecastOf(baseClass),
      };
    })
    .filter(
      ({ baseClass, dwellings, vacancies, forecast }) =>
        ['in-base', 'retained-stock', ...legalCategories].includes(baseClass) ||
        dwellings + vacancies + (forecast ?? 0) > 0,
    );
}

/** The stock as bars: pressing one keeps its dwellings in the list below. */
export function ClassBars({
  bars,
  chosen,
  onChoose,
}: {
  bars: readonly Bar[];
  chosen: readonly string[];
  onChoose(baseClass: BaseClass): void;
}) {
  const { t, word, number } = useWords();
  return (
    <>
      <ul className={classes.bars}>
        {bars.map(({ baseClass, dwellings, vacancies, forecast }) => {
          const whole = Math.max(forecast ?? 0, vacancies, 1);
          return (
            <li key={baseClass}>
              <button
                type="button"
                className={`${classes.bar} ${chosen.includes(baseClass) ? classes.on : ''}`}
                aria-pressed={chosen.includes(baseClass)}
                onClick={() => onChoose(baseClass)}
              >
                <span className={classes.name}>{word('base-class', baseClass)}</span>
                <span className={classes.dwellings}>{t('base.dwellings', { count: dwellings })}</span>
                <span className={classes.track} aria-hidden>
                  {forecast !== null && (
                    <span
                      className={baseClass === 'in-base' ? classes.base : undefined}
                      style={{ width: `${(vacancies / whole) * 100}%` }}
                    />
                  )}
                  {forecast !== null && <i style={{ left: `calc(${(forecast / whole) * 100}% - 2px)` }} />}
                </span>
                <span className={classes.figures}>
                  <b>{number(vacancies)}</b>{' '}
                  {forecast === null
                    ? t('base.freed-only', { count: vacancies })
                    : t('base.freed-of', { forecast: number(forecast) })}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className={classes.hint}>{t('base.bars-hint')}</p>
    </>
  );
}
