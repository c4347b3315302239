import { sql } from 'kysely';
import { addDays, type LocalDate, of, yearOf } from '../../../kernel/local-date.ts';
import { notFound } from '../../../kernel/problem.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Api } from '../../../platform/http/api.ts';
import { classDwelling } from './actions/choices.ts';
import { planVolumes, recordDocument } from './actions/documents.ts';
import { computeForecast, createForecast, moveForecast, partyOf, reviseForecast } from './actions/forecasts.ts';
import { applyRule, previewRule, undoRule } from './actions/rules.ts';
import * as contract from './contract.ts';
import { baseDwellingList } from './lists.ts';
import {
  baseRules,
  buildingsOfStock,
  type ClassFacts,
  classFacts,
  classHistory,
  type ForecastRecord,
  forecastRecord,
  forecasts,
  outsideLettings,
  placesOfStock,
  publicsServed,
  referenceDocuments,
  stockByClass,
  yearSoFar,
} from './queries.ts';
import { exclusionCategories } from './rules/categories.ts';
import { classOnDay } from './rules/dwelling-class.ts';
import { beyondCap } from './rules/exclusion-forecast.ts';
import { mayRevise, nextMoves } from './rules/forecast-road.ts';

const manages = (actor: Actor) => actor.may('flow.manage-base') && actor.organisationKind === 'landlord';

/** Vacancies of the scope of the flow: in the base, or subtracted from it by a category. */
const inFlow: readonly string[] = ['in-base', ...exclusionCategories];

export function baseRoutes(api: Api): void {
  // The stock --------------------------------------------------------------------------------------------------------

  api.list(contract.listBaseDwellings, baseDwellingList);

  api.read(
    contract.baseSummary,
    ({ organisationId, today }) => [stockByClass(organisationId), yearSoFar(organisationId, today)],
    ([stock, [facts]], { actor, today }) => {
      const { vacancies, forecasts: written } = facts!;
      const keyOf = (row: { department: string; baseClass: string }) => `${row.department} ${row.baseClass}`;
      const counted = new Map(vacancies.map((row) => [keyOf(row), row]));
      const dwellings = new Map(stock.map((row) => [keyOf(row), row]));
      const keys = [...new Set([...dwellings.keys(), ...counted.keys()])].sort();
      return {
        today,
        year: yearOf(today),
        total: stock.reduce((sum, row) => sum + row.dwellings, 0),
        classes: keys.map((key) => ({
          department: (dwellings.get(key) ?? counted.get(key))!.department,
          baseClass: (dwellings.get(key) ?? counted.get(key))!.baseClass,
          dwellings: dwellings.get(key)?.dwellings ?? 0,
          vacancies: counted.get(key)?.vacancies ?? 0,
        })),
        forecast: written.flatMap(({ department, state, lines }) =>
          lines.map(({ category, volume }) => ({ department, category, volume, state })),
        ),
        expected: written.map(({ department, expected, base }) => ({ department, expected, base })),
        can: { manage: manages(actor) },
      };
    },
  );

  api.read(
    contract.getDwellingClass,
    ({ organisationId, params }) => [
      sql<ClassFacts>`${classFacts(organisationId, params.id)}`.compile(statements),
      classHistory(organisationId, params.id),
    ],
    ([[dwelling], [history]], { actor, query, today }) => {
      if (!dwelling) throw notFound();
      const on = query.on ?? today;
      const { result, steps } = classOnDay({ ...dwelling, on });
      const { id, reference, address, municipality } = dwelling;
      return {
        id,
        reference,
        address,
        municipality,
        on,
        baseClass: result.baseClass,
        by: result.by,
        steps: steps as never,
        ...history!,
        can: { class: manages(actor) },
      };
    },
  );

  api.act(contract.classDwelling, ({ tx, actor, params, body, today }) =>
    classDwelling(tx, actor, params.id, body, today),
  );

  // Rules and documents ----------------------------------------------------------------------------------------------

  api.read(
    contract.listBaseRules,
    ({ organisationId }) => [baseRules(organisationId)],
    ([items], { actor, today }) => ({ items, today, can: { manage: manages(actor) } }),
  );
  api.act(contract.previewBaseRule, ({ tx, actor, body, today }) => previewRule(tx, actor, body, today));
  api.act(contract.applyBaseRule, ({ tx, actor, body, today }) => applyRule(tx, actor, body, today));
  api.act(contract.undoBaseRule, ({ tx, actor, params, body, today }) =>
    undoRule(tx, actor, params.id, body.reason, today),
  );
  api.read(
    contract.listBaseBuildings,
    ({ organisationId }) => [buildingsOfStock(organisationId)],
    ([items]) => ({ items }),
  );

  api.read(
    contract.listBaseDocuments,
    ({ organisationId, today }) => [referenceDocuments(organisationId, today)],
    ([items], { actor, today }) => ({ items, today, can: { manage: manages(actor) } }),
  );
  api.act(contract.recordBaseDocument, ({ tx, actor, body, today }) => recordDocument(tx, actor, body, today));
  api.act(contract.planDocumentVolumes, ({ tx, actor, params, body, today }) =>
    planVolumes(tx, actor, params.id, body, today),
  );

  // The forecast of the year -----------------------------------------------------------------------------------------

  api.read(
    contract.listForecasts,
    ({ organisationId, query }) => [forecasts(organisationId, query.year ?? null), placesOfStock(organisationId)],
    ([items, places], { actor, today }) => ({ items, today, places, can: { manage: manages(actor) } }),
  );

  api.read(
    contract.getForecast,
    ({ params, today }) => [forecastRecord(params.id, today)],
    ([[record]], { actor, today }) => {
      if (!record) throw notFound();
      return presentForecast(record, actor, today);
    },
  );

  api.act(contract.draftForecast, ({ tx, actor, body, today }) => computeForecast(tx, actor, body, body, today));
  api.act(contract.createForecast, ({ tx, actor, body, today }) => createForecast(tx, actor, body, today));
  api.act(contract.reviseForecast, ({ tx, actor, params, body, today }) =>
    reviseForecast(tx, actor, params.id, body, today),
  );
  api.act(contract.moveForecast, ({ tx, actor, params, body, today }) =>
    moveForecast(tx, actor, params.id, body, today),
  );

  // Lettings outside the base ----------------------------------------------------------------------------------------

  api.read(
    contract.outsideReport,
    ({ organisationId, query, today }) => {
      const [from, until] = yearAsked(query.year, today);
      return [outsideLettings(from, until), publicsServed(organisationId, from, until)];
    },
    ([rows, [served]], { query, today }) => ({
      year: query.year ?? yearOf(today),
      today,
      total: rows.reduce((sum, row) => sum + row.lettings, 0),
      rows,
      ...served!,
    }),
  );
}

