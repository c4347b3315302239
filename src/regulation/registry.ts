import type { Dated } from '../kernel/dated.ts';
import { addDays, day, type LocalDate } from '../kernel/local-date.ts';
import { decimal, exact } from '../kernel/money.ts';
import { amount, count, date, days, number, type Quantity, rate, type Source, text, yesNo } from '../kernel/steps.ts';
import { admissionIncome, moderateIncomeLimit } from './ceilings/admission-income-brussels.ts';
import { ceilingRatios, type IncomeCeilings, plusCeilings } from './ceilings/plus-idf.ts';
import { healthIndex, healthIndexSources } from './indices/health-index.ts';
import {
  allocationObjectives,
  caleol,
  nominationDelay,
  registerOrder,
  subsidyVacancyThreshold,
} from './scales/allocation.ts';
import {
  flowReportDeadline,
  flowReportTerritories,
  flowReportTolerances,
  priorityAreaGeography,
} from './scales/flow-reports.ts';
import { landlordNotice, tenantNotice } from './scales/notice.ts';
import { nextWorkingDay, publicHolidays } from './scales/public-holidays.ts';
import {
  agreementPerimeter,
  derogationYears,
  guaranteeCap,
  stateCap,
  stateFloorOutsideQpv,
  stateStaffCap,
  uniformStateShare,
} from './scales/reservation-caps.ts';
import { brusselsMunicipalities, brusselsMunicipalitiesSource } from './zones/brussels-municipalities.ts';
import { isInParisRing, parisRing, parisRingSource } from './zones/paris-ring.ts';

/** Values of the law from a day on, or as long as nothing else is recorded. */
export type RegulationRow = {
  /** Null: no day of effect is recorded. */
  from: LocalDate | null;
  /** Last day of effect; null: it goes on. */
  until: LocalDate | null;
  /** Part of the series: `regulation.scope.<scope>`. */
  scope: string | null;
  /** By name, `regulation.value.<name>`; null: not known here. None when the text gives no figure. */
  values: Record<string, Quantity | null>;
  sources: readonly Source[];
};

export type RegulationSeries = {
  /** Its title is the message `regulation.series.<name>`. */
  name: string;
  jurisdiction: 'be-bru' | 'fr-idf';
  /** What of this folder it shows; each datum the folder exports is in one series at least. */
  of: readonly unknown[];
  /** Where the program applies it, `module.file`: `regulation.use.<name>`. A test compares with the imports. */
  usedBy: readonly string[];
  /** The day someone last compared it with its sources. */
  checkedOn: LocalDate | null;
  /** From old to new. */
  rows: readonly RegulationRow[];
};

/** The rows in force on a day: the last to begin of each scope, unless it has ended. */
export const rowsInForce = ({ rows }: Pick<RegulationSeries, 'rows'>, on: LocalDate): RegulationRow[] => {
  const begun = rows.filter(({ from }) => from === null || from <= on);
  return begun.filter(
    (row, index) =>
      begun.findLastIndex(({ scope }) => scope === row.scope) === index && (row.until === null || row.until >= on),
  );
};

/** Whether every source of a row is an official text that was read. */
export const isVerified = ({ sources }: Pick<RegulationRow, 'sources'>): boolean =>
  sources.every(({ confidence }) => confidence === 'verified');

/** One row of no recorded day. */
const row = (
  values: RegulationRow['values'],
  sources: Source | readonly Source[],
  scope: string | null = null,
): RegulationRow => ({ from: null, until: null, scope, values, sources: [sources].flat() });

/** The rows of a dated table: each ends on the eve of the next. */
function rowsOf<Value>(table: Dated<Value>, show: (value: Value) => Pick<RegulationRow, 'scope' | 'values'>[]) {
  return table.values.flatMap(({ from, until, value, source }, index): RegulationRow[] => {
    const next = table.values[index + 1];
    return show(value).map((shown) => ({
      ...shown,
      from,
      until: until ?? (next ? addDays(next.from, -1) : null),
      sources: [source],
    }));
  });
}

const ceilings = ({ categories, perExtraPerson }: IncomeCeilings): RegulationRow['values'] => ({
  ...Object.fromEntries(categories.map((value, index) => [`persons-${index + 1}`, amount(value)])),
  'per-extra-person': amount(perExtraPerson),
});

const monthNames = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];

const healthIndexRows = Object.entries(healthIndex).map(
  ([year, months]): RegulationRow => ({
    from: day(`${year}-01-01`),
    until: day(`${year}-12-31`),
    scope: null,
    values: Object.fromEntries(
      months.map((points, index) => [
        `month-${monthNames[index]}`,
        points === null ? null : number(decimal(exact(points).div(100), 2)),
      ]),
    ),
    sources: year === '2022' ? Object.values(healthIndexSources) : [healthIndexSources.table],
  }),
);

const holidays = (country: 'BE' | 'FR'): RegulationRow => {
  const { fixed, afterEaster, source } = publicHolidays[country];
  const values = {
    'fixed-holidays': text(fixed.map((monthAndDay) => monthAndDay.split('-').reverse().join('/')).join(', ')),
    'after-easter': text(afterEaster.map((after) => `+ ${after}`).join(', ')),
  };
  return row(values, source);
};

