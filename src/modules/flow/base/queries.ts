import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { startOfYear, yearOf } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { FlowFacts } from '../queries.ts';
import type * as contract from './contract.ts';
import type { BaseClass } from './rules/categories.ts';
import type { BaseChoice, BaseRule, DwellingFacts } from './rules/dwelling-class.ts';
import type { ForecastFacts } from './rules/forecast-figures.ts';
import type { ForecastState } from './rules/forecast-road.ts';

// biome-ignore lint/suspicious/noExplicitAny: a part of a statement, of any rows
type Sql = RawBuilder<any>;

/** The class of a dwelling that neither a rule nor a choice classes (aliases `d` of the dwelling, `k` of its class). */
export const classOfDwelling = sql<BaseClass>`coalesce(k.base_class,
  case when d.management = 'stock' then 'retained-stock' else 'in-base' end)`;

/** Vacancies counted less those taken back, of events `e`. */
const netFreed = sql`(count(*) filter (where e.kind = 'freed') - count(*) filter (where e.kind = 'unfreed'))::int`;

/**
 * What rules and choices make of each dwelling on a day, the stock as a whole: the same as `classOnDay`, set-based. Rows have
 * no class where nothing classes the dwelling.
 * @param preview a rule that is not written yet, as a row of the table
 */
export function effectiveClasses(organisationId: string, on: LocalDate, preview: string | null = null): Sql {
  const rules = sql`select id, position, base_class, starts_on, ends_on, building_ids, municipality_codes, fundings,
      managements, programmes, entered_from, entered_until, in_priority_area
    from flow.base_rules where organisation_id = ${organisationId} and undone_at is null`;
  const previewed = preview
    ? sql` union all select id, position, base_class, starts_on, ends_on, building_ids, municipality_codes, fundings, managements,
        programmes, entered_from, entered_until, in_priority_area
      from jsonb_populate_record(null::flow.base_rules, ${preview}::jsonb)`
    : sql``;
  return sql`
    select d.id as dwelling_id, d.management, coalesce(c.base_class, r.base_class) as base_class,
      case when c.base_class is null then r.id end as rule_id, case when c.base_class is not null then c.id end as choice_id
    from portfolio.dwelling_cards d
    left join (select distinct on (dwelling_id) dwelling_id, id, base_class from flow.base_choices
        where organisation_id = ${organisationId} and starts_on <= ${on}::date and (ends_on is null or ends_on >= ${on}::date)
        order by dwelling_id, decided_at desc, id desc) c on c.dwelling_id = d.id
    left join flow.first_releases f on f.organisation_id = d.organisation_id and f.dwelling_id = d.id and f.on_day <= ${on}::date
    left join lateral (select r.id, r.base_class from (${rules}${previewed}) r
        where r.starts_on <= ${on}::date and (r.ends_on is null or r.ends_on >= ${on}::date)
          and (r.base_class <> 'first-letting' or f.dwelling_id is null)
          and (r.building_ids is null or d.building_id = any(r.building_ids))
          and (r.municipality_codes is null or d.municipality_code = any(r.municipality_codes))
          and (r.fundings is null or d.funding = any(r.fundings))
          and (r.managements is null or d.management = any(r.managements))
          and (r.programmes is null or d.programme = any(r.programmes))
          and (r.entered_from is null or d.entered_on >= r.entered_from)
          and (r.entered_until is null or d.entered_on <= r.entered_until)
          and (r.in_priority_area is null or (d.priority_area is not null) = r.in_priority_area)
        order by r.position, r.id limit 1) r on true
    where d.organisation_id = ${organisationId} and d.left_on is null`;
}

export type StockClass = { department: string; baseClass: string; dwellings: number };

/** The stock counted by département and class. */
export const stockByClass = (organisationId: string): CompiledQuery<StockClass> =>
  sql<StockClass>`select coalesce(d.department, '') as department, ${classOfDwelling} as "baseClass", count(*)::int as dwellings
    from portfolio.dwelling_cards d
    left join flow.dwelling_classes k on k.organisation_id = d.organisation_id and k.dwelling_id = d.id
    where d.organisation_id = ${organisationId} and d.left_on is null
    group by 1, 2 order by 1, 2`.compile(statements);

/** Where the last move of a forecast `f` led. */
export const stateOfForecast = sql<ForecastState>`coalesce((select m.to_state from flow.forecast_moves m
  where m.organisation_id = f.organisation_id and m.forecast_id = f.id order by m.at desc, m.id desc limit 1), 'draft')`;