const yearAsked = (year: number | undefined, today: LocalDate): [LocalDate, LocalDate] => {
  const first = of(year ?? yearOf(today), 1, 1);
  return [first, addDays(of(yearOf(first) + 1, 1, 1), -1)];
};

function presentForecast(record: ForecastRecord, actor: Actor, today: LocalDate) {
  const { actual, moves, version, steps, lines, ...row } = record;
  const vacancies = new Map(actual.map((one) => [one.baseClass, one.vacancies]));
  const party = partyOf(actor, record.landlordId);
  const next =
    party && actor.may('flow.arbitrate-forecasts')
      ? nextMoves({ state: record.state, ofTerritory: record.territory !== null, party })
      : [];
  const lastDay = addDays(of(record.year + 1, 1, 1), -1);
  return {
    ...row,
    version,
    figures: {
      ...row,
      inScope: record.stock - record.retained - record.firstLettings,
      beyondCap: beyondCap(record),
      expectedOrigin: record.expectedOrigin as 'typed',
      steps: steps as never,
      lines: lines as never,
    },
    actual: {
      until: lastDay < today ? lastDay : today,
      vacancies: inFlow.reduce((sum, one) => sum + (vacancies.get(one) ?? 0), 0),
      base: vacancies.get('in-base') ?? 0,
      categories: exclusionCategories.map((category) => ({ category, vacancies: vacancies.get(category) ?? 0 })),
    },
    moves,
    next,
    can: { revise: party === 'landlord' && manages(actor) && mayRevise(record.state), move: next.length > 0 },
  };
}
