import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { addDays, type LocalDate, of, yearOf } from '../../../kernel/local-date.ts';
import { notFound } from '../../../kernel/problem.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Api } from '../../../platform/http/api.ts';
import { classDwelling } from './actions/choices.ts';
import { attachFile, documentFile, receiveDocument } from './actions/document-files.ts';
import { planVolumes, recordDocument, reviewDocument, shareDocument } from './actions/documents.ts';
import {
  bodiesOf,
  computeForecast,
  createForecast,
  moveForecast,
  partyOf,
  reviseForecast,
} from './actions/forecasts.ts';
import { askRehousing } from './actions/rehousing.ts';
import { applyRule, previewRule, undoRule } from './actions/rules.ts';
import { countTransfers, setTransferGrid } from './actions/transfers.ts';
import * as contract from './contract.ts';
import { baseDwellingList, transferList } from './lists.ts';
import {
  type AskedRow,
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
  type RehousingRow,
  referenceDocuments,
  rehousingAsked,
  rehousingBalance,
  stockByClass,
  transferGrids,
  yearSoFar,
} from './queries.ts';
import { exclusionCategories } from './rules/categories.ts';
import { classOnDay } from './rules/dwelling-class.ts';
import { beyondCap } from './rules/exclusion-forecast.ts';
import { mayRevise, nextMoves } from './rules/forecast-road.ts';
import { contributionOf } from './rules/rehousing-balance.ts';
import { defaultTransferGrid } from './rules/transfer-score.ts';

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
  api.act(contract.shareBaseDocument, async ({ tx, actor, params, body }) => {
    await shareDocument(tx, actor, params.id, body);
    return {};
  });
  api.act(contract.reviewBaseDocument, async ({ tx, actor, params, body, today }) => {
    await reviewDocument(tx, actor, params.id, body, today);
    return {};
  });
  api.upload(contract.sendDocumentFile, async ({ params, query, request, session }) => {
    const length = Number(request.headers['content-length'] ?? 0);
    const file = await receiveDocument(query.name, (request.body ?? Readable.from([])) as Readable, length);
    return api.inSession(contract.sendDocumentFile, session, (tx, actor) =>
      attachFile(tx, actor, params.id, file, query.note),
    );
  });
  api.stream(contract.getDocumentFile, async ({ params, session, reply }) => {
    const file = await api.inSession(contract.getDocumentFile, session, (tx) => documentFile(tx, params.id));
    return reply
      .type(file.mediaType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(file.content);
  });

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

  // Rehousing asked of each landlord ---------------------------------------------------------------------------------

  api.read(
    contract.getRehousing,
    ({ query, today }) => {
      const year = query.year ?? yearOf(today);
      return [rehousingBalance(year, today), rehousingAsked(year)];
    },
    ([rows, asked], { actor, query, today }) => {
      const year = query.year ?? yearOf(today);
      return { year, today, ...rehousingOf(rows, asked, year), asked, can: { ask: asksRehousing(actor) } };
    },
  );
  api.act(contract.askRehousing, ({ tx, actor, body, today }) => askRehousing(tx, actor, body, today));

  // Internal transfers asked for -------------------------------------------------------------------------------------

  api.list(contract.listTransfers, transferList, (row) => row as never);
  api.read(
    contract.getTransferGrid,
    ({ organisationId }) => [transferGrids(organisationId)],
    ([grids], { actor, today }) => {
      const current = grids.find(({ startsOn }) => startsOn <= today);
      return {
        points: current?.points ?? defaultTransferGrid,
        since: current?.startsOn ?? null,
        grids,
        today,
        can: { manage: manages(actor) },
      };
    },
  );
  api.act(contract.setTransferGrid, ({ tx, actor, body, today }) => setTransferGrid(tx, actor, body, today));
  api.act(contract.countTransfers, async ({ tx, actor, today }) => ({
    counted: await countTransfers(tx, actor.organisationId, today),
  }));

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

const asksRehousing = (actor: Actor) => actor.may('flow.arbitrate-forecasts') && actor.organisationKind === 'state';

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

/** Each landlord beside those of its département, and the départements beside each other (F-12). */
function rehousingOf(rows: readonly RehousingRow[], asked: readonly AskedRow[], year: number) {
  const counted = rows.map(({ forecast, done, ...row }) => {
    const wanted = (state: string) => {
      const found = asked.filter(
        (one) =>
          one.current && one.state === state && one.landlordId === row.landlordId && one.department === row.department,
      );
      return found.length === 0 ? null : sumOf(found.map(({ target }) => target));
    };
    return {
      ...row,
      asked: wanted('decided'),
      proposed: wanted('proposed'),
      forecast: forecast.length === 0 ? null : sumOf(forecast.map(({ volume }) => volume)),
      done: [year - 2, year - 1, year].map((one) => ({
        year: one,
        lettings: sumOf(done.filter((letting) => letting.year === one).map(({ lettings }) => lettings)),
      })),
      total: Math.max(sumOf(done.map(({ lettings }) => lettings)), 0),
    };
  });
  type Part = { stock: number; total: number };
  const beside = (one: Part, all: readonly Part[]) => {
    const { result, steps } = contributionOf({
      stock: one.stock,
      done: one.total,
      totalStock: sumOf(all.map(({ stock }) => stock)),
      totalDone: sumOf(all.map(({ total }) => total)),
    });
    return { ...result, steps: steps as never };
  };
  const codes = [...new Set(counted.map(({ department }) => department))];
  const departments = codes.map((department) => {
    const here = counted.filter((row) => row.department === department);
    return { department, stock: sumOf(here.map(({ stock }) => stock)), total: sumOf(here.map(({ total }) => total)) };
  });
  return {
    rows: counted.map((row) => ({
      ...row,
      contribution: beside(
        row,
        counted.filter(({ department }) => department === row.department),
      ),
    })),
    departments: departments.map((one) => ({ ...one, contribution: beside(one, departments) })),
  };
}

function presentForecast(record: ForecastRecord, actor: Actor, today: LocalDate) {
  const { actual, moves, version, steps, lines, consolidation, provisional, ...row } = record;
  const bodies = bodiesOf({ consolidation, provisional });
  const vacancies = new Map(actual.map((one) => [one.baseClass, one.vacancies]));
  const party = partyOf(actor, record.landlordId);
  const next =
    party && actor.may('flow.arbitrate-forecasts')
      ? nextMoves({ state: record.state, ofTerritory: record.territory !== null, party, ...bodies })
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
    consolidation: bodies.consolidation,
    can: { revise: party === 'landlord' && manages(actor) && mayRevise(record.state), move: next.length > 0 },
  };
}