export type YearFacts = {
  vacancies: { department: string; baseClass: string; vacancies: number }[];
  forecasts: {
    department: string;
    state: ForecastState;
    expected: number;
    base: number;
    lines: { category: string; volume: number }[];
  }[];
};

/** Vacancies of the year by département and class, and what the forecasts of the year say. */
export const yearSoFar = (organisationId: string, today: LocalDate): CompiledQuery<YearFacts> =>
  sql<YearFacts>`select
      (select coalesce(json_agg(v), '[]') from (select e.department, e.base_class as "baseClass", ${netFreed} as vacancies
        from flow.events e where e.organisation_id = ${organisationId} and e.kind in ('freed', 'unfreed')
          and e.on_day between ${startOfYear(today)}::date and ${today}::date
        group by 1, 2) v) as vacancies,
      (select coalesce(json_agg(x), '[]') from (select f.department, ${stateOfForecast} as state, r.expected, r.base, r.lines
        from flow.exclusion_forecasts f
        join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
        where f.organisation_id = ${organisationId} and f.year = ${yearOf(today)} and f.territory is null) x) as forecasts`.compile(
    statements,
  );

export type ClassFacts = {
  id: string;
  reference: string;
  address: string;
  municipality: string;
  facts: DwellingFacts;
  /** What its vacancies are counted by. */
  flowFacts: FlowFacts;
  firstReleasedOn: LocalDate | null;
  rules: BaseRule[];
  choices: BaseChoice[];
};

/** A dwelling with all that classes it: facts, rules, choices. Nothing when it is of another organisation. */
export const classFacts = (organisationId: string, dwellingId: string): Sql => sql<ClassFacts>`
  select d.id, d.reference, d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address,
    d.municipality_fr as municipality,
    json_build_object('buildingId', d.building_id, 'municipalityCode', d.municipality_code, 'funding', d.funding,
      'management', d.management, 'programme', d.programme, 'inPriorityArea', d.priority_area is not null,
      'enteredOn', d.entered_on) as facts,
    json_build_object('department', coalesce(d.department, ''), 'municipalityCode', d.municipality_code,
      'territory', d.territory, 'rooms', d.rooms, 'funding', d.funding, 'inPriorityArea', d.priority_area is not null,
      'constructionYear', d.construction_year) as "flowFacts",
    (select f.on_day from flow.first_releases f where f.organisation_id = d.organisation_id and f.dwelling_id = d.id)
      as "firstReleasedOn",
    (select coalesce(json_agg(json_build_object('id', r.id, 'position', r.position, 'name', r.name, 'baseClass', r.base_class,
        'document', ${documentTitle('r')}, 'reason', r.reason, 'startsOn', r.starts_on, 'endsOn', r.ends_on,
        'buildingIds', r.building_ids, 'municipalityCodes', r.municipality_codes, 'fundings', r.fundings,
        'managements', r.managements, 'programmes', r.programmes, 'enteredFrom', r.entered_from,
        'enteredUntil', r.entered_until, 'inPriorityArea', r.in_priority_area)), '[]')
      from flow.base_rules r where r.organisation_id = d.organisation_id and r.undone_at is null) as rules,
    (select coalesce(json_agg(json_build_object('id', c.id, 'baseClass', c.base_class, 'document', ${documentTitle('c')},
        'reason', c.reason, 'startsOn', c.starts_on, 'endsOn', c.ends_on) order by c.decided_at, c.id), '[]')
      from flow.base_choices c where c.organisation_id = d.organisation_id and c.dwelling_id = d.id) as choices
  from portfolio.dwelling_cards d
  where d.organisation_id = ${organisationId} and d.id = ${dwellingId}`;

/** « Convention ANRU 93-2021-04 » of what a rule or a choice rests on. */
function documentTitle(alias: string) {
  return sql`(select x.title || ' (' || x.number || ')' from flow.reference_documents x
    where x.organisation_id = ${sql.ref(`${alias}.organisation_id`)} and x.id = ${sql.ref(`${alias}.document_id`)})`;
}

export type ClassHistory = {
  changes: ReplyOf<typeof contract.getDwellingClass>['changes'];
  links: ReplyOf<typeof contract.getDwellingClass>['links'];
};

