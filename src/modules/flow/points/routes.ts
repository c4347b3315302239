import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { yearOf } from '../../../kernel/local-date.ts';
import { decimal, exact } from '../../../kernel/money.ts';
import { notFound } from '../../../kernel/problem.ts';
import type { Api } from '../../../platform/http/api.ts';
import { translate } from '../../../platform/messages.ts';
import type { Services } from '../../../platform/module.ts';
import { valueOrDefault } from '../../organisations/index.ts';
import { closeYear } from './actions/close-year.ts';
import { decideRule, proposeRule } from './actions/counting-rules.ts';
import { guarantee } from './actions/guarantees.ts';
import * as contract from './contract.ts';
import { guaranteesOf, measured } from './guarantees.ts';
import {
  type AccountRow,
  accounts,
  countedAgreements,
  countingRules,
  eventOf,
  factsOf,
  ownAgreement,
  type RuleRow,
  watchedAccounts,
} from './queries.ts';
import { accountOf } from './rules/account.ts';
import { carriedGap } from './rules/carried-gap.ts';
import { checkPhases, phaseOn, timelineOf } from './rules/phases.ts';
import { isUnproposed } from './rules/points.ts';
import { bindsBeyond, type Choice, scenariosOf } from './rules/scenarios.ts';
import { sendJournal } from './send-journal.ts';

const nameOf = (
  row: Pick<AccountRow, 'id' | 'reference' | 'landlord' | 'holder' | 'contingent' | 'perimeterName'>,
) => ({
  agreementId: row.id,
  reference: row.reference,
  landlord: row.landlord,
  holder: row.holder,
  contingent: row.contingent as never,
  perimeterName: row.perimeterName,
});

