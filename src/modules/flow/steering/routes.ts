import { sql } from 'kysely';
import { addDays, addMonths, type LocalDate, yearOf } from '../../../kernel/local-date.ts';
import { decimal, exact } from '../../../kernel/money.ts';
import { notFound } from '../../../kernel/problem.ts';
import { count, number, type Step } from '../../../kernel/steps.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Api } from '../../../platform/http/api.ts';
import { policy } from '../../../regulation/sources.ts';
import { valueOrDefault } from '../../organisations/index.ts';
import { agreementsWithFigures } from '../agreements/queries.ts';
import { countedTo, type GuaranteeRow, measured } from '../points/guarantees.ts';
import { decideAction, moveAction } from './actions/corrective-actions.ts';
import { callMeeting, cancelMeeting, changeMeeting, closeMeeting, planMeeting } from './actions/meetings.ts';
import { declareRelettings } from './actions/reletting-references.ts';
import * as contract from './contract.ts';
import { actionList, countedList, meetingList } from './lists.ts';
import {
  actionRecord,
  alertsOf,
  type CockpitRow,
  cockpitOf,
  consolidationOf,
  meetingRecord,
  type ObjectiveRow,
  objectivesOf,
  periodOf,
  type RelettingRow,
  relettingsOf,
  standingOf,
} from './queries.ts';
import { dueFor, gapOf } from './rules/gap.ts';
import { type ObjectiveName, objectiveOf } from './rules/objectives.ts';
import { projectToYearEnd } from './rules/projection.ts';
import { type RelettingBin, relettingTime } from './rules/reletting-time.ts';

export function steeringRoutes(api: Api): void {
  api.read(
    contract.getStanding,
    ({ params, today }) => [agreementsWithFigures({ agreementId: params.id }, today), standingOf(params.id, today)],
    ([[agreement], [more]], { today }) => {
      if (!agreement || !more) throw notFound();
      const { figures, share } = agreement;
      const projection = projectToYearEnd({ count: figures.proposed, on: today });
      const freedAtYearEnd = projectToYearEnd({ count: figures.freed, on: today }).result.expected;
      const tolerance = toleranceOf(more.tolerance);
      const standing = gapOf({ parts: figures.periods, proposed: figures.proposed, tolerance });
      return {
        agreement,
        steps: standing.steps.map((step) =>
          step.label === 'gap.part' ? { ...step, source: policy(`Convention ${agreement.reference}`) } : step,
        ) as never,
        trajectory: more.months,
        projection: {
          low: projection.result.low,
          high: projection.result.high,
          dueAtYearEnd: decimal(exact(freedAtYearEnd).sub(figures.freed).mul(share).add(exact(figures.due)), 1),
          steps: projection.steps as never,
        },
        tolerance,
        credited: more.credited,
        pending: more.pending,
        actions: more.actions,
        exchanges: more.exchanges,
        today,
      };
    },
  );

  // The landlord's cockpit ---------------------------------------------------------------------------------------------

  api.read(
    contract.getCockpit,
    ({ organisationId, query, today }) => [
      cockpitOf(organisationId, periodOf(query.year, today), query),
      alertsOf(organisationId, query.year ?? yearOf(today), today),
    ],
    ([[figures], [look]], { query, today }) => {
      const period = periodOf(query.year, today);
      const tolerance = toleranceOf(look!.tolerance);
      const rows = rowsOf(figures!);
      return {
        ...period,
        today,
        tolerance,
        places: figures!.places,
        rows: rows as never,
        own: ownOf(figures!),
        alerts: [
          ...offBand(figures!, tolerance, period.to),
          ...shortGuarantees(look!.guarantees, query.year ?? yearOf(today), today),
          ...look!.alerts.map((alert) => ({ ...alert, figures: null })),
        ] as never,
      };
    },
  );

  api.list(contract.listCounted, countedList);

  // Re-letting times ---------------------------------------------------------------------------------------------------

  api.read(
    contract.getRelettings,
    ({ organisationId, query, today }) => [relettingsOf(organisationId, query.department, today)],
    ([[row]], { query, today }) => ({ ...relettingFigures(row!, query.department !== undefined), today }),
  );

  api.act(contract.declareRelettings, ({ tx, actor, body, today }) => declareRelettings(tx, actor, body, today));

  // Corrective actions -------------------------------------------------------------------------------------------------

  api.list(contract.listActions, actionList);

  api.read(
    contract.getAction,
    ({ params }) => [actionRecord(params.id)],
    ([[action]], { actor }) => {
      if (!action) throw notFound();
      return {
        ...action,
        drift: action.drift as never,
        place: (action.drift?.place as string | undefined) ?? null,
        gap: (action.drift?.gap as string | undefined) ?? null,
        can: { change: isOwn(actor, action.organisationId) },
      };
    },
  );

  api.act(contract.decideAction, ({ tx, actor, body, today }) => decideAction(tx, actor, body, today));
  api.act(contract.moveAction, ({ tx, actor, params, body, today }) => moveAction(tx, actor, params.id, body, today));

  // Meetings -----------------------------------------------------------------------------------------------------------

  api.list(contract.listMeetings, meetingList);

  api.read(
    contract.getMeeting,
    ({ params }) => [meetingRecord(params.id)],
    ([[meeting]], { actor, today }) => {
      if (!meeting) throw notFound();
      const own = isOwn(actor, meeting.organisationId);
      const open = meeting.state === 'draft' || meeting.state === 'called';
      return {
        ...meeting,
        can: {
          change: own && open,
          call: own && meeting.state === 'draft',
          close: own && meeting.state === 'called' && meeting.heldOn <= today,
          cancel: own && open,
        },
      };
    },
  );

  api.act(contract.planMeeting, ({ tx, actor, body }) => planMeeting(tx, actor, body));
  api.act(contract.changeMeeting, ({ tx, actor, params, body }) => changeMeeting(tx, actor, params.id, body));
  api.act(contract.callMeeting, ({ tx, actor, params, body, today }) =>
    callMeeting(tx, actor, params.id, body.version, today),
  );
  api.act(contract.cancelMeeting, ({ tx, actor, params, body }) => cancelMeeting(tx, actor, params.id, body.version));
  api.act(contract.closeMeeting, ({ tx, actor, params, body, today }) =>
    closeMeeting(tx, actor, params.id, body, today),
  );

  api.stream(contract.getMinutes, async ({ params, session, reply }) => {
    const file = await api.inSession(contract.getMinutes, session, async (tx) => {
      const { rows } = await sql<{
        name: string;
        mediaType: string;
        content: Buffer;
      }>`select name, media_type as "mediaType", content from flow.meeting_minutes(${params.id})`.execute(tx);
      return rows[0];
    });
    if (!file) throw notFound();
    return reply
      .type(file.mediaType)
      .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .send(file.content);
  });

  // The figures of a territory -----------------------------------------------------------------------------------------

  api.read(
    contract.getConsolidation,
    ({ query, today }) => [consolidationOf(periodOf(query.year, today)), objectivesOf(periodOf(query.year, today))],
    ([lines, leases], { query, today }) => ({
      ...periodOf(query.year, today),
      today,
      lines: lines.map((line) => ({ ...line, tolerance: toleranceOf(line.tolerance) })),
      objectives: objectivesFrom(leases),
    }),
  );
}