/** Everything a dwelling was, the last first, and the mutations it had a part in. */
export const classHistory = (organisationId: string, dwellingId: string): CompiledQuery<ClassHistory> =>
  sql<ClassHistory>`select
      (select coalesce(json_agg(json_build_object('on', h.on_day, 'before', h.before, 'after', h.after, 'cause', h.cause,
          'why', coalesce(c.reason, r.name), 'at', h.at) order by h.at desc), '[]')
        from flow.class_changes h
        left join flow.base_rules r on r.organisation_id = h.organisation_id and r.id = h.rule_id
        left join flow.base_choices c on c.organisation_id = h.organisation_id and c.id = h.choice_id
        where h.organisation_id = ${organisationId} and h.dwelling_id = ${dwellingId}) as changes,
      (select coalesce(json_agg(json_build_object('usedVacancyId', l.used_vacancy_id, 'freedVacancyId', l.freed_vacancy_id,
          'on', l.linked_on, 'part', 'freed') order by l.linked_on desc), '[]')
        from flow.linked_vacancies l
        where l.organisation_id = ${organisationId} and l.left_dwelling_id = ${dwellingId}) as links`.compile(
    statements,
  );

export type RuleRow = Omit<ReplyOf<typeof contract.listBaseRules>['items'][number], never>;

/** The rules in their order, those undone last, each with the dwellings it holds today. */
export const baseRules = (organisationId: string): CompiledQuery<RuleRow> =>
  sql<RuleRow>`select r.id, r.position, r.name, r.base_class as "baseClass", r.service, r.reason,
      ${documentTitle('r')} as document, r.starts_on as "startsOn", r.ends_on as "endsOn",
      json_build_object(
        'buildings', (select coalesce(json_agg(distinct d.building_name), '[]') from portfolio.dwelling_cards d
          where d.organisation_id = r.organisation_id and d.building_id = any(r.building_ids)),
        'municipalities', (select coalesce(json_agg(m.name_fr order by m.name_fr), '[]') from organisations.municipalities m
          where m.code = any(r.municipality_codes)),
        'fundings', coalesce(to_json(r.fundings), '[]'), 'managements', coalesce(to_json(r.managements), '[]'),
        'programmes', coalesce(to_json(r.programmes), '[]'), 'enteredFrom', r.entered_from, 'enteredUntil', r.entered_until,
        'inPriorityArea', r.in_priority_area) as conditions,
      (select count(*)::int from flow.dwelling_classes k where k.organisation_id = r.organisation_id and k.rule_id = r.id)
        as dwellings,
      r.changed, coalesce(u.given_name || ' ' || u.family_name, r.created_by) as "createdBy", r.created_at as "createdAt",
      r.undone_at as "undoneAt", r.undone_reason as "undoneReason"
    from flow.base_rules r
    left join organisations.users u on u.id = r.created_by
    where r.organisation_id = ${organisationId}
    order by r.undone_at is not null, r.position, r.id
    limit 500`.compile(statements);

export type BuildingRow = ReplyOf<typeof contract.listBaseBuildings>['items'][number];

export const buildingsOfStock = (organisationId: string): CompiledQuery<BuildingRow> =>
  sql<BuildingRow>`select d.building_id as id, coalesce(max(d.building_name), min(d.street || ' ' || d.house_number)) as name,
      max(d.municipality_fr) as municipality, max(d.department) as department, count(*)::int as dwellings
    from portfolio.dwelling_cards d
    where d.organisation_id = ${organisationId} and d.left_on is null
    group by d.building_id order by 3, 2
    limit 10000`.compile(statements);

export type DocumentRow = ReplyOf<typeof contract.listBaseDocuments>['items'][number];

/** What documents plan now: the last volume recorded for a year, a département and a category. */
const plannedVolumes = sql`(select distinct on (organisation_id, document_id, year, department, category)
    organisation_id, document_id, year, department, category, volume
  from flow.document_volumes order by organisation_id, document_id, year, department, category, recorded_at desc, id desc)`;

/** The day from which a document `d` is to be reviewed: what its last review says. */
const reviewDay = sql`(select r.next_on from flow.document_reviews r
  where r.organisation_id = d.organisation_id and r.document_id = d.id order by r.recorded_at desc, r.id desc limit 1)`;

