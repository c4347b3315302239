import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingsOn, valueOrDefault } from '../../../organisations/index.ts';
import type * as contract from '../contract.ts';
import type { ForecastFigures } from '../contract.ts';
import { forecastFacts, type RoadBodies, roadBodies, stateOfForecast } from '../queries.ts';
import { optionalCategories } from '../rules/categories.ts';
import { beyondCap } from '../rules/exclusion-forecast.ts';
import { brokenPromise, figuresOf } from '../rules/forecast-figures.ts';
import { type ForecastParty, type ForecastState, mayRevise, nextMoves } from '../rules/forecast-road.ts';

type Place = { year: number; department: string; territory: string | null };
type Choices = Omit<BodyOf<typeof contract.createForecast>, keyof Place>;

const settingKeys = [
  'flow.exclusion-past-years',
  'flow.exclusion-past-method',
  'flow.sales-counted',
  'flow.exclude-demolition',
  'flow.exclude-intermediated',
  'flow.exclude-unregulated',
] as const;

/**
 * What a forecast says: each category by the documents in force, else by the last complete years, else as typed with its reason;
 * the vacancies expected; the base. Reads, writes nothing. A draft may pass the cap: it is submitting that is refused.
 */
export async function computeForecast(
  tx: Tx,
  actor: Actor,
  place: Place,
  choices: Choices,
  today: LocalDate,
): Promise<ForecastFigures> {
  const settings = await settingsOn(tx, actor, settingKeys, today);
  const salesYear = settings['flow.sales-counted'] === 'next-year' ? place.year + 1 : place.year;
  const { rows } = await forecastFacts(actor.organisationId, { ...place, salesYear }, today).execute(tx);
  return figuresOf(rows[0]!, choices, {
    years: settings['flow.exclusion-past-years'],
    method: settings['flow.exclusion-past-method'],
    open: optionalCategories.filter((category) => settings[`flow.exclude-${category}`] === 'yes'),
    today,
  }) as ForecastFigures;
}

/**
 * Writes the forecast of a year, as a draft.
 * @throws Problem E-BASE-08 there is one already for this place; E-BASE-09 of a year that is over; E-BASE-10 the landlord has
 *   no dwelling there
 */
export async function createForecast(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof contract.createForecast>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (body.year < yearOf(today)) throw refused('E-BASE-09', { year: body.year });
  const known = await tx
    .selectFrom('flow.exclusion_forecasts')
    .select('id')
    .where('organisation_id', '=', actor.organisationId)
    .where('year', '=', body.year)
    .where('department', '=', body.department)
    .where('territory', body.territory === null ? 'is' : '=', body.territory)
    .executeTakeFirst();
  if (known) throw refused('E-BASE-08', { year: body.year, department: body.department });
  const figures = await computeForecast(tx, actor, body, body, today);
  if (figures.stock === 0) throw refused('E-BASE-10', { department: body.department });
  const id = newId();
  await tx
    .insertInto('flow.exclusion_forecasts')
    .values({
      organisation_id: actor.organisationId,
      id,
      year: body.year,
      department: body.department,
      territory: body.territory,
      created_by: actor.userId,
    })
    .execute();
  await writeRevision(tx, actor, id, 1, figures);
  return { id };
}

/**
 * Writes a forecast anew. The former revision stays as it was.
 * @throws Problem E-BASE-11 it was submitted: it must be sent back first; E-CONFLICT-01 someone was faster
 */