const isOwn = (actor: Actor, organisationId: string): boolean =>
  organisationId === actor.organisationId && actor.may('flow.manage-steering');

const toleranceOf = (chosen: unknown): number =>
  valueOrDefault('flow.tolerance-dwellings', 'fr-idf', chosen ?? undefined);

/** One line a holder and contingent: its agreements stand side by side, each in its own places. */
function rowsOf({ agreements, cells }: CockpitRow) {
  const lines = new Map<string, { head: CockpitRow['agreements'][number]; agreements: CockpitRow['agreements'] }>();
  for (const agreement of agreements) {
    const key = `${agreement.holderId} ${agreement.contingent}`;
    const line = lines.get(key) ?? { head: agreement, agreements: [] };
    line.agreements.push(agreement);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ head, agreements: own }) => ({
    holderId: head.holderId,
    holder: head.holder,
    contingent: head.contingent,
    scale: head.scale,
    agreements: own,
    cells: cells
      .filter((cell) => own.some(({ id }) => id === cell.agreementId))
      .map((cell) => ({
        ...cell,
        freed: cell.parts.reduce((sum, { freed }) => sum + freed, 0),
        due: dueFor(cell.parts),
      })),
  }));
}

/** What is left to the landlord in each municipality: its base less what is due to others. */
function ownOf({ places, cells }: CockpitRow) {
  return places.map(({ code, freed, kept }) => {
    const promised = cells
      .filter((cell) => cell.municipality === code)
      .reduce((sum, cell) => sum.add(exact(dueFor(cell.parts))), exact(0));
    return { municipality: code, freed, due: decimal(exact(freed).sub(promised), 2), proposed: kept };
  });
}

/** Agreements whose proposals left the band around what is due, the furthest first. */
function offBand({ agreements, cells }: CockpitRow, tolerance: number, on: string) {
  return agreements
    .map((agreement) => {
      const own = cells.filter(({ agreementId }) => agreementId === agreement.id);
      const proposed = own.reduce((sum, cell) => sum + cell.proposed, 0);
      const leased = own.reduce((sum, cell) => sum + cell.leased, 0);
      const { result } = gapOf({ parts: own.flatMap(({ parts }) => parts), proposed, tolerance });
      return { agreement, result, figures: { due: result.due, proposed, leased, gap: result.gap } };
    })
    .filter(({ result }) => result.isOff)
    .toSorted((a, b) => Math.abs(Number(b.result.gap)) - Math.abs(Number(a.result.gap)))
    .map(({ agreement, figures }) => ({
      kind: 'off-band',
      on,
      holder: agreement.holder,
      contingent: agreement.contingent,
      agreementId: agreement.id,
      vacancyId: null,
      what: agreement.perimeterName,
      figures,
    }));
}