/** Documents the reader may see: its own, and those shared with it. */
export const referenceDocuments = (organisationId: string, today: LocalDate): CompiledQuery<DocumentRow> =>
  sql<DocumentRow>`select d.id, d.organisation_id as "landlordId", l.name as landlord, d.shared_with as "sharedWith", ${reviewDay} as "reviewOn",
      (select coalesce(json_agg(json_build_object('reviewedOn', r.reviewed_on, 'nextOn', r.next_on, 'note', r.note)
          order by r.recorded_at desc), '[]')
        from flow.document_reviews r
        where r.organisation_id = d.organisation_id and r.document_id = d.id and r.reviewed_on is not null) as reviews,
      (select coalesce(json_agg(json_build_object('id', v.id, 'number', v.number, 'name', f.name, 'size', f.size, 'note', v.note,
          'addedBy', v.added_by_name, 'addedAt', v.added_at) order by v.number desc), '[]')
        from flow.document_versions v
        join platform.files f on f.organisation_id = v.organisation_id and f.id = v.file_id
        where v.organisation_id = d.organisation_id and v.document_id = d.id) as versions,
      d.kind, d.number, d.title, d.signatories, d.signed_on as "signedOn", d.starts_on as "startsOn",
      d.ends_on as "endsOn", d.note,
      d.starts_on <= ${today}::date and (d.ends_on is null or d.ends_on >= ${today}::date) as running,
      (select coalesce(json_agg(json_build_object('year', v.year, 'department', v.department, 'category', v.category,
          'volume', v.volume) order by v.year, v.department, v.category), '[]')
        from ${plannedVolumes} v where v.organisation_id = d.organisation_id and v.document_id = d.id) as volumes
    from flow.reference_documents d
    join organisations.organisations l on l.id = d.organisation_id
    where d.organisation_id = ${organisationId} or d.shared_with <> 'nobody'
    order by d.organisation_id <> ${organisationId}, l.name, d.starts_on desc, d.number
    limit 500`.compile(statements);

/** Whether an event `e`, or a dwelling `d`, is of the place a forecast is for. */
const inPlace = (alias: string, place: { department: string; territory: string | null }) =>
  sql`${sql.ref(`${alias}.department`)} = ${place.department} and (${place.territory}::text is null or ${sql.ref(`${alias}.territory`)} = ${place.territory})`;

/**
 * What a forecast is computed from: the stock by class, the complete years before it, what documents in force plan, what the
 * State asks. Sales count for the year the organisation chose (F-10).
 */
export const forecastFacts = (
  organisationId: string,
  place: { year: number; department: string; territory: string | null; salesYear: number },
  today: LocalDate,
) => sql<ForecastFacts>`
  with stock as (select ${classOfDwelling} as base_class from portfolio.dwelling_cards d
      left join flow.dwelling_classes k on k.organisation_id = d.organisation_id and k.dwelling_id = d.id
      where d.organisation_id = ${organisationId} and d.left_on is null and ${inPlace('d', place)}),
    past as (select extract(year from e.on_day)::int as year, e.base_class, ${netFreed} as vacancies
      from flow.events e where e.organisation_id = ${organisationId} and e.kind in ('freed', 'unfreed') and ${inPlace('e', place)}
        and e.on_day >= make_date(${place.year} - 6, 1, 1)
        and e.on_day < make_date(least(${place.year}::int, ${yearOf(today)}::int), 1, 1)
      group by 1, 2)
  select (select count(*)::int from stock) as stock,
    (select count(*)::int from stock where base_class = 'retained-stock') as retained,
    (select count(*)::int from stock where base_class = 'first-letting') as "firstLettings",
    (select coalesce(json_agg(json_build_object('year', y.year, 'vacancies', y.vacancies) order by y.year), '[]')
      from (select year, json_agg(json_build_object('baseClass', base_class, 'vacancies', vacancies)) as vacancies
        from past group by year) y) as years,
    (select coalesce(json_agg(json_build_object('category', v.category, 'year', v.year, 'volume', v.volume,
        'document', d.title || ' (' || d.number || ')', 'kind', d.kind, 'reviewOn', ${reviewDay}) order by d.starts_on, d.number), '[]')
      from ${plannedVolumes} v
      join flow.reference_documents d on d.organisation_id = v.organisation_id and d.id = v.document_id
      where v.organisation_id = ${organisationId} and v.department = ${place.department}
        and v.year = case when v.category = 'sale' then ${place.salesYear}::int else ${place.year}::int end
        and d.starts_on <= make_date(${place.year}::int, 12, 31) and (d.ends_on is null or d.ends_on >= make_date(${place.year}::int, 1, 1)))
      as planned,
    (select coalesce(json_agg(json_build_object('category', a.category, 'target', a.target)), '[]')
      from flow.rehousing_asked a
      where a.landlord_id = ${organisationId} and a.year = ${place.year} and a.department = ${place.department}
        and a.state = 'decided' and ${place.territory}::text is null) as asked`;

