import type { ConversionRow, LineRow, StockRow } from './queries.ts';
import type { StockGroup } from './rules/turnover.ts';

/** The stock and what was freed of it, year by year, for the whole landlord or one département. */
export type Observed = {
  years: number[];
  stock: StockGroup[];
  freedInBase: number[];
  departments: string[];
};

export function observe(rows: readonly StockRow[], department: string | null): Observed {
  const years = [...new Set(rows.map(({ year }) => year))].sort();
  const departments = [...new Set(rows.map(({ municipality }) => municipality.slice(0, 2)))].sort();
  const groups = new Map<string, StockGroup & { dwellings: number[]; freed: number[] }>();
  const freedInBase = years.map(() => 0);
  for (const row of rows) {
    if (department !== null && !row.municipality.startsWith(department)) continue;
    const { municipality, rooms, funding, inPriorityArea, area, rent, contingent } = row;
    const key = [municipality, rooms, funding, inPriorityArea, area, rent, contingent].join('|');
    const group = groups.get(key) ?? {
      ...{ municipality, rooms, funding, inPriorityArea, area, rent, contingent },
      dwellings: years.map(() => 0),
      freed: years.map(() => 0),
    };
    const place = years.indexOf(row.year);
    group.dwellings[place]! += row.dwellings;
    group.freed[place]! += row.freed;
    freedInBase[place]! += row.inBase;
    groups.set(key, group);
  }
  return { years, stock: [...groups.values()], freedInBase, departments };
}

/** Who holds rights of the inventory, each quota apart, and their lines in a département. */
export function partiesOf({ lines }: Pick<ConversionRow, 'lines'>, department: string | null) {
  const among = lines.filter(({ municipality }) => department === null || municipality?.startsWith(department));
  const parties = new Map(among.map(({ party, name, contingent }) => [party, { id: party, name, contingent }]));
  return { parties: [...parties.values()], lines: among satisfies LineRow[] };
}