/** Agreements whose leases will not reach the beneficiaries they guarantee, at the pace of the year. */
const shortGuarantees = (rows: readonly GuaranteeRow[], year: number, today: LocalDate) =>
  rows
    .map((row) => measured(row, year, today))
    .filter((guarantee) => guarantee?.isShort)
    .map((guarantee) => ({
      kind: 'guarantee-short',
      on: countedTo(year, today),
      holder: guarantee!.holder,
      contingent: guarantee!.contingent,
      agreementId: guarantee!.agreementId,
      vacancyId: null,
      what: guarantee!.perimeterName,
      figures: null,
    }));

const explained = (bins: RelettingBin[]) => {
  const { result, steps } = relettingTime({ bins });
  return { ...result, steps: steps as never };
};

/** Times by quarter and by year, and on each side of the first day of the flow. Declared years stand where nothing was counted. */
function relettingFigures({ convertedOn, departments, bins, declared }: RelettingRow, ofDepartment: boolean) {
  const quarterDays = [...new Set(bins.map(({ quarter }) => quarter))].toSorted() as LocalDate[];
  const first = quarterDays[0];
  const last = quarterDays.at(-1);
  const quarters: LocalDate[] = [];
  for (let day = first; day !== undefined && last !== undefined && day <= last; day = addMonths(day, 3))
    quarters.push(day);
  const counted = new Set(bins.map(({ quarter }) => yearOf(quarter as LocalDate)));
  // What was declared is of the whole stock: it says nothing of one département.
  const before = ofDepartment ? [] : declared.filter(({ year }) => !counted.has(year));
  const isAfter = ({ quarter }: { quarter: string }) =>
    convertedOn === null || addDays(addMonths(quarter as LocalDate, 3), -1) >= convertedOn;
  return {
    convertedOn,
    departments,
    quarters: quarters.map((from) => ({ from, ...explained(bins.filter(({ quarter }) => quarter === from)) })),
    years: [
      ...before.map(({ year, relettings, mean, median, source }) => ({
        year,
        relettings,
        mean,
        median,
        declared: source,
        steps: [{ label: 'relettings.declared', result: number(mean), source: policy(source) }] as never,
      })),
      ...[...counted].toSorted().map((year) => ({
        year,
        declared: null,
        ...explained(bins.filter(({ quarter }) => yearOf(quarter as LocalDate) === year)),
      })),
    ].toSorted((a, b) => a.year - b.year),
    before: beforeFlow(
      bins.filter((bin) => !isAfter(bin)),
      before.filter(({ year }) => convertedOn === null || year < yearOf(convertedOn as LocalDate)),
    ),
    after: explained(bins.filter(isAfter)),
  };
}

/**
 * Before the flow: counted where it was counted; declared years join by their number of re-lettings for the mean. Medians
 * of years cannot be put together: with several declared years the median is that of the last.
 */
function beforeFlow(bins: RelettingBin[], declared: RelettingRow['declared']) {
  if (declared.length === 0) return explained(bins);
  const counted = relettingTime({ bins }).result;
  const relettings = declared.reduce((sum, year) => sum + year.relettings, counted.relettings);
  const days = declared.reduce(
    (sum, year) => sum.add(exact(year.mean).mul(year.relettings)),
    bins.reduce((sum, bin) => sum.add(bin.days * bin.dwellings), exact(0)),
  );
  const mean = decimal(days.div(relettings), 1);
  const { median } = counted.median === null ? declared.at(-1)! : counted;
  const steps: Step[] = [
    ...declared.map(
      (year): Step => ({
        label: 'relettings.declared-year',
        inputs: { year: { unit: 'text', value: String(year.year) }, relettings: count(year.relettings) },
        result: number(year.mean),
        source: policy(year.source),
      }),
    ),
    { label: 'relettings.weighted-mean', inputs: { relettings: count(relettings) }, result: number(mean) },
    { label: 'relettings.last-median', result: number(median!) },
  ];
  return { relettings, mean, median, steps: steps as never };
}

/**
 * The objectives of the law (L-60 to L-62) from counted leases: by territory outside and inside priority areas, by contingent.
 * Their steps are those of `objectiveOf`, which the screen shows when asked: a region has thousands of them.
 */
const objectivesFrom = (rows: readonly ObjectiveRow[]) =>
  rows
    .filter(({ contingent }) => !contingent?.startsWith('state-'))
    .map((row) => {
      const { leases, quartileKnown, firstQuartile, landlord, department } = row;
      const objective: ObjectiveName =
        row.contingent !== null ? 'priority' : row.inPriorityArea ? 'social-mix' : 'first-quartile';
      const counts: Record<ObjectiveName, [known: number, met: number]> = {
        'first-quartile': [quartileKnown + row.rehousedUnknown, firstQuartile + row.rehoused],
        'social-mix': [quartileKnown, quartileKnown - firstQuartile],
        priority: [leases, row.priority],
      };
      const [known, met] = counts[objective];
      const { result } = objectiveOf({ objective, leases, known, met });
      return { objective, landlord, department, scope: row.contingent ?? row.territory, leases, known, met, ...result };
    });