export type ForecastRow = {
  id: string;
  landlordId: string;
  landlord: string;
  year: number;
  department: string;
  territory: string | null;
  state: ForecastState;
  revision: number;
  expected: number;
  excluded: number;
  base: number;
  publishedAt: string | null;
};

const forecastColumns = sql`f.id, f.organisation_id as "landlordId", l.name as landlord, f.year, f.department, f.territory,
  ${stateOfForecast} as state, f.revision, r.expected, r.excluded, r.base, f.published_at as "publishedAt"`;

/** Forecasts the reader may see: its own, and those shared with it. */
export const forecasts = (organisationId: string, year: number | null): CompiledQuery<ForecastRow> =>
  sql<ForecastRow>`select ${forecastColumns}
    from flow.exclusion_forecasts f
    join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
    join organisations.organisations l on l.id = f.organisation_id
    where (f.organisation_id = ${organisationId} or f.shared_at is not null)
      and (${year}::int is null or f.year = ${year}::int)
    order by f.year desc, l.name, f.department, f.territory nulls first
    limit 1000`.compile(statements);

export type PlaceRow = { department: string; dwellings: number };

/** Départements where the landlord has stock. */
export const placesOfStock = (organisationId: string): CompiledQuery<PlaceRow> =>
  sql<PlaceRow>`select d.department, count(*)::int as dwellings from portfolio.dwelling_cards d
    where d.organisation_id = ${organisationId} and d.left_on is null and d.department is not null
    group by 1 order by 1`.compile(statements);

export type ForecastRecord = ForecastRow &
  RoadBodies & {
    version: number;
    stock: number;
    retained: number;
    firstLettings: number;
    expectedOrigin: string;
    expectedReason: string | null;
    rotation: string | null;
    capPercent: string | null;
    steps: unknown;
    lines: unknown;
    actual: { baseClass: string; vacancies: number }[];
    moves: ReplyOf<typeof contract.getForecast>['moves'];
  };

/** Who ends the road of a forecast of a landlord, and who answers for a territory without a CIL, as it is set today. */
export const roadBodies = (
  today: LocalDate,
) => sql`insights.flow_setting(f.organisation_id, 'flow.consolidation-body', ${today}::date) as consolidation,
      insights.flow_setting(f.organisation_id, 'flow.provisional-body', ${today}::date) as provisional`;

/** As they were chosen; null: the default. */
export type RoadBodies = { consolidation: string | null; provisional: string | null };

/** A forecast with its last revision, its road, and the vacancies of its year to date. */
export const forecastRecord = (forecastId: string, today: LocalDate): CompiledQuery<ForecastRecord> =>
  sql<ForecastRecord>`select ${forecastColumns}, f.version, r.stock, r.retained, r.first_lettings as "firstLettings",
      r.expected_origin as "expectedOrigin", r.expected_reason as "expectedReason", r.rotation::text as rotation,
      r.cap_percent::text as "capPercent", r.steps, r.lines, ${roadBodies(today)},
      (select coalesce(json_agg(v), '[]') from (select e.base_class as "baseClass", ${netFreed} as vacancies
        from flow.events e where e.organisation_id = f.organisation_id and e.kind in ('freed', 'unfreed')
          and e.on_day between make_date(f.year, 1, 1) and least(make_date(f.year, 12, 31), ${today}::date)
          and e.department = f.department and (f.territory is null or e.territory = f.territory)
        group by 1) v) as actual,
      (select coalesce(json_agg(json_build_object('from', m.from_state, 'to', m.to_state, 'body', m.body,
          'decidedOn', m.decided_on, 'comment', m.comment, 'by', m.by_name, 'revision', m.revision, 'at', m.at)
          order by m.at, m.id), '[]')
        from flow.forecast_moves m where m.organisation_id = f.organisation_id and m.forecast_id = f.id) as moves
    from flow.exclusion_forecasts f
    join flow.forecast_revisions r on r.organisation_id = f.organisation_id and r.forecast_id = f.id and r.revision = f.revision
    join organisations.organisations l on l.id = f.organisation_id
    where f.id = ${forecastId}`.compile(statements);

