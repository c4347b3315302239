import { Select } from '@mantine/core';
import { useState } from 'react';
import { Panel } from '../../../../ui/parts.tsx';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { ScenarioView } from '../contract.ts';
import classes from './run-off-panel.module.css';

/**
 * How rights run off: for each holder, year after year, the dwellings issued and what is left of its volume (the height of
 * the bar); a dot where a small holder is served. What never extinguishes has a full bar.
 */
export function RunOffPanel({ scenarios }: { scenarios: readonly ScenarioView[] }) {
  const { t, word, number } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const scenario = scenarios.find(({ id }) => id === chosen) ?? scenarios[0]!;
  const years = scenario.runOff.map(({ year }) => year);
  const cellOf = (year: number, id: string) =>
    scenario.runOff.find((one) => one.year === year)!.issued.find((one) => one.id === id)!;
  const extinctIn = (id: string) => years.find((year) => cellOf(year, id).left === '0.000000');
  return (
    <Panel
      title={t('rights.run-off')}
      aside={
        <Select
          size="xs"
          aria-label={t('rights.scenario')}
          data={scenarios.map(({ id, name }) => ({ value: id, label: name }))}
          value={scenario.id}
          allowDeselect={false}
          onChange={setChosen}
        />
      }
      flush
    >
      <Scrolled label={t('rights.run-off')}>
        <table className={classes.table}>
          <caption className="visually-hidden">{t('rights.run-off-caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('rights.holder')}</th>
              <th scope="col" className="num">
                V
              </th>
              {years.map((year) => (
                <th key={year} scope="col" className="num">
                  {year}
                </th>
              ))}
              <th scope="col">{t('rights.then')}</th>
            </tr>
          </thead>
          <tbody>
            {scenario.parties.map((party) => {
              const volume = Number(party.volume);
              const extinct = extinctIn(party.id);
              return (
                <tr key={party.id}>
                  <th scope="row">
                    {party.name} <span className="dim">{word('contingent', party.contingent)}</span>
                  </th>
                  <td className="num">{number(volume.toFixed(1))}</td>
                  {years.map((year) => {
                    const { issued, left } = cellOf(year, party.id);
                    const served = party.calendar.filter((one) => one === year).length;
                    const height = left === null ? 1 : volume === 0 ? 0 : Number(left) / volume;
                    return (
                      <td key={year} className={classes.cell}>
                        <i
                          className={party.small ? classes.small : classes.bar}
                          style={{ height: `${party.small ? 0 : Math.round(height * 26)}px` }}
                          aria-hidden
                        />
                        {party.small ? (
                          served > 0 && (
                            <span className={classes.served}>
                              <span aria-hidden>{'●'.repeat(served)}</span>
                              <span className="visually-hidden">{t('rights.served', { count: served })}</span>
                            </span>
                          )
                        ) : (
                          <span className={issued === 0 ? classes.none : undefined}>{issued}</span>
                        )}
                      </td>
                    );
                  })}
                  <td className="dim nowrap">
                    {party.small
                      ? t('rights.small-served', { count: party.calendar.length })
                      : cellOf(years[0]!, party.id).left === null
                        ? t('rights.never-extinct')
                        : extinct
                          ? t('rights.extinct-in', { year: String(extinct) })
                          : t('rights.left-then', {
                              left: number(Number(cellOf(years.at(-1)!, party.id).left).toFixed(1)),
                            })}
                  </td>
                </tr>
              );
            })}
            <tr>
              <th scope="row">{word('contingent', 'own')}</th>
              <td />
              {scenario.runOff.map(({ year, unreserved }) => (
                <td key={year} className={classes.cell}>
                  {unreserved}
                </td>
              ))}
              <td />
            </tr>
          </tbody>
        </table>
      </Scrolled>
      <p className={classes.legend}>
        {t('rights.run-off-legend', { policy: word('on-exhaustion', scenario.parameters.onExhaustion) })}
      </p>
    </Panel>
  );
}
