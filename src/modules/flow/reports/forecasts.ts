import { type RawBuilder, sql } from 'kysely';
import { count, type Step, text } from '../../../kernel/steps.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { ExclusionCategory } from '../base/rules/categories.ts';
import { expectedVolume } from '../base/rules/exclusion-forecast.ts';
import { subtractedHistory } from './counting.ts';
import type { ReportForecast } from './queries.ts';
import { subtracted } from './rules/report-lines.ts';

type Published = { key: string; places: { place: string; lines: { category: string; volume: number }[] }[] };

type History = { key: string; category: ExclusionCategory | null; history: { year: number; count: number }[] };

/**
 * Dwellings each recipient is told will be subtracted in the year declared with a report, by category: the one after it, or
 * the one after that where it was so decided (L-32, F-17). Where the landlord
 * published its forecast for all of the recipient's perimeter (its départements, or its territory), that one; else what the
 * last known years of attributions under each category give, as it is set (L-75). A category in which nothing happens has no line.
 */
export async function forecastsFor(
  tx: Tx,
  landlordId: string,
  { year, declared, ...past }: { year: number; declared: number; years: number; method: 'mean' | 'median' },
  recipients: RawBuilder<unknown>,
): Promise<Map<string, ReportForecast>> {
  const { rows: known } = await sql<History>`
    select r.key, h.category, h.history
    from (${recipients}) r left join (${subtractedHistory(landlordId, year, past.years, recipients)}) h on h.key = r.key`.execute(
    tx,
  );
  const forecasts = new Map<string, ReportForecast>();
  for (const { key, category, history } of known) {
    const forecast = forecasts.get(key) ?? { year: declared, origin: 'history', categories: [] };
    forecasts.set(key, forecast);
    if (category === null) continue;
    const { result, steps } = expectedVolume({ category, planned: null, past: history, ...past });
    forecast.categories.push({ category, dwellings: result.volume, steps });
  }
  for (const { key, places } of await published(tx, landlordId, declared, recipients))
    forecasts.set(key, { year: declared, origin: 'published', categories: sumOf(places) });
  const place = (category: string) => (subtracted as readonly string[]).indexOf(category);
  for (const { categories } of forecasts.values()) categories.sort((a, b) => place(a.category) - place(b.category));
  return forecasts;
}

/** Published forecasts of the recipients whose whole perimeter has one. */
async function published(
  tx: Tx,
  landlordId: string,
  year: number,
  recipients: RawBuilder<unknown>,
): Promise<Published[]> {
  const { rows } = await sql<Published>`
    with recipients as materialized (${recipients}),
    said as (
      select f.department, f.territory, r.lines from flow.exclusion_forecasts f
      join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
      where f.organisation_id = ${landlordId} and f.year = ${year} and f.published_at is not null)
    select r.key, jsonb_agg(jsonb_build_object('place', s.department, 'lines', s.lines) order by s.department) as places
    from recipients r
    join said s on case r.kind when 'territory' then 'territory:' || s.territory = r.key
      else coalesce(s.territory, s.department) = any(r.codes) end
    group by r.key, r.kind, r.codes
    having r.kind = 'territory' or count(*) = cardinality(r.codes)`.execute(tx);
  return rows;
}

function sumOf(places: Published['places']): ReportForecast['categories'] {
  const categories = [...new Set(places.flatMap(({ lines }) => lines.map(({ category }) => category)))];
  return categories.flatMap((category) => {
    const volumes = places.map(({ place, lines }) => ({
      place,
      volume: lines.find((line) => line.category === category)?.volume ?? 0,
    }));
    const dwellings = volumes.reduce((sum, { volume }) => sum + volume, 0);
    if (dwellings === 0) return [];
    const steps: Step[] = volumes.map(({ place, volume }) => ({
      label: 'report.published-for',
      inputs: { place: text(place) },
      result: count(volume),
    }));
    if (places.length > 1) steps.push({ label: 'report.published-sum', result: count(dwellings) });
    return [{ category, dwellings, steps }];
  });
}