export type RehousingRow = {
  landlordId: string;
  landlord: string;
  department: string;
  stock: number;
  forecast: { category: string; volume: number }[];
  done: { year: number; category: string; lettings: number }[];
  mutations: number;
};

/** Stock, forecast and rehousing of every landlord one watches over, by département. For anyone else: nothing. */
export const rehousingBalance = (year: number, today: LocalDate): CompiledQuery<RehousingRow> =>
  sql<RehousingRow>`select landlord_id as "landlordId", landlord, department, stock, forecast, done, mutations
    from insights.rehousing_balance(${year}::int, ${today}::date) order by department, landlord, landlord_id`.compile(
    statements,
  );

export type AskedRow = ReplyOf<typeof contract.getRehousing>['asked'][number];

/** What the State asked for a year, the last first: as its author, or as the landlord it is asked of. */
export const rehousingAsked = (year: number): CompiledQuery<AskedRow> =>
  sql<AskedRow>`select t.id, t.landlord_id as "landlordId", l.name as landlord, t.department, t.category, t.state, t.target,
      t.decided_on as "decidedOn", t.reason, t.by_name as by, s.name as authority, t.at,
      row_number() over (partition by t.landlord_id, t.department, t.category order by t.at desc, t.id desc) = 1 as current
    from flow.rehousing_targets t
    join organisations.organisations l on l.id = t.landlord_id
    join organisations.organisations s on s.id = t.organisation_id
    where t.year = ${year} order by t.at desc, t.id desc limit 1000`.compile(statements);

export type TransferRow = {
  applicationId: string;
  tenancyId: string;
  dwellingId: string;
  registeredOn: string;
  bedrooms: number;
  bedroomsNeeded: number;
  disabled: boolean;
  accessible: boolean | null;
  baseClass: string;
  priorityGroup: string | null;
  labelled: boolean;
  quartile: number | null;
  /** Points of the grid in force; null: none was chosen. */
  grid: unknown;
};

/** The grid of internal transfers in force on a day. */
const gridOn = (organisationId: string, today: LocalDate): Sql => sql`(select g.points from flow.transfer_grids g
  where g.organisation_id = ${organisationId} and g.starts_on <= ${today}::date order by g.starts_on desc limit 1)`;

/** Tenants who ask to move, each with what gives points, and the grid of the day. */
export const transferFactsOn = (organisationId: string, today: LocalDate): Sql => sql<TransferRow>`
  select distinct on (t.application_id) t.application_id as "applicationId", t.tenancy_id as "tenancyId",
    t.dwelling_id as "dwellingId", t.registered_on as "registeredOn", t.bedrooms, t.bedrooms_needed as "bedroomsNeeded",
    t.disabled, t.accessible, coalesce(k.base_class, 'in-base') as "baseClass", t.priority_group as "priorityGroup",
    exists (select from flow.priority_labels l where l.organisation_id = t.organisation_id and l.unique_number = t.unique_number
      and l.labelled_on <= ${today}::date and (l.ends_on is null or l.ends_on >= ${today}::date)) as labelled,
    t.quartile, ${gridOn(organisationId, today)} as grid
  from flow.tenant_applications t
  left join flow.dwelling_classes k on k.organisation_id = t.organisation_id and k.dwelling_id = t.dwelling_id
  where t.organisation_id = ${organisationId} and t.state = 'active' and t.lease_starts_on <= ${today}::date
    and (t.lease_ends_on is null or t.lease_ends_on >= ${today}::date)
  order by t.application_id, t.lease_starts_on desc`;

export type GridRow = ReplyOf<typeof contract.getTransferGrid>['grids'][number];

/** Every grid of a landlord, the last first. */
export const transferGrids = (organisationId: string): CompiledQuery<GridRow> =>
  sql<GridRow>`select g.id, g.starts_on as "startsOn", g.points, g.reason,
      coalesce(u.given_name || ' ' || u.family_name, g.recorded_by) as by, g.recorded_at as at
    from flow.transfer_grids g
    left join organisations.users u on u.id = g.recorded_by
    where g.organisation_id = ${organisationId} order by g.starts_on desc limit 100`.compile(statements);

export type HousedFacts = {
  persons: number;
  labelled: boolean | null;
  homeMunicipalityCode: string | null;
  paysIntoActionLogement: boolean | null;
  publicAgent: boolean | null;
};