const months = (value: number): Quantity => ({ unit: 'months', value });

const notice = (given: { months: number; startsNextMonth: boolean }): RegulationRow['values'] => ({
  'notice-months': months(given.months),
  'starts-next-month': yesNo(given.startsNextMonth),
});

/**
 * Every datum of law the program holds, as it is read by people: what, since when, from which text, how sure, used for
 * what. Values are those of the files beside; none is written here.
 */
export const regulation: readonly RegulationSeries[] = [
  {
    name: 'admission-income',
    jurisdiction: 'be-bru',
    of: [admissionIncome],
    usedBy: ['applicants.income-class'],
    checkedOn: admissionIncome.checkedOn,
    rows: rowsOf(admissionIncome, (value) => [
      {
        scope: null,
        values: {
          single: amount(value.single),
          'one-income': amount(value.oneIncome),
          'several-incomes': amount(value.severalIncomes),
          'per-child': amount(value.perChild),
          'per-disabled-adult': amount(value.perDisabledAdult),
        },
      },
    ]),
  },
  {
    name: 'moderate-incomes',
    jurisdiction: 'be-bru',
    of: [moderateIncomeLimit],
    usedBy: ['applicants.income-class', 'applicants.moderate-quota'],
    checkedOn: null,
    rows: [
      row(
        {
          'of-admission-income': rate(moderateIncomeLimit.ratio),
          'of-the-stock': text(`${moderateIncomeLimit.quota.numerator}/${moderateIncomeLimit.quota.denominator}`),
        },
        moderateIncomeLimit.source,
      ),
    ],
  },
  {
    name: 'register-order',
    jurisdiction: 'be-bru',
    of: [registerOrder],
    usedBy: ['allocation.committee', 'applicants.suitability'],
    checkedOn: null,
    rows: [
      row({}, registerOrder.source, 'order-of-registration'),
      row({}, registerOrder.derogation, 'reasoned-derogation'),
    ],
  },
  {
    name: 'tenant-notice',
    jurisdiction: 'be-bru',
    of: [tenantNotice],
    usedBy: ['tenancies.notice-period'],
    checkedOn: null,
    rows: [
      row(notice(tenantNotice['be-bru']), [tenantNotice['be-bru'].monthsSource, tenantNotice['be-bru'].startSource]),
    ],
  },
  {
    name: 'landlord-notice',
    jurisdiction: 'be-bru',
    of: [landlordNotice],
    usedBy: ['tenancies.notice-period'],
    checkedOn: null,
    rows: [row(notice(landlordNotice['be-bru']), landlordNotice['be-bru'].source)],
  },
  {
    name: 'health-index',
    jurisdiction: 'be-bru',
    of: [healthIndex, healthIndexSources],
    usedBy: [],
    checkedOn: null,
    rows: healthIndexRows,
  },
  {
    name: 'subsidy-vacancy-threshold',
    jurisdiction: 'be-bru',
    of: [subsidyVacancyThreshold],
    usedBy: ['app.sector-page', 'organisations.settings'],
    checkedOn: null,
    rows: [row({ 'of-the-subsidy': rate(String(subsidyVacancyThreshold.value)) }, subsidyVacancyThreshold.source)],
  },
  {
    name: 'municipalities',
    jurisdiction: 'be-bru',
    of: [brusselsMunicipalities],
    usedBy: ['organisations.municipalities'],
    checkedOn: null,
    rows: [
      row(
        {
          list: text(brusselsMunicipalities.map(({ fr, nl }) => (fr === nl ? fr : `${fr} / ${nl}`)).join(', ')),
        },
        brusselsMunicipalitiesSource,
      ),
    ],
  },
  {
    name: 'public-holidays',
    jurisdiction: 'be-bru',
    of: [publicHolidays, nextWorkingDay],
    usedBy: ['allocation.deadlines'],
    checkedOn: null,
    rows: [holidays('BE')],
  },
  {
    name: 'income-ceilings',
    jurisdiction: 'fr-idf',
    of: [plusCeilings],
    usedBy: ['applicants.income-class'],
    checkedOn: plusCeilings.checkedOn,
    rows: rowsOf(plusCeilings, ({ parisAndRing, restOfRegion }) => [
      { scope: 'paris-and-ring', values: ceilings(parisAndRing) },
      { scope: 'rest-of-region', values: ceilings(restOfRegion) },
    ]),
  },
  {
    name: 'ceiling-ratios',
    jurisdiction: 'fr-idf',
    of: [ceilingRatios],
    usedBy: ['applicants.income-class'],
    checkedOn: null,
    rows: Object.entries(ceilingRatios).map(([funding, { ratio, source }]) =>
      row({ 'of-plus-ceiling': rate(ratio) }, source, funding),
    ),
  },
  {
    name: 'paris-ring',
    jurisdiction: 'fr-idf',
    of: [parisRing, isInParisRing],
    usedBy: ['organisations.municipalities'],
    checkedOn: null,
    rows: [row({ list: text([...parisRing.values()].join(', ')) }, parisRingSource)],
  },
  {
    name: 'allocation-objectives',
    jurisdiction: 'fr-idf',
    of: [allocationObjectives],
    usedBy: ['flow.objectives'],
    checkedOn: null,
    rows: [
      row(
        { least: rate(allocationObjectives['first-quartile'].target) },
        allocationObjectives['first-quartile'].source,
        'first-quartile',
      ),
      row(
        { least: rate(allocationObjectives['social-mix'].target) },
        allocationObjectives['social-mix'].source,
        'social-mix',
      ),
      row(
        { least: rate(allocationObjectives.priority.target) },
        allocationObjectives.priority.source,
        'priority-households',
      ),
    ],
  },
  {
    name: 'reservation-caps',
    jurisdiction: 'fr-idf',
    of: [
      stateCap,
      stateStaffCap,
      stateFloorOutsideQpv,
      guaranteeCap,
      derogationYears,
      uniformStateShare,
      agreementPerimeter,
    ],
    usedBy: ['flow.caps', 'flow.programmes', 'flow.scenario'],
    checkedOn: stateCap.checkedOn,
    rows: [
      ...rowsOf(stateCap, (value) => [{ scope: 'state-share', values: { most: rate(value) } }]),
      ...rowsOf(stateStaffCap, (value) => [{ scope: 'state-staff-share', values: { most: rate(value) } }]),
      ...rowsOf(stateFloorOutsideQpv, (value) => [
        { scope: 'state-share-outside-qpv', values: { least: rate(value) } },
      ]),
      ...rowsOf(guaranteeCap, (value) => [{ scope: 'guarantee-share', values: { most: rate(value) } }]),
      row({ years: { unit: 'years', value: derogationYears.value } }, derogationYears.source, 'state-derogation'),
      row({}, uniformStateShare.source, 'uniform-state-share'),
      row({}, [agreementPerimeter.department, agreementPerimeter.territory], 'agreement-perimeter'),
    ],
  },
  {
    name: 'nomination-delay',
    jurisdiction: 'fr-idf',
    of: [nominationDelay],
    usedBy: ['allocation.deadlines'],
    checkedOn: null,
    rows: [row({ 'delay-months': months(nominationDelay.months) }, nominationDelay.source)],
  },
  {
    name: 'committee',
    jurisdiction: 'fr-idf',
    of: [caleol],
    usedBy: ['allocation.committee', 'allocation.deadlines', 'allocation.nominate'],
    checkedOn: null,
    rows: [
      row({ least: count(caleol.minimumDemands.value) }, caleol.minimumDemands.source, 'demands-per-dwelling'),
      row({ least: days(caleol.minimumResponseDays.value) }, caleol.minimumResponseDays.source, 'days-to-answer'),
      row({}, caleol.decisions.source, 'decisions'),
      row({}, caleol.countingOfDays.source, 'counting-of-days'),
    ],
  },
  {
    name: 'flow-reports',
    jurisdiction: 'fr-idf',
    of: [flowReportDeadline, flowReportTolerances, flowReportTerritories],
    usedBy: ['flow.report-deadline'],
    checkedOn: flowReportDeadline.checkedOn,
    rows: [
      ...rowsOf(flowReportDeadline, ({ month, day: ofMonth }) => [
        { scope: 'sent-before', values: { 'day-and-month': text(`${ofMonth}/${monthNames[month - 1]}`) } },
      ]),
      row({}, flowReportTerritories.source, 'also-to-territories'),
      ...flowReportTolerances.map(
        ({ lastDay, source }): RegulationRow => ({
          from: day(`${lastDay.slice(0, 4)}-01-01`),
          until: day(`${lastDay.slice(0, 4)}-12-31`),
          scope: 'tolerance',
          values: { 'last-day': date(lastDay) },
          sources: [source],
        }),
      ),
    ],
  },
  {
    name: 'priority-area-geography',
    jurisdiction: 'fr-idf',
    of: [priorityAreaGeography],
    usedBy: ['flow.produce'],
    checkedOn: priorityAreaGeography.checkedOn,
    rows: rowsOf(priorityAreaGeography, (year) => [{ scope: null, values: { geography: text(year) } }]),
  },
  {
    name: 'tenant-notice',
    jurisdiction: 'fr-idf',
    of: [tenantNotice],
    usedBy: ['tenancies.notice-period'],
    checkedOn: null,
    rows: [
      row(notice(tenantNotice['fr-idf']), [tenantNotice['fr-idf'].monthsSource, tenantNotice['fr-idf'].startSource]),
    ],
  },
  {
    name: 'landlord-notice',
    jurisdiction: 'fr-idf',
    of: [landlordNotice],
    usedBy: ['tenancies.notice-period'],
    checkedOn: null,
    rows: [row(notice(landlordNotice['fr-idf']), landlordNotice['fr-idf'].source)],
  },
  {
    name: 'public-holidays',
    jurisdiction: 'fr-idf',
    of: [publicHolidays, nextWorkingDay],
    usedBy: ['allocation.deadlines'],
    checkedOn: null,
    rows: [holidays('FR')],
  },
];
