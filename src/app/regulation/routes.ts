import type { LocalDate } from '../../kernel/local-date.ts';
import type { Api } from '../../platform/http/api.ts';
import { isVerified, type RegulationSeries, regulation, rowsInForce } from '../../regulation/registry.ts';
import * as contract from './contract.ts';

/** The law as the program holds it, open to whoever is signed in. */
export function regulationRoutes(api: Api): void {
  api.read(
    contract.listRegulation,
    () => [],
    (_rows, { actor, today }) => {
      const isOwn = ({ jurisdiction }: RegulationSeries) => jurisdiction === actor.jurisdiction;
      const ordered = [...regulation.filter(isOwn), ...regulation.filter((series) => !isOwn(series))];
      return { series: ordered.map((series) => describeSeries(series, today)) };
    },
  );
}

function describeSeries(series: RegulationSeries, today: LocalDate) {
  const { name, jurisdiction, checkedOn } = series;
  const current = rowsInForce(series, today);
  const judged = current.length > 0 ? current : series.rows.slice(-1);
  return {
    name,
    jurisdiction,
    checkedOn,
    verified: judged.every(isVerified),
    usedBy: [...series.usedBy],
    rows: series.rows
      .map((row) => ({
        ...row,
        sources: [...row.sources],
        inForce: current.includes(row),
        verified: isVerified(row),
      }))
      .sort((a, b) => (a.from === b.from ? 0 : (a.from ?? '') < (b.from ?? '') ? 1 : -1)),
  };
}