/**
 * What is known of a household that was just housed: its home is the dwelling it leaves when it is a tenant of the landlord, else
 * its own city when only one bears the name. Not labelled is known only when labels of that day are on file.
 */
export const housedFacts = (
  organisationId: string,
  letting: { vacancyId: string; householdId: string; applicationId: string | null; signedOn: LocalDate },
): Sql => sql<HousedFacts>`
  select (h.adults + h.children)::int as persons, a.pays_into_action_logement as "paysIntoActionLogement",
    a.public_agent as "publicAgent",
    case when exists (select from flow.priority_labels l where l.organisation_id = h.organisation_id
        and l.unique_number = a.unique_number and l.labelled_on <= ${letting.signedOn}::date
        and (l.ends_on is null or l.ends_on >= ${letting.signedOn}::date)) then true
      when a.unique_number is not null and (select max(l.labelled_on) from flow.priority_labels l
        where l.organisation_id = h.organisation_id) >= ${letting.signedOn}::date then false end as labelled,
    coalesce((select t.municipality_code from flow.tenants_homes t
        where t.organisation_id = h.organisation_id and t.household_id = h.id and t.starts_on <= ${letting.signedOn}::date
          and (t.ended_on is null or t.ended_on >= ${letting.signedOn}::date)
          and t.dwelling_id <> (select v.dwelling_id from insights.vacancy_roads v
            where v.organisation_id = h.organisation_id and v.id = ${letting.vacancyId})
        order by t.starts_on desc limit 1),
      (select min(m.code) from organisations.municipalities m
        where m.country = 'FR' and platform.fold(m.name_fr) = platform.fold(h.city) having count(*) = 1)) as "homeMunicipalityCode"
  from applicants.household_cards h
  left join applicants.application_cards a on a.organisation_id = h.organisation_id and a.id = ${letting.applicationId}
  where h.organisation_id = ${organisationId} and h.id = ${letting.householdId}`;

export type OutsideRow = ReplyOf<typeof contract.outsideReport>['rows'][number];

/** Lettings `x` by contingent in one of their lists. */
const byContingent = (list: 'eligible_to' | 'unknown_for') =>
  sql`json_build_object(${sql.join(
    ['state-priority', 'state-staff', 'action-logement', 'municipality'].flatMap((contingent) => [
      sql`${contingent}::text`,
      sql`count(*) filter (where ${contingent} = any(${sql.ref(`x.${list}`)}))`,
    ]),
  )})`;

/** Lettings outside the base in a year, by landlord, département and category: those one may see. */
export const outsideLettings = (from: LocalDate, until: LocalDate): CompiledQuery<OutsideRow> =>
  sql<OutsideRow>`select o.name as landlord, x.department, x.base_class as category, count(*)::int as lettings,
      (count(*) filter (where 'state-priority' = any(x.eligible_to)))::int as priority,
      (count(*) filter (where x.quartile = 1))::int as "firstQuartile",
      (count(*) filter (where x.in_priority_area))::int as "inPriorityArea",
      coalesce(sum(x.persons), 0)::int as persons,
      ${byContingent('eligible_to')} as eligible, ${byContingent('unknown_for')} as unknown
    from flow.outside_lettings x
    join organisations.organisations o on o.id = x.organisation_id
    where x.signed_on between ${from}::date and ${until}::date
    group by o.name, x.department, x.base_class
    order by o.name, x.department, x.base_class`.compile(statements);

export type PublicsRow = {
  publics: { group: string; lettings: number }[];
  mutations: { used: number; freed: number };
};

/** Publics served by the same lettings, and the mutations with the dwellings they freed. */
export const publicsServed = (organisationId: string, from: LocalDate, until: LocalDate): CompiledQuery<PublicsRow> =>
  sql<PublicsRow>`select
      (select coalesce(json_agg(p), '[]') from (select coalesce(x.priority_group, 'none') as "group", count(*)::int as lettings
        from flow.outside_lettings x where x.signed_on between ${from}::date and ${until}::date
        group by 1 order by 2 desc, 1) p) as publics,
      (select json_build_object('used', count(*), 'freed', count(l.freed_vacancy_id)) from flow.linked_vacancies l
        where l.organisation_id = ${organisationId} and l.linked_on between ${from}::date and ${until}::date) as mutations`.compile(
    statements,
  );