export async function reviseForecast(
  tx: Tx,
  actor: Actor,
  forecastId: string,
  body: BodyOf<typeof contract.reviseForecast>,
  today: LocalDate,
): Promise<{ revision: number }> {
  const forecast = await holdForecast(tx, forecastId, today);
  if (forecast.landlordId !== actor.organisationId) throw notFound();
  if (forecast.version !== body.version) throw conflict('E-CONFLICT-01');
  if (!mayRevise(forecast.state)) throw refused('E-BASE-11', { state: forecast.state });
  const figures = await computeForecast(tx, actor, forecast, body, today);
  const revision = forecast.revision + 1;
  await writeRevision(tx, actor, forecastId, revision, figures);
  await tx
    .updateTable('flow.exclusion_forecasts')
    .set({ revision, version: forecast.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', forecastId)
    .execute();
  return { revision };
}

async function writeRevision(
  tx: Tx,
  actor: Actor,
  forecastId: string,
  revision: number,
  figures: ForecastFigures,
): Promise<void> {
  await tx
    .insertInto('flow.forecast_revisions')
    .values({
      organisation_id: actor.organisationId,
      forecast_id: forecastId,
      revision,
      stock: figures.stock,
      retained: figures.retained,
      first_lettings: figures.firstLettings,
      expected: figures.expected,
      expected_origin: figures.expectedOrigin,
      rotation: figures.rotation,
      expected_reason: figures.expectedReason,
      cap_percent: figures.capPercent,
      excluded: figures.excluded,
      base: figures.base,
      steps: JSON.stringify(figures.steps),
      lines: JSON.stringify(figures.lines),
      recorded_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.forecast-written',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'exclusion-forecast', id: forecastId }],
    after: { revision, expected: figures.expected, excluded: figures.excluded, base: figures.base },
    journal: { forecast: forecastId, revision, ...figures, steps: undefined },
  });
}

type HeldForecast = Place &
  RoadBodies & {
    landlordId: string;
    state: ForecastState;
    revision: number;
    version: number;
    excluded: number;
    stock: number;
    capPercent: string | null;
    lines: ForecastFigures['lines'];
  };

/** @throws Problem E-NOT-FOUND-01 there is none, or it is not shared with the actor */
async function holdForecast(tx: Tx, forecastId: string, today: LocalDate): Promise<HeldForecast> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`flow.forecast ${forecastId}`}, 0))`.execute(tx);
  const { rows } = await sql<HeldForecast>`select f.organisation_id as "landlordId", f.year, f.department, f.territory,
      f.revision, f.version, ${stateOfForecast} as state, r.excluded, r.stock, r.cap_percent::text as "capPercent", r.lines, ${roadBodies(today)}
    from flow.exclusion_forecasts f
    join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
    where f.id = ${forecastId}`.execute(tx);
  if (!rows[0]) throw notFound();
  return rows[0];
}

/** Who ends the road and who stands in for a missing CIL: as chosen or fixed, else the defaults. */
export const bodiesOf = ({ consolidation, provisional }: RoadBodies) => ({
  consolidation: valueOrDefault('flow.consolidation-body', 'fr-idf', consolidation),
  provisional: valueOrDefault('flow.provisional-body', 'fr-idf', provisional),
});

export const partyOf = (
  actor: Pick<Actor, 'organisationKind' | 'organisationId'>,
  landlordId: string,
): ForecastParty | null => {
  if (actor.organisationId === landlordId) return 'landlord';
  return actor.organisationKind === 'territory' || actor.organisationKind === 'state' ? actor.organisationKind : null;
};

/**
 * Moves a forecast along its road: submitted, agreed by the territory, agreed by the département, published; or sent back with
 * a comment. Published, it is frozen.
 * @throws Problem E-BASE-12 it cannot go there now; E-BASE-13 sent back without saying why; E-BASE-14 the landlord writes down the
 *   decision of a body it does not name; E-BASE-07 more is taken out than the cap allows; E-BASE-15 decided in the future;
 *   E-BASE-19 a signed charter promises more
 */
export async function moveForecast(
  tx: Tx,
  actor: Actor,
  forecastId: string,
  body: BodyOf<typeof contract.moveForecast>,
  today: LocalDate,
): Promise<{ state: ForecastState }> {
  const forecast = await holdForecast(tx, forecastId, today);
  const party = partyOf(actor, forecast.landlordId);
  if (!party) throw notFound();
  const { state } = forecast;
  if (!nextMoves({ state, ofTerritory: forecast.territory !== null, party, ...bodiesOf(forecast) }).includes(body.to))
    throw refused('E-BASE-12', { state, to: body.to });
  if (body.decidedOn > today) throw invalid('E-BASE-15', {}, [{ path: 'decidedOn', code: 'E-FIELD-FUTURE' }]);
  if (body.to === 'returned' && !body.comment)
    throw invalid('E-BASE-13', {}, [{ path: 'comment', code: 'E-FIELD-REQUIRED' }]);
  const decidedElsewhere = ['territory-agreed', 'agreed', 'returned'].includes(body.to);
  if (party === 'landlord' && decidedElsewhere && !body.body)
    throw invalid('E-BASE-14', {}, [{ path: 'body', code: 'E-FIELD-REQUIRED' }]);
  if (body.to === 'submitted' || body.to === 'published') requireCap(forecast);
  if (body.to === 'submitted') requirePromises(forecast);
  await tx
    .insertInto('flow.forecast_moves')
    .values({
      organisation_id: forecast.landlordId,
      id: newId(),
      forecast_id: forecastId,
      revision: forecast.revision,
      from_state: state,
      to_state: body.to,
      body: party === 'landlord' ? (decidedElsewhere ? body.body : null) : actor.organisationName,
      decided_on: body.decidedOn,
      comment: body.comment,
      by_user: actor.userId,
      by_name: `${actor.givenName} ${actor.familyName}`,
      by_organisation_id: actor.organisationId,
    })
    .execute();
  if (party === 'landlord' && (body.to === 'submitted' || body.to === 'published')) {
    await tx
      .updateTable('flow.exclusion_forecasts')
      .set({
        version: forecast.version + 1,
        ...(body.to === 'submitted'
          ? { shared_at: sql<string>`coalesce(shared_at, now())` }
          : { published_at: sql<string>`now()` }),
      })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', forecastId)
      .execute();
  }
  // In the actor's own file: a territory does not write in the landlord's. The move itself stands in the forecast.
  await recordEvent(tx, {
    kind: 'flow.forecast-moved',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'exclusion-forecast', id: forecastId }],
    reason: body.comment,
    after: { year: String(forecast.year), department: forecast.department, forecastState: body.to },
    journal: { forecast: forecastId, revision: forecast.revision, from: state, ...body },
  });
  return { state: body.to };
}

/** @throws Problem E-BASE-07 more is taken out than the cap allows */
function requireCap(forecast: HeldForecast): void {
  const beyond = beyondCap(forecast);
  if (beyond > 0) throw refused('E-BASE-07', { beyond, percent: forecast.capPercent });
}

/** @throws Problem E-BASE-19 a charter or an agreement that is signed and runs promises more than is forecast */
function requirePromises(forecast: HeldForecast): void {
  const broken = brokenPromise(forecast.lines);
  if (broken) throw refused('E-BASE-19', broken);
}