export function pointsRoutes(api: Api, { database }: Services): void {
  api.read(
    contract.getPoints,
    ({ params, query, today }) => [accounts({ agreementId: params.id }, query.year ?? yearOf(today))],
    ([[row]], { query, today }) => {
      if (!row) throw notFound();
      const year = query.year ?? yearOf(today);
      const account = accountOf(factsOf(row, year));
      const { points } = account;
      const last = `${year}-12-31`;
      return {
        ...nameOf(row),
        year,
        closedOn: account.closedOn,
        closedYears: row.closed.map((entry) => entry.year),
        due: decimal(exact(account.due), 2),
        proposals: points.proposals,
        attributions: points.attributions,
        unproposed: unproposedIn(row),
        proposed: points.proposed,
        attributed: points.attributed,
        counted: points.counted,
        pending: points.pending,
        total: account.total,
        attainment: account.attainment,
        adjustments: account.adjustments.map((adjustment) => ({ year: adjustment.year, points: adjustment.points })),
        carriedGap: carriedGap({
          year,
          policy: valueOrDefault('flow.carry-gap', 'fr-idf', row.carryGap),
          closed: row.closed,
        }) as never,
        phase: phaseOn(account.phases, today < last ? today : last) ?? null,
        why: { ...points.why, total: account.totalSteps } as never,
      };
    },
  );

  api.read(
    contract.getGuarantee,
    ({ organisationId, params, query, today }) => [
      guaranteesOf(sql<boolean>`a.id = ${params.id}`, query.year ?? yearOf(today), today),
      ownAgreement(organisationId, params.id),
    ],
    ([[row], [agreement]], { actor, query, today }) => {
      if (!agreement) throw notFound();
      const year = query.year ?? yearOf(today);
      return {
        year,
        guarantee: measured(row, year, today) as never,
        can: { set: agreement.landlordId === actor.organisationId && actor.may('flow.manage-agreements') },
      };
    },
  );
  api.act(contract.setGuarantee, ({ tx, actor, params, body, today }) => guarantee(tx, actor, params.id, body, today));

  api.read(
    contract.getWatchedPoints,
    ({ query, today }) => watchedAccounts(query.landlord, query.year ?? yearOf(today), today),
    ([landlords, rows], { query, today }) => {
      const year = query.year ?? yearOf(today);
      return {
        year,
        landlords,
        landlordId: query.landlord ?? landlords[0]?.id ?? null,
        rows: rows.map((row) => watchedRow(row, year)),
      };
    },
  );

  api.read(
    contract.getCounting,
    ({ organisationId, today }) => [countedAgreements(organisationId, today), countingRules(organisationId)],
    ([agreements, rules], { actor, today }) => {
      const closings = new Map(
        agreements.flatMap((row) =>
          row.closings.map((closing) => [`${row.landlordId} ${closing.year}`, { landlord: row.landlord, ...closing }]),
        ),
      );
      const own = agreements.filter(({ landlordId }) => landlordId === actor.organisationId);
      const last = Math.max(0, ...own.flatMap((row) => row.closings.map(({ year }) => year)));
      const [first] = own.flatMap(({ firstEvent }) => (firstEvent ? [firstEvent] : [])).toSorted();
      const next = last > 0 ? last + 1 : first ? Number(first.slice(0, 4)) : yearOf(today);
      return {
        today,
        agreements: agreements.map((row) => ({
          ...nameOf(row),
          landlordId: row.landlordId,
          phases: timelineOf(row.startsOn, row.adopted),
          isDefault: row.adopted.length === 0,
        })),
        rules: rules.map((rule) => ({
          ...rule,
          warnings: checkPhases(rule.phases),
          waiting: waitingFor(rule, agreements),
          canDecide:
            rule.mine === null &&
            actor.may('flow.agree-counting') &&
            agreements.some((row) => concerns(rule, row) || row.landlordId === actor.organisationId),
        })),
        closings: [...closings.values()],
        closable: own.length > 0 && next < yearOf(today) && actor.may('flow.manage-agreements') ? next : null,
      };
    },
  );

  api.act(contract.proposeCountingRule, ({ tx, actor, body }) => proposeRule(tx, actor, body));
  api.act(contract.decideCountingRule, ({ tx, actor, params, body }) => decideRule(tx, actor, params.id, body));
  api.act(contract.closeYear, ({ tx, actor, body, today }) => closeYear(tx, actor, body, today));

  api.read(
    contract.simulatePoints,
    ({ organisationId, query, today }) => [accounts({ partyId: organisationId }, query.year ?? yearOf(today) - 1)],
    ([rows], { query, today }) => simulation(rows, query.year ?? yearOf(today) - 1, query),
  );

  api.stream(contract.downloadSimulation, async ({ actor, session, query, today, reply }) => {
    const year = query.year ?? yearOf(today) - 1;
    const { rows } = await api.inSession(contract.downloadSimulation, session, (tx) =>
      tx.executeQuery(accounts({ partyId: actor.organisationId }, year)),
    );
    const t = translate(actor.language);
    const mark = actor.language === 'en' ? '.' : ',';
    const lines = simulation(rows, year, query).rows.flatMap((row) =>
      row.scenarios.map((scenario) => [
        row.reference,
        row.landlord,
        row.holder,
        row.perimeterName,
        t(`values.scenario.${scenario.name}`),
        String(row.proposals),
        String(row.attributions),
        row.due.replace('.', mark),
        scenario.total.replace('.', mark),
        scenario.pending.replace('.', mark),
        (scenario.attainment ?? '').replace('.', mark),
      ]),
    );
    const heading = [
      'reference',
      'landlord',
      'holder',
      'perimeter',
      'scenario',
      'proposals',
      'attributions',
      'due',
      'total',
      'pending',
      'attainment',
    ].map((name) => t(`points.csv.${name}`));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="points-${year}.csv"`)
      .send(Readable.from(['\ufeff', ...[heading, ...lines].map(csvLine)], { objectMode: false }));
  });

  api.stream(contract.downloadJournal, ({ actor, session, query, today, reply }) =>
    sendJournal(database, { actor, session, year: query.year ?? yearOf(today), today }, reply),
  );
}

/** Dwellings let for an agreement to which they were never proposed. */
const unproposedIn = (row: AccountRow): number =>
  [...Map.groupBy(row.events.map(eventOf), ({ vacancy }) => vacancy).values()].filter(isUnproposed).length;

/** Counters and points of an agreement, as its parties see them; of a closed year those it was closed with. */
function watchedRow(row: AccountRow, year: number) {
  const account = accountOf(factsOf(row, year));
  const { freed, proposed, attributed, leased } = row.closed.find((entry) => entry.year === year)?.counters ?? row;
  return {
    ...nameOf(row),
    closedOn: account.closedOn,
    freed,
    due: decimal(exact(account.due), 2),
    proposed,
    attributed,
    leased,
    total: account.total,
    pending: account.points.pending,
    attainment: account.attainment,
    steps: [
      ...account.points.why.attributed,
      ...account.points.why.proposed,
      ...account.points.why.counted,
      ...account.totalSteps,
    ] as never,
  };
}

const concerns = (rule: RuleRow, row: { id: string; landlordId: string }): boolean =>
  rule.agreementId === null ? rule.landlordId === row.landlordId : rule.agreementId === row.id;

/** Parties to a rule that have not said anything yet. */
function waitingFor(
  rule: RuleRow,
  agreements: readonly { id: string; landlordId: string; landlord: string; holder: string }[],
) {
  const parties = agreements.filter((row) => concerns(rule, row)).flatMap((row) => [row.landlord, row.holder]);
  const said = new Set(rule.decisions.map(({ party }) => party));
  return [...new Set(parties)].filter((party) => !said.has(party)).sort();
}

function simulation(rows: readonly AccountRow[], year: number, choice: Choice) {
  return {
    year,
    bindsBeyond: bindsBeyond(choice),
    rows: rows.map((row) => {
      const events = row.events.map(eventOf);
      const inForce =
        row.closed.find((closed) => closed.year === year)?.phases ?? timelineOf(row.startsOn, row.adopted);
      const scenarios = scenariosOf({ year, due: row.due, events, inForce }, choice);
      const chosen = scenarios.at(-1)!.points.result;
      return {
        ...nameOf(row),
        due: decimal(exact(row.due), 2),
        proposals: chosen.proposals,
        attributions: chosen.attributions,
        scenarios: scenarios.map(({ name, points: { result, steps } }) => ({
          name,
          total: result.total,
          pending: result.pending,
          attainment: result.attainment,
          steps: steps as never,
        })),
      };
    }),
  };
}

/** A line of a CSV file; text that a spreadsheet would compute gets an apostrophe in front. */
const csvLine = (cells: readonly string[]): string =>
  `${cells
    .map((cell) => (/^[=+@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(';')}\r\n`;
